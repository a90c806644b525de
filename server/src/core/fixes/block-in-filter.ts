import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { destinationsOf, type Proposal, type Purpose, placeOfEntry } from './edits.js';

/** A deny of the destinations, before the entry that lets them through. */
export function blockInFilter(
  review: Review,
  remedy: Remedy & { kind: 'block-in-filter' },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const place = placeOfEntry(review, remedy.device, remedy.acl, remedy.index);
  const edits = place?.dialect.write.denyBefore?.(place.reading, remedy.acl, remedy.index, flow.destinations, advisory);
  return edits && { id: remedy.kind, title: `Deny ${destinationsOf(flow)} in ${remedy.acl}, before this entry`, edits };
}
