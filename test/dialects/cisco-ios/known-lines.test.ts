import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPENERS } from '../../../server/src/core/dialects/cisco-ios/known/openers.js';
import { KNOWN } from '../../../server/src/core/dialects/cisco-ios/known/tables.js';
import type { LineContext, Words } from '../../../server/src/core/dialects/cisco-ios/known/vocabulary.js';
import { knownLine, opensBlock } from '../../../server/src/core/dialects/cisco-ios/known-lines.js';

type Expected = 'ignored' | 'unmodelled' | undefined;

/** Lines by what is to be known of them, a line of text each. */
function check(context: LineContext, expected: Expected, lines: string): void {
  for (const line of lines.trim().split(/\n\s*/)) {
    it(`${expected ?? 'unknown'} in ${context}: ${line}`, () => {
      assert.equal(knownLine(context, line), expected);
    });
  }
}

describe('lines that take no part in forwarding', () => {
  check(
    'global',
    'ignored',
    `aaa new-model
    no ip domain lookup
    ip domain-name example.net
    snmp-server community public RO 5
    service timestamps log datetime msec
    no service pad
    default logging console
    spanning-tree mode rapid-pvst
    ip http secure-server
    no ip http server
    ip local policy route-map OWN
    ip sla schedule 1 life forever start-time now
    track 1 ip sla 1 reachability
    ip prefix-list P seq 5 permit 10.0.0.0/8
    class-map match-any VOICE
    policy-map QOS
    policy-map type control subscriber DOT1X
    ipv6 unicast-routing
    crypto pki trustpoint TP
    crypto map VPN local-address Loopback0
    cts role-based sgt-map 10.0.0.0/8 sgt 5
    mpls label protocol ldp
    vlan 210
    ip classless
    access-list 10 remark management
    ntp server 10.0.0.1`,
  );
  check(
    'interface',
    'ignored',
    `description to the core
    speed 1000
    duplex full
    negotiation auto
    switchport mode trunk
    service-policy output QOS
    standby 10 timers 1 3
    ip ospf 1 area 0
    ip tcp adjust-mss 1360
    ip traffic-export apply X
    no ip redirects
    ip helper-address 10.0.0.1
    ip dhcp snooping trust
    dot1x pae authenticator
    authentication host-mode multi-auth
    tunnel source GigabitEthernet1
    mpls mtu 1500
    ppp authentication chap`,
  );
  check(
    'router',
    'ignored',
    'network 10.0.0.0 0.255.255.255 area 0\nneighbor 10.0.0.1 remote-as 65000\nredistribute static',
  );
  check('line', 'ignored', 'transport input ssh\naccess-class 5 in\nexec-timeout 10 0\nno exec');
  check('vlan', 'ignored', 'name MONITORS\nremote-span\nstate active');
  check('vrf', 'ignored', 'rd 1:1\naddress-family ipv4\nroute-target both 1:1\nexit-address-family');
  check('acl', 'ignored', 'remark who may\n10 remark what\nexit\nend');
  check('class-map', 'ignored', 'match dscp ef\nmatch access-group name X');
  check('policy-map', 'ignored', 'class VOICE\npriority percent 20\n10 authenticate using dot1x priority 10');
  check('route-map', 'ignored', 'match ip address 1\nset metric 50\nset ip precedence 5');
  check('crypto', 'ignored', 'encr aes 256\nset transform-set TS\nset peer 192.0.2.1\nrevocation-check crl');
  check(
    'aaa',
    'ignored',
    'server name ISE1\naddress ipv4 10.0.0.1 auth-port 1812 acct-port 1813\naction-type start-stop',
  );
  check(
    'other-block',
    'ignored',
    'log config\nhidekeys\nicmp-echo 10.0.0.1\nservice-policy input COPP\npermit ipv6 any any',
  );
});

describe('lines that matter and are not modelled', () => {
  check(
    'global',
    'unmodelled',
    `ip nat inside source list 1 interface Dialer0 overload
    ip route profile-less 1.1.1.1
    zone-pair security IN-OUT source IN destination OUT
    policy-map type inspect IN-OUT
    crypto map VPN 10 ipsec-isakmp
    cts role-based enforcement
    no ip classless
    vlan access-map V 10
    vlan filter V vlan-list 10
    bridge irb
    router lisp
    access-list 701 permit 0000.0000.0000 ffff.ffff.ffff
    ip inspect name FW tcp`,
  );
  check(
    'interface',
    'unmodelled',
    `ip address pool P
    ip policy route-map PBR
    ip nat inside
    ip verify unicast source reachable-via rx
    ip wccp web-cache redirect in
    ip wccp 61 redirect in
    crypto map VPN
    tunnel protection ipsec profile P
    bridge-group 1
    mac access-group M in
    zone-member security IN
    access-session port-control auto
    authentication port-control auto
    dot1x port-control auto
    source template DOT1X
    service-policy type control subscriber DOT1X
    mpls ip
    ppp ipcp route default`,
  );
  check(
    'route-map',
    'unmodelled',
    'set ip next-hop 10.0.0.1\nset interface Null0\nset vrf X\nset ip default next-hop 10.0.0.1',
  );
  check('policy-map', 'unmodelled', 'drop\ninspect\n10 activate service-template GUEST');
  check('vlan', 'unmodelled', 'shutdown\nstate suspend\nmember vni 10010');
  check('vrf', 'unmodelled', 'import ipv4 unicast map M');
  check('acl', 'unmodelled', 'permit frobnicate any any\n10 deny frobnicate any any');
  check('crypto', 'unmodelled', 'match address 101\nreverse-route static');
  check('other-block', 'unmodelled', 'service-policy type inspect IN-OUT\naction drop');
});

describe('a no before a line', () => {
  check('interface', 'ignored', 'no ip policy route-map PBR\nno mpls ip\ndefault ip verify unicast');
  check('global', 'unmodelled', 'no ip routing\nno access-list 101\ndefault interface Vlan10\nno ip route 10.0.0.0');
  check('interface', 'unmodelled', 'no ip access-group A in\nDEFAULT  ip access-group A in');
  check('acl', 'unmodelled', 'no 10\nno permit frobnicate\nno 10 deny frobnicate');
  check('global', undefined, 'no such-thing\nno\nnone');
});

describe('abbreviations', () => {
  check(
    'global',
    'ignored',
    'sh run\nspann mode rapid-pvst\nSNMP-Server location here\nip  dhcp   pool X\nip\tssh version 2',
  );
  check('global', 'unmodelled', 'ip nat ins so li 1 int Di0 ov\nzone-p security A');
  check('interface', 'ignored', 'desc uplink\nno desc\nsw mode access');
  check('interface', 'unmodelled', 'ip pol route-map PBR\nencapsulation dot1Q 10 second-dot1q 20');
  check('other-block', 'ignored', 'default copy\nlinec b8zs');
  check('other-block', undefined, 'line con 0');
  check('interface', undefined, 's 100\nip a 10.0.0.1 255.0.0.0\ni');
});

describe('what stands around a configuration in a capture', () => {
  check(
    'global',
    'ignored',
    `Building configuration...
    Current configuration : 4318 bytes
    Uncompressed configuration from 1234 bytes to 5678 bytes
    Compressed configuration from 5678 bytes to 1234 bytes[OK]
    [OK]
    Using 2345 out of 524288 bytes
    Last configuration change at 09:37:40
    --More--
    show running-config
    core1#show running-config
    core1#
    core1(config-if)#exit
    SW_1.example>enable
    core1# terminal length 0
    terminal length 0
    end`,
  );
  check('global', undefined, 'core1(config)#ip access-list extended A\n--More-- interface Vlan210\nGi0/1 is up');
});

describe('lines that are not of IOS', () => {
  check(
    'global',
    undefined,
    `set interfaces ge-0/0/0 unit 0 family inet
    nameif inside
    names
    feature ospf
    same-security-traffic permit inter-interface
    access-group OUTSIDE in interface outside
    firewall {
    ip frobnicate on
    interfce GigabitEthernet0/1
    The quick brown fox
    config system global
    /ip firewall filter
    edit 1
    -A FORWARD -j DROP
    undo stp enable
    #`,
  );
  check('interface', undefined, 'nameif inside\nsecurity-level 100\nallowaccess ping\nundo portswitch');
});

describe('blocks', () => {
  const BLOCKS: readonly (readonly [string, LineContext | undefined])[] = [
    ['interface Vlan210', 'interface'],
    ['int Gi0/1', 'interface'],
    ['interface range Gi1/0/1 - 4', 'interface'],
    ['router ospf 1', 'router'],
    ['ipv6 router ospf 1', 'router'],
    ['line vty 0 4', 'line'],
    ['vlan 10', 'vlan'],
    ['vlan configuration 10', 'vlan'],
    ['vlan internal allocation policy ascending', undefined],
    ['vlan access-map V 10', 'other-block'],
    ['vrf definition A', 'vrf'],
    ['ip vrf A', 'vrf'],
    ['ip access-list extended A', 'acl'],
    ['ip access-list resequence A 10 10', undefined],
    ['ip access-list role-based A', 'other-block'],
    ['ipv6 access-list A', 'other-block'],
    ['access-list 10 permit any', undefined],
    ['object-group network A', 'object-group'],
    ['class-map type inspect match-any A', 'class-map'],
    ['policy-map A', 'policy-map'],
    ['route-map A permit 10', 'route-map'],
    ['crypto isakmp policy 10', 'crypto'],
    ['crypto isakmp key x address 192.0.2.1', undefined],
    ['crypto pki trustpoint A', 'crypto'],
    ['crypto map A 10 ipsec-isakmp', 'crypto'],
    ['crypto map A local-address Loopback0', undefined],
    ['crypto map A', undefined],
    ['ip vrf forwarding A', undefined],
    ['ipv6 router isis', undefined],
    ['aaa group server radius A', 'aaa'],
    ['aaa new-model', undefined],
    ['radius server A', 'aaa'],
    ['ip sla 1', 'other-block'],
    ['ip sla schedule 1 start-time now', undefined],
    ['ip dhcp pool A', 'other-block'],
    ['ip dhcp excluded-address 10.0.0.1', undefined],
    ['zone-pair security A source B destination C', 'other-block'],
    ['no interface Tunnel1', undefined],
    ['default interface GigabitEthernet0/1', undefined],
    ['hostname core1', undefined],
    ['', undefined],
  ];
  for (const [line, context] of BLOCKS) {
    it(`${line} opens ${context ?? 'none'}`, () => {
      assert.equal(opensBlock(line), context);
    });
  }
  for (const [line, context] of BLOCKS) {
    if (context === undefined) continue;
    it(`${line} is a known global line`, () => {
      assert.notEqual(knownLine('global', line), undefined);
    });
  }
});

describe('the vocabularies', () => {
  const LISTS: [string, Words][] = [];
  for (const [context, tables] of Object.entries(KNOWN)) {
    for (const [i, { ignored, unmodelled }] of tables.entries()) {
      LISTS.push([`${context} ${i} ignored`, ignored], [`${context} ${i} unmodelled`, unmodelled]);
    }
  }
  for (const [context, words] of Object.entries(OPENERS)) LISTS.push([`opens ${context}`, words]);

  for (const [name, words] of LISTS) {
    it(`${name} is in lower case, sorted, and without a duplicate`, () => {
      const keys = Object.keys(words);
      assert.deepEqual(keys, [...new Set(keys)].sort());
      for (const [prefix, list] of Object.entries(words)) {
        const given = list.trim().split(/\s+/);
        assert.deepEqual(given, [...new Set(given)].sort(), `words after "${prefix}"`);
        assert.ok(!given.includes(''), `no words after "${prefix}"`);
        assert.doesNotMatch(`${prefix} ${list}`, /[A-Z]/);
      }
    });
  }

  const phrases = (words: Words): string[] =>
    Object.entries(words).flatMap(([prefix, list]) =>
      list
        .trim()
        .split(/\s+/)
        .map((word) => `${prefix} ${word}`),
    );
  const inBoth = (some: readonly string[], others: readonly string[]): string[] => {
    const known = new Set(others);
    return some.filter((phrase) => known.has(phrase));
  };

  for (const [context, tables] of Object.entries(KNOWN)) {
    it(`of ${context} gives no phrase two states`, () => {
      const ignored = tables.flatMap((table) => phrases(table.ignored));
      const unmodelled = tables.flatMap((table) => phrases(table.unmodelled));
      assert.deepEqual(inBoth(ignored, unmodelled), []);
    });
  }

  /** Phrases that say nothing new: what is said of their first words holds for them already. */
  const redundant = (lists: readonly (readonly [string, Words])[]): string[] => {
    const said = new Map(
      lists.flatMap(([value, words]) => phrases(words).map((phrase) => [phrase.trim(), value] as const)),
    );
    return [...said.keys()].filter((phrase) => {
      const words = phrase.split(' ');
      while (words.pop() !== undefined) {
        const shorter = words.join(' ');
        const before = said.get(shorter) ?? (phrase === `${shorter} *` ? undefined : said.get(`${shorter} *`));
        if (before !== undefined) return before === said.get(phrase);
      }
      return said.get(phrase) === 'none';
    });
  };

  for (const [context, tables] of Object.entries(KNOWN)) {
    it(`of ${context} has no phrase that a shorter one makes needless`, () => {
      for (const table of tables) assert.deepEqual(redundant(Object.entries(table)), []);
    });
  }

  it('of openers has no phrase that a shorter one makes needless', () => {
    assert.deepEqual(redundant(Object.entries(OPENERS)), []);
  });

  it('give no opening phrase two contexts', () => {
    const openers = Object.values(OPENERS).flatMap(phrases);
    assert.deepEqual(
      openers.filter((phrase, index) => openers.indexOf(phrase) !== index),
      [],
    );
  });
});
