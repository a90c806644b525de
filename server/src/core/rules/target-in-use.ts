import { type Prefix, prefixContains, prefixCovers } from '../net/prefix.js';
import { isDeniedAtEdge } from '../review/homes.js';
import type { Review } from '../review/review.js';
import { outbound, type Through, type Verdict } from '../review/verdict.js';
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
 * No fix is offered at the segment. `block-at-edge` denies the network where its packets leave the
 * site, or would leave if the route inside were missing: outward on the interface that leads out, or by
 * a route to nowhere on the device that has it. It is offered where it proves: nothing leaves, with
 * the network inside and without it, and what was delivered still is.
 *
 * Better: give the central station an address of your own and set the monitors to it, where they allow
 * it.
 *
 * ## Options
 *
 * Level `warning`. The rule is quiet where nothing leaves, and the edge denies what would leave if the
 * network inside were gone. A site that knows of its central station says so in `advisory-lens.json`, host by
 * host, and the rule is quiet as long as the segment reaches no other host of the advisory:
 * `"internalTargets": [{ "hosts": ["202.114.4.119/32"], "reason": "our central station" }]`. What
 * leaves the site is reported all the same, as `target-reachable`.
 */
export const targetInUse: Rule = {
  id: 'target-in-use',
  level: 'warning',
  check: (review) => {
    const cases = outbound(review.verdicts).flatMap((verdict) =>
      verdict.delivered?.certain === true && !isDeclared(review, verdict) && !isDeniedAtEdge(review, verdict)
        ? [{ verdict, through: verdict.delivered }]
        : [],
    );
    const problems = reachabilityProblems(review, cases, ([{ verdict, through }, ...others], where) => {
      const group = [verdict, ...others.map((one) => one.verdict)];
      const homes = homesOf(review, verdict, through);
      return `${destinationWords(verdict)} of ${verdict.advisory.id} is in use inside, on ${homes}, and packets from ${where} are delivered there. ${leavingWords(group)} Do not deny it here, which would cut patient monitoring; block it at the edge.`;
    });
    return problems;
  },
};

/** The interfaces on whose networks the advisory's addresses are, on whatever device. */
function homesOf(review: Review, { flow, exits }: Verdict, { fate }: Through): string {
  const homes = review.network.nodes.flatMap(({ device }) =>
    device.interfaces
      .filter(
        ({ up, addresses }) =>
          up && addresses.some(({ prefix }) => flow.destinations.some((one) => overlaps(one, prefix))),
      )
      .map((iface) => ({ iface, device: device.name })),
  );
  const delivering = exits.filter(({ outcome }) => outcome === 'delivered').map(({ iface }) => iface);
  const first = homes.filter(({ iface }) => iface === fate.iface);
  const next = homes.filter(({ iface }) => iface !== fate.iface && delivering.includes(iface));
  const rest = homes.filter(({ iface }) => iface !== fate.iface && !delivering.includes(iface));
  const words = [...first, ...next, ...rest].map(({ iface, device }) => `${iface.name} of ${device}`);
  if (words.length === 0) return `${fate.iface?.name ?? 'a network'} of ${fate.device}`;
  return words.length <= MOST_HOMES
    ? words.join(' and ')
    : `${words.slice(0, MOST_HOMES).join(', ')} and ${words.length - MOST_HOMES} more`;
}

const MOST_HOMES = 3;

function overlaps(a: Prefix, b: Prefix): boolean {
  return overlap(a, b) !== undefined;
}

/** What of the network leaves the site, by the same questions. */
function leavingWords(verdicts: readonly Verdict[]): string {
  const leaving = verdicts.filter((verdict) => verdict.leaves !== undefined);
  if (leaving.length === 0) return 'Nothing of it leaves the reviewed network from there.';
  const exits = leaving.flatMap((verdict) => verdict.exits.filter(({ outcome }) => outcome === 'leaves'));
  const ways = [...new Set(exits.map(({ iface, device }) => `${iface?.name ?? 'an interface'} of ${device}`))];
  const surely = leaving.some((verdict) => verdict.leaves?.certain === true);
  return `A part of it ${surely ? 'leaves' : 'may leave'} by ${ways.slice(0, MOST_HOMES).join(' and ')}.`;
}

/** Whether the site file declares every hard-coded host that is reached as the site's own, or the whole network. */
function isDeclared(review: Review, verdict: Verdict): boolean {
  const declared = review.site?.internalTargets.flatMap((target) => target.hosts) ?? [];
  const hosts = verdict.delivered?.possibleHosts ?? [];
  if (hosts.length > 0) return hosts.every((host) => declared.some((prefix) => prefixContains(prefix, host)));
  const homes = verdict.exits.flatMap(({ outcome, iface }) =>
    outcome === 'delivered' ? (iface?.addresses ?? []).map(({ prefix }) => prefix) : [],
  );
  const used = homes.flatMap((home) => verdict.flow.destinations.flatMap((one) => overlap(one, home) ?? []));
  return used.length > 0 && used.every((one) => declared.some((prefix) => prefixCovers(prefix, one)));
}

function overlap(a: Prefix, b: Prefix): Prefix | undefined {
  if (prefixCovers(a, b)) return b;
  return prefixCovers(b, a) ? a : undefined;
}
