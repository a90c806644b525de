import { formatIp } from '../../net/ip.js';
import { formatPrefix, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { DialectWriter, Reading } from '../dialect.js';
import type { PlacedChain } from './convert.js';
import { type Loaded, loadedOf } from './load.js';
import type { Loader } from './loader.js';
import type { Rule } from './rule.js';
import { type ChainState, entriesOf } from './ruleset.js';

export const writer: DialectWriter = { denyBefore, applyFilter };

/** The families in which a drop of what is routed may stand. */
const FAMILIES = new Set(['ip', 'inet']);

function denyBefore(
  ...[reading, key, index, destinations, remark]: Parameters<NonNullable<DialectWriter['denyBefore']>>
): TextEdit[] | undefined {
  const loaded = loadedOf(reading);
  const placed = loaded.converted.placed.get(key);
  if (placed === undefined || destinations.length === 0 || !mayDrop(placed)) return undefined;
  const anchor = anchorOf(placed, index);
  const spec = { destinations, remark, from: undefined };
  if (anchor === undefined) return append(loaded, placed, spec);
  return before(loaded.loader, placed, anchor, spec);
}

function mayDrop({ table, chain }: PlacedChain): boolean {
  return FAMILIES.has(table.family) && chain.base?.type !== 'nat';
}

/** The rule of the file that stands at a place of a chain, or next behind it; undefined: none does. */
function anchorOf({ chain, rules }: PlacedChain, index: number): Rule | undefined {
  const at = rules.at(index);
  if (at === undefined) return undefined;
  // A rule of a chain that the file does not have stands for a part of one of its rules.
  const own = at.from ?? entriesOf(chain).find((entry) => typeof entry !== 'number' && entry.origin === at.rule.origin);
  if (typeof own === 'object') return own;
  for (let next = index + 1; next < rules.length; next += 1) {
    const from = rules.at(next)?.from;
    if (from !== undefined) return from;
  }
  return undefined;
}

/** What is to be dropped, and why. */
interface Spec {
  readonly destinations: readonly Prefix[];
  readonly remark: string;
  /** Only what comes in by this interface. */
  readonly from: string | undefined;
}

/** `ip daddr 202.114.4.0/24 counter drop comment "ICSMA-25-030-01"`. */
function ruleText({ destinations, remark, from }: Spec, counts: boolean, isShell = false): string {
  const [first] = destinations;
  const to =
    destinations.length === 1 && first !== undefined ? written(first) : `{ ${destinations.map(written).join(', ')} }`;
  const comment = remark.replace(/["\\$`'\n\r]/g, '').slice(0, 120);
  const quoted = isShell ? (/^[A-Za-z][\w./-]*$/.test(comment) ? ` comment ${comment}` : '') : ` comment "${comment}"`;
  const iface = from === undefined ? '' : `iifname ${isShell ? from : `"${from}"`} `;
  return `${iface}ip daddr ${to}${counts ? ' counter' : ''} drop${quoted}`;
}

/** As nft prints it: a host without its length. */
function written(prefix: Prefix): string {
  return prefix.length === 32 ? formatIp(prefix.ip) : formatPrefix(prefix);
}

function before(loader: Loader, placed: PlacedChain, anchor: Rule, spec: Spec): TextEdit[] | undefined {
  const file = loader.files.get(anchor.origin.file);
  // Under a condition it would be there under the same one only.
  if (file === undefined || anchor.doubt !== undefined || anchor.form === 'placed') return undefined;
  const { start, end } = anchor.origin;
  const counts = countsIn(file, start, end);
  if (anchor.form === 'block') {
    const text = ruleText(spec, counts);
    const indent = indentBefore(file, start);
    return [insertion(file, start, indent === undefined ? `${text}; ` : `${text}${file.lineEnd}${indent}`)];
  }
  const command = commandLine(file, start, placed, spec, counts);
  if (command === undefined) return undefined;
  if (anchor.form === 'insert') return [linesBelow(file, end, command)];
  const line = lineStart(file, start);
  return [insertion(file, line, `${command}${file.lineEnd}`)];
}

function countsIn(file: SourceFile, start: number, end: number): boolean {
  return /\bcounter\b/.test(file.text.slice(start, Math.min(end, start + 2000)));
}

/** A command in the form of the one at `start`; undefined where its line holds more than that command. */
function commandLine(
  file: SourceFile,
  start: number,
  { table, chain }: PlacedChain,
  spec: Spec,
  counts: boolean,
): string | undefined {
  const lead = file.text.slice(lineStart(file, start), start);
  const body = file.text.slice(start, start + 400);
  const verb = /^(add|insert|create)\s+(?:rule|chain)\s+/.exec(body)?.[1];
  if (verb === undefined) return undefined;
  // The names as this command has them, which may be variables of the script.
  const names = /^\w+\s+\w+\s+((?:(?:ip|ip6|inet|netdev)\s+)?[^\s{;]+\s+[^\s{;'"]+)/.exec(body)?.[1];
  const target = names ?? `${table.family} ${table.name} ${chain.name}`;
  const isShell = lead.trim() !== '';
  if (isShell && !/^\s*(?:sudo\s+)?(?:\S*nft\S*|"\$\{?\w+\}?")(?:\s+-\w+)*\s+["']?$/i.test(lead)) return undefined;
  const quote = /["']$/.exec(lead)?.[0] ?? '';
  const rule = ruleText(spec, counts, isShell);
  return `${lead}${verb === 'create' ? 'add' : verb} rule ${target.replace(/\s+/g, ' ')} ${rule}${quote}`;
}

/** Behind all rules of a chain. */
function append(loaded: Loaded, placed: PlacedChain, spec: Spec): TextEdit[] | undefined {
  const { loader } = loaded;
  const { chain } = placed;
  if (chain.doubt !== undefined) return undefined;
  const end = entriesOf(chain).at(-1);
  const last = typeof end === 'number' ? loader.ruleset.ruleAt(end) : end;
  if (last !== undefined && last.doubt === undefined && (last.form === 'block' || last.form === 'add')) {
    const file = loader.files.get(last.origin.file);
    if (file === undefined) return undefined;
    const { start, end } = last.origin;
    const counts = countsIn(file, start, end);
    if (last.form === 'add') {
      const command = commandLine(file, start, placed, spec, counts);
      return command === undefined ? undefined : [linesBelow(file, end, command)];
    }
    const indent = indentBefore(file, start);
    const rest = restOfLine(file, end);
    const text = ruleText(spec, counts);
    // Something else stands behind it on its line: it goes there as well.
    if (indent === undefined || !/^\s*;?\s*(?:#.*)?$/.test(rest)) return [insertion(file, end, `; ${text}`)];
    return [linesBelow(file, end, `${indent}${text}`)];
  }
  return appendToEmpty(loader, placed, spec);
}

/** Into a chain that has no rule of its own to stand behind. */
function appendToEmpty(loader: Loader, placed: PlacedChain, spec: Spec): TextEdit[] | undefined {
  const { chain } = placed;
  const block = chain.blocks.at(-1);
  const file = block?.file ?? loader.files.get(chain.origin.file);
  if (file === undefined) return undefined;
  // `add chain ...` is followed by `add rule ...`; a block has its rules inside.
  if (/^(?:add|create)\b/.test(file.text.slice(chain.origin.start, chain.origin.start + 10))) {
    const command = commandLine(file, chain.origin.start, placed, spec, false);
    return command === undefined ? undefined : [linesBelow(file, (block?.close ?? chain.origin.end - 1) + 1, command)];
  }
  if (block === undefined) return undefined;
  const text = ruleText(spec, false);
  const closing = indentBefore(file, block.close);
  if (closing !== undefined) {
    const inner = innerIndent(file, chain, closing);
    return [insertion(file, lineStart(file, block.close), `${inner}${text}${file.lineEnd}`)];
  }
  const isOpen = /[{;]\s*$/.test(file.text.slice(Math.max(0, block.close - 200), block.close));
  return [insertion(file, block.close, `${isOpen ? '' : '; '}${text}; `)];
}

/** The indentation of what stands in the chain, or one that is deeper than that of its closing brace. */
function innerIndent(file: SourceFile, chain: ChainState, closing: string): string {
  const line = chain.base?.origin ?? chain.policyOrigin;
  const own = line === undefined || line.file !== file.path ? undefined : indentBefore(file, line.start);
  return own ?? `${closing}${closing.startsWith(' ') ? '    ' : '\t'}`;
}

/** Writes a chain at the hook of what is forwarded, where the file has none. */
function applyFilter(
  reading: Reading,
  iface: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  if (!/^[\w.@-]{1,15}$/.test(iface) || destinations.length === 0) return undefined;
  const { loader, converted } = loadedOf(reading);
  const spec = { destinations, remark, from: iface };
  for (const policy of reading.device.policies ?? []) {
    const placed = policy.hook === 'forward' ? converted.placed.get(policy.chain) : undefined;
    if (placed !== undefined && mayDrop(placed)) return append(loadedOf(reading), placed, spec);
  }
  const { file } = reading;
  // A script makes its tables in many ways, and a file of definitions makes none.
  const tables = [...loader.ruleset.tables.values()].filter(({ origin }) => origin.file === file.path);
  if (tables.length === 0 || tables.every(({ origin }) => !isTableBlock(file, origin.start))) return undefined;
  const name = ['filter', 'advisory_lens', 'advisory_lens_2'].find((one) => !loader.ruleset.tables.has(`inet ${one}`));
  if (name === undefined) return undefined;
  const priority = /\bpriority\s+(?:filter|dstnat|srcnat)\b/.test(file.text.slice(0, 100_000)) ? 'filter' : '0';
  const tab = /\n( +|\t)\S/.exec(file.text.slice(0, 100_000))?.[1] ?? '\t';
  const lines = [
    `table inet ${name} {`,
    `${tab}chain forward {`,
    `${tab}${tab}type filter hook forward priority ${priority}; policy accept;`,
    `${tab}${tab}${ruleText(spec, false)}`,
    `${tab}}`,
    '}',
  ];
  const opening = file.text === '' || file.text.endsWith('\n') ? '' : file.lineEnd;
  return [insertion(file, file.text.length, opening + lines.map((line) => line + file.lineEnd).join(''))];
}

function isTableBlock(file: SourceFile, start: number): boolean {
  return /^table\b[^\n]*\{/.test(file.text.slice(start, start + 300)) && indentBefore(file, start) !== undefined;
}

function insertion(file: SourceFile, at: number, newText: string): TextEdit {
  return { file: file.path, start: at, end: at, newText };
}

/** A line below the one that holds `at`. */
function linesBelow(file: SourceFile, at: number, line: string): TextEdit {
  const newline = file.text.indexOf('\n', at);
  const end = newline === -1 ? file.text.length : newline;
  const stop = newline !== -1 && file.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return insertion(file, stop, `${file.lineEnd}${line}`);
}

function restOfLine(file: SourceFile, at: number): string {
  const newline = file.text.indexOf('\n', at);
  return file.text.slice(at, newline === -1 ? file.text.length : newline);
}

function lineStart(file: SourceFile, at: number): number {
  return file.text.lastIndexOf('\n', at - 1) + 1;
}

/** The blanks before `at` on its line; undefined where there is more. */
function indentBefore(file: SourceFile, at: number): string | undefined {
  const before = file.text.slice(lineStart(file, at), at);
  return /^[ \t\ufeff]*$/.test(before) ? before.replace('\ufeff', '') : undefined;
}
