import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseRuleInto } from './parse-chain.js';
import { parseItem, parseSet, parseValue } from './parse-value.js';
import {
  type Base,
  type ChainState,
  chainKey,
  namedPriority,
  newChain,
  type SetState,
  type TableState,
  tableKey,
} from './ruleset.js';
import { Scope } from './scope.js';
import { Kind } from './tokens.js';
import { type Value, wordOf, wordsIn } from './values.js';

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
    cursor.next();
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
      cursor.next();
      continue;
    }
    const start = cursor.start;
    const before = cursor.at;
    const state = parseTableItem(loader, cursor, scope, table, doubt);
    if (state === StatementState.unread) continue;
    if (state === StatementState.unknown) {
      cursor.at = before;
      cursor.skipStatement();
      if (cursor.at === before) cursor.next();
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
      while (cursor.kind === Kind.newline) cursor.next();
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

/** `{ ... }` of a chain. */
export function parseChainBlock(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  doubt: string | undefined,
): void {
  const open = cursor.start;
  cursor.next();
  parseChainItems(loader, cursor, new Scope(scope), table, chain, doubt);
  const close = cursor.start;
  if (cursor.kind === Kind.close) {
    loader.mark(cursor.file, close, close + 1, StatementState.modelled);
    cursor.next();
    chain.blocks.push({ file: cursor.file, isPlain: !cursor.isScript, open, close });
  }
  loader.mark(cursor.file, open, open + 1, StatementState.modelled);
}

function parseChainItems(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  doubt: string | undefined,
): void {
  while (!cursor.isDone && cursor.kind !== Kind.close) {
    const { kind, start } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.next();
      continue;
    }
    const before = cursor.at;
    const state = parseChainItem(loader, cursor, scope, table, chain, doubt);
    if (state === undefined) {
      parseRuleInto(loader, cursor, scope, table, chain, { verb: 'block' }, start, doubt);
      if (cursor.at === before) cursor.next();
      continue;
    }
    if (state === StatementState.unknown) {
      cursor.at = before;
      cursor.skipStatement();
      if (cursor.at === before) cursor.next();
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

/** `type filter hook forward device "eth0" priority filter - 5` */
function parseBase(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  table: TableState,
  chain: ChainState,
  doubt: string | undefined,
): StatementState {
  const { start } = cursor;
  cursor.next();
  const type = cursor.word();
  cursor.next();
  if (!cursor.acceptWord('hook')) return StatementState.unknown;
  const hook = cursor.word();
  cursor.next();
  const devices = [...(chain.base?.devices ?? [])];
  while (cursor.word() === 'device' || cursor.word() === 'devices') {
    cursor.next();
    cursor.accept(Kind.assign);
    const value = parseValue(cursor, scope);
    if (value !== undefined) devices.push(...wordsIn(value));
  }
  if (!cursor.acceptWord('priority')) return StatementState.unknown;
  const priority = parsePriority(cursor, scope, table.family);
  const origin = loader.origin(cursor, start, cursor.endBefore);
  for (const device of devices) loader.noteInterface(device, origin);
  const base: Base = { type, hook, priority, devices, origin };
  if (chain.base === undefined) chain.order = loader.ruleset.nextOrder();
  chain.base = base;
  if (doubt !== undefined) chain.doubt ??= doubt;
  if (priority === undefined) chain.doubt ??= 'its priority is not known';
  return StatementState.modelled;
}

/** `0`, `-150`, `filter`, `dstnat + 10`, `$early`. */
function parsePriority(cursor: Cursor, scope: Scope, family: string): number | undefined {
  const first = parsePriorityWord(cursor, scope, family);
  if (first === undefined) return undefined;
  const isMinus = cursor.kind === Kind.dash;
  const isPlus = cursor.kind === Kind.other && cursor.raw() === '+';
  if (!isMinus && !isPlus) return first;
  cursor.next();
  const second = Number(cursor.word());
  cursor.next();
  return isMinus ? first - second : first + second;
}

function parsePriorityWord(cursor: Cursor, scope: Scope, family: string): number | undefined {
  const isNegative = cursor.accept(Kind.dash);
  let text = cursor.takeName();
  if (text === undefined && cursor.kind === Kind.variable) {
    text = wordOf(scope.lookup(cursor.raw().slice(1)));
    cursor.next();
  }
  if (text === undefined) return undefined;
  // A definition may hold the whole: "filter - 10".
  const found = /^([a-z]+)?\s*(?:([+-])\s*)?(\d+)?$/.exec(text.trim());
  const base = found?.[1] === undefined ? 0 : namedPriority(family, found[1]);
  if (found === null || found === undefined || base === undefined) return undefined;
  const value = base + (found[2] === '-' ? -1 : 1) * Number(found[3] ?? 0);
  return isNegative ? -value : value;
}

function parseDevices(loader: Loader, cursor: Cursor, scope: Scope, chain: ChainState): StatementState {
  const { start } = cursor;
  cursor.next();
  cursor.accept(Kind.assign);
  const value = parseValue(cursor, scope);
  if (value === undefined || chain.base === undefined) return StatementState.unknown;
  const names = wordsIn(value);
  const origin = loader.origin(cursor, start, cursor.endBefore);
  for (const name of names) loader.noteInterface(name, origin);
  chain.base = { ...chain.base, devices: [...chain.base.devices, ...names] };
  return StatementState.modelled;
}

/** `{ type ipv4_addr; flags interval; elements = { ... } }` of a set or a map. */
export function parseSetBlock(loader: Loader, cursor: Cursor, scope: Scope, set: SetState): void {
  cursor.next();
  while (!cursor.isDone && cursor.kind !== Kind.close) {
    const { kind } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.next();
      continue;
    }
    const before = cursor.at;
    const word = cursor.word();
    if (word === 'elements') {
      cursor.next();
      cursor.accept(Kind.assign);
      const value = cursor.kind === Kind.open ? parseSet(cursor, scope) : parseItem(cursor, scope);
      if (value === undefined) set.doubt ??= 'its elements were not understood';
      else addElements(set, value, undefined);
    } else if (word === 'flags') {
      cursor.next();
      const flags = wordsIn(parseValue(cursor, scope) ?? { kind: 'all' });
      if (flags.includes('dynamic') || flags.includes('timeout')) {
        set.doubt ??= `set ${set.name} changes while the device runs`;
      }
    } else if (word === 'timeout') set.doubt ??= `set ${set.name} changes while the device runs`;
    else if (word === 'include') parseInclude(loader, cursor, () => {});
    if (word !== 'elements' && word !== 'flags') cursor.skipStatement();
    else if (!cursor.isAtEndOfStatement()) cursor.skipStatement();
    if (cursor.at === before) cursor.next();
  }
  cursor.accept(Kind.close);
}

/** Elements are in the set if they are in it for good; one that expires may be gone. */
export function addElements(set: SetState, value: Value, doubt: string | undefined): void {
  if (doubt !== undefined) set.doubt ??= doubt;
  if (value.kind === 'set') {
    for (const element of value.elements) set.elements.push(element);
    return;
  }
  if (value.kind === 'list') for (const key of value.items) set.elements.push({ key, expires: false });
  else set.elements.push({ key: value, expires: false });
}

/** `define name = value`, or an assignment of a shell. */
export function parseDefinition(
  _loader: Loader,
  cursor: Cursor,
  scope: Scope,
  doubt: string | undefined,
): StatementState {
  const verb = cursor.word();
  if (/^(?:re|un)?define$/.test(verb) && cursor.kindAt(1) !== Kind.assign) cursor.next();
  const name = cursor.takeName();
  if (name === undefined) return StatementState.unknown;
  if (verb === 'undefine') {
    scope.undefine(name);
    return StatementState.modelled;
  }
  if (!cursor.accept(Kind.assign)) return StatementState.unknown;
  const value = parseValue(cursor, scope);
  const isWhole = value !== undefined && cursor.isAtEndOfStatement() && cursor.kind !== Kind.close;
  if (!isWhole) cursor.skipStatement();
  const words = doubt ?? (isWhole ? undefined : `the value of $${name} was not understood`);
  scope.define(name, words === undefined && value !== undefined ? value : { kind: 'untold', words: words ?? name });
  return isWhole ? StatementState.modelled : StatementState.unknown;
}

/** `include "path"`. Unmodelled: there is no such file here. */
export function parseInclude(loader: Loader, cursor: Cursor, read: (cursor: Cursor) => void): StatementState {
  const { start } = cursor;
  const isCalled = cursor.kind === Kind.set;
  const called = cursor.raw().slice(1);
  cursor.next();
  const path = isCalled ? called : cursor.takeName();
  if (path === undefined) return StatementState.unknown;
  const origin = loader.origin(cursor, start, cursor.endBefore);
  return loader.include(path, origin, read) ? StatementState.modelled : StatementState.unmodelled;
}
