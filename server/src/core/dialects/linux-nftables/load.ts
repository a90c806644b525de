import type { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';
import { splitStatements } from '../common/line-statements.js';
import type { Reading, Surroundings } from '../dialect.js';
import { type Converted, convert } from './convert.js';
import type { Cursor } from './cursor.js';
import { Loader } from './loader.js';
import { parseFile } from './parse-commands.js';
import { tableKey } from './ruleset.js';
import { Kind } from './tokens.js';

/** A reading with all that was read for it. */
export interface Loaded {
  readonly reading: Reading;
  readonly loader: Loader;
  readonly converted: Converted;
}

export interface Options {
  /** Lines that are like others before them are not taken apart again, which changes nothing but the time. */
  readonly findsAlike?: boolean;
}

/** What was read, by its reading, for the writer. */
const LOADED = new WeakMap<Reading, Loaded>();

export function loadedOf(reading: Reading): Loaded {
  return LOADED.get(reading) ?? load(reading.file, reading.device.name);
}

/** Reads a file and those that it includes. */
export function load(
  file: SourceFile,
  fallbackName: string,
  around?: Surroundings,
  { findsAlike = true }: Options = {},
): Loaded {
  const statements = splitStatements(file, { returns: false });
  const loader = new Loader(file, statements.states, around, findsAlike);
  const cursor = loader.cursorOf(file);
  parseFile(loader, cursor, loader.scope);
  finish(statements, cursor);
  const converted = convert(loader, fallbackName, [file.path]);
  const claims = [...loader.ruleset.tables.values()]
    .filter(({ chains }) => chains.size > 0)
    .map(({ family, name }) => `nftables ${tableKey(family, name)}`);
  const reading: Reading = {
    file,
    statements,
    device: converted.device,
    claims,
    ...(loader.includes.length === 0 ? {} : { includes: [...new Set(loader.includes)] }),
  };
  const loaded: Loaded = { reading, loader, converted };
  LOADED.set(reading, loaded);
  return loaded;
}

/** What stands around a listing in a recording. Its `#` begins a comment for nft. */
const PROMPT =
  /^(?:\[[\w.-]{1,40}@[^\]\n]{1,80}\]|[\w.-]{1,40}@[\w.-]{1,60}[^\s#$>]{0,80})\s?[#$>]\s*(?:(?:sudo\s+)?(?:\S*\/)?nft\s+(?:-\S+\s+)*list\b.{0,200}|exit|logout)?\s*$/;

/** Gives each line its depth, and a state to those that no statement has taken. */
function finish({ count, depths, starts, states }: Statements, { tokens, file, text }: Cursor): void {
  let depth = 0;
  let at = 0;
  for (let row = 0; row < count; row += 1) {
    const end = row + 1 < count ? (starts[row + 1] as number) : file.text.length;
    depths[row] = Math.min(255, depth);
    let hasTokens = false;
    for (; at < tokens.count && (tokens.starts[at] as number) < end; at += 1) {
      const kind = tokens.kinds[at];
      if (kind === Kind.open) depth += 1;
      else if (kind === Kind.close) depth = Math.max(0, depth - 1);
      if (kind !== Kind.newline) hasTokens = true;
      if (kind === Kind.close && (depths[row] as number) > depth) depths[row] = depth;
    }
    if (states[row] === StatementState.unknown && depths[row] === 0) {
      const start = starts[row] as number;
      if (end - start < 400 && PROMPT.test(text.slice(start, end))) states[row] = StatementState.ignored;
    }
    if (states[row] !== StatementState.unread) continue;
    // In a script, lines without a word for nft do something else; a brace or a semicolon alone says nothing.
    const isBare = !hasTokens || /^[\s{};,]*$/.test(text.slice(starts[row] as number, end).slice(0, 200));
    states[row] = isBare ? StatementState.ignored : StatementState.unknown;
  }
}
