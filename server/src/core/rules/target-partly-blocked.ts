import { outbound } from '../review/verdict.js';
import { aliasWords, destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

/**
 * The hosts that the advisory names are blocked, and other addresses of its network are not.
 *
 * ## Why it matters
 *
 * CISA's document gives a choice: block 202.114.4.0/24, or block 202.114.4.119 and 202.114.4.120.
 * A site that denies the two hosts has done the minimum. The rest of the network is open, and a
 * firmware update can move a hard-coded address within it.
 *
 * ## How to fix
 *
 * `block-in-filter` writes a deny for the whole network before the entry that permits the rest of
 * it. The denies of the two hosts may stay, or go.
 *
 * ## Options
 *
 * Level `warning`. A site that has decided for the minimum sets
 * `"rules": { "target-partly-blocked": "off" }` in `advisory-lens.json`.
 */
export const targetPartlyBlocked: Rule = {
  id: 'target-partly-blocked',
  level: 'warning',
  check: (review) => {
    const cases = [...outbound(review.verdicts), ...review.byOtherNames].flatMap((verdict) =>
      verdict.leaves?.certain === true && verdict.leaves.hosts.length === 0 && verdict.flow.hosts.length > 0
        ? [{ verdict, through: verdict.leaves }]
        : [],
    );
    return reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const { id } = verdict.advisory;
      const alias = aliasWords({ verdict, through });
      if (alias !== undefined) {
        return `Packets from ${where} to ${alias.name} reach addresses of ${destinationWords(verdict)} other than the hard-coded hosts, through ${alias.by}. Deny ${alias.name} here, or take the translation away.`;
      }
      return `Packets from ${where} reach addresses of ${destinationWords(verdict)} other than the hard-coded hosts. That meets the least that ${id} asks, not its full scope. Deny the whole range here.`;
    });
  },
};
