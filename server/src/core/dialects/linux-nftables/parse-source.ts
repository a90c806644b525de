import type { Cursor } from './cursor.js';
import { parseKey } from './parse-key.js';
import { bitOperator, parseItem, parsePrimary, parseSet } from './parse-value.js';
import type { Source } from './rule.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import type { Value } from './values.js';

/** A value that is given, taken from the packet, or looked up in a map. */
export function parseSource(cursor: Cursor, scope: Scope): Source | undefined {
  const before = cursor.at;
  const key = parseKey(cursor, scope);
  if (key !== undefined && (cursor.word() === 'map' || cursor.isAtEndOfStatement() || cursor.kind === Kind.word)) {
    if (cursor.acceptWord('map')) {
      const map = parseMap(cursor, scope);
      return map === undefined ? undefined : { kind: 'map', key, map };
    }
    const [term] = key;
    return key.length === 1 && term !== undefined ? { kind: 'term', term } : undefined;
  }
  cursor.at = before;
  const value = parseItem(cursor, scope);
  return value === undefined || bitOperator(cursor) !== undefined ? undefined : { kind: 'value', value };
}

export function parseMap(cursor: Cursor, scope: Scope): Value | undefined {
  if (cursor.kind === Kind.open) return parseSet(cursor, scope);
  if (cursor.kind === Kind.set || cursor.kind === Kind.variable) return parsePrimary(cursor, scope, 0);
  return undefined;
}

/** What stands behind the key of a map that does nothing to a packet's fate. */
export function skipMap(cursor: Cursor): void {
  while (!cursor.isAtEndOfStatement() && cursor.word() !== 'map') cursor.next();
  cursor.next();
  if (cursor.kind === Kind.open) cursor.skipBlock();
  else cursor.next();
}
