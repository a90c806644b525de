import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { Network, Node } from '../dataplane/network.js';
import type { Box, HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import { type Ip, MAX_IP } from '../net/ip.js';
import type { Prefix } from '../net/prefix.js';
import { Protocol } from '../net/protocols.js';
import { type Fate, passes } from '../reachability/disposition.js';
import { aliasesOf, fatesAt } from './aliases.js';
import { NO_HOSTS, openingBox, toInterval, unrealHosts } from './headers.js';
import { outsidesOf } from './outside.js';
import { type Member, type Segment, union } from './segments.js';

/** What is asked of packets from outside to a segment. */
export interface InboundQuestion {
  readonly headers: HeaderSpace;
  /** Those of them whose source is surely of no part of the site. */
  readonly foreign: HeaderSpace;
  readonly dst: Interval;
  /** The networks of its hosts, where packets may be sent to other names of these. */
  readonly arrivingAt?: readonly Interval[];
}

/** Addresses that every site may use for itself (RFC 1918), or that only links have (RFC 3927). */
const PRIVATE: readonly Interval[] = [
  [0x0a000000, 0x0affffff],
  [0xac100000, 0xac1fffff],
  [0xc0a80000, 0xc0a8ffff],
  [0xa9fe0000, 0xa9feffff],
];

/** ICMP that answers something, or speaks of what was sent: it opens nothing. Types by IANA's ICMP parameters. */
const ICMP_ANSWERS = [0, 3, 4, 11, 12, 14, 16, 18];

export function isPrivate(ip: Ip): boolean {
  return PRIVATE.some(([first, last]) => first <= ip && ip <= last);
}

export const PRIVATE_WORDS = 'a private address behind an interface that leads outside may be of the site itself';

/** The interfaces by which packets to a segment come in from outside, one for each. */
export function outsideMembers(network: Network, flow: AdvisoryFlow, segment: Segment): Member[] {
  const networks = networksOf(segment);
  if (networks.length === 0) return [];
  const otherNames = aliasesOf(network, { ...flow, destinations: networks }).flatMap(({ addresses }) => addresses);
  const own = new Set(segment.members.map(({ iface }) => iface));
  return outsidesOf(network)
    .filter(({ iface }) => !own.has(iface))
    .map(({ node, iface, doubt }) => ({
      node,
      iface,
      sources: [],
      remote: true,
      ...(otherNames.length === 0 ? {} : { otherNames }),
      ...(doubt === undefined ? {} : { doubt }),
    }));
}

/** The networks of a segment's hosts, each once. */
export function networksOf({ members }: Segment): Prefix[] {
  return union(members.flatMap(({ sources }) => sources));
}

/**
 * The first packets from outside to the segment's hosts. What reviewed devices have on their networks is
 * inside, but for the networks of the interfaces that lead outside.
 */
export function inboundQuestion(
  manager: HeaderSpaceManager,
  network: Network,
  flow: AdvisoryFlow,
  segment: Segment,
  { otherNames = [] }: Member,
): InboundQuestion {
  const networks = networksOf(segment);
  const dst = [...networks.map(toInterval), ...otherNames];
  const box: Box = { ...openingBox(flow), dst };
  const unreal = segment.members.flatMap(({ iface, remote }) => (remote ? [] : unrealHosts(iface)));
  const outside = new Set(outsidesOf(network).map(({ iface }) => iface));
  // Private addresses are in doubt as it is; those of the site need not be told from the others.
  const inside = network.nodes
    .flatMap((node) => publicNetworksOf(node).flatMap(({ iface, prefix }) => (outside.has(iface) ? [] : prefix)))
    .concat(networks.filter(({ ip }) => !isPrivate(ip)))
    .map(toInterval);
  const named = (flow.sources ?? []).map(toInterval);
  const answers = manager.fromBox({
    protocol: [[Protocol.icmp, Protocol.icmp]],
    icmp: ICMP_ANSWERS.map((type): Interval => [type * 256, type * 256 + 255]),
  });
  const opening = manager.subtract(manager.fromBox(box), answers);
  const reachable = manager.subtract(opening, manager.fromBox({ dst: unreal }));
  const notOutside = manager.fromBox({ src: [...NO_HOSTS, ...inside] });
  const headers = manager.subtract(reachable, notOutside);
  // What the advisory names is asked about wherever else it is used.
  const all = manager.union(headers, manager.intersect(reachable, manager.fromBox({ src: named })));
  return {
    headers: all,
    foreign: manager.subtract(all, manager.fromBox({ src: PRIVATE })),
    dst: [Math.min(...dst.map(([first]) => first), MAX_IP), Math.max(...dst.map(([, last]) => last), 0)],
    ...(otherNames.length === 0 ? {} : { arrivingAt: networks.map(toInterval) }),
  };
}

interface PublicNetwork {
  readonly iface: Interface;
  readonly prefix: Prefix;
}

const knownPublic = new WeakMap<Node, readonly PublicNetwork[]>();

/** The networks of a device's interfaces whose addresses are not private: found once, since most devices are as they were. */
function publicNetworksOf(node: Node): readonly PublicNetwork[] {
  return keptIn(knownPublic, node, () =>
    node.device.interfaces.flatMap((iface) =>
      iface.addresses.flatMap(({ prefix }) => (iface.up && !isPrivate(prefix.ip) ? { iface, prefix } : [])),
    ),
  );
}

/** Where packets end. */
export interface End {
  readonly outcome: 'leaves' | 'delivered';
  readonly iface?: Interface;
  readonly nextHop?: Ip;
}

/** Which ends count for a flow as having got where it goes; undefined: all of them. */
export function countsFor({ direction }: AdvisoryFlow, segment: Segment): ((place: End) => boolean) | undefined {
  return direction === 'to-segment' ? (place) => arrivesAt(segment, place) : undefined;
}

/** The fates that count: those that got where the flow goes, and those that were stopped. */
export function countedFates(flow: AdvisoryFlow, segment: Segment, fates: readonly Fate[]): Fate[] {
  const counts = countsFor(flow, segment);
  if (counts === undefined) return [...fates];
  const hosts = { ...flow, destinations: networksOf(segment) };
  const counted = fatesAt(hosts, fates).filter(
    ({ disposition, iface, nextHop }) =>
      !passes(disposition) ||
      (disposition !== 'accepted' &&
        counts({
          outcome: disposition as End['outcome'],
          ...(iface === undefined ? {} : { iface }),
          ...(nextHop === undefined ? {} : { nextHop }),
        })),
  );
  return counted.length > 0 ? counted : [...fates];
}

/**
 * Whether a packet that ends there has come to the segment: it is delivered, or leaves towards it. What leaves
 * nobody knows whereto, since a line was not understood or not followed, may do so.
 */
function arrivesAt({ members }: Segment, { outcome, iface, nextHop }: End): boolean {
  if (outcome === 'delivered' || (iface === undefined && nextHop === undefined)) return true;
  return members.some((member) => member.remote && member.iface === iface);
}
