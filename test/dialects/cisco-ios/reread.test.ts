import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import type { Reading } from '../../../server/src/core/dialects/dialect.js';
import { AceTable } from '../../../server/src/core/model/ace-table.js';
import { changeBetween } from '../../../server/src/core/text/edit.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';

const PATH = 'core1.cfg';
const NAME = 'fallback';

function read(text: string): Reading {
  return ciscoIos.read(new SourceFile(PATH, text), NAME);
}

function reread(before: Reading, text: string): Reading | undefined {
  return ciscoIos.reread?.(before, new SourceFile(PATH, text), NAME);
}

/** Everything that a reading says, as plain data. */
function said({ file, statements, device }: Reading): unknown {
  return {
    text: file.text,
    count: statements.count,
    starts: [...statements.starts],
    depths: [...statements.depths],
    states: [...statements.states],
    device: plain(device),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof AceTable) {
    return {
      text: value.source.text,
      aces: Array.from({ length: value.count }, (_, index) => plain(value.aceAt(index))),
    };
  }
  if (value instanceof Map) return { map: [...value].map(([key, one]) => [key, plain(one)]) };
  if (value instanceof Set) return { set: [...value] };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

const ENTRIES = [
  ' permit ip any any',
  ' deny ip any 202.114.4.0 0.0.0.255',
  ' permit tcp 10.20.10.0 0.0.0.255 any eq www log',
  ' permit tcp host 10.20.10.5 range 1 9 any established',
  ' permit icmp any any echo',
  ' deny udp any any eq 53 time-range NIGHT',
  ' permit object-group WEB any any',
  ' permit ip object-group HOSTS any',
  ' permit tcp any any fragments',
  ' remark what follows; banner motd ^',
  ' 5 deny ip any any',
  ' 10 permit ip host 10.0.0.1 any',
  ' 20 permit ip host 10.0.0.2 any',
  ' 35 deny tcp any eq 9 any',
  ' 7 dynamic A permit ip any any',
  ' evaluate MIRROR',
  ' permit ip any',
  ' permit bogus words here',
  'permit ip any host 10.9.9.9',
  '   deny   tcp any any',
  'deny ip host 10.1.1.1 any log-input',
  '0.0.0.255 any',
] as const;
const NUMBERED = [
  'access-list 101 permit ip any any',
  'access-list 101 deny ip any 202.114.4.0 0.0.0.255',
  'access-list 101 permit tcp 10.20.10.0 0.0.0.255 any eq www',
  'access-list 101 permit tcp 192.168.210.128 0.0.0.127 202.114.204.128 0.0.0.127 eq 1433',
  'access-list 101 remark a line',
  'access-list 101 20 permit ip any host 1.2.3.4',
  'access-list 102 permit ip any any',
  'access-list 10 permit 10.0.0.0 0.255.255.255',
] as const;
const OTHERS = [
  '!',
  '',
  ' ',
  ' ! a comment',
  'ip access-list extended MONITORS',
  'ip access-list extended GUESTS',
  'ip access-list standard 10',
  'ip access-list extended 101',
  'ip access-list MONITORS',
  ' no permit ip any any',
  ' no 10',
  'no access-list 101',
  'ip access-list resequence MONITORS 10 10',
  'interface Vlan210',
  ' ip access-group MONITORS in',
  ' ip address 10.20.10.1 255.255.255.0',
  ' description to deny it all',
  'object-group network HOSTS',
  ' host 10.0.0.5',
  ' group-object HOSTS',
  'object-group service WEB',
  ' tcp eq www',
  'ip route 0.0.0.0 0.0.0.0 192.0.2.1',
  'banner motd ^',
  'banner login # permit ip any any #',
  'banner motd $ open',
  '^',
  'macro name X',
  '@',
  'core1#show version',
  'core1(config)#ip access-list extended MONITORS',
  'core1(config-ext-nacl)#permit ip any any',
  'core1#show running-config',
  'end',
  'exit',
  'hostname core1',
  'vlan 210',
  ' name MONITORS',
  'line vty 0 4',
  ' access-class 10 in',
  'crypto pki certificate chain X',
  ' certificate ca 01',
  '  30820330 30820218 DEADBEEF',
  '  quit',
  'ip nat inside source list 101 interface Vlan1 overload',
  'route-map R permit 10',
  ' match ip address MONITORS',
  ' --More-- ',
  'some words that nobody knows',
] as const;

const line = fc.oneof(fc.constantFrom(...ENTRIES), fc.constantFrom(...NUMBERED), {
  weight: 2,
  arbitrary: fc.constantFrom(...OTHERS),
});
/** Mostly what leaves a list in order, so that most edits can be read in place. */
const entry = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...ENTRIES.slice(0, 4), ' remark a line', ' permit ip any', ' !', '') },
  { weight: 1, arbitrary: line },
);
const entries = fc.oneof(
  fc.array(entry, { minLength: 4, maxLength: 9 }),
  fc.array(fc.constantFrom(...ENTRIES), { maxLength: 4 }),
  fc.array(entry, { minLength: 4, maxLength: 9 }).map((some) => some.map((one, at) => ` ${10 * at + 10}${one}`)),
  // Without indentation the block ends where a line is none of its commands.
  fc.array(entry, { minLength: 4, maxLength: 9 }).map((some) => some.map((one) => one.trimStart())),
);
const calmEntries = fc.array(fc.constantFrom(...ENTRIES.slice(0, 4), ' remark a line', ' permit ip any', ''), {
  minLength: 4,
  maxLength: 9,
});
/** Longer than what is read anew for a few lines more or less. */
const longEntries = fc.oneof(
  { weight: 4, arbitrary: calmEntries.map((some) => Array.from({ length: 30 }, () => some).flat()) },
  {
    weight: 2,
    arbitrary: calmEntries.map((some) =>
      Array.from({ length: 30 }, () => some.filter((one) => one !== ''))
        .flat()
        .map((one, at) => ` ${10 * at + 10}${one}`),
    ),
  },
  {
    weight: 2,
    arbitrary: calmEntries.map((some) => Array.from({ length: 30 }, () => some.map((one) => one.trimStart())).flat()),
  },
  // Something stands in the midst of them.
  { weight: 1, arbitrary: fc.tuple(calmEntries, line).map(([some, one]) => [...rows(some), one, ...rows(some)]) },
);
const list = fc
  .record({
    name: fc.constantFrom('MONITORS', 'GUESTS', 'A', 'B', 'C', 'D', '101').map((one) => `extended ${one}`),
    entries,
  })
  .map((one) => [`ip access-list ${one.name}`, ...one.entries]);
const longList = fc
  .record({ name: fc.constantFrom('MONITORS', 'GUESTS', 'A', '101'), entries: longEntries })
  .map((one) => [`ip access-list extended ${one.name}`, ...one.entries]);
const numbered = fc.array(fc.constantFrom(...NUMBERED.slice(0, 5)), { minLength: 4, maxLength: 9 });
const longNumbered = numbered.map(rows);
const calm = fc.constantFrom(
  ['interface Vlan210', ' ip access-group MONITORS in', ' ip address 10.20.10.1 255.255.255.0', '!'],
  ['object-group network HOSTS', ' host 10.0.0.5', 'object-group service WEB', ' tcp eq www'],
  ['banner motd #', 'permit ip any any', '#', 'ip route 0.0.0.0 0.0.0.0 192.0.2.1'],
  ['line vty 0 4', ' access-class 10 in', 'hostname core1'],
  ['crypto pki certificate chain X', ' certificate ca 01', '  30820330 30820218 DEADBEEF', '  quit'],
  ['some words that nobody knows', '  and more of them'],
);
const part = fc.oneof(
  { weight: 6, arbitrary: list },
  { weight: 3, arbitrary: numbered },
  { weight: 6, arbitrary: calm },
  { weight: 1, arbitrary: fc.array(line, { maxLength: 4 }) },
);
function configOf(one: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  return fc
    .record({
      parts: fc.array(one, { minLength: 3, maxLength: 6 }),
      lineEnd: fc.constantFrom('\n', '\n', '\n', '\r\n'),
      last: fc.constantFrom('', '\n'),
    })
    .map(({ parts, lineEnd, last }) => parts.flat().join(lineEnd) + last);
}

function rows(some: readonly string[]): string[] {
  return Array.from({ length: 30 }, () => some).flat();
}

/** What is typed, pasted or cut: at a place of the text, by shares of its length. */
const edit = fc.record({
  at: fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000),
  toLine: fc.boolean(),
  deleted: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 90 }) },
  ),
  inserted: fc.oneof(
    fc.constant(''),
    fc.constantFrom(
      ' ',
      '1',
      '0',
      ' ',
      'a',
      'p',
      'd',
      'n',
      '!',
      '^',
      '\n',
      '\r',
      '\r\n',
      '$',
      '#',
      'no ',
      '-',
      'é',
      '\t',
      '\0',
      '@',
    ),
    fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => `${lines.join('\n')}\n`),
    entry.map((one) => `${one}\n`),
    fc.constantFrom(...NUMBERED.slice(0, 5)).map((one) => `${one}\n`),
  ),
});

function applied(
  text: string,
  { at, toLine, deleted, inserted }: typeof edit extends fc.Arbitrary<infer E> ? E : never,
) {
  const anywhere = Math.floor(at * text.length);
  const from = toLine ? text.lastIndexOf('\n', anywhere) + 1 : anywhere;
  return text.slice(0, from) + inserted + text.slice(from + deleted);
}

describe('reading a file again after an edit', () => {
  const isReadAnew = (one: fc.Arbitrary<string>, numRuns: number) => {
    let again = 0;
    let all = 0;
    fc.assert(
      fc.property(one, fc.array(edit, { minLength: 1, maxLength: 6 }), (start, edits) => {
        let text = start;
        let reading = read(text);
        for (const one of edits) {
          text = applied(text, one);
          all += 1;
          const anew = read(text);
          const incremental = reread(reading, text);
          if (incremental !== undefined) {
            again += 1;
            assert.deepEqual(said(incremental), said(anew));
          }
          reading = incremental ?? anew;
        }
      }),
      { numRuns },
    );
    assert.ok(again > all / 50, `only ${again} of ${all} edits were read again`);
  };

  it('gives what reading it anew gives, edit after edit', () => isReadAnew(configOf(part), 1500));

  it('gives the same where long lists stand', () =>
    isReadAnew(
      configOf(
        fc.oneof(
          { weight: 3, arbitrary: longList },
          { weight: 2, arbitrary: longNumbered },
          { weight: 6, arbitrary: calm },
          { weight: 1, arbitrary: fc.array(line, { maxLength: 4 }) },
        ),
      ),
      150,
    ));

  const TEXT = `hostname core1
ip access-list extended MONITORS
 10 permit ip host 10.0.0.1 any
 20 permit ip host 10.0.0.2 any
 30 deny ip any any
interface Vlan210
 ip access-group MONITORS in
`;

  const inPlace: readonly [string, (text: string) => string][] = [
    ['an entry is put in', (text) => text.replace(' 20', ' 15 deny ip any 202.114.4.0 0.0.0.255\n 20')],
    ['an entry is typed', (text) => text.replace(' 20', ' 15 de\n 20')],
    ['an entry goes', (text) => text.replace(/ 20.*\n/, '')],
    ['an empty line comes', (text) => text.replace(' 20', '\n 20')],
    ['the last entry is changed', (text) => text.replace('deny ip any any', 'permit ip any any')],
    ['a remark comes', (text) => text.replace(' 20', ' remark ICSMA\n 20')],
  ];
  for (const [what, change] of inPlace) {
    it(`is done in place where ${what}`, () => {
      const text = change(TEXT);
      assert.notEqual(text, TEXT);
      const incremental = reread(read(TEXT), text);
      assert.ok(incremental);
      assert.deepEqual(said(incremental), said(read(text)));
    });
  }

  const whole: readonly [string, (text: string) => string][] = [
    ['a number stands out of order', (text) => text.replace(' 20', ' 25 permit ip any host 10.7.7.7\n 20')],
    ['an entry is taken away by its number', (text) => text.replace(' 20', ' no 10\n 20')],
    ['another block opens', (text) => text.replace(' 20', 'interface Vlan1\n 20')],
    ['the list loses its name', (text) => text.replace('MONITORS\n', 'MON\n')],
    ['the line above the list changes', (text) => text.replace('core1', 'core2')],
    ['nothing is left of the list', (text) => text.replace(/( \d+ .*\n)+/, '')],
  ];
  for (const [what, change] of whole) {
    it(`takes the whole file where ${what}`, () => {
      const text = change(TEXT);
      assert.notEqual(text, TEXT);
      assert.equal(reread(read(TEXT), text), undefined);
    });
  }

  it('takes the whole file where free text is open, for the edit may end it', () => {
    const text = `banner motd $ hello\n${TEXT}`;
    assert.equal(reread(read(text), text.replace(' 20', ' remark 5$\n 20')), undefined);
  });
});

describe('the change between two texts', () => {
  it('makes the one of the other', () => {
    const part = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', '\n') });
    const long = fc.nat({ max: 3 }).map((count) => 'a'.repeat(count * 1024));
    fc.assert(
      fc.property(part, long, part, part, long, (head, first, was, is, tail) => {
        const before = head + first + was + tail;
        const after = head + first + is + tail;
        const { start, end, shift } = changeBetween(before, after);
        assert.ok(start <= end && start <= end + shift);
        assert.equal(before.slice(0, start) + after.slice(start, end + shift) + before.slice(end), after);
      }),
    );
  });
});
