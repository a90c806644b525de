import type { Cursor } from './cursor.js';
import { FIELDS, type Field, META_ALONE, NOT_IPV4, OTHER_HEADERS } from './fields.js';
import { bitOperator, parsePrimary } from './parse-value.js';
import type { Key, Term } from './rule.js';
import type { Scope } from './scope.js';
import { Kind } from './tokens.js';

const MOST_NESTED = 16;

/** What a comparison looks at: `ip saddr`, `iifname . tcp dport`, `ct mark & 0xff`. Undefined where none begins here. */
export function parseKey(cursor: Cursor, scope: Scope): Key | undefined {
  const first = parseTerm(cursor, scope, 0);
  if (first === undefined) return undefined;
  const terms = [first];
  while (cursor.kind === Kind.dot) {
    cursor.next();
    const term = parseTerm(cursor, scope, 0);
    if (term === undefined) return undefined;
    terms.push(term);
  }
  return terms;
}

function parseTerm(cursor: Cursor, scope: Scope, depth: number): Term | undefined {
  let term: Term | undefined;
  if (cursor.kind === Kind.openParen) {
    if (depth >= MOST_NESTED) return undefined;
    cursor.next();
    term = parseTerm(cursor, scope, depth + 1);
    if (term === undefined || !cursor.accept(Kind.closeParen)) return undefined;
  } else {
    const field = parseField(cursor);
    if (field === undefined) return undefined;
    term = { field, operations: [] };
  }
  const operations = [...term.operations];
  for (let op = bitOperator(cursor); op !== undefined; op = bitOperator(cursor)) {
    cursor.next();
    const value = parsePrimary(cursor, scope, depth);
    if (value === undefined) return undefined;
    operations.push({ op, value });
  }
  return operations.length === 0 ? term : { field: term.field, operations };
}

/** A field; the cursor stands behind it. Undefined, with the cursor where it was, where none is at hand. */
export function parseField(cursor: Cursor): Field | undefined {
  if (cursor.kind === Kind.set) return rawPayload(cursor);
  const word = cursor.word();
  if (word === '') return undefined;
  const next = cursor.wordAt(1);
  if (word === 'meta') {
    if (next === '') return undefined;
    return take(cursor, 2, FIELDS.get(`meta ${next}`) ?? metaField(next));
  }
  if (META_ALONE.has(word)) return take(cursor, 1, FIELDS.get(`meta ${word}`) ?? metaField(word));
  if (word === 'ct') return connectionField(cursor);
  if (word === 'fib') return routeField(cursor);
  const plain = FIELDS.get(`${word} ${next}`);
  if (plain !== undefined) return take(cursor, 2, plain);
  if (NOT_IPV4.has(word) || (word === 'rt' && /^(?:type|hdrlength|seg-left)$/.test(next))) {
    if (next === '') return undefined;
    return take(cursor, 2, { what: 'never', type: 'number', words: `${word} ${next}` });
  }
  if (OTHER_HEADERS.has(word)) return otherHeader(cursor, word, next);
  return otherExpression(cursor, word, next);
}

function take(cursor: Cursor, count: number, field: Field): Field {
  for (let left = count; left > 0; left -= 1) cursor.next();
  return field;
}

/** What only sockets of the device itself have; a packet that is forwarded has none. */
const OF_SOCKETS = new Set(['skuid', 'skgid', 'cgroup']);

function metaField(name: string): Field {
  if (OF_SOCKETS.has(name)) return { what: 'never', type: 'number', words: `meta ${name}` };
  return undecidable(`meta ${name}`);
}

function undecidable(words: string, ...protocols: number[]): Field {
  const field = { what: 'undecidable', type: 'number', words } as const;
  return protocols.length === 0 ? field : { ...field, protocols };
}

/** `ct state`, `ct original ip daddr`, `ct reply bytes`. */
function connectionField(cursor: Cursor): Field | undefined {
  let words = 'ct';
  let count = 1;
  const direction = cursor.wordAt(1);
  if ((direction === 'original' || direction === 'reply') && cursor.wordAt(2) !== '') {
    words += ` ${direction}`;
    count = 2;
  }
  const family = cursor.wordAt(count);
  if (family === 'ip' || family === 'ip6') {
    words += ` ${family}`;
    count += 1;
  }
  const name = cursor.wordAt(count);
  if (name === '') return undefined;
  words += ` ${name}`;
  count += 1;
  if (family === 'ip6') return take(cursor, count, { what: 'never', type: 'number', words });
  return take(cursor, count, FIELDS.get(words) ?? { ...undecidable(words), tracked: name !== 'count' });
}

/** `fib daddr type`, `fib saddr . iif oif`. */
function routeField(cursor: Cursor): Field | undefined {
  let ahead = 1;
  const keys: string[] = [];
  for (;;) {
    const key = cursor.wordAt(ahead);
    if (key === '') return undefined;
    keys.push(key);
    ahead += 1;
    if (cursor.kindAt(ahead) !== Kind.dot) break;
    ahead += 1;
  }
  const result = cursor.wordAt(ahead);
  if (result === '') return undefined;
  const words = `fib ${keys.join(' . ')} ${result}`;
  const isKind = result === 'type' && keys.length === 1 && (keys[0] === 'saddr' || keys[0] === 'daddr');
  const field: Field = isKind
    ? { what: keys[0] === 'saddr' ? 'src-kind' : 'dst-kind', type: 'address-type', words }
    : undecidable(words);
  take(cursor, ahead + 1, field);
  // `fib daddr type` may have `check`, and `fib ... oif` may have `exists`, both of which are values.
  return field;
}

/** A field of a known header that is not told: `ip ttl`, `tcp option mss size`, `vlan id`. */
function otherHeader(cursor: Cursor, header: string, name: string): Field | undefined {
  if (name === '') return undefined;
  const protocol = OTHER_HEADERS.get(header);
  const protocols = protocol === undefined ? [] : [protocol];
  if (name !== 'option' && name !== 'chunk') {
    return take(cursor, 2, undecidable(`${header} ${name}`, ...protocols));
  }
  const option = cursor.wordAt(2);
  const field = cursor.wordAt(3);
  const hasField = field !== '' && field !== 'exists' && field !== 'missing' && field !== 'set';
  const words = `${header} ${name} ${option}${hasField ? ` ${field}` : ''}`;
  return take(cursor, hasField ? 4 : 3, undecidable(words, ...protocols));
}

/** `numgen random mod 10`, `jhash ip saddr mod 2`, `socket transparent`, `rt nexthop`, `ipsec in reqid`, `osf name`. */
function otherExpression(cursor: Cursor, word: string, next: string): Field | undefined {
  switch (word) {
    case 'numgen': {
      if (cursor.wordAt(2) !== 'mod') return undefined;
      const hasOffset = cursor.wordAt(4) === 'offset';
      return take(cursor, hasOffset ? 6 : 4, undecidable(`numgen ${next} mod ${cursor.wordAt(3)}`));
    }
    case 'jhash':
    case 'symhash': {
      cursor.next();
      while (!cursor.isAtEndOfStatement() && cursor.word() !== 'mod') cursor.next();
      const words = `${word} mod ${cursor.wordAt(1)}`;
      cursor.next();
      cursor.next();
      while (cursor.word() === 'seed' || cursor.word() === 'offset') {
        cursor.next();
        cursor.next();
      }
      return undecidable(words);
    }
    case 'socket':
      if (next === 'cgroupv2') return take(cursor, 4, undecidable('socket cgroupv2'));
      return next === '' ? undefined : take(cursor, 2, undecidable(`socket ${next}`));
    case 'rt':
      if (next === '') return undefined;
      if (next === 'ip' || next === 'ip6') return take(cursor, 3, undecidable(`rt ${next} ${cursor.wordAt(2)}`));
      return take(cursor, 2, undecidable(`rt ${next}`));
    case 'osf':
      return next === '' ? undefined : take(cursor, next === 'ttl' ? 4 : 2, undecidable('osf'));
    case 'ipsec': {
      let count = 2;
      if (cursor.wordAt(count) === 'spnum') count += 2;
      if (cursor.wordAt(count) === 'ip' || cursor.wordAt(count) === 'ip6') count += 1;
      return take(cursor, count + 1, undecidable(`ipsec ${next}`));
    }
    default:
      return undefined;
  }
}

/** What `@th,0,32` is called; see `bothPorts`. */
export const BOTH_PORTS = '@th,0,32';
/** Raw payload that is a field with a name. */
const NAMED: Readonly<Record<string, string>> = {
  '@nh,96,32': 'ip saddr',
  '@nh,128,32': 'ip daddr',
  '@th,0,16': 'th sport',
  '@th,16,16': 'th dport',
};

/** `@nh,96,32`: bits of a header by their place. Source: nft(8), "RAW PAYLOAD EXPRESSION". */
function rawPayload(cursor: Cursor): Field | undefined {
  const base = cursor.raw();
  const offset = cursor.wordAt(2);
  const length = cursor.wordAt(4);
  if (!/^@(?:ll|nh|th|ih)$/.test(base) || cursor.kindAt(1) !== Kind.comma || cursor.kindAt(3) !== Kind.comma) {
    return undefined;
  }
  const words = `${base},${offset},${length}`;
  const known = Object.hasOwn(NAMED, words) ? NAMED[words] : undefined;
  return take(cursor, 5, FIELDS.get(known ?? '') ?? undecidable(words));
}
