import type { AceTable } from '../../model/ace-table.js';
import type { Acl } from '../../model/acl.js';
import type { Device } from '../../model/device.js';
import { movedOrigin, type Origin } from '../../model/origin.js';
import { changeBetween, movedEnd, type TextChange } from '../../text/edit.js';
import { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';
import type { Reading } from '../dialect.js';
import { accessListKey, emptyConfig, type IosAccessList } from './config.js';
import { AclConverter } from './convert-acl.js';
import { SEQUENCE_STEP } from './edited-list.js';
import { EntryLines } from './entry-lines.js';
import { type EntryRun, type ReadRun, readEntryRun, standAt } from './entry-runs.js';
import type { Extraction } from './extract.js';
import { resolveGroups } from './groups.js';
import { moved } from './moved.js';
import { hasLoneReturn, splitStatements } from './read.js';
import { Reader } from './reader.js';

/**
 * Reading a file again after an edit.
 *
 * An edit within a run of entries changes one list and nothing else: such lines are read each by
 * itself, and leave no other trace in the state of the reader. So the lines of the edit are read
 * alone, their entries take the place of the old ones, and everything behind them moves. Any other
 * edit, and any doubt, asks for the whole file: what is given here is what a reading of it would give.
 */

/** What reading a file again takes, beside the reading itself. */
export interface Trace {
  /** In the order of their rows, those of lists that were removed left out. */
  readonly runs: readonly EntryRun[];
  /** Lists whose tables have a row for each of their entries, in the order of the file. */
  readonly inOrder: ReadonlySet<string>;
  readonly hostname: string | undefined;
}

/** Files with more runs than this are not worth keeping track of. */
const MOST_RUNS = 10_000;

/** Undefined where a line may depend on any other. */
export function traceOf({ reader, runs, hasOpenText }: Extraction, inOrder: ReadonlySet<string>): Trace | undefined {
  if (hasOpenText || runs.length > MOST_RUNS || hasLoneReturn(reader.text)) return undefined;
  const { accessLists, hostname } = reader.config;
  const isKept = ({ list }: ReadRun) => accessLists.get(accessListKey(list.kind, list.name)) === list;
  return { runs: runs.filter(isKept).map(({ run }) => run), inOrder, hostname };
}

/** Whole lines that gave way to others. */
interface Cut {
  readonly change: TextChange;
  /** Rows of the earlier reading: the first one, and the one behind the last. */
  readonly firstRow: number;
  readonly endRow: number;
  readonly run: EntryRun;
  /** The lines that stand there now. */
  readonly lines: SourceFile;
}

export function reread(
  before: Reading,
  trace: Trace,
  file: SourceFile,
  fallbackName: string,
): { readonly reading: Reading; readonly trace: Trace } | undefined {
  const cut = before.file.path === file.path ? cutOf(before, trace, file) : undefined;
  const read = cut === undefined ? undefined : readLines(cut);
  if (cut === undefined || read === undefined) return undefined;
  const device = editedDevice(before.device, cut, read, file);
  if (device === undefined) return undefined;
  const statements = splicedStatements(before.statements, cut, read.statements);
  const name = trace.hostname ?? fallbackName;
  return {
    reading: { file, statements, device: { ...device, name } },
    trace: { ...trace, runs: movedRuns(trace.runs, cut, read.run, read.statements.count) },
  };
}

/** The lines that an edit touched; undefined where they are not inside one run. */
function cutOf(before: Reading, trace: Trace, file: SourceFile): Cut | undefined {
  const { text } = before.file;
  const { statements } = before;
  const change = changeBetween(text, file.text);
  const start = change.start === 0 ? 0 : text.lastIndexOf('\n', change.start - 1) + 1;
  const newline = text.indexOf('\n', change.end);
  if (newline === -1) return undefined;
  const end = newline + 1;
  const firstRow = rowAt(statements, start);
  const endRow = end === text.length ? statements.count : rowAt(statements, end);
  const run = runAt(trace.runs, firstRow);
  if (run === undefined || endRow > run.endRow || !trace.inOrder.has(run.name)) return undefined;
  // The line behind an entry of a numbered list may be the rest of it, which hangs on the entry's length.
  if (endRow > run.lastEntryRow && /^\d+$/.test(run.name)) return undefined;
  const now = file.text.slice(start, end + change.shift);
  if (hasLoneReturn(now)) return undefined;
  return {
    change: { start, end, shift: change.shift },
    firstRow,
    endRow,
    run,
    lines: new SourceFile(file.path, now),
  };
}

/** The row that begins at an offset, or the last that begins before it. */
function rowAt({ starts }: Statements, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function runAt(runs: readonly EntryRun[], row: number): EntryRun | undefined {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((runs[middle] as EntryRun).firstRow <= row) low = middle;
    else high = middle - 1;
  }
  const run = runs[low];
  return run !== undefined && run.firstRow <= row && row < run.endRow ? run : undefined;
}

/** The lines of a cut, read alone. All offsets count from the cut. */
interface Lines {
  readonly statements: Statements;
  /** Of rows of the lines; undefined where none is an entry. */
  readonly run: EntryRun | undefined;
  readonly entries: AceTable;
  readonly unread: readonly Origin[];
  /** Where the last of the entries ends; undefined where there is none. */
  readonly end: number | undefined;
}

/** Undefined where one of the lines is no entry, or says more than an entry by itself. */
function readLines({ lines, run }: Cut): Lines | undefined {
  const statements = splitStatements(lines);
  const reader = new Reader(lines, statements);
  const origin: Origin = { file: lines.path, start: 0, end: 0, label: '' };
  const list: IosAccessList = {
    name: run.name,
    kind: run.kind,
    nameOrigin: origin,
    origin,
    lines: new EntryLines(),
    end: 0,
  };
  if (run.number === undefined) {
    reader.context = 'acl';
    reader.list = list;
  } else {
    reader.numbered = { number: run.number, list };
  }
  reader.openerIndent = run.openerIndent;
  const read = readFrom(reader);
  if (read === 'other') return undefined;
  const converter = new AclConverter(reader, resolveGroups(emptyConfig()));
  const { entries } = converter.convert([list]);
  if (!converter.inOrder.has(run.name) || reader.config.references.length > 0) return undefined;
  return {
    statements,
    run: read,
    entries,
    unread: reader.config.unread,
    end: list.lines.count === 0 ? undefined : list.end,
  };
}

/** Reads blank lines, and the run behind them; `other` where anything else is left. */
function readFrom(reader: Reader): EntryRun | undefined | 'other' {
  const { statements } = reader;
  for (let row = 0; row < statements.count; row += 1) {
    if (!standAt(reader, row)) return 'other';
    if (reader.at >= reader.end) {
      statements.states[row] = StatementState.ignored;
      continue;
    }
    reader.row = row;
    const run = readEntryRun(reader, row)?.run;
    return run?.endRow === statements.count ? run : 'other';
  }
  return undefined;
}

function editedDevice(device: Device, cut: Cut, lines: Lines, source: SourceFile): Device | undefined {
  const { change, run } = cut;
  const isInside = ({ start }: Origin) => start >= change.start && start < change.end;
  const acl = device.acls.get(run.name);
  if (acl === undefined || acl.kind !== run.kind || device.references.some(({ origin }) => isInside(origin))) {
    return undefined;
  }
  if (!keepsIndentation(cut, lines)) return undefined;
  const edited = editedAcl(acl, cut, lines, source);
  if (edited === undefined) return undefined;
  const { acls, unread, definitions, ...others } = device;
  const kept = unread.filter((origin) => !isInside(origin)).map((origin) => movedOrigin(origin, change));
  const added = lines.unread.map((origin) => ({
    ...origin,
    start: origin.start + change.start,
    end: origin.end + change.start,
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

/**
 * Whether the block looks as much indented behind the cut as it did before, for what is read behind it
 * may go by that.
 */
function keepsIndentation({ run, firstRow, endRow }: Cut, { run: now }: Lines): boolean {
  if (run.sawDeeperBefore || run.number !== undefined) return true;
  const isDeeper = now !== undefined && now.deeperRow !== -1;
  if (run.deeperRow === -1) return !isDeeper;
  // The first indented line stands before the cut, or is in it, or behind it.
  return run.deeperRow < firstRow || run.deeperRow >= endRow || isDeeper;
}

function editedAcl(acl: Acl, { change }: Cut, lines: Lines, source: SourceFile): Acl | undefined {
  const { entries } = acl;
  // The last is the implicit one; a list without entries has none.
  const written = entries.count - 1;
  const count = lines.entries.count - 1;
  if (written < 0) return undefined;
  const from = entryFrom(entries, written, change.start);
  const to = entryFrom(entries, written, change.end);
  const middle = Math.max(count, 0);
  if (written - (to - from) + middle <= 0) return undefined;
  if (!keepsOrder(entries, from, to, written, lines.entries, middle)) return undefined;
  const end = editedEnd(acl.end, change, lines.end);
  if (end === undefined) return undefined;
  return {
    ...acl,
    origin: movedOrigin(acl.origin, change),
    entries: entries.edited(source, change, { from, to, middle: lines.entries, count: middle }),
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
function entryFrom(entries: AceTable, written: number, offset: number): number {
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
function keepsOrder(
  entries: AceTable,
  from: number,
  to: number,
  written: number,
  middle: AceTable,
  count: number,
): boolean {
  let unnumbered = 0;
  let at = from - 1;
  while (at >= 0 && entries.sequenceAt(at) === undefined) {
    unnumbered += 1;
    at -= 1;
  }
  let last = (at < 0 ? 0 : (entries.sequenceAt(at) as number)) + unnumbered * SEQUENCE_STEP;
  for (let index = 0; index < count; index += 1) {
    const sequence = middle.sequenceAt(index);
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
      return [{ ...one, ...rows, deeperRow: deeper === -1 ? -1 : deeper + shift }];
    }
    const lastEntryRow = lastEntryOf(one, cut, now, shift);
    // What the rows before the cut hold is not known here, and a run without a last entry is of no use.
    if (lastEntryRow === undefined) return [];
    const isDeeperInside = one.deeperRow >= firstRow && one.deeperRow < endRow;
    const deeperRow = isDeeperInside ? firstRow + (now?.deeperRow ?? 0) : movedRow(one.deeperRow);
    return [{ ...one, endRow: one.endRow + shift, lastEntryRow, deeperRow }];
  });
}

function lastEntryOf(run: EntryRun, { firstRow, endRow }: Cut, now: EntryRun | undefined, shift: number) {
  if (run.lastEntryRow >= endRow) return run.lastEntryRow + shift;
  if (now !== undefined) return firstRow + now.lastEntryRow;
  return run.lastEntryRow < firstRow ? run.lastEntryRow : undefined;
}
