import type { Rule } from './rule.js';

/**
 * The site file names a VLAN, a subnet, an interface, a zone or a device that no reviewed configuration has.
 *
 * ## Why it matters
 *
 * A segment that no file has is judged nowhere, and a report without findings about it looks like
 * a block. A VLAN that was renumbered, or a device whose file is missing, is found this way. A link
 * that names what is not there joins nothing, and the paths over it end before it.
 *
 * ## How to fix
 *
 * Correct the entry, add the configuration that has it, or remove the entry.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "segment-unmatched": "error" }`.
 */
export const segmentUnmatched: Rule = {
  id: 'segment-unmatched',
  level: 'warning',
  check: (review) =>
    review.unmatched.map(({ segment, message, span }) => ({
      message: `${message} ${effectOf(segment)} Correct it, or add the file that has it.`,
      origin: { file: review.site?.file ?? '', ...span },
      related: [],
      verdicts: [],
      remedies: [],
    })),
};

function effectOf(segment: string | undefined): string {
  return segment === undefined
    ? 'What is said of it here has no effect.'
    : `Nothing of it is reviewed for the segment "${segment}".`;
}
