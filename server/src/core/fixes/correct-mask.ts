import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { type Proposal, type Purpose, placeOfAcl } from './edits.js';

/** The mask, written as what it was meant to be. */
export function correctMask(
  review: Review,
  remedy: Remedy & { kind: 'correct-mask' },
  _purpose: Purpose,
): Proposal | undefined {
  const place = placeOfAcl(review, remedy.device, remedy.acl);
  const edits = place?.dialect.write.correctMask?.(place.reading, remedy.acl, remedy.index, remedy.side);
  return edits && { id: remedy.kind, title: 'Write the mask as a wildcard', edits };
}
