import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { nftRules } from '../../../bench/linux.js';
import { load } from '../../../server/src/core/dialects/linux-nftables/load.js';
import type { RuleHulls, Rules, Test } from '../../../server/src/core/model/policy.js';
import { hullOf } from '../../../server/src/core/model/rule-hulls.js';
import { matches } from '../../../server/src/core/reachability/concrete/match.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';

/** Lines that are like others before them are not taken apart again: that must change nothing but the time. */

const OTHERS: Readonly<Record<string, string>> = {
  'more.nft': 'ip saddr 10.1.0.0/16 accept\nip saddr 10.2.0.0/16 accept\nip saddr 10.3.0.0/16 accept\n',
};

function read(text: string, findsAlike: boolean) {
  const files = Object.entries(OTHERS).map(([path, own]) => new SourceFile(path, own));
  const around = { isRead: () => true, find: (pattern: string) => files.filter(({ path }) => path === pattern) };
  return load(new SourceFile('nftables.conf', text), 'fw', around, { findsAlike });
}

type Loaded = ReturnType<typeof read>;

/** All that a reading says, as plain data. */
function said({ reading, converted }: Loaded): unknown {
  const { statements, device, claims, includes } = reading;
  const { chains, ...rest } = device;
  const placed = [...converted.placed].map(([key, { rules }]) => [
    key,
    Array.from({ length: rules.length }, (_, at) => rules.at(at)?.from),
  ]);
  const inModel = [...(chains ?? [])].map(([key, chain]) => [key, { ...chain, rules: rulesIn(chain.rules) }]);
  const plain = JSON.stringify([rest, inModel, placed, claims, includes]);
  return [plain, [...statements.states], [...statements.depths]];
}

function rulesIn(rules: Rules): unknown[] {
  return [...rules].map(({ tests, action, origin }) => ({ tests, action, origin }));
}

function isRows({ reading }: Loaded): boolean {
  return [...(reading.device.chains?.values() ?? [])].some(({ rules }) => !Array.isArray(rules));
}

/** Rows have hulls of their own making: each is at least as wide as what its tests say, and no wider. */
function assertHulls(rules: Rules): void {
  if (rules.hulls === undefined) return;
  for (const [at, { tests }] of [...rules].entries()) {
    const { srcFirst, srcLast, dstFirst, dstLast } = rules.hulls as RuleHulls;
    const own = { srcFirst: srcFirst[at], srcLast: srcLast[at], dstFirst: dstFirst[at], dstLast: dstLast[at] };
    const hull = hullOf(tests);
    if (hull.srcFirst <= hull.srcLast) assert.deepEqual(own, hull);
  }
}

/** What is passed by at once are rules of which a test asks for another address. */
function assertNext(rules: Rules): void {
  const { hulls } = rules;
  if (rules.nextAbout === undefined || hulls === undefined) return;
  const all = [...rules];
  for (let at = 0; at < Math.min(all.length, 20); at += 1) {
    for (const [src, dst] of [
      [hulls.srcFirst[at], hulls.dstLast[at]],
      [hulls.srcLast[at], hulls.dstFirst[(at + 1) % all.length]],
      [Math.max(0, (hulls.srcFirst[at] as number) - 1), hulls.dstFirst[at]],
    ] as [number, number][]) {
      for (let index = 0, next = -1; index < all.length; index += 1) {
        if (next < index) next = rules.nextAbout(index, src, dst);
        if (next === index) continue;
        assert.ok(all[index]?.tests.some((one) => asksForOther(one, src, dst)));
      }
    }
  }
}

function asksForOther(one: Test, src: number, dst: number): boolean {
  const flow = {
    src,
    dst,
    protocol: 6,
    srcPort: 1,
    dstPort: 1,
    icmpType: 0,
    icmpCode: 0,
    tcpFlags: 2,
    state: 'new',
  } as const;
  if (one.kind !== 'header' || one.negated || one.original) return false;
  return !one.matches.some((match) => matches({ ...match, services: [{}] }, flow));
}

function assertSame(text: string): Loaded {
  const fast = read(text, true);
  const slow = read(text, false);
  assert.deepEqual(said(fast), said(slow));
  for (const { rules } of fast.reading.device.chains?.values() ?? []) {
    assertHulls(rules);
    assertNext(rules);
    // What the rules do is said of all of them together, no less, and hardly more.
    if (rules.acts !== undefined) for (const { action } of rules) assert.ok(rules.acts.has(action.kind), action.kind);
  }
  return fast;
}

const octet = fc.constantFrom('0', '1', '10', '192', '255', '7', '007', '256');
const address = fc
  .tuple(
    octet,
    octet,
    octet,
    octet,
    fc.constantFrom('', '', '/8', '/24', '/32', '/0', '/33', '/08', '-10.0.0.9', ' ,10.0.0.1'),
  )
  .map(([a, b, c, d, end]) => `${a}.${b}.${c}.${d}${end}`);
const plainAddress = fc
  .tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 0, max: 255 }), fc.constantFrom('', '', '/16', '/24'))
  .map(([a, b, end]) => `10.${b}.${a}.0${end}`);
const anyAddress = fc.oneof({ weight: 5, arbitrary: plainAddress }, { weight: 1, arbitrary: address });

const piece = fc.oneof(
  { weight: 6, arbitrary: anyAddress.map((one) => `ip saddr ${one}`) },
  { weight: 6, arbitrary: anyAddress.map((one) => `ip daddr ${one}`) },
  { weight: 1, arbitrary: anyAddress.map((one) => `ip saddr != ${one}`) },
  { weight: 1, arbitrary: anyAddress.map((one) => `ct original ip daddr ${one}`) },
  { weight: 1, arbitrary: anyAddress.map((one) => `dnat to ${one}`) },
  { weight: 1, arbitrary: anyAddress.map((one) => `ip daddr { ${one}, 10.0.0.9 }`) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'tcp dport 80',
      'tcp dport { 80, 443 }',
      'udp dport 5000-5100',
      'tcp sport ssh',
      'th dport 53',
      'meta l4proto tcp',
      'icmp type echo-request',
      'ct state new',
      'ct state established,related',
      'iifname "eth0"',
      'oifname "wan*"',
      'iif { "a", "b" }',
      'ip protocol udp',
      'ip6 saddr fe80::1',
      'meta nfproto ipv6',
      'limit rate 5/second burst 5 packets',
      'ct count over 3',
      'ip saddr @known',
      'ip saddr $NET',
      'meta mark 7',
      'meta mark set 0x10',
      'tcp dport vmap { 22 : accept, 23 : jump b }',
      'tcp dport != 80',
      'tcp sport != 81',
      'notrack',
      'what is this',
      'reject with',
      'tcp dport 80,',
      'log prefix "in: "',
      'log prefix "x" level info',
      'comment "a # b; c }"',
      'comment "pass word secret123"',
      'comment open',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99_999).map((count) => `counter packets ${count} bytes ${7 * count}`),
  },
  { weight: 1, arbitrary: fc.constant('counter') },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }).map((words) => `comment "${words.replace(/["\n\r]/g, '')}"`) },
);
const verdict = fc.constantFrom(
  'accept',
  'drop',
  'reject',
  'return',
  'jump b',
  'goto c',
  'jump nowhere',
  'continue',
  '',
);
const tail = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' # handle 12',
  ' # handle 7 ',
  ' # why',
  ';',
  ' ; accept',
  '\r',
  ' \\',
  '\n',
  '  ',
);
const rule = fc
  .tuple(fc.array(piece, { maxLength: 4 }), verdict, tail)
  .map(([pieces, end, rest]) => `    ${[...pieces, end].filter((one) => one !== '').join(' ')}${rest}`);
/** Lines that say the same of several addresses. */
const alike = fc
  .tuple(
    fc.array(fc.tuple(plainAddress, plainAddress, fc.oneof(fc.nat(99), fc.nat(9999))), { minLength: 2, maxLength: 6 }),
    fc.constantFrom(
      'ip saddr S ip daddr D tcp dport 80 accept',
      'ip daddr D iifname "lan" ct state new counter packets N bytes N drop',
      'ct state new ip saddr S udp dport { 53, 123 } jump b',
      'ip saddr S goto c comment "number N"',
      'ip saddr S jump b # handle N',
      'ip saddr S meta mark set 1 return',
      'ip6 saddr ::1 ip saddr S accept',
      'iifname "wan" ip saddr S ip saddr D accept',
      'ip saddr S ip daddr S tcp dport N accept',
      'ip saddr S counter',
      'ip saddr S masquerade',
      'ip saddr S tcp dport 80,',
      'ip saddr 10.007.0.N drop',
      'ip daddr 10.N.0.0/N drop',
      'meta mark 5 ip saddr S meta mark set 1 ct state new return',
    ),
  )
  .map(([filling, form]) =>
    filling.map(([s, d, n]) => `    ${form.replace(/S/g, s).replace(/D/g, d).replace(/N/g, String(n))}`).join('\n'),
  );
const line = fc.oneof(
  { weight: 5, arbitrary: rule },
  { weight: 5, arbitrary: alike },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '    # a comment',
      '    include "more.nft"',
      '    include "none.nft"',
      '    define NET = 10.7.0.0/16',
    ),
  },
);
const lines = fc.array(line, { maxLength: 8 }).map((all) => all.join('\n'));
const table = fc
  .record({
    family: fc.constantFrom('inet', 'ip', 'ip6', 'arp', 'bridge', ''),
    name: fc.constantFrom('fw', 'fw', 'other'),
    set: fc.boolean(),
    base: fc.constantFrom(
      'type filter hook forward priority 0; policy drop;',
      'type filter hook forward priority filter\n    policy accept',
      'type nat hook prerouting priority dstnat;',
      'type filter hook input priority 0;',
      '',
    ),
    a: lines,
    b: lines,
    c: lines,
    open: fc.constantFrom(' {', ' {', '\n  {', '{'),
  })
  .map(({ family, name, set, base, a, b, c, open }) =>
    [
      `table ${family} ${name} {`,
      ...(set ? ['  set known { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }'] : []),
      `  chain b${open}`,
      b,
      '  }',
      `  chain c${open}`,
      c,
      '  }',
      `  chain a${open}`,
      `    ${base}`,
      a,
      '  }',
      '}',
    ].join('\n'),
  );
const command = fc.constantFrom(
  'define NET = 10.0.0.0/8',
  'flush ruleset',
  'delete rule inet fw a handle 12',
  'insert rule inet fw a ip saddr 10.0.0.1 accept',
  'add rule inet fw a handle 7 drop',
  'replace rule ip fw b handle 12 accept',
  'flush chain inet fw b',
  'include "more.nft"',
  'add chain inet fw d { ip saddr 10.0.0.1 accept; }',
  'ip saddr 10.0.0.1 accept',
);
const ruleset = fc
  .array(fc.oneof({ weight: 4, arbitrary: table }, { weight: 1, arbitrary: command }), { minLength: 1, maxLength: 4 })
  .map((parts) => `${parts.join('\n')}\n`);

/** The text with pieces taken out, put elsewhere, or changed. */
const mutated = fc
  .tuple(
    ruleset,
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 0, max: 60 }),
        put: fc.constantFrom(
          '',
          '',
          '\n',
          '{',
          '}',
          ';',
          '"',
          '#',
          ',',
          '\\\n',
          ' ',
          '\u00e9',
          '\0',
          '$x',
          'chain x {',
          'accept',
          '/',
        ),
        twice: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map(([text, changes]) => {
    let now = text;
    for (const { at, length, put, twice } of changes) {
      const start = Math.floor(at * now.length);
      const piece = now.slice(start, start + length);
      now = `${now.slice(0, start)}${put}${twice ? piece + piece : ''}${now.slice(start + length)}`;
    }
    return now;
  });

describe('rules that are like others before them', () => {
  test('are read as if each were read by itself', () => {
    let rows = 0;
    fc.assert(
      fc.property(ruleset, (text) => {
        if (isRows(assertSame(text))) rows += 1;
      }),
      { numRuns: 400 },
    );
    assert.ok(rows > 50, `rows were made in ${rows} rulesets`);
  });

  test('are so in texts that are broken anywhere', () => {
    fc.assert(
      fc.property(mutated, (text) => void assertSame(text)),
      { numRuns: 600 },
    );
  });

  test('are so in a large file', () => {
    assert.ok(isRows(assertSame(nftRules(2000))));
  });
});
