import type { Origin } from '../../model/origin.js';
import { changeBetween, type TextChange } from '../../text/edit.js';
import { SourceFile } from '../../text/source-file.js';
import { StatementState } from '../../text/statements.js';
import { releaseCodes } from '../common/codes.js';
import { splitStatements } from '../common/line-statements.js';
import { accessListKey, emptyConfig, type IosAccessList } from './config.js';
import { AclConverter } from './convert-acl.js';
import { type Cut, isInside, type Lines, rowAt, runAt, type Trace, type Traced, withLines } from './cut.js';
import { EntryLines } from './entry-lines.js';
import { type EntryRun, type ReadRun, readEntryRun, standAt } from './entry-runs.js';
import type { Extraction } from './extract.js';
import { resolveGroups } from './groups.js';
import { Reader } from './reader.js';
import { rereadAround } from './reread-around.js';

/**
 * Reading a file again after an edit.
 *
 * An edit within a run of entries changes one list and nothing else: such lines are read each by
 * itself, and leave no other trace in the state of the reader. So the lines of the edit are read
 * alone, their entries take the place of the old ones, and everything behind them moves.
 *
 * For an edit elsewhere, the long runs that it does not touch are left out, all but their first and
 * last entries; what is left is read anew; and where a run still stands as it stood, its lines come
 * back, as an edit within it would bring them.
 *
 * Any doubt asks for the whole file: what is given here is what a reading of it would give.
 */

/** Files with more runs than this are not worth keeping track of. */
const MOST_RUNS = 10_000;

/** Undefined where a line may depend on any other. */
export function traceOf({ reader, runs, hasOpenText }: Extraction, inOrder: ReadonlySet<string>): Trace | undefined {
  if (hasOpenText || runs.length > MOST_RUNS || reader.file.hasLoneReturn) return undefined;
  const { accessLists, hostname } = reader.config;
  const isKept = ({ list }: ReadRun) => accessLists.get(accessListKey(list.kind, list.name)) === list;
  return { runs: runs.filter(isKept).map(({ run }) => run), inOrder, hostname };
}

/** @param readAnew reads a file whole; undefined where a line of it may depend on any other */
export function reread(
  before: Traced,
  file: SourceFile,
  fallbackName: string,
  readAnew: (file: SourceFile) => Traced | undefined,
): Traced | undefined {
  const { reading } = before;
  if (reading.file.path !== file.path) return undefined;
  const change = changeBetween(reading.file.text, file.text);
  const name = before.trace.hostname ?? fallbackName;
  return rereadLines(before, change, file, name) ?? rereadAround(before, change, file, readAnew);
}

function rereadLines(before: Traced, edit: TextChange, file: SourceFile, name: string): Traced | undefined {
  const cut = cutOf(before, edit, file);
  const lines = cut === undefined ? undefined : readLines(cut);
  if (cut === undefined || lines === undefined) return undefined;
  // Nothing that names something is read here: its order among the others is not known.
  if (before.reading.device.references.some(({ origin }) => isInside(cut.change, origin))) return undefined;
  if (!keepsIndentation(cut, lines)) return undefined;
  return withLines(before, cut, lines, file, name);
}

/** The lines that an edit touched; undefined where they are not inside one run. */
function cutOf({ reading, trace }: Traced, change: TextChange, file: SourceFile): Cut | undefined {
  const { statements } = reading;
  const { text } = reading.file;
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
  return { change: { start, end, shift: change.shift }, firstRow, endRow, run, text: file.text };
}

/** Undefined where one of the lines is no entry, or says more than an entry by itself. */
function readLines({ change, run, text }: Cut): Lines | undefined {
  const lines = new SourceFile('', text.slice(change.start, change.end + change.shift));
  if (lines.hasLoneReturn) return undefined;
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
  releaseCodes(reader.codes);
  if (!converter.inOrder.has(run.name) || reader.config.references.length > 0) return undefined;
  return {
    statements,
    run: read,
    entries,
    first: 0,
    // The last one is implicit, where there is one.
    count: Math.max(entries.count - 1, 0),
    base: 0,
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
