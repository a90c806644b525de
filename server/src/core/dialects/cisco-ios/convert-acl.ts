import { AceColumns } from '../../model/ace-columns.js';
import { AceTable } from '../../model/ace-table.js';
import type { AceRow, Acl } from '../../model/acl.js';
import { MATCH_ANY } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import { StatementState } from '../../text/statements.js';
import { isBlankCode, skipBlankCodes } from '../common/codes.js';
import { Words } from '../common/words.js';
import type { IosAccessList } from './config.js';
import { type EditedEntry, editedEntries, SEQUENCE_STEP } from './edited-list.js';
import { type EntryReading, type EntryScope, readEntry } from './entry.js';
import type { ResolvedGroups } from './groups.js';
import { readPlainEntry, readPlainStandardEntry } from './plain-entry.js';
import type { Reader } from './reader.js';

/** Stands for the number of an entry that has none. */
const NO_NUMBER = -1;

/** A list that is read in its order, as far as it is read. */
interface InOrder {
  readonly list: IosAccessList;
  readonly table: AceTable;
  /** The table's own. */
  readonly columns: AceColumns;
  /** The number of the entry read last, or the one that it has from the device. */
  last: number;
  isEmpty: boolean;
  /** Whether each entry is a row of the table. */
  isEachARow: boolean;
}

/** Turns the lines of lists into tables of entries, and gives each line its state. */
export class AclConverter {
  readonly #reader: Reader;
  readonly #words = new Words();
  readonly #scope: EntryScope;
  /**
   * The lists whose entries stand in the order of evaluation, each a row of its table: lines that
   * decide nothing, but have a number all the same, are in none of them.
   */
  readonly inOrder = new Set<string>();

  constructor(reader: Reader, groups: ResolvedGroups) {
    this.#reader = reader;
    this.#scope = {
      addresses: groups.addresses,
      services: groups.services,
      refer: (kind, words) => {
        const origin = { file: reader.file.path, start: words.start, end: words.stop, label: words.word() };
        reader.config.references.push({ kind, name: words.word(), use: 'filter', origin });
      },
    };
  }

  /** Converts the lists of one name. A device holds one of them, and which is not in the file. */
  convert(lists: readonly [IosAccessList, ...IosAccessList[]]): Acl {
    const [list, ...others] = lists;
    const { name, kind, origin } = list;
    const isCertain = others.length === 0 && kind !== 'doubtful';
    const entries = (isCertain ? this.#readInOrder(list) : undefined) ?? this.#readEdited(lists);
    return { name, kind, origin, entries, end: list.end };
  }

  /**
   * Reads a list whose lines stand in the order of evaluation, as a device prints it: nearly every
   * list, and the only way that is fast. Undefined where the list is not like that.
   */
  #readInOrder(list: IosAccessList): AceTable | undefined {
    const { file, config } = this.#reader;
    const { lines } = list;
    const columns = new AceColumns(lines.count + 1);
    const begun: InOrder = {
      list,
      columns,
      table: new AceTable(file, columns),
      last: 0,
      isEmpty: true,
      isEachARow: true,
    };
    const referencesBefore = config.references.length;
    const unreadBefore = config.unread.length;
    const readPlain = list.kind === 'standard' ? readPlainStandardEntry : readPlainEntry;
    if (!lines.each(this.#reader, (row, start, body, end) => this.#readNext(begun, readPlain, row, start, body, end))) {
      config.references.length = referencesBefore;
      config.unread.length = unreadBefore;
      return undefined;
    }
    if (!begun.isEmpty) begun.table.pushImplicitDeny(list.origin);
    if (begun.isEachARow) this.inOrder.add(list.name);
    return begun.table;
  }

  /** Nearly every line of a long list is as plain as this. Returns whether the list is in order so far. */
  #readNext(
    begun: InOrder,
    readPlain: typeof readPlainEntry,
    row: number,
    start: number,
    body: number,
    end: number,
  ): boolean {
    const { text, codes } = this.#reader;
    const { columns } = begun;
    let at = body;
    let sequence = NO_NUMBER;
    const behind = skipNumber(codes, at, end);
    if (behind !== at) {
      sequence = Number(text.slice(at, behind));
      at = skipBlankCodes(codes, behind, end);
      if (sequence <= begun.last) return this.#readOther(begun, sequence, row, start, at, end);
    }
    if (!readPlain(codes, at, end, columns)) return this.#readOther(begun, sequence, row, start, at, end);
    const place = columns.count;
    columns.start[place] = start;
    columns.end[place] = end;
    if (sequence !== NO_NUMBER) columns.setSequence(place, sequence);
    columns.count = place + 1;
    begun.last = sequence === NO_NUMBER ? begun.last + SEQUENCE_STEP : sequence;
    begun.isEmpty = false;
    return true;
  }

  #readOther(begun: InOrder, number: number, row: number, start: number, at: number, end: number): boolean {
    const { text, statements } = this.#reader;
    const { list, table, last } = begun;
    if (this.#words.set(text, at, end).accept('remark', 1)) return true;
    if (isOperation(this.#words) || (number !== NO_NUMBER && number <= last)) return false;
    const reading = readEntry(this.#words.set(text, at, end), list.kind, this.#scope);
    statements.states[row] = this.#stateOf(reading, start, end);
    begun.last = number === NO_NUMBER ? last + SEQUENCE_STEP : number;
    begun.isEmpty = false;
    const entry = rowOf(reading, start, end, number === NO_NUMBER ? undefined : number);
    if (entry === undefined) begun.isEachARow = false;
    else table.push(entry);
    return true;
  }

  #readEdited(lists: readonly [IosAccessList, ...IosAccessList[]]): AceTable {
    const { text, file } = this.#reader;
    const [first] = lists;
    const table = new AceTable(file);
    let isEmpty = true;
    for (const list of lists) {
      const edited = editedEntries((add) =>
        list.lines.each(this.#reader, (row, start, body, end) => {
          add(this.#readOperation(this.#words.set(text, body, end), list, row, start, end));
          return true;
        }),
      );
      isEmpty &&= edited.isEmpty;
      const doubt = lists.length > 1 ? `two lists are named ${list.name}` : doubtOf(list);
      for (const row of edited.entries) {
        table.push(doubt === undefined ? row : { ...row, undecidable: row.undecidable ?? doubt });
      }
    }
    const doubt = doubtOf(first);
    if (doubt !== undefined) {
      // Where the device does not have the list, all passes.
      const { start, end } = first.origin;
      table.push({ action: 'permit', match: MATCH_ANY, undecidable: doubt, start, end });
    }
    if (!isEmpty) table.pushImplicitDeny(first.origin);
    return table;
  }

  #readOperation(words: Words, list: IosAccessList, row: number, start: number, end: number): EditedEntry {
    const { statements } = this.#reader;
    if (words.accept('ip')) {
      words.next();
      words.next();
      words.next();
      return {
        kind: 'resequence',
        first: words.takeNumber() ?? SEQUENCE_STEP,
        step: words.takeNumber() ?? SEQUENCE_STEP,
      };
    }
    const negated = words.accept('no') || words.accept('default', 3);
    const sequence = words.takeNumber();
    if (negated && sequence !== undefined && words.done) return { kind: 'remove-number', sequence };
    const reading = readEntry(words, list.kind, this.#scope);
    statements.states[row] = this.#stateOf(reading, start, end);
    if (reading.kind === 'remark') return { kind: 'nothing' };
    const entry = rowOf(reading, start, end, sequence);
    if (negated)
      return reading.kind === 'unread' ? { kind: 'doubt', row: entry as AceRow } : { kind: 'remove', row: entry };
    return { kind: 'add', sequence, row: entry };
  }

  #stateOf(reading: EntryReading, start: number, end: number): StatementState {
    if (reading.kind === 'remark') return StatementState.modelled;
    if (reading.kind === 'entry' && !reading.partly) return StatementState.modelled;
    const { file, text, config } = this.#reader;
    const origin: Origin = { file: file.path, start, end, label: text.slice(start, end) };
    config.unread.push(origin);
    return StatementState.unknown;
  }
}

/** The row of an entry; undefined where it decides nothing about whole packets. */
function rowOf(reading: EntryReading, start: number, end: number, sequence: number | undefined): AceRow | undefined {
  const place = { start, end, ...(sequence === undefined ? {} : { sequence }) };
  if (reading.kind !== 'entry') return { ...place, action: 'unknown', match: MATCH_ANY };
  if (reading.fragmentsOnly) return undefined;
  const { action, match, undecidable } = reading;
  return { ...place, action, match, ...(undecidable === undefined ? {} : { undecidable }) };
}

/** Why no entry of a list is certain; undefined where they are. */
function doubtOf({ kind, origin }: IosAccessList): string | undefined {
  return kind === 'doubtful' ? origin.label : undefined;
}

/** Whether the words take something away, or number the list anew. */
function isOperation(words: Words): boolean {
  return words.accept('no') || words.accept('default', 3) || words.accept('ip');
}

/** Where the number that stands at `at` stops; `at` where none does. */
function skipNumber(codes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end) {
    const code = codes[next] as number;
    if (code < 48 || code > 57) break;
    next += 1;
  }
  // A number alone is the number of an entry that is still to be written.
  return next === end || isBlankCode(codes[next] as number) ? next : at;
}
