import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressesOf, deviceOf, interfaceOf, linesIn } from './support/read.js';

const block = (...lines: string[]): string => ['interface Vlan210', ...lines.map((line) => ` ${line}`), ''].join('\n');
const vlan = (...lines: string[]) => interfaceOf(block(...lines), 'Vlan210');

describe('names of interfaces', () => {
  const names: [written: string, name: string, kind: string, aliases: string[]][] = [
    ['GigabitEthernet0/1', 'GigabitEthernet0/1', 'physical', ['Gi0/1']],
    ['GigabitEthernet 0/1', 'GigabitEthernet0/1', 'physical', ['Gi0/1']],
    ['Gi0/1', 'Gi0/1', 'physical', ['GigabitEthernet0/1']],
    ['g0/1', 'g0/1', 'physical', ['GigabitEthernet0/1', 'Gi0/1']],
    ['TenGigabitEthernet1/0/1', 'TenGigabitEthernet1/0/1', 'physical', ['Te1/0/1']],
    ['GigabitEthernet0/0.210', 'GigabitEthernet0/0.210', 'subinterface', ['Gi0/0.210']],
    ['Vlan210', 'Vlan210', 'svi', ['Vl210']],
    ['vlan 210', 'vlan210', 'svi', ['Vlan210', 'Vl210']],
    ['Loopback0', 'Loopback0', 'loopback', ['Lo0']],
    ['Tunnel1', 'Tunnel1', 'tunnel', ['Tu1']],
    ['Port-channel1', 'Port-channel1', 'port-channel', ['Po1']],
    ['Serial0/0/0:15', 'Serial0/0/0:15', 'physical', ['Se0/0/0:15']],
    ['Serial0/1 point-to-point', 'Serial0/1', 'physical', ['Se0/1']],
    ['Dot11Radio0', 'Dot11Radio0', 'physical', ['Do0']],
    ['Frobnicate7', 'Frobnicate7', 'other', []],
  ];
  for (const [written, name, kind, aliases] of names) {
    it(written, () => {
      const [iface] = deviceOf(`interface ${written}\n`).interfaces;
      assert.deepEqual([iface?.name, iface?.kind, iface?.aliases], [name, kind, aliases]);
    });
  }

  it('in two spellings are one interface', () => {
    const { interfaces } = deviceOf(
      'interface Gi0/1\n shutdown\ninterface GigabitEthernet 0/1\n no shutdown\nint g0/1\n desc x\n',
    );
    assert.deepEqual(
      interfaces.map(({ name, up, description }) => [name, up, description]),
      [['Gi0/1', true, 'x']],
    );
  });
});

describe('addresses', () => {
  const cases: [name: string, lines: string[], addresses: string[]][] = [
    ['one', ['ip address 10.20.10.1 255.255.255.0'], ['10.20.10.1/24']],
    [
      'a second one',
      ['ip address 10.1.0.1 255.255.0.0', 'ip address 10.2.0.1 255.255.0.0 secondary'],
      ['10.1.0.1/16', '10.2.0.1/16 secondary'],
    ],
    ['a later primary one', ['ip address 10.1.0.1 255.255.0.0', 'ip address 10.2.0.1 255.255.0.0'], ['10.2.0.1/16']],
    [
      'abbreviated',
      ['ip addr 10.1.0.1 255.255.0.0', 'ip add 10.2.0.1 255.255.0.0 sec'],
      ['10.1.0.1/16', '10.2.0.1/16 secondary'],
    ],
    ['none', ['ip address 10.1.0.1 255.255.0.0', 'no ip address'], []],
    [
      'one taken away',
      [
        'ip address 10.1.0.1 255.255.0.0',
        'ip address 10.2.0.1 255.255.0.0 secondary',
        'no ip address 10.2.0.1 255.255.0.0 secondary',
      ],
      ['10.1.0.1/16'],
    ],
    ['a host', ['ip address 10.1.0.1 255.255.255.255'], ['10.1.0.1/32']],
    ['a point-to-point link', ['ip address 10.1.0.0 255.255.255.254'], ['10.1.0.0/31']],
    ['lost where the VRF is set behind it', ['ip address 10.1.0.1 255.255.0.0', 'vrf forwarding X'], []],
    [
      'kept where the VRF is set before it',
      ['ip vrf forwarding X', 'ip address 10.1.0.1 255.255.0.0'],
      ['10.1.0.1/16'],
    ],
    [
      'kept where the VRF is the same',
      ['vrf forwarding X', 'ip address 10.1.0.1 255.255.0.0', 'vrf forwarding X'],
      ['10.1.0.1/16'],
    ],
  ];
  for (const [name, lines, addresses] of cases) {
    it(name, () => assert.deepEqual(addressesOf(vlan(...lines)), addresses));
  }

  it('refuse a mask that is none', () => {
    const text = block('ip address 10.1.0.1 0.0.255.255');
    assert.deepEqual(addressesOf(interfaceOf(text, 'Vlan210')), []);
    assert.deepEqual(linesIn('unknown', text), ['ip address 10.1.0.1 0.0.255.255']);
  });

  it('are learned by DHCP, and with them perhaps a default route', () => {
    const { learnsAddress } = vlan('ip address dhcp');
    assert.deepEqual([learnsAddress?.word, learnsAddress?.mayLearnDefaultRoute], ['dhcp', true]);
  });

  it('are learned by PPP, and with them a default route only where a line asks for it', () => {
    assert.equal(vlan('ip address negotiated').learnsAddress?.mayLearnDefaultRoute, false);
    assert.equal(vlan('ip address negotiated', 'ppp ipcp route default').learnsAddress?.mayLearnDefaultRoute, true);
  });

  it('are borrowed', () => {
    const iface = vlan('ip unnumbered Loopback0');
    assert.deepEqual([addressesOf(iface), iface.learnsAddress?.word], [[], 'unnumbered Loopback0']);
  });
});

describe('what else an interface says', () => {
  it('description, with all its blanks and signs', () => {
    assert.equal(vlan('description  Patient monitors! "A"').description, 'Patient monitors! "A"');
  });

  it('whether it is up', () => {
    assert.equal(vlan('shutdown').up, false);
    assert.equal(vlan('shutdown', 'no shutdown').up, true);
    assert.equal(vlan('sh').up, false);
  });

  it('a subinterface goes down with its interface', () => {
    const text = 'interface Gi0/0\n shutdown\ninterface GigabitEthernet0/0.210\n encapsulation dot1Q 210\n';
    const iface = interfaceOf(text, 'GigabitEthernet0/0.210');
    assert.deepEqual([iface.up, iface.vlan], [false, 210]);
  });

  it('the VLAN of an SVI and of a tag', () => {
    assert.equal(vlan().vlan, 210);
    assert.equal(interfaceOf('interface Gi0/0.5\n enc dot 210 native\n', 'Gi0/0.5').vlan, 210);
    assert.equal(
      interfaceOf('interface Gi0/0.5\n encapsulation dot1q 210 second-dot1q 7\n', 'Gi0/0.5').vlan,
      undefined,
    );
  });

  it('its VRF', () => {
    assert.equal(vlan().vrf, 'default');
    assert.equal(vlan('vrf forwarding MED').vrf, 'MED');
    assert.equal(vlan('ip vrf forwarding MED').vrf, 'MED');
    assert.equal(vlan('ip vrf forwarding MED', 'no ip vrf forwarding MED').vrf, 'default');
  });

  it('whether it switches', () => {
    const port = (...lines: string[]) => interfaceOf(`interface Gi0/1\n ${lines.join('\n ')}\n`, 'Gi0/1').switchport;
    assert.equal(port('switchport mode access'), true);
    assert.equal(port('switchport access vlan 210', 'no switchport', 'ip address 10.0.0.1 255.0.0.0'), false);
    assert.equal(port('description x'), false);
  });

  it('reverse-path checks', () => {
    assert.equal(vlan('ip verify unicast source reachable-via rx').reversePath?.mode, 'strict');
    assert.equal(vlan('ip verify unicast source reachable-via any allow-default').reversePath?.mode, 'loose');
    assert.equal(vlan('ip verify unicast reverse-path').reversePath?.mode, 'strict');
  });

  it('reverse-path checks with exceptions may drop', () => {
    const { reversePath, uncertainties } = vlan('ip verify unicast source reachable-via rx 101');
    assert.equal(reversePath, undefined);
    assert.deepEqual(
      uncertainties.map(({ effect, direction }) => [effect, direction]),
      [['may-drop', 'in']],
    );
  });
});

describe('filters', () => {
  const filters = (...lines: string[]) => vlan(...lines).filters.map(({ names, direction }) => [...names, direction]);

  it('of both directions', () => {
    assert.deepEqual(filters('ip access-group IN in', 'ip access-group 101 out'), [
      ['IN', 'in'],
      ['101', 'out'],
    ]);
  });

  it('replace the one before', () => {
    assert.deepEqual(filters('ip access-group A in', 'ip access-group B in'), [['B', 'in']]);
  });

  it('are taken away', () => {
    assert.deepEqual(filters('ip access-group A in', 'no ip access-group A in'), []);
  });

  it('are chained with a common one', () => {
    assert.deepEqual(filters('ip access-group common C X in'), [['C', 'X', 'in']]);
    assert.deepEqual(filters('ip access-group common C in'), [['C', 'in']]);
    assert.deepEqual(filters('ip access-group common in'), [['common', 'in']]);
  });

  it('without a direction may drop either way', () => {
    const iface = vlan('ip access-group 101');
    assert.deepEqual(iface.filters, []);
    assert.deepEqual(
      iface.uncertainties.map(({ effect, direction }) => [effect, direction]),
      [['may-drop', 'both']],
    );
  });

  it('name a list that need not be there', () => {
    const device = deviceOf(block('ip access-group NOT-THERE in'));
    assert.equal(device.acls.size, 0);
    assert.deepEqual(
      device.references.filter(({ kind }) => kind === 'acl').map(({ name, use }) => [name, use]),
      [['NOT-THERE', 'filter']],
    );
  });
});

describe('features that are not modelled', () => {
  const effects = (text: string) =>
    interfaceOf(text, 'Vlan210').uncertainties.map(({ effect, direction, fields }) => [
      effect,
      direction,
      ...(fields ?? []),
    ]);

  it('zones', () => {
    const iface = vlan('zone-member security MEDICAL');
    assert.equal(iface.zone, 'MEDICAL');
    assert.deepEqual(effects(block('zone-member security MEDICAL')), []);
  });

  it('policy routing is rules, and no doubt of the interface', () => {
    const text = `${block('ip policy route-map PBR')}route-map PBR permit 10\n set ip next-hop 10.0.0.1\n`;
    assert.deepEqual(effects(text), []);
    assert.deepEqual(
      deviceOf(text).routingRules?.map(({ action }) => action.kind),
      ['next-hops', 'table', 'table'],
    );
    assert.equal(deviceOf(block()).routingRules, undefined);
  });

  it('policy routing by a route map that no line defines', () => {
    assert.deepEqual(
      deviceOf(block('ip policy route-map PBR')).routingRules?.map(({ action }) => action.kind),
      ['unknown', 'table'],
    );
  });

  it('bridging', () => assert.deepEqual(effects(block('bridge-group 1')), [['may-reroute', 'in']]));

  it('VLAN access maps', () => {
    const filtered = (vlans: string) =>
      deviceOf(`${block('ip address 10.0.0.1 255.255.255.0')}vlan filter MAP vlan-list ${vlans}\n`).policies?.map(
        ({ when }) => when,
      );
    const at = (...names: string[]) => (['in', 'out'] as const).map((kind) => [{ kind, names, negated: false }]);
    assert.deepEqual(filtered('210'), at('Vlan210'));
    assert.deepEqual(filtered('200-220'), at('Vlan210', 'VLANs 200-209,211-220'));
    assert.deepEqual(filtered('all'), at('Vlan210', 'VLANs 1-209,211-4094'));
    assert.deepEqual(filtered('211'), at('VLAN 211'));
  });

  const features: [line: string, effect: string, direction: string][] = [
    ['ip wccp web-cache redirect in', 'may-reroute', 'in'],
    ['ip wccp 61 redirect out', 'may-drop', 'out'],
    ['ip admission GUESTS', 'may-drop', 'in'],
    ['ip ips SIGNATURES out', 'may-drop', 'out'],
    ['cts role-based enforcement', 'may-drop', 'both'],
    ['xconnect 10.0.0.9 100 encapsulation mpls', 'may-reroute', 'in'],
  ];
  for (const [line, effect, direction] of features) {
    it(line, () => assert.deepEqual(effects(block(line)), [[effect, direction]]));
  }

  it('security groups on the whole switch', () => {
    assert.deepEqual(effects(`cts role-based enforcement\n${block()}`), [['may-drop', 'out']]);
  });

  it('policies that drop, and not those that shape or police', () => {
    const apply = block('service-policy input P');
    assert.deepEqual(effects(`policy-map P\n class C\n  drop\n${apply}`), [['may-drop', 'in']]);
    assert.deepEqual(
      effects(`policy-map P\n class C\n  police 8000 conform-action drop exceed-action drop\n${apply}`),
      [['may-drop', 'in']],
    );
    assert.deepEqual(
      effects(`policy-map P\n class C\n  police 8000 conform-action transmit exceed-action drop\n${apply}`),
      [],
    );
    assert.deepEqual(effects(`policy-map Q\n class C\n  drop\npolicy-map P\n class D\n  service-policy Q\n${apply}`), [
      ['may-drop', 'in'],
    ]);
    assert.deepEqual(effects(`policy-map P\n class C\n  set dscp ef\n${apply}`), []);
  });

  it('the list of a layer-2 port', () => {
    const text = 'interface Gi0/1\n switchport mode access\n ip access-group A in\n';
    assert.deepEqual(linesIn('unmodelled', text), ['ip access-group A in']);
    assert.deepEqual(linesIn('unmodelled', block('ip access-group A in')), []);
  });

  it('NAT that is not modelled, or not understood', () => {
    const inside = block('ip nat inside');
    assert.deepEqual(effects(`${inside}ip nat inside source list 1 interface Gi0/1 overload\n`), []);
    assert.deepEqual(effects(`${inside}ip nat inside source list 1 nowhere\n`), [
      ['may-rewrite', 'in', 'src', 'srcPort', 'dst', 'dstPort'],
    ]);
    assert.deepEqual(effects(`${block('ip nat outside')}ip nat outside source static 1.1.1.1\n`), [
      ['may-rewrite', 'out', 'src', 'srcPort', 'dst', 'dstPort'],
    ]);
    assert.deepEqual(effects(`${block('ip nat enable')}ip nat source list 1 interface Gi0/1 overload\n`), [
      ['may-rewrite', 'in', 'src', 'srcPort'],
      ['may-rewrite', 'out', 'src', 'srcPort'],
    ]);
    assert.deepEqual(effects(`${inside}ip nat source list 1 interface Gi0/1 overload\n`), []);
  });
});

describe('interface commands of several interfaces, and none', () => {
  it('range', () => {
    const { interfaces } = deviceOf('interface range Gi0/1 - 3, Vlan210 , te1/0/7\n ip access-group A in\n');
    assert.deepEqual(
      interfaces.map(({ name, filters }) => [name, filters.length]),
      [
        ['Gi0/1', 1],
        ['Gi0/2', 1],
        ['Gi0/3', 1],
        ['Vlan210', 1],
        ['te1/0/7', 1],
      ],
    );
  });

  it('range by a name', () => {
    const text =
      'define interface-range UP Gi0/1 - 2 , Te0/1\ninterface Vlan1\ninterface range macro UP\n ip access-group A in\n';
    assert.deepEqual(
      deviceOf(text).interfaces.map(({ name, filters }) => [name, filters.length]),
      [
        ['Vlan1', 0],
        ['Gi0/1', 1],
        ['Gi0/2', 1],
        ['Te0/1', 1],
      ],
    );
  });

  it('of a range that is not understood are not those of the interface before', () => {
    const text = 'interface Vlan1\ninterface range macro NOT-THERE\n ip access-group A in\n';
    assert.deepEqual(interfaceOf(text, 'Vlan1').filters, []);
    assert.deepEqual(linesIn('unknown', text).length > 0, true);
  });

  it('no interface', () => {
    assert.deepEqual(deviceOf(`${block('shutdown')}no interface Vlan210\n`).interfaces, []);
  });

  it('default interface', () => {
    const iface = interfaceOf(`${block('ip access-group A in', 'shutdown')}default interface Vlan 210\n`, 'Vlan210');
    assert.deepEqual([iface.filters, iface.up], [[], true]);
  });

  it('blocks inside the block say nothing about the interface', () => {
    const text = [
      'interface GigabitEthernet0/0/1',
      ' ip address 10.0.0.1 255.0.0.0',
      ' service instance 2 ethernet',
      '  description not the interface',
      '  encapsulation dot1q 99',
      '  shutdown',
      ' !',
      ' ip access-group A in',
      '',
    ].join('\n');
    for (const each of [text, text.replace(/^ +/gm, '').replace('shutdown\n', '')]) {
      const iface = interfaceOf(each, 'GigabitEthernet0/0/1');
      assert.deepEqual(
        [iface.up, iface.description, iface.vlan, iface.filters.length],
        [true, undefined, undefined, 1],
      );
    }
  });
});
