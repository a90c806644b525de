import type { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';
import { isBlankCode, skipBlankCodes, trimCodes } from '../common/codes.js';
import { statementEnd } from '../common/line-statements.js';

const COMMENT = 33;
/** What begins a line of a numbered list, as a device prints it. */
export const NUMBERED = 'access-list ';

/** Lines of a list: one, or rows that follow each other. */
type Stretch =
  | { readonly kind: 'line'; readonly row: number; readonly body: number; readonly end: number }
  | { readonly kind: 'rows'; readonly firstRow: number; readonly endRow: number; readonly isNumbered: boolean };

/** What the places of lines are found in. */
export interface Lined {
  readonly file: SourceFile;
  readonly codes: Uint8Array;
  readonly statements: Statements;
}

/**
 * Takes a line: its row, where its text begins, where its entry begins (behind `access-list 101`), and where
 * its text ends. False: no more.
 */
export type TakeLine = (row: number, start: number, body: number, end: number) => boolean;

/**
 * The lines of one list, in file order. A list may have a million of them, and nearly always they are rows
 * that follow each other: of these the first and the last are kept.
 */
export class EntryLines {
  /** See `AceColumns.kept`. */
  static readonly kept = new EntryLines();

  readonly #stretches: Stretch[] = [];
  #count = 0;
  #lastRow = -1;
  #lastEnd = 0;

  get count(): number {
    return this.#count;
  }

  /** The row of the last line; -1 where there is none. */
  get lastRow(): number {
    return this.#lastRow;
  }

  get lastEnd(): number {
    return this.#lastEnd;
  }

  push(row: number, body: number, end: number): void {
    this.#stretches.push({ kind: 'line', row, body, end });
    this.#noteLast(1, row, end);
  }

  /**
   * Adds the rows from `firstRow` up to `endRow`: `count` entries, of which the last stands in `lastRow` and
   * ends at `lastEnd`, and else blank lines and comments.
   * @param isNumbered whether each begins with `access-list` and a number
   */
  pushRows(firstRow: number, endRow: number, isNumbered: boolean, count: number, lastRow: number, lastEnd: number) {
    if (count === 0) return;
    this.#stretches.push({ kind: 'rows', firstRow, endRow, isNumbered });
    this.#noteLast(count, lastRow, lastEnd);
  }

  #noteLast(count: number, row: number, end: number): void {
    this.#count += count;
    this.#lastRow = row;
    this.#lastEnd = end;
  }

  /** Gives the lines in order, and returns whether all were taken. */
  each(lined: Lined, take: TakeLine): boolean {
    for (const stretch of this.#stretches) {
      if (stretch.kind === 'line') {
        const { row, body, end } = stretch;
        const start = skipBlankCodes(lined.codes, lined.statements.starts[row] as number, end);
        if (!take(row, start, body, end)) return false;
      } else {
        for (let row = stretch.firstRow; row < stretch.endRow; row += 1) {
          if (!giveRow(lined, row, stretch.isNumbered, take)) return false;
        }
      }
    }
    return true;
  }
}

function giveRow({ file, codes, statements }: Lined, row: number, isNumbered: boolean, take: TakeLine): boolean {
  const start = statements.starts[row] as number;
  const end = trimCodes(codes, start, statementEnd(file, statements, row));
  const at = skipBlankCodes(codes, start, end);
  if (at >= end || codes[at] === COMMENT) return true;
  return take(row, at, isNumbered ? bodyOfNumbered(codes, at, end) : at, end);
}

/** Where the entry of a line begins that `access-list` and a number begin. */
export function bodyOfNumbered(codes: Uint8Array, at: number, end: number): number {
  let next = at + NUMBERED.length;
  while (next < end && !isBlankCode(codes[next] as number)) next += 1;
  return skipBlankCodes(codes, next, end);
}
