/** Names and texts that somebody else chose: none is lost, none takes another's place, none is obeyed by a terminal. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { CLOSED, OPEN, site } from './support/configs.js';
import { folderWith, run, write } from './support/run.js';

/** What a terminal obeys: all control characters but the line feed, and marks that turn text round. */
const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

const HOSTILE = [
  'esc\u001b[2J\u001b]0;title\u0007.cfg',
  'csi\u009b2J.cfg',
  'line\nfeed.cfg',
  'return\r.cfg',
  'turn\u202egfc.cfg',
  'tab\t.cfg',
  '-rf.cfg',
  '$(id).cfg',
  `${'long'.repeat(60)}.cfg`,
  '%2e%2e%2f.cfg',
  '*?[a].cfg',
  '__proto__.cfg',
  '__proto__',
  'constructor',
];

const skip = sep === '/' ? false : 'such names are none here';

describe('hostile names of files', { skip }, () => {
  it('are shown harmlessly, in both formats, and judged', (context) => {
    const folder = folderWith(context, Object.fromEntries(HOSTILE.map((name) => [`x/${name}`, OPEN])));
    const pretty = run(folder, ['check', 'x'], { env: { NO_COLOR: '1' } });
    const json = run(folder, ['check', '--format', 'json', 'x']);
    for (const { code, out, err } of [pretty, json]) {
      assert.equal(code, 1, err);
      assert.doesNotMatch(out, OBEYED);
      assert.doesNotMatch(err, OBEYED);
    }
    const { files } = JSON.parse(json.out) as { files: { path: string }[] };
    assert.deepEqual(files.map(({ path }) => path).sort(), HOSTILE.map((name) => `x/${name}`).sort());
  });

  it('are shown harmlessly in errors', (context) => {
    const folder = folderWith(context, { 'a.cfg': OPEN });
    for (const name of HOSTILE) {
      const { code, err } = run(folder, ['check', `./${name}gone`]);
      assert.equal(code, 2, err);
      assert.doesNotMatch(err, OBEYED);
    }
    assert.doesNotMatch(run(folder, ['check', '--site', 'no\u001b[31m']).err, OBEYED);
    assert.doesNotMatch(run(folder, ['check', '--format', 'no\u001b[31m']).err, OBEYED);
    assert.doesNotMatch(run(folder, ['no\u001b[31m']).err, OBEYED);
    assert.doesNotMatch(run(folder, ['check', '--no\u001b[31m']).err, OBEYED);
  });

  it('with a backslash are no paths: neither file takes the other\u2019s place', (context) => {
    const folder = folderWith(context, { 'x/a/b.cfg': OPEN, 'x/a\\b.cfg': CLOSED.replace('core1', 'core2') });
    const { code, out } = run(folder, ['check', '--format', 'json', 'x']);
    const { files } = JSON.parse(out) as { files: { path: string }[] };
    assert.deepEqual(files.map(({ path }) => path).sort(), ['x/a/b.cfg', 'x/a\\b.cfg']);
    assert.equal(code, 1);
  });

  it('that are no UTF-8 are said to be unread, and never count as clean', (context) => {
    const folder = folderWith(context, { 'x/a.cfg': CLOSED });
    const name = Buffer.concat([Buffer.from(join(folder, 'x', 'b')), Buffer.from([0xff, 0xfe]), Buffer.from('.cfg')]);
    writeFileSync(name, OPEN);
    const { code, err } = run(folder, ['check', 'x']);
    assert.equal(code, 2);
    assert.match(err, /b\ufffd\ufffd\.cfg: not analysed/);
  });

  it('of folders are walked through', (context) => {
    const folder = folderWith(context, {});
    mkdirSync(join(folder, 'a\nb', '\u001b[31m'), { recursive: true });
    writeFileSync(join(folder, 'a\nb', '\u001b[31m', 'c.cfg'), OPEN);
    const { code, out } = run(folder, ['check', '.'], { env: { NO_COLOR: '1' } });
    assert.equal(code, 1);
    assert.doesNotMatch(out, OBEYED);
  });
});

describe('hostile texts', () => {
  it('of a configuration and a site file are shown harmlessly', (context) => {
    const evil = 'x\u001b[2J\u009b2J\u202eevil';
    const text = OPEN.replaceAll('MONITORS-IN', `IN${evil}`)
      .replace('hostname core1', `hostname core1${evil}`)
      .replace('patient monitors', `patient monitors ${evil}`)
      .replace(' permit ip any any', ` remark ${evil}\n permit ip any any log ${evil}`);
    const folder = folderWith(context, {
      'a.cfg': text,
      'advisory-lens.json': site({ segments: [{ name: `m${evil}`, vlans: [210], interfaces: [`no${evil}`] }] }),
      'packets.jsonl': '{"protocol":"tcp","source":"10.20.10.5","destination":"202.114.4.119"}\n{"a\u009b":1}\n',
    });
    const runs = [
      run(folder, ['check'], { env: { NO_COLOR: '1' } }),
      run(folder, ['check', '--format', 'json']),
      run(folder, ['trace', '--from', `m${evil}`, '--packets', 'packets.jsonl']),
      run(folder, ['trace', '--from', `n${evil}`, '--packets', 'packets.jsonl']),
    ];
    for (const { code, out, err } of runs) {
      assert.notEqual(code, 3, err);
      assert.doesNotMatch(out, OBEYED);
      assert.doesNotMatch(err, OBEYED);
    }
    assert.match(runs[1]?.out ?? '', /\\u009b2J/, 'JSON keeps what the name is');
    const { segments } = JSON.parse(runs[1]?.out ?? '') as { segments: { name: string }[] };
    assert.equal(segments[0]?.name, `m${evil}`);
  });
});

describe('a hostile site file', () => {
  it('reads nothing outside its folder', (context) => {
    const secret = '{ "Canary7Secret": 1 }';
    for (const glob of ['../private.json', 'a/../../private.json', '../priv*', join(sep, 'etc', 'host*')]) {
      const folder = folderWith(context, {
        'private.json': secret,
        'site/core1.cfg': OPEN,
        'site/a/b.cfg': OPEN,
        'site/advisory-lens.json': site({ advisories: [glob] }),
      });
      const advisories = run(join(folder, 'site'), ['check']);
      assert.equal(advisories.code, 2, glob);
      assert.doesNotMatch(advisories.err, /Canary7Secret|Value expected|is not known here/, glob);
      write(folder, { 'site/advisory-lens.json': site({ configs: ['**/*.cfg', glob] }) });
      const configs = run(join(folder, 'site'), ['check']);
      assert.equal(configs.code, 2, glob);
      assert.match(configs.err, /leads out of the site file's folder/);
    }
  });

  it('with globs made to cost time costs none', (context) => {
    const folder = folderWith(context, {
      [`${'a'.repeat(200)}.cfg`]: OPEN,
      'advisory-lens.json': site({
        configs: ['*.cfg', `${'*a'.repeat(30)}b`],
        devices: { x: { files: ['*a*a*a*a*a*a*b'] } },
      }),
    });
    const { code, err } = run(folder, ['check']);
    assert.equal(code, 1, err);
  });
});
