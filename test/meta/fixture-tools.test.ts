import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, ReportVerdict, TraceOutput } from '../../server/src/core/report.js';
import { answerWords, expectedWords, readPacket, verdictMisses } from '../fixtures/support/expectations.js';
import { cutMarks, meets } from '../fixtures/support/marks.js';
import { readSuite } from '../fixtures/support/suites.js';

/** A test tool that accepts everything would make every fixture pass; so it is tested itself. */

const FINDING: Finding = {
  rule: 'target-reachable',
  level: 'error',
  message: 'VLAN 210 is open',
  file: 'r1.cfg',
  line: 2,
  column: 2,
  endLine: 2,
  endColumn: 19,
  related: [],
  fixes: [],
};

test('a mark tells the line above it and the columns over it', () => {
  const { text, marks } = cutMarks(
    'ip access-list extended A\n permit ip any any\n!^^^^^^^^^^^^^^^^^ error target-reachable\n',
  );
  assert.equal(text, 'ip access-list extended A\n permit ip any any\n');
  assert.equal(marks.length, 1);
  const [mark] = marks;
  assert.ok(mark !== undefined);
  assert.deepEqual([mark.line, mark.column, mark.endColumn], [2, 2, 19]);
  assert.ok(meets(mark, FINDING));
  for (const other of [
    { line: 3 },
    { column: 1 },
    { endColumn: 18 },
    { endLine: 3 },
    { level: 'warning' as const },
    { rule: 'target-in-use' },
  ]) {
    assert.ok(!meets(mark, { ...FINDING, ...other }), JSON.stringify(other));
  }
});

test('arrows, open ends, several marks and words', () => {
  const { marks } = cutMarks(
    [
      'interface Vlan210',
      '!<--------------- error target-reachable +fix:apply-filter -fix:null-route "VLAN 210"',
      '!< warning target-in-use',
      '! a comment',
      '   !',
      '    ^^^ no mark without the comment sign',
    ].join('\n'),
  );
  assert.equal(marks.length, 2);
  assert.deepEqual(
    marks.map(({ line, column, endColumn }) => [line, column, endColumn]),
    [
      [1, 1, 18],
      [1, 1, undefined],
    ],
  );
  assert.deepEqual(marks[0]?.fixes, [
    { offered: true, id: 'apply-filter' },
    { offered: false, id: 'null-route' },
  ]);
  assert.deepEqual(marks[0]?.texts, ['VLAN 210']);
});

test('marks keep the line ends of what is left', () => {
  const { text } = cutMarks('a\r\n!^ error target-reachable\r\nb\r\n');
  assert.equal(text, 'a\r\nb\r\n');
});

test('a mark with a word that is none is an error', () => {
  assert.throws(() => cutMarks(' permit ip any any\n!^^^^ error target-reachable fixed\n'), /cannot be read/);
});

test('a page of cases: its base, its site, its own files', () => {
  const page = [
    '# Page',
    '```json site',
    '{}',
    '```',
    '```cfg base',
    'hostname r1',
    '```',
    '## One',
    '```cfg',
    'first',
    '```',
    '```verdicts',
    'a b c = blocked',
    '```',
    '## Two',
    '```cfg alone',
    'second',
    '```',
    '## Three',
    '```cfg name=a.cfg',
    'third',
    '```',
    '## No case',
    'Prose.',
  ].join('\n');
  const cases = readSuite('page.md', page);
  assert.deepEqual(
    cases.map(({ name, files, findingsAreExact }) => [name, files[0]?.path, files[0]?.text, findingsAreExact]),
    [
      ['page.md § One', 'r1.cfg', 'hostname r1\nfirst\n', false],
      ['page.md § Two', 'r1.cfg', 'second\n', true],
      ['page.md § Three', 'a.cfg', 'third\n', true],
    ],
  );
  assert.ok(cases.every(({ site }) => site?.text === '{}\n'));
  assert.throws(() => readSuite('page.md', '## A\n```yaml\n```\n'), /unknown kind/);
  assert.throws(() => readSuite('page.md', '## A\n```cfg\n'), /not closed/);
});

test('a line of packets is read whole', () => {
  const read = readPacket(
    'tcp established flags=syn+ack 10.0.0.1:7 -> 10.0.0.2:9 from r1:Vlan1 = leaves | denied-in via r2:Gi0/0',
  );
  assert.deepEqual(read, {
    from: 'r1:Vlan1',
    packet: {
      protocol: 'tcp',
      source: '10.0.0.1',
      sourcePort: 7,
      destination: '10.0.0.2',
      destinationPort: 9,
      state: 'established',
      tcpFlags: ['syn', 'ack'],
    },
    dispositions: ['leaves', 'denied-in'],
    via: 'r2:Gi0/0',
  });
  assert.throws(() => readPacket('tcp 10.0.0.1 to 10.0.0.2'), /cannot be read/);
  assert.throws(() => readPacket('tcp loudly 10.0.0.1 -> 10.0.0.2 from a:b = leaves'), /is no word/);
});

test('an answer that is uncertain is not one that is certain', () => {
  const expected = readPacket('tcp 10.0.0.1 -> 10.0.0.2 from r1:Vlan1 = leaves');
  const answer: TraceOutput = { disposition: 'leaves', device: 'r1', trace: [] };
  assert.equal(answerWords(answer, false), expectedWords(expected));
  const uncertain: TraceOutput = { ...answer, certain: false, alternatives: ['denied-in', 'leaves'] };
  assert.notEqual(answerWords(uncertain, false), expectedWords(expected));
});

test('each claim about a verdict is checked', () => {
  const verdict: ReportVerdict = {
    advisory: 'A',
    flow: 'outbound',
    segment: 'monitors',
    device: 'r1',
    interface: 'Vlan210',
    verdict: 'reachable',
    outcome: 'leaves',
    hosts: ['202.114.4.119'],
    exits: [{ device: 'r1', interface: 'Gi0/0', nextHop: '192.0.2.1' }],
    witness: null,
    trace: [],
    blockedBy: [],
    assumptions: ['a default route is assumed'],
  };
  const misses = (claims: string) => verdictMisses(`monitors r1 Vlan210 = ${claims}`, verdict).length;
  assert.equal(misses('reachable leaves hosts=119 exits=r1:Gi0/0>192.0.2.1 assumes "default route"'), 0);
  for (const claim of [
    'blocked',
    'delivered',
    'hosts=120',
    'hosts=none',
    'exits=r1:Gi0/1',
    'assumes "OSPF"',
    'blocked-by=A',
  ]) {
    assert.equal(misses(claim), 1, claim);
  }
  assert.throws(() => misses('opened'), /is no word/);
});
