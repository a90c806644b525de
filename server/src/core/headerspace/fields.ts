import { MAX_IP } from '../net/ip.js';

/**
 * The header fields, in the order in which a diagram asks for them. The order decides how large
 * diagrams get and nothing else; it was chosen by measurement (bench/headerspace.ts).
 */
export const FIELDS = ['protocol', 'dstPort', 'dst', 'src', 'srcPort', 'icmp', 'tcpFlags', 'state'] as const;

export type FieldName = (typeof FIELDS)[number];

/** Values `first` to `last`, both included. */
export type Interval = readonly [first: number, last: number];

/**
 * A product of sets of values. An absent field is any value; a list is the union of its intervals,
 * in any order, overlapping or not; an empty list is nothing. Values beyond a field's maximum do not
 * exist, and an interval whose first value is above its last one is empty.
 */
export type Box = { readonly [Field in FieldName]?: readonly Interval[] };

/** One packet header. `icmp` is type * 256 + code; `state` is 0 for new and 1 for established. */
export type Header = { readonly [Field in FieldName]: number };

/** The highest value of each field; the lowest is 0. */
export const MAXIMA: Header = {
  dst: MAX_IP,
  src: MAX_IP,
  protocol: 255,
  dstPort: 65535,
  srcPort: 65535,
  icmp: 65535,
  tcpFlags: 63,
  state: 1,
};

/** The position of a field in `FIELDS`; `FIELDS.length` is the level of what stands below all fields. */
export type Level = number;

export const LEVELS: Level = FIELDS.length;

const LEVEL_MAXIMA: readonly number[] = FIELDS.map((field) => MAXIMA[field]);

export function maximumOf(level: Level): number {
  return LEVEL_MAXIMA[level] as number;
}

export function levelOf(field: FieldName): Level {
  return FIELDS.indexOf(field);
}

/** The same values as sorted intervals inside [first, last] that neither overlap nor touch. */
export function normalized(intervals: readonly Interval[], first: number, last: number): Interval[] {
  const inside: Interval[] = [];
  for (const interval of intervals) {
    const low = Math.max(interval[0], first);
    const high = Math.min(interval[1], last);
    if (low <= high) inside.push([low, high]);
  }
  inside.sort((one, other) => one[0] - other[0]);
  const merged: Interval[] = [];
  for (const interval of inside) {
    const previous = merged[merged.length - 1];
    if (previous === undefined || interval[0] > previous[1] + 1) merged.push(interval);
    else if (interval[1] > previous[1]) merged[merged.length - 1] = [previous[0], interval[1]];
  }
  return merged;
}
