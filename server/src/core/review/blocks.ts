import type { Network } from '../dataplane/network.js';
import { findNode } from '../dataplane/network.js';
import type { HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { Fate, Hop } from '../reachability/disposition.js';
import { passes } from '../reachability/disposition.js';
import type { Flow } from '../reachability/flow.js';
import { boxesOf, type Clip } from '../reachability/symbolic/boxes.js';
import type { Stop } from '../reachability/symbolic/policies.js';
import { toFlow } from './headers.js';
import type { Block } from './verdict.js';

/** Places that stop a part; a longer list says no more. */
const MOST_BLOCKS = 16;

/**
 * The places that stop a set of packets: a packet of the set is followed to where it ends, all that
 * the same place stops are left out, and so on until nothing is left.
 */
export function blocksOf(
  network: Network,
  manager: HeaderSpaceManager,
  stopped: HeaderSpace,
  clip: Clip,
  stops: readonly Stop[],
  ask: (flow: Flow) => Fate[],
): { readonly blocks: Block[]; readonly assumptions: string[] } {
  const blocks: Block[] = [];
  const assumptions = new Set<string>();
  let left = stopped;
  for (let round = 0; round < MOST_BLOCKS && left !== manager.empty; round += 1) {
    const header = manager.pick(left);
    const fate = header === undefined ? undefined : ask(toFlow(header)).find((one) => !passes(one.disposition));
    const last = fate?.hops.at(-1);
    if (header === undefined || fate === undefined || last === undefined) break;
    for (const { words } of fate.assumptions) assumptions.add(words);
    const block: Block = {
      device: fate.device,
      name: fate.disposition === 'no-route' ? 'no route' : last.name,
      ...(last.origin === undefined ? {} : { origin: last.origin }),
    };
    const known = blocks.some((one) => isSameBlock(one, block));
    if (!known) blocks.push(block);
    const theirs = stoppedBy(network, manager, last, clip, stops);
    const one: Interval = [header.dst, header.dst];
    const next = manager.subtract(left, theirs);
    // Where the place does not say what it stops, the packets to that destination are left out.
    left = next === left ? manager.subtract(left, manager.fromBox({ dst: [one] })) : next;
  }
  return { blocks, assumptions: [...assumptions] };
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
