import { destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

export const targetPartlyBlocked: Rule = {
  id: 'target-partly-blocked',
  level: 'warning',
  check: (review) => {
    const cases = review.verdicts.flatMap((verdict) =>
      verdict.leaves?.certain === true && verdict.leaves.hosts.length === 0 && verdict.flow.hosts.length > 0
        ? [{ verdict, through: verdict.leaves }]
        : [],
    );
    return reachabilityProblems(review, cases, ([{ verdict }], where) => {
      const { id } = verdict.advisory;
      return `Packets from ${where} reach addresses of ${destinationWords(verdict)} other than the hard-coded hosts. That meets the least that ${id} asks, not its full scope. Deny the whole range here.`;
    });
  },
};
