import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseValue } from './parse-value.js';
import { type Base, type ChainState, namedPriority, type TableState } from './ruleset.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import { type Value, wordOf, wordsIn } from './values.js';

/** `type filter hook forward device "eth0" priority filter - 5` */
export function parseBase(
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
  let devicesDoubt = chain.base?.devicesDoubt;
  while (cursor.word() === 'device' || cursor.word() === 'devices') {
    cursor.next();
    cursor.accept(Kind.assign);
    const value = parseValue(cursor, scope);
    if (value !== undefined) devices.push(...wordsIn(value));
    devicesDoubt ??= doubtOf(value);
  }
  if (!cursor.acceptWord('priority')) return StatementState.unknown;
  const priority = parsePriority(cursor, scope, table.family);
  const origin = loader.origin(cursor, start, cursor.endBefore);
  for (const device of devices) loader.noteInterface(device, origin);
  const base: Base = { type, hook, priority, devices, devicesDoubt, origin };
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

export function parseDevices(loader: Loader, cursor: Cursor, scope: Scope, chain: ChainState): StatementState {
  const { start } = cursor;
  cursor.next();
  cursor.accept(Kind.assign);
  const value = parseValue(cursor, scope);
  if (value === undefined || chain.base === undefined) return StatementState.unknown;
  const names = wordsIn(value);
  const origin = loader.origin(cursor, start, cursor.endBefore);
  for (const name of names) loader.noteInterface(name, origin);
  const devicesDoubt = chain.base.devicesDoubt ?? doubtOf(value);
  chain.base = { ...chain.base, devices: [...chain.base.devices, ...names], devicesDoubt };
  return StatementState.modelled;
}

/** Why it cannot be told which devices a value means. */
function doubtOf(value: Value | undefined): string | undefined {
  if (value === undefined || value.kind === 'untold') return value?.words ?? 'a device was not understood';
  if (value.kind === 'list') return firstOf(value.items.map(doubtOf));
  if (value.kind === 'set') return firstOf(value.elements.map(({ key }) => doubtOf(key)));
  return value.kind === 'word' ? undefined : 'a device was not understood';
}

function firstOf(doubts: readonly (string | undefined)[]): string | undefined {
  return doubts.find((doubt) => doubt !== undefined);
}
