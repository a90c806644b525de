import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatIp } from '../../../server/src/core/net/ip.js';
import { formatPrefix } from '../../../server/src/core/net/prefix.js';
import { deviceOf, formatRoute, linesIn, vrfOf } from './support/read.js';

const routes = (text: string, vrf = 'default'): string[] => vrfOf(text, vrf).staticRoutes.map(formatRoute);

describe('static routes', () => {
  const cases: [line: string, route: string][] = [
    ['ip route 0.0.0.0 0.0.0.0 10.0.0.254', '0.0.0.0/0 10.0.0.254 [1]'],
    ['ip route 10.1.0.0 255.255.0.0 Gi0/1', '10.1.0.0/16 Gi0/1 [1]'],
    ['ip route 10.1.0.0 255.255.0.0 GigabitEthernet 0/1', '10.1.0.0/16 GigabitEthernet0/1 [1]'],
    ['ip route 10.1.0.0 255.255.0.0 GigabitEthernet0/1 10.0.0.9', '10.1.0.0/16 GigabitEthernet0/1 10.0.0.9 [1]'],
    ['ip route 202.114.4.0 255.255.255.0 Null0', '202.114.4.0/24 discard [1]'],
    ['ip route 202.114.4.0 255.255.255.0 null 0 name ICSMA', '202.114.4.0/24 discard [1]'],
    ['ip route 10.1.0.0 255.255.0.0 10.0.0.9 200', '10.1.0.0/16 10.0.0.9 [200]'],
    ['ip route 10.1.0.0 255.255.0.0 10.0.0.9 255', '10.1.0.0/16 10.0.0.9 [Infinity]'],
    ['ip route 10.1.0.0 255.255.0.0 10.0.0.9 5 tag 7 permanent', '10.1.0.0/16 10.0.0.9 [5] permanent'],
    ['ip route 10.1.0.0 255.255.0.0 10.0.0.9 name TO-THE 20 track 5', '10.1.0.0/16 10.0.0.9 [20] (track 5)'],
    ['ip route 10.1.0.0 255.255.0.0 10.0.0.9 name "to the lab" 30', '10.1.0.0/16 10.0.0.9 [30]'],
    ['ip ro 10.1.0.0 255.255.0.0 10.0.0.9', '10.1.0.0/16 10.0.0.9 [1]'],
    ['ip route 10.1.2.3 255.255.0.0 10.0.0.9', '10.1.0.0/16 10.0.0.9 [1] (its address has bits outside its mask)'],
    ['ip route 0.0.0.0 0.0.0.0 Gi0/1 dhcp 250', '0.0.0.0/0 Gi0/1 [250] (dhcp)'],
  ];
  for (const [line, route] of cases) {
    it(line, () => assert.deepEqual(routes(`${line}\n`), [route]));
  }

  it('in a VRF, and out of it', () => {
    const text = 'ip route vrf MED 0.0.0.0 0.0.0.0 10.0.0.9\nip route vrf MED 10.0.0.0 255.0.0.0 10.9.0.9 global\n';
    assert.deepEqual(routes(text, 'MED'), ['0.0.0.0/0 10.0.0.9 [1]', '10.0.0.0/8 10.9.0.9 [1] in default']);
    assert.deepEqual(routes(text), []);
  });

  it('are named as the interface is', () => {
    const iface = 'interface GigabitEthernet0/1\n ip address 192.0.2.1 255.255.255.252\n';
    assert.deepEqual(routes(`${iface}ip route 10.0.0.0 255.0.0.0 g0/1\n`), ['10.0.0.0/8 GigabitEthernet0/1 [1]']);
  });

  it('change where they are written again', () => {
    assert.deepEqual(routes('ip route 10.0.0.0 255.0.0.0 10.9.0.9\nip route 10.0.0.0 255.0.0.0 10.9.0.9 200\n'), [
      '10.0.0.0/8 10.9.0.9 [200]',
    ]);
  });

  it('are taken away, one or all of a prefix', () => {
    const text = 'ip route 10.0.0.0 255.0.0.0 10.9.0.8\nip route 10.0.0.0 255.0.0.0 10.9.0.9\n';
    assert.deepEqual(routes(`${text}no ip route 10.0.0.0 255.0.0.0 10.9.0.9\n`), ['10.0.0.0/8 10.9.0.8 [1]']);
    assert.deepEqual(routes(`${text}no ip route 10.0.0.0 255.0.0.0\n`), []);
  });

  it('for multicast are none', () => {
    assert.deepEqual(routes('ip route 10.0.0.0 255.0.0.0 10.9.0.9 multicast\n'), []);
  });

  it('that BFD watches may be absent', () => {
    const text = 'ip route static bfd Gi0/1 10.9.0.9\nip route 10.0.0.0 255.0.0.0 GigabitEthernet0/1 10.9.0.9\n';
    assert.deepEqual(routes(text), ['10.0.0.0/8 GigabitEthernet0/1 10.9.0.9 [1] (its BFD session)']);
  });

  for (const line of [
    'ip route 10.0.0.0 255.0.255.0 10.9.0.9',
    'ip route 10.0.0.0',
    'ip route 10.0.0.0 255.0.0.0 10.9.0.9 frob',
    'no ip route frob',
  ]) {
    it(`that are not understood leave the table uncertain: ${line}`, () => {
      const text = `${line}\n`;
      assert.deepEqual(
        vrfOf(text).uncertainties.map(({ origin }) => origin.label),
        [line],
      );
      assert.deepEqual(
        deviceOf(text).unread.map(({ label }) => label),
        [line],
      );
      assert.deepEqual(linesIn('unknown', text), [line]);
    });
  }

  it('by DHCP alone leave the table uncertain', () => {
    assert.equal(vrfOf('ip route 0.0.0.0 0.0.0.0 dhcp\n').uncertainties.length, 1);
  });
});

describe('routing as a whole', () => {
  it('is on unless it is switched off', () => {
    assert.equal(deviceOf('hostname x\n').routes, true);
    assert.equal(deviceOf('no ip routing\n').routes, false);
    assert.equal(deviceOf('no ip routing\nip routing\n').routes, true);
  });

  it('may have a default gateway', () => {
    assert.equal(formatIp(deviceOf('ip default-gateway 10.0.0.254\n').defaultGateway?.ip ?? 0), '10.0.0.254');
    assert.equal(deviceOf('ip default-gateway 10.0.0.254\nno ip default-gateway\n').defaultGateway, undefined);
  });

  it('may have a default network, which is classful', () => {
    assert.deepEqual(
      vrfOf('ip default-network 172.16.0.0\n').defaultNetworks.map(({ prefix }) => formatPrefix(prefix)),
      ['172.16.0.0/16'],
    );
    assert.equal(vrfOf('ip default-network 172.16.1.0\n').uncertainties.length, 1);
  });
});

describe('dynamic protocols', () => {
  const protocols = (text: string, vrf = 'default'): string[] =>
    vrfOf(text, vrf).dynamicProtocols.map(({ name }) => name);
  const cases: [text: string, vrf: string, names: string[]][] = [
    ['router ospf 1\n network 10.0.0.0 0.255.255.255 area 0\n', 'default', ['OSPF 1']],
    ['router ospf 2 vrf MED\n', 'MED', ['OSPF 2']],
    ['router ospf 2 vrf MED\n', 'default', []],
    ['router eigrp 100\n', 'default', ['EIGRP 100']],
    ['router eigrp CAMPUS\n address-family ipv4 unicast autonomous-system 7\n', 'default', ['EIGRP 7']],
    ['router eigrp CAMPUS\n address-family ipv4 unicast vrf MED autonomous-system 7\n', 'MED', ['EIGRP 7']],
    ['router bgp 65001\n neighbor 10.0.0.1 remote-as 65002\n', 'default', ['BGP 65001']],
    ['router bgp 65001\n address-family ipv4 vrf MED\n', 'MED', ['BGP 65001']],
    ['router ospfv3 1\n address-family ipv6 unicast\n', 'default', []],
    ['router ospfv3 1\n address-family ipv4 unicast\n', 'default', ['OSPFv3 1']],
    ['router rip\n version 2\n', 'default', ['RIP']],
    ['router rip\n address-family ipv4 vrf MED\n', 'MED', ['RIP']],
    ['router isis CORE\n', 'default', ['IS-IS CORE']],
    ['router isis CORE\n vrf MED\n', 'MED', ['IS-IS CORE']],
    ['interface Vlan1\n ip ospf 5 area 0\n', 'default', ['OSPF 5']],
    ['router ospf 5\ninterface Vlan1\n ip ospf 5 area 0\n', 'default', ['OSPF 5']],
    ['router ospf 1\nno router ospf 1\n', 'default', []],
  ];
  for (const [text, vrf, names] of cases) {
    it(`${text.trim().replaceAll('\n', ' /')} in ${vrf}`, () => {
      const known = deviceOf(text).vrfs.some(({ name }) => name === vrf);
      assert.deepEqual(known ? protocols(text, vrf) : [], names);
    });
  }
});

describe('VLANs and VRFs', () => {
  it('lists, ranges and names of VLANs', () => {
    const { vlans } = deviceOf('vlan 10,20-22\nvlan 210\n name PATIENT MONITORS\nvlan 300 name OLD\nno vlan 21\n');
    assert.deepEqual(
      vlans.map(({ id, name }) => [id, name]),
      [
        [10, undefined],
        [20, undefined],
        [22, undefined],
        [210, 'PATIENT MONITORS'],
        [300, 'OLD'],
      ],
    );
  });

  it('the VLAN database', () => {
    const { vlans } = deviceOf('vlan database\n vlan 210 name MONITORS\n vlan 220 name PUMPS\n');
    assert.deepEqual(
      vlans.map(({ id, name }) => `${id} ${name}`),
      ['210 MONITORS', '220 PUMPS'],
    );
  });

  it('VRFs that are defined, used, or both', () => {
    const text = 'ip vrf A\nvrf definition B\n rd 1:1\ninterface Vlan1\n vrf forwarding C\n';
    assert.deepEqual(
      deviceOf(text).vrfs.map(({ name }) => name),
      ['default', 'A', 'B', 'C'],
    );
  });
});
