import type { Cursor } from './cursor.js';
import { unquoted } from './cursor.js';
import type { Verdict } from './rule.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import type { BitOperator, Element, Value } from './values.js';

/** Sets and parentheses nest no deeper; what does is not read. */
const MOST_NESTED = 32;
/** So many bits are put together in one value. */
const MOST_OPERATORS = 256;
const TOO_DEEP: Value = { kind: 'untold', words: 'it is nested too deep' };
const NO_VALUE: Value = { kind: 'untold', words: 'it was not understood' };

/**
 * The right side of a comparison, or the value of a definition: a list of values, a set, one of them.
 * Undefined where none begins here.
 */
export function parseValue(cursor: Cursor, scope: Scope, depth = 0): Value | undefined {
  const first = parseItem(cursor, scope, depth);
  if (first === undefined) return undefined;
  let value = first;
  if (cursor.kind === Kind.comma) value = { kind: 'list', items: parseList(cursor, scope, depth, first) };
  if (cursor.kind === Kind.slash) {
    cursor.next();
    const mask = parseItem(cursor, scope, depth);
    if (mask === undefined) return NO_VALUE;
    const items = cursor.is(Kind.comma) ? parseList(cursor, scope, depth, mask) : undefined;
    value = { kind: 'masked', value, mask: items === undefined ? mask : { kind: 'list', items } };
  }
  return value;
}

function parseList(cursor: Cursor, scope: Scope, depth: number, first: Value): Value[] {
  const items = [first];
  while (cursor.accept(Kind.comma)) {
    cursor.skipNewlines();
    const item = parseItem(cursor, scope, depth);
    if (item === undefined) break;
    items.push(item);
  }
  return items;
}

/** One value: a concatenation, a range, a prefix, a word, bits put together. */
export function parseItem(cursor: Cursor, scope: Scope, depth = 0): Value | undefined {
  const first = parseRange(cursor, scope, depth);
  if (first === undefined || cursor.kind !== Kind.dot) return first;
  const parts = [first];
  while (cursor.accept(Kind.dot)) parts.push(parseRange(cursor, scope, depth) ?? NO_VALUE);
  return { kind: 'concatenation', parts };
}

function parseRange(cursor: Cursor, scope: Scope, depth: number): Value | undefined {
  const from = parseBits(cursor, scope, depth, 0);
  if (from === undefined || cursor.kind !== Kind.dash) return from;
  cursor.next();
  return { kind: 'range', from, to: parseBits(cursor, scope, depth, 0) ?? NO_VALUE };
}

/** The operators by how tightly they bind, the loosest first. */
const LEVELS: readonly (readonly BitOperator[])[] = [['|'], ['^'], ['&'], ['<<', '>>']];

function parseBits(cursor: Cursor, scope: Scope, depth: number, level: number): Value | undefined {
  if (level === LEVELS.length) return parsePrimary(cursor, scope, depth);
  let left = parseBits(cursor, scope, depth, level + 1);
  for (let count = 0; left !== undefined; count += 1) {
    const op = bitOperator(cursor);
    if (op === undefined || LEVELS[level]?.includes(op) !== true) return left;
    cursor.next();
    if (count >= MOST_OPERATORS) left = TOO_DEEP;
    left = { kind: 'binary', op, left, right: parseBits(cursor, scope, depth, level + 1) ?? NO_VALUE };
  }
  return left;
}

/** The operator on bits at hand. */
export function bitOperator(cursor: Cursor): BitOperator | undefined {
  switch (cursor.kind) {
    case Kind.and:
      return '&';
    case Kind.or:
      return '|';
    case Kind.xor:
      return '^';
    case Kind.shiftLeft:
      return '<<';
    case Kind.shiftRight:
      return '>>';
    case Kind.word:
      switch (cursor.word()) {
        case 'and':
          return '&';
        case 'or':
          return '|';
        case 'xor':
          return '^';
        case 'lshift':
          return '<<';
        case 'rshift':
          return '>>';
      }
  }
  return undefined;
}

export function parsePrimary(cursor: Cursor, scope: Scope, depth: number): Value | undefined {
  switch (cursor.kind) {
    case Kind.word: {
      const text = cursor.raw();
      cursor.next();
      return prefixed(cursor, { kind: 'word', text, quoted: false });
    }
    case Kind.string: {
      const text = unquoted(cursor.raw());
      cursor.next();
      // In a script, the shell has put values into it before nft sees it.
      if (cursor.isScript && text.includes('$')) return expanded(text, scope);
      return { kind: 'word', text, quoted: true };
    }
    case Kind.variable: {
      const name = cursor.raw().slice(1);
      cursor.next();
      return prefixed(cursor, scope.lookup(name));
    }
    case Kind.set: {
      const name = cursor.raw().slice(1);
      cursor.next();
      return { kind: 'named-set', name };
    }
    case Kind.star:
      cursor.next();
      return { kind: 'all' };
    case Kind.dash: {
      // A number below zero: `define early = -150`.
      if (cursor.kindAt(1) !== Kind.word) return undefined;
      const text = `-${cursor.wordAt(1)}`;
      cursor.next();
      cursor.next();
      return { kind: 'word', text, quoted: false };
    }
    case Kind.openParen: {
      cursor.next();
      if (depth >= MOST_NESTED) return TOO_DEEP;
      const inner = parseValue(cursor, scope, depth + 1) ?? NO_VALUE;
      return cursor.accept(Kind.closeParen) ? inner : NO_VALUE;
    }
    case Kind.open:
      return parseSet(cursor, scope, depth);
    default:
      return undefined;
  }
}

/** A quoted text of a script with the values of its variables. The blanks stand where a script has braces. */
function expanded(text: string, scope: Scope): Value {
  let untold: Value | undefined;
  const whole = text.replace(/ ?\$(\w+) ?/g, (_, name: string) => {
    const value = scope.lookup(name);
    if (value.kind === 'word') return value.text;
    untold = value;
    return '';
  });
  return untold?.kind === 'untold'
    ? untold
    : untold === undefined
      ? { kind: 'word', text: whole, quoted: true }
      : NO_VALUE;
}

/** `10.0.0.0/8`; a slash with no number behind it belongs to a mask. */
function prefixed(cursor: Cursor, base: Value): Value {
  if (cursor.kind !== Kind.slash) return base;
  const length = cursor.wordAt(1);
  if (!/^\d{1,3}$/.test(length)) return base;
  cursor.next();
  cursor.next();
  return { kind: 'prefix', base, length: Number(length) };
}

/** `{ ... }`, with the opening brace at hand. */
export function parseSet(cursor: Cursor, scope: Scope, depth = 0): Value {
  if (depth >= MOST_NESTED) {
    cursor.skipBlock();
    return TOO_DEEP;
  }
  cursor.next();
  const elements: Element[] = [];
  for (;;) {
    cursor.skipNewlines();
    if (cursor.accept(Kind.close)) return { kind: 'set', elements };
    if (cursor.isDone) return { kind: 'set', elements: [...elements, UNREAD_ELEMENT] };
    const before = cursor.at;
    const element = parseElement(cursor, scope, depth + 1);
    elements.push(element ?? UNREAD_ELEMENT);
    cursor.skipNewlines();
    if (cursor.accept(Kind.comma) || cursor.is(Kind.close)) continue;
    // Something else stands there: the element was not understood.
    elements.push(UNREAD_ELEMENT);
    while (!cursor.isDone && cursor.kind !== Kind.comma && cursor.kind !== Kind.close) {
      if (cursor.kind === Kind.open) cursor.skipBlock();
      else cursor.pass();
    }
    if (cursor.at === before) cursor.pass();
    cursor.accept(Kind.comma);
  }
}

const UNREAD_ELEMENT: Element = { key: NO_VALUE, expires: false };

function parseElement(cursor: Cursor, scope: Scope, depth: number): Element | undefined {
  const key = parseItem(cursor, scope, depth);
  if (key === undefined) return undefined;
  let expires = parseOptions(cursor);
  let data: Value | Verdict | undefined;
  cursor.skipNewlines();
  if (cursor.accept(Kind.colon)) {
    cursor.skipNewlines();
    data = parseVerdict(cursor, scope) ?? parseItem(cursor, scope, depth) ?? NO_VALUE;
    expires = parseOptions(cursor) || expires;
  }
  return data === undefined ? { key, expires } : { key, data, expires };
}

/** `timeout 5m expires 3m counter packets 0 bytes 0 comment "..."`; whether the element goes away with time. */
function parseOptions(cursor: Cursor): boolean {
  let expires = false;
  while (cursor.kind === Kind.word) {
    switch (cursor.word()) {
      case 'timeout':
      case 'expires':
        expires = true;
        cursor.next();
        cursor.next();
        break;
      case 'comment':
        cursor.next();
        cursor.next();
        break;
      case 'counter':
        cursor.next();
        while (cursor.word() === 'packets' || cursor.word() === 'bytes') {
          cursor.next();
          cursor.next();
        }
        break;
      case 'last':
      case 'used':
      case 'never':
        cursor.next();
        break;
      default:
        return expires;
    }
  }
  return expires;
}

/** A verdict, with its chain; undefined where none begins here. */
export function parseVerdict(cursor: Cursor, scope: Scope): Verdict | undefined {
  const verdict = cursor.word();
  switch (verdict) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      cursor.next();
      return { kind: 'verdict', verdict };
    case 'queue':
      cursor.next();
      return { kind: 'verdict', verdict };
    case 'jump':
    case 'goto': {
      cursor.next();
      let chain: string | undefined;
      if (cursor.kind === Kind.variable) {
        const value = scope.lookup(cursor.raw().slice(1));
        chain = value.kind === 'word' ? value.text : cursor.raw();
        cursor.next();
      } else chain = cursor.takeName();
      return { kind: 'verdict', verdict, chain: chain ?? '' };
    }
    default:
      return undefined;
  }
}
