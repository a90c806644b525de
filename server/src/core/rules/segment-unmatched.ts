import type { Rule } from './rule.js';

export const segmentUnmatched: Rule = {
  id: 'segment-unmatched',
  level: 'warning',
  check: (review) =>
    review.unmatched.map(({ segment, message, span }) => ({
      message: `${message} Nothing of it is reviewed for the segment "${segment}". Correct it, or add the file that has it.`,
      origin: { file: review.site?.file ?? '', ...span },
      related: [],
      verdicts: [],
      remedies: [],
    })),
};
