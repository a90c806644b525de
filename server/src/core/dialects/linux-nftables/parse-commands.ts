import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseRuleInto, type RulePlace } from './parse-chain.js';
import { parseDefinition, parseInclude } from './parse-definition.js';
import { addElements, parseSetBlock } from './parse-set.js';
import { chainOf, parseChainBlock, parseTableBlock, setOf, tableOf } from './parse-table.js';
import { parseSet, parseValue } from './parse-value.js';
import { clearChain, doubtRules, doubtTable, removeElements, rulesOf, type TableState, tableKey } from './ruleset.js';
import type { Scope } from './scope.js';
import { commandDoubt } from './shell.js';
import { Kind } from './tokens.js';

const FAMILIES = new Set(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']);

/** Reads the commands of a whole file. */
export function parseFile(loader: Loader, cursor: Cursor, scope: Scope): void {
  while (!cursor.isDone) {
    const { kind } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.pass();
      continue;
    }
    if (kind === Kind.rule) {
      for (const line of loader.linesOf(cursor)) parseFile(loader, line, scope);
      continue;
    }
    const start = cursor.start;
    const before = cursor.at;
    const state = parseCommand(loader, cursor, scope);
    if (state !== StatementState.unknown) {
      if (state !== StatementState.unread) loader.mark(cursor.file, start, cursor.endBefore, state);
      if (cursor.at === before) cursor.pass();
      // Something behind the command that does not belong to it.
      if (!cursor.isAtEndOfStatement() && cursor.kind !== Kind.close && state !== StatementState.unread) {
        skipUnknown(loader, cursor);
      }
      continue;
    }
    cursor.at = before;
    skipUnknown(loader, cursor);
  }
}

function skipUnknown(loader: Loader, cursor: Cursor): void {
  const { start, at } = cursor;
  // A line that is no command says nothing of the lines behind it.
  while (!cursor.isDone && cursor.kind !== Kind.newline && cursor.kind !== Kind.semicolon) cursor.pass();
  if (cursor.at === at) cursor.pass();
  loader.mark(cursor.file, start, cursor.endBefore, StatementState.unknown);
}

interface Target {
  readonly family: string;
  readonly table: string;
}

/** One command. `unread` as an answer: its lines have their states. */
function parseCommand(loader: Loader, cursor: Cursor, scope: Scope): StatementState {
  const word = cursor.word();
  const doubt = commandDoubt(cursor);
  switch (word) {
    case 'include':
      return parseInclude(loader, cursor, (inner) => parseFile(loader, inner, scope));
    case 'define':
    case 'redefine':
    case 'undefine':
      return parseDefinition(loader, cursor, scope, doubt);
    case 'add':
    case 'create':
      cursor.next();
      return parseAdd(loader, cursor, scope, 'add', doubt);
    case 'insert':
    case 'replace':
      cursor.next();
      return parseAdd(loader, cursor, scope, word, doubt);
    case 'delete':
    case 'destroy':
      cursor.next();
      return parseDelete(loader, cursor, scope, doubt);
    case 'flush':
      cursor.next();
      return parseFlush(loader, cursor, doubt);
    case 'list':
    case 'monitor':
    case 'export':
    case 'describe':
    case 'reset':
      cursor.skipStatement();
      return StatementState.ignored;
    case 'rename':
      cursor.skipStatement();
      return StatementState.unknown;
    case '':
      // `nft -f file` in a script.
      if (cursor.kind === Kind.set && cursor.isScript) {
        return parseInclude(loader, cursor, (inner) => parseFile(loader, inner, scope));
      }
      return StatementState.unknown;
    default:
      if (cursor.kindAt(1) === Kind.assign && cursor.start === lineStart(cursor)) {
        return parseDefinition(loader, cursor, scope, doubt);
      }
      return parseAdd(loader, cursor, scope, 'add', doubt);
  }
}

function lineStart(cursor: Cursor): number {
  const { text, start } = cursor;
  let at = start;
  while (at > 0 && (text.charCodeAt(at - 1) === 32 || text.charCodeAt(at - 1) === 9)) at -= 1;
  return at === 0 || text.charCodeAt(at - 1) === 10 || text.charCodeAt(at - 1) === 59 ? start : -1;
}

function parseTarget(cursor: Cursor, scope: Scope): Target | undefined {
  let family = 'ip';
  if (FAMILIES.has(cursor.word())) {
    family = cursor.word();
    cursor.next();
  }
  const table = parseName(cursor, scope);
  return table === undefined ? undefined : { family, table };
}

function parseName(cursor: Cursor, scope: Scope): string | undefined {
  if (cursor.kind !== Kind.variable) return cursor.takeName();
  const value = scope.lookup(cursor.raw().slice(1));
  const raw = cursor.raw();
  cursor.next();
  return value.kind === 'word' ? value.text : raw;
}

const OBJECTS = new Set(['counter', 'quota', 'limit', 'ct', 'secmark', 'synproxy']);

function parseAdd(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  verb: 'add' | 'insert' | 'replace',
  doubt: string | undefined,
): StatementState {
  const commandStart = commandStartOf(cursor);
  const what = cursor.word();
  if (verb !== 'add' && what !== 'rule') return StatementState.unknown;
  switch (what) {
    case 'table': {
      cursor.next();
      const at = cursor.at;
      const target = parseTarget(cursor, scope);
      if (target === undefined) return StatementState.unknown;
      const isBlock = cursor.kind === Kind.open;
      if (!isBlock && !cursor.isAtEndOfStatement()) return notACommand(cursor, at);
      const table = tableOf(loader, cursor, target.family, target.table, commandStart);
      if (!isBlock) return StatementState.modelled;
      parseTableBlock(loader, cursor, scope, table, doubt);
      return StatementState.unread;
    }
    case 'chain':
    case 'set':
    case 'map':
    case 'flowtable': {
      cursor.next();
      const target = parseTarget(cursor, scope);
      if (target === undefined) return StatementState.unknown;
      const nameStart = cursor.start;
      const name = parseName(cursor, scope);
      if (name === undefined) return StatementState.unknown;
      const nameEnd = cursor.endBefore;
      if (!cursor.isAtEndOfStatement() && cursor.kind !== Kind.open) return StatementState.unknown;
      const table = tableOf(loader, cursor, target.family, target.table, commandStart);
      if (what === 'chain') {
        const chain = chainOf(loader, cursor, table, name, commandStart, nameStart, nameEnd, doubt);
        if (cursor.kind === Kind.open) parseChainBlock(loader, cursor, scope, table, chain, doubt);
        else loader.mark(cursor.file, commandStart, cursor.endBefore, StatementState.modelled);
        loader.mark(cursor.file, commandStart, nameEnd, StatementState.modelled);
        return StatementState.unread;
      }
      if (what === 'flowtable') {
        if (cursor.kind === Kind.open) cursor.skipBlock();
        return StatementState.ignored;
      }
      const set = setOf(loader, cursor, table, name, what === 'map', commandStart, nameStart, nameEnd, doubt);
      if (cursor.kind === Kind.open) parseSetBlock(loader, cursor, scope, set);
      return StatementState.modelled;
    }
    case 'element': {
      cursor.next();
      const target = parseTarget(cursor, scope);
      const name = target === undefined ? undefined : parseName(cursor, scope);
      if (target === undefined || name === undefined) return StatementState.unknown;
      const table = tableOf(loader, cursor, target.family, target.table, commandStart);
      const set = setOf(loader, cursor, table, name, false, commandStart, commandStart, commandStart, doubt);
      const value = cursor.kind === Kind.open ? parseSet(cursor, scope) : parseValue(cursor, scope);
      if (value === undefined) return StatementState.unknown;
      addElements(set, value, doubt);
      return StatementState.modelled;
    }
    case 'rule':
      cursor.next();
      return parseRuleCommand(loader, cursor, scope, verb, commandStart, doubt);
    default:
      if (OBJECTS.has(what)) {
        cursor.skipStatement();
        return StatementState.ignored;
      }
      // `nft add inet fw forward accept`: the word `rule` may be left out.
      if (cursor.at > 0 && FAMILIES.has(what) && cursor.start > commandStart) {
        return parseRuleCommand(loader, cursor, scope, verb, commandStart, doubt);
      }
      return StatementState.unknown;
  }
}

function notACommand(cursor: Cursor, at: number): StatementState {
  cursor.at = at;
  return StatementState.unknown;
}

/** Where the command at hand begins: at its verb. */
function commandStartOf(cursor: Cursor): number {
  const before = cursor.at - 1;
  if (before < 0) return cursor.start;
  const { starts, ends } = cursor.tokens;
  const verb = cursor.text.slice(starts[before], ends[before]);
  return /^(?:add|create|insert|replace)$/.test(verb) ? (starts[before] as number) : cursor.start;
}

function parseRuleCommand(
  loader: Loader,
  cursor: Cursor,
  scope: Scope,
  verb: 'add' | 'insert' | 'replace',
  commandStart: number,
  doubt: string | undefined,
): StatementState {
  const target = parseTarget(cursor, scope);
  const nameStart = cursor.start;
  const name = target === undefined ? undefined : parseName(cursor, scope);
  if (target === undefined || name === undefined) return StatementState.unknown;
  const nameEnd = cursor.endBefore;
  let place: RulePlace = { verb };
  const by = cursor.word();
  if (by === 'position' || by === 'handle' || by === 'index') {
    place = { verb, by: by === 'index' ? 'index' : 'handle', number: Number(cursor.wordAt(1)) };
    cursor.next();
    cursor.next();
  }
  const table = tableOf(loader, cursor, target.family, target.table, commandStart);
  // nft refuses a rule for a chain that is not there; who takes lines out of a larger script may leave it out.
  const isKnown = table.chains.has(name);
  const chain = chainOf(loader, cursor, table, name, commandStart, nameStart, nameEnd, undefined);
  if (!isKnown) chain.doubt ??= `chain ${name} is made in another place`;
  parseRuleInto(loader, cursor, scope, table, chain, place, commandStart, doubt);
  return StatementState.unread;
}

function parseDelete(loader: Loader, cursor: Cursor, scope: Scope, doubt: string | undefined): StatementState {
  const what = cursor.word();
  cursor.next();
  if (!/^(?:table|chain|rule|set|map|element|flowtable|counter|quota|limit|ct|secmark|synproxy)$/.test(what)) {
    return StatementState.unknown;
  }
  const target = parseTarget(cursor, scope);
  if (target === undefined) return StatementState.unknown;
  const table = loader.ruleset.tables.get(tableKey(target.family, target.table));
  if (what === 'table') {
    // `delete table inet handle 5`
    if (!cursor.isAtEndOfStatement()) cursor.skipStatement();
    if (table === undefined) return StatementState.modelled;
    if (doubt === undefined) loader.ruleset.tables.delete(tableKey(target.family, target.table));
    else doubtTable(loader.ruleset, table, doubt);
    return StatementState.modelled;
  }
  const name = parseName(cursor, scope);
  const chain = table?.chains.get(name ?? '');
  const set = table?.sets.get(name ?? '');
  switch (what) {
    case 'chain':
      if (chain !== undefined && doubt !== undefined) {
        doubtRules(loader.ruleset, chain, doubt);
        chain.doubt ??= doubt;
      } else table?.chains.delete(name ?? '');
      break;
    case 'rule':
      if (chain !== undefined) {
        const handle = cursor.word() === 'handle' ? Number(cursor.wordAt(1)) : Number.NaN;
        const rules = rulesOf(loader.ruleset, chain);
        const at = loader.ruleset.mayLookAt(rules.length) ? rules.findIndex((rule) => rule.handle === handle) : -1;
        if (at === -1 || doubt !== undefined) doubtRules(loader.ruleset, chain, doubt ?? 'one of the rules is deleted');
        else {
          rules.splice(at, 1);
          chain.doubted = Math.min(chain.doubted, at);
        }
      }
      cursor.skipStatement();
      break;
    case 'set':
    case 'map':
      if (set !== undefined && doubt !== undefined) set.doubt ??= doubt;
      else table?.sets.delete(name ?? '');
      break;
    case 'element': {
      const value = cursor.kind === Kind.open ? parseSet(cursor, scope) : undefined;
      if (value === undefined) return StatementState.unknown;
      if (set !== undefined) removeElements(loader.ruleset, set, value, doubt);
      break;
    }
    default:
      cursor.skipStatement();
      return StatementState.ignored;
  }
  return StatementState.modelled;
}

function parseFlush(loader: Loader, cursor: Cursor, doubt: string | undefined): StatementState {
  const what = cursor.word();
  cursor.next();
  const { tables } = loader.ruleset;
  if (what === 'ruleset') {
    const family = FAMILIES.has(cursor.word()) ? cursor.word() : undefined;
    if (family !== undefined) cursor.next();
    for (const [key, table] of tables) {
      if (family !== undefined && table.family !== family) continue;
      if (doubt === undefined) tables.delete(key);
      else doubtTable(loader.ruleset, table, doubt);
    }
    return StatementState.modelled;
  }
  if (!/^(?:table|chain|set|map|meter)$/.test(what)) return StatementState.unknown;
  const target = parseTarget(cursor, loader.scope);
  const table: TableState | undefined =
    target === undefined ? undefined : tables.get(tableKey(target.family, target.table));
  const name = what === 'table' ? undefined : parseName(cursor, loader.scope);
  if (target === undefined) return StatementState.unknown;
  if (what === 'table' || what === 'chain') {
    for (const chain of table?.chains.values() ?? []) {
      if (what === 'chain' && chain.name !== name) continue;
      if (doubt === undefined) clearChain(chain);
      else doubtRules(loader.ruleset, chain, doubt);
    }
  } else {
    const set = table?.sets.get(name ?? '');
    if (set !== undefined && doubt === undefined) set.elements = [];
    else if (set !== undefined) set.doubt ??= doubt;
  }
  return StatementState.modelled;
}
