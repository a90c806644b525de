/** What the targets of a rule become, and where they may stand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatChain, read, ruleOf, rulesOf } from './support/read.js';

describe('targets that decide', () => {
  for (const [rule, becomes] of [
    ['-j ACCEPT', 'accept'],
    ['-j DROP', 'drop'],
    ['-p tcp -j REJECT --reject-with tcp-reset', '[tcp] drop'],
    ['-j RETURN', 'return'],
    ['-j NFQUEUE --queue-num 1 --queue-bypass', 'unknown a program decides (NFQUEUE)'],
    ['-j TEE --gateway 10.0.0.1', 'unknown copies are sent to another gateway (TEE)'],
    ['-p tcp -j FLOWOFFLOAD --hw', '[tcp] state=established unknown later packets may pass by (FLOWOFFLOAD)'],
    ['-j FULLCONENAT', 'unknown FULLCONENAT'],
  ] as const) {
    it(rule, () => assert.ok(ruleOf(rule).endsWith(becomes), ruleOf(rule)));
  }
});

describe('targets without effect are left out', () => {
  for (const rule of [
    '-j LOG --log-prefix "-j DROP " --log-level 4',
    '-p tcp --dport 80',
    '-j NFLOG --nflog-group 5',
    '-p tcp -j TCPMSS --clamp-mss-to-pmtu',
    '-m recent --set --name X',
  ]) {
    it(rule, () => assert.equal(ruleOf(rule), 'nothing'));
  }
});

describe('marks', () => {
  // Each as `iptables-save` prints it back: `--set-xmark value/mask`.
  for (const [rule, becomes] of [
    ['-j MARK --set-mark 5', 'mark := 0x5/0xffffffff'],
    ['-j MARK --set-mark 0x1/0xf0', 'mark := 0x1/0xf1'],
    ['-j MARK --set-xmark 0x1/0xf0', 'mark := 0x1/0xf0'],
    ['-j MARK --and-mark 0xf', 'mark := 0x0/0xfffffff0'],
    ['-j MARK --or-mark 0xf', 'mark := 0xf/0xf'],
    ['-j MARK --xor-mark 0xf', 'mark := 0xf/0x0'],
    ['-j CONNMARK --set-mark 0x1/0xf0', '!state=invalid,untracked connection-mark := 0x1/0xf1'],
    ['-j CONNMARK --save-mark --mask 0xff', '!state=invalid,untracked copy to connection-mark/0xff'],
    ['-j CONNMARK --restore-mark', '!state=invalid,untracked copy to mark/0xffffffff'],
    [
      '-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf',
      '!state=invalid,untracked unknown a mark is copied with two masks',
    ],
  ] as const) {
    it(rule, () => assert.equal(ruleOf(rule, 'mangle'), becomes));
  }
});

describe('translations', () => {
  for (const [chain, rule, becomes] of [
    ['PREROUTING', '-d 1.1.1.1 -j DNAT --to-destination 10.0.0.5', '[dst 1.1.1.1] dst := 10.0.0.5'],
    ['PREROUTING', '-p tcp -j DNAT --to 10.0.0.5-10.0.0.9:80-90', '[tcp] dst := 10.0.0.5-10.0.0.9:80-90'],
    ['PREROUTING', '-p udp -j DNAT --to-destination :53', '[udp] dst := :53-53'],
    ['PREROUTING', '-j DNAT --to-destination 10.0.0.5:80 -p tcp', '[tcp] dst := 10.0.0.5:80-80'],
    ['PREROUTING', '-p tcp -j REDIRECT --to-ports 3128', '[tcp] dst := interface:3128-3128'],
    ['PREROUTING', '-p tcp -j REDIRECT --to-ports ftp-data', '[tcp] dst := interface:20-20'],
    ['PREROUTING', '-p tcp -j DNAT --to-destination 10.0.0.5:http-alt', '[tcp] dst := 10.0.0.5:8080-8080'],
    ['PREROUTING', '-d 192.0.2.0/24 -j NETMAP --to 10.0.0.0/24', '[dst 192.0.2.0~0.0.0.255] dst := 10.0.0.0/24'],
    ['POSTROUTING', '-s 10.0.0.0/24 -j NETMAP --to 192.0.2.0/24', '[src 10.0.0.0~0.0.0.255] src := 192.0.2.0/24'],
    ['POSTROUTING', '-o eth1 -j MASQUERADE --random', 'out=eth1 src := interface'],
    ['POSTROUTING', '-j SNAT --to-source 192.0.2.1 --persistent', 'src := 192.0.2.1'],
    [
      'PREROUTING',
      '-j DNAT --to-destination host.example.org',
      'dst := unknown DNAT --to-destination host.example.org',
    ],
  ] as const) {
    it(rule, () => assert.equal(ruleOf(rule, 'nat', chain), becomes));
  }
});

describe('a target where iptables refuses it is unknown', () => {
  for (const [table, chain, rule] of [
    ['nat', 'PREROUTING', '-j DROP'],
    ['mangle', 'FORWARD', '-j REJECT'],
    ['filter', 'FORWARD', '-j DNAT --to-destination 10.0.0.5'],
    ['filter', 'FORWARD', '-j MASQUERADE'],
    ['filter', 'FORWARD', '-j NOTRACK'],
    ['nat', 'POSTROUTING', '-j DNAT --to-destination 10.0.0.5'],
    ['nat', 'PREROUTING', '-j MASQUERADE'],
    ['filter', 'FORWARD', '-j NOWHERE'],
    ['filter', 'FORWARD', '-j INPUT'],
  ] as const) {
    it(`${table} ${chain} ${rule}`, () => assert.match(ruleOf(rule, table, chain), /^unknown /));
  }
});

describe('not to be tracked', () => {
  it('in table raw', () => {
    assert.equal(ruleOf('-s 10.0.0.1 -j NOTRACK', 'raw', 'PREROUTING'), '[src 10.0.0.1] untrack');
    assert.equal(ruleOf('-s 10.0.0.1 -j CT --notrack', 'raw', 'PREROUTING'), '[src 10.0.0.1] untrack');
    assert.equal(ruleOf('-s 10.0.0.1 -j CT --zone 5', 'raw', 'PREROUTING'), 'nothing');
  });
});

describe('chains', () => {
  const text = (rules: string): string => `*filter\n:FORWARD DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n${rules}COMMIT\n`;
  it('are jumped to and gone to', () => {
    assert.deepEqual(rulesOf(text('-A FORWARD -i eth0 -j A\n-A FORWARD -g B\n')), [
      'in=eth0 jump filter A',
      'goto filter B',
    ]);
  });
  it('in a circle are unknown, those beside it are not', () => {
    const reading = read(text('-A FORWARD -j A\n-A A -j B\n-A B -s 10.0.0.1 -j A\n'));
    assert.deepEqual(formatChain(reading, 'filter FORWARD'), ['jump filter A']);
    assert.match(formatChain(reading, 'filter A')[0] ?? '', /^unknown .*circle/);
    assert.match(formatChain(reading, 'filter B')[0] ?? '', /unknown .*circle/);
  });
  it('of another table are not there', () => {
    assert.match(
      rulesOf(`*nat\n:A -\nCOMMIT\n${text('')}*nat\n-A PREROUTING -j C\nCOMMIT\n`, 'nat PREROUTING')[0] ?? '',
      /^unknown/,
    );
  });
});
