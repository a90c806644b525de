import { formatIp, hasPorts, ICMP, maskOf, SCTP, TCP, UDP } from '../support/packet.js';
import type { World } from '../support/reference.js';
import { kindOf } from '../support/router.js';
import type { Aim } from './aim.js';
import type { IpSet } from './ipsets.js';

/** A match of a rule: as it is written, and when it holds. */
export interface Part {
  readonly text: string;
  holds(world: World): boolean;
}

/** The matches of one rule; `protocol` is the one that they demand, if they do. */
export interface Parts {
  readonly parts: readonly Part[];
  readonly protocol?: number;
}

const NAMES = ['eth0.210', 'eth0.211', 'lan', 'wan', 'eth0.+', 'eth+', 'w+', 'la+', 'eth0.21+'];
const MORE_NAMES = [...NAMES, 'eth0.21', 'wan0', 'nosuch'];
const PROTOCOL_NAMES = new Map([
  [TCP, ['tcp', '6']],
  [UDP, ['udp', '17']],
  [ICMP, ['icmp', '1']],
  [SCTP, ['sctp', '132']],
  [47, ['gre', '47']],
  [50, ['esp', '50']],
  [89, ['ospf', '89']],
]);
const FLAG_NAMES = [
  [0x01, 'FIN'],
  [0x02, 'SYN'],
  [0x04, 'RST'],
  [0x08, 'PSH'],
  [0x10, 'ACK'],
  [0x20, 'URG'],
] as const;
const ICMP_WORDS: readonly (readonly [string, (type: number, code: number) => boolean])[] = [
  ['any', () => true],
  ['echo-request', (type) => type === 8],
  ['echo-reply', (type) => type === 0],
  ['destination-unreachable', (type) => type === 3],
  ['port-unreachable', (type, code) => type === 3 && code === 3],
  ['host-unreachable', (type, code) => type === 3 && code === 1],
  ['redirect', (type) => type === 5],
  ['time-exceeded', (type) => type === 11],
  ['ttl-zero-during-transit', (type, code) => type === 11 && code === 0],
];

/** Random matches of a rule. `hook` says which interfaces iptables lets a base chain ask about. */
export function randomParts(aim: Aim, sets: readonly IpSet[], asks: { in: boolean; out: boolean }): Parts {
  const { random } = aim;
  const parts: Part[] = [];
  if (random.chance(25)) parts.push(addressPart(aim, 'src'));
  if (random.chance(40)) parts.push(addressPart(aim, 'dst'));
  // Beside a list no address may be negated.
  if (parts.some(({ text }) => text.includes(',')) && parts.some(({ text }) => text.startsWith('!'))) parts.pop();
  if (asks.in && random.chance(15)) parts.push(interfacePart(aim, 'in'));
  if (asks.out && random.chance(15)) parts.push(interfacePart(aim, 'out'));
  const demanded = random.chance(50) ? aim.protocol() : undefined;
  if (demanded !== undefined) {
    const name = random.pick(PROTOCOL_NAMES.get(demanded) ?? [String(demanded)]);
    const negated = random.chance(10);
    parts.push(not(negated, `-p ${name}`, ({ packet }) => packet.protocol === demanded, ''));
    if (negated) return { parts: [...parts, ...extraParts(aim, sets)] };
    parts.push(...protocolParts(aim, demanded));
  }
  parts.push(...extraParts(aim, sets));
  return { parts, ...(demanded === undefined ? {} : { protocol: demanded }) };
}

/** `text` begins with the option that a `!` stands before; `load` is what stands before the `!`. */
function not(negated: boolean, text: string, holds: (world: World) => boolean, load: string): Part {
  const front = load === '' ? '' : `${load} `;
  return { text: `${front}${negated ? '! ' : ''}${text}`, holds: (world) => holds(world) !== negated };
}

function maybeNot(aim: Aim, text: string, holds: (world: World) => boolean, load = ''): Part {
  return not(aim.random.chance(20), text, holds, load);
}

function addressPart(aim: Aim, field: 'src' | 'dst'): Part {
  const { random } = aim;
  const option = field === 'src' ? '-s' : '-d';
  if (random.chance(6)) {
    const value = aim.address();
    const mask = random.pick([0xff00ff00, 0xff0000ff, 0xfffffffe, 0xffff00ff, 0x000000ff, 0xfffffdff]);
    const wanted = (value & mask) >>> 0;
    return maybeNot(
      aim,
      `${option} ${formatIp(wanted)}/${formatIp(mask)}`,
      (world) => (world[field] & mask) >>> 0 === wanted,
    );
  }
  if (random.chance(8)) {
    // iptables makes a rule of each address: no two may hold for one packet, or a mark could be changed twice.
    const list = random
      .list(2, 4, () => aim.prefix())
      .filter((one, at, all) => all.slice(0, at).every((other) => isApart(one, other)));
    const words = list.map(({ network, length }) => `${formatIp(network)}/${length}`);
    const holds = (world: World) => list.some((one) => (world[field] & maskOf(one.length)) >>> 0 === one.network);
    return { text: `${option} ${words.join(',')}`, holds };
  }
  const { network, length } = aim.prefix();
  const written = length === 32 && random.chance(50) ? formatIp(network) : `${formatIp(network)}/${length}`;
  const dotted = random.chance(10) ? `${formatIp(network)}/${formatIp(maskOf(length))}` : written;
  // The nft backend of iptables refuses "not any address".
  const negated = length > 0 && random.chance(20);
  return not(negated, `${option} ${dotted}`, (world) => (world[field] & maskOf(length)) >>> 0 === network, '');
}

function isApart(a: { network: number; length: number }, b: { network: number; length: number }): boolean {
  const mask = maskOf(Math.min(a.length, b.length));
  return ((a.network ^ b.network) & mask) !== 0;
}

function interfacePart(aim: Aim, side: 'in' | 'out'): Part {
  const name = aim.random.pick(aim.asksKinds ? NAMES : MORE_NAMES);
  const holds = (world: World) =>
    name.endsWith('+') ? (world[side] ?? '').startsWith(name.slice(0, -1)) : world[side] === name;
  return maybeNot(aim, `${side === 'in' ? '-i' : '-o'} ${name}`, holds);
}

function protocolParts(aim: Aim, protocol: number): Part[] {
  const { random } = aim;
  const parts: Part[] = [];
  if (hasPorts(protocol)) {
    if (random.chance(25)) parts.push(multiportPart(aim));
    else {
      const name = protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : 'sctp';
      const load = `-m ${name}`;
      if (random.chance(15)) parts.push(portPart(aim, 'srcPort', load));
      if (random.chance(65)) parts.push(portPart(aim, 'dstPort', load));
    }
  }
  if (protocol === TCP && random.chance(25)) parts.push(flagsPart(aim));
  if (protocol === ICMP && random.chance(70)) parts.push(icmpPart(aim));
  return parts;
}

function portPart(aim: Aim, field: 'srcPort' | 'dstPort', load: string): Part {
  const { random } = aim;
  const [first, last] = random.chance(50) ? portTwice(aim) : aim.portSpan();
  const range = first === last ? `${first}` : `${first}:${last}`;
  const open = first === 0 && random.chance(50) ? `:${last}` : last === 65535 && first < last ? `${first}:` : range;
  const holds = (world: World) => world[field] >= first && world[field] <= last;
  return maybeNot(aim, `--${field === 'srcPort' ? 'sport' : 'dport'} ${open}`, holds, load);
}

function portTwice(aim: Aim): readonly [number, number] {
  const port = aim.port();
  return [port, port];
}

function multiportPart(aim: Aim): Part {
  const { random } = aim;
  const ranges = random.list(1, 6, () => (random.chance(70) ? portTwice(aim) : aim.portSpan()));
  const words = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`));
  const option = random.pick(['--dports', '--dports', '--sports', '--ports']);
  const within = (port: number) => ranges.some(([first, last]) => port >= first && port <= last);
  const holds = (world: World) =>
    (option !== '--sports' && within(world.dstPort)) || (option !== '--dports' && within(world.srcPort));
  return maybeNot(aim, `${option} ${words.join(',')}`, holds, '-m multiport');
}

function flagsPart(aim: Aim): Part {
  const { random } = aim;
  if (random.chance(40)) {
    return maybeNot(aim, '--syn', ({ packet }) => (packet.tcpFlags & 0x17) === 0x02, '-m tcp');
  }
  const mask = random.some(FLAG_NAMES, 1, 6);
  const set = random.chance(15) ? [] : random.some(mask, 1, mask.length);
  const names = (flags: readonly (readonly [number, string])[]) =>
    flags.length === 0 ? 'NONE' : flags.length === 6 ? 'ALL' : flags.map(([, name]) => name).join(',');
  const bits = (flags: readonly (readonly [number, string])[]) => flags.reduce((sum, [bit]) => sum | bit, 0);
  const holds = ({ packet }: World) => (packet.tcpFlags & bits(mask)) === bits(set);
  return maybeNot(aim, `--tcp-flags ${names(mask)} ${names(set)}`, holds, '-m tcp');
}

function icmpPart(aim: Aim): Part {
  const { random } = aim;
  if (random.chance(50)) {
    const [word, wanted] = random.pick(ICMP_WORDS);
    // `any` cannot be negated to "nothing": iptables takes it, and the kernel then never holds.
    return maybeNot(aim, `--icmp-type ${word}`, ({ packet }) => wanted(packet.icmpType, packet.icmpCode), '-m icmp');
  }
  const type = aim.icmpType();
  const code = random.chance(40) ? random.between(0, 3) : undefined;
  return maybeNot(
    aim,
    `--icmp-type ${code === undefined ? type : `${type}/${code}`}`,
    ({ packet }) => packet.icmpType === type && (code === undefined || packet.icmpCode === code),
    '-m icmp',
  );
}

function extraParts(aim: Aim, sets: readonly IpSet[]): Part[] {
  const { random } = aim;
  const parts: Part[] = [];
  if (random.chance(25)) parts.push(...statePart(aim));
  if (random.chance(8)) parts.push(iprangePart(aim));
  if (random.chance(10)) parts.push(markPart(aim));
  if (random.chance(5)) parts.push(connmarkPart(aim));
  if (aim.asksKinds && random.chance(12)) parts.push(addrtypePart(aim));
  if (sets.length > 0 && random.chance(15)) {
    const set = random.pick(sets);
    const { dirs, holds } = random.pick(set.uses);
    parts.push(maybeNot(aim, `--match-set ${set.name} ${dirs}`, holds, '-m set'));
  }
  if (random.chance(5)) parts.push({ text: `-m comment --comment "a word, or -j DROP"`, holds: () => true });
  return parts;
}

/** What `--ctstate` calls a packet. */
function stateWords(world: World): readonly string[] {
  const state = world.tracked === 'none' ? 'INVALID' : world.tracked.toUpperCase();
  if (!hasConnection(world)) return [state];
  return [state, ...(world.dstTranslated ? ['DNAT'] : []), ...(world.srcTranslated ? ['SNAT'] : [])];
}

export function hasConnection(world: World): boolean {
  return world.tracked === 'new' || world.tracked === 'established';
}

function statePart(aim: Aim): Part[] {
  const { random } = aim;
  const choice = random.between(1, 10);
  if (choice <= 2) {
    const words = random.some(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'], 1, 3);
    return [
      maybeNot(
        aim,
        `--state ${words.join(',')}`,
        (world) => words.includes(world.tracked === 'none' ? 'INVALID' : world.tracked.toUpperCase()),
        '-m state',
      ),
    ];
  }
  if (choice <= 8) {
    const common = random.pick([['RELATED', 'ESTABLISHED'], ['NEW'], ['INVALID'], ['ESTABLISHED']]);
    const rare = random.some(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT'], 1, 3);
    const words = random.chance(60) ? common : rare;
    const holds = (world: World) => stateWords(world).some((word) => words.includes(word));
    return [maybeNot(aim, `--ctstate ${words.join(',')}`, holds, '-m conntrack')];
  }
  return [originalPart(aim)];
}

/** Tests of the connection's first header hold for no packet without a connection, negated or not. */
function originalPart(aim: Aim): Part {
  const { random } = aim;
  const negated = random.chance(20);
  const about = random.pick(['--ctorigdst', '--ctorigsrc', '--ctorigdstport', '--ctproto', '--ctdir']);
  let value: string;
  let wanted: (world: World) => boolean;
  if (about === '--ctorigdst' || about === '--ctorigsrc') {
    const { network, length } = aim.prefix();
    const field = about === '--ctorigdst' ? 'dst' : 'src';
    value = `${formatIp(network)}/${length}`;
    wanted = ({ packet }) => (packet[field] & maskOf(length)) >>> 0 === network;
  } else if (about === '--ctorigdstport') {
    // Of other protocols the kernel compares what stands in the port's place, and nobody means that.
    const port = aim.port();
    const protocol = random.pick([TCP, UDP]);
    return {
      text: `-m conntrack --ctproto ${protocol} ${negated ? '! ' : ''}--ctorigdstport ${port}`,
      holds: (world) =>
        hasConnection(world) && world.packet.protocol === protocol && (world.packet.dstPort === port) !== negated,
    };
  } else if (about === '--ctproto') {
    const protocol = aim.protocol();
    value = String(protocol);
    wanted = ({ packet }) => packet.protocol === protocol;
  } else {
    // It cannot be negated.
    return { text: '-m conntrack --ctdir ORIGINAL', holds: hasConnection };
  }
  return {
    text: `-m conntrack ${negated ? '! ' : ''}${about} ${value}`,
    holds: (world) => hasConnection(world) && wanted(world) !== negated,
  };
}

function iprangePart(aim: Aim): Part {
  const [first, last] = aim.span();
  const field = aim.random.pick(['src', 'dst'] as const);
  const holds = (world: World) => world[field] >= first && world[field] <= last;
  return maybeNot(aim, `--${field}-range ${formatIp(first)}-${formatIp(last)}`, holds, '-m iprange');
}

export const MARKS = [0, 1, 2, 3, 7, 0x10, 0xff, 0x107, 0xf000];
export const MARK_MASKS = [0xffffffff, 0xffffffff, 0xff, 0xf, 0x1, 0xff00];

function markPart(aim: Aim): Part {
  const value = aim.random.pick(MARKS);
  const mask = aim.random.pick(MARK_MASKS);
  const text = mask === 0xffffffff ? `0x${value.toString(16)}` : `0x${value.toString(16)}/0x${mask.toString(16)}`;
  return maybeNot(aim, `--mark ${text}`, (world) => (world.mark & mask) >>> 0 === value, '-m mark');
}

function connmarkPart(aim: Aim): Part {
  const value = aim.random.pick(MARKS);
  const mask = aim.random.pick(MARK_MASKS);
  const negated = aim.random.chance(20);
  return {
    text: `-m connmark ${negated ? '! ' : ''}--mark 0x${value.toString(16)}/0x${mask.toString(16)}`,
    holds: (world) => hasConnection(world) && ((world.connectionMark & mask) >>> 0 === value) !== negated,
  };
}

function addrtypePart(aim: Aim): Part {
  const { random } = aim;
  const field = random.pick(['src', 'dst'] as const);
  const kinds = random.some(['LOCAL', 'UNICAST', 'BROADCAST', 'MULTICAST'], 1, 2);
  const holds = (world: World) => kinds.includes(kindOf(world.router, world[field]).toUpperCase());
  return maybeNot(aim, `--${field}-type ${kinds.join(',')}`, holds, '-m addrtype');
}
