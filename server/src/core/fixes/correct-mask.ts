import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { type Proposal, type Purpose, placeOfEntry } from './edits.js';

/** The mask, written as what it was meant to be. What only the wrong mask matched is matched no more. */
export function correctMask(
  review: Review,
  remedy: Remedy & { kind: 'correct-mask' },
  _purpose: Purpose,
): Proposal | undefined {
  const place = placeOfEntry(review, remedy.device, remedy.acl, remedy.index);
  const entries = place?.reading.device.acls.get(remedy.acl)?.entries;
  const edits = place?.dialect.write.correctMask?.(place.reading, remedy.acl, remedy.index, remedy.side);
  if (edits === undefined || entries === undefined) return undefined;
  const title = 'Write the mask as a wildcard; what only the wrong mask denied passes again';
  return { id: remedy.kind, title, edits, released: entries.matchAt(remedy.index) };
}
