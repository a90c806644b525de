import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp } from '../../../server/src/core/net/ip.js';
import { deviceOf, interfaceOf, linesIn } from './support/read.js';

const HEADER = 'interface Vlan210\n ip address 10.20.10.2 255.255.255.0\n';

function shared(lines: string): string[] {
  return interfaceOf(`${HEADER}${lines}\n`, 'Vlan210').virtualAddresses.map(({ ip }) => formatIp(ip));
}

describe('HSRP, VRRP and GLBP', () => {
  test('an address with and without a group number, and a second one', () => {
    assert.deepEqual(shared(' standby ip 10.20.10.1'), ['10.20.10.1']);
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n standby 5 ip 10.20.11.1 secondary'), [
      '10.20.10.1',
      '10.20.11.1',
    ]);
    assert.deepEqual(shared(' vrrp 5 ip 10.20.10.1\n glbp 7 ip 10.20.10.9'), ['10.20.10.1', '10.20.10.9']);
  });

  test('a primary address given again replaces the first', () => {
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n standby 5 ip 10.20.10.9'), ['10.20.10.9']);
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n standby 6 ip 10.20.10.9'), ['10.20.10.1', '10.20.10.9']);
  });

  test('what is taken away is gone', () => {
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n no standby 5 ip 10.20.10.1'), []);
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n no standby 5 ip'), []);
    assert.deepEqual(shared(' standby 5 ip 10.20.10.1\n no standby 5'), []);
    assert.deepEqual(shared(' vrrp 5 ip 10.20.10.1\n vrrp 5 ip 10.20.10.9 secondary\n no vrrp 5 ip 10.20.10.9 sec'), [
      '10.20.10.1',
    ]);
  });

  test('an address that is learned is not known', () => {
    assert.deepEqual(shared(' standby 5 ip\n standby 5 priority 110'), []);
  });

  test('the lines beside it are known, and IPv6 is not ours', () => {
    const text = `${HEADER} standby version 2\n standby 5 priority 110\n standby 5 preempt\n standby 6 ipv6 autoconfig\n`;
    assert.deepEqual(linesIn('unknown', text), []);
    assert.deepEqual(deviceOf(text).interfaces[0]?.virtualAddresses, []);
  });

  for (const [name, indent] of [
    ['as a device prints it', ' '],
    ['with indentation lost', ''],
  ] as const) {
    test(`VRRPv3, ${name}`, () => {
      const text = [
        'interface Vlan210',
        ' ip address 10.20.10.2 255.255.255.0',
        ' vrrp 5 address-family ipv4',
        '  description the gateway',
        '  priority 120',
        '  address 10.20.10.1 primary',
        '  address 10.20.11.1 secondary',
        '  exit-vrrp',
        ' vrrp 6 address-family ipv4',
        '  address 10.20.10.9 primary',
        '  shutdown',
        '  exit-vrrp',
        ' ip access-group A in',
        '',
      ]
        .map((line) => (indent === '' ? line.trimStart() : line))
        .join('\n');
      const iface = interfaceOf(text, 'Vlan210');
      assert.deepEqual(
        iface.virtualAddresses.map(({ ip }) => formatIp(ip)),
        ['10.20.10.1', '10.20.11.1'],
      );
      assert.equal(iface.up, true);
      assert.equal(iface.description, undefined);
      assert.equal(iface.filters.length, 1);
      assert.deepEqual(linesIn('unknown', text), []);
    });
  }

  test('behind a group, and in a block that comes back, the interface itself is shut down', () => {
    const group = ' vrrp 5 address-family ipv4\n  address 10.20.10.1 primary\n';
    assert.equal(interfaceOf(`${HEADER}${group}  exit-vrrp\n shutdown\n`, 'Vlan210').up, false);
    assert.equal(interfaceOf(`${HEADER}${group}!\ninterface Vlan210\n shutdown\n`, 'Vlan210').up, false);
  });
});
