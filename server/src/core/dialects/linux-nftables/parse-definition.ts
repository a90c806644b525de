import { StatementState } from '../../text/statements.js';
import type { Cursor } from './cursor.js';
import type { Loader } from './loader.js';
import { parseValue } from './parse-value.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';

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
  if (isWhole) return StatementState.modelled;
  // A shell's variables may hold anything; what names this one is in doubt.
  return cursor.isScript ? StatementState.ignored : StatementState.unknown;
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
