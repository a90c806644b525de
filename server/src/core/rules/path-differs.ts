import { waysOut } from '../dataplane/fib.js';
import { type Network, type Node, takersAt } from '../dataplane/network.js';
import type { Origin } from '../model/origin.js';
import { formatPrefix, type Prefix, prefixCovers } from '../net/prefix.js';
import type { Fate, Hop } from '../reachability/disposition.js';
import { evaluate } from '../reachability/evaluate.js';
import { type Difference, differenceOf, type Way } from '../review/compare-ways.js';
import type { Member } from '../review/segments.js';
import { outbound, type Verdict } from '../review/verdict.js';
import { describeFlow } from '../review/words.js';
import type { Problem, Related, Rule } from './rule.js';

/**
 * Two ways that the same packets may take treat them differently: one lets a packet to the advisory's
 * network through, and the other stops it.
 *
 * Ways are the gateways of a segment on two devices, with a subnet or a virtual address in common (two
 * cores with HSRP), and the next hops of a route that uses several.
 *
 * ## Why it matters
 *
 * Which gateway answers is decided by priorities and by which of them is up, and a route with two next
 * hops uses both. A block that stands on one of a pair holds until the pair changes over. It is the
 * mistake that a test on the day of the change does not find.
 *
 * ## How to fix
 *
 * Make both alike: what the one denies, deny on the other. `target-reachable` stands at the way that is
 * open, and offers the fix.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "path-differs": "error" }`.
 */
export const pathDiffers: Rule = {
  id: 'path-differs',
  level: 'warning',
  check: (review) => {
    const problems = new Map<string, Problem>();
    const add = (pair: Pair, verdict: Verdict): void => {
      const difference = comparison(review.network, pair, verdict);
      if (difference === undefined) return;
      const problem = problemOf(review.network, pair, difference, verdict);
      const key = `${problem.origin.file}\n${problem.origin.start}\n${verdict.advisory.id}\n${namesOf(pair)}`;
      if (!problems.has(key)) problems.set(key, problem);
    };
    const verdicts = outbound(review.verdicts);
    for (const [at, verdict] of verdicts.entries()) {
      for (const other of verdicts.slice(at + 1)) {
        if (isRedundant(verdict, other)) add({ ways: [verdict.member, other.member], touched: other.touched }, verdict);
      }
      for (const pair of equalCostPairs(review.network, verdict)) add(pair, verdict);
    }
    return [...problems.values()];
  },
};

/** Two ways of the same packets. */
interface Pair {
  readonly ways: readonly [Way, Way];
  /** The devices that the packets meet by the second way. */
  readonly touched: ReadonlySet<Node>;
  /** Where the packets part, if they have come some way together. */
  readonly fork?: { readonly node: Node; readonly prefix: Prefix; readonly origin?: Origin };
}

/** Whether the members are gateways of the same hosts, on two devices. */
function isRedundant(a: Verdict, b: Verdict): boolean {
  return (
    a.flow === b.flow &&
    a.segment === b.segment &&
    a.member.node !== b.member.node &&
    !a.member.remote &&
    !b.member.remote &&
    a.member.iface.up &&
    b.member.iface.up &&
    shareHosts(a.member, b.member)
  );
}

function shareHosts({ iface: a }: Member, { iface: b }: Member): boolean {
  return (
    a.addresses.some(({ prefix }) =>
      b.addresses.some((other) => prefix.ip === other.prefix.ip && prefix.length === other.prefix.length),
    ) || a.virtualAddresses.some(({ ip }) => b.virtualAddresses.some((other) => other.ip === ip))
  );
}

/** The reviewed devices that a route with several next hops leads into, two by two. */
function equalCostPairs(network: Network, { touched, flow, member }: Verdict): Pair[] {
  const pairs: Pair[] = [];
  for (const node of touched) {
    for (const fib of node.fibs.values()) {
      for (const { prefix, action, origins } of fib.entries) {
        if (action.kind !== 'forward' || action.nextHops.length < 2) continue;
        if (!flow.destinations.some((one) => prefixCovers(one, prefix) || prefixCovers(prefix, one))) continue;
        const ways = waysOut(action, member.iface).flatMap(({ iface, gateway }): Way[] => {
          const { places, mayLeave } = takersAt(network, node, iface, gateway);
          const [only, ...others] = places;
          return only === undefined || others.length > 0 || mayLeave !== undefined ? [] : [only];
        });
        const [origin] = origins;
        const fork = { node, prefix, ...(origin === undefined ? {} : { origin }) };
        for (const [at, one] of ways.entries()) {
          for (const other of ways.slice(at + 1)) {
            if (one.iface !== other.iface) pairs.push({ ways: [one, other], touched, fork });
          }
        }
      }
    }
  }
  return pairs;
}

type Touched = ReadonlySet<Node>;
/** What was compared, by the devices that the verdicts met: a verdict that is kept keeps its comparisons. */
const compared = new WeakMap<Touched, WeakMap<Touched, Map<string, Difference | undefined>>>();

function comparison(network: Network, pair: Pair, verdict: Verdict): Difference | undefined {
  const byFirst = entryOf(compared, verdict.touched, () => new WeakMap<Touched, Map<string, Difference | undefined>>());
  const known = entryOf(byFirst, pair.touched, () => new Map<string, Difference | undefined>());
  const key = `${namesOf(pair)}\n${pair.fork === undefined ? '' : formatPrefix(pair.fork.prefix)}`;
  if (known.has(key)) return known.get(key);
  const within = pair.fork === undefined || pair.fork.prefix.length === 0 ? undefined : pair.fork.prefix;
  const found = differenceOf(network, verdict.flow, verdict.member, pair.ways, within);
  const isMet = found === undefined || pair.fork === undefined || passesBy(network, verdict, pair.fork.node, found);
  known.set(key, isMet ? found : undefined);
  return known.get(key);
}

function entryOf<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

/** Whether the packet comes to the fork at all: a filter before it may stop it. */
function passesBy(network: Network, { member }: Verdict, fork: Node, { packet, passing }: Difference): boolean {
  return evaluate(network, member.node, member.iface, packet).some(({ hops }) =>
    hops.some(
      (hop, at) =>
        hop.step === 'enter' &&
        hop.device === passing.node.device.name &&
        hop.name === passing.iface.name &&
        hops.slice(0, at).some(({ device, step }) => step === 'route' && device === fork.device.name),
    ),
  );
}

function namesOf({ ways }: Pair): string {
  return ways.map(({ node, iface }) => `${node.device.name}:${iface.name}`).join(' ');
}

function problemOf(
  network: Network,
  { fork }: Pair,
  { passing, stopping, packet }: Difference,
  verdict: Verdict,
): Problem {
  const open = fateOf(network, passing, packet);
  const closed = fateOf(network, stopping, packet);
  const permit = open?.hops.find(({ entry }) => entry !== undefined)?.origin;
  const stop = closed?.hops.at(-1);
  const words = describeFlow(packet);
  const what =
    fork === undefined
      ? `${wayWords(passing)} and ${wayWords(stopping)} are gateways of ${verdict.segment.name}`
      : `${fork.node.device.name} sends packets to ${passing.node.device.name} and to ${stopping.node.device.name} alike`;
  const related: Related[] = [
    ...(fork?.origin === undefined
      ? []
      : [{ message: `${fork.node.device.name} routes by both`, origin: fork.origin }]),
    ...whereStopped(stopping, closed, stop),
  ];
  return {
    message: `${what}, and they differ: ${passing.node.device.name} lets ${words} through, and ${stopping.node.device.name} stops it. Deny on ${passing.node.device.name} what ${stopping.node.device.name} denies.`,
    origin: permit ?? passing.iface.origin,
    related,
    verdicts: [verdict],
    remedies: [],
  };
}

function wayWords({ node, iface }: Way): string {
  return `${iface.name} of ${node.device.name}`;
}

function fateOf(network: Network, { node, iface }: Way, packet: Difference['packet']): Fate | undefined {
  return evaluate(network, node, iface, packet)[0];
}

function whereStopped({ iface }: Way, fate: Fate | undefined, stop: Hop | undefined): Related[] {
  if (fate === undefined) return [];
  return [{ message: `${fate.device} stops it here`, origin: stop?.origin ?? iface.origin }];
}
