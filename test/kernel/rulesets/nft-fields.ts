import { formatIp, hasPorts, ICMP, maskOf, SCTP, TCP, UDP } from '../support/packet.js';
import type { World } from '../support/reference.js';
import { kindOf } from '../support/router.js';
import type { Aim } from './aim.js';
import { hasConnection, MARKS } from './iptables-matches.js';

/** Values of a field, `first` to `last`, and how they are written. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** Something that a rule of nftables may ask of a packet. Values are numbers: names go by their place in a list. */
export interface Field {
  readonly text: string;
  /** The type of a set of it. */
  readonly type: string;
  /** Undefined where the packet has no such field: then nothing holds of it, not even `!=`. */
  read(world: World): number | undefined;
  span(aim: Aim): Span;
  /** Its values have an order that rules may use. */
  readonly ordered: boolean;
  /** The family of protocols that must be matched before, where nft does not add that itself. */
  readonly guard?: string;
}

export const NAMES = ['', 'eth0.210', 'eth0.211', 'lan', 'wan', 'eth0', 'wan0', 'nosuch'];
/** The first names are the router's own. */
const HERE = 4;
const PROTOCOLS = [
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMP, 'icmp'],
  [SCTP, 'sctp'],
  [47, 'gre'],
  [50, 'esp'],
  [89, '89'],
] as const;
const STATES = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;
const ICMP_NAMES = [
  [0, 'echo-reply'],
  [3, 'destination-unreachable'],
  [5, 'redirect'],
  [8, 'echo-request'],
  [11, 'time-exceeded'],
  [13, 'timestamp-request'],
] as const;

function one(value: number, text: string): Span {
  return { first: value, last: value, text };
}

function address(text: string, read: (world: World) => number | undefined): Field {
  return { text, type: 'ipv4_addr', read, ordered: true, span: addressSpan };
}

function addressSpan(aim: Aim): Span {
  if (aim.random.chance(30)) {
    const value = aim.address();
    return one(value, formatIp(value));
  }
  if (aim.random.chance(25)) {
    const [first, last] = aim.span();
    return { first, last, text: first === last ? formatIp(first) : `${formatIp(first)}-${formatIp(last)}` };
  }
  for (;;) {
    const { network, length } = aim.prefix();
    if (length === 0) continue;
    if (length === 32) return one(network, formatIp(network));
    return { first: network, last: (network | ~maskOf(length)) >>> 0, text: `${formatIp(network)}/${length}` };
  }
}

function port(protocols: readonly number[], name: string, side: 'srcPort' | 'dstPort', guard?: string): Field {
  return {
    text: `${name} ${side === 'srcPort' ? 'sport' : 'dport'}`,
    type: 'inet_service',
    ordered: true,
    read: (world) => (protocols.includes(world.packet.protocol) ? world[side] : undefined),
    span(aim) {
      if (aim.random.chance(65)) {
        const value = aim.port();
        return one(value, value === 22 && aim.random.chance(50) ? 'ssh' : String(value));
      }
      const [first, last] = aim.portSpan();
      return { first, last, text: first === last ? String(first) : `${first}-${last}` };
    },
    ...(guard === undefined ? {} : { guard }),
  };
}

function protocol(text: string): Field {
  return {
    text,
    type: 'inet_proto',
    ordered: false,
    read: ({ packet }) => packet.protocol,
    span(aim) {
      const [value, name] = aim.random.pick(PROTOCOLS);
      return one(value, aim.random.chance(80) ? name : String(value));
    },
  };
}

function name(text: string, side: 'in' | 'out'): Field {
  return {
    text,
    type: 'ifname',
    ordered: false,
    read: (world) => NAMES.indexOf(world[side] ?? ''),
    span(aim) {
      const value = aim.random.between(1, aim.asksKinds ? HERE : NAMES.length - 1);
      return one(value, `"${NAMES[value]}"`);
    },
  };
}

function mark(text: string, read: (world: World) => number | undefined): Field {
  return {
    text,
    type: 'mark',
    ordered: true,
    read,
    span(aim) {
      const value = aim.random.pick(MARKS);
      if (aim.random.chance(75)) return one(value, `0x${value.toString(16)}`);
      const last = value + aim.random.between(1, 5);
      return { first: value, last, text: `${value}-${last}` };
    },
  };
}

function stateOf(world: World): number {
  return world.tracked === 'none' ? STATES.invalid : STATES[world.tracked];
}

const state: Field = {
  text: 'ct state',
  type: 'ct_state',
  ordered: false,
  read: stateOf,
  span(aim) {
    const word = aim.random.pick(['new', 'established', 'related', 'invalid', 'untracked'] as const);
    return one(STATES[word], word);
  },
};

const icmpType: Field = {
  text: 'icmp type',
  type: 'icmp_type',
  ordered: true,
  read: ({ packet }) => (packet.protocol === ICMP ? packet.icmpType : undefined),
  span(aim) {
    const [value, word] = aim.random.pick(ICMP_NAMES);
    return aim.random.chance(60) ? one(value, word) : one(...both(aim.icmpType()));
  },
};

const icmpCode: Field = {
  text: 'icmp code',
  type: 'icmp_code',
  ordered: true,
  read: ({ packet }) => (packet.protocol === ICMP ? packet.icmpCode : undefined),
  span: (aim) => one(...both(aim.random.between(0, 3))),
};

function both(value: number): [number, string] {
  return [value, String(value)];
}

const KINDS = ['unicast', 'local', 'broadcast', 'multicast'];

function kind(field: 'src' | 'dst'): Field {
  return {
    text: `fib ${field === 'src' ? 'saddr' : 'daddr'} type`,
    type: 'fib_addrtype',
    ordered: false,
    read: (world) => KINDS.indexOf(kindOf(world.router, world[field])),
    span(aim) {
      const value = aim.random.between(0, KINDS.length - 1);
      return one(value, KINDS[value] as string);
    },
  };
}

const CARRYING_PORTS = [TCP, UDP, SCTP].filter(hasPorts);
const GUARD = 'meta l4proto { tcp, udp, sctp }';
const original = (read: (world: World) => number) => (world: World) => (hasConnection(world) ? read(world) : undefined);

export const SOURCE = address('ip saddr', (world) => world.src);
export const DESTINATION = address('ip daddr', (world) => world.dst);
export const TCP_PORT = port([TCP], 'tcp', 'dstPort');
export const UDP_PORT = port([UDP], 'udp', 'dstPort');
export const TCP_SOURCE_PORT = port([TCP], 'tcp', 'srcPort');
export const PROTOCOL = protocol('ip protocol');
export const LAYER_4 = protocol('meta l4proto');
export const ANY_PORT = port(CARRYING_PORTS, 'th', 'dstPort', GUARD);
export const IN_NAME = name('iifname', 'in');
export const OUT_NAME = name('oifname', 'out');
export const MARK = mark('meta mark', (world) => world.mark);

/** Every field, the ones that rules ask most often named more than once. */
export const FIELDS: readonly Field[] = [
  SOURCE,
  SOURCE,
  SOURCE,
  DESTINATION,
  DESTINATION,
  DESTINATION,
  DESTINATION,
  TCP_PORT,
  TCP_PORT,
  TCP_PORT,
  UDP_PORT,
  TCP_SOURCE_PORT,
  port([UDP], 'udp', 'srcPort'),
  port([SCTP], 'sctp', 'dstPort'),
  ANY_PORT,
  port(CARRYING_PORTS, 'th', 'srcPort', GUARD),
  PROTOCOL,
  LAYER_4,
  IN_NAME,
  IN_NAME,
  OUT_NAME,
  OUT_NAME,
  MARK,
  mark('ct mark', (world) => (hasConnection(world) ? world.connectionMark : undefined)),
  state,
  state,
  state,
  icmpType,
  icmpCode,
  kind('src'),
  kind('dst'),
  address(
    'ct original ip saddr',
    original(({ packet }) => packet.src),
  ),
  address(
    'ct original ip daddr',
    original(({ packet }) => packet.dst),
  ),
];

/** What concatenations are made of; none needs a guard but `ANY_PORT`, which stands behind a protocol. */
export const CONCATENATIONS: readonly (readonly Field[])[] = [
  [SOURCE, DESTINATION],
  [SOURCE, TCP_PORT],
  [DESTINATION, TCP_PORT],
  [DESTINATION, UDP_PORT],
  [IN_NAME, OUT_NAME],
  [IN_NAME, SOURCE],
  [SOURCE, DESTINATION, TCP_PORT],
  [IN_NAME, DESTINATION, TCP_PORT],
  [MARK, DESTINATION],
  [state, IN_NAME],
  [icmpType, icmpCode],
  [TCP_SOURCE_PORT, TCP_PORT],
];
