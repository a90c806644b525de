import { oneOf, type Random, randomFrom } from './random.js';

/** A campus of many devices, by path: two cores that share each floor's gateway, an edge, and floors. */
export function network(devices: number, seed = 4): ReadonlyMap<string, string> {
  const random = randomFrom(seed);
  const floors = Array.from({ length: devices - 3 }, (_, at) => at);
  return new Map([
    ['configs/edge1.cfg', edge(floors)],
    ['configs/core1.cfg', core(1, floors)],
    ['configs/core2.cfg', core(2, floors)],
    ...floors.map((floor): [string, string] => [`configs/${nameOf(floor)}.cfg`, floorRouter(random, floor)]),
  ]);
}

export const NETWORK_SITE = '{ "segments": [{ "name": "monitors", "vlans": [210] }], "configs": ["configs/**"] }\n';

function nameOf(floor: number): string {
  return `floor${String(floor + 1).padStart(3, '0')}`;
}

/** The second and third octet of a floor's networks. */
function octets(floor: number): string {
  return `${64 + (floor >> 6)}.${(floor & 63) * 4}`;
}

function edge(floors: readonly number[]): string {
  return [
    'hostname edge1',
    'interface GigabitEthernet0/0',
    ' description To the provider',
    ' ip address 192.0.2.2 255.255.255.252',
    ' ip access-group FROM-OUTSIDE in',
    ' ip access-group TO-OUTSIDE out',
    'interface GigabitEthernet0/1',
    ' ip address 10.0.0.1 255.255.255.0',
    'ip route 0.0.0.0 0.0.0.0 192.0.2.1',
    ...floors.map((floor) => `ip route 10.${octets(floor)}.0 255.255.252.0 10.0.0.4`),
    'ip access-list extended FROM-OUTSIDE',
    ' permit tcp any any established',
    ' permit udp any eq domain any',
    ' deny ip any any',
    'ip access-list extended TO-OUTSIDE',
    ' deny ip any 10.0.0.0 0.255.255.255',
    ' deny tcp any any eq smtp',
    ' permit ip any any',
    'end',
    '',
  ].join('\n');
}

function core(number: number, floors: readonly number[]): string {
  const lines = [`hostname core${number}`];
  lines.push('interface GigabitEthernet0/0', ` ip address 10.0.0.${1 + number} 255.255.255.0`);
  lines.push(' standby 1 ip 10.0.0.4', '!');
  for (const floor of floors) {
    lines.push(`interface Vlan${1000 + floor}`, ` description ${nameOf(floor)}`);
    lines.push(` ip address 10.${octets(floor)}.${1 + number} 255.255.255.0`);
    lines.push(` standby 1 ip 10.${octets(floor)}.1`, ' ip access-group FLOORS in', '!');
  }
  for (const floor of floors) {
    lines.push(`ip route 10.${octets(floor)}.0 255.255.252.0 10.${octets(floor)}.4`);
  }
  lines.push('ip route 0.0.0.0 0.0.0.0 10.0.0.1');
  lines.push('ip access-list extended FLOORS', ' deny ip any 10.250.0.0 0.0.255.255', ' permit ip any any', 'end', '');
  return lines.join('\n');
}

function floorRouter(random: Random, floor: number): string {
  const [second, third] = octets(floor).split('.').map(Number) as [number, number];
  const lines = [`hostname ${nameOf(floor)}`, 'interface GigabitEthernet0/0'];
  lines.push(` ip address 10.${second}.${third}.4 255.255.255.0`, '!');
  lines.push('interface Vlan210', ' description Patient monitors');
  lines.push(` ip address 10.${second}.${third + 1}.1 255.255.255.0`, ' ip access-group MONITORS in', '!');
  for (const [at, name] of ['OFFICES', 'GUESTS'].entries()) {
    lines.push(`interface Vlan${20 + at}`, ` ip address 10.${second}.${third + 2 + at}.1 255.255.255.0`);
    lines.push(` ip access-group ${name} in`, '!');
  }
  for (let port = 1; port <= 48; port += 1) {
    lines.push(`interface GigabitEthernet1/0/${port}`, ` description Room ${random(900)}-${port}`);
    lines.push(` switchport access vlan ${oneOf(random, [20, 21, 210])}`, ' switchport mode access', '!');
  }
  lines.push(`ip route 0.0.0.0 0.0.0.0 10.${second}.${third}.1`);
  for (const name of ['MONITORS', 'OFFICES', 'GUESTS']) {
    lines.push(`ip access-list extended ${name}`);
    const from = name === 'MONITORS' ? `10.${second}.${third + 1}.0 0.0.0.255` : 'any';
    for (let at = 0; at < 60; at += 1) lines.push(` ${10 + at * 10} ${entry(random, from)}`);
    // Half of the floors block what the advisory says.
    if (name === 'MONITORS' && floor % 2 === 0) lines.push(' 990 deny ip any 202.114.4.0 0.0.0.255');
    lines.push(' 1000 permit ip any any');
  }
  lines.push('end', '');
  return lines.join('\n');
}

function entry(random: Random, from: string): string {
  const action = random(3) === 0 ? 'deny' : 'permit';
  const to =
    random(2) === 0
      ? `host 10.${random(64)}.${random(256)}.${1 + random(250)}`
      : `10.${random(64)}.${random(256)}.0 0.0.0.255`;
  const ports = oneOf(random, ['eq 22', 'eq www', 'eq 443', 'range 5000 5100', 'eq 2575']);
  return `${action} tcp ${from} ${to} ${ports}`;
}
