import { destinationWords, hostWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

export const targetReachable: Rule = {
  id: 'target-reachable',
  level: 'error',
  check: (review) => {
    const cases = review.verdicts.flatMap((verdict) =>
      verdict.leaves?.certain === true && (verdict.leaves.hosts.length > 0 || verdict.flow.hosts.length === 0)
        ? [{ verdict, through: verdict.leaves }]
        : [],
    );
    return reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const hosts = through.hosts.length > 0 ? hostWords(through.hosts) : destinationWords(verdict);
      return `Packets from ${where} reach ${hosts}, which ${verdict.advisory.id} says to block. Deny ${destinationWords(verdict)} here.`;
    });
  },
};
