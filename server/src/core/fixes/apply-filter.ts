import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { destinationsOf, type Proposal, type Purpose, placeOfInterface } from './edits.js';

/** A new list that denies the destinations, applied where no filter is. */
export function applyFilter(
  review: Review,
  remedy: Remedy & { kind: 'apply-filter' },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const place = placeOfInterface(review, remedy.device, remedy.iface);
  const edits = place?.dialect.write.applyFilter?.(place.reading, remedy.iface, flow.destinations, advisory);
  return (
    edits && {
      id: remedy.kind,
      title: `Write a list that denies ${destinationsOf(flow)}, and apply it inward to ${remedy.iface}`,
      edits,
    }
  );
}
