import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { Network, Node } from '../dataplane/network.js';
import { type HeaderSpace, HeaderSpaceManager, type Interval } from '../headerspace/header-space.js';
import type { Interface } from '../model/device.js';
import type { Prefix } from '../net/prefix.js';
import { passes } from '../reachability/disposition.js';
import { evaluate } from '../reachability/evaluate.js';
import type { Flow } from '../reachability/flow.js';
import { type Reach, reach } from '../reachability/reach.js';
import { headersOf, toFlow, toInterval, witnessPreferences } from './headers.js';
import { clipOf } from './judge.js';
import type { Member } from './segments.js';

/** One of several ways that the same packets may take. */
export interface Way {
  readonly node: Node;
  readonly iface: Interface;
}

/** A packet that surely gets through by one way, and surely is stopped by the other. */
export interface Difference {
  readonly passing: Way;
  readonly stopping: Way;
  readonly packet: Flow;
}

/**
 * A packet of a member, to some destinations of a flow, that two ways treat differently: one surely lets
 * it through, and the other surely stops it. Undefined where there is none, or where a list is too long to
 * hold what it passes.
 */
export function differenceOf(
  network: Network,
  flow: AdvisoryFlow,
  member: Member,
  ways: readonly [Way, Way],
  within: Prefix | undefined,
): Difference | undefined {
  const manager = new HeaderSpaceManager();
  const toThere: Interval[] = within === undefined ? flow.destinations.map(toInterval) : [toInterval(within)];
  const headers = manager.intersect(headersOf(manager, flow, member), manager.fromBox({ dst: toThere }));
  if (headers === manager.empty) return undefined;
  const clip = clipOf(flow, member);
  const ask = ({ node, iface }: Way): Passing | undefined => {
    const found: Reach[] = [];
    const query = { network, node, ingress: iface, headers, clip, touched: new Set<Node>() };
    const isKept = reach(manager, query, (one) => found.push(one));
    const [only, ...others] = found;
    if (!isKept || only === undefined || others.length > 0) return undefined;
    return { must: only.must, may: manager.union(only.leaves.may, only.delivered.may) };
  };
  const [one, other] = ways;
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
    const through = ({ node, iface }: Way) =>
      evaluate(network, node, iface, packet).map(({ disposition }) => passes(disposition));
    if (through(passing).every(Boolean) && !through(stopping).some(Boolean)) return { passing, stopping, packet };
  }
  return undefined;
}

interface Passing {
  readonly must: HeaderSpace;
  readonly may: HeaderSpace;
}
