import { StatementState } from '../../text/statements.js';
import { skipBlankCodes, trimCodes } from '../shared/codes.js';
import type { IosAccessList, IosAccessListKind } from './config.js';
import { addEntryLine, looksLikeEntry, readNextNumberedLine } from './extract-acl.js';
import { statementEnd } from './read.js';
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
  if (list !== undefined && looksLikeEntry(reader)) return readNamedRun(reader, firstRow);
  if (reader.context === 'global' && numbered !== undefined && readNextNumberedLine(reader)) {
    return readNumberedRun(reader, firstRow);
  }
  return undefined;
}

/** The run with the blank lines and comments before it: an entry may as well be written there. */
export function withBlanks({ run, list }: ReadRun, firstRow: number): ReadRun {
  return { run: { ...run, firstRow }, list };
}

function readNamedRun(reader: Reader, firstRow: number): ReadRun {
  const { statements } = reader;
  const list = reader.list as NonNullable<typeof reader.list>;
  const sawDeeperBefore = reader.sawDeeper;
  let deeperRow = -1;
  let lastEntryRow = firstRow;
  let row = firstRow;
  do {
    if (reader.at < reader.end) {
      reader.row = row;
      addEntryLine(reader, list);
      lastEntryRow = row;
      if (!reader.sawDeeper && reader.indent() > reader.openerIndent) {
        reader.sawDeeper = true;
        deeperRow = row;
      }
      statements.states[row] = StatementState.modelled;
      statements.depths[row] = 1;
    } else {
      statements.states[row] = StatementState.ignored;
    }
    row += 1;
  } while (row < statements.count && standAt(reader, row) && (reader.at >= reader.end || looksLikeEntry(reader)));
  const { openerIndent } = reader;
  const { name, kind } = list;
  const rows = { firstRow, firstEntryRow: firstRow, endRow: row, lastEntryRow, deeperRow };
  return { run: { name, kind, number: undefined, openerIndent, sawDeeperBefore, ...rows }, list };
}

/** The line at hand has been read already. */
function readNumberedRun(reader: Reader, firstRow: number): ReadRun {
  const { statements, numbered, sawDeeper, openerIndent } = reader;
  const { number, list } = numbered as NonNullable<typeof numbered>;
  statements.states[firstRow] = StatementState.modelled;
  let lastEntryRow = firstRow;
  let row = firstRow + 1;
  for (; row < statements.count && standAt(reader, row); row += 1) {
    reader.row = row;
    if (reader.at >= reader.end) {
      statements.states[row] = StatementState.ignored;
    } else if (readNextNumberedLine(reader)) {
      statements.states[row] = StatementState.modelled;
      lastEntryRow = row;
    } else {
      break;
    }
  }
  const { name, kind } = list;
  const rows = { firstRow, firstEntryRow: firstRow, endRow: row, lastEntryRow, deeperRow: -1 };
  return { run: { name, kind, number, openerIndent, sawDeeperBefore: sawDeeper, ...rows }, list };
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
