import { outbound } from '../review/verdict.js';
import { aliasWords, type Case, destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

/**
 * It cannot be told from the files whether a packet from a device segment reaches the advisory's
 * network. It may, so it does not count as blocked.
 *
 * The message names what is undecided: a time range, a tracked route, a routing protocol, a feature
 * or a line that is not modelled.
 *
 * ## Why it matters
 *
 * A block that holds at some times, or only as long as a routing protocol carries no such route, is
 * not a block. And a tool that guesses "blocked" there is worse than none.
 *
 * ## How to fix
 *
 * A deny for the advisory's network in front of what is undecided settles it, whatever the answer
 * would have been. `block-in-filter` and `apply-filter` write it.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "target-possibly-reachable": "error" }`.
 */
export const targetPossiblyReachable: Rule = {
  id: 'target-possibly-reachable',
  level: 'warning',
  check: (review) => {
    const cases = [...outbound(review.verdicts), ...review.byOtherNames].flatMap((verdict): Case[] => {
      const through = verdict.leaves ?? verdict.delivered;
      if (through === undefined) return [];
      // What surely gets through has a rule of its own, unless hosts may be reached and none surely is.
      const mayReachHosts =
        through === verdict.leaves && through.hosts.length === 0 && through.possibleHosts.length > 0;
      return through.certain && !mayReachHosts ? [] : [{ verdict, through }];
    });
    return reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const why = through.fate.assumptions[0]?.words ?? 'the files do not tell';
      const alias = aliasWords({ verdict, through });
      if (alias !== undefined) {
        return `Packets from ${where} to ${alias.name} may reach ${destinationWords(verdict)}, which ${verdict.advisory.id} says to block, through ${alias.by}: ${why}. Deny ${alias.name} here to be sure.`;
      }
      return `Packets from ${where} may reach ${destinationWords(verdict)}, which ${verdict.advisory.id} says to block: ${why}. Deny it here to be sure.`;
    });
  },
};
