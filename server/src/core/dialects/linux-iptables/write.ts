import { formatPrefix, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { DialectWriter, Reading } from '../dialect.js';
import { type PlacedRule, placedRules } from './convert.js';
import { load, loadedOf } from './load.js';
import type { Loader } from './reader.js';
import type { ChainRule } from './rule.js';
import { type ChainState, rulesOf, type TableState } from './ruleset.js';
import { denyInUfw } from './write-ufw.js';

export const writer: DialectWriter = { denyBefore, applyFilter, moveBefore };

/** A chain, with its rules as the model counts them. */
export interface ChainToWrite {
  readonly loader: Loader;
  readonly table: TableState;
  readonly chain: ChainState;
  readonly placed: readonly PlacedRule[];
}

function denyBefore(
  ...[reading, key, index, destinations, remark]: Parameters<NonNullable<DialectWriter['denyBefore']>>
): TextEdit[] | undefined {
  const to = chainToWrite(reading, key);
  // The nat table is no place for a verdict.
  if (to === undefined || to.table.name === 'nat') return undefined;
  const specs = destinations.map((destination) => denySpec(to.chain.name, destination, remark));
  const place = to.placed[index];
  const ufw = denyInUfw(to, place, destinations, remark);
  if (ufw !== undefined) return ufw;
  if (place === undefined || isBehindAll(to, index)) return append(to, specs);
  return place.from === undefined ? undefined : before(to, place.from, specs);
}

/** Whether nothing that the file says stands at `index` or behind it. */
function isBehindAll({ placed }: ChainToWrite, index: number): boolean {
  return index > 0 && placed.slice(index).every(({ from }) => from === undefined);
}

export function chainToWrite(reading: Reading, key: string): ChainToWrite | undefined {
  const { loader } = loadedOf(reading) ?? load(reading.file, reading.device.name);
  const at = key.indexOf(' ');
  const table = loader.ruleset.tables.get(key.slice(0, at));
  const chain = table?.chains.get(key.slice(at + 1));
  if (table === undefined || chain === undefined) return undefined;
  return { loader, table, chain, placed: placedRules(loader, table, chain) };
}

/** What stands behind `-A` or `-I`. */
function denySpec(chain: string, destination: Prefix, remark: string, iface?: string): string {
  const from = iface === undefined ? '' : ` -i ${iface}`;
  return `${chain}${from} -d ${formatPrefix(destination)} -m comment --comment ${commentOf(remark)} -j DROP`;
}

/** One word as it is, others in quotes; what would end the quotes, or mean something to a shell, goes. */
function commentOf(remark: string): string {
  const plain = remark.replace(/["'\\$`\n\r]/g, '').slice(0, 200);
  return /^[\w.:-]+$/.test(plain) ? plain : `"${plain}"`;
}

/** Puts rules before one: by a line above its own, or, where it was put before all others, by one below. */
function before(to: ChainToWrite, anchor: ChainRule, specs: readonly string[]): TextEdit[] | undefined {
  const file = to.loader.files.get(anchor.origin.file);
  if (file === undefined || to.chain.counted) return undefined;
  // Under a condition it would be there under the same one only: it goes before the whole block.
  const at = anchor.conditional && anchor.by === 'append' ? anchor.block : anchor.origin.start;
  const indent = at === undefined ? undefined : indentBefore(file, at);
  // Another command stands before it on its line, or no line of the file is its own.
  if (at === undefined || indent === undefined || !isOwnLine(file, anchor)) return undefined;
  const commands = specs.map((spec) => commandLine(to, anchor, spec));
  if (anchor.by === 'append') {
    const newText = commands.map((line) => `${line}${file.lineEnd}${indent}`).join('');
    return [insertion(file, at, newText)];
  }
  // Behind a condition it would not be put there for sure.
  if (anchor.conditional) return undefined;
  return [insertLinesBelow(file, anchor.origin.end, indent, commands)];
}

/** What ufw makes itself is told at the first line of its first file, and stands nowhere. */
function isOwnLine(file: SourceFile, { origin }: ChainRule): boolean {
  return origin.start > 0 || /^(?:\[|-[AI] |\S*iptables)/.test(file.text.slice(0, 100));
}

/** Puts rules behind all others of a chain. */
function append(to: ChainToWrite, specs: readonly string[]): TextEdit[] | undefined {
  const { loader, table, chain } = to;
  if (chain.counted) return undefined;
  const last = lastAppended(chain);
  if (last !== undefined && !last.conditional) {
    const file = loader.files.get(last.origin.file);
    const indent = file === undefined ? undefined : indentBefore(file, last.origin.start);
    if (file !== undefined && indent !== undefined) {
      const commands = specs.map((spec) => commandLine(to, last, spec));
      return [insertLinesBelow(file, last.origin.end, indent, commands)];
    }
  }
  return appendAtEnd(loader, table, specs);
}

/** The rule of the chain that was appended last. */
function lastAppended(chain: ChainState): ChainRule | undefined {
  return rulesOf(chain)
    .filter(({ by }) => by === 'append')
    .at(-1);
}

/** Behind all that the file says of the table: before its COMMIT, or at the end of the script. */
function appendAtEnd(loader: Loader, table: TableState, specs: readonly string[]): TextEdit[] | undefined {
  if (loader.command !== undefined) return [appendToScript(loader, table.name, specs)];
  const { commit } = table;
  const file = commit === undefined ? undefined : loader.files.get(commit.file);
  if (commit === undefined || file === undefined || !commit.sure) return undefined;
  const counters = countersOf(loader, table);
  const newText = specs.map((spec) => `${counters}-A ${spec}${file.lineEnd}`).join('');
  return [insertion(file, commit.at, newText)];
}

/** Whether the table's rules carry counters, as `iptables-save -c` prints them. */
function countersOf(loader: Loader, table: TableState): string {
  for (const chain of table.chains.values()) {
    const [first] = rulesOf(chain);
    if (first === undefined) continue;
    const file = loader.files.get(first.origin.file);
    return file?.text.charAt(first.origin.start) === '[' ? '[0:0] ' : '';
  }
  return '';
}

function appendToScript(loader: Loader, table: string, specs: readonly string[]): TextEdit {
  const { file } = loader;
  const lines = specs.map((spec) => `${loader.command} ${tableOption(table)}-A ${spec}${file.lineEnd}`).join('');
  const end = loader.scriptEnd;
  if (end !== undefined) return insertion(file, lineStart(file, end), lines);
  const opening = file.text === '' || file.text.endsWith('\n') ? '' : file.lineEnd;
  return insertion(file, file.text.length, opening + lines);
}

function tableOption(table: string): string {
  return table === 'filter' ? '' : `-t ${table} `;
}

/** A command in the form of another of the same chain. */
function commandLine({ loader, table }: ChainToWrite, like: ChainRule, spec: string): string {
  const verb = like.by === 'append' ? '-A' : '-I';
  if (like.command !== undefined) return `${like.command} ${tableOption(table.name)}${verb} ${spec}`;
  const file = loader.files.get(like.origin.file);
  const counters = file?.text.charAt(like.origin.start) === '[' ? '[0:0] ' : '';
  return `${counters}${verb} ${spec}`;
}

function applyFilter(
  reading: Reading,
  iface: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  // The kernel's own limit; other signs would mean something to a shell.
  if (!/^[\w.@-]{1,15}$/.test(iface)) return undefined;
  const { loader } = loadedOf(reading) ?? load(reading.file, reading.device.name);
  const specs = destinations.map((destination) => denySpec('FORWARD', destination, remark, iface));
  const table = loader.ruleset.tables.get('filter');
  const chain = table?.chains.get('FORWARD');
  if (table !== undefined && chain !== undefined && (loader.command !== undefined || table.commit !== undefined)) {
    return append({ loader, table, chain, placed: [] }, specs);
  }
  const { file } = loader;
  if (loader.command !== undefined) return [appendToScript(loader, 'filter', specs)];
  // Only a file that restores tables can hold one more.
  if (![...loader.ruleset.tables.values()].some(({ commit }) => commit?.file === file.path)) return undefined;
  const lines = ['*filter', ...['INPUT', 'FORWARD', 'OUTPUT'].map((name) => `:${name} ACCEPT [0:0]`)];
  lines.push(...specs.map((spec) => `-A ${spec}`), 'COMMIT');
  const opening = file.text === '' || file.text.endsWith('\n') ? '' : file.lineEnd;
  return [insertion(file, file.text.length, opening + lines.map((line) => line + file.lineEnd).join(''))];
}

/** Moves a rule's line; both must have been appended, one a line. */
function moveBefore(reading: Reading, key: string, index: number, beforeIndex: number): TextEdit[] | undefined {
  const to = chainToWrite(reading, key);
  const moved = to?.placed[index]?.from;
  const anchor = to?.placed[beforeIndex]?.from;
  if (to === undefined || moved === undefined || anchor === undefined || to.chain.counted) return undefined;
  const file = to.loader.files.get(moved.origin.file);
  if (file === undefined || anchor.origin.file !== moved.origin.file) return undefined;
  const isPlain = [moved, anchor].every(({ by, conditional }) => by === 'append' && !conditional);
  const text = file.text.slice(moved.origin.start, moved.origin.end);
  const indent = indentBefore(file, anchor.origin.start);
  if (!isPlain || text.includes('\n') || indent === undefined || indentBefore(file, moved.origin.start) === undefined) {
    return undefined;
  }
  const start = lineStart(file, moved.origin.start);
  const newline = file.text.indexOf('\n', moved.origin.end);
  const end = newline === -1 ? file.text.length : newline + 1;
  return [
    insertion(file, anchor.origin.start, `${text}${file.lineEnd}${indent}`),
    { file: file.path, start, end, newText: '' },
  ];
}

export function insertion(file: SourceFile, at: number, newText: string): TextEdit {
  return { file: file.path, start: at, end: at, newText };
}

/** Lines below the one that holds `at`. */
export function insertLinesBelow(file: SourceFile, at: number, indent: string, lines: readonly string[]): TextEdit {
  const newline = file.text.indexOf('\n', at);
  const end = newline === -1 ? file.text.length : newline;
  const stop = end > 0 && file.text.charCodeAt(end - 1) === 13 && newline !== -1 ? end - 1 : end;
  return insertion(file, stop, lines.map((line) => file.lineEnd + indent + line).join(''));
}

export function lineStart(file: SourceFile, at: number): number {
  return file.text.lastIndexOf('\n', at - 1) + 1;
}

/** The blanks before `at` on its line; undefined where there is more. */
export function indentBefore(file: SourceFile, at: number): string | undefined {
  const before = file.text.slice(lineStart(file, at), at);
  return /^[ \t\ufeff]*$/.test(before) ? before.replace('\ufeff', '') : undefined;
}
