import type { AceTable } from '../../model/ace-table.js';
import type { Acl } from '../../model/acl.js';
import type { Device } from '../../model/device.js';
import { movedOrigin, type Origin } from '../../model/origin.js';
import { movedEnd, type TextChange } from '../../text/edit.js';
import { lastFrom } from '../../text/search.js';
import type { SourceFile } from '../../text/source-file.js';
import type { Span } from '../../text/span.js';
import type { Statements } from '../../text/statements.js';
import type { Reading } from '../dialect.js';
import { SEQUENCE_STEP } from './edited-list.js';
import type { EntryRun } from './entry-runs.js';
import { moved } from './moved.js';

/** What reading a file again takes, beside the reading itself. */
export interface Trace {
  /** In the order of their rows, those of lists that were removed left out. */
  readonly runs: readonly EntryRun[];
  /** Lists whose tables have a row for each of their entries, in the order of the file. */
  readonly inOrder: ReadonlySet<string>;
  readonly hostname: string | undefined;
}

/** A reading with its trace. */
export interface Traced {
  readonly reading: Reading;
  readonly trace: Trace;
}

/** Whole lines that gave way to others. */
export interface Cut {
  readonly change: TextChange;
  /** Rows of the earlier reading: the first one, and the one behind the last. */
  readonly firstRow: number;
  readonly endRow: number;
  readonly run: EntryRun;
  /** The whole text as it is now. */
  readonly text: string;
}

/** The lines that stand in a cut now. */
export interface Lines {
  /** Their starts count from the cut. */
  readonly statements: Statements;
  /** Of rows that count from the cut; undefined where none of the lines is an entry. */
  readonly run: EntryRun | undefined;
  /** A table that holds their entries: the first of them, how many, and the offset that is the start of the cut. */
  readonly entries: AceTable;
  readonly first: number;
  readonly count: number;
  readonly base: number;
  /** Their offsets count from the same base. */
  readonly unread: readonly Origin[];
  /** Where the last of the entries ends, counted from the cut; undefined where there is none. */
  readonly end: number | undefined;
}

/** What an earlier reading says with the lines of a cut in their place. */
export function withLines(before: Traced, cut: Cut, lines: Lines, file: SourceFile, name: string): Traced | undefined {
  const { reading, trace } = before;
  const device = editedDevice(reading.device, cut, lines, file);
  if (device === undefined) return undefined;
  const statements = splicedStatements(reading.statements, cut, lines.statements);
  return {
    reading: { ...reading, file, statements, device: { ...device, name } },
    trace: { ...trace, runs: movedRuns(trace.runs, cut, lines.run, lines.statements.count) },
  };
}

export function isInside({ start, end }: Span, origin: Origin): boolean {
  return origin.start >= start && origin.start < end;
}

/** The row that begins at an offset, or the last that begins before it. */
export function rowAt({ starts }: Statements, offset: number): number {
  return Math.max(
    lastFrom(starts.length, (row) => starts[row] as number, offset),
    0,
  );
}

export function runAt(runs: readonly EntryRun[], row: number): EntryRun | undefined {
  const run = runs[lastFrom(runs.length, (index) => (runs[index] as EntryRun).firstRow, row)];
  return run !== undefined && run.firstRow <= row && row < run.endRow ? run : undefined;
}

function editedDevice(device: Device, cut: Cut, lines: Lines, source: SourceFile): Device | undefined {
  const { change, run } = cut;
  const acl = device.acls.get(run.name);
  if (acl === undefined || acl.kind !== run.kind) return undefined;
  const edited = editedAcl(acl, cut, lines, source);
  if (edited === undefined) return undefined;
  const { acls, unread, definitions, ...others } = device;
  const kept = unread.filter((origin) => !isInside(change, origin)).map((origin) => movedOrigin(origin, change));
  const added = lines.unread.map((origin) => ({
    ...origin,
    file: source.path,
    start: origin.start - lines.base + change.start,
    end: origin.end - lines.base + change.start,
  }));
  return {
    ...moved(others, change, source),
    acls: new Map([...acls].map(([name, one]) => [name, one === acl ? edited : moved(one, change, source)])),
    unread: added.length === 0 ? kept : [...kept, ...added].sort((a, b) => a.start - b.start),
    definitions: definitions.map((definition) => {
      const isEdited = definition.kind === 'acl' && definition.block.start === acl.origin.start;
      const now = moved(definition, change, source);
      return isEdited ? { ...now, block: { ...now.block, end: edited.end } } : now;
    }),
  };
}

function editedAcl(acl: Acl, { change }: Cut, lines: Lines, source: SourceFile): Acl | undefined {
  const { entries } = acl;
  // The last is the implicit one; a list without entries has none.
  const written = entries.count - 1;
  if (written < 0) return undefined;
  const from = entryFrom(entries, written, change.start);
  const to = entryFrom(entries, written, change.end);
  if (written - (to - from) + lines.count <= 0 || !keepsOrder(entries, from, to, written, lines)) return undefined;
  const end = editedEnd(acl.end, change, lines.end);
  if (end === undefined) return undefined;
  const { entries: middle, first, count, base } = lines;
  return {
    ...acl,
    origin: movedOrigin(acl.origin, change),
    entries: entries.edited(source, change, { from, to, middle, first, count, base }),
    end,
  };
}

/** Where a list ends now; undefined where its last line is gone, and the one before it is not at hand. */
function editedEnd(end: number, change: TextChange, linesEnd: number | undefined): number | undefined {
  if (end > change.end) return movedEnd(end, change);
  if (linesEnd !== undefined) return change.start + linesEnd;
  return end <= change.start ? end : undefined;
}

/** The first of the written entries that begins at an offset or behind it. They stand in the order of the file. */
export function entryFrom(entries: AceTable, written: number, offset: number): number {
  let low = 0;
  let high = written;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries.startAt(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the numbers still rise from entry to entry; one without a number has 10 more than the one before. */
function keepsOrder(entries: AceTable, from: number, to: number, written: number, lines: Lines): boolean {
  if (!entries.isNumbered && !lines.entries.isNumbered) return true;
  let unnumbered = 0;
  let at = from - 1;
  while (at >= 0 && entries.sequenceAt(at) === undefined) {
    unnumbered += 1;
    at -= 1;
  }
  let last = (at < 0 ? 0 : (entries.sequenceAt(at) as number)) + unnumbered * SEQUENCE_STEP;
  for (let index = lines.first; index < lines.first + lines.count; index += 1) {
    const sequence = lines.entries.sequenceAt(index);
    if (sequence !== undefined && sequence <= last) return false;
    last = sequence ?? last + SEQUENCE_STEP;
  }
  for (let index = to; index < written; index += 1) {
    const sequence = entries.sequenceAt(index);
    if (sequence !== undefined) return sequence > last;
    last += SEQUENCE_STEP;
  }
  return true;
}

function splicedStatements(before: Statements, { change, firstRow, endRow }: Cut, lines: Statements): Statements {
  const count = before.count - (endRow - firstRow) + lines.count;
  const behind = firstRow + lines.count;
  const starts = new Uint32Array(count);
  starts.set(before.starts.subarray(0, firstRow));
  starts.set(lines.starts, firstRow);
  for (let row = firstRow; row < behind; row += 1) starts[row] = (starts[row] as number) + change.start;
  starts.set(before.starts.subarray(endRow), behind);
  for (let row = behind; row < count; row += 1) starts[row] = (starts[row] as number) + change.shift;
  const spliced = (column: Uint8Array, between: Uint8Array): Uint8Array => {
    const result = new Uint8Array(count);
    result.set(column.subarray(0, firstRow));
    result.set(between, firstRow);
    result.set(column.subarray(endRow), behind);
    return result;
  };
  return {
    count,
    starts,
    depths: spliced(before.depths, lines.depths),
    states: spliced(before.states, lines.states),
  };
}

function movedRuns(runs: readonly EntryRun[], cut: Cut, now: EntryRun | undefined, rows: number): EntryRun[] {
  const { run, firstRow, endRow } = cut;
  const shift = rows - (endRow - firstRow);
  const movedRow = (row: number): number => (row >= endRow ? row + shift : row);
  return runs.flatMap((one): EntryRun[] => {
    if (one.endRow <= firstRow) return [one];
    if (one !== run) {
      const { firstRow: first, endRow: end, lastEntryRow: last, deeperRow: deeper } = one;
      const rows = { firstRow: first + shift, endRow: end + shift, lastEntryRow: last + shift };
      const firstEntryRow = one.firstEntryRow + shift;
      return [{ ...one, ...rows, firstEntryRow, deeperRow: deeper === -1 ? -1 : deeper + shift }];
    }
    const lastEntryRow = lastEntryOf(one, cut, now, shift);
    // What the rows before the cut hold is not known here, and a run without a last entry is of no use.
    if (lastEntryRow === undefined) return [];
    const isDeeperInside = one.deeperRow >= firstRow && one.deeperRow < endRow;
    const deeperRow = isDeeperInside ? firstRow + (now?.deeperRow ?? 0) : movedRow(one.deeperRow);
    const firstEntryRow = firstEntryOf(one, cut, now) ?? lastEntryRow;
    return [{ ...one, firstEntryRow, endRow: one.endRow + shift, lastEntryRow, deeperRow }];
  });
}

function lastEntryOf(run: EntryRun, { firstRow, endRow }: Cut, now: EntryRun | undefined, shift: number) {
  if (run.lastEntryRow >= endRow) return run.lastEntryRow + shift;
  if (now !== undefined) return firstRow + now.lastEntryRow;
  return run.lastEntryRow < firstRow ? run.lastEntryRow : undefined;
}

/** Undefined where the first entry stands behind a cut, or is gone: any other will do for it. */
function firstEntryOf(run: EntryRun, { firstRow }: Cut, now: EntryRun | undefined): number | undefined {
  if (run.firstEntryRow < firstRow) return run.firstEntryRow;
  return now === undefined ? undefined : firstRow + now.firstEntryRow;
}
