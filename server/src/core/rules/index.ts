import { blockMask } from './block-mask.js';
import { blockShadowed } from './block-shadowed.js';
import { blockUnapplied } from './block-unapplied.js';
import { pathDiffers } from './path-differs.js';
import type { Rule } from './rule.js';
import { segmentUnmatched } from './segment-unmatched.js';
import { targetInUse } from './target-in-use.js';
import { targetInbound } from './target-inbound.js';
import { targetPartlyBlocked } from './target-partly-blocked.js';
import { targetPossiblyReachable } from './target-possibly-reachable.js';
import { targetReachable } from './target-reachable.js';
import { undefinedFilter } from './undefined-filter.js';
import { unmodelledStatement } from './unmodelled-statement.js';

/** Every rule. */
export const RULES: readonly Rule[] = [
  targetReachable,
  targetPartlyBlocked,
  targetPossiblyReachable,
  targetInUse,
  targetInbound,
  pathDiffers,
  blockShadowed,
  blockUnapplied,
  blockMask,
  undefinedFilter,
  unmodelledStatement,
  segmentUnmatched,
];
