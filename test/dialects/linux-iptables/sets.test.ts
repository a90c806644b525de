/** Sets of addresses, from `ipset save` beside the rules or from the script that makes them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { folder, read, rulesOf } from './support/read.js';

function setRule(match: string, saved: string, more = ''): string | undefined {
  const around = folder({ 'ipset.save': saved });
  return rulesOf(`*filter\n-A FORWARD -m set ${match} -j DROP\n${more}COMMIT\n`, 'filter FORWARD', around)[0];
}

describe('a set', () => {
  for (const [name, match, saved, becomes] of [
    [
      'of hosts',
      '--match-set S dst',
      'create S hash:ip family inet\nadd S 1.1.1.1\nadd S 2.2.2.2\n',
      '[dst 1.1.1.1|2.2.2.2] drop',
    ],
    [
      'of networks, negated',
      '! --match-set S src',
      'create S hash:net family inet\nadd S 10.0.0.0/8\n',
      '![src 10.0.0.0~0.255.255.255] drop',
    ],
    [
      'with exceptions',
      '--match-set S src',
      'create S hash:net\nadd S 10.0.0.0/24\nadd S 10.0.0.8/29 nomatch\nadd S 10.0.0.9\n',
      '[src 10.0.0.0-10.0.0.7|10.0.0.9-10.0.0.9|10.0.0.16-10.0.0.255] drop',
    ],
    [
      'of hosts that count in part',
      '--match-set S src',
      'create S hash:ip netmask 24\nadd S 10.0.0.0\n',
      '[src 10.0.0.0~0.0.0.255] drop',
    ],
    [
      'of hosts and ports',
      '--match-set S dst,dst',
      'create S hash:ip,port\nadd S 1.1.1.1,tcp:80\nadd S 2.2.2.2,80\nadd S 1.1.1.1,icmp:8/0\n',
      '([dst 1.1.1.1|2.2.2.2 tcp dport 80] | [dst 1.1.1.1 icmp type 8/0]) drop',
    ],
    [
      'of ports',
      '--match-set S dst',
      'create S bitmap:port range 0-1023\nadd S 80-90\n',
      '([tcp dport 80-90 or udp dport 80-90]) drop',
    ],
    [
      'of networks and interfaces',
      '--match-set S src,src',
      'create S hash:net,iface\nadd S 10.0.0.0/8,eth0\n',
      '([src 10.0.0.0~0.255.255.255] in=eth0) drop',
    ],
    [
      'of two networks',
      '--match-set S src,dst',
      'create S hash:net,net\nadd S 10.0.0.0/8,1.1.1.0/24\n',
      '([src 10.0.0.0~0.255.255.255 dst 1.1.1.0~0.0.0.255]) drop',
    ],
    [
      'of sets',
      '--match-set S src',
      'create A hash:ip\nadd A 1.1.1.1\ncreate S list:set size 8\nadd S A\n',
      '([src 1.1.1.1]) drop',
    ],
    ['asked for fewer fields than it has', '--match-set S dst', 'create S hash:ip,port\nadd S 1.1.1.1,80\n', undefined],
    ['for IPv6', '--match-set S dst', 'create S hash:ip family inet6\nadd S 2001:db8::1\n', undefined],
    ['with nothing in it', '--match-set S dst', 'create S hash:ip\n', undefined],
    [
      'whose members go',
      '--match-set S dst',
      'create S hash:ip timeout 60\nadd S 1.1.1.1 timeout 50\nadd S 2.2.2.2 timeout 0\n',
      '([dst 2.2.2.2] | [dst 1.1.1.1] ?members of set S go after a time?) drop',
    ],
    [
      'of link addresses',
      '--match-set S src',
      'create S hash:mac\nadd S 00:11:22:33:44:55\n',
      '([] ?a member of set S?) drop',
    ],
    ['that is in no file', '--match-set T dst', 'create S hash:ip\n', '?the members of set T are in no file? drop'],
    [
      'asked for what it counts',
      '--match-set S dst --packets-gt 5',
      'create S hash:ip\nadd S 1.1.1.1\n',
      '?what is counted of the members of set S? drop',
    ],
  ] as const) {
    it(name, () => assert.equal(setRule(match, saved), becomes));
  }

  it('that rules add to cannot be told', () => {
    const saved = 'create S hash:ip\nadd S 1.1.1.1\n';
    assert.equal(
      setRule('--match-set S src', saved, '-A FORWARD -j SET --add-set S src\n'),
      '?set S is changed by rules? drop',
    );
  });

  it('may be made by the script itself', () => {
    const text =
      '#!/bin/sh\nipset -N bad iphash\nipset add bad 1.1.1.1 -exist\nipset add bad 2.2.2.2\nipset del bad 2.2.2.2\niptables -A FORWARD -m set --match-set bad src -j DROP\n';
    assert.deepEqual(rulesOf(text), ['[src 1.1.1.1] drop']);
  });

  it('takes in the file that it stands in', () => {
    const around = folder({ 'ipset.save': 'create S hash:ip\nadd S 1.1.1.1\n', 'other.conf': 'nothing\n' });
    const reading = read('*filter\n-A FORWARD -m set --match-set S src -j DROP\nCOMMIT\n', 'fw/rules.v4', around);
    assert.deepEqual(reading.includes, ['fw/ipset.save']);
    assert.equal(reading.device.definitions.find(({ kind }) => kind === 'set')?.origin.file, 'fw/ipset.save');
  });
});
