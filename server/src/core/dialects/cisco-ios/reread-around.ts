import type { TextChange } from '../../text/edit.js';
import { SourceFile } from '../../text/source-file.js';
import type { Span } from '../../text/span.js';
import type { Reading } from '../dialect.js';
import { entryFrom, isInside, type Lines, rowAt, runAt, type Traced, withLines } from './cut.js';
import type { EntryRun } from './entry-runs.js';

/** Runs of fewer rows are read faster than they are put back. */
const LONG_RUN = 100;

/** Putting one back moves all that stands behind it. */
const MOST_BODIES = 4;

/** The rows of a run between its first entry and its last. */
interface Body {
  readonly run: EntryRun;
  readonly firstRow: number;
  readonly endRow: number;
  /** In the text before the edit, and in the one behind it. */
  readonly before: Span;
  readonly start: number;
  readonly end: number;
}

export function rereadAround(
  before: Traced,
  change: TextChange,
  file: SourceFile,
  readAnew: (file: SourceFile) => Traced | undefined,
): Traced | undefined {
  const bodies = bodiesOf(before, change);
  if (bodies.length === 0) return undefined;
  let text = '';
  let at = 0;
  for (const { start, end } of bodies) {
    text += file.text.slice(at, start);
    at = end;
  }
  text += file.text.slice(at);
  let now = readAnew(new SourceFile(file.path, text));
  for (const body of bodies) now = now === undefined ? undefined : withBody(before.reading, now, body, file);
  return now;
}

/** The longest ones that an edit has left alone, in the order of the file. */
function bodiesOf({ reading, trace }: Traced, change: TextChange): Body[] {
  const { starts } = reading.statements;
  const bodies: Body[] = [];
  for (const run of trace.runs) {
    const firstRow = run.firstEntryRow + 1;
    const endRow = run.lastEntryRow;
    if (endRow - firstRow < LONG_RUN || !trace.inOrder.has(run.name)) continue;
    const span = { start: starts[firstRow] as number, end: starts[endRow] as number };
    // The line end before a body must stand, too.
    if (span.end > change.start && span.start <= change.end) continue;
    // What the first entry does not show of the indentation, one that is left out may.
    if (run.deeperRow >= firstRow && run.deeperRow < endRow) continue;
    const shift = span.start > change.end ? change.shift : 0;
    bodies.push({ run, firstRow, endRow, before: span, start: span.start + shift, end: span.end + shift });
  }
  bodies.sort((a, b) => b.endRow - b.firstRow - (a.endRow - a.firstRow));
  return bodies
    .slice(0, MOST_BODIES)
    .filter(({ before }) => !reading.device.references.some(({ origin }) => isInside(before, origin)))
    .sort((a, b) => a.start - b.start);
}

/** A reading of the text without a body, with it; undefined where the body's run is no longer what it was. */
function withBody(old: Reading, now: Traced, body: Body, file: SourceFile): Traced | undefined {
  const { reading, trace } = now;
  const { start, end, before } = body;
  const row = rowAt(reading.statements, start);
  const run = runAt(trace.runs, row);
  const lines = run === undefined ? undefined : linesOf(old, body);
  if (run === undefined || lines === undefined || !trace.inOrder.has(run.name)) return undefined;
  // The entries around the body are of one run still, read as they were.
  const isAlike = run.firstEntryRow < row && row <= run.lastEntryRow && reading.statements.starts[row] === start;
  if (!isAlike || run.kind !== body.run.kind || run.number !== body.run.number) return undefined;
  if (!keepsIndentationOf(run, body.run)) return undefined;
  const change = { start, end: start, shift: end - start };
  const cut = { change, firstRow: row, endRow: row, run, text: file.text };
  return before.end - before.start === change.shift ? withLines(now, cut, lines, file, reading.device.name) : undefined;
}

/** Whether the lines left out of a run change nothing about how indented its block looks. */
function keepsIndentationOf(now: EntryRun, before: EntryRun): boolean {
  if (now.number !== undefined || now.sawDeeperBefore || now.deeperRow === now.firstEntryRow) return true;
  return now.openerIndent === before.openerIndent && !before.sawDeeperBefore && before.deeperRow === -1;
}

/** The lines of a body as they were read. */
function linesOf({ statements, device }: Reading, { run, firstRow, endRow, before }: Body): Lines | undefined {
  const acl = device.acls.get(run.name);
  if (acl === undefined || acl.entries.count === 0) return undefined;
  const written = acl.entries.count - 1;
  const first = entryFrom(acl.entries, written, before.start);
  return {
    statements: {
      count: endRow - firstRow,
      starts: statements.starts.slice(firstRow, endRow).map((start) => start - before.start),
      depths: statements.depths.subarray(firstRow, endRow),
      states: statements.states.subarray(firstRow, endRow),
    },
    run: undefined,
    entries: acl.entries,
    first,
    count: entryFrom(acl.entries, written, before.end) - first,
    base: before.start,
    unread: device.unread.filter((origin) => isInside(before, origin)),
    end: undefined,
  };
}
