import type { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';
import { skipBlankCodes, trimCodes } from '../common/codes.js';
import { statementEnd } from '../common/line-statements.js';
import { type ReadRun, readEntryRun, withBlanks } from './entry-runs.js';
import { addEntryLine, mayContinueEntry } from './extract-acl.js';
import { noteCryptoLine } from './extract-crypto.js';
import { readGlobalLine, readVlanLine } from './extract-global.js';
import { readInterfaceLine } from './extract-interface.js';
import { readAccessMapLine, spoilAccessMap } from './extract-layer2.js';
import { readPoolLine } from './extract-nat.js';
import { readGroupLine, spoilGroup } from './extract-object-groups.js';
import { notePolicyLine } from './extract-policies.js';
import { noteReferences } from './extract-references.js';
import { readRouteMapLine, spoilEntry } from './extract-route-map.js';
import { readRouterLine } from './extract-routing.js';
import { noteVrfLine } from './extract-vrf.js';
import { leavesClass, readZoneLine } from './extract-zones.js';
import { noteFeature } from './features.js';
import { FreeText, isKeyMaterial } from './free-text.js';
import { knownLine, opensBlock } from './known-lines.js';
import { Nesting } from './nesting.js';
import { skipPager } from './pager.js';
import { type LineResult, NOT_MINE, Reader } from './reader.js';
import { noteSource } from './route-sources.js';
import { Terminal } from './terminal.js';

/**
 * Reads the statements into the reader's configuration, and gives each its depth and its state.
 *
 * A device does not look at indentation: a line belongs to the block that is open if that block has
 * such a command, and else it is a global command and closes the block. So does this, and takes
 * indentation for evidence only about lines that it does not know.
 */
export function extract(file: SourceFile, statements: Statements): Extraction {
  const reader = new Reader(file, statements);
  const walk: Walk = {
    reader,
    freeText: new FreeText(),
    terminal: new Terminal(),
    nesting: new Nesting(),
    inKey: false,
    runs: [],
    blankRow: -1,
  };
  for (let row = 0; row < statements.count; ) row = readRow(walk, row);
  reader.closeDefinitions();
  return { reader, runs: walk.runs, hasOpenText: walk.freeText.isOpen };
}

/** A file as read, and what reading it again after an edit takes. */
export interface Extraction {
  readonly reader: Reader;
  readonly runs: readonly ReadRun[];
  /** Whether some free text begins and does not end. */
  readonly hasOpenText: boolean;
}

interface Walk {
  readonly reader: Reader;
  readonly freeText: FreeText;
  readonly terminal: Terminal;
  readonly nesting: Nesting;
  /** Inside a certificate or a key. */
  inKey: boolean;
  /** In the order of their rows. */
  readonly runs: ReadRun[];
  /** The first of the blank lines and comments right before the line at hand; -1 where none is. */
  blankRow: number;
}

const COMMENT = 33;
const SMALL_E = 101;

/** Reads the statement of a row, and the free text that it opens; returns the row that follows. */
function readRow(walk: Walk, row: number): number {
  const { reader, terminal } = walk;
  const { text, codes, statements } = reader;
  const start = statements.starts[row] as number;
  const last = trimCodes(codes, start, statementEnd(reader.file, statements, row));
  let at = skipBlankCodes(codes, start, last);
  const unpaged = skipPager(text, at, last);
  if (unpaged !== at) at = skipBlankCodes(codes, unpaged, last);
  reader.row = row;
  reader.at = at;
  reader.end = last;
  if (at >= last || codes[at] === COMMENT) {
    if (walk.blankRow === -1 && !terminal.isInOutput) walk.blankRow = row;
    statements.states[row] = StatementState.ignored;
    return row + 1;
  }
  let next = row + 1;
  if (terminal.hides(reader)) statements.states[row] = StatementState.ignored;
  else next = readText(walk, row);
  walk.blankRow = -1;
  return next;
}

/** Reads what stands on the line at hand, behind blanks and prompts. */
function readText(walk: Walk, row: number): number {
  const { reader, terminal, freeText } = walk;
  const { statements } = reader;
  const entries = readEntryRun(reader, row);
  if (entries !== undefined) {
    walk.runs.push(walk.blankRow === -1 ? entries : withBlanks(entries, walk.blankRow));
    return entries.run.endRow;
  }
  const prompt = terminal.prompt(reader);
  if (prompt === 'command') {
    walk.blankRow = -1;
    return readText(walk, row);
  }
  if (prompt === 'ignored') {
    statements.states[row] = StatementState.ignored;
    return row + 1;
  }
  const textEnd = freeText.end(reader);
  if (textEnd !== undefined) return skipFreeText(walk, row, textEnd);
  const state = readLine(walk);
  terminal.note(reader, state);
  statements.states[row] = state;
  if (reader.context !== 'global' && reader.openerRow !== row) {
    statements.depths[row] = reader.nested ? 2 : 1;
    reader.extendDefinitions();
  }
  return row + 1;
}

function skipFreeText(walk: Walk, row: number, end: number): number {
  const { reader } = walk;
  const { statements } = reader;
  let next = row;
  do {
    statements.states[next] = StatementState.ignored;
    next += 1;
  } while (next < statements.count && (statements.starts[next] as number) < end);
  return next;
}

function readLine(walk: Walk): StatementState {
  const { reader } = walk;
  if (walk.inKey && readKeyLine(walk)) return StatementState.ignored;
  walk.nesting.follow(reader);
  if (closesBlock(reader)) return StatementState.ignored;
  const isDeeper = reader.context !== 'global' && reader.isDeeper();
  if (isDeeper) reader.sawDeeper = true;
  const own = readInContext(reader);
  if (own !== NOT_MINE) return own;
  // Known lines are told by their words, and these by plain blanks.
  const text = reader.line().replace(/[^\S ]/g, ' ');
  // Where the indentation says that the line is part of the block, a command that is known there is
  // not tried as a global one: `host 10.0.0.5` of a DHCP pool is no `hostname`.
  if (isDeeper && !GLOBAL_ONLY.test(text)) {
    const known = knownInContext(walk, text);
    if (known !== undefined) return known;
  }
  const global = readGlobalLine(reader);
  if (global !== NOT_MINE) return global;
  return readKnownLine(walk, text, isDeeper);
}

/** Commands that open a block and that no block has among its own. */
const SURE_OPENERS =
  /^(?:archive|class-map|crypto|dial-peer|event|interface|ip|ipv6|kron|line|mac|object-group|parameter-map|policy-map|route-map|router|time-range|vlan|zone|zone-pair)\s/i;

/**
 * Commands of lists and routes that no block has, spelt out: a stray indentation must not hide them
 * behind a block whose body may be anything.
 */
const GLOBAL_ONLY =
  /^(?:no )?(?:ip access-list (?:standard|extended) \S|access-list \d+ (?:permit|deny) |ip route (?:vrf \S+ )?\d)/i;

/** A line that none of the subjects reads: it is known by name, or it is not known. */
function readKnownLine(walk: Walk, text: string, isDeeper: boolean): StatementState {
  const { reader } = walk;
  const staysInBlock = isDeeper || (reader.context !== 'global' && !reader.sawDeeper);
  const opens = opensBlock(text);
  // Where indentation is lost, a line that opens one of these blocks is never part of another.
  if (staysInBlock && !isDeeper && (opens === undefined || !SURE_OPENERS.test(text))) {
    const known = knownInContext(walk, text);
    if (known !== undefined) return known;
  }
  const known = knownLine('global', text);
  if (opens !== undefined || (known !== undefined && !isDeeper)) {
    if (opens === undefined) reader.leave();
    else reader.enter(opens);
    noteReferences(reader);
    noteSource(reader, text);
    noteKey(walk, text);
    return stateOf(known ?? 'ignored');
  }
  if (staysInBlock) return unknownInContext(reader, isDeeper);
  reader.leave();
  if (reader.numbered !== undefined && mayContinueEntry(reader)) addEntryLine(reader, reader.numbered.list);
  if (/^(?:no )?ip nat /i.test(text)) reader.noteUnread();
  return StatementState.unknown;
}

function knownInContext(walk: Walk, text: string): StatementState | undefined {
  const { reader } = walk;
  // Every member of these groups is read: one that was not is not known.
  const isRead = reader.networkGroup !== undefined || reader.serviceGroup !== undefined;
  const known = isRead || reader.context === 'global' ? undefined : knownLine(reader.context, text);
  if (known === undefined) return undefined;
  if (known === 'unmodelled' && reader.context === 'interface' && !reader.nested) noteFeature(reader, text);
  noteReferences(reader);
  noteKey(walk, text);
  return stateOf(known);
}

function stateOf(known: 'ignored' | 'unmodelled'): StatementState {
  return known === 'ignored' ? StatementState.ignored : StatementState.unmodelled;
}

/** What a line that is not known does to the block that it stands in. */
function unknownInContext(reader: Reader, isDeeper: boolean): StatementState {
  if (reader.list !== undefined && isDeeper) addEntryLine(reader, reader.list);
  else if (reader.context === 'object-group') spoilGroup(reader);
  else if (reader.context === 'route-map') {
    spoilEntry(reader);
    reader.noteUnread();
  } else spoilAccessMap(reader);
  return StatementState.unknown;
}

function readInContext(reader: Reader): LineResult {
  switch (reader.context) {
    case 'interface':
      return readInterfaceLine(reader);
    case 'object-group':
      return readGroupLine(reader);
    case 'router':
      return readRouterLine(reader);
    case 'vlan':
      return readVlanLine(reader);
    case 'route-map':
      return readRouteMapLine(reader);
    case 'vrf':
      noteVrfLine(reader);
      return NOT_MINE;
    case 'crypto':
      noteCryptoLine(reader);
      return NOT_MINE;
    case 'policy-map':
      notePolicyLine(reader);
      return readZoneLine(reader);
    case 'class-map':
      return readZoneLine(reader);
    case 'other-block':
      return readPoolLine(reader) || readZoneLine(reader) || readAccessMapLine(reader);
    default:
      return NOT_MINE;
  }
}

/** `exit` and `end`, and what ends a block inside a block. */
function closesBlock(reader: Reader): boolean {
  const { words } = reader;
  if (((reader.codes[reader.at] as number) | 32) !== SMALL_E) return false;
  words.set(reader.text, reader.at, reader.end);
  if (words.accept('exit', 2)) {
    if (!words.done) return false;
    if (reader.nested) reader.nested = false;
    else if (!leavesClass(reader)) reader.leave();
    return true;
  }
  if (words.accept('end') && words.done) {
    reader.leave();
    return true;
  }
  if (words.accept('exit-address-family', 6) || words.accept('exit-af-interface', 6)) {
    reader.nested = false;
    return true;
  }
  return false;
}

/** Lines behind which the body of a certificate or of a key stands, to its `quit`. */
const KEY_OPENER = /^(?:certificate(?:\s+(?:ca|self-signed|ra-\w+))?\s+[0-9a-f]+|key-string)$/i;

function noteKey(walk: Walk, text: string): void {
  walk.inKey = KEY_OPENER.test(text);
}

/** Whether the line at hand is part of the key that is open; any other line ends it. */
function readKeyLine(walk: Walk): boolean {
  const { reader } = walk;
  const isEnd = /^(?:quit|exit)$/i.test(reader.text.slice(reader.at, Math.min(reader.end, reader.at + 5)));
  if (isEnd) walk.inKey = false;
  else if (!isKeyMaterial(reader.text, reader.at, reader.end)) walk.inKey = false;
  else return !looksLikeCommand(reader);
  return isEnd;
}

/** Key material in base 64 may look like words; the words of commands that matter end it all the same. */
function looksLikeCommand(reader: Reader): boolean {
  return /^(?:interface|ip|access-list|router|object-group|vlan|vrf|hostname|no|line)\s/i.test(
    reader.text.slice(reader.at, Math.min(reader.end, reader.at + 20)),
  );
}
