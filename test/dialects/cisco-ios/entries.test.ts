import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceOf, entriesOf, entryOf, linesIn } from './support/read.js';

describe('an entry of an extended list', () => {
  const entries: [line: string, reading: string][] = [
    // addresses
    ['permit ip any any', 'permit ip any any'],
    ['deny   ip any 202.114.4.0 0.0.0.255', 'deny ip any 202.114.4.0~0.0.0.255'],
    ['permit ip host 10.1.1.1 host 10.2.2.2', 'permit ip 10.1.1.1 10.2.2.2'],
    ['permit ip 10.1.1.1 0.0.0.0 10.2.2.2 255.255.255.255', 'permit ip 10.1.1.1 any'],
    ['permit ip 10.1.1.77 0.0.0.255 any', 'permit ip 10.1.1.77~0.0.0.255 any'],
    ['permit ip 10.0.0.5 0.255.0.255 any', 'permit ip 10.0.0.5~0.255.0.255 any'],
    ['deny ip any 202.114.4.0 255.255.255.0', 'deny ip any 202.114.4.0~255.255.255.0'],
    ['permit ip 010.001.000.005 0.0.0.0 any', 'permit ip 10.1.0.5 any'],
    // protocols
    ['permit tcp any any', 'permit tcp any any'],
    ['permit 17 any any', 'permit udp any any'],
    ['permit gre any any', 'permit gre any any'],
    ['permit ahp any any', 'permit ah any any'],
    ['permit ipinip any any', 'permit ipip any any'],
    ['permit 200 any any', 'permit 200 any any'],
    ['permit ospf any any', 'permit ospf any any'],
    ['permit 0 any any', 'permit ip any any (protocol 0)'],
    // ports
    ['permit tcp any any eq 515', 'permit tcp any any:515'],
    ['permit tcp any any eq lpd', 'permit tcp any any:515'],
    ['permit tcp any any eq cmd', 'permit tcp any any:514'],
    ['permit udp any any eq syslog', 'permit udp any any:514'],
    ['permit udp any eq snmptrap any eq non500-isakmp', 'permit udp any:162 any:4500'],
    ['permit tcp any any eq msrpc', 'permit tcp any any:135'],
    ['permit tcp any any eq onep-plain', 'permit tcp any any:15001'],
    ['permit tcp any any eq www 443 domain log', 'permit tcp any any:80,443,53'],
    ['permit tcp any eq 1 2 3 host 10.1.1.1 eq 4 5', 'permit tcp any:1,2,3 10.1.1.1:4,5'],
    ['permit tcp any any neq 80', 'permit tcp any any:0-79,81-65535'],
    ['permit tcp any any neq 81 80 0', 'permit tcp any any:1-79,82-65535'],
    ['permit tcp any gt 1023 any lt 10', 'permit tcp any:1024-65535 any:0-9'],
    ['permit tcp any any gt 65535', 'permit tcp any any:'],
    ['permit tcp any any lt 0', 'permit tcp any any:'],
    ['permit tcp any any range 20 21', 'permit tcp any any:20-21'],
    ['permit tcp any any range 21 20', 'permit tcp any any:20-21'],
    ['permit tcp any any range ftp-data ftp', 'permit tcp any any:20-21'],
    ['permit udp any any range bootps bootpc', 'permit udp any any:67-68'],
    // ICMP
    ['permit icmp any any', 'permit icmp any any'],
    ['permit icmp any any echo', 'permit icmp any any type 8'],
    ['permit icmp any any echo-reply log', 'permit icmp any any type 0'],
    ['permit icmp any any unreachable', 'permit icmp any any type 3'],
    ['permit icmp any any host-unreachable', 'permit icmp any any type 3 code 1'],
    ['permit icmp any any packet-too-big', 'permit icmp any any type 3 code 4'],
    ['permit icmp any any ttl-exceeded', 'permit icmp any any type 11 code 0'],
    ['permit icmp any any time-exceeded', 'permit icmp any any type 11'],
    ['permit icmp any any 3 4', 'permit icmp any any type 3 code 4'],
    ['permit icmp any any 8', 'permit icmp any any type 8'],
    ['permit icmp any any log', 'permit icmp any any'],
    // TCP flags
    ['permit tcp any any established', 'permit tcp any any any +rst +ack'],
    ['permit tcp any any eq www established log-input', 'permit tcp any any:80 any +rst +ack'],
    ['permit tcp any any match-all +ack -syn', 'permit tcp any any all -syn +ack'],
    ['permit tcp any any match-any +ack +rst log', 'permit tcp any any any +rst +ack'],
    ['deny tcp any any syn ack', 'deny tcp any any any +syn +ack'],
    // what does not change the match
    ['permit ip any any log MONITORS', 'permit ip any any'],
    ['permit tcp any any reflect SESSIONS timeout 300', 'permit tcp any any'],
    // what cannot be decided
    ['permit ip any any dscp ef', 'permit ip any any (dscp ef)'],
    ['permit ip any any precedence critical', 'permit ip any any (precedence critical)'],
    ['permit ip any any tos max-reliability log', 'permit ip any any (tos max-reliability)'],
    ['permit ip any any ttl eq 1', 'permit ip any any (ttl eq 1)'],
    ['permit ip any any ttl range 1 5', 'permit ip any any (ttl range 1 5)'],
    ['permit ip any any option record-route', 'permit ip any any (option record-route)'],
    ['deny tcp any any eq 515 time-range NIGHT', 'deny tcp any any:515 (time-range NIGHT)'],
    ['permit igmp any any host-query', 'permit igmp any any (the type of igmp)'],
    ['evaluate SESSIONS', 'permit ip any any established (evaluate SESSIONS)'],
    ['dynamic USERS timeout 5 permit ip any any', 'permit ip any any (dynamic USERS)'],
    ['permit tcp any host www.example.com eq 80', 'permit tcp any any:80 (host www.example.com)'],
    ['permit ip any object-group NOT-THERE', 'permit ip any any (object-group NOT-THERE)'],
    ['permit object-group NOT-THERE any any', 'permit ip any any (object-group NOT-THERE)'],
  ];
  for (const [line, reading] of entries) {
    it(line, () => assert.equal(entryOf(line), reading));
  }
});

describe('abbreviated entries', () => {
  const entries: [line: string, reading: string][] = [
    ['perm tcp a h 1.1.1.1 eq www', 'permit tcp any 1.1.1.1:80'],
    ['PERMIT TCP ANY HOST 1.1.1.1 EQ WWW', 'permit tcp any 1.1.1.1:80'],
    ['den ip a a', 'deny ip any any'],
    ['p u a a eq dom', 'permit udp any any:53'],
    ['permit tcp a a est', 'permit tcp any any any +rst +ack'],
    ['permit ic a a echo-rep', 'permit icmp any any type 0'],
    ['permit tcp any any ra 5 6', 'permit tcp any any:5-6'],
  ];
  for (const [line, reading] of entries) {
    it(line, () => assert.equal(entryOf(line), reading));
  }

  it('refuses an abbreviation that could be two words', () => {
    assert.equal(entryOf('d ip any any'), 'unknown ip any any');
    assert.equal(entryOf('permit i any any'), 'unknown ip any any');
  });
});

describe('an entry that is not understood', () => {
  it('keeps what was read where only an option is not known', () => {
    const line = 'permit tcp any host 10.1.1.1 eq 80 frobnicate';
    assert.equal(entryOf(line), 'permit tcp any 10.1.1.1:80 (frobnicate)');
    const text = `ip access-list extended A\n ${line}\n`;
    assert.deepEqual(linesIn('unknown', text), [line]);
    assert.deepEqual(
      deviceOf(text).unread.map(({ label }) => label),
      [line],
    );
  });

  const unread = [
    'permit tcp any',
    'permit frobnicate any any',
    'permit ip 10.0.0.0/8 any',
    'permit tcp any eq frobnicate any',
    'permit ip 10.0.0.0 any',
    '10 frobnicate ip any any',
  ];
  for (const line of unread) {
    it(`counts "${line}" as anything`, () => {
      assert.equal(entryOf(line), 'unknown ip any any');
      assert.equal(deviceOf(`ip access-list extended A\n ${line}\n`).unread.length, 1);
    });
  }
});

describe('entries for fragments', () => {
  it('decide nothing about whole packets, and are entries all the same', () => {
    const text = 'ip access-list extended A\n permit ip any any fragments\n';
    assert.deepEqual(entriesOf(text), []);
    assert.equal(deviceOf(text).acls.get('A')?.entries.count, 1, 'the implicit deny');
  });
});

describe('an entry of a standard list', () => {
  const entries: [line: string, reading: string][] = [
    ['permit any', 'permit ip any any'],
    ['permit 10.252.0.0', 'permit ip 10.252.0.0 any'],
    ['deny 10.1.1.1 log', 'deny ip 10.1.1.1 any'],
    ['permit host 10.1.1.1', 'permit ip 10.1.1.1 any'],
    ['permit 10.0.0.0 0.255.255.255', 'permit ip 10.0.0.0~0.255.255.255 any'],
    ['permit 10.0.0.0 255.0.0.0', 'permit ip 10.0.0.0~255.0.0.0 any'],
    ['permit 0.0.0.0 255.255.255.255', 'permit ip any any'],
    ['permit 10.0.0.0 0.255.255.255 log', 'permit ip 10.0.0.0~0.255.255.255 any'],
    ['permit ntp.example.com', 'permit ip any any (the name of a host)'],
  ];
  for (const [line, reading] of entries) {
    it(line, () => {
      assert.deepEqual(entriesOf(`access-list 10 ${line}\n`, '10'), [reading]);
      assert.deepEqual(entriesOf(`ip access-list standard A\n ${line}\n`), [reading]);
    });
  }
});
