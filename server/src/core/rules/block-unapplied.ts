import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { Interface } from '../model/device.js';
import type { Review } from '../review/review.js';
import type { Problem, Rule } from './rule.js';
import { type TargetList, targetLists, type Use, usesOf } from './target-denies.js';

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
    const ends = new Map<AdvisoryFlow, Ends>();
    const endsOf = (flow: AdvisoryFlow): Ends => {
      const known = ends.get(flow) ?? openEnds(review, flow);
      ends.set(flow, known);
      return known;
    };
    return targetLists(review).flatMap((list) => problemOf(list, endsOf) ?? []);
  },
};

/** Where packets of a flow come in and go out that may get through. */
interface Ends {
  readonly ingresses: ReadonlySet<Interface>;
  readonly exits: ReadonlySet<Interface>;
}

function openEnds(review: Review, flow: AdvisoryFlow): Ends {
  const open = review.verdicts.filter((verdict) => verdict.flow === flow && verdict.word !== 'blocked');
  return {
    ingresses: new Set(open.map((verdict) => verdict.member.iface)),
    exits: new Set(open.flatMap((verdict) => verdict.exits.flatMap((exit) => exit.iface ?? []))),
  };
}

function problemOf(
  { advisory, flow, device, acl, denies }: TargetList,
  endsOf: (flow: AdvisoryFlow) => Ends,
): Problem | undefined {
  const uses = usesOf(device, acl);
  const deny = acl.entries.originAt(denies[0] as number);
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
  const { ingresses, exits } = endsOf(flow);
  // The packets come in by an ingress and go out by an exit; a list the other way round never sees them.
  const isWrong = ({ iface, filter }: Use) =>
    filter.direction === 'out' ? ingresses.has(iface) && !exits.has(iface) : exits.has(iface) && !ingresses.has(iface);
  const [first] = uses;
  if (first === undefined || !uses.every(isWrong)) return undefined;
  return {
    message: messageOf(acl.name, advisory.id, first),
    origin: first.filter.origin,
    related: [{ message: `the deny for ${advisory.id}`, origin: deny }],
    verdicts: [],
    remedies: [],
  };
}

function messageOf(acl: string, advisory: string, { iface, filter }: Use): string {
  const label = filter.origin.label;
  return filter.direction === 'out'
    ? `${acl} filters what goes out to ${iface.name}, so its deny for ${advisory} never sees packets that come from there. Apply it inward: "${label.replace(/\bout\b\s*$/, 'in')}".`
    : `${acl} filters what comes in by ${iface.name}, so its deny for ${advisory} never sees packets that leave there. Apply it outward: "${label.replace(/\bin\b\s*$/, 'out')}".`;
}
