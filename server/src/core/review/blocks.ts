import type { Box, HeaderSpace, HeaderSpaceManager } from '../headerspace/header-space.js';
import type { Device } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import type { Flow } from '../reachability/flow.js';
import type { Clip } from '../reachability/symbolic/boxes.js';
import { denyingEntries, MOST_ASKED } from '../reachability/symbolic/denying.js';
import type { Stop, StopPlace } from '../reachability/symbolic/stops.js';
import { toFlow } from './headers.js';
import type { Block } from './verdict.js';

/** Places that stop a part; a longer list says no more. */
export const MOST_BLOCKS = 16;

export interface FoundBlock {
  readonly block: Block;
  readonly isSure: boolean;
  /** One of the packets that end there. */
  readonly flow: Flow;
}

/**
 * The places that stop a set of packets: first those where the gravest of them ends, then the others, as packets
 * meet them. Those that may not stop what comes there are the last.
 * @param stopped packets that get nowhere, whichever way they take
 * @param preferences which of them are the gravest, as `pick` has them
 * @param stops where packets end
 */
export function blocksOf(
  manager: HeaderSpaceManager,
  stopped: HeaderSpace,
  clip: Clip,
  stops: readonly Stop[],
  preferences: readonly Box[],
): FoundBlock[] {
  const gravest = manager.pick(stopped, preferences);
  if (gravest === undefined) return [];
  const places = new Map<string, FoundBlock>();
  const effort = { left: MOST_ASKED };
  addPlaces(places, manager, manager.fromHeader(gravest), clip, stops, effort);
  addPlaces(places, manager, stopped, clip, stops, effort);
  return [...places.values()].sort((a, b) => Number(b.isSure) - Number(a.isSure)).slice(0, MOST_BLOCKS);
}

/** Adds the places that end some of a set, until there are enough. */
function addPlaces(
  places: Map<string, FoundBlock>,
  manager: HeaderSpaceManager,
  set: HeaderSpace,
  clip: Clip,
  stops: readonly Stop[],
  effort: { left: number },
): void {
  let sure = 0;
  for (const { place, came, passed, isSure } of stops) {
    if (sure >= MOST_BLOCKS) return;
    const here = manager.intersect(set, manager.subtract(came, passed));
    if (here === manager.empty) continue;
    for (const found of foundAt(manager, place, here, clip, isSure, effort)) {
      const { device, name, origin } = found.block;
      const key = JSON.stringify([device, name, origin?.file, origin?.start]);
      const before = places.get(key);
      if (before?.isSure === true || (before !== undefined && !found.isSure)) continue;
      places.set(key, found);
      if (found.isSure) sure += 1;
    }
  }
}

/** What ends packets at a place. */
function foundAt(
  manager: HeaderSpaceManager,
  place: StopPlace,
  here: HeaderSpace,
  clip: Clip,
  isSure: boolean,
  effort: { left: number },
): FoundBlock[] {
  const { device } = place;
  if (place.kind === 'filter') return foundInFilter(manager, place, here, clip, isSure, effort);
  const header = manager.pick(here);
  if (header === undefined) return [];
  const flow = toFlow(header);
  if (place.kind === 'line') return [{ block: blockAt(device, place.name, place.origin), isSure, flow }];
  const rule = device.chains?.get(place.chain)?.rules.at(place.index);
  return [{ block: blockAt(device, place.chain, (rule ?? place.policy.end).origin), isSure, flow }];
}

function foundInFilter(
  manager: HeaderSpaceManager,
  place: StopPlace & { kind: 'filter' },
  here: HeaderSpace,
  clip: Clip,
  isSure: boolean,
  effort: { left: number },
): FoundBlock[] {
  const { device, filter } = place;
  const { entries, isWhole } = denyingEntries(manager, place, here, clip, MOST_BLOCKS, effort);
  const found = entries.flatMap(({ acl, index, denies, isSure: isDecided }): FoundBlock[] => {
    const header = manager.pick(denies);
    if (header === undefined) return [];
    const block = blockAt(device, acl, device.acls.get(acl)?.entries.originAt(index));
    return [{ block, isSure: isSure && isDecided, flow: toFlow(header) }];
  });
  const header = manager.pick(here);
  if (isWhole || header === undefined) return found;
  // Where not all entries were asked, the filter is named, too.
  return [...found, { block: blockAt(device, filter.names.join(' '), filter.origin), isSure, flow: toFlow(header) }];
}

function blockAt({ name: device }: Device, name: string, origin: Origin | undefined): Block {
  return { device, name, ...(origin === undefined ? {} : { origin }) };
}
