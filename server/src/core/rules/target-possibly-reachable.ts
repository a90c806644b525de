import { type Case, destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

export const targetPossiblyReachable: Rule = {
  id: 'target-possibly-reachable',
  level: 'warning',
  check: (review) => {
    const cases = review.verdicts.flatMap((verdict): Case[] => {
      const through = verdict.leaves ?? verdict.delivered;
      if (through === undefined) return [];
      // What surely gets through has a rule of its own, unless hosts may be reached and none surely is.
      const mayReachHosts =
        through === verdict.leaves && through.hosts.length === 0 && through.possibleHosts.length > 0;
      return through.certain && !mayReachHosts ? [] : [{ verdict, through }];
    });
    return reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const why = through.fate.assumptions[0]?.words ?? 'the files do not tell';
      return `Packets from ${where} may reach ${destinationWords(verdict)}, which ${verdict.advisory.id} says to block: ${why}. Deny it here to be sure.`;
    });
  },
};
