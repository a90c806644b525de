import type { Cursor } from './cursor.js';
import { parseField, parseKey } from './parse-key.js';
import { bitOperator, parseItem, parsePrimary, parseSet, parseValue, parseVerdict } from './parse-value.js';
import type { Comparison, Key, Source, Statement } from './rule.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';
import type { Value } from './values.js';

/** A rule has no more pieces than this; what does is not read to its end. */
const MOST_STATEMENTS = 500;

/**
 * The pieces of a rule, to the end of its line. What is not understood is one piece of unknown effect,
 * which stands for all that is left of the rule.
 */
export function parseRule(cursor: Cursor, scope: Scope): Statement[] {
  const statements: Statement[] = [];
  while (!cursor.isAtEndOfStatement()) {
    const before = cursor.at;
    const isRead = statements.length < MOST_STATEMENTS && parseStatement(cursor, scope, statements);
    if (isRead && cursor.at > before) continue;
    const start = cursor.tokens.starts[before] as number;
    cursor.at = before;
    cursor.skipStatement();
    const words = cursor.text.slice(start, Math.min(cursor.endBefore, start + 60)).replace(/\s+/g, ' ');
    statements.push({ kind: 'unknown', words: `${words}: not understood`, isRead: false });
    break;
  }
  return statements;
}

/** Reads one piece; false where it is not understood. */
function parseStatement(cursor: Cursor, scope: Scope, into: Statement[]): boolean {
  const verdict = parseVerdict(cursor, scope);
  if (verdict !== undefined) {
    if (verdict.verdict !== 'queue') into.push(verdict);
    else {
      cursor.skipStatement();
      into.push(notModelled('queue: a program decides'));
    }
    return true;
  }
  const word = cursor.word();
  switch (word) {
    case 'counter':
      return counter(cursor);
    case 'log':
      return log(cursor);
    case 'comment':
      cursor.next();
      return cursor.takeName() !== undefined;
    case 'limit':
    case 'quota':
      into.push({ kind: 'undecidable', words: amount(cursor) });
      return true;
    case 'last':
      cursor.next();
      if (cursor.acceptWord('used')) cursor.next();
      return true;
    case 'reject':
      into.push({ kind: 'reject', only: reject(cursor) });
      return true;
    case 'notrack':
      cursor.next();
      into.push({ kind: 'untrack' });
      return true;
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return translation(cursor, scope, word, into);
    case 'flow':
      return flow(cursor, into);
    case 'tproxy':
    case 'synproxy':
    case 'dup':
    case 'fwd':
      return steered(cursor, word, into);
    case 'add':
    case 'update':
    case 'delete':
      return cursor.kindAt(1) === Kind.set && changeSet(cursor, word, into);
    case 'set':
      return changeSetOld(cursor, into);
    case 'meter':
      cursor.skipStatementTo(Kind.open);
      cursor.skipBlock();
      into.push({ kind: 'undecidable', words: 'meter' });
      return true;
    case 'xt':
      return false;
    case 'ct':
      if (connectionObject(cursor, into)) return true;
      break;
    case 'meta':
    case 'reset':
      break;
  }
  if (word === 'reset' && cursor.wordAt(1) === 'tcp') {
    for (let left = 4; left > 0; left -= 1) cursor.next();
    return true;
  }
  return comparison(cursor, scope, into);
}

function notModelled(words: string): Statement {
  return { kind: 'unknown', words, isRead: true };
}

function counter(cursor: Cursor): boolean {
  cursor.next();
  if (cursor.acceptWord('name')) {
    if (cursor.kind === Kind.string || !isKeyAhead(cursor)) {
      cursor.next();
      return true;
    }
    // `counter name tcp dport map { ... }`
    skipMap(cursor);
    return true;
  }
  while (cursor.word() === 'packets' || cursor.word() === 'bytes') {
    cursor.next();
    cursor.next();
  }
  return true;
}

function isKeyAhead(cursor: Cursor): boolean {
  const before = cursor.at;
  const found = parseField(cursor) !== undefined && (cursor.word() === 'map' || cursor.kind === Kind.dot);
  cursor.at = before;
  return found;
}

function skipMap(cursor: Cursor): void {
  while (!cursor.isAtEndOfStatement() && cursor.word() !== 'map') cursor.next();
  cursor.next();
  if (cursor.kind === Kind.open) cursor.skipBlock();
  else cursor.next();
}

const LOG_OPTIONS = new Set(['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags']);

function log(cursor: Cursor): boolean {
  cursor.next();
  while (LOG_OPTIONS.has(cursor.word())) {
    const isFlags = cursor.word() === 'flags';
    cursor.next();
    if (isFlags) {
      if (cursor.acceptWord('all')) continue;
      // `flags tcp sequence,options`, `flags ip options`, `flags skuid`, `flags ether`
      const what = cursor.word();
      cursor.next();
      if (what !== 'tcp' && what !== 'ip') continue;
      cursor.next();
      while (cursor.accept(Kind.comma)) cursor.next();
    } else cursor.next();
  }
  return true;
}

/** `limit rate over 10/second burst 5 packets`, `limit name "x"`, `quota over 10 mbytes`. */
function amount(cursor: Cursor): string {
  const start = cursor.start;
  const isQuota = cursor.word() === 'quota';
  cursor.next();
  if (cursor.acceptWord('name')) {
    if (isKeyAhead(cursor)) skipMap(cursor);
    else cursor.next();
  } else if (isQuota) {
    if (cursor.word() === 'over' || cursor.word() === 'until') cursor.next();
    cursor.next();
    cursor.next();
    if (cursor.acceptWord('used')) {
      cursor.next();
      cursor.next();
    }
  } else {
    cursor.acceptWord('rate');
    if (cursor.word() === 'over' || cursor.word() === 'until') cursor.next();
    cursor.next();
    // `10/second`, `10 mbytes/second`, `10 mbytes / second`
    if (cursor.kind === Kind.word && /bytes/.test(cursor.word())) cursor.next();
    if (cursor.accept(Kind.slash)) cursor.next();
    if (cursor.acceptWord('burst')) {
      cursor.next();
      if (/^(?:packets|k?m?bytes)$/.test(cursor.word())) cursor.next();
    }
  }
  return cursor.text.slice(start, cursor.endBefore).replace(/\s+/g, ' ');
}

/**
 * nft itself asks for what the answer is of: a TCP reset is for TCP alone, an answer of ICMPv6 for IPv6.
 * Source: nft(8), "REJECT STATEMENT".
 */
function reject(cursor: Cursor): 'tcp' | 'ipv6' | undefined {
  cursor.next();
  if (!cursor.acceptWord('with')) return undefined;
  const how = cursor.word();
  cursor.next();
  if (how === 'tcp') {
    cursor.next();
    return 'tcp';
  }
  cursor.acceptWord('type');
  // A name, or a number.
  cursor.next();
  return how === 'icmpv6' ? 'ipv6' : undefined;
}

function translation(
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

function flow(cursor: Cursor, into: Statement[]): boolean {
  cursor.next();
  // `flow add @table`, and in older files `flow offload @table`
  if (cursor.word() !== 'add' && cursor.word() !== 'offload') return false;
  cursor.next();
  const name = cursor.raw();
  cursor.next();
  into.push({ kind: 'flow', words: `flow add ${name}` });
  return true;
}

const STEERED = {
  tproxy: 'the device takes the packet for itself',
  synproxy: 'the device answers in the place of the destination',
  dup: 'a copy of the packet goes elsewhere',
  fwd: 'the packet leaves by another interface',
} as const;

function steered(cursor: Cursor, word: keyof typeof STEERED, into: Statement[]): boolean {
  cursor.skipStatement();
  into.push(notModelled(`${word}: ${STEERED[word]}`));
  return true;
}

/** `add @set { ip saddr timeout 5m limit rate over 5/second }`: it holds unless the set is full, or the limit says no. */
function changeSet(cursor: Cursor, word: string, into: Statement[]): boolean {
  cursor.next();
  const name = cursor.raw();
  cursor.next();
  if (cursor.kind !== Kind.open) return false;
  cursor.skipBlock();
  // Deleting never ends a rule: nft_dynset_eval() of the kernel.
  if (word !== 'delete') into.push({ kind: 'undecidable', words: `${word} ${name}` });
  return true;
}

/** The older `set add ip saddr @set`. */
function changeSetOld(cursor: Cursor, into: Statement[]): boolean {
  cursor.next();
  const word = cursor.word();
  if (word !== 'add' && word !== 'update') return false;
  while (!cursor.isAtEndOfStatement() && cursor.kind !== Kind.set) cursor.next();
  const name = cursor.raw();
  cursor.next();
  into.push({ kind: 'undecidable', words: `${word} ${name}` });
  return true;
}

/** `ct helper set "ftp"`, `ct count over 10`; false where it is neither. */
function connectionObject(cursor: Cursor, into: Statement[]): boolean {
  const name = cursor.wordAt(1);
  if (name === 'count') {
    cursor.next();
    cursor.next();
    cursor.acceptWord('over');
    into.push({ kind: 'undecidable', words: `ct count ${cursor.raw()}` });
    cursor.next();
    return true;
  }
  if (!/^(?:helper|timeout|expectation|event|label|zone)$/.test(name)) return false;
  const isDirected = /^(?:original|reply)$/.test(cursor.wordAt(1));
  const set = isDirected ? 3 : 2;
  if (cursor.wordAt(set) !== 'set') return false;
  for (let left = set + 1; left > 0; left -= 1) cursor.next();
  if (isKeyAhead(cursor)) skipMap(cursor);
  else {
    cursor.next();
    while (cursor.accept(Kind.comma)) cursor.next();
  }
  return true;
}

/** A comparison, a map of verdicts, or something that is set. */
function comparison(cursor: Cursor, scope: Scope, into: Statement[]): boolean {
  const key = parseKey(cursor, scope);
  if (key === undefined) return false;
  if (cursor.acceptWord('vmap')) {
    const map = parseMap(cursor, scope);
    if (map === undefined) return false;
    into.push({ kind: 'verdict-map', key, map });
    return true;
  }
  if (cursor.word() === 'set') return assignment(cursor, scope, key, into);
  const op = parseComparison(cursor);
  const value = parseValue(cursor, scope);
  if (value === undefined) {
    // `tcp option mss` and `exthdr hbh` alone ask whether it is there.
    const isLone = key.length === 1 && (key[0]?.field.what === 'undecidable' || key[0]?.field.what === 'never');
    if (!isLone || op !== 'implicit') return false;
    into.push({ kind: 'match', key, op, value: { kind: 'word', text: 'exists', quoted: false } });
    return true;
  }
  into.push({ kind: 'match', key, op, value });
  return true;
}

export function parseMap(cursor: Cursor, scope: Scope): Value | undefined {
  if (cursor.kind === Kind.open) return parseSet(cursor, scope);
  if (cursor.kind === Kind.set || cursor.kind === Kind.variable) return parsePrimary(cursor, scope, 0);
  return undefined;
}

function parseComparison(cursor: Cursor): Comparison {
  switch (cursor.kind) {
    case Kind.equal:
      cursor.next();
      return '==';
    case Kind.notEqual:
      cursor.next();
      return '!=';
    case Kind.less:
      cursor.next();
      return '<';
    case Kind.greater:
      cursor.next();
      return '>';
    case Kind.lessEqual:
      cursor.next();
      return '<=';
    case Kind.greaterEqual:
      cursor.next();
      return '>=';
    case Kind.not:
      cursor.next();
      return '!';
    case Kind.word: {
      const found = WORDS.get(cursor.word());
      if (found !== undefined) cursor.next();
      return found ?? 'implicit';
    }
    default:
      return 'implicit';
  }
}

const WORDS = new Map<string, Comparison>([
  ['eq', '=='],
  ['ne', '!='],
  ['lt', '<'],
  ['gt', '>'],
  ['le', '<='],
  ['ge', '>='],
]);

/** Header fields and the like that a rule may change without any effect on the packet's way. */
const HARMLESS =
  /^(?:meta (?:priority|nftrace|rtclassid|secmark|broute)|ip (?:dscp|ecn|ttl|id|checksum)|tcp option .*|ct (?:secmark|event|label|zone|helper)|ether (?:saddr|daddr))$/;

function assignment(cursor: Cursor, scope: Scope, key: Key, into: Statement[]): boolean {
  cursor.next();
  const source = parseSource(cursor, scope);
  if (source === undefined) return false;
  const [term] = key;
  if (key.length !== 1 || term === undefined || term.operations.length > 0) return false;
  const { field } = term;
  if (field.what === 'mark' || field.what === 'connection-mark') {
    into.push({ kind: 'set-mark', target: field.what, source });
  } else if (field.what === 'never') into.push({ kind: 'match', key, op: 'implicit', value: NOTHING });
  else if (!HARMLESS.test(field.words)) into.push(notModelled(`${field.words} is changed`));
  return true;
}

const NOTHING: Value = { kind: 'untold', words: 'it is changed' };

/** A value that is given, taken from the packet, or looked up in a map. */
function parseSource(cursor: Cursor, scope: Scope): Source | undefined {
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
