import type { Network, Node } from '../dataplane/network.js';
import { findNode } from '../dataplane/network.js';
import type { HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import { type Ip, MAX_IP } from '../net/ip.js';
import { firstIp, lastIp } from '../net/prefix.js';
import type { Fate, Hop } from '../reachability/disposition.js';
import { passes } from '../reachability/disposition.js';
import type { Flow } from '../reachability/flow.js';
import { boxesOf, type Clip } from '../reachability/symbolic/boxes.js';
import type { Stop } from '../reachability/symbolic/policies.js';
import { toFlow } from './headers.js';
import type { Block } from './verdict.js';

/** Places that stop a part; a longer list says no more. */
const MOST_BLOCKS = 16;
const MOST_ROUNDS = 64;
/** More ways than these to parts of the destinations are not told apart. */
const MOST_WAYS = 64;

/**
 * The places that stop a set of packets: a packet of the set is followed to where it ends, all to destinations
 * of the same routes that the same place stops are left out, and so on until nothing is left.
 * @param touched the devices that packets of the query met
 */
export function blocksOf(
  network: Network,
  touched: Iterable<Node>,
  manager: HeaderSpaceManager,
  stopped: HeaderSpace,
  clip: Clip,
  stops: readonly Stop[],
  ask: (flow: Flow) => Fate[],
): { readonly blocks: Block[]; readonly assumptions: string[] } {
  const blocks: Block[] = [];
  const assumptions = new Set<string>();
  let left = stopped;
  const starts = left === manager.empty ? [] : startsOfWays(touched, clip.dst);
  for (let round = 0; round < MOST_ROUNDS && blocks.length < MOST_BLOCKS && left !== manager.empty; round += 1) {
    const header = manager.pick(left);
    const fates = header === undefined ? [] : ask(toFlow(header)).filter(({ disposition }) => !passes(disposition));
    const last = fates[0]?.hops.at(-1);
    if (header === undefined || last === undefined) break;
    for (const fate of fates) {
      for (const { words } of fate.assumptions) assumptions.add(words);
      const block = blockOf(fate);
      if (!blocks.some((one) => isSameBlock(one, block))) blocks.push(block);
    }
    const way = manager.fromBox({ dst: [wayOf(starts, header.dst)] });
    const theirs = manager.intersect(way, stoppedBy(network, manager, last, clip, stops));
    const one: Interval = [header.dst, header.dst];
    const next = manager.subtract(left, theirs);
    // Where the place does not say what it stops, the packets to that destination are left out.
    left = next === left ? manager.subtract(left, manager.fromBox({ dst: [one] })) : next;
  }
  return { blocks, assumptions: [...assumptions] };
}

function blockOf({ device, disposition, hops }: Fate): Block {
  const last = hops.at(-1);
  return {
    device,
    name: disposition === 'no-route' ? 'no route' : (last?.name ?? ''),
    ...(last?.origin === undefined ? {} : { origin: last.origin }),
  };
}

/** Where the destinations of other routes begin, in order; the first of all alone where there are too many. */
function startsOfWays(touched: Iterable<Node>, [first, last]: Interval): readonly Ip[] {
  const starts = new Set<Ip>([first]);
  for (const { fibs } of touched) {
    for (const { entries } of fibs.values()) {
      for (const { prefix } of entries) {
        const [from, to] = [firstIp(prefix), lastIp(prefix)];
        if (from > first && from <= last) starts.add(from);
        if (to >= first && to < last) starts.add(to + 1);
      }
    }
  }
  return starts.size > MOST_WAYS ? [first] : [...starts].sort((a, b) => a - b);
}

/** The destinations around one that go the same way. */
function wayOf(starts: readonly Ip[], dst: Ip): Interval {
  const next = starts.findIndex((start) => start > dst);
  const at = next === -1 ? starts.length : next;
  return [starts[at - 1] ?? 0, next === -1 ? MAX_IP : (starts[next] as Ip) - 1];
}

function isSameBlock(a: Block, b: Block): boolean {
  const isSamePlace = a.origin?.file === b.origin?.file && a.origin?.start === b.origin?.start;
  return a.device === b.device && a.name === b.name && isSamePlace;
}

/** The headers that the entry of a filter decides about, at most. */
function stoppedBy(
  network: Network,
  manager: HeaderSpaceManager,
  hop: Hop,
  clip: Clip,
  stops: readonly Stop[],
): HeaderSpace {
  const { entry } = hop;
  if (entry === undefined) return manager.empty;
  const theirs = stops.filter(
    (stop) => stop.device === entry.device && stop.chain === entry.acl && stop.index === entry.index,
  );
  if (theirs.length > 0) return theirs.reduce((set, stop) => manager.union(set, stop.stops), manager.empty);
  const entries = findNode(network, entry.device)?.device.acls.get(entry.acl)?.entries;
  const boxes = entries === undefined ? undefined : boxesOf(entries.matchAt(entry.index), clip);
  return (boxes ?? []).reduce((set, box) => manager.union(set, manager.fromBox(box)), manager.empty);
}
