import type { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';

/** A command line goes on over no more rows than this. */
const MOST_ROWS = 400;
/** A quoted text that is not closed within so many rows is no quoted text. */
const MOST_QUOTED_ROWS = 40;

/** One statement a line, none of them read yet. A carriage return inside a line ends a statement too. */
export function splitStatements(file: SourceFile): Statements {
  const starts = hasLoneReturn(file.text) ? startsAfterAnyReturn(file.text) : file.lineStarts;
  const last = starts[starts.length - 1] as number;
  const count = last === file.text.length ? starts.length - 1 : starts.length;
  return { count, starts: starts.subarray(0, count), depths: new Uint8Array(count), states: new Uint8Array(count) };
}

function hasLoneReturn(text: string): boolean {
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) !== 10) return true;
  }
  return false;
}

function startsAfterAnyReturn(text: string): Uint32Array {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return Uint32Array.from(starts);
}

/** Where row `row` stops in the text. */
export function statementEnd(file: SourceFile, statements: Statements, row: number): number {
  return row + 1 < statements.count ? (statements.starts[row + 1] as number) : file.text.length;
}

/** The row behind the command line that begins at `row`: backslashes at line ends and open quotes carry it on. */
export function logicalEnd(file: SourceFile, statements: Statements, row: number): number {
  const { text } = file;
  let quote = 0;
  let openedAt = row;
  for (let next = row; next < Math.min(statements.count, row + MOST_ROWS); next += 1) {
    const start = statements.starts[next] as number;
    const end = statementEnd(file, statements, next);
    let goesOn = false;
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 92 && quote !== 39) {
        const behind = text.charCodeAt(at + 1);
        goesOn = behind === 10 || (behind === 13 && text.charCodeAt(at + 2) === 10);
        at += 1;
      } else if (quote !== 0) {
        if (code === quote) quote = 0;
      } else if (code === 34 || code === 39) {
        quote = code;
        openedAt = next;
      } else if (code === 35 && (at === start || text.charCodeAt(at - 1) <= 32)) break;
    }
    if (quote !== 0) {
      if (next - openedAt >= MOST_QUOTED_ROWS || next + 1 >= statements.count) return Math.max(openedAt, row) + 1;
    } else if (!goesOn) return next + 1;
  }
  return Math.min(statements.count, row + MOST_ROWS);
}
