import { prefixContains } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';
import { destinationWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

/**
 * Packets from a device segment to the advisory's network do not leave the site: the network is
 * connected to a reviewed device, and the segment reaches it there.
 *
 * ## Why it matters
 *
 * The manuals of these monitors tell sites to give their own central station the address
 * 202.114.4.119. Where a site did so, the path is not a leak but patient monitoring itself.
 *
 * This is a trap: a deny at the segment, written to satisfy the advisory, cuts the monitors from
 * their central station. And monitors that have addresses of the network themselves never cross a
 * router on the way to it, so no filter on a router is asked.
 *
 * ## How to fix
 *
 * No automatic fix is offered at the segment. Block the network at the edge, on the interface that
 * leads out of the site, so that a packet cannot leave when the route inside is missing. Better:
 * give the central station an address of your own and set the monitors to it, where they allow it.
 *
 * ## Options
 *
 * Level `warning`. A site that knows of its central station says so in `advisory-lens.json`, host by
 * host, and the rule is quiet as long as the segment reaches no other host of the advisory:
 * `"internalTargets": [{ "hosts": ["202.114.4.119/32"], "reason": "our central station" }]`.
 */
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
