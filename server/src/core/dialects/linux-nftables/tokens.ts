import { codesOf } from '../common/codes.js';
import type { PlainLines } from './plain-lines.js';

/** What a token is. Signs that stand for themselves have their own kind. */
export const Kind = {
  end: 0,
  /** A name, a number, an address: `eth0.210`, `0x10`, `10.0.0.1`, `fe80::1`, `eth*`. */
  word: 1,
  /** `"..."`, with its quotes. */
  string: 2,
  /** `$name`. */
  variable: 3,
  /** `@name`. */
  set: 4,
  newline: 5,
  semicolon: 6,
  open: 7,
  close: 8,
  openParen: 9,
  closeParen: 10,
  comma: 11,
  colon: 12,
  dot: 13,
  assign: 14,
  equal: 15,
  notEqual: 16,
  less: 17,
  greater: 18,
  lessEqual: 19,
  greaterEqual: 20,
  slash: 21,
  dash: 22,
  and: 23,
  or: 24,
  xor: 25,
  not: 26,
  star: 27,
  shiftLeft: 28,
  shiftRight: 29,
  /** The number in a comment `# handle 7`, as `nft -a list` prints it. */
  handle: 30,
  other: 31,
  /** Rules, one a line, of which only their forms are looked at: see `PlainLines`. */
  rule: 32,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** The tokens of a text as columns. Behind the last one stands one of kind `end`. */
export interface Tokens {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const SINGLE = new Uint8Array(128);
for (const [sign, kind] of [
  [';', Kind.semicolon],
  ['{', Kind.open],
  ['}', Kind.close],
  ['(', Kind.openParen],
  [')', Kind.closeParen],
  [',', Kind.comma],
  [':', Kind.colon],
  ['.', Kind.dot],
  ['/', Kind.slash],
  ['-', Kind.dash],
  ['&', Kind.and],
  ['|', Kind.or],
  ['^', Kind.xor],
  ['*', Kind.star],
] as const) {
  SINGLE[sign.charCodeAt(0)] = kind;
}

/** 1: a letter or `_`, 2: a digit, 4: a hexadecimal digit, 8: `.`, 16: `-` or `/`, 32: `:`. */
const CLASS = new Uint8Array(256);
for (let code = 0; code < 256; code += 1) {
  const sign = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(sign) || code === 255) CLASS[code] = 1;
  if (/[0-9]/.test(sign)) CLASS[code] = 2;
  if (/[0-9A-Fa-f]/.test(sign)) CLASS[code] = (CLASS[code] as number) | 4;
  if (sign === '.') CLASS[code] = 8;
  if (sign === '-' || sign === '/') CLASS[code] = 16;
  if (sign === ':') CLASS[code] = 32;
}
const LETTER = 1;
const DIGIT = 2;
const HEX = 4;
const NAME = 1 | 2 | 8 | 16;
const NUMBER = 1 | 2 | 8;

/**
 * Reads a text into tokens, as nft's own scanner does. No text makes it fail. Source: scanner.l of nftables.
 * With `lines`, a rule in a chain's block that is like one before it becomes a row there, and with those behind it a single token.
 */
export function tokenize(text: string, lines?: PlainLines): Tokens {
  const codes = codesOf(text);
  const words = new DataView(codes.buffer, codes.byteOffset, codes.byteLength);
  const end = text.length;
  // Rules that become rows are hardly a token.
  let kinds = new Uint8Array(Math.max(64, lines === undefined ? end >>> 5 : end >>> 9));
  let starts = new Uint32Array(kinds.length);
  let ends = new Uint32Array(kinds.length);
  let count = 0;
  let at = 0;
  const push = (kind: number, stop: number): void => {
    if (count + 1 >= kinds.length) {
      kinds = grown(kinds, new Uint8Array(kinds.length * 2));
      starts = grown(starts, new Uint32Array(starts.length * 2));
      ends = grown(ends, new Uint32Array(ends.length * 2));
    }
    kinds[count] = kind;
    starts[count] = at;
    ends[count] = stop;
    count += 1;
    at = stop;
  };
  let depth = 0;
  let isTable = false;
  let isChain = false;
  while (at < end) {
    const code = codes[at] as number;
    const sort = CLASS[code] as number;
    if (isChain && (sort & LETTER) !== 0 && depth === 2 && lines !== undefined && isStatement(kinds, count)) {
      const stop = lines.take(codes, words, at, end);
      if (stop > at) {
        push(Kind.rule, stop);
        continue;
      }
    }
    if (code === 10) push(Kind.newline, at + 1);
    else if (code <= 32 || code === 127) at += 1;
    else if ((sort & (DIGIT | HEX)) !== 0 || (code === 58 && codes[at + 1] === 58)) {
      const colons = colonWord(codes, at);
      if (colons > at) push(Kind.word, colons);
      else if ((sort & LETTER) !== 0) push(Kind.word, nameEnd(codes, at));
      else if (code === 58) push(Kind.colon, at + 1);
      else push(Kind.word, whileClass(codes, at, NUMBER));
    } else if ((sort & LETTER) !== 0) push(Kind.word, nameEnd(codes, at));
    else if (code === 34) push(Kind.string, stringEnd(text, at));
    else if (code === 35) {
      const stop = lineEnd(text, at);
      const handle = /^# handle (\d{1,9})\s*$/.exec(text.slice(at, Math.min(stop, at + 30)));
      if (handle === null) at = stop;
      else push(Kind.handle, stop);
    } else if (code === 36 || code === 64) {
      const stop = whileClass(codes, at + 1, NAME);
      push(stop === at + 1 ? Kind.other : code === 36 ? Kind.variable : Kind.set, stop);
    } else if (code === 92) {
      // A backslash before a line end carries the line on; `\*` is a star that is no wildcard.
      const next = codes[at + 1];
      if (next === 10) at += 2;
      else if (next === 13 && codes[at + 2] === 10) at += 3;
      else push(Kind.other, at + 1);
    } else if (code === 61) {
      if (codes[at + 1] === 61) push(Kind.equal, at + 2);
      else push(Kind.assign, at + 1);
    } else if (code === 33) {
      if (codes[at + 1] === 61) push(Kind.notEqual, at + 2);
      else push(Kind.not, at + 1);
    } else if (code === 60 || code === 62) {
      const next = codes[at + 1];
      if (next === 61) push(code === 60 ? Kind.lessEqual : Kind.greaterEqual, at + 2);
      else if (next === code) push(code === 60 ? Kind.shiftLeft : Kind.shiftRight, at + 2);
      else push(code === 60 ? Kind.less : Kind.greater, at + 1);
    } else if (code === 46 && ((CLASS[codes[at + 1] as number] as number) & LETTER) !== 0) {
      push(Kind.word, nameEnd(codes, at));
    } else {
      if (code === OPEN) {
        depth += 1;
        const tokens = { kinds, starts, ends, count };
        if (depth === 1) isTable = opensTable(text, tokens);
        else if (depth === 2) isChain = isTable && opensChain(text, tokens);
      } else if (code === CLOSE && depth > 0) depth -= 1;
      push(SINGLE[code] || Kind.other, at + 1);
    }
  }
  kinds[count] = Kind.end;
  starts[count] = end;
  ends[count] = end;
  return { count, kinds, starts, ends };
}

const OPEN = 123;
const CLOSE = 125;

/** Whether a statement begins behind the tokens so far: a line that ends in a comma goes on. */
function isStatement(kinds: Uint8Array, count: number): boolean {
  let at = count - 1;
  while (kinds[at] === Kind.newline || kinds[at] === Kind.handle) at -= 1;
  return at < count - 1 ? kinds[at] !== Kind.comma : kinds[at] === Kind.semicolon || kinds[at] === Kind.open;
}

/** Whether the brace behind the tokens so far is the one of a table: `table inet fw {`. */
function opensTable(text: string, tokens: Tokens): boolean {
  const { count, kinds } = tokens;
  if (kinds[count - 1] !== Kind.word) return false;
  const verb = isWord(text, tokens, count - 2, 'table') ? count - 2 : count - 3;
  return isWord(text, tokens, verb, 'table') && (isFirst(kinds, verb) || isWord(text, tokens, verb - 1, 'add'));
}

/** `chain forward {`, its brace perhaps on the next line. */
function opensChain(text: string, tokens: Tokens): boolean {
  let name = tokens.count - 1;
  while (tokens.kinds[name] === Kind.newline) name -= 1;
  const isNamed = tokens.kinds[name] === Kind.word || tokens.kinds[name] === Kind.string;
  return isNamed && isWord(text, tokens, name - 1, 'chain') && isFirst(tokens.kinds, name - 1);
}

function isWord(text: string, { kinds, starts, ends }: Tokens, at: number, word: string): boolean {
  const start = starts[at];
  return kinds[at] === Kind.word && start !== undefined && text.slice(start, ends[at]) === word;
}

function isFirst(kinds: Uint8Array, at: number): boolean {
  const before = kinds[at - 1];
  return (
    at === 0 || before === Kind.newline || before === Kind.semicolon || before === Kind.open || before === Kind.close
  );
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function whileClass(codes: Uint8Array, from: number, classes: number): number {
  let at = from;
  while (((CLASS[codes[at] as number] as number) & classes) !== 0) at += 1;
  return at;
}

/** A name goes on over letters, digits and `/ - _ .`, and may end in the star of a wildcard, or in a real one. */
function nameEnd(codes: Uint8Array, from: number): number {
  const at = whileClass(codes, from, NAME);
  if (codes[at] === 42) return at + 1;
  if (codes[at] === 92 && codes[at + 1] === 42) return at + 2;
  return at;
}

/** No address is longer: eight groups of four digits, or six and an IPv4 address. */
const LONGEST_ADDRESS = 46;

/** The end of an IPv6 address or a MAC address at `from`; `from` where none stands there. */
function colonWord(codes: Uint8Array, from: number): number {
  let at = from;
  let colons = 0;
  let isDouble = false;
  for (;;) {
    const code = codes[at] as number;
    if (at - from > LONGEST_ADDRESS) return from;
    if (code === 58) {
      colons += 1;
      if (codes[at + 1] === 58) isDouble = true;
    } else if (((CLASS[code] as number) & HEX) === 0) break;
    at += 1;
  }
  if (isDouble || colons === 7) {
    // An IPv4 address may stand at its end: `::ffff:10.0.0.1`.
    return codes[at] === 46 ? whileClass(codes, at, DIGIT | 8) : at;
  }
  return colons === 5 && ((CLASS[codes[at] as number] as number) & LETTER) === 0 ? at : from;
}

/** Behind the closing quote. One that is not closed on its line ends with the line. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 10) return text.charCodeAt(at - 1) === 13 && at - 1 > from ? at - 1 : at;
  }
  return lineEnd(text, from);
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const stop = newline === -1 ? text.length : newline;
  return text.charCodeAt(stop - 1) === 13 && stop > from ? stop - 1 : stop;
}
