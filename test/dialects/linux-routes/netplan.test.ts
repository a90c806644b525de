import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf, doubtsOf, interfacesOf, linesIn, routesOf, rulesOf } from './support/read.js';

const NAME = 'gw/01-netcfg.yaml';

test('netplan', () => {
  const text = `# ward gateway
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0: {}
    wan:
      match: {macaddress: "00:11:22:33:44:55"}
      set-name: wan0
      dhcp4: true
      dhcp4-overrides:
        use-routes: false
    eth1:
      addresses: [192.0.2.2/24, "2001:db8::2/64"]
      gateway4: 192.0.2.1   # old
      nameservers:
        addresses: [192.0.2.53]
      routes:
        - to: 10.8.0.0/16
          via: 192.0.2.9
          metric: 50
        - to: default
          via: 192.0.2.7
          table: 100
        - {to: 202.114.4.0/24, type: blackhole}
        - to: ::/0
          via: 2001:db8::1
      routing-policy:
      - from: 10.20.10.0/24
        table: 100
        priority: 50
  vlans:
    medical:
      id: 210
      link: eth0
      addresses:
      - 10.20.10.1/24
      - 10.20.11.1/24:
          label: second
  bridges:
    br0:
      interfaces: [eth4, eth5]
      addresses: [10.30.0.1/24]
  vrfs:
    blue:
      table: 1000
      interfaces: [eth6]
      routes:
      - to: default
        via: 10.99.0.1
`;
  const device = deviceOf(text, NAME);
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 dev eth1',
    '10.8.0.0/16 via 192.0.2.9 dev eth1 [50]',
    '202.114.4.0/24 discard',
    'table 100: 0.0.0.0/0 via 192.0.2.7 dev eth1',
    'blue: 0.0.0.0/0 via 10.99.0.1',
  ]);
  assert.deepEqual(interfacesOf(device).sort(), [
    'blue other',
    'br0 other 10.30.0.1 in 10.30.0.0/24',
    'eth0 physical',
    'eth1 physical 192.0.2.2 in 192.0.2.0/24',
    'eth4 physical port',
    'eth5 physical port',
    'eth6 physical vrf blue',
    'medical subinterface vlan 210 10.20.10.1 in 10.20.10.0/24 10.20.11.1 in 10.20.11.0/24',
    'wan0 physical learns by dhcp4',
  ]);
  assert.equal(device.interfaces.find(({ name }) => name === 'wan0')?.learnsAddress?.mayLearnDefaultRoute, false);
  assert.deepEqual(rulesOf(device).slice(0, 2), ['50: src 10.20.10.0/24 table table 100', '1000: in eth6 table blue']);
  assert.deepEqual(doubtsOf(device), []);
  assert.deepEqual(linesIn('unknown', text, NAME), []);
  assert.deepEqual(linesIn('unmodelled', text, NAME), []);
});

const HEAD = 'network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [10.0.0.1/24]\n';

test('a flow over several lines, and quotes of both sorts', () => {
  const text = `${HEAD}      routes: [{to: "10.8.0.0/16", via: '10.0.0.9'},\n        {to: 10.9.0.0/16,  # why\n         via: 10.0.0.8}]\n`;
  assert.deepEqual(routesOf(deviceOf(text, NAME)), [
    '10.8.0.0/16 via 10.0.0.9 dev eth0',
    '10.9.0.0/16 via 10.0.0.8 dev eth0',
  ]);
});

test('what is not read of YAML leaves a doubt where routes stand', () => {
  for (const routes of [
    '*shared',
    '&a\n        - to: default\n          via: 10.0.0.9',
    '!!seq [a]',
    '[{to: default, via: 10.0.0.9',
  ]) {
    assert.notDeepEqual(doubtsOf(deviceOf(`${HEAD}      routes: ${routes}\n`, NAME)), [], routes);
  }
  assert.notDeepEqual(doubtsOf(deviceOf(`${HEAD}      <<: *shared\n`, NAME)), []);
  assert.notDeepEqual(
    doubtsOf(deviceOf(`${HEAD}      routes:\n      - to: 10.0.0.0/8\n        via: \${gw}\n`, NAME)),
    [],
  );
});

test('an alias is never followed', () => {
  const bomb = ['a: &a [x, x]', ...Array.from({ length: 40 }, (_, at) => `b${at}: &b${at} [*a, *a, *b${at - 1}]`)].join(
    '\n',
  );
  assert.deepEqual(routesOf(deviceOf(`${HEAD}${bomb}\n`, NAME)), []);
});
