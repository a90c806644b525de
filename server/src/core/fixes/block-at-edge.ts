import { findNode } from '../dataplane/network.js';
import { DEFAULT_VRF, type Interface } from '../model/device.js';
import { MAX_IP } from '../net/ip.js';
import { firstIp, lastIp, type Prefix } from '../net/prefix.js';
import { exitsWithoutHomes } from '../review/homes.js';
import type { Review } from '../review/review.js';
import type { VerdictExit } from '../review/verdict.js';
import type { Remedy } from '../rules/rule.js';
import type { TextEdit } from '../text/edit.js';
import {
  destinationsOf,
  type Proposal,
  type Purpose,
  placeOfEntry,
  placeOfInterface,
  placeOfRoutes,
  placesOfDevice,
} from './edits.js';

/**
 * Denies the destinations at every exit by which packets leave, or would leave if no network inside had
 * their destination. What is delivered inside is not met there.
 */
export function blockAtEdge(
  review: Review,
  { kind, by, verdicts }: Remedy & { kind: 'block-at-edge' },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const exits = verdicts.flatMap((verdict) => [
    ...verdict.exits.filter(({ outcome }) => outcome === 'leaves'),
    ...exitsWithoutHomes(review, verdict),
  ]);
  const places = new Map(exits.map((exit) => [placeOf(exit, by), exit]));
  if (places.size === 0) return undefined;
  const edits: TextEdit[] = [];
  for (const exit of places.values()) {
    const there =
      by === 'filter'
        ? filterEdits(review, exit, flow.destinations, advisory)
        : routeEdits(review, exit, flow.destinations, advisory);
    if (there === undefined) return undefined;
    edits.push(...there);
  }
  const where = [...places.values()]
    .map(({ device, iface }) =>
      by === 'filter' ? `outward on ${iface?.name ?? 'the exit'} of ${device}` : `on ${device}`,
    )
    .join(' and ');
  const what = destinationsOf(flow);
  const title =
    by === 'filter' ? `Deny ${what} at the edge, ${where}` : `Route ${what} to nowhere at the edge, ${where}`;
  return { id: kind, title, edits, keepsDelivered: true };
}

function placeOf({ device, iface }: VerdictExit, by: 'filter' | 'null-route'): string {
  return `${device}\n${by === 'filter' ? iface?.name : (iface?.vrf ?? DEFAULT_VRF)}`;
}

function filterEdits(
  review: Review,
  { device: name, iface }: VerdictExit,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const device = findNode(review.network, name)?.device;
  if (device === undefined || iface === undefined) return undefined;
  const list = iface.filters
    .filter(({ direction }) => direction === 'out')
    .flatMap(({ names }) => names)
    .find((one) => device.acls.has(one));
  if (list !== undefined) return inList(review, name, list, destinations, remark);
  const chain = device.policies?.find(({ hook, purpose }) => hook === 'forward' && purpose === 'filter')?.chain;
  if (chain !== undefined) {
    const place = placeOfEntry(review, name, chain, 0);
    return place?.dialect.write.denyBefore?.(place.reading, chain, 0, destinations, remark);
  }
  return outward(review, name, iface, destinations, remark);
}

/** Before the first entry that may pass the destinations. */
function inList(
  review: Review,
  device: string,
  list: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const entries = findNode(review.network, device)?.device.acls.get(list)?.entries;
  if (entries === undefined) return undefined;
  const first = Math.min(...destinations.map(firstIp));
  const last = Math.max(...destinations.map(lastIp));
  const before = entries.touching(0, MAX_IP, first, last).find((index) => entries.actionAt(index) !== 'deny');
  if (before === undefined) return [];
  const place = placeOfEntry(review, device, list, before);
  return place?.dialect.write.denyBefore?.(place.reading, list, before, destinations, remark);
}

function outward(
  review: Review,
  device: string,
  iface: Interface,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const place = placeOfInterface(review, device, iface.name);
  return place?.dialect.write.applyFilter?.(place.reading, iface.name, destinations, remark, 'out');
}

function routeEdits(
  review: Review,
  { device, iface }: VerdictExit,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const last = placeOfRoutes(review, device);
  for (const { reading, dialect } of last === undefined ? [] : [last, ...placesOfDevice(review, device)]) {
    const edits = dialect.write.nullRoute?.(reading, iface?.vrf ?? DEFAULT_VRF, destinations, remark);
    if (edits !== undefined) return edits;
  }
  return undefined;
}
