import fc from 'fast-check';
import {
  type Box,
  FIELDS,
  type FieldName,
  type Header,
  type Interval,
  MAXIMA,
  type MatchRule,
} from '../../server/src/core/headerspace/header-space.js';

/** Membership, straight from the meaning of a box. */
export function boxContains(box: Box, header: Header): boolean {
  return FIELDS.every((field) => {
    const intervals = box[field];
    return (
      intervals === undefined || intervals.some(([first, last]) => first <= header[field] && header[field] <= last)
    );
  });
}

/** The index of the first rule that matches, or undefined. */
export function firstMatching(rules: readonly MatchRule[], header: Header): number | undefined {
  const index = rules.findIndex((rule) => rule.boxes.some((box) => boxContains(box, header)));
  return index === -1 ? undefined : index;
}

/**
 * The places where a field's arbitrary intervals begin and end: few, so that they often coincide,
 * and with both ends of the field's range.
 */
function landmarks(field: FieldName): number[] {
  const maximum = MAXIMA[field];
  const inner = [1, 2, 7, 16, 80, 100, 255, 256, 1024, 0x0a000000, 0x0a0000ff].filter((value) => value < maximum);
  return [0, ...inner, maximum];
}

export function arbitraryValue(field: FieldName): fc.Arbitrary<number> {
  return fc
    .tuple(fc.constantFrom(...landmarks(field)), fc.constantFrom(-1, 0, 1))
    .map(([value, offset]) => Math.min(MAXIMA[field], Math.max(0, value + offset)));
}

function arbitraryInterval(field: FieldName): fc.Arbitrary<Interval> {
  return fc
    .tuple(arbitraryValue(field), arbitraryValue(field))
    .map(([one, other]): Interval => [Math.min(one, other), Math.max(one, other)]);
}

/** Boxes with any, none, one or several intervals a field, most fields being any. */
export const arbitraryBox: fc.Arbitrary<Box> = fc.record(
  Object.fromEntries(
    FIELDS.map((field) => [
      field,
      fc.oneof(
        { weight: 6, arbitrary: fc.array(arbitraryInterval(field), { minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.constant([[0, MAXIMA[field]]] as Interval[]) },
      ),
    ]),
  ) as Record<FieldName, fc.Arbitrary<Interval[]>>,
  { requiredKeys: [] },
);

export const arbitraryHeader: fc.Arbitrary<Header> = fc.record(
  Object.fromEntries(FIELDS.map((field) => [field, arbitraryValue(field)])) as Record<FieldName, fc.Arbitrary<number>>,
);

export const arbitraryRule: fc.Arbitrary<MatchRule> = fc.record({
  permits: fc.boolean(),
  boxes: fc.array(arbitraryBox, { maxLength: 3 }),
});

/** The values at which the intervals of the boxes begin and end, and those just beside them. */
export function valuesBeside(boxes: readonly Box[], field: FieldName): number[] {
  const values = new Set<number>([0, MAXIMA[field]]);
  for (const box of boxes) {
    for (const [first, last] of box[field] ?? []) {
      for (const value of [first - 1, first, last, last + 1]) {
        if (value >= 0 && value <= MAXIMA[field]) values.add(value);
      }
    }
  }
  return [...values];
}
