/** What the matches of a rule become. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesIn, read, ruleOf } from './support/read.js';

const CASES: Readonly<Record<string, readonly (readonly [rule: string, becomes: string])[]>> = {
  addresses: [
    ['-s 10.0.0.1 -j DROP', '[src 10.0.0.1] drop'],
    ['-d 10.20.0.0/16 -j DROP', '[dst 10.20.0.0~0.0.255.255] drop'],
    ['--source 10.0.0.0/255.0.255.0 --dst 1.2.3.4 -j DROP', '[src 10.0.0.0~0.255.0.255 dst 1.2.3.4] drop'],
    ['-s 10/8 -d 10.1/16 -j DROP', '[src 10.0.0.0~0.255.255.255 dst 10.1.0.0~0.0.255.255] drop'],
    ['-s 010.0.0.1 -j DROP', '[src 8.0.0.1] drop'],
    ['-s any/0 -j DROP', '[] drop'],
    ['-s 1.1.1.1,2.2.2.0/24 -j DROP', '[src 1.1.1.1|2.2.2.0~0.0.0.255] drop'],
    ['! -s 10.0.0.1 -j DROP', '![src 10.0.0.1] drop'],
    ['-s ! 10.0.0.1 -j DROP', '![src 10.0.0.1] drop'],
    ['-s host.example.org -j DROP', '?-s host.example.org? drop'],
    ['-m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP', '[src 10.0.0.1-10.0.0.9] drop'],
    ['-m iprange ! --dst-range 10.0.0.1 -j DROP', '![dst 10.0.0.1-10.0.0.1] drop'],
    [
      '-s 10.0.0.0/8 -m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP',
      '[src 10.0.0.0~0.255.255.255] [src 10.0.0.1-10.0.0.9] drop',
    ],
  ],
  interfaces: [
    ['-i eth0.210 -o eth+ -j DROP', 'in=eth0.210 out=eth* drop'],
    ['! -i eth0 -j DROP', '!in=eth0 drop'],
    ['-i ! eth0 -j DROP', '!in=eth0 drop'],
    ['-i + -j DROP', 'drop'],
  ],
  'protocols and ports': [
    ['-p tcp -j DROP', '[tcp] drop'],
    ['-p 47 -j DROP', '[gre] drop'],
    ['-p ipencap -j DROP', '[ipip] drop'],
    ['-p all -j DROP', 'drop'],
    ['! -p udp -j DROP', '![udp] drop'],
    ['-p tcp --dport 80 -j DROP', '[tcp dport 80] drop'],
    ['-p TCP -m tcp --destination-port http:443 --sport 1024: -j DROP', '[tcp sport 1024-65535 dport 80-443] drop'],
    ['-p tcp ! --dport :79 -j DROP', '[tcp] ![tcp dport 0-79] drop'],
    ['-p udp --dport=53 -j DROP', '[udp dport 53] drop'],
    ['-p tcp --destination-po 80 -j DROP', '[tcp dport 80] drop'],
    ['-p tcp -m multiport --dports 80,443,1000:1010 -j DROP', '[tcp dport 80,443,1000-1010] drop'],
    ['-p udp -m multiport ! --sports 53,67 -j DROP', '[udp] ![udp sport 53,67] drop'],
    ['-p tcp -m multiport --ports 80 -j DROP', '[tcp] [tcp sport 80 or tcp dport 80] drop'],
    ['-p tcp --dport 80 -m multiport --dports 80,81 -j DROP', '[tcp dport 80] [tcp dport 80,81] drop'],
    ['-p tcp --syn -j DROP', '[tcp all +syn -fin,rst,ack] drop'],
    ['-p tcp ! --syn -j DROP', '[tcp] ![tcp all +syn -fin,rst,ack] drop'],
    ['-p tcp --tcp-flags ALL NONE -j DROP', '[tcp all + -fin,syn,rst,psh,ack,urg] drop'],
    ['-p tcp --tcp-flags SYN,RST SYN -j DROP', '[tcp all +syn -rst] drop'],
    ['-p tcp ! --tcp-flags SYN ACK -j DROP', '[tcp] drop'],
    ['-p tcp --tcp-flags SYN ACK -j DROP', 'nothing'],
    ['-p icmp --icmp-type echo-request -j DROP', '[icmp type 8] drop'],
    ['-p icmp -m icmp --icmp-type 3/4 -j DROP', '[icmp type 3/4] drop'],
    ['-p icmp ! --icmp-type network-unreachable -j DROP', '[icmp] ![icmp type 3/0] drop'],
    ['-p icmp --icmp-type any -j DROP', '[icmp] drop'],
    ['-p dccp --dport 80 -j DROP', '[33] ?its ports? drop'],
  ],
  connections: [
    ['-m state --state NEW -j DROP', 'state=new drop'],
    ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'state=related,established accept'],
    ['-m conntrack ! --ctstate INVALID,UNTRACKED -j ACCEPT', '!state=invalid,untracked accept'],
    ['-m conntrack --ctstate NEW,DNAT -j ACCEPT', '(!state=invalid,untracked translated=dst | state=new) accept'],
    [
      '-m conntrack --ctorigdst 10.0.0.0/8 -j ACCEPT',
      '!state=invalid,untracked orig[dst 10.0.0.0~0.255.255.255] accept',
    ],
    ['-m conntrack ! --ctorigsrc 10.0.0.1 -j ACCEPT', '!state=invalid,untracked !orig[src 10.0.0.1] accept'],
    ['-m conntrack --ctproto udp --ctstate NEW -j ACCEPT', 'state=new orig[udp] accept'],
    [
      '-m conntrack --ctstate INVALID --ctproto udp -j ACCEPT',
      'state=invalid (state=invalid,untracked | orig[udp]) accept',
    ],
    ['-m conntrack --ctdir ORIGINAL -j ACCEPT', '!state=invalid,untracked !state=invalid,untracked accept'],
    ['-m conntrack --ctstatus SEEN_REPLY -j ACCEPT', '!state=invalid,untracked (state=established) accept'],
    ['-m conntrack --ctstatus NONE -j ACCEPT', '!state=invalid,untracked () accept'],
  ],
  marks: [
    ['-m mark --mark 0x10/0xf0 -j DROP', 'mark=0x10/0xf0 drop'],
    ['-m mark ! --mark 010 -j DROP', '!mark=0x8/0xffffffff drop'],
    ['-m mark --mark 1 -m mark --mark 2/3 -j DROP', 'mark=0x1/0xffffffff mark=0x2/0x3 drop'],
    ['-m connmark ! --mark 7 -j DROP', '!state=invalid,untracked !connection-mark=0x7/0xffffffff drop'],
  ],
  kinds: [
    ['-m addrtype --dst-type LOCAL,BROADCAST -j DROP', 'dst-kind=local,broadcast drop'],
    ['-m addrtype ! --src-type UNICAST -j DROP', '!src-kind=unicast drop'],
    ['-m addrtype --dst-type BLACKHOLE -j DROP', 'nothing'],
    ['-m addrtype ! --dst-type BLACKHOLE -j DROP', 'drop'],
    [
      '-m addrtype --dst-type UNICAST --limit-iface-in -j DROP',
      '(dst-kind=unicast | dst-kind=local,broadcast ?the addresses of one interface alone?) drop',
    ],
    ['-m pkttype --pkt-type unicast -j DROP', 'drop'],
    ['-m pkttype --pkt-type broadcast -j DROP', 'nothing'],
    ['-m physdev --physdev-is-bridged -j ACCEPT', 'nothing'],
    ['-m physdev ! --physdev-is-bridged -j ACCEPT', 'accept'],
    ['-m physdev --physdev-in vnet0 -j ACCEPT', '?--physdev-in vnet0? accept'],
  ],
  'what no file tells': [
    ['-m limit --limit 3/min --limit-burst 5 -j ACCEPT', '?limit --limit 3/min --limit-burst 5? accept'],
    ['-m mac --mac-source 00:11:22:33:44:55 -j ACCEPT', '?mac --mac-source 00:11:22:33:44:55? accept'],
    ['-m time --timestart 08:00 -p tcp --dport 80 -j ACCEPT', '[tcp dport 80] ?time --timestart 08:00? accept'],
    ['-m string --string "-j ACCEPT" --algo bm -j DROP', '?string --string "-j ACCEPT" --algo bm? drop'],
    ['-m recent --set --name X -j ACCEPT', 'accept'],
    ['-m recent --update --seconds 60 --name X -j DROP', '?recent --update? drop'],
    ['-m whatever --what ever -j DROP', '?whatever --what ever? drop'],
    ['-p tcp --nonsense 5 -j DROP', '[tcp] ?--nonsense 5? drop'],
    ['-m length --length 0:100 -j DROP', '?length --length 0:100? drop'],
  ],
  'what says nothing about a whole packet': [
    ['-m comment --comment "a -j DROP b" -j ACCEPT', 'accept'],
    ['! -f -j DROP', 'drop'],
    ['-f -j ACCEPT', 'nothing'],
    ['-s 2001:db8::1 -j ACCEPT\n-A FORWARD -s 10.0.0.1 -j DROP', '[src 10.0.0.1] drop'],
    ['-6 -j ACCEPT', 'nothing'],
    ['-c 5 6 -j ACCEPT', 'accept'],
  ],
};

for (const [subject, cases] of Object.entries(CASES)) {
  describe(subject, () => {
    for (const [rule, becomes] of cases) it(rule, () => assert.equal(ruleOf(rule), becomes));
  });
}

describe('the port of a connection', () => {
  it('is what the kernel compares', () => {
    assert.equal(
      ruleOf('-m conntrack --ctorigdstport 2048 -j DROP'),
      '!state=invalid,untracked (orig[tcp dport 2048 or udp dport 2048 or sctp dport 2048 or icmp type 8/0] | orig[gre or 33 or 136] ?the ports of another protocol?) drop',
    );
  });
});

describe('before connections are tracked', () => {
  const raw = (rule: string) => ruleOf(rule, 'raw', 'PREROUTING');
  it('every packet is invalid', () => {
    assert.equal(raw('-m conntrack --ctstate NEW,ESTABLISHED -j DROP'), 'nothing');
    assert.equal(raw('-m state --state INVALID,UNTRACKED -j DROP'), 'drop');
    assert.equal(raw('-m conntrack --ctstate UNTRACKED -j DROP'), 'state=untracked drop');
    assert.equal(raw('-m conntrack --ctstate INVALID -j DROP'), '!state=untracked drop');
  });
  it('there is no connection to ask about', () => {
    assert.equal(raw('-m connmark ! --mark 1 -j DROP'), 'nothing');
    assert.equal(raw('-m conntrack --ctproto tcp -j DROP'), 'nothing');
  });
});

describe('words in an order that iptables takes too', () => {
  for (const [rule, becomes] of [
    // As system-config-firewall of Red Hat writes it: the match before its protocol.
    ['-m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT', '[tcp dport 22] state=new accept'],
    ['-m udp --sport 53 -p 17 -j ACCEPT', '[udp sport 53] accept'],
    ['-m icmp --icmp-type 8 -p icmp -j ACCEPT', '[icmp type 8] accept'],
    ['-m limit -p tcp --dport 25 --limit 5/min -j ACCEPT', '[tcp dport 25] ?limit? ?--limit 5/min? accept'],
  ] as const) {
    it(rule, () => {
      assert.equal(ruleOf(rule), becomes);
      assert.deepEqual(linesIn('unknown', read(`*filter\n-A FORWARD ${rule}\nCOMMIT\n`)), []);
    });
  }
});

describe('an option of an undecidable match that looks like one of iptables itself', () => {
  // As strongSwan writes it: the packet is not ESP any more when it is forwarded.
  it('says nothing of the protocol', () => {
    assert.equal(
      ruleOf('-s 10.2.0.0/16 -m policy --dir in --pol ipsec --reqid 1 --proto esp -j ACCEPT'),
      '[src 10.2.0.0~0.0.255.255] ?policy --dir in --pol ipsec --reqid 1 --proto esp? accept',
    );
    assert.equal(
      ruleOf('-p tcp -m policy --dir in --pol ipsec ! --proto esp --next --proto ah -j ACCEPT'),
      '[tcp] ?policy --dir in --pol ipsec ! --proto esp --next --proto ah? accept',
    );
  });
  it('is of iptables in full, and without such a match', () => {
    assert.equal(ruleOf('--proto udp -j ACCEPT'), '[udp] accept');
    assert.equal(
      ruleOf('-m policy --dir in --pol none --protocol tcp -j ACCEPT'),
      '[tcp] ?policy --dir in --pol none? accept',
    );
  });
});

describe('a rule that iptables refuses', () => {
  for (const rule of [
    '--dport 80 -j ACCEPT',
    '! -p tcp --dport 80 -j ACCEPT',
    '-p tcp --dport 90:80 -j ACCEPT',
    '-p tcp --dport 80,90 -j ACCEPT',
    '-p tcp -m multiport --dports 80 --sports 90 -j ACCEPT',
    '-p udp -m tcp -j ACCEPT',
    '-m tcp -p udp --dport 80 -j ACCEPT',
    '-m tcp --dport 80 -j ACCEPT',
    '-m tcp ! -p tcp --dport 80 -j ACCEPT',
    '-p tcp --dport 80 -p udp -j ACCEPT',
    '-j ACCEPT -j DROP',
    '-p tcp -i -j ACCEPT',
    '!',
  ]) {
    it(`${rule} is not understood, and does not surely decide`, () => {
      const reading = read(`*filter\n-A FORWARD ${rule}\nCOMMIT\n`);
      assert.equal(linesIn('unknown', reading).length, 1);
      const [first] = reading.device.chains?.get('filter FORWARD')?.rules ?? [];
      const isDoubtful = first?.action.kind === 'unknown' || first?.tests.some(({ kind }) => kind === 'undecidable');
      assert.ok(isDoubtful, JSON.stringify(first));
      assert.equal(reading.device.unread.length, 1);
    });
  }
});
