import { prefixContains } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';
import { destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

export const targetInUse: Rule = {
  id: 'target-in-use',
  level: 'warning',
  check: (review) => {
    const cases = review.verdicts.flatMap((verdict) =>
      verdict.delivered?.certain === true && !isDeclared(review, verdict)
        ? [{ verdict, through: verdict.delivered }]
        : [],
    );
    const problems = reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const network = through.fate.iface?.name ?? 'a network';
      return `${destinationWords(verdict)} of ${verdict.advisory.id} is in use inside, on ${network} of ${through.fate.device}, and packets from ${where} are delivered there. Do not deny it here, which would cut patient monitoring; block it at the edge.`;
    });
    // A deny at the segment would cut the site's own central station off: no remedy of that kind is offered.
    return problems.map((problem) => ({ ...problem, remedies: [] }));
  },
};

/** Whether the site file declares every hard-coded host that is reached as the site's own. */
function isDeclared(review: Review, verdict: Verdict): boolean {
  const declared = review.site?.internalTargets.flatMap((target) => target.hosts) ?? [];
  const hosts = verdict.delivered?.possibleHosts ?? [];
  return hosts.length > 0 && hosts.every((host) => declared.some((prefix) => prefixContains(prefix, host)));
}
