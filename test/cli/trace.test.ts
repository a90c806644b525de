import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import type { TraceOutput } from '../../server/src/core/report.js';
import { CLOSED, OPEN, site } from './support/configs.js';
import { CLI, cleanEnvironment, folderWith, run } from './support/run.js';

const TO_TARGET = {
  protocol: 'tcp',
  source: '10.20.10.5',
  sourcePort: 40000,
  destination: '202.114.4.119',
  destinationPort: 515,
};
const ELSEWHERE = { ...TO_TARGET, destination: '192.0.2.1' };
const FROM = ['trace', '--from', 'core1:Vlan210', '--packets', '-'];

function lines(...packets: unknown[]): string {
  return packets.map((packet) => `${typeof packet === 'string' ? packet : JSON.stringify(packet)}\n`).join('');
}

function answers(out: string): (TraceOutput & { error?: string })[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('trace', () => {
  it('answers each packet in order', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED });
    const { code, out, err } = run(folder, FROM, { input: lines(TO_TARGET, ELSEWHERE, TO_TARGET) });
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(
      answers(out).map(({ disposition }) => disposition),
      ['denied-in', 'leaves', 'denied-in'],
    );
    const [denied, left] = answers(out);
    assert.deepEqual([left?.device, left?.interface], ['core1', 'GigabitEthernet0/0']);
    assert.ok(denied?.trace.some((hop) => hop.file === 'core1.cfg' && hop.line === 10));
  });

  it('reads packets from a file, and knows segments', (context) => {
    const folder = folderWith(context, {
      'core1.cfg': OPEN,
      'advisory-lens.json': site(),
      // CRLF, a blank line, no line end at the end.
      'packets.jsonl': `${JSON.stringify(TO_TARGET)}\r\n\r\n${JSON.stringify(ELSEWHERE)}`,
    });
    const { code, out } = run(folder, ['trace', '--from', 'patient-monitors', '--packets', 'packets.jsonl']);
    assert.equal(code, 0);
    assert.deepEqual(
      answers(out).map(({ disposition }) => disposition),
      ['leaves', 'leaves'],
    );
  });

  it('bad lines are named, answered in their place, and end with 2', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const bad: readonly (readonly [unknown, RegExp])[] = [
      ['{"protocol":', /no JSON/],
      ['[1]', /no JSON object/],
      ['null', /no JSON object/],
      [{ ...TO_TARGET, dstPort: 515 }, /no "dstPort"/],
      [{ ...TO_TARGET, source: '10.20.10' }, /"source" must be an IPv4 address/],
      [{ ...TO_TARGET, destinationPort: 65536 }, /"destinationPort" must be a whole number/],
      [{ ...TO_TARGET, protocol: 'tpc' }, /"protocol" must be/],
      [{ ...TO_TARGET, state: 'old' }, /"state" must be/],
      [{ ...TO_TARGET, tcpFlags: ['sin'] }, /"tcpFlags" must be/],
      [{ protocol: 'tcp', source: '10.20.10.5' }, /no "destination"/],
    ];
    const { code, out, err } = run(folder, FROM, {
      input: lines(TO_TARGET, ...bad.map(([packet]) => packet), ELSEWHERE),
    });
    assert.equal(code, 2);
    const all = answers(out);
    assert.equal(all.length, bad.length + 2);
    assert.equal(all[0]?.disposition, 'leaves');
    assert.equal(all.at(-1)?.disposition, 'leaves');
    const messages = err.split('\n');
    for (const [index, [packet, said]] of bad.entries()) {
      assert.match(all[index + 1]?.error ?? '', said, JSON.stringify(packet));
      assert.match(messages[index] ?? '', new RegExp(`^standard input:${index + 2}: `));
    }
  });

  it('a place that nobody knows is said once for each line, and ends with 2', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const { code, out, err } = run(folder, ['trace', '--from', 'ward9', '--packets', '-'], {
      input: lines(...Array.from({ length: 50 }, () => TO_TARGET)),
    });
    assert.equal(code, 2);
    assert.equal(answers(out).filter(({ error }) => error?.includes('ward9')).length, 50);
    assert.ok(err.split('\n').length < 30, 'not fifty messages');
    assert.match(err, /50 lines of standard input could not be traced/);
  });

  it('packets that cannot be read are 2', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const { code, out, err } = run(folder, ['trace', '--from', 'core1:Vlan210', '--packets', 'gone.jsonl']);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /The packets in gone\.jsonl cannot be read \(ENOENT\)/);
  });

  it('files of several networks are 2', (context) => {
    const folder = folderWith(context, {
      'a/core1.cfg': OPEN,
      'a/advisory-lens.json': site(),
      'b/core1.cfg': OPEN,
      'b/advisory-lens.json': site(),
    });
    const { code, err } = run(folder, FROM, { input: lines(TO_TARGET) });
    assert.equal(code, 2);
    assert.match(err, /2 networks \(a\/advisory-lens\.json, b\/advisory-lens\.json\)/);
    assert.equal(run(folder, [...FROM, 'b'], { input: lines(TO_TARGET) }).code, 0);
  });

  it('a hundred thousand packets come back, each in its place', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED });
    const input = lines(TO_TARGET, ELSEWHERE).repeat(50_000);
    const { code, out } = run(folder, FROM, { input });
    assert.equal(code, 0);
    const words = out
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(16, 22));
    assert.equal(words.length, 100_000);
    assert.ok(words.every((word, index) => word === (index % 2 === 0 ? 'denied' : 'leaves')));
  });

  it('answers whoever sends one packet and waits', async (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const child = spawn(process.execPath, [CLI, ...FROM], { cwd: folder, env: cleanEnvironment() });
    context.after(() => child.kill());
    const replies = createInterface({ input: child.stdout });
    for (let turn = 0; turn < 3; turn += 1) {
      const reply = once(replies, 'line');
      child.stdin.write(lines(TO_TARGET));
      assert.match(String((await reply)[0]), /"disposition":"leaves"/);
    }
    child.stdin.end();
    assert.deepEqual(await once(child, 'close'), [0, null]);
  });

  it('a reader that leaves early ends the run quietly', async (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const child = spawn(process.execPath, [CLI, ...FROM], { cwd: folder, env: cleanEnvironment() });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.on('error', () => {});
    child.stdin.end(lines(TO_TARGET).repeat(100_000));
    const [code] = await once(child, 'close');
    assert.deepEqual([code, err], [0, '']);
  });
});
