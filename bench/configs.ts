import { oneOf, type Random, randomFrom } from './random.js';

/**
 * Configurations of Cisco IOS, made up from a seed: the same call gives the same text everywhere.
 * In each of them `Vlan210` (10.20.10.0/24) is the device VLAN, the list `MONITORS` filters what
 * comes in there, and a default route leads out.
 */

/** The site file for all of them. */
export const SITE = '{ "segments": [{ "name": "monitors", "vlans": [210] }] }\n';

/** A list as a large site has it: 1.5 % of its entries touch what the device VLAN sends to the advisory's network. */
export function largeList(entries: number, seed = 1): string {
  const random = randomFrom(seed);
  const lines = [...edge(), 'ip access-list extended MONITORS'];
  for (let at = 0; at < entries - 1; at += 1) lines.push(` ${realisticEntry(random)}`);
  lines.push(' permit ip any any', '');
  return lines.join('\n');
}

/** A list in which every entry touches what is asked about, and hardly any covers another. */
export function adversarialList(entries: number, seed = 2): string {
  const random = randomFrom(seed);
  const lines = [...edge(), 'ip access-list extended MONITORS'];
  for (let at = 0; at < entries; at += 1) lines.push(` ${adversarialEntry(random)}`);
  lines.push('');
  return lines.join('\n');
}

/** A whole distribution switch of about `lines` lines: ports, VLANs, routes, services, and lists in a third of it. */
export function campus(lines: number, seed = 3): string {
  const random = randomFrom(seed);
  const text = ['version 15.2', 'service timestamps log datetime msec', 'no service pad', ...edge()];
  const vlans = Math.ceil(lines / 100);
  for (let vlan = 300; vlan < 300 + vlans; vlan += 1) text.push(...vlanLines(random, vlan));
  const ports = Math.ceil(lines / 20);
  for (let port = 1; port <= ports; port += 1) text.push(...portLines(random, port, vlans));
  for (let at = 0; at < lines / 20; at += 1) {
    text.push(`ip route 10.${64 + (at >> 8)}.${at & 255}.0 255.255.255.0 192.0.2.${5 + random(200)} name SITE-${at}`);
  }
  for (const list of ['MONITORS', 'GUESTS', 'SERVERS']) {
    text.push(`ip access-list extended ${list}`);
    for (let at = 1; at < lines / 9; at += 1) text.push(` ${at * 10} ${realisticEntry(random)}`);
    text.push(` ${Math.ceil(lines / 9) * 10} permit ip any any`);
  }
  for (let at = 0; text.length < lines - 8; at += 1) text.push(`logging host 10.9.${at >> 8}.${at & 255}`);
  text.push('line con 0', ' login local', 'line vty 0 4', ' transport input ssh', '!', 'end', '');
  return text.join('\n');
}

function edge(): string[] {
  return [
    'hostname core1',
    '!',
    'interface Vlan210',
    ' description Patient monitors',
    ' ip address 10.20.10.1 255.255.255.0',
    ' ip access-group MONITORS in',
    '!',
    'interface GigabitEthernet0/0',
    ' description Uplink',
    ' no switchport',
    ' ip address 192.0.2.2 255.255.255.0',
    '!',
    'ip route 0.0.0.0 0.0.0.0 192.0.2.1',
    '!',
  ];
}

function vlanLines(random: Random, vlan: number): string[] {
  return [
    `vlan ${vlan}`,
    ` name FLOOR-${vlan}`,
    `interface Vlan${vlan}`,
    ` description Floor ${vlan}`,
    ` ip address 10.${30 + (vlan >> 8)}.${vlan & 255}.1 255.255.255.0`,
    ` ip access-group ${oneOf(random, ['GUESTS', 'SERVERS'])} in`,
    ` ip helper-address 10.1.0.${1 + random(250)}`,
    ' no ip redirects',
    '!',
  ];
}

function portLines(random: Random, port: number, vlans: number): string[] {
  return [
    `interface GigabitEthernet${1 + (port >> 6)}/0/${port & 63}`,
    ` description Room ${random(900)}-${port}`,
    ` switchport access vlan ${300 + random(vlans)}`,
    ' switchport mode access',
    ' switchport nonegotiate',
    ' storm-control broadcast level 1.00',
    ' spanning-tree portfast',
    ' spanning-tree bpduguard enable',
    '!',
  ];
}

const SERVICES: readonly [string, ...string[]] = ['22', 'www', '443', '1433', '2575', '8080', 'range 5000 5100', '104'];
const QUERIES: readonly [string, ...string[]] = ['domain', 'ntp', 'snmp', '2049', 'syslog'];

function realisticEntry(random: Random): string {
  const action = random(4) === 0 ? 'deny' : 'permit';
  const touches = random(1000) < 15;
  const from = touches ? monitor(random) : inside(random);
  const to = touches ? `host 202.114.4.${random(256)}` : inside(random);
  switch (random(8)) {
    case 0:
      return `${action} ip ${from} ${to}`;
    case 1:
      return `${action} icmp ${from} ${to}`;
    case 2:
    case 3:
      return `${action} udp ${from} ${to} eq ${oneOf(random, QUERIES)}`;
    default: {
      const port = oneOf(random, SERVICES);
      return `${action} tcp ${from} ${to} ${port.startsWith('range') ? port : `eq ${port}`}${random(10) === 0 ? ' log' : ''}`;
    }
  }
}

function monitor(random: Random): string {
  return random(4) === 0 ? '10.20.10.0 0.0.0.255' : `host 10.20.10.${2 + random(250)}`;
}

function inside(random: Random): string {
  const network = `10.${random(200)}.${random(256)}`;
  return random(3) === 0 ? `${network}.0 0.0.0.255` : `host ${network}.${1 + random(254)}`;
}

function adversarialEntry(random: Random): string {
  const action = oneOf(random, ['permit', 'deny']);
  const from = part(random, '10.20.10');
  const to = part(random, '202.114.4');
  const protocol = oneOf(random, ['tcp', 'udp', 'tcp', 'udp', 'ip']);
  if (protocol === 'ip') return `${action} ip ${from} ${to}`;
  return `${action} ${protocol} ${from} ${portRange(random)} ${to} ${portRange(random)}`;
}

/** A part of a /24, of 1 to 256 addresses. */
function part(random: Random, network: string): string {
  const size = 2 ** random(9);
  return `${network}.${random(256 / size) * size} 0.0.0.${size - 1}`;
}

function portRange(random: Random): string {
  const [one, other] = [random(65536), random(65536)];
  return `range ${Math.min(one, other)} ${Math.max(one, other)}`;
}
