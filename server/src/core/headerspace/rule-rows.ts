import {
  type Box,
  FIELDS,
  type FieldName,
  type Interval,
  LEVELS,
  type Level,
  levelOf,
  MAXIMA,
  maximumOf,
  normalized,
} from './fields.js';
import type { MatchRule } from './first-match.js';

/** The bounds of a box of single intervals, a field a place. Both are included. */
export interface Cell {
  readonly first: Float64Array;
  readonly last: Float64Array;
}

export function wholeCell(): Cell {
  const cell = { first: new Float64Array(LEVELS), last: new Float64Array(LEVELS) };
  for (let level = 0; level < LEVELS; level += 1) cell.last[level] = maximumOf(level);
  return cell;
}

/** What a row does to an interval of a field's values. */
export type Touch = typeof MISSES | typeof CUTS | typeof COVERS;
export const MISSES = 0;
export const CUTS = 1;
export const COVERS = 2;

const LONG_LIST = 16;
/** The addresses first: they rule out most rows of a list. */
const CLIPPING_ORDER: readonly Level[] = [...FIELDS]
  .sort((one, other) => MAXIMA[other] - MAXIMA[one])
  .map((field) => levelOf(field));

/**
 * The boxes of an ordered list as typed columns, a row a box, in the order of the rules, without the
 * boxes that miss the cell they were clipped to.
 */
export class RuleRows {
  /** See `HeaderSpaceManager.kept`. */
  static readonly kept = new RuleRows(0);

  #count = 0;
  /** The index of the rule that a row belongs to; never falls. */
  readonly rule: Int32Array;
  /** 1 where that rule permits. */
  readonly permits: Uint8Array;
  /** Columns by level: the lowest and the highest value of a row. */
  readonly #first: readonly Uint32Array[];
  readonly #last: readonly Uint32Array[];
  /** Columns by level: a row's place in `#lists`, or -1 where its values are all from its first to its last. */
  readonly #list: (Int32Array | undefined)[] = FIELDS.map(() => undefined);
  readonly #lists: (readonly Interval[])[] = [];
  /** 1 where a list of the row is long. */
  readonly #isScattered: Uint8Array;

  constructor(capacity: number) {
    this.rule = new Int32Array(capacity);
    this.permits = new Uint8Array(capacity);
    this.#isScattered = new Uint8Array(capacity);
    this.#first = FIELDS.map(() => new Uint32Array(capacity));
    this.#last = FIELDS.map(() => new Uint32Array(capacity));
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a row for what of the box lies in the cell, unless that is nothing. */
  push(rule: number, permits: boolean, box: Box, cell: Cell): void {
    const row = this.#count;
    for (const level of CLIPPING_ORDER) {
      if (!this.#setBounds(row, level, box[FIELDS[level] as FieldName], cell)) return;
    }
    this.rule[row] = rule;
    this.permits[row] = permits ? 1 : 0;
    this.#count = row + 1;
  }

  #setBounds(row: number, level: Level, intervals: readonly Interval[] | undefined, cell: Cell): boolean {
    let first = cell.first[level] as number;
    let last = cell.last[level] as number;
    const column = this.#list[level];
    if (column !== undefined) column[row] = -1;
    if (intervals !== undefined && intervals.length === 1) {
      const only = intervals[0] as Interval;
      first = Math.max(first, only[0]);
      last = Math.min(last, only[1]);
    } else if (intervals !== undefined) {
      const inside = normalized(intervals, first, last);
      if (inside.length === 0) return false;
      first = (inside[0] as Interval)[0];
      last = (inside[inside.length - 1] as Interval)[1];
      if (inside.length > 1) this.#setList(row, level, inside);
    }
    (this.#first[level] as Uint32Array)[row] = first;
    (this.#last[level] as Uint32Array)[row] = last;
    return first <= last;
  }

  #setList(row: number, level: Level, intervals: readonly Interval[]): void {
    const column = this.#list[level] ?? new Int32Array(this.rule.length).fill(-1);
    this.#list[level] = column;
    column[row] = this.#lists.length;
    this.#lists.push(intervals);
    if (intervals.length > LONG_LIST) this.#isScattered[row] = 1;
  }

  /** Whether a field of the row has so many intervals that no split of a cell gets rid of the row. */
  isScattered(row: number): boolean {
    return this.#isScattered[row] === 1;
  }

  listOf(row: number, level: Level): readonly Interval[] | undefined {
    const list = this.#list[level]?.[row] ?? -1;
    return list === -1 ? undefined : this.#lists[list];
  }

  firstOf(row: number, level: Level): number {
    return (this.#first[level] as Uint32Array)[row] as number;
  }

  lastOf(row: number, level: Level): number {
    return (this.#last[level] as Uint32Array)[row] as number;
  }

  /** How the row's values lie to the values `first` to `last`. */
  touch(row: number, level: Level, first: number, last: number): Touch {
    const rowFirst = this.firstOf(row, level);
    const rowLast = this.lastOf(row, level);
    if (rowFirst > last || rowLast < first) return MISSES;
    const list = this.listOf(row, level);
    if (list === undefined) return rowFirst <= first && rowLast >= last ? COVERS : CUTS;
    const interval = list[firstEndingFrom(list, first)] as Interval;
    if (interval[0] > last) return MISSES;
    return interval[0] <= first && interval[1] >= last ? COVERS : CUTS;
  }

  /**
   * A value c, first < c ≤ last, such that the row tells c - 1 from c: the one nearest the middle, for
   * a row that cuts these values.
   */
  cutOf(row: number, level: Level, first: number, last: number): number {
    const middle = first + (last - first) / 2;
    const list = this.listOf(row, level);
    if (list === undefined) {
      return nearer(this.firstOf(row, level), this.lastOf(row, level) + 1, first, last, middle);
    }
    const at = Math.min(firstEndingFrom(list, middle), list.length - 1);
    const interval = list[at] as Interval;
    const own = nearer(interval[0], interval[1] + 1, first, last, middle);
    const before = list[at - 1];
    return before === undefined ? own : nearer(before[1] + 1, own, first, last, middle);
  }

  /** The row's values between `first` and `last`, as sorted intervals. */
  intervalsWithin(row: number, level: Level, first: number, last: number): Interval[] {
    const list = this.listOf(row, level);
    if (list === undefined) {
      return [[Math.max(first, this.firstOf(row, level)), Math.min(last, this.lastOf(row, level))]];
    }
    const inside: Interval[] = [];
    for (let at = firstEndingFrom(list, first); at < list.length; at += 1) {
      const [from, to] = list[at] as Interval;
      if (from > last) break;
      inside.push([Math.max(first, from), Math.min(last, to)]);
    }
    return inside;
  }
}

/** Clips the boxes of the rules to the cell. */
export function rowsOf(rules: readonly MatchRule[], cell: Cell): RuleRows {
  let boxes = 0;
  for (const rule of rules) boxes += rule.boxes.length;
  const rows = new RuleRows(boxes);
  rules.forEach((rule, index) => {
    for (const box of rule.boxes) rows.push(index, rule.permits, box, cell);
  });
  return rows;
}

/** The place of the first interval that ends at or after `value`; the list's length if none does. */
function firstEndingFrom(list: readonly Interval[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as Interval)[1] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the two the one that is a cut of `first` to `last`, or if both are, the nearer to the middle. */
function nearer(one: number, other: number, first: number, last: number, middle: number): number {
  const oneCuts = one > first && one <= last;
  const otherCuts = other > first && other <= last;
  if (oneCuts !== otherCuts) return oneCuts ? one : other;
  return Math.abs(one - middle) <= Math.abs(other - middle) ? one : other;
}
