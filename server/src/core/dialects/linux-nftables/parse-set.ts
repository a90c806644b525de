import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseInclude } from './parse-definition.js';
import { parseItem, parseSet, parseValue } from './parse-value.js';
import type { SetState } from './ruleset.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import { type Value, wordsIn } from './values.js';

/** `{ type ipv4_addr; flags interval; elements = { ... } }` of a set or a map. */
export function parseSetBlock(loader: Loader, cursor: Cursor, scope: Scope, set: SetState): void {
  cursor.next();
  parseSetLines(loader, cursor, scope, set);
  cursor.accept(Kind.close);
}

/** What stands between the braces, or in a file that is included there. */
function parseSetLines(loader: Loader, cursor: Cursor, scope: Scope, set: SetState): void {
  while (!cursor.isDone && cursor.kind !== Kind.close) {
    const { kind } = cursor;
    if (kind === Kind.newline || kind === Kind.semicolon || kind === Kind.handle) {
      cursor.pass();
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
    else if (word === 'include') includeLines(loader, cursor, scope, set);
    if (word !== 'elements' && word !== 'flags') cursor.skipStatement();
    else if (!cursor.isAtEndOfStatement()) cursor.skipStatement();
    if (cursor.at === before) cursor.pass();
  }
}

function includeLines(loader: Loader, cursor: Cursor, scope: Scope, set: SetState): void {
  const { start } = cursor;
  const state = parseInclude(loader, cursor, (inner) => parseSetLines(loader, inner, scope, set));
  if (state !== StatementState.unmodelled) return;
  // It can say nothing but what is in the set.
  const missing = loader.missing.pop();
  set.doubt ??= `${missing?.pattern ?? 'a file'} is not among the files`;
  loader.mark(cursor.file, start, cursor.endBefore, state);
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
