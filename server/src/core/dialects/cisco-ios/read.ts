import type { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';

/**
 * One statement a line, none of them read yet. A carriage return inside a line ends a statement too:
 * terminal captures have it where a pager overwrote its prompt, and old files where others have LF.
 */
export function splitStatements(file: SourceFile): Statements {
  const starts = file.hasLoneReturn ? startsAfterAnyReturn(file.text) : file.lineStarts;
  const last = starts[starts.length - 1] as number;
  const count = last === file.text.length ? starts.length - 1 : starts.length;
  return { count, starts: starts.subarray(0, count), depths: new Uint8Array(count), states: new Uint8Array(count) };
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

const BACKSPACE = 8;
const ESCAPE = 27;

/**
 * Where a line's own text begins when a pager's prompt stands before it (` --More-- ` and the
 * backspaces or the escape sequences that wiped it); `at` where none does.
 */
export function skipPager(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (code !== 45 && code !== 60 && code !== 91) return at;
  let from = at;
  for (const prompt of ['--More--', '<--- More --->', '[7m--More--']) {
    if (text.startsWith(prompt, at)) from = at + prompt.length;
  }
  if (from === at) return at;
  // Everything up to the last sign that moves the cursor has been overwritten.
  for (let next = from; next < end; next += 1) {
    const sign = text.charCodeAt(next);
    if (sign === BACKSPACE) from = next + 1;
    else if (sign === ESCAPE) from = endOfEscape(text, next, end);
  }
  return from;
}

/** The end of a terminal's control sequence such as `ESC [ 2 K`. */
function endOfEscape(text: string, at: number, end: number): number {
  let next = at + 1;
  if (text.charCodeAt(next) !== 91) return next;
  next += 1;
  while (next < end && text.charCodeAt(next) < 64) next += 1;
  return Math.min(next + 1, end);
}
