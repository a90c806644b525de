import { type AceRow, AceTable, type Acl } from '../../model/acl.js';
import type { Origin } from '../../model/origin.js';
import { StatementState } from '../../text/statements.js';
import { skipBlanks, trimEnd, Words } from '../shared/words.js';
import type { IosAccessList } from './config.js';
import { type EditedEntry, editedEntries, SEQUENCE_STEP } from './edited-list.js';
import { type EntryReading, type EntryScope, readEntry } from './entry.js';
import type { ResolvedGroups } from './groups.js';
import { FIELD_COUNT, Field, readPlainEntry, readPlainStandardEntry } from './plain-entry.js';
import { statementEnd } from './read.js';
import type { Reader } from './reader.js';

/** Turns the lines of lists into tables of entries, and gives each line its state. */
export class AclConverter {
  readonly #reader: Reader;
  readonly #words = new Words();
  readonly #scope: EntryScope;
  readonly #fields = new Uint32Array(FIELD_COUNT);

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

  /** `doubt`: why no entry of the list is certain, where none is. */
  convert(list: IosAccessList, doubt: string | undefined): Acl {
    const inOrder = doubt === undefined && list.kind !== 'doubtful' ? this.#readInOrder(list) : undefined;
    const entries =
      inOrder ?? this.#readEdited(list, doubt ?? (list.kind === 'doubtful' ? list.origin.label : undefined));
    return { name: list.name, kind: list.kind, origin: list.origin, entries, end: list.end };
  }

  /**
   * Reads a list whose lines stand in the order of evaluation, as a device prints it: nearly every
   * list, and the only way that is fast. Undefined where the list is not like that.
   */
  #readInOrder(list: IosAccessList): AceTable | undefined {
    const { text, file, statements, config } = this.#reader;
    const { lines } = list;
    const table = new AceTable(file, Math.max(16, lines.count + 1));
    const fields = this.#fields;
    const readPlain = list.kind === 'standard' ? readPlainStandardEntry : readPlainEntry;
    const referencesBefore = config.references.length;
    const unreadBefore = config.unread.length;
    let last = 0;
    let hasEntries = false;
    for (let index = 0; index < lines.count; index += 1) {
      const row = lines.rowAt(index);
      const start = statements.starts[row] as number;
      const end = trimEnd(text, start, statementEnd(file, statements, row));
      let at = lines.bodyAt(index);
      const number = readSequence(text, at, end);
      const isRemarkOrEntry = number === undefined;
      const sequence = number?.value;
      if (number !== undefined) at = number.body;
      const first = text.charCodeAt(at) | 32;
      // Removals and renumberings (`no`, `default`, `ip access-list resequence`).
      const isOperation = first === 110 || first === 105 || (first === 100 && (text.charCodeAt(at + 2) | 32) === 102);
      if ((sequence !== undefined && sequence <= last) || isOperation) {
        config.references.length = referencesBefore;
        config.unread.length = unreadBefore;
        return undefined;
      }
      const lineStart = skipBlanks(text, start, end);
      if (readPlain(text, at, end, fields)) {
        last = sequence ?? last + SEQUENCE_STEP;
        hasEntries = true;
        table.pushPlain(
          fields[Field.isDeny] === 1 ? 'deny' : 'permit',
          fields[Field.protocol] as number,
          fields[Field.src] as number,
          fields[Field.srcWildcard] as number,
          fields[Field.dst] as number,
          fields[Field.dstWildcard] as number,
          fields[Field.srcPortFirst] as number,
          fields[Field.srcPortLast] as number,
          fields[Field.dstPortFirst] as number,
          fields[Field.dstPortLast] as number,
          lineStart,
          end,
          sequence,
        );
        continue;
      }
      const reading = readEntry(this.#words.set(text, at, end), list.kind, this.#scope);
      statements.states[row] = this.#stateOf(reading, lineStart, end);
      if (reading.kind === 'remark') continue;
      if (!isRemarkOrEntry || reading.kind === 'entry') last = sequence ?? last + SEQUENCE_STEP;
      hasEntries = true;
      const entry = rowOf(reading, lineStart, end, sequence);
      if (entry !== undefined) table.push(entry);
    }
    if (hasEntries) table.pushImplicitDeny(list.origin);
    return table;
  }

  #readEdited(list: IosAccessList, doubt: string | undefined): AceTable {
    const { text, file, statements } = this.#reader;
    const words = this.#words;
    const table = new AceTable(file, Math.max(16, list.lines.count + 1));
    const { entries, isEmpty } = editedEntries(list, (index) => {
      const row = list.lines.rowAt(index);
      const start = statements.starts[row] as number;
      const end = trimEnd(text, start, statementEnd(file, statements, row));
      const lineStart = skipBlanks(text, start, end);
      return this.#readOperation(words.set(text, list.lines.bodyAt(index), end), list, row, lineStart, end);
    });
    for (const { row } of entries)
      table.push(doubt === undefined ? row : { ...row, undecidable: row.undecidable ?? doubt });
    if (!isEmpty) table.pushImplicitDeny(list.origin);
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
  if (reading.kind !== 'entry') return { ...place, action: 'unknown', match: UNKNOWN_MATCH };
  if (reading.fragmentsOnly) return undefined;
  const { action, match, undecidable } = reading;
  return { ...place, action, match, ...(undecidable === undefined ? {} : { undecidable }) };
}

const ANY = [{ kind: 'wildcard', value: 0, wildcard: 0xffffffff }] as const;
const UNKNOWN_MATCH = { src: ANY, dst: ANY, services: [{}] } as const;

/** The sequence number that stands at `at`, and where the entry begins behind it. */
function readSequence(
  text: string,
  at: number,
  end: number,
): { readonly value: number; readonly body: number } | undefined {
  let next = at;
  let value = 0;
  for (; next < end; next += 1) {
    const digit = text.charCodeAt(next) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (next === at || next - at > 10) return undefined;
  const body = skipBlanks(text, next, end);
  return body === next ? undefined : { value, body };
}
