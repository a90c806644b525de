import { routesFor } from '../dataplane/fib.js';
import type { Network, Node } from '../dataplane/network.js';
import type { Interval } from '../headerspace/header-space.js';
import type { Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import { formatPrefix, type Prefix, prefixContains, prefixCovers } from '../net/prefix.js';
import type { Span } from '../text/span.js';
import type { SegmentSpec } from './site-file.js';

/** One interface by which packets of a segment come in. */
export interface Member {
  readonly node: Node;
  readonly iface: Interface;
  /** Where the packets come from; empty where no file says: then any address may be the source. */
  readonly sources: readonly Prefix[];
  /** The segment is not attached here; the interface routes towards it. */
  readonly remote: boolean;
  /** Where packets to a segment come in from outside: why the interface may lead elsewhere, in words. */
  readonly doubt?: string;
  /** The same: addresses that devices translate to hosts of the segment, which packets from outside may be sent to. */
  readonly otherNames?: readonly Interval[];
}

/** The device VLANs under review, as the files have them. */
export interface Segment {
  readonly name: string;
  readonly members: readonly Member[];
  /** True where no site file names the segments, and names and descriptions were taken for it. */
  readonly suggested: boolean;
}

/** Something that the site file names and no file has. */
export interface Unmatched {
  /** The segment that it is named in; absent: it is named elsewhere. */
  readonly segment?: string;
  readonly message: string;
  readonly span: Span;
}

export const SUGGESTED = 'suggested';

/** Words in the name or description of a VLAN, zone or interface that speak of medical devices. */
const MEDICAL_WORDS =
  /medical|biomed|patient|monitor(?!ing)|telemetry|infusion|bedside|ventilator|clinical|iomt|cms8000|contec|(?<![a-z])(?:icu|nicu|picu|ccu|ecg|ekg|pumps?|med-?dev(?:ices?)?)(?![a-z])/i;

export function resolveSegments(
  network: Network,
  specs: readonly SegmentSpec[],
): { segments: Segment[]; unmatched: Unmatched[] } {
  const unmatched: Unmatched[] = [];
  const segments = specs.map((spec) => ({
    name: spec.name,
    members: membersOf(network, spec, unmatched),
    suggested: false,
  }));
  return { segments, unmatched };
}

/** The segment that is taken where no site file names any; undefined where nothing sounds medical. */
export function suggestSegment(network: Network): Segment | undefined {
  const members = network.nodes.flatMap((node) =>
    node.device.interfaces
      .filter((iface) => entersHere(iface) && soundsMedical(node, iface))
      .map((iface) => memberAt(node, iface)),
  );
  return members.length === 0 ? undefined : { name: SUGGESTED, members, suggested: true };
}

function soundsMedical(node: Node, iface: Interface): boolean {
  const vlanNames = node.device.vlans.filter((vlan) => vlan.id === iface.vlan).map((vlan) => vlan.name);
  return [iface.name, iface.description, iface.zone, ...vlanNames].some(
    (words) => words !== undefined && MEDICAL_WORDS.test(words),
  );
}

/** Whether packets of hosts can enter by the interface: it is no switch port and no loopback, and has an address. */
function entersHere(iface: Interface): boolean {
  return (
    !iface.switchport && iface.kind !== 'loopback' && (iface.addresses.length > 0 || iface.learnsAddress !== undefined)
  );
}

const knownEntrances = new WeakMap<Node, readonly { readonly node: Node; readonly iface: Interface }[]>();

/** The interfaces by which packets of hosts can enter a device: found once, since most are as they were. */
function entrancesOf(node: Node): readonly { readonly node: Node; readonly iface: Interface }[] {
  return keptIn(knownEntrances, node, () =>
    node.device.interfaces.filter(entersHere).map((iface) => ({ node, iface })),
  );
}

function membersOf(network: Network, spec: SegmentSpec, unmatched: Unmatched[]): Member[] {
  const found = new Map<Interface, { readonly member: Member; readonly sources: Prefix[] }>();
  const add = (member: Member): void => {
    const before = found.get(member.iface);
    if (before === undefined) found.set(member.iface, { member, sources: [...member.sources] });
    else for (const source of member.sources) before.sources.push(source);
  };
  const missing = (message: string, span: Span): void => {
    unmatched.push({ segment: spec.name, message, span });
  };
  const entrances = network.nodes.flatMap(entrancesOf);

  for (const { value, text, span } of spec.vlans) {
    const inRange = (id: number | undefined) => id !== undefined && value.first <= id && id <= value.last;
    const here = entrances.filter(({ iface }) => inRange(iface.vlan));
    for (const { node, iface } of here) add(memberAt(node, iface));
    if (here.length > 0) continue;
    const switched = network.nodes.filter((node) => node.device.vlans.some((vlan) => inRange(vlan.id)));
    missing(
      switched.length === 0
        ? `No file has VLAN ${text}.`
        : `VLAN ${text} is defined on ${names(switched)}, but no file has an interface that routes it.`,
      span,
    );
  }
  for (const { value, text, span } of spec.interfaces) {
    const here = network.nodes
      .flatMap((node) => node.device.interfaces.map((iface) => ({ node, iface })))
      .filter(({ node, iface }) => isNamed(node, iface, value));
    for (const { node, iface } of here) add(memberAt(node, iface));
    if (here.length === 0) missing(`No file has the interface "${text}". It is written DEVICE:INTERFACE.`, span);
  }
  for (const { value, text, span } of spec.zones) {
    const here = entrances.filter(({ iface }) => iface.zone === value);
    for (const { node, iface } of here) add(memberAt(node, iface));
    if (here.length === 0) missing(`No file has an interface in the zone "${text}".`, span);
  }
  for (const { value, text, span } of spec.subnets) {
    const here = attached(entrances, value);
    for (const member of here.length > 0 ? here : remote(network, value)) add(member);
    if (here.length === 0 && remote(network, value).length === 0) {
      missing(`No file has ${text} on an interface, or a route towards it.`, span);
    }
  }
  return [...found.values()].map(({ member, sources }) => ({ ...member, sources: union(sources) }));
}

function memberAt(node: Node, iface: Interface): Member {
  return { node, iface, sources: iface.addresses.map((address) => address.prefix), remote: false };
}

function isNamed(node: Node, iface: Interface, wanted: string): boolean {
  const colon = wanted.indexOf(':');
  const device = colon === -1 ? undefined : wanted.slice(0, colon).toLowerCase();
  const name = wanted.slice(colon + 1).toLowerCase();
  if (device !== undefined && node.device.name.toLowerCase() !== device) return false;
  return iface.name.toLowerCase() === name || iface.aliases.some((alias) => alias.toLowerCase() === name);
}

/** The interfaces on whose networks addresses of the subnet are. */
function attached(entrances: readonly { node: Node; iface: Interface }[], subnet: Prefix): Member[] {
  return entrances.flatMap(({ node, iface }) => {
    const sources = iface.addresses.flatMap(({ prefix }) => {
      if (prefixCovers(prefix, subnet)) return [subnet];
      return prefixCovers(subnet, prefix) ? [prefix] : [];
    });
    return sources.length === 0 ? [] : [{ node, iface, sources, remote: false }];
  });
}

/**
 * The interfaces that route towards a subnet that no file attaches. A default route does not count:
 * it leads towards everything, the target included, and says nothing of where the segment is.
 */
function remote(network: Network, subnet: Prefix): Member[] {
  const members: Member[] = [];
  for (const node of network.nodes) {
    for (const fib of node.fibs.values()) {
      const inside = fib.entries.filter(({ prefix }) => prefix.length > subnet.length && prefixCovers(subnet, prefix));
      for (const route of [...routesFor(fib, subnet.ip).routes, ...inside]) {
        if (route.prefix.length === 0 || route.action.kind !== 'forward') continue;
        const sources = [prefixCovers(route.prefix, subnet) ? subnet : route.prefix];
        for (const { iface } of route.action.nextHops) {
          if (iface !== undefined) members.push({ node, iface, sources, remote: true });
        }
      }
    }
  }
  return members;
}

/** The prefixes that no other holds, each once, in their order. */
export function union(prefixes: readonly Prefix[]): Prefix[] {
  const kept = new Set<Prefix>();
  let last: Prefix | undefined;
  // Prefixes hold each other or are apart, so what holds one stands last before it.
  for (const prefix of [...prefixes].sort((a, b) => a.ip - b.ip || a.length - b.length)) {
    if (last !== undefined && prefixCovers(last, prefix)) continue;
    last = prefix;
    kept.add(prefix);
  }
  return prefixes.filter((prefix) => kept.delete(prefix));
}

function names(nodes: readonly Node[]): string {
  return nodes.map((node) => node.device.name).join(', ');
}

export function describeMember(member: Member): string {
  return `${member.iface.name} of ${member.node.device.name}`;
}

export function subnetsOf(member: Member): string[] {
  return member.sources.map(formatPrefix);
}

/** Whether a member's packets may have the source. */
export function mayComeFrom(member: Member, ip: number): boolean {
  return member.sources.length === 0 || member.sources.some((prefix) => prefixContains(prefix, ip));
}
