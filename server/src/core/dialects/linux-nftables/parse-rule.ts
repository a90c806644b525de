import type { Cursor } from './cursor.js';
import { FIELDS, type Field } from './fields.js';
import { BOTH_PORTS, parseKey } from './parse-key.js';
import { translation } from './parse-nat.js';
import { amount, changeSet, changeSetOld, connectionObject, counter, log } from './parse-objects.js';
import { parseMap, parseSource } from './parse-source.js';
import { parseValue, parseVerdict } from './parse-value.js';
import type { Comparison, Key, Statement } from './rule.js';
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
    case 'fullcone':
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
      return partOfIptables(cursor, into);
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

/** Targets of iptables that let the packet go on as it is, but for what no rule asks. */
const GOES_ON =
  /^(?:AUDIT|CHECKSUM|CLASSIFY|DSCP|ECN|IDLETIMER|LED|LOG|NFLOG|RATEEST|SECMARK|TCPMSS|TCPOPTSTRIP|TOS|TRACE|TTL)$/;

/** `xt match "set"`: a part of iptables that nft has no words for, in a listing of rules that iptables has made. */
function partOfIptables(cursor: Cursor, into: Statement[]): boolean {
  const kind = cursor.wordAt(1);
  cursor.next();
  cursor.next();
  const name = cursor.takeName() ?? '';
  if (kind === 'match') {
    if (name !== 'comment') into.push({ kind: 'undecidable', words: `xt match ${name}` });
    return true;
  }
  if (kind === 'target' && GOES_ON.test(name)) return true;
  cursor.skipStatement();
  into.push(notModelled(`xt ${kind} ${name}: a part of iptables that nft does not tell`));
  return true;
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
  // Of OpenWrt's builds.
  fullcone: 'its addresses are those that other connections had',
} as const;

function steered(cursor: Cursor, word: keyof typeof STEERED, into: Statement[]): boolean {
  cursor.skipStatement();
  into.push(notModelled(`${word}: ${STEERED[word]}`));
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
  into.push(...(bothPorts(key, op, value) ?? [{ kind: 'match', key, op, value }]));
  return true;
}

/** `@th,0,32 0x500001`, as nft lists `th sport 80 th dport 1`: it loads at once what stands side by side. */
function bothPorts(key: Key, op: Comparison, value: Value): Statement[] | undefined {
  const [term] = key;
  const isBoth = key.length === 1 && term?.field.words === BOTH_PORTS && term.operations.length === 0;
  if (!isBoth || (op !== 'implicit' && op !== '==') || value.kind !== 'word') return undefined;
  const number = /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(value.text) ? Number(value.text) : Number.POSITIVE_INFINITY;
  if (number > 0xffffffff) return undefined;
  return (['th sport', 'th dport'] as const).map((name, at) => ({
    kind: 'match',
    key: [{ field: FIELDS.get(name) as Field, operations: [] }],
    op,
    value: { kind: 'word', text: String(at === 0 ? number >>> 16 : number & 0xffff), quoted: false },
  }));
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
  // `meta priority set 1:10`: a class of traffic control.
  if (field.words === 'meta priority' && cursor.accept(Kind.colon)) cursor.next();
  if (field.what === 'mark' || field.what === 'connection-mark') {
    into.push({ kind: 'set-mark', target: field.what, source });
  } else if (field.what === 'never') into.push({ kind: 'match', key, op: 'implicit', value: NOTHING });
  else if (!HARMLESS.test(field.words)) into.push(notModelled(`${field.words} is changed`));
  return true;
}

const NOTHING: Value = { kind: 'untold', words: 'it is changed' };
