import type { Device } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import { outbound, type Verdict } from '../review/verdict.js';
import type { Problem, Rule } from './rule.js';

/**
 * This line was not understood, or is known and not modelled, and a verdict would be more definite
 * if it were.
 *
 * Lines that are unknown and decide nothing are silent.
 *
 * ## Why it matters
 *
 * What was not understood counts as possibly passing, so it can turn "blocked" or "reachable" into
 * "possible". The hint says where to look with your own eyes.
 *
 * ## How to fix
 *
 * Read the line. If it is mistyped, mend it. If it is right, a deny for the advisory's network in
 * front of it makes the verdict independent of it.
 *
 * ## Options
 *
 * Level `hint`: the command line shows it only with the findings that it widens. Another level, or
 * `off`, is set in `advisory-lens.json`: `"rules": { "unmodelled-statement": "off" }`.
 */
export const unmodelledStatement: Rule = {
  id: 'unmodelled-statement',
  level: 'hint',
  check: (review) => {
    const problems = new Map<string, Problem>();
    for (const verdict of outbound(review.verdicts)) {
      const doubtful = [verdict.leaves, verdict.delivered].filter((part) => part !== undefined && !part.certain);
      if (doubtful.length === 0) continue;
      for (const { device } of verdict.touched) {
        for (const { words, origin } of widening(device)) {
          if (!isMet(verdict, origin)) continue;
          problems.set(`${origin.file}\n${origin.start}`, {
            message: `This line is not modelled, and so ${verdict.segment.name} may reach what ${verdict.advisory.id} says to block: ${words}.`,
            origin,
            related: [],
            verdicts: [],
            remedies: [],
          });
        }
      }
    }
    return [...problems.values()];
  },
};

/** The lines of a device that were not understood, or are not modelled, where that matters. */
function widening(device: Device): { readonly words: string; readonly origin: Origin }[] {
  return [
    ...device.unread.map((origin) => ({ words: `"${origin.label}" was not understood`, origin })),
    ...device.interfaces.flatMap((iface) => iface.uncertainties),
    ...device.vrfs.flatMap((vrf) => vrf.uncertainties),
  ];
}

/** Whether the verdict's doubt comes from the line: a hop stands on it, or an assumption is made of it. */
function isMet(verdict: Verdict, origin: Origin): boolean {
  const parts = [verdict.leaves, verdict.delivered].filter((part) => part !== undefined);
  return parts.some(({ fate }) =>
    fate.assumptions.some((one) => one.origin?.file === origin.file && one.origin.start === origin.start),
  );
}
