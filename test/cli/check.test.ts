import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CLOSED, HALF_CLOSED, OPEN, site } from './support/configs.js';
import { CLI, folderWith, ROOT, run, write } from './support/run.js';

describe('check: exit codes', () => {
  for (const [name, config, args, code] of [
    ['a blocked segment is clean', CLOSED, [], 0],
    ['a reachable target is an error', OPEN, [], 1],
    ['a warning is below the default level', HALF_CLOSED, [], 0],
    ['a warning fails where it is asked to', HALF_CLOSED, ['--fail-on', 'warning'], 1],
    ['an error fails on warnings too', OPEN, ['--fail-on', 'warning'], 1],
    ['nothing fails on never', OPEN, ['--fail-on', 'never'], 0],
  ] as const) {
    it(`${name}: ${code}`, (context) => {
      const folder = folderWith(context, { 'core1.cfg': config, 'advisory-lens.json': site() });
      const { code: actual, out, err } = run(folder, ['check', ...args]);
      assert.equal(actual, code, out + err);
      assert.equal(err, '');
      assert.match(out, /1 configuration judged.*1 segment:/);
    });
  }

  it('wrong usage is 2, in one line on the standard error', (context) => {
    const { code, out, err } = run(folderWith(context, {}), ['check', '--fial-on', 'error']);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /^advisory-lens: check has no option --fial-on\. .*\n$/);
  });

  it('a wrong site file is 2, names the place, and nothing is judged', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN, 'advisory-lens.json': '{\n  "segmets": []\n}\n' });
    const { code, out, err } = run(folder, ['check']);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /advisory-lens\.json:2:3: .*segmets/);
    assert.match(err, /Nothing was judged\./);
  });

  it('an advisory file that is missing is 2', (context) => {
    const folder = folderWith(context, {
      'core1.cfg': CLOSED,
      'advisory-lens.json': site({ advisories: ['builtin:ICSMA-25-030-01', 'advisories/*.json'] }),
    });
    const { code, err } = run(folder, ['check']);
    assert.equal(code, 2);
    assert.match(err, /^advisory-lens: advisory-lens\.json:1:\d+: No file matches "advisories\/\*\.json"/);
  });

  it('a segment that no file has is not clean', (context) => {
    const folder = folderWith(context, {
      'core1.cfg': CLOSED,
      'advisory-lens.json': JSON.stringify({ segments: [{ name: 'ward', vlans: [999] }] }),
    });
    const { code, err } = run(folder, ['check']);
    assert.equal(code, 2);
    assert.match(err, /No configuration has a segment of advisory-lens\.json/);
  });

  it('without a site file and without a device VLAN nothing is clean either', (context) => {
    const config = CLOSED.replace(' description patient monitors\n', '').replaceAll('MONITORS', 'USERS');
    const { code, err } = run(folderWith(context, { 'core1.cfg': config }), ['check']);
    assert.equal(code, 2);
    assert.match(err, /no segment was judged/);
  });
});

describe('check: what it prints', () => {
  it('help and version', (context) => {
    const folder = folderWith(context, {});
    assert.match(run(folder, ['--help']).out, /Commands:\n {2}check .*\n {2}trace .*\n {2}lsp /);
    assert.match(run(folder, ['check', '--help']).out, /--fail-on error\|warning\|never/);
    assert.match(run(folder, ['trace', '-h']).out, /"destinationPort":515/);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(run(folder, ['--version']), { code: 0, out: `advisory-lens ${version}\n`, err: '' });
  });

  it('the same bytes each time', (context) => {
    const folder = folderWith(context, {
      'b/core1.cfg': OPEN,
      'a/core2.cfg': HALF_CLOSED,
      'a/advisory-lens.json': site(),
    });
    for (const format of ['json', 'pretty']) {
      const first = run(folder, ['check', '--format', format]);
      assert.equal(first.code, 1);
      assert.deepEqual(run(folder, ['check', 'b', 'a', '--format', format]), first);
      assert.ok(!first.out.includes(folder), 'no absolute path');
    }
  });

  it('no colour into a pipe, unless forced', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    assert.ok(!run(folder, ['check']).out.includes('\u001b'));
    assert.ok(run(folder, ['check'], { env: { FORCE_COLOR: '1' } }).out.includes('\u001b[31;1m'));
    assert.ok(!run(folder, ['check'], { env: { FORCE_COLOR: '0' } }).out.includes('\u001b'));
  });

  it('never a secret', (context) => {
    // The secret is a neighbour of the line that is shown.
    const config = OPEN.replace(' permit ip any any\n', ' permit ip any any\nsnmp-server community s3cr3t RO\n');
    const folder = folderWith(context, { 'core1.cfg': config });
    for (const format of ['json', 'pretty']) {
      const { out, err } = run(folder, ['check', '--format', format]);
      assert.ok(!`${out}${err}`.includes('s3cr3t'));
      if (format === 'pretty') assert.match(out, /snmp-server community <removed>/);
    }
  });

  it('a reader that leaves early ends the run quietly, with its code', async (context) => {
    const folder = folderWith(
      context,
      Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`${index}/core1.cfg`, OPEN.replace('core1', `core${index}`)]),
      ),
    );
    // One set for each folder, so that the output is far larger than a pipe's buffer.
    for (let index = 0; index < 300; index += 1) folderSite(folder, index);
    const child = spawn(process.execPath, [CLI, 'check', '--format', 'json'], { cwd: folder });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(err, '');
    assert.equal(code, 1);
  });
});

function folderSite(folder: string, index: number): void {
  write(folder, { [`${index}/advisory-lens.json`]: site() });
}
