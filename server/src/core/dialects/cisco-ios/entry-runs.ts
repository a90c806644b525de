import { StatementState } from '../../text/statements.js';
import { skipBlankCodes, trimCodes } from '../common/codes.js';
import { statementEnd } from '../common/line-statements.js';
import type { IosAccessList, IosAccessListKind } from './config.js';
import { bodyOfNumbered } from './entry-lines.js';
import { isNextNumberedLine, looksLikeEntry } from './extract-acl.js';
import type { Reader } from './reader.js';

/**
 * Rows that follow each other and are nothing but entries of one list, blank lines and comments
 * between them: most of a long file. Each of these lines is read by itself alone; all it does to the
 * state of the reader is to add to the list, and perhaps to show that the block is indented.
 */
export interface EntryRun {
  /** The list's name and kind. */
  readonly name: string;
  readonly kind: IosAccessListKind;
  /** Of lines such as `access-list 101 permit ...`; undefined in the block of a named list. */
  readonly number: number | undefined;
  /** The indentation of the line that opened the list's block. */
  readonly openerIndent: number;
  /** The first of its rows, and the first that is an entry: blank lines may stand before it. */
  readonly firstRow: number;
  readonly firstEntryRow: number;
  /** The row behind the last. */
  readonly endRow: number;
  /** The last row that is an entry. */
  readonly lastEntryRow: number;
  /** Whether a line of the block before the run was indented deeper than its opener. */
  readonly sawDeeperBefore: boolean;
  /** The first row of the run that was; -1 where none is. */
  readonly deeperRow: number;
}

/** A run that was just read, with the list that its entries went to: a later line may remove that list. */
export interface ReadRun {
  readonly run: EntryRun;
  readonly list: IosAccessList;
}

const COMMENT = 33;

/**
 * Reads the run of entries that begins at a row, where the line at hand is the first of them.
 * @returns undefined where the line at hand is no entry of the list that is open
 */
export function readEntryRun(reader: Reader, firstRow: number): ReadRun | undefined {
  const { list, numbered } = reader;
  if (list !== undefined && looksLikeEntry(reader)) return readRun(reader, firstRow, list, undefined);
  if (reader.context === 'global' && numbered !== undefined && isNextNumberedLine(reader)) {
    return readRun(reader, firstRow, numbered.list, numbered.number);
  }
  return undefined;
}

/** The run with the blank lines and comments before it: an entry may as well be written there. */
export function withBlanks({ run, list }: ReadRun, firstRow: number): ReadRun {
  return { run: { ...run, firstRow }, list };
}

/** @param number of a numbered list; undefined in the block of a named one */
function readRun(reader: Reader, firstRow: number, list: IosAccessList, number: number | undefined): ReadRun {
  const { statements } = reader;
  const { lines, name, kind } = list;
  const isNumbered = number !== undefined;
  const depth = isNumbered ? 0 : 1;
  const sawDeeperBefore = reader.sawDeeper;
  let deeperRow = -1;
  let count = 0;
  let lastEntryRow = firstRow;
  let lastEnd = reader.end;
  let row = firstRow;
  do {
    if (reader.at < reader.end) {
      count += 1;
      lastEntryRow = row;
      lastEnd = reader.end;
      if (!isNumbered && !reader.sawDeeper && reader.indent() > reader.openerIndent) {
        reader.sawDeeper = true;
        deeperRow = row;
      }
      statements.states[row] = StatementState.modelled;
      statements.depths[row] = depth;
    } else {
      statements.states[row] = StatementState.ignored;
    }
    // A prompt may stand before the first line, and before no other.
    if (row === firstRow)
      lines.push(row, isNumbered ? bodyOfNumbered(reader.codes, reader.at, reader.end) : reader.at, reader.end);
    row += 1;
  } while (row < statements.count && standAt(reader, row) && isOfRun(reader, isNumbered));
  lines.pushRows(firstRow + 1, row, isNumbered, count - 1, lastEntryRow, lastEnd);
  list.end = lastEnd;
  reader.row = lastEntryRow;
  const { openerIndent } = reader;
  const rows = { firstRow, firstEntryRow: firstRow, endRow: row, lastEntryRow, deeperRow };
  return { run: { name, kind, number, openerIndent, sawDeeperBefore, ...rows }, list };
}

function isOfRun(reader: Reader, isNumbered: boolean): boolean {
  if (reader.at >= reader.end) return true;
  return isNumbered ? isNextNumberedLine(reader) : looksLikeEntry(reader);
}

/**
 * Puts the reader on the line of a row, without the blanks around it; a blank line and a comment are
 * a line of no length. False where a pager's prompt may stand before the line.
 */
export function standAt(reader: Reader, row: number): boolean {
  const { codes, statements } = reader;
  const start = statements.starts[row] as number;
  const end = trimCodes(codes, start, statementEnd(reader.file, statements, row));
  const at = skipBlankCodes(codes, start, end);
  const first = codes[at] as number;
  reader.at = at;
  reader.end = first === COMMENT ? at : end;
  // `-`, `<` and `[` begin what pagers print.
  return at >= end || (first !== 45 && first !== 60 && first !== 91);
}
