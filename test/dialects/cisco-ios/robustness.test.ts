import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { StatementState } from '../../../server/src/core/text/statements.js';
import { read } from './support/read.js';

const WORDS = [
  ...'access-list 101 10 ip route vrf X interface Vlan210 range Gi0/1 - 4 permit deny no default remark'.split(' '),
  ...'tcp udp icmp any host 10.0.0.1 0.0.0.255 255.255.255.0 eq www neq gt lt established log'.split(' '),
  ...'object-group network service N group-object banner motd ^C ! exit end router ospf bgp address-family'.split(' '),
  ...'ip access-group A in out access-list extended standard resequence evaluate dynamic time-range'.split(' '),
  ...'crypto certificate 01 quit key-string macro name @ shutdown encapsulation dot1q vlan 1-4094 database'.split(' '),
  ...'\r \t \0 \ufeff \b\b --More-- core1# core1(config)# 99999999999 -1 // "'.split(' '),
];
const line = fc.array(fc.constantFrom(...WORDS), { maxLength: 9 }).map((words) => words.join(' '));
const config = fc
  .array(fc.tuple(fc.constantFrom('', ' ', '  ', '\t'), line), { maxLength: 60 })
  .map((lines) => lines.map(([indent, text]) => indent + text).join('\n'));

/** Checks what holds for every text: nothing is lost, no line is left unread, nothing throws. */
function check(text: string): void {
  const { statements, device } = read(text);
  assert.equal(statements.starts.length, statements.count);
  let before = -1;
  for (let row = 0; row < statements.count; row += 1) {
    const start = statements.starts[row] as number;
    assert.ok(start > before && start < text.length, 'statements follow each other without a gap');
    before = start;
    assert.notEqual(statements.states[row], StatementState.unread, `row ${row} was read`);
  }
  assert.equal(statements.count === 0 ? text.length : statements.starts[0], 0, 'the first begins the text');
  for (const acl of device.acls.values()) {
    for (let index = 0; index < acl.entries.count; index += 1) {
      const { origin } = acl.entries.aceAt(index);
      assert.ok(origin.start < origin.end && origin.end <= text.length);
    }
  }
  ciscoIos.detect(new SourceFile('x', text));
}

describe('any text', () => {
  it('made of words of IOS is read', () => {
    fc.assert(fc.property(config, check), { numRuns: 500 });
  });

  it('made of anything is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check), { numRuns: 300 });
  });

  it('is read wherever it is cut off', () => {
    const text =
      'hostname x\ninterface range Gi0/1 - 4, Vlan210\n ip address 10.0.0.1 255.0.0.0 secondary\nip access-list extended A\n 10 permit tcp any eq 80 443 host 10.0.0.1 range 1 2 established log\nno ip route vrf X 0.0.0.0 0.0.0.0 Gi0/1 10.0.0.1 5 tag 6 track 7\nbanner motd ^C\nx\n^C\nobject-group service S\n tcp source eq 1 range 2 3\n';
    for (let length = 0; length <= text.length; length += 1) check(text.slice(0, length));
  });

  it('is read with any letter changed', () => {
    const text =
      'interface Vlan210\n ip access-group common C A in\nip access-list extended A\n permit object-group S 10.0.0.0 0.0.0.255 object-group N dscp ef\n no 10\n';
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }), (at, other) => {
        check(text.slice(0, at) + other + text.slice(at + 1));
      }),
      { numRuns: 500 },
    );
  });
});

describe('large and strange texts', () => {
  const strange: [name: string, text: string][] = [
    ['nothing', ''],
    ['one line of a million letters', 'x'.repeat(1_000_000)],
    ['one entry of a million letters', `ip access-list extended A\n permit ip any any ${'log '.repeat(250_000)}\n`],
    ['an interface name of a million digits', `interface Gi${'1'.repeat(1_000_000)}\n`],
    ['a VLAN list that never ends', `vlan ${'1-4094,'.repeat(100_000)}1\n`],
    ['many banners that do not end', 'banner motd ^C\n'.repeat(20_000)],
    [
      'many banners with other delimiters',
      Array.from({ length: 20_000 }, (_, at) => `banner motd ${String.fromCharCode(0x4e00 + (at % 20_000))}\n`).join(
        '',
      ),
    ],
    ['many macros that do not end', 'macro name X\n'.repeat(20_000)],
    [
      'groups inside groups',
      Array.from({ length: 5_000 }, (_, at) => `object-group network G${at}\n group-object G${at + 1}\n`).join(''),
    ],
    ['a group with many members', `object-group network G\n${' host 10.0.0.1\n host 10.0.0.2\n'.repeat(20_000)}`],
    [
      'an entry taken away many times',
      `ip access-list extended A\n${' 10 permit ip any any\n no 10\n'.repeat(10_000)}`,
    ],
    [
      'entries in descending order',
      `ip access-list extended A\n${Array.from({ length: 20_000 }, (_, at) => ` ${20_000 - at} permit ip host 10.0.${at >> 8}.${at & 255} any\n`).join('')}`,
    ],
    ['many ranges of interfaces', 'interface range Gi0/1 - 4000\n shutdown\n'.repeat(20)],
  ];
  for (const [name, text] of strange) {
    it(`are read: ${name}`, () => check(text));
  }
});
