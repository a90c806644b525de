import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { type Proposal, type Purpose, placeOfEntry } from './edits.js';

/** The deny that comes too late, moved before the first entry that permits. */
export function moveBlockUp(
  review: Review,
  remedy: Remedy & { kind: 'move-block-up' },
  _purpose: Purpose,
): Proposal | undefined {
  const place = placeOfEntry(review, remedy.device, remedy.acl, remedy.index);
  const edits = place?.dialect.write.moveBefore?.(place.reading, remedy.acl, remedy.index, remedy.before);
  return edits && { id: remedy.kind, title: `Move this deny before the entry of ${remedy.acl} that permits`, edits };
}
