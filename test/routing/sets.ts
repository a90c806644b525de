import { formatIp, ip, networkOf } from '../kernel/support/packet.js';
import type { Random } from '../kernel/support/random.js';

/** Interfaces and static routes, in words that both FRR and IOS know. */
export interface RouteSet {
  readonly interfaces: readonly RandomInterface[];
  readonly routes: readonly RandomRoute[];
  /** Whether FRR resolves next hops over a default route; IOS always does. */
  readonly overDefault: boolean;
  /** Only what FRR and IOS mean alike. */
  readonly isCommon: boolean;
}

export interface RandomInterface {
  readonly name: string;
  readonly up: boolean;
  /** The first is the primary one. */
  readonly addresses: readonly RandomPrefix[];
}

export interface RandomPrefix {
  readonly ip: number;
  readonly length: number;
}

export interface RandomRoute {
  readonly prefix: RandomPrefix;
  /** FRR's word for a route to nowhere. */
  readonly nowhere?: 'blackhole' | 'reject' | 'Null0';
  readonly nextHop?: number;
  readonly iface?: string;
  readonly distance?: number;
  /** The next hop is on the interface's link, whatever its addresses say. */
  readonly onlink?: boolean;
}

/** They are names of interfaces in IOS, and may be in Linux. */
export const NAMES = ['Vlan10', 'Vlan20', 'Vlan30', 'Vlan40', 'Vlan50'];
const ELSEWHERE = ['172.16.0.0', '172.17.5.0', '202.114.4.0', '192.168.7.0', '10.3.0.0'].map(ip);
const DISTANCES = [1, 5, 20, 200, 254];

/** A random set whose routes lean on each other. */
export function randomSet(random: Random): RouteSet {
  const isCommon = random.chance(50);
  const interfaces = randomInterfaces(random, isCommon);
  const links = interfaces.flatMap(({ addresses }) => addresses);
  const prefixes = random.list(3, 8, () => randomPrefix(random, links));
  const routes: RandomRoute[] = [];
  for (const route of random.list(3, 14, () => randomRoute(random, interfaces, prefixes, isCommon))) {
    if (routes.every((other) => goTogether(route, other, isCommon))) routes.push(route);
  }
  return { interfaces, routes, overDefault: isCommon || random.chance(30), isCommon };
}

function randomInterfaces(random: Random, isCommon: boolean): RandomInterface[] {
  const taken: RandomPrefix[] = [];
  return random.some(NAMES, 2, 5).map((name) => {
    const addresses: RandomPrefix[] = [];
    for (const address of random.list(1, 2, () => randomAddress(random))) {
      const overlaps = taken.some((other) => covers(other, address) || covers(address, other));
      const isSame = taken.some((other) => other.length === address.length && covers(other, address));
      // IOS refuses networks that overlap.
      if (isCommon ? overlaps : isSame) continue;
      taken.push(address);
      addresses.push(address);
    }
    return { name, up: random.chance(80), addresses };
  });
}

function randomAddress(random: Random): RandomPrefix {
  const length = random.pick([16, 24, 24, 24, 28, 30, 31]);
  const network = networkOf(ip(`10.${random.between(0, 4)}.${random.between(0, 3)}.${random.between(0, 255)}`), length);
  return { ip: network + (length === 31 ? 0 : random.between(1, 2)), length };
}

function randomPrefix(random: Random, links: readonly RandomPrefix[]): RandomPrefix {
  const length = random.pick([0, 8, 12, 16, 16, 20, 24, 24, 28, 32]);
  const base = random.pick([...ELSEWHERE, ...links.map((link) => link.ip)]);
  return { ip: networkOf(base + (length > 24 ? random.between(0, 30) : 0), length), length };
}

function randomRoute(
  random: Random,
  interfaces: readonly RandomInterface[],
  prefixes: readonly RandomPrefix[],
  isCommon: boolean,
): RandomRoute {
  const prefix = random.pick(prefixes);
  const distance = random.chance(40) ? { distance: random.pick(isCommon ? DISTANCES : [...DISTANCES, 255]) } : {};
  const iface = random.pick(interfaces);
  const kind = random.between(1, 100);
  if (kind <= 12) return { prefix, ...distance, nowhere: random.pick(['blackhole', 'reject', 'Null0'] as const) };
  if (kind <= 25) return { prefix, ...distance, iface: iface.name };
  const links = interfaces.flatMap(({ addresses }) => addresses);
  const onLink = (): number | undefined => {
    return links.length === 0 ? undefined : hostOf(random, random.pick(links), isCommon ? links : []);
  };
  const anywhere = (): number | undefined =>
    hostOf(
      random,
      random.pick(prefixes),
      interfaces.flatMap((one) => one.addresses),
    );
  // FRR takes a default route whose next hop only it leads to in and out, and what leans on it too.
  const isDown = (address: number) =>
    interfaces.some((one) => !one.up && one.addresses.some((link) => covers(link, { ip: address, length: 32 })));
  const choice = prefix.length === 0 ? 1 : random.between(1, 100);
  const nextHop = (choice <= 50 ? onLink() : choice <= 92 ? anywhere() : ip('198.51.100.7')) ?? ip('198.51.100.8');
  // To the kernel a network's first and last address are no hosts.
  const isEdge = links.some(
    ({ ip: own, length }) =>
      length < 31 && [networkOf(own, length), networkOf(own, length) + 2 ** (32 - length) - 1].includes(nextHop),
  );
  if (isEdge || (prefix.length === 0 && isDown(nextHop))) return { prefix, ...distance, iface: iface.name };
  if (kind > 45) return { prefix, ...distance, nextHop };
  const own = iface.addresses[0];
  // IOS takes what is behind an interface that a route names to be there; FRR looks it up.
  const there = isCommon ? (own === undefined ? undefined : hostOf(random, own, [own])) : nextHop;
  if (there === undefined) return { prefix, ...distance, iface: iface.name };
  if (
    isCommon &&
    own !== undefined &&
    prefixes.some((one) => one.length > own.length && covers(one, { ip: there, length: 32 }))
  ) {
    return { prefix, ...distance, iface: iface.name };
  }
  // FRR takes a route to the router itself there, which the kernel refuses.
  const isOwn = links.some((link) => link.ip === there);
  const onlink = !isCommon && !isOwn && random.chance(20) ? { onlink: true } : {};
  return { prefix, ...distance, nextHop: there, iface: iface.name, ...onlink };
}

/** An address of a network that is neither its first nor its last one, nor one of `taken`. */
function hostOf(
  random: Random,
  { ip: base, length }: RandomPrefix,
  taken: readonly RandomPrefix[],
): number | undefined {
  const network = networkOf(base, length);
  const size = 2 ** (32 - length);
  const [first, last] = size <= 2 ? [0, size - 1] : [1, size - 2];
  const at = random.chance(50)
    ? Math.min(last, first + random.between(0, 6))
    : first + (random.next() % (last - first + 1));
  const host = network + at;
  // No host is below 1.0.0.0, on a loopback, or a multicast group.
  const top = Math.floor(host / 2 ** 24);
  if (top === 0 || top === 127 || top >= 224) return undefined;
  return taken.some((other) => other.ip === host) ? undefined : host;
}

function goTogether(route: RandomRoute, other: RandomRoute, isCommon: boolean): boolean {
  if (route.prefix.ip !== other.prefix.ip || route.prefix.length !== other.prefix.length) return true;
  const isSameWay = route.nextHop === other.nextHop && route.iface === other.iface && route.nowhere === other.nowhere;
  if (isCommon && isSameWay) return false;
  if ((route.distance ?? 1) !== (other.distance ?? 1)) return true;
  // FRR refuses a route to nowhere beside another of its prefix and distance, and with it all that is loaded with it.
  return route.nowhere === undefined && other.nowhere === undefined;
}

function covers(outer: RandomPrefix, inner: RandomPrefix): boolean {
  return outer.length <= inner.length && networkOf(inner.ip, outer.length) === networkOf(outer.ip, outer.length);
}

/** The set as lines of an frr.conf. */
export function frrLines({ interfaces, routes, overDefault }: RouteSet): string[] {
  const lines: string[] = overDefault ? ['ip nht resolve-via-default'] : [];
  for (const { prefix, nowhere, nextHop, iface, distance, onlink } of routes) {
    const words = ['ip route', formatPrefix(prefix)];
    if (nowhere !== undefined) words.push(nowhere);
    if (nextHop !== undefined) words.push(formatIp(nextHop));
    if (iface !== undefined) words.push(iface);
    if (distance !== undefined) words.push(String(distance));
    if (onlink === true) words.push('onlink');
    lines.push(words.join(' '));
  }
  for (const { name, up, addresses } of interfaces) {
    lines.push(`interface ${name}`, ...addresses.map((address) => ` ip address ${formatAddress(address)}`));
    if (!up) lines.push(' shutdown');
    lines.push('exit');
  }
  return lines;
}

/** The set as the frr.conf of the release that Debian 12 has. */
export function frrText(set: RouteSet): string {
  return ['frr version 8.4.4', 'frr defaults traditional', ...frrLines(set), ''].join('\n');
}

/** The set as a configuration of IOS; only a common one can be said. */
export function iosText({ interfaces, routes }: RouteSet): string {
  const lines = ['hostname gw', '!'];
  for (const { name, up, addresses } of interfaces) {
    lines.push(`interface ${name}`);
    for (const [at, address] of addresses.entries()) {
      lines.push(` ip address ${formatIp(address.ip)} ${maskText(address.length)}${at > 0 ? ' secondary' : ''}`);
    }
    lines.push(up ? ' no shutdown' : ' shutdown', '!');
  }
  for (const { prefix, nowhere, nextHop, iface, distance } of routes) {
    const words = [`ip route ${formatIp(prefix.ip)} ${maskText(prefix.length)}`];
    if (nowhere !== undefined) words.push('Null0');
    if (iface !== undefined) words.push(iface);
    if (nextHop !== undefined) words.push(formatIp(nextHop));
    if (distance !== undefined) words.push(String(distance));
    lines.push(words.join(' '));
  }
  return [...lines, 'end', ''].join('\n');
}

export function formatPrefix({ ip: address, length }: RandomPrefix): string {
  return `${formatIp(networkOf(address, length))}/${length}`;
}

function formatAddress({ ip: address, length }: RandomPrefix): string {
  return `${formatIp(address)}/${length}`;
}

function maskText(length: number): string {
  return formatIp(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);
}
