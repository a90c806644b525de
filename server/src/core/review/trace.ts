import type { Network } from '../dataplane/network.js';
import { formatIp, type Ip, parseIp } from '../net/ip.js';
import { hasPorts, Protocol, protocolNumber, TcpFlag } from '../net/protocols.js';
import type { Fate } from '../reachability/disposition.js';
import { evaluate } from '../reachability/evaluate.js';
import type { Flow } from '../reachability/flow.js';
import type { PacketInput, TraceOutput } from '../report.js';
import type { Places } from './places.js';
import { reportHops } from './report-of.js';
import { type Member, mayComeFrom, type Segment } from './segments.js';

/** A question that cannot be answered, in words for the person who asked. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}

/** Follows one packet from a segment or an interface, by the concrete evaluator alone. */
export function trace(
  network: Network,
  segments: readonly Segment[],
  from: string,
  packet: PacketInput,
  places: Places,
): TraceOutput {
  const flow = readPacket(packet);
  const member = ingressOf(network, segments, from, flow.src);
  const fates = evaluate(network, member.node, member.iface, flow);
  const [fate] = fates;
  if (fate === undefined) throw new WorkspaceError('The packet has no fate. This is a defect of the program.');
  const dispositions = [...new Set(fates.map((one) => one.disposition))];
  return {
    disposition: fate.disposition,
    device: fate.device,
    ...(fate.iface === undefined ? {} : { interface: fate.iface.name }),
    ...(fate.nextHop === undefined ? {} : { nextHop: formatIp(fate.nextHop) }),
    ...sentAs(flow, fate),
    trace: reportHops(fate, places),
    ...(dispositions.length === 1 ? {} : { certain: false, alternatives: dispositions }),
  };
}

/** The header at the end of the way, where it is another than at its beginning. */
function sentAs(flow: Flow, { flow: now, blurred }: Fate): Pick<TraceOutput, 'sent'> {
  const fields = ['src', 'dst', 'srcPort', 'dstPort'] as const;
  if (fields.every((field) => blurred[field] === undefined && now[field] === flow[field])) return {};
  const address = (field: 'src' | 'dst') => (blurred[field] === undefined ? formatIp(now[field]) : null);
  const portOf = (field: 'srcPort' | 'dstPort') => (blurred[field] === undefined ? now[field] : null);
  const ports = hasPorts(flow.protocol);
  return {
    sent: {
      source: address('src'),
      ...(ports ? { sourcePort: portOf('srcPort') } : {}),
      destination: address('dst'),
      ...(ports ? { destinationPort: portOf('dstPort') } : {}),
    },
  };
}

/** The one ingress that a name stands for, settled by the packet's source where there are several. */
function ingressOf(network: Network, segments: readonly Segment[], from: string, src: Ip): Member {
  const members = ingressesOf(network, segments, from);
  const [only, ...others] = members;
  if (only === undefined) {
    throw new WorkspaceError(`"${from}" is no segment and no DEVICE:INTERFACE. ${knownNames(network, segments)}`);
  }
  if (others.length === 0) return only;
  const holding = members.filter((member) => member.sources.length > 0 && mayComeFrom(member, src));
  if (holding.length === 1) return holding[0] as Member;
  const names = members.map((member) => `${member.node.device.name}:${member.iface.name}`).join(', ');
  const why = holding.length === 0 ? 'none of them holds' : 'more than one of them holds';
  throw new WorkspaceError(`"${from}" has several ingresses, and ${why} ${formatIp(src)}. Name one of them: ${names}.`);
}

function ingressesOf(network: Network, segments: readonly Segment[], from: string): readonly Member[] {
  const segment = segments.find((one) => one.name === from);
  if (segment !== undefined) return segment.members;
  const all = network.nodes.flatMap((node) =>
    node.device.interfaces.map(
      (iface): Member => ({ node, iface, sources: iface.addresses.map((one) => one.prefix), remote: false }),
    ),
  );
  const wanted = from.toLowerCase();
  const named = all.filter(({ node, iface }) => {
    const names = [iface.name, ...iface.aliases].map((name) => name.toLowerCase());
    return names.includes(wanted) || names.some((name) => `${node.device.name.toLowerCase()}:${name}` === wanted);
  });
  if (named.length > 0) return named;
  const colon = from.indexOf(':');
  const device = colon === -1 ? undefined : from.slice(0, colon).toLowerCase();
  const zone = from.slice(colon + 1);
  return all.filter(
    ({ node, iface }) => iface.zone === zone && (device === undefined || node.device.name.toLowerCase() === device),
  );
}

function knownNames(network: Network, segments: readonly Segment[]): string {
  const names = [
    ...segments.map((segment) => segment.name),
    ...network.nodes.flatMap((node) => node.device.interfaces.map((iface) => `${node.device.name}:${iface.name}`)),
  ];
  if (names.length === 0) return 'No configuration was read.';
  const some = names.slice(0, 12).join(', ');
  return names.length > 12 ? `Known are ${some} and ${names.length - 12} more.` : `Known are ${some}.`;
}

/** @throws {WorkspaceError} where the packet is none */
export function readPacket(packet: PacketInput): Flow {
  const protocol = protocolNumber(String(packet.protocol ?? ''));
  if (protocol === undefined) {
    throw new WorkspaceError(`"protocol" must be a name such as "tcp", or a number from 0 to 255.`);
  }
  const state = packet.state ?? 'new';
  if (state !== 'new' && state !== 'established') throw new WorkspaceError('"state" must be "new" or "established".');
  const ports = hasPorts(protocol);
  const icmp = protocol === Protocol.icmp;
  return {
    src: address(packet.source, 'source'),
    dst: address(packet.destination, 'destination'),
    protocol,
    srcPort: ports ? number(packet.sourcePort, 'sourcePort', 65_535) : 0,
    dstPort: ports ? number(packet.destinationPort, 'destinationPort', 65_535) : 0,
    icmpType: icmp ? number(packet.icmpType, 'icmpType', 255, 8) : 0,
    icmpCode: icmp ? number(packet.icmpCode, 'icmpCode', 255) : 0,
    tcpFlags: protocol === Protocol.tcp ? flags(packet.tcpFlags, state) : 0,
    state,
  };
}

function address(text: unknown, key: string): Ip {
  const ip = typeof text === 'string' ? parseIp(text) : undefined;
  if (ip === undefined) throw new WorkspaceError(`"${key}" must be an IPv4 address such as "10.20.10.5".`);
  return ip;
}

function number(value: unknown, key: string, maximum: number, absent = 0): number {
  if (value === undefined) return absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximum) return value;
  throw new WorkspaceError(`"${key}" must be a whole number from 0 to ${maximum}.`);
}

function flags(names: readonly string[] | undefined, state: 'new' | 'established'): number {
  if (names === undefined) return state === 'new' ? TcpFlag.syn : TcpFlag.ack;
  if (!Array.isArray(names)) throw new WorkspaceError('"tcpFlags" must be a list such as ["syn"].');
  return names.reduce((sum, name) => {
    const flag = TcpFlag[name as keyof typeof TcpFlag];
    if (flag === undefined) {
      throw new WorkspaceError(`"tcpFlags" holds "${name}". Known are ${Object.keys(TcpFlag).join(', ')}.`);
    }
    return sum | flag;
  }, 0);
}
