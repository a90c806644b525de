import type { Cursor } from './cursor.js';
import { parseKey } from './parse-key.js';
import { parseSource, skipMap } from './parse-source.js';
import { parseItem } from './parse-value.js';
import type { Key, Source, Statement } from './rule.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import type { Value } from './values.js';

/** `dnat to 10.0.0.1:80`, `snat ip to ip saddr map { ... }`, `masquerade`; false where it is not understood. */
export function translation(
  cursor: Cursor,
  scope: Scope,
  type: 'dnat' | 'snat' | 'masquerade' | 'redirect',
  into: Statement[],
): boolean {
  cursor.next();
  let isIpv6 = false;
  let isPrefix = false;
  let withPort = false;
  if (cursor.acceptWord('ip6')) isIpv6 = true;
  // `dnat ip to ...`, and not the address of a header: `dnat ip saddr map { ... }`.
  else if (cursor.word() === 'ip' && !/^(?:saddr|daddr)$/.test(cursor.wordAt(1))) cursor.next();
  if (cursor.acceptWord('prefix')) isPrefix = true;
  if (cursor.word() === 'interval') cursor.next();
  if (cursor.word() === 'addr' && cursor.kindAt(1) === Kind.dot) {
    cursor.next();
    cursor.next();
    cursor.next();
    withPort = true;
  }
  cursor.acceptWord('to');
  let address: Source | undefined;
  if (cursor.kind === Kind.other && cursor.raw() === '[') {
    // An IPv6 address with a port: `[fe80::1]:80`.
    isIpv6 = true;
    while (!cursor.isAtEndOfStatement() && cursor.raw() !== ']') cursor.next();
    cursor.next();
  } else if (cursor.kind !== Kind.colon && !isFlagOrEnd(cursor)) {
    address = parseSource(cursor, scope);
    if (address === undefined) return false;
  }
  let ports: Value | undefined;
  if (cursor.accept(Kind.colon)) {
    ports = parsePorts(cursor, scope);
    if (ports === undefined) return false;
  }
  while (/^(?:random|fully-random|persistent|netmap)$/.test(cursor.word()) || cursor.kind === Kind.comma) cursor.next();
  if (address?.kind === 'value') {
    const { value } = address;
    if (isAddress6(value)) isIpv6 = true;
    // `redirect to 8080`, as some write it, is a port.
    if (type === 'redirect' && ports === undefined) {
      ports = value;
      address = undefined;
    }
  }
  if (withPort && address !== undefined && address.kind !== 'map') return false;
  into.push({
    kind: 'nat',
    type,
    ...(address === undefined ? {} : { address }),
    ...(ports === undefined ? {} : { ports }),
    isPrefix,
    isIpv6,
  });
  return true;
}

function isFlagOrEnd(cursor: Cursor): boolean {
  return cursor.isAtEndOfStatement() || /^(?:random|fully-random|persistent|comment|counter|log)$/.test(cursor.word());
}

function parsePorts(cursor: Cursor, scope: Scope): Value | undefined {
  const key = parsePort(cursor, scope);
  if (key !== undefined) return { kind: 'untold', words: 'ports of a map' };
  return parseItem(cursor, scope);
}

/** `:tcp dport map { ... }`: behind the colon another map may stand. */
function parsePort(cursor: Cursor, scope: Scope): Key | undefined {
  const before = cursor.at;
  const key = parseKey(cursor, scope);
  if (key !== undefined && cursor.word() === 'map') {
    skipMap(cursor);
    return key;
  }
  cursor.at = before;
  return undefined;
}

function isAddress6(value: Value): boolean {
  if (value.kind === 'word') return value.text.includes(':');
  if (value.kind === 'prefix') return isAddress6(value.base);
  if (value.kind === 'range') return isAddress6(value.from);
  return false;
}
