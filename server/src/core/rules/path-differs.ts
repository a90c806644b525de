import type { NextHop } from '../dataplane/fib.js';
import type { Network, Node } from '../dataplane/network.js';
import { keptIn } from '../model/kept.js';
import type { Origin } from '../model/origin.js';
import { formatIp } from '../net/ip.js';
import { formatPrefix, prefixCovers } from '../net/prefix.js';
import { type Difference, differenceOf, fatesBy, type Way, withOneNextHop } from '../review/compare-ways.js';
import { describeMember } from '../review/segments.js';
import { outbound, type Verdict } from '../review/verdict.js';
import { describeFlow } from '../review/words.js';
import type { Problem, Related, Rule } from './rule.js';

/**
 * Two ways that the same packets may take treat them differently: one lets a packet to the advisory's
 * network through, and the other stops it.
 *
 * Ways are the gateways of a segment on two devices, with a subnet or a virtual address in common (two
 * cores with HSRP), and the next hops of a route that uses several at once.
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
    const add = ({ pair, difference }: Found, verdict: Verdict): void => {
      const problem = problemOf(pair, difference, verdict);
      const key = `${problem.origin.file}\n${problem.origin.start}\n${verdict.advisory.id}\n${pair.key}`;
      if (!problems.has(key)) problems.set(key, problem);
    };
    const verdicts = outbound(review.verdicts);
    for (const [verdict, other] of redundant(verdicts)) {
      const found = differing(gateways(review.network, verdict, other), verdict);
      if (found !== undefined) add(found, verdict);
    }
    for (const verdict of verdicts) {
      if (verdict.word === 'blocked') continue;
      for (const found of equalCostDifferences(review.network, verdict)) add(found, verdict);
    }
    return [...problems.values()];
  },
};

/** Two ways of the same packets. */
interface Pair {
  readonly key: string;
  /** Made when they are asked for. */
  readonly ways: () => readonly [Way, Way] | undefined;
  /** The devices that the packets meet by the second way. */
  readonly touched: ReadonlySet<Node>;
  /** What the two are to each other, in words. */
  readonly words: string;
  /** The line by which both are used; absent where no line says it. */
  readonly origin?: Origin;
}

/** Two ways that differ. */
interface Found {
  readonly pair: Pair;
  readonly difference: Difference;
}

/** Gateways of the same hosts on two devices, of which one may let something through. */
function redundant(verdicts: readonly Verdict[]): (readonly [Verdict, Verdict])[] {
  const byHosts = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { iface, remote } = verdict.member;
    if (remote || !iface.up) continue;
    const shared = [
      ...iface.addresses.map(({ prefix }) => formatPrefix(prefix)),
      ...iface.virtualAddresses.map(({ ip }) => formatIp(ip)),
    ];
    for (const name of new Set(shared)) {
      const key = `${verdict.advisory.id}\n${verdict.flow.name}\n${verdict.segment.name}\n${name}`;
      const there = byHosts.get(key);
      if (there === undefined) byHosts.set(key, [verdict]);
      else there.push(verdict);
    }
  }
  return [...byHosts.values()].flatMap((group) =>
    twoByTwo(group).filter(
      ([a, b]) => a.member.node !== b.member.node && (a.word !== 'blocked' || b.word !== 'blocked'),
    ),
  );
}

function gateways(network: Network, { member: a, segment }: Verdict, { member: b, touched }: Verdict): Pair {
  return {
    key: `${describeMember(a)} ${describeMember(b)}`,
    ways: () => [
      { network, member: a, name: a.node.device.name },
      { network, member: b, name: b.node.device.name },
    ],
    touched,
    words: `${describeMember(a)} and ${describeMember(b)} are both gateways of ${segment.name}`,
  };
}

/** The next hops of every route that has several and that the packets may take, two by two. */
function equalCostPairs(network: Network, { touched, flow, member }: Verdict): Pair[] {
  return [...touched].flatMap((node) =>
    [...node.fibs].flatMap(([table, fib]) =>
      fib.entries.flatMap((entry): Pair[] => {
        const { prefix, action, origins } = entry;
        if (action.kind !== 'forward' || action.nextHops.length < 2) return [];
        if (!flow.destinations.some((one) => prefixCovers(one, prefix) || prefixCovers(prefix, one))) return [];
        const wayBy = (hop: NextHop): Way | undefined => {
          const there = withOneNextHop(network, node, table, entry, hop);
          if (there === undefined) return undefined;
          const from = member.node === node ? { ...member, node: there.node } : member;
          return { network: there.network, member: from, name: hopWords(hop) };
        };
        const [origin] = origins;
        return twoByTwo(action.nextHops).map(([a, b]) => ({
          key: `${node.device.name} ${formatPrefix(prefix)} ${hopWords(a)} ${hopWords(b)}`,
          ways: () => {
            const [one, other] = [wayBy(a), wayBy(b)];
            return one === undefined || other === undefined ? undefined : [one, other];
          },
          touched,
          words: `${node.device.name} sends packets to ${hopWords(a)} and to ${hopWords(b)} alike`,
          ...(origin === undefined ? {} : { origin }),
        }));
      }),
    ),
  );
}

function twoByTwo<T>(all: readonly T[]): (readonly [T, T])[] {
  return all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other] as const));
}

function hopWords({ iface, gateway }: NextHop): string {
  return gateway === undefined ? (iface?.name ?? 'a next hop') : formatIp(gateway);
}

type Touched = ReadonlySet<Node>;
/*
 * What was compared, by the devices that the verdicts met: a verdict that is kept keeps its set of them, and
 * with it its comparisons.
 */
const comparedGateways = new WeakMap<Touched, WeakMap<Touched, Map<string, Difference | undefined>>>();
const comparedHops = new WeakMap<Touched, readonly Found[]>();

function differing(pair: Pair, { flow, touched }: Verdict): Found | undefined {
  const byFirst = keptIn(comparedGateways, touched, () => new WeakMap<Touched, Map<string, Difference | undefined>>());
  const known = keptIn(byFirst, pair.touched, () => new Map<string, Difference | undefined>());
  if (!known.has(pair.key)) {
    const ways = pair.ways();
    known.set(pair.key, ways && differenceOf(flow, ways));
  }
  const difference = known.get(pair.key);
  return difference && { pair, difference };
}

function equalCostDifferences(network: Network, verdict: Verdict): readonly Found[] {
  return keptIn(comparedHops, verdict.touched, () =>
    equalCostPairs(network, verdict).flatMap((pair): Found[] => {
      const ways = pair.ways();
      const difference = ways && differenceOf(verdict.flow, ways);
      return difference === undefined ? [] : [{ pair, difference }];
    }),
  );
}

function problemOf(pair: Pair, { passing, stopping, packet }: Difference, verdict: Verdict): Problem {
  const [open] = fatesBy(passing, packet);
  const [closed] = fatesBy(stopping, packet);
  const permit = open?.hops.find(({ entry }) => entry !== undefined)?.origin;
  const stop = closed?.hops.at(-1);
  const related: Related[] = [
    ...(pair.origin === undefined ? [] : [{ message: 'this route uses both', origin: pair.origin }]),
    {
      message: `by ${stopping.name} it is stopped here${closed === undefined ? '' : `, on ${closed.device}`}`,
      origin: stop?.origin ?? stopping.member.iface.origin,
    },
  ];
  return {
    message: `${pair.words}, and they differ: by ${passing.name}, ${describeFlow(packet)} gets through; by ${stopping.name} it is stopped. Deny by both ways what ${verdict.advisory.id} says to block.`,
    origin: permit ?? pair.origin ?? passing.member.iface.origin,
    related,
    verdicts: [verdict],
    remedies: [],
  };
}
