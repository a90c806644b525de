import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { applyFilter } from './apply-filter.js';
import { blockAtEdge } from './block-at-edge.js';
import { blockInFilter } from './block-in-filter.js';
import { correctMask } from './correct-mask.js';
import type { Proposal, Purpose } from './edits.js';
import { moveBlockUp } from './move-block-up.js';
import { nullRoute } from './null-route.js';

/** Puts a remedy into edits; undefined where the dialect, or the place, has no idiom for it. */
export function propose(review: Review, remedy: Remedy, purpose: Purpose): Proposal | undefined {
  switch (remedy.kind) {
    case 'block-in-filter':
      return blockInFilter(review, remedy, purpose);
    case 'apply-filter':
      return applyFilter(review, remedy, purpose);
    case 'null-route':
      return nullRoute(review, remedy, purpose);
    case 'block-at-edge':
      return blockAtEdge(review, remedy, purpose);
    case 'move-block-up':
      return moveBlockUp(review, remedy, purpose);
    case 'correct-mask':
      return correctMask(review, remedy, purpose);
  }
}
