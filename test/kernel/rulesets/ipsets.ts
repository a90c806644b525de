import { formatIp, hasPorts, maskOf, TCP, UDP } from '../support/packet.js';
import type { World } from '../support/reference.js';
import type { Aim } from './aim.js';

/** A set of ipset's, and the ways in which rules may ask for it. */
export interface IpSet {
  readonly name: string;
  /** The lines of the file that `ipset restore` takes. */
  readonly lines: readonly string[];
  readonly uses: readonly { readonly dirs: string; holds(world: World): boolean }[];
}

/** Some random sets. */
export function randomSets(aim: Aim): IpSet[] {
  const count = aim.random.pick([0, 0, 1, 2, 4]);
  const sets: IpSet[] = [];
  for (let index = 0; index < count; index += 1) {
    const make = aim.random.pick([netSet, netSet, ipSet, portSet, ipPortSet, netPortSet, ipPortIpSet]);
    sets.push(make(aim, `set${index}`));
  }
  const nets = sets.filter((set) => set.uses[0]?.dirs === 'src');
  if (nets.length > 1 && aim.random.chance(50)) sets.push(listSet('all', nets));
  return sets;
}

const ADDRESSED = ['src', 'dst'] as const;

function netSet(aim: Aim, name: string): IpSet {
  const elements = aim.random.list(0, 6, () => ({ ...prefixOf(aim), not: aim.random.chance(20) }));
  const distinct = elements.filter(
    (one, at) => elements.findIndex((other) => other.network === one.network && other.length === one.length) === at,
  );
  const holds = (address: number): boolean => {
    const [best] = distinct
      .filter(({ network, length }) => (address & maskOf(length)) >>> 0 === network)
      .sort((a, b) => b.length - a.length);
    return best !== undefined && !best.not;
  };
  return {
    name,
    lines: [
      `create ${name} hash:net family inet hashsize 1024 maxelem 65536`,
      ...distinct.map((one) => `add ${name} ${formatIp(one.network)}/${one.length}${one.not ? ' nomatch' : ''}`),
    ],
    uses: ADDRESSED.map((field) => ({ dirs: field, holds: (world: World) => holds(world[field]) })),
  };
}

function ipSet(aim: Aim, name: string): IpSet {
  const addresses = new Set(aim.random.list(0, 6, () => aim.address()));
  return {
    name,
    lines: [`create ${name} hash:ip family inet`, ...[...addresses].map((one) => `add ${name} ${formatIp(one)}`)],
    uses: ADDRESSED.map((field) => ({ dirs: field, holds: (world: World) => addresses.has(world[field]) })),
  };
}

/** Ports of TCP and UDP alike, and of nothing else. */
function portSet(aim: Aim, name: string): IpSet {
  const spans = aim.random.list(0, 4, () => aim.portSpan());
  const within = (port: number) => spans.some(([first, last]) => port >= first && port <= last);
  const carries = (world: World) => world.packet.protocol === TCP || world.packet.protocol === UDP;
  return {
    name,
    lines: [
      `create ${name} bitmap:port range 0-65535`,
      ...spans.map(([first, last]) => `add ${name} ${first === last ? first : `${first}-${last}`} -exist`),
    ],
    uses: [
      { dirs: 'dst', holds: (world) => carries(world) && within(world.dstPort) },
      { dirs: 'src', holds: (world) => carries(world) && within(world.srcPort) },
    ],
  };
}

interface Service {
  readonly protocol: number;
  readonly port: number;
  readonly text: string;
}

function service(aim: Aim): Service {
  const protocol = aim.random.pick([TCP, TCP, UDP]);
  const port = aim.port();
  return { protocol, port, text: protocol === TCP && aim.random.chance(20) ? `${port}` : nameOf(protocol, port) };
}

function nameOf(protocol: number, port: number): string {
  return `${protocol === TCP ? 'tcp' : 'udp'}:${port}`;
}

function serves({ protocol, port }: Service, world: World, side: 'src' | 'dst'): boolean {
  if (world.packet.protocol !== protocol || !hasPorts(protocol)) return false;
  return (side === 'src' ? world.srcPort : world.dstPort) === port;
}

const PAIRS = [
  ['src', 'src'],
  ['src', 'dst'],
  ['dst', 'dst'],
] as const;

function ipPortSet(aim: Aim, name: string): IpSet {
  const elements = aim.random.list(0, 6, () => ({ address: aim.address(), service: service(aim) }));
  return {
    name,
    lines: [
      `create ${name} hash:ip,port family inet`,
      ...elements.map((one) => `add ${name} ${formatIp(one.address)},${one.service.text} -exist`),
    ],
    uses: PAIRS.map(([first, second]) => ({
      dirs: `${first},${second}`,
      holds: (world: World) =>
        elements.some((one) => one.address === world[first] && serves(one.service, world, second)),
    })),
  };
}

function netPortSet(aim: Aim, name: string): IpSet {
  const elements = aim.random.list(0, 6, () => ({ ...prefixOf(aim), service: service(aim) }));
  return {
    name,
    lines: [
      `create ${name} hash:net,port family inet`,
      ...elements.map((one) => `add ${name} ${formatIp(one.network)}/${one.length},${one.service.text} -exist`),
    ],
    uses: PAIRS.map(([first, second]) => ({
      dirs: `${first},${second}`,
      holds: (world: World) =>
        elements.some(
          (one) => (world[first] & maskOf(one.length)) >>> 0 === one.network && serves(one.service, world, second),
        ),
    })),
  };
}

function ipPortIpSet(aim: Aim, name: string): IpSet {
  const elements = aim.random.list(0, 5, () => [aim.address(), service(aim), aim.address()] as const);
  return {
    name,
    lines: [
      `create ${name} hash:ip,port,ip family inet`,
      ...elements.map(([first, { text }, last]) => `add ${name} ${formatIp(first)},${text},${formatIp(last)} -exist`),
    ],
    uses: [
      {
        dirs: 'src,dst,dst',
        holds: (world) =>
          elements.some(([first, one, last]) => first === world.src && last === world.dst && serves(one, world, 'dst')),
      },
    ],
  };
}

function listSet(name: string, members: readonly IpSet[]): IpSet {
  return {
    name,
    lines: [`create ${name} list:set size 8`, ...members.map((one) => `add ${name} ${one.name}`)],
    uses: ADDRESSED.map((field, at) => ({
      dirs: field,
      holds: (world: World) => members.some((one) => one.uses[at]?.holds(world) === true),
    })),
  };
}

/** A prefix that sets of networks take: they have none of length 0. */
function prefixOf(aim: Aim): { readonly network: number; readonly length: number } {
  for (;;) {
    const prefix = aim.prefix();
    if (prefix.length > 0) return prefix;
  }
}
