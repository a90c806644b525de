import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseBase, parseDevices } from './parse-base.js';
import { parseRuleInto, takePlainRules } from './parse-chain.js';
import { parseDefinition, parseInclude } from './parse-definition.js';
import { parseSetBlock } from './parse-set.js';
import { parseItem, parseValue } from './parse-value.js';
import { type ChainState, chainKey, newChain, type SetState, type TableState, tableKey } from './ruleset.js';
import { Scope } from './scope.js';
import { Kind } from './tokens.js';
import { wordOf, wordsIn } from './values.js';

/** The table of that name; one that was there before goes on. */
export function tableOf(loader: Loader, cursor: Cursor, family: string, name: string, start: number): TableState {
  const key = tableKey(family, name);
  let table = loader.ruleset.tables.get(key);
  if (table === undefined) {
    const origin = loader.origin(cursor, start, cursor.endBefore);
    table = { family, name, origin, dormant: false, chains: new Map(), sets: new Map() };
    loader.ruleset.tables.set(key, table);
  }
  return table;
}

export function chainOf(
  loader: Loader,
  cursor: Cursor,
  table: TableState,
  name: string,
  start: number,
  nameStart: number,
  nameEnd: number,
  doubt: string | undefined,
): ChainState {
  const known = table.chains.get(name);
  if (known !== undefined) return known;
  const origin = loader.origin(cursor, start, nameEnd);
  const chain = newChain(name, origin, loader.ruleset.nextOrder());
  chain.doubt = doubt;
  table.chains.set(name, chain);
  loader.define(cursor, 'chain', chainKey(table, name), nameStart, nameEnd, origin);
  return chain;
}

export function setOf(
  loader: Loader,
  cursor: Cursor,
  table: TableState,
  name: string,
  isMap: boolean,
  start: number,
  nameStart: number,
  nameEnd: number,
  doubt: string | undefined,
): SetState {
  const known = table.sets.get(name);
  if (known !== undefined) return known;
  const origin = loader.origin(cursor, start, Math.max(nameEnd, start));
  const set: SetState = { name, isMap, elements: [], doubt, origin };
  table.sets.set(name, set);
  if (nameEnd > nameStart) {
    loader.define(cursor, 'set', `${table.family} ${table.name} ${name}`, nameStart, nameEnd, origin);
  } else set.doubt ??= `set ${name} is made in another place`;
  return set;
}

/** `{ ... }` behind the name of a table. */
export function parseTableBlock(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  doubt: string | undefined,
): void {
  loader.mark(cursor.file, table.origin.start, table.origin.end, StatementState.modelled);
  loader.mark(cursor.file, cursor.start, cursor.end, StatementState.modelled);
  cursor.next();
  parseTableItems(loader, cursor, new Scope(scope), table, doubt);
  if (cursor.kind === Kind.close) {
    loader.mark(cursor.file, cursor.start, cursor.end, StatementState.modelled);
    cursor.pass();
  }
}

function parseTableItems(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  doubt: string | undefined,
): void {
  while (!cursor.isDone && cursor.kind !== Kind.close) {
    const { kind } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.pass();
      continue;
    }
    if (kind === Kind.rule) {
      for (const line of loader.linesOf(cursor)) parseTableItems(loader, line, scope, table, doubt);
      continue;
    }
    const start = cursor.start;
    const before = cursor.at;
    const state = parseTableItem(loader, cursor, scope, table, doubt);
    if (state === StatementState.unread) continue;
    if (state === StatementState.unknown) {
      cursor.at = before;
      cursor.skipStatement();
      if (cursor.at === before) cursor.pass();
      loader.unread.push(loader.origin(cursor, start, cursor.endBefore));
    }
    loader.mark(cursor.file, start, cursor.endBefore, state);
  }
}

function parseTableItem(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  doubt: string | undefined,
): StatementState {
  const start = cursor.start;
  const what = cursor.word();
  switch (what) {
    case 'include':
      return parseInclude(loader, cursor, (inner) => parseTableItems(loader, inner, scope, table, doubt));
    case 'define':
    case 'redefine':
    case 'undefine':
      return parseDefinition(loader, cursor, scope, doubt);
    case 'flags': {
      cursor.next();
      const value = parseValue(cursor, scope);
      if (value === undefined) return StatementState.unknown;
      if (wordsIn(value).includes('dormant')) table.dormant = true;
      return StatementState.modelled;
    }
    case 'comment':
      cursor.skipStatement();
      return StatementState.ignored;
    case 'chain':
    case 'set':
    case 'map':
    case 'flowtable': {
      cursor.next();
      const nameStart = cursor.start;
      const name = cursor.takeName();
      const nameEnd = cursor.endBefore;
      if (name === undefined) return StatementState.unknown;
      while (cursor.kind === Kind.newline) cursor.pass();
      if (cursor.kind !== Kind.open) return StatementState.unknown;
      if (what === 'chain') {
        const chain = chainOf(loader, cursor, table, name, start, nameStart, nameEnd, doubt);
        loader.mark(cursor.file, start, nameEnd, StatementState.modelled);
        parseChainBlock(loader, cursor, scope, table, chain, doubt);
        return StatementState.unread;
      }
      if (what === 'flowtable') {
        cursor.skipBlock();
        return StatementState.ignored;
      }
      const set = setOf(loader, cursor, table, name, what === 'map', start, nameStart, nameEnd, doubt);
      parseSetBlock(loader, cursor, scope, set);
      return StatementState.modelled;
    }
    case 'counter':
    case 'quota':
    case 'limit':
    case 'ct':
    case 'secmark':
    case 'synproxy':
      cursor.skipStatement();
      return StatementState.ignored;
    default:
      return StatementState.unknown;
  }
}

/** What lines of a chain are read with; the doubt is why they may not be there. */
type InChain = [
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  doubt: string | undefined,
];

/** `{ ... }` of a chain. */
export function parseChainBlock(...[loader, cursor, scope, table, chain, doubt]: InChain): void {
  const open = cursor.start;
  cursor.next();
  parseChainItems(loader, cursor, new Scope(scope), table, chain, doubt);
  const close = cursor.start;
  if (cursor.kind === Kind.close) {
    loader.mark(cursor.file, close, close + 1, StatementState.modelled);
    cursor.pass();
    chain.blocks.push({ file: cursor.file, isPlain: !cursor.isScript, open, close });
  }
  loader.mark(cursor.file, open, open + 1, StatementState.modelled);
}

function parseChainItems(...[loader, cursor, scope, table, chain, doubt]: InChain): void {
  while (!cursor.isDone && cursor.kind !== Kind.close) {
    const { kind, start } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.pass();
      continue;
    }
    if (kind === Kind.rule) {
      for (const row of takePlainRules(loader, cursor, table, chain, doubt === undefined)) {
        parseChainItems(loader, loader.lineOf(row), scope, table, chain, doubt);
      }
      continue;
    }
    const before = cursor.at;
    const state = parseChainItem(loader, cursor, scope, table, chain, doubt);
    if (state === undefined) {
      parseRuleInto(loader, cursor, scope, table, chain, { verb: 'block' }, start, doubt);
      if (cursor.at === before) cursor.pass();
      continue;
    }
    if (state === StatementState.unknown) {
      cursor.at = before;
      cursor.skipStatement();
      if (cursor.at === before) cursor.pass();
      chain.rulesDoubt ??= 'a line of the chain was not understood';
    }
    loader.mark(cursor.file, start, cursor.endBefore, state);
  }
}

/** What in a chain is no rule; undefined: it is one. */
function parseChainItem(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  doubt: string | undefined,
): StatementState | undefined {
  switch (cursor.word()) {
    case 'type':
      return parseBase(loader, cursor, scope, table, chain, doubt);
    case 'policy': {
      const { start } = cursor;
      cursor.next();
      const value = wordOf(parseItem(cursor, scope));
      if (value !== 'accept' && value !== 'drop') {
        chain.doubt ??= 'its policy is not known';
        return StatementState.unknown;
      }
      if (doubt !== undefined && chain.policy !== value) chain.doubt ??= doubt;
      chain.policy = value;
      chain.policyOrigin = loader.origin(cursor, start, cursor.endBefore);
      return StatementState.modelled;
    }
    case 'flags':
    case 'comment':
      // `comment "..."` alone is the chain's; a rule has its own behind it.
      cursor.skipStatement();
      return StatementState.ignored;
    case 'device':
    case 'devices':
      return parseDevices(loader, cursor, scope, chain);
    case 'define':
    case 'redefine':
    case 'undefine':
      return parseDefinition(loader, cursor, scope, doubt);
    case 'include': {
      const state = parseInclude(loader, cursor, (inner) => parseChainItems(loader, inner, scope, table, chain, doubt));
      if (state === StatementState.unmodelled) {
        const missing = loader.missing.pop();
        if (missing !== undefined) {
          const words = `${missing.pattern} is not among the files`;
          chain.rules.push({
            statements: [{ kind: 'unknown', words, isRead: true }],
            origin: missing.origin,
            handle: undefined,
            doubt,
            form: 'placed',
          });
        }
      }
      return state;
    }
    default:
      return undefined;
  }
}
