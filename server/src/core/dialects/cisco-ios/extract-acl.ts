import { StatementState } from '../../text/statements.js';
import { isBlankCode, skipBlankCodes } from '../common/codes.js';
import { keywordOf } from '../common/words.js';
import { accessListKey, type IosAccessList, type IosAccessListKind } from './config.js';
import { EntryLines, NUMBERED } from './entry-lines.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** The kind of a numbered IPv4 list; undefined for numbers of other protocols (IPX, MAC addresses, ...). */
export function numberedKind(number: number): 'standard' | 'extended' | undefined {
  if ((number >= 1 && number <= 99) || (number >= 1300 && number <= 1999)) return 'standard';
  if ((number >= 100 && number <= 199) || (number >= 2000 && number <= 2699)) return 'extended';
  return undefined;
}

/** Reads a global `access-list 101 ...`. The entries themselves are read when the file is known whole. */
export function readNumberedLine(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.accept('access-list', 3)) return NOT_MINE;
  const number = words.takeNumber();
  if (number === undefined) return negated ? NOT_MINE : readForeignLine(reader);
  const kind = numberedKind(number);
  if (kind === undefined) return NOT_MINE;
  const name = String(number);
  // `access-list` is a global command: it ends whatever block stands before it.
  if (reader.context !== 'global') reader.leave();
  if (negated) {
    // Whatever follows the number, the whole list goes ("Cisco IOS Security Command Reference",
    // access-list (IP extended): `no access-list access-list-number`).
    removeList(reader, kind, name);
    return StatementState.modelled;
  }
  if (words.done) return StatementState.unknown;
  const nameStart = words.start;
  const nameEnd = words.stop;
  const list = openList(reader, kind, name, nameStart, nameEnd);
  words.next();
  list.lines.push(reader.row, words.start, reader.end);
  list.end = reader.end;
  reader.numbered = { number, list };
  return StatementState.modelled;
}

/**
 * `access-list NAME extended permit ...`: other devices' way to write a named list. Whether this one
 * takes it is not certain, but an interface that applies the list means it.
 */
function readForeignLine(reader: Reader): LineResult {
  const { words } = reader;
  if (!words.next()) return NOT_MINE;
  const name = words.word();
  const { start, stop } = words;
  if (!words.accept('extended', 3)) words.accept('standard', 3);
  const body = words.next() ? words.start : reader.end;
  if (!words.is('permit', 3) && !words.is('deny', 3) && !words.is('remark', 3)) return NOT_MINE;
  if (reader.context !== 'global') reader.leave();
  const list = openList(reader, 'doubtful', name, start, stop);
  list.lines.push(reader.row, body, reader.end);
  list.end = reader.end;
  return StatementState.unmodelled;
}

const SMALL_A = 97;

/**
 * Whether the line at hand is the same numbered list once more, written as a device prints it. A list may
 * have a million of them.
 */
export function isNextNumberedLine({ text, codes, at, end, numbered }: Reader): boolean {
  if (numbered === undefined || codes[at] !== SMALL_A || !text.startsWith(NUMBERED, at)) return false;
  let number = 0;
  let next = at + NUMBERED.length;
  for (; next < end; next += 1) {
    const digit = (codes[next] as number) - 48;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return number === numbered.number && isBlankCode(codes[next] as number) && skipBlankCodes(codes, next, end) < end;
}

const NAMED_FORMS = ['extended', 'fqdn', 'resequence', 'standard'] as const;

/** Reads `ip access-list ...`; the words stand behind `access-list`. */
export function readNamedHeader(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  const at = words.stop;
  const form = keywordOf(words.take() ?? '', NAMED_FORMS);
  if (form === 'resequence') return readResequence(reader);
  let kind: IosAccessListKind = 'doubtful';
  if (form === 'standard' || form === 'extended') {
    kind = form;
  } else if (form === undefined) {
    // Without a kind it is the syntax of other vendors, and no device of this one takes it.
    words.rewind(at);
    if (isOtherForm(reader)) return NOT_MINE;
    words.rewind(at);
  }
  if (!words.next()) return StatementState.unknown;
  const name = words.word();
  const { start, stop } = words;
  if (negated) {
    reader.leave();
    removeList(reader, kind, name);
    return StatementState.modelled;
  }
  if (!words.done) return StatementState.unknown;
  reader.enter('acl');
  reader.list = openList(reader, kind, name, start, stop);
  reader.list.end = reader.end;
  return kind === 'doubtful' ? StatementState.unmodelled : StatementState.modelled;
}

/** Global commands that begin with `ip access-list` and open no list. */
function isOtherForm(reader: Reader): boolean {
  const form = reader.words.take();
  return (
    form === undefined ||
    /^(helper|log-update|logging|match-local-traffic|persistent|role-based|template|rate-limit)$/i.test(form)
  );
}

function openList(
  reader: Reader,
  kind: IosAccessListKind,
  name: string,
  nameStart: number,
  nameEnd: number,
): IosAccessList {
  const { accessLists } = reader.config;
  const key = accessListKey(kind, name);
  const known = accessLists.get(key);
  if (known !== undefined) return known;
  const list: IosAccessList = {
    name,
    nameOrigin: { file: reader.file.path, start: nameStart, end: nameEnd, label: name },
    kind,
    origin: reader.lineOrigin(),
    lines: new EntryLines(),
    end: reader.end,
  };
  accessLists.set(key, list);
  return list;
}

function removeList(reader: Reader, kind: IosAccessListKind, name: string): void {
  reader.config.accessLists.delete(accessListKey(kind, name));
  reader.numbered = undefined;
}

/** `ip access-list resequence NAME START STEP` takes its place among the lines of the list. */
function readResequence(reader: Reader): LineResult {
  const { words, config, row } = reader;
  if (!words.next()) return StatementState.unknown;
  const name = words.word();
  reader.refer('acl');
  for (const kind of ['standard', 'extended', 'doubtful'] as const) {
    config.accessLists.get(accessListKey(kind, name))?.lines.push(row, reader.at, reader.end);
  }
  if (reader.context !== 'global') reader.leave();
  return StatementState.modelled;
}

/**
 * Whether the line at hand can be an entry of a list: it begins with a number, or with a word that
 * only entries begin with.
 */
export function looksLikeEntry(reader: Reader): boolean {
  const { codes, at, words } = reader;
  const first = codes[at] as number;
  if (first >= 48 && first <= 57) return true;
  if (first === 112 && codes[at + 1] === 101 && codes[at + 2] === 114 && codes[at + 3] === 109) return true;
  if (first === 100 && codes[at + 1] === 101 && codes[at + 2] === 110 && codes[at + 3] === 121) return true;
  // `no shutdown` is no entry; `no 10` and `no permit ...` are.
  reader.begin();
  if (!words.next()) return false;
  if (words.number() !== undefined) return true;
  return ENTRY_WORDS.some((word) => words.is(word, word === 'deny' || word === 'dynamic' ? 2 : 1));
}

const ENTRY_WORDS = ['permit', 'deny', 'remark', 'evaluate', 'dynamic'] as const;

/**
 * Whether the line at hand, which is no command, may be the rest of the numbered entry before it, as
 * a terminal breaks long lines: what follows is in doubt then.
 */
export function mayContinueEntry(reader: Reader): boolean {
  const { text, at, row, statements, numbered } = reader;
  const lines = numbered?.list.lines;
  if (lines === undefined || lines.lastRow === -1 || lines.lastRow !== row - 1) return false;
  const isRest = /^[\d.]/.test(text.charAt(at));
  return isRest || lines.lastEnd - (statements.starts[row - 1] as number) >= TERMINAL_WIDTH - 1;
}

const TERMINAL_WIDTH = 80;

/** Adds the line at hand to a list. */
export function addEntryLine(reader: Reader, list: IosAccessList): void {
  list.lines.push(reader.row, reader.at, reader.end);
  list.end = reader.end;
}
