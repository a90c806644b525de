import type { Cursor } from './cursor.js';
import { parseField } from './parse-key.js';
import { skipMap } from './parse-source.js';
import type { Statement } from './rule.js';
import { Kind } from './tokens.js';

export function counter(cursor: Cursor): boolean {
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

const LOG_OPTIONS = new Set(['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags']);

export function log(cursor: Cursor): boolean {
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
export function amount(cursor: Cursor): string {
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

/** `add @set { ip saddr timeout 5m limit rate over 5/second }`: it holds unless the set is full, or the limit says no. */
export function changeSet(cursor: Cursor, word: string, into: Statement[]): boolean {
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
export function changeSetOld(cursor: Cursor, into: Statement[]): boolean {
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
export function connectionObject(cursor: Cursor, into: Statement[]): boolean {
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
