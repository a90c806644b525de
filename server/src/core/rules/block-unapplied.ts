import type { Review } from '../review/review.js';
import type { Problem, Rule } from './rule.js';
import { type TargetDeny, targetDenies, type Use, usesOf } from './target-denies.js';

/**
 * A list denies the advisory's network, and it is applied to no interface, or only outward on the
 * interface by which a segment comes in, where its packets to that network never meet it.
 *
 * ## Why it matters
 *
 * `in` and `out` are seen from the device: what comes from a VLAN passes the `in` list of its
 * interface. A list that is applied `out` there sees what goes *to* the monitors, and its deny for
 * a destination outside matches nothing. A list that hangs nowhere is only text.
 *
 * ## How to fix
 *
 * Apply the list in the direction `in` on the interface of the segment, after looking at its other
 * entries: they begin to decide as well. Because of them no automatic fix is offered here; the
 * finding about the open path (`target-reachable`) offers one that changes nothing else.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "block-unapplied": "error" }`.
 */
export const blockUnapplied: Rule = {
  id: 'block-unapplied',
  level: 'warning',
  check: (review) => {
    const seen = new Set<string>();
    return targetDenies(review).flatMap((deny) => {
      const key = `${deny.advisory.id}\n${deny.device.name}\n${deny.acl.name}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return problemOf(review, deny) ?? [];
    });
  },
};

function problemOf(review: Review, { advisory, flow, device, acl, index }: TargetDeny): Problem | undefined {
  const uses = usesOf(device, acl);
  const deny = acl.entries.originAt(index);
  if (uses.length === 0) {
    // A list that a route-map, NAT or a line uses is not a filter, and its denies mean something else there.
    const usedOtherwise = device.references.some((one) => one.kind === 'acl' && one.name === acl.name);
    if (usedOtherwise) return undefined;
    return {
      message: `This deny for ${advisory.id} has no effect: no interface applies ${acl.name}. Apply the list inward where the segment comes in.`,
      origin: deny,
      related: [],
      verdicts: [],
      remedies: [],
    };
  }
  const ingresses = review.verdicts
    .filter((verdict) => verdict.flow === flow && verdict.word !== 'blocked' && !verdict.member.remote)
    .map((verdict) => verdict.member.iface);
  const wrong = uses.filter(({ filter, iface }) => filter.direction === 'out' && ingresses.includes(iface));
  const [first] = wrong;
  if (first === undefined || wrong.length < uses.length) return undefined;
  return {
    message: `${acl.name} filters what goes out to ${first.iface.name}, so its deny for ${advisory.id} never sees packets that come from there. Apply it inward: ${inward(first)}.`,
    origin: first.filter.origin,
    related: [{ message: `the deny for ${advisory.id}`, origin: deny }],
    verdicts: [],
    remedies: [],
  };
}

function inward({ filter }: Use): string {
  return `"${filter.origin.label.replace(/\bout\b\s*$/, 'in')}"`;
}
