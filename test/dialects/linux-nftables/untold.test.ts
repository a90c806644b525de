/** What a file or a listing does not tell is in doubt, and nothing that surely never holds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chainWith, read, rulesOf, statesOf } from './support/read.js';

const UNLISTED = '<nft does not tell the names of the interfaces>';

describe('interfaces that a listing of nft 1.0.6 does not name', () => {
  // Seen: `oifname { "eth*", "lo" }` is listed as `oifname { ""-"" }`, and `"eth*"` of a map of verdicts as `""/8`.
  for (const [rule, becomes] of [
    ['oifname { ""-"" } accept', `${UNLISTED} accept`],
    ['oifname != { ""-"" } drop', `${UNLISTED} drop`],
    ['iifname . oifname { "a" . ""-"" } accept', `in=a ${UNLISTED} accept`],
    ['oifname { "eth*", "lo" } accept', 'out=eth*,lo accept'],
  ] as const) {
    it(rule, () => assert.deepEqual(rulesOf(read(chainWith(rule))), [becomes]));
  }

  it('oifname vmap { ""/8 : accept, "b" : drop }', () => {
    const rules = rulesOf(read(chainWith('oifname vmap { ""/8 : accept, "b" : drop }', 'drop')));
    assert.ok(rules[0]?.includes(UNLISTED), rules.join());
    assert.deepEqual(rules.slice(-2), ['out=b drop', 'drop']);
  });
});

describe('an interface by its number', () => {
  for (const [rule, becomes] of [
    ['iif 3 accept', '<which interface has the number 3> accept'],
    ['oif { 3, "lo" } accept', '(out=lo | <which interface has the number 3>) accept'],
    ['iif "eth3" accept', 'in=eth3 accept'],
  ] as const) {
    it(rule, () => assert.deepEqual(rulesOf(read(chainWith(rule))), [becomes]));
  }
});

describe('a set with a file included in it', () => {
  const text = (name: string) =>
    [
      'table inet fw {',
      ' set a {',
      '  type ipv4_addr; flags interval',
      '  elements = { 10.0.0.9 }',
      `  include "${name}"`,
      ' }',
      ' chain f {',
      '  type filter hook forward priority 0; policy drop',
      '  ip saddr @a accept',
      ' }',
      '}',
      '',
    ].join('\n');

  it('has what that file says', () => {
    const reading = read(text('more.list'), { 'more.list': '# more\nelements = { 10.5.0.0/24,\n 10.6.0.1 }\n' });
    assert.deepEqual(rulesOf(reading), ['header accept']);
    const test = reading.device.chains?.get('inet fw f')?.rules.at(0)?.tests[0];
    assert.equal(test?.kind === 'header' ? test.matches[0]?.src.length : 0, 3);
    assert.equal(statesOf(reading)[4], 'modelled');
    assert.deepEqual(reading.includes, ['more.list']);
  });

  it('may have more where that file is not among the reviewed ones', () => {
    const reading = read(text('more.list'));
    assert.deepEqual(rulesOf(reading), ['(header | <more.list is not among the files>) accept']);
    assert.equal(statesOf(reading)[4], 'unmodelled');
  });
});

describe('a chain at ingress', () => {
  const whenOf = (lines: string) => {
    const reading = read(`define wan = eth7\ntable netdev x {\n chain c {\n ${lines}\n drop\n }\n}\n`);
    return JSON.stringify(reading.device.policies?.[0]?.when ?? 'always');
  };

  it('is about its devices', () => {
    for (const devices of ['device eth7', 'device $wan', 'devices = { $wan }']) {
      const when = whenOf(`type filter hook ingress ${devices} priority 0`);
      assert.match(when, /"eth7"/);
      assert.doesNotMatch(when, /not defined|no file/);
    }
  });

  it('is about nobody knows what, with a device that no file names', () => {
    assert.match(
      whenOf('type filter hook ingress device $lan priority 0'),
      /"undecidable","words":"\$lan is not defined/,
    );
    const both = whenOf('type filter hook ingress devices = { $wan, $lan } priority 0');
    assert.match(both, /"eth7"/);
    assert.match(both, /"undecidable","words":"\$lan is not defined/);
  });

  it('is about nobody knows what, without a device', () => {
    assert.equal(
      whenOf('type filter hook ingress priority 0'),
      '[{"kind":"undecidable","words":"no file tells its devices"}]',
    );
    assert.match(whenOf('type filter hook ingress priority 0\n devices = { eth7 }'), /"eth7"/);
  });
});

describe('a translation of a kind that is not followed', () => {
  it('is known by its name', () => {
    const reading = read(chainWith('meta nfproto ipv4 fullcone comment "x"'));
    assert.deepEqual(rulesOf(reading), ['unknown (fullcone: its addresses are those that other connections had)']);
    assert.equal(statesOf(reading)[3], 'unmodelled');
  });
});

describe('flags in a set of one, which nft 1.0.6 takes for the flags alone, and 1.0.8 for a set', () => {
  const DIFFER = '<versions of nft differ about flags in a set of one>';
  for (const [rule, becomes] of [
    ['tcp flags { syn } accept', `header (header | header ${DIFFER}) accept`],
    ['ct state { new | established } accept', `state=established,new ${DIFFER} accept`],
    // One state is one bit, and nothing else is ever in it.
    ['ct state { new } accept', 'state=new accept'],
    ['tcp flags != { syn } accept', 'header !header accept'],
    ['tcp flags { syn, ack } accept', 'header header accept'],
    ['tcp flags & (syn | ack) { syn } accept', 'header accept'],
  ] as const) {
    it(rule, () => assert.deepEqual(rulesOf(read(chainWith(rule))), [becomes]));
  }
});

describe('a part of iptables in a listing', () => {
  for (const [rule, becomes] of [
    ['meta l4proto tcp xt match "multiport" counter packets 1 bytes 2 accept', ['header <xt match multiport> accept']],
    ['ip saddr 10.0.0.0/8 xt match "set" drop', ['header <xt match set> drop']],
    ['xt match "comment" counter packets 0 bytes 0 drop', ['drop']],
    ['tcp flags syn counter packets 0 bytes 0 xt target "TCPMSS"', []],
    ['xt target "NFQUEUE"', ['unknown (xt target NFQUEUE: a part of iptables that nft does not tell)']],
  ] as const) {
    it(rule, () => assert.deepEqual(rulesOf(read(chainWith(rule))), becomes));
  }
});

describe('what stands around a listing in a recording', () => {
  const listing = 'table inet fw {\n chain f {\n }\n}';
  it('says nothing', () => {
    for (const prompt of ['root@gw:~#', '[root@gw ~]#', 'admin@gw:/etc$']) {
      const states = statesOf(read(`${prompt} sudo nft -a list ruleset\n${listing}\n${prompt} \n`));
      assert.deepEqual([states[0], states.at(-1)], ['ignored', 'ignored'], prompt);
    }
  });
  it('may be a command that changes something, which is not carried out', () => {
    assert.equal(statesOf(read(`root@gw:~# nft flush ruleset\n${listing}\n`))[0], 'unknown');
    assert.equal(statesOf(read(`${listing}\nsudo systemctl restart nftables\n`)).at(-1), 'unknown');
  });
});

describe('a mask behind an address, which nft refuses', () => {
  for (const [rule, becomes] of [
    ['ip saddr 10.0.0.1/255.255.255.0 accept', '<ip saddr was not understood> accept'],
    ['ip saddr 10.0.0.1/24 accept', 'header accept'],
    ['tcp flags syn / syn,rst accept', 'header accept'],
  ] as const) {
    it(rule, () => assert.deepEqual(rulesOf(read(chainWith(rule))), [becomes]));
  }
});
