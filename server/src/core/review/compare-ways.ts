import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { FibEntry, NextHop } from '../dataplane/fib.js';
import type { Network, Node } from '../dataplane/network.js';
import { RouteIndex } from '../dataplane/route-index.js';
import { type HeaderSpace, HeaderSpaceManager } from '../headerspace/header-space.js';
import { type Fate, passes } from '../reachability/disposition.js';
import { evaluate } from '../reachability/evaluate.js';
import type { Flow } from '../reachability/flow.js';
import { type Reach, reach } from '../reachability/reach.js';
import { headersOf, toFlow, witnessPreferences } from './headers.js';
import { clipOf } from './judge.js';
import type { Member } from './segments.js';

/** One of several ways that the same packets may take. */
export interface Way {
  /** In which there is no other way. */
  readonly network: Network;
  readonly member: Member;
  /** How it is told from the other: a device, or a next hop. */
  readonly name: string;
}

/** A packet that surely gets through by one way, and surely is stopped by the other. */
export interface Difference {
  readonly passing: Way;
  readonly stopping: Way;
  readonly packet: Flow;
}

/**
 * A packet that two ways treat differently: one surely lets it through, and the other surely stops it.
 * Undefined where there is none, or where a list is too long to hold what it passes.
 */
export function differenceOf(flow: AdvisoryFlow, ways: readonly [Way, Way]): Difference | undefined {
  const manager = new HeaderSpaceManager();
  const [one, other] = ways;
  const headers = manager.intersect(
    headersOf(manager, flow, one.member),
    one.member === other.member ? manager.full : headersOf(manager, flow, other.member),
  );
  if (headers === manager.empty) return undefined;
  const ask = ({ network, member }: Way): Passing | undefined => {
    const { node, iface: ingress } = member;
    const found: Reach[] = [];
    const query = { network, node, ingress, headers, clip: clipOf(flow, member), touched: new Set<Node>() };
    const isKept = reach(manager, query, (part) => found.push(part));
    const [only, ...others] = found;
    if (!isKept || only === undefined || others.length > 0) return undefined;
    return { must: only.must, may: manager.union(only.leaves.may, only.delivered.may) };
  };
  const a = ask(one);
  const b = ask(other);
  if (a === undefined || b === undefined) return undefined;
  for (const [passing, stopping, set] of [
    [one, other, manager.subtract(a.must, b.may)],
    [other, one, manager.subtract(b.must, a.may)],
  ] as const) {
    const header = manager.pick(set, witnessPreferences(flow));
    if (header === undefined) continue;
    const packet = toFlow(header);
    // The evaluator that knows no sets must say the same before it is claimed.
    const through = (way: Way) => fatesBy(way, packet).map(({ disposition }) => passes(disposition));
    if (through(passing).every(Boolean) && !through(stopping).some(Boolean)) return { passing, stopping, packet };
  }
  return undefined;
}

export function fatesBy({ network, member }: Way, packet: Flow): Fate[] {
  return evaluate(network, member.node, member.iface, packet);
}

/** A network in which a route has one of its next hops alone, and the device that has it then. */
export function withOneNextHop(
  network: Network,
  node: Node,
  table: string,
  entry: FibEntry,
  hop: NextHop,
): { readonly network: Network; readonly node: Node } | undefined {
  const fib = node.fibs.get(table);
  if (fib === undefined || entry.action.kind !== 'forward') return undefined;
  const only: FibEntry = { ...entry, action: { kind: 'forward', nextHops: [hop] } };
  const entries = fib.entries.map((one) => (one === entry ? only : one));
  const there: Node = {
    device: node.device,
    fibs: new Map(node.fibs).set(table, { ...fib, entries, index: new RouteIndex(entries) }),
  };
  const owners = new Map(network.owners);
  for (const { addresses, virtualAddresses } of node.device.interfaces) {
    for (const { ip } of [...addresses, ...virtualAddresses]) {
      const places = owners.get(ip);
      if (places === undefined) continue;
      owners.set(
        ip,
        places.map((place) => (place.node === node ? { ...place, node: there } : place)),
      );
    }
  }
  const nodes = network.nodes.map((one) => (one === node ? there : one));
  return { network: { ...network, nodes, owners }, node: there };
}

interface Passing {
  readonly must: HeaderSpace;
  readonly may: HeaderSpace;
}
