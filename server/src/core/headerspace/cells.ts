import { type Diagram, EMPTY, FULL, INTERSECT, type NodeId, SUBTRACT, UNION } from './diagram.js';
import { type Interval, LEVELS, type Level, maximumOf } from './fields.js';
import { type Cell, COVERS, CUTS, MISSES, type RuleRows } from './rule-rows.js';

/** Cells with no more rows than this are folded; larger ones are split. Chosen by measurement. */
const FOLDED_ROWS = 12;
/**
 * As many, where most rows are scattered (non-contiguous wildcards). They stay in all parts of a
 * cell, while a diagram shares what they have in common.
 */
const FOLDED_SCATTERED_ROWS = 256;
/** Rows whose bounds are looked at to find where to split a cell. */
const SAMPLED_ROWS = 31;

/** What the rows pass of some cells: all of it, and by rule. The parts are nonempty and disjoint; their union is `all`. */
export interface Passed {
  readonly all: NodeId;
  readonly parts: Map<number, NodeId>;
}

/**
 * Rows that matter in a cell, in order, as a stack of lists: the list of a cell lies on top of that
 * of the cell it was split from.
 */
class RowLists {
  /** See `HeaderSpaceManager.kept`. */
  static readonly kept = new RowLists();

  row = new Int32Array(1024);
  /** A bit a level: set where the row only cuts the cell. No bit set: the row covers the cell. */
  cuts = new Uint8Array(1024);
  top = 0;

  push(row: number, cuts: number): void {
    if (this.top === this.row.length) {
      const rows = new Int32Array(this.top * 2);
      rows.set(this.row);
      this.row = rows;
      const bits = new Uint8Array(this.top * 2);
      bits.set(this.cuts);
      this.cuts = bits;
    }
    this.row[this.top] = row;
    this.cuts[this.top] = cuts;
    this.top += 1;
  }
}

/**
 * Splits a cell until few rows are left in each part, folds these, and gives what each part
 * passes of `within` to `give`, unless that is nothing. `give` may release what was made since the
 * call, but not `within`.
 *
 * Stops when it has looked at rows and made edges, together, more than `mostWork` times. Returns
 * whether it got through all cells.
 */
export function foldCells(
  diagram: Diagram,
  rows: RuleRows,
  cell: Cell,
  within: NodeId,
  give: (passed: Passed) => void,
  mostWork: number,
): boolean {
  const edgesBefore = diagram.edgesMade;
  let rowsSeen = rows.count;
  const isOver = (): boolean => rowsSeen + diagram.edgesMade - edgesBefore > mostWork;
  const lists = new RowLists();
  for (let row = 0; row < rows.count; row += 1) {
    let cuts = 0;
    for (let level = 0; level < LEVELS; level += 1) {
      const touch = rows.touch(row, level, cell.first[level] as number, cell.last[level] as number);
      if (touch === CUTS) cuts |= 1 << level;
    }
    lists.push(row, cuts);
    // Whatever comes after a row that covers the cell is dead.
    if (cuts === 0) break;
  }

  const isBox = nodeOfCell(diagram, cell) === within;
  const visitCell = (start: number): void => {
    const end = withoutLastDenies(rows, lists, start);
    if (end === start) return;
    rowsSeen += end - start;
    if (isOver()) return;
    if (!isBox && !meetsCell(diagram, within, cell)) return;
    if (isFolded(rows, lists, start, end)) {
      const scope = diagram.combine(INTERSECT, nodeOfCell(diagram, cell), within);
      const passed = foldRows(diagram, rows, lists, start, end, cell, scope, isOver);
      if (passed !== undefined) give(passed);
      return;
    }
    const level = mostCutLevel(lists, start, end);
    const first = cell.first[level] as number;
    const last = cell.last[level] as number;
    const cut = middleCut(rows, lists, start, end, level, first, last);
    cell.last[level] = cut - 1;
    visitPart(start, end, level);
    cell.last[level] = last;
    cell.first[level] = cut;
    visitPart(start, end, level);
    cell.first[level] = first;
  };

  /** Visits the cell, which was narrowed at `level`, with those of the given rows that still matter in it. */
  const visitPart = (start: number, end: number, level: Level): void => {
    const first = cell.first[level] as number;
    const last = cell.last[level] as number;
    const bit = 1 << level;
    const partStart = lists.top;
    for (let at = start; at < end; at += 1) {
      const row = lists.row[at] as number;
      let cuts = lists.cuts[at] as number;
      if ((cuts & bit) !== 0) {
        const touch = rows.touch(row, level, first, last);
        if (touch === MISSES) continue;
        if (touch === COVERS) cuts &= ~bit;
      }
      lists.push(row, cuts);
      if (cuts === 0) break;
    }
    visitCell(partStart);
    lists.top = partStart;
  };

  visitCell(0);
  return !isOver();
}

/** The end of the list on top that starts at `start`, less the denies at its end: what no row matches is denied too. */
function withoutLastDenies(rows: RuleRows, lists: RowLists, start: number): number {
  let end = lists.top;
  while (end > start && rows.permits[lists.row[end - 1] as number] === 0) end -= 1;
  return end;
}

function isFolded(rows: RuleRows, lists: RowLists, start: number, end: number): boolean {
  if (end - start <= FOLDED_ROWS) return true;
  if (end - start > FOLDED_SCATTERED_ROWS) return false;
  let scattered = 0;
  for (let at = start; at < end; at += 1) if (rows.isScattered(lists.row[at] as number)) scattered += 1;
  return scattered * 2 > end - start;
}

/** How many rows cut at each level. */
const cutCounts = new Int32Array(LEVELS);

function mostCutLevel(lists: RowLists, start: number, end: number): Level {
  cutCounts.fill(0);
  for (let at = start; at < end; at += 1) {
    for (let bits = lists.cuts[at] as number; bits !== 0; bits &= bits - 1) {
      const level = 31 - Math.clz32(bits & -bits);
      cutCounts[level] = (cutCounts[level] as number) + 1;
    }
  }
  let most = 0;
  for (let level = 1; level < LEVELS; level += 1) {
    if ((cutCounts[level] as number) > (cutCounts[most] as number)) most = level;
  }
  return most;
}

/** No more rows are sampled: of twice as many, each second one is. */
const sample = new Float64Array(2 * SAMPLED_ROWS + 2);

/** About the median of the values at which the rows cut the cell. It is the bound of a row, so splitting there gets on. */
function middleCut(
  rows: RuleRows,
  lists: RowLists,
  start: number,
  end: number,
  level: Level,
  first: number,
  last: number,
): number {
  const bit = 1 << level;
  const step = Math.max(1, Math.floor((end - start) / SAMPLED_ROWS));
  let count = 0;
  for (let at = start; at < end; at += 1) {
    if (((lists.cuts[at] as number) & bit) === 0) continue;
    if (count > 0 && (at - start) % step !== 0) continue;
    sample[count] = rows.cutOf(lists.row[at] as number, level, first, last);
    count += 1;
  }
  return sample.subarray(0, count).sort()[count >>> 1] as number;
}

function nodeOfCell(diagram: Diagram, cell: Cell): NodeId {
  let node: NodeId = FULL;
  for (let level = LEVELS - 1; level >= 0; level -= 1) {
    node = diagram.selectRange(level, cell.first[level] as number, cell.last[level] as number, node);
  }
  return node;
}

/** Whether some header of the set lies in the cell. */
function meetsCell(diagram: Diagram, set: NodeId, cell: Cell): boolean {
  const level = diagram.levelOf(set);
  if (level === LEVELS) return set === FULL;
  const last = cell.last[level] as number;
  let edge = diagram.edgeFor(set, cell.first[level] as number);
  for (; ; edge += 1) {
    if (meetsCell(diagram, diagram.childOf(edge), cell)) return true;
    if (diagram.upperOf(edge) >= last) return false;
  }
}

/**
 * The fold itself: each row takes what it matches of what the rows before it left. Ends where
 * nothing is left. Gives nothing where nothing passes, or where the work got too much.
 */
function foldRows(
  diagram: Diagram,
  rows: RuleRows,
  lists: RowLists,
  start: number,
  end: number,
  cell: Cell,
  scope: NodeId,
  isOver: () => boolean,
): Passed | undefined {
  const parts = new Map<number, NodeId>();
  let all: NodeId = EMPTY;
  let left = scope;
  for (let at = start; at < end && left !== EMPTY; at += 1) {
    if (isOver()) return undefined;
    const row = lists.row[at] as number;
    let box: NodeId = FULL;
    for (let level = LEVELS - 1; level >= 0; level -= 1) {
      if (((lists.cuts[at] as number) & (1 << level)) === 0) continue;
      box = selectInCell(diagram, rows, row, level, cell, box);
    }
    if (rows.permits[row] === 1) {
      const part = diagram.combine(INTERSECT, left, box);
      if (part === EMPTY) continue;
      const rule = rows.rule[row] as number;
      parts.set(rule, diagram.combine(UNION, parts.get(rule) ?? EMPTY, part));
      all = diagram.combine(UNION, all, part);
    }
    left = diagram.combine(SUBTRACT, left, box);
  }
  return all === EMPTY ? undefined : { all, parts };
}

/** The node for the row's values within the cell; those at the cell's bounds reach out to the field's bounds. */
function selectInCell(diagram: Diagram, rows: RuleRows, row: number, level: Level, cell: Cell, inside: NodeId): NodeId {
  const first = cell.first[level] as number;
  const last = cell.last[level] as number;
  const maximum = maximumOf(level);
  if (rows.listOf(row, level) === undefined) {
    const rowFirst = rows.firstOf(row, level);
    const rowLast = rows.lastOf(row, level);
    return diagram.selectRange(level, rowFirst <= first ? 0 : rowFirst, rowLast >= last ? maximum : rowLast, inside);
  }
  const intervals = rows.intervalsWithin(row, level, first, last);
  const lowest = intervals[0] as Interval;
  if (lowest[0] === first) intervals[0] = [0, lowest[1]];
  const highest = intervals[intervals.length - 1] as Interval;
  if (highest[1] === last) intervals[intervals.length - 1] = [highest[0], maximum];
  return diagram.select(level, intervals, inside);
}
