import { findNode } from '../dataplane/network.js';
import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import {
  destinationsOf,
  type Proposal,
  type Purpose,
  placeOfEntry,
  placeOfInterface,
  placesOfDevice,
} from './edits.js';

/** A new list that denies the destinations, applied where no filter is; or a rule in a policy that has none. */
export function applyFilter(
  review: Review,
  remedy: Remedy & { kind: 'apply-filter' },
  purpose: Purpose,
): Proposal | undefined {
  return 'chain' in remedy ? atEndOfChain(review, remedy, purpose) : toInterface(review, remedy, purpose);
}

function toInterface(
  review: Review,
  { kind, device, iface }: Remedy & { kind: 'apply-filter'; iface: string },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const own = placeOfInterface(review, device, iface);
  // On a device of several files, the filter's file need not be the one that has the interface.
  for (const { reading, dialect } of own === undefined ? [] : [own, ...placesOfDevice(review, device)]) {
    const edits = dialect.write.applyFilter?.(reading, iface, flow.destinations, advisory);
    if (edits === undefined) continue;
    const title = `Write a list that denies ${destinationsOf(flow)}, and apply it inward to ${iface}`;
    return { id: kind, title, edits };
  }
  return undefined;
}

function atEndOfChain(
  review: Review,
  { kind, device, chain: key }: Remedy & { kind: 'apply-filter'; chain: string },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const chain = findNode(review.network, device)?.device.chains?.get(key);
  if (chain === undefined) return undefined;
  const end = chain.rules.length;
  const place = placeOfEntry(review, device, key, end);
  const edits = place?.dialect.write.denyBefore?.(place.reading, key, end, flow.destinations, advisory);
  return (
    edits && { id: kind, title: `Deny ${destinationsOf(flow)} in ${chain.name}, whose policy lets it through`, edits }
  );
}
