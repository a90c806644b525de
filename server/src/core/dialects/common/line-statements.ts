import type { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';

/**
 * One statement a line, none of them read yet. With `returns`, a carriage return inside a line ends a
 * statement too: terminal captures have it where a pager overwrote its prompt, and old files where others
 * have LF.
 */
export function splitStatements(file: SourceFile, { returns = true }: { readonly returns?: boolean } = {}): Statements {
  const starts = returns && file.hasLoneReturn ? startsAfterAnyReturn(file.text) : file.lineStarts;
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
