import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf, doubtsOf, interfacesOf, linesIn, read, routesOf, rulesOf } from './support/read.js';

test('what ip prints, with prompts around it', () => {
  const text = `root@gw:~# ip -br addr
lo               UNKNOWN        127.0.0.1/8 ::1/128
eth0.210@eth0    UP             10.20.10.1/24 fe80::1/64
root@gw:~# ip rule show
0:\tfrom all lookup local
100:\tfrom 10.20.10.0/24 fwmark 0x1/0xff iif eth0.210 lookup 100
32766:\tfrom all lookup main
root@gw:~# ip route
default proto static metric 1024
\tnexthop via 192.0.2.1 dev eth1 weight 1
\tnexthop via 192.0.2.7 dev eth1 weight 1
10.8.0.0/16 via 10.20.10.9 dev eth0.210 dead linkdown
10.20.10.0/24 dev eth0.210 proto kernel scope link src 10.20.10.1
192.0.2.0/24 dev eth1 proto kernel scope link src 192.0.2.2
root@gw:~# ip route show table 100
throw 10.0.0.0/8
10.7.0.0/16 dev eth1
root@gw:~# uptime
 12:00 up 3 days
`;
  const { device, claims } = read(text);
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 dev eth1 [1024]',
    '0.0.0.0/0 via 192.0.2.7 dev eth1 [1024]',
    '10.8.0.0/16 via 10.20.10.9 dev eth0.210 (it was dead when this was saved)',
    'table 100: 10.7.0.0/16 dev eth1',
  ]);
  assert.deepEqual(interfacesOf(device), [
    'lo loopback 127.0.0.1 in 127.0.0.0/8',
    'eth0.210 subinterface vlan 210 10.20.10.1 in 10.20.10.0/24',
    'eth1 physical 192.0.2.2 in 192.0.2.0/24',
  ]);
  assert.deepEqual(rulesOf(device), [
    '100: src 10.20.10.0/24 mark 1/ff in eth0.210 not (dst 10.0.0.0/8 and not dst 10.7.0.0/16) table table 100',
    '32766: table default',
  ]);
  assert.deepEqual(claims, ['addresses', 'routes 100', 'routes main', 'rules']);
  assert.deepEqual(linesIn('unknown', text), []);
});

test('of all tables, those that are not named are the main one', () => {
  const text = `root@gw:~# ip route show table all
default via 192.0.2.1 dev eth1
10.8.0.0/16 proto static metric 20
\tnexthop via 192.0.2.7 dev eth1 weight 1
\tnexthop via 192.0.2.8 dev eth1 weight 1
10.9.0.0/16 table 100 proto static
\tnexthop via 192.0.2.7 dev eth1 weight 1
default via 192.0.2.9 dev eth1 table 100
10.10.0.0/16 strange new words
10.11.0.0/16 other new words table 100
`;
  const { device } = read(text);
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 dev eth1',
    '10.8.0.0/16 via 192.0.2.7 dev eth1 [20]',
    '10.8.0.0/16 via 192.0.2.8 dev eth1 [20]',
    'table 100: 10.9.0.0/16 via 192.0.2.7 dev eth1',
    'table 100: 0.0.0.0/0 via 192.0.2.9 dev eth1',
  ]);
  const doubts = device.vrfs.map(({ name, uncertainties }) => [name, uncertainties.map(({ words }) => words).join()]);
  assert.deepEqual(Object.fromEntries(doubts.filter(([, words]) => words !== '')), {
    default: '"10.10.0.0/16 strange new words" is not understood',
    'table 100': '"10.11.0.0/16 other new words table 100" is not understood',
  });
});

test('a main table of links alone has no default route to assume', () => {
  const text = '10.20.10.0/24 dev eth0 proto kernel scope link src 10.20.10.1\n';
  assert.deepEqual(routesOf(deviceOf(text)), ['10.20.10.0/24 dev eth0']);
});

test('ip -d link: VLANs, VRFs, bridges, and what is down', () => {
  const text = `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000
    link/ether 00:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff promiscuity 0
    alias uplink of the ward
    altname enp1s0
3: medical@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br9 state UP
    link/ether 00:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff
    vlan protocol 802.1Q id 210 <REORDER_HDR> addrgenmode eui64
    inet 10.20.10.1/24 brd 10.20.10.255 scope global medical
       valid_lft forever preferred_lft forever
4: eth4: <BROADCAST,MULTICAST> mtu 1500 qdisc noop master blue state DOWN
5: blue: <NOARP,MASTER,UP,LOWER_UP> mtu 65575 qdisc noqueue state UP
    vrf table 10 addrgenmode eui64
`;
  assert.deepEqual(interfacesOf(deviceOf(text)), [
    'eth0 physical "uplink of the ward"',
    'medical subinterface vlan 210 10.20.10.1 in 10.20.10.0/24',
    'eth4 physical vrf blue down',
    'blue other',
  ]);
  assert.deepEqual(linesIn('unknown', text), []);
});

test('ifupdown', () => {
  const text = `auto lo eth0 eth0.210 br0 ward
iface lo inet loopback
iface eth0 inet manual
iface eth0.210 inet static
    address 10.20.10.1
    netmask 255.255.255.0
    up ip route add 10.8.0.0/16 via 10.20.10.9 dev $IFACE || true
    post-up ip rule add from 10.20.10.0/24 lookup 100 prio 100
    down ip route del 10.8.0.0/16
allow-hotplug eth1
iface eth1 inet static
    address 192.0.2.2/24
    gateway 192.0.2.1
    metric 20
    dns-nameservers 192.0.2.53
iface eth1 inet6 static
    address 2001:db8::1/64
iface eth3 inet static
    address 10.33.0.1/24
    up ip route add 10.9.0.0/16 via 10.33.0.9
iface br0 inet static
    address 10.30.0.1/24
    bridge_ports eth0.30 eth4
iface ward inet static
    address 10.40.0.1/24
    vlan-raw-device eth0
    vlan-id 40
`;
  const device = deviceOf(text, 'gw/interfaces');
  assert.deepEqual(routesOf(device), [
    '10.8.0.0/16 via 10.20.10.9 dev eth0.210',
    '10.9.0.0/16 via 10.33.0.9 ("iface eth3 inet static" is not brought up by itself (no "auto eth3"))',
    '0.0.0.0/0 via 192.0.2.1 dev eth1 [20]',
  ]);
  assert.deepEqual(interfacesOf(device), [
    'lo loopback',
    'eth0 physical',
    'eth0.210 subinterface vlan 210 10.20.10.1 in 10.20.10.0/24',
    'eth1 physical 192.0.2.2 in 192.0.2.0/24',
    'eth3 physical 10.33.0.1 in 10.33.0.0/24 in doubt',
    'br0 other vlan 30 10.30.0.1 in 10.30.0.0/24',
    'eth0.30 subinterface port',
    'eth4 physical port',
    'ward subinterface vlan 40 10.40.0.1 in 10.40.0.0/24',
  ]);
  assert.deepEqual(rulesOf(device)[0], '100: src 10.20.10.0/24 table table 100');
  assert.deepEqual(linesIn('unknown', text, 'gw/interfaces'), []);
});

test('ifupdown takes other files in, once, and says so', () => {
  const more = 'auto eth1\niface eth1 inet static\n  address 192.0.2.2/24\n  gateway 192.0.2.1\nsource interfaces\n';
  const { device, includes } = read(
    'auto lo\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n',
    'gw/interfaces',
    {
      'gw/interfaces.d/eth1': more,
      'gw/interfaces': more,
    },
  );
  assert.deepEqual(includes, ['gw/interfaces.d/eth1']);
  assert.deepEqual(routesOf(device), ['0.0.0.0/0 via 192.0.2.1 dev eth1']);
  assert.equal(device.vrfs[0]?.staticRoutes[0]?.origin.file, 'gw/interfaces.d/eth1');
});

test('networkd', () => {
  const device = deviceOf(
    `[Match]
Name=eth1

[Network]
Address=192.0.2.2/24
Gateway=192.0.2.1
VLAN=eth1.210

[Route]
Destination=10.8.0.0/16
Gateway=192.0.2.9
Metric=10

[Route]
Destination=202.114.4.0/24
Type=blackhole

[RoutingPolicyRule]
From=10.20.10.0/24
Table=100
Priority=77
`,
    'gw/eth1.network',
  );
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 dev eth1',
    '10.8.0.0/16 via 192.0.2.9 dev eth1 [10]',
    '202.114.4.0/24 discard',
  ]);
  assert.deepEqual(interfacesOf(device), ['eth1 physical 192.0.2.2 in 192.0.2.0/24', 'eth1.210 subinterface vlan 210']);
  assert.deepEqual(rulesOf(device)[0], '77: src 10.20.10.0/24 table table 100');
  const netdev = deviceOf('[NetDev]\nName=medical\nKind=vlan\n[VLAN]\nId=210\n', 'gw/medical.netdev');
  assert.deepEqual(interfacesOf(netdev), ['medical subinterface vlan 210']);
});

test('a unit that does not name its interface leaves its routes in doubt', () => {
  const device = deviceOf('[Match]\nName=en*\n[Network]\nAddress=10.0.0.2/24\nGateway=10.0.0.1\n', 'gw/en.network');
  assert.deepEqual(routesOf(device), []);
  assert.equal(doubtsOf(device).length, 1);
});

test('FRR', () => {
  const text = `frr version 8.4.4
hostname gw
no ip forwarding
!
ip route 0.0.0.0/0 192.0.2.1
ip route 202.114.4.0/24 blackhole
ip route 10.8.0.0/16 10.20.10.9 eth0.210 20
ip route 10.8.0.0/16 10.20.10.10 20
ip route 10.9.0.0/16 Null0 255
ip route 10.7.0.0 255.255.0.0 10.20.10.8 tag 5 table 100
!
vrf blue
 ip route 0.0.0.0/0 10.99.0.1
 ip route 10.0.0.0/8 192.0.2.7 nexthop-vrf default
exit-vrf
!
interface eth0.210
 description monitors
 ip address 10.20.10.1/24
exit
!
interface eth6 vrf blue
 ip address 10.99.0.2/24
 shutdown
exit
!
router ospf
 distance 90
exit
!
router bgp 65001 vrf blue
 neighbor 10.99.0.1 remote-as 65002
exit
!
line vty
`;
  const device = deviceOf(text, 'gw/frr.conf');
  assert.deepEqual(routesOf(device), [
    '0.0.0.0/0 via 192.0.2.1 [1]',
    '202.114.4.0/24 discard [1]',
    '10.8.0.0/16 via 10.20.10.9 dev eth0.210 [20]',
    '10.8.0.0/16 via 10.20.10.10 [20]',
    'table 100: 10.7.0.0/16 via 10.20.10.8 [1] in default',
    'blue: 0.0.0.0/0 via 10.99.0.1 [1]',
    'blue: 10.0.0.0/8 via 192.0.2.7 [1] in default',
  ]);
  assert.deepEqual(interfacesOf(device), [
    'eth0.210 subinterface vlan 210 10.20.10.1 in 10.20.10.0/24 "monitors"',
    'eth6 physical vrf blue down 10.99.0.2 in 10.99.0.0/24',
  ]);
  const protocols = device.vrfs.flatMap(({ name, dynamicProtocols }) =>
    dynamicProtocols.map((one) => `${name} ${one.name} ${one.distance}`),
  );
  assert.deepEqual(protocols, ['default OSPF 90', 'blue BGP 65001 20']);
  assert.equal(device.policies?.[0]?.end.action, 'drop');
  assert.deepEqual(linesIn('unknown', text, 'gw/frr.conf'), []);
});

test('an FRR route that is not understood leaves a doubt', () => {
  const device = deviceOf('frr version 8.4\nip route 10.0.0.0/8 10.0.0.1 eth0 quantum 9\n', 'gw/frr.conf');
  assert.equal(doubtsOf(device).length, 1);
});
