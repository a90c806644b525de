import { ANY_PROTOCOL } from '../../model/ace-table.js';
import { Protocol } from '../../net/protocols.js';
import { isBlankCode, skipBlankCodes } from '../shared/codes.js';
import { TCP_PORTS, UDP_PORTS } from './port-names.js';

/**
 * The fields of a plain entry, by position in a typed array: a list may have a million of them, and
 * this way reading one makes no object.
 */
export const Field = {
  isDeny: 0,
  protocol: 1,
  src: 2,
  srcWildcard: 3,
  dst: 4,
  dstWildcard: 5,
  srcPortFirst: 6,
  srcPortLast: 7,
  dstPortFirst: 8,
  dstPortLast: 9,
} as const;
export const FIELD_COUNT = 10;

/** No position: what is there is not of the shape that is looked for. */
const NONE = -1;

/**
 * Reads an extended entry of the common shape: `permit|deny PROTOCOL ADDRESS [PORTS] ADDRESS [PORTS]
 * [log]`, keywords in small letters and whole, at most one range of ports each way.
 * @param codes the text's characters (`codesOf`)
 * @param at where `permit` or `deny` would begin
 * @param end where the line ends, without blanks
 * @returns whether it is one; then `fields` hold it, and else anything
 */
export function readPlainEntry(codes: Uint8Array, at: number, end: number, fields: Uint32Array, text: string): boolean {
  let next = action(codes, at, end, fields);
  if (next === NONE) return false;
  next = protocol(codes, next, end, fields);
  if (next === NONE) return false;
  const isPorted = fields[Field.protocol] === Protocol.tcp || fields[Field.protocol] === Protocol.udp;
  next = address(codes, next, end, fields, Field.src);
  if (next === NONE) return false;
  next = ports(codes, text, next, end, fields, Field.srcPortFirst, isPorted);
  if (next === NONE) return false;
  next = address(codes, next, end, fields, Field.dst);
  if (next === NONE) return false;
  next = ports(codes, text, next, end, fields, Field.dstPortFirst, isPorted);
  if (next === NONE) return false;
  return next === end || isLog(codes, next, end);
}

/** Reads a standard entry of the common shape: `permit|deny any|host A|A [W] [log]`. */
export function readPlainStandardEntry(codes: Uint8Array, at: number, end: number, fields: Uint32Array): boolean {
  let next = action(codes, at, end, fields);
  if (next === NONE) return false;
  fields[Field.protocol] = ANY_PROTOCOL;
  fields[Field.dst] = 0;
  fields[Field.dstWildcard] = 0xffffffff;
  fields[Field.srcPortFirst] = 0;
  fields[Field.srcPortLast] = 65535;
  fields[Field.dstPortFirst] = 0;
  fields[Field.dstPortLast] = 65535;
  const written = address(codes, next, end, fields, Field.src);
  if (written === end) return true;
  if (written !== NONE) return isLog(codes, written, end);
  // An address without a wildcard is a host.
  next = quad(codes, next, end, fields, Field.src);
  if (next === NONE) return false;
  fields[Field.srcWildcard] = 0;
  return next === end || isLog(codes, next, end);
}

/**
 * The start of the word after the one that stops at `stop`; NONE where that one goes on. Nothing
 * here compares strings: the letters are compared one by one, which takes a tenth of the time.
 */
function afterWord(codes: Uint8Array, stop: number, end: number): number {
  // Nearly always one blank stands between two words.
  if ((codes[stop] as number) === BLANK && (codes[stop + 1] as number) > BLANK && stop + 1 < end) return stop + 1;
  if (stop >= end) return stop === end ? end : NONE;
  return isBlankCode(codes[stop] as number) ? skipBlankCodes(codes, stop, end) : NONE;
}

const BLANK = 32;
const DOT = 46;
const A = 97;
const C = 99;
const D = 100;
const E = 101;
const G = 103;
const H = 104;
const I = 105;
const L = 108;
const M = 109;
const N = 110;
const O = 111;
const P = 112;
const Q = 113;
const R = 114;
const S = 115;
const T = 116;
const U = 117;
const Y = 121;

/** Reads `permit` or `deny`. */
function action(codes: Uint8Array, at: number, end: number, fields: Uint32Array): number {
  if ((codes[at] as number) === P) {
    fields[Field.isDeny] = 0;
    return (codes[at + 1] as number) === E &&
      (codes[at + 2] as number) === R &&
      (codes[at + 3] as number) === M &&
      (codes[at + 4] as number) === I &&
      (codes[at + 5] as number) === T
      ? afterWord(codes, at + 6, end)
      : NONE;
  }
  fields[Field.isDeny] = 1;
  return (codes[at] as number) === D &&
    (codes[at + 1] as number) === E &&
    (codes[at + 2] as number) === N &&
    (codes[at + 3] as number) === Y
    ? afterWord(codes, at + 4, end)
    : NONE;
}

/** Reads `ip`, `tcp`, `udp` or `icmp`. */
function protocol(codes: Uint8Array, at: number, end: number, fields: Uint32Array): number {
  const first = codes[at] as number;
  const second = codes[at + 1] as number;
  if (first === I && second === P) {
    fields[Field.protocol] = ANY_PROTOCOL;
    return afterWord(codes, at + 2, end);
  }
  const third = codes[at + 2] as number;
  if (first === T && second === C && third === P) {
    fields[Field.protocol] = Protocol.tcp;
    return afterWord(codes, at + 3, end);
  }
  if (first === U && second === D && third === P) {
    fields[Field.protocol] = Protocol.udp;
    return afterWord(codes, at + 3, end);
  }
  if (first === I && second === C && third === M && (codes[at + 3] as number) === P) {
    fields[Field.protocol] = Protocol.icmp;
    return afterWord(codes, at + 4, end);
  }
  return NONE;
}

/** Whether `log` is all that is left. */
function isLog(codes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at === 3 && (codes[at] as number) === L && (codes[at + 1] as number) === O && (codes[at + 2] as number) === G
  );
}

/** Reads `any`, `host A` or `A W` into the fields `slot` (as written, with the bits that do not count) and `slot + 1`. */
function address(codes: Uint8Array, at: number, end: number, fields: Uint32Array, slot: number): number {
  const first = codes[at] as number;
  if (first === A) {
    fields[slot] = 0;
    fields[slot + 1] = 0xffffffff;
    return (codes[at + 1] as number) === N && (codes[at + 2] as number) === Y ? afterWord(codes, at + 3, end) : NONE;
  }
  if (first === H) {
    const isHost =
      (codes[at + 1] as number) === O && (codes[at + 2] as number) === S && (codes[at + 3] as number) === T;
    const host = isHost ? afterWord(codes, at + 4, end) : NONE;
    fields[slot + 1] = 0;
    return host === NONE ? NONE : quad(codes, host, end, fields, slot);
  }
  const wildcard = quad(codes, at, end, fields, slot);
  if (wildcard === NONE) return NONE;
  return quad(codes, wildcard, end, fields, slot + 1);
}

/**
 * Reads a dotted address into the field `slot`. Its digits are most of what a list is made of, and how
 * many a number has is what a processor guesses wrong: so nothing here branches on it. `^ 48` gives 10
 * and more for all but digits, and `(d - 10) >> 31` is all ones for a digit and 0 for anything else.
 */
function quad(codes: Uint8Array, at: number, end: number, fields: Uint32Array, slot: number): number {
  let value = 0;
  let wrong = 0;
  let next = at;
  for (let dots = 0; ; dots += 1) {
    const first = (codes[next] as number) ^ 48;
    const second = (codes[next + 1] as number) ^ 48;
    const third = (codes[next + 2] as number) ^ 48;
    const two = (second - 10) >> 31;
    const three = two & ((third - 10) >> 31);
    const short = first + (two & (first * 9 + second));
    const octet = short + (three & (short * 9 + third));
    // Below 0 where there is no digit, or the number is too large.
    wrong |= (9 - first) | (255 - octet);
    value = (value << 8) | octet;
    next += 1 - two - three;
    if (dots === 3) break;
    if ((codes[next] as number) !== DOT) return NONE;
    next += 1;
  }
  if (wrong < 0) return NONE;
  fields[slot] = value;
  return afterWord(codes, next, end);
}

/** Reads `eq N`, `gt N`, `lt N` or `range N M`, or nothing, into the fields `slot` and `slot + 1`. */
function ports(
  codes: Uint8Array,
  text: string,
  at: number,
  end: number,
  fields: Uint32Array,
  slot: number,
  isPorted: boolean,
): number {
  fields[slot] = 0;
  fields[slot + 1] = 65535;
  if (at >= end || !isPorted) return at;
  const first = codes[at] as number;
  const second = codes[at + 1] as number;
  let next: number;
  if (first === E && second === Q) {
    next = afterWord(codes, at + 2, end);
    if (next !== NONE) next = port(codes, text, next, end, fields, slot);
    fields[slot + 1] = fields[slot] as number;
    return next;
  }
  if (first === R && second === A && codes[at + 2] === N && codes[at + 3] === G && codes[at + 4] === E) {
    next = afterWord(codes, at + 5, end);
    if (next !== NONE) next = port(codes, text, next, end, fields, slot);
    if (next !== NONE) next = port(codes, text, next, end, fields, slot + 1);
    // A device swaps a range that is written backwards.
    return next === NONE || (fields[slot] as number) > (fields[slot + 1] as number) ? NONE : next;
  }
  if (first === G && second === T) {
    next = afterWord(codes, at + 2, end);
    if (next !== NONE) next = port(codes, text, next, end, fields, slot);
    if (fields[slot] === 65535) return NONE;
    fields[slot] = (fields[slot] as number) + 1;
    return next;
  }
  if (first === L && second === T) {
    next = afterWord(codes, at + 2, end);
    if (next !== NONE) next = port(codes, text, next, end, fields, slot + 1);
    if (fields[slot + 1] === 0) return NONE;
    fields[slot + 1] = (fields[slot + 1] as number) - 1;
    return next;
  }
  return at;
}

/** Reads a port by number or name into the field `slot`. */
function port(codes: Uint8Array, text: string, at: number, end: number, fields: Uint32Array, slot: number): number {
  let stop = at;
  let value = 0;
  let isNumber = true;
  while (stop < end) {
    const code = codes[stop] as number;
    if (isBlankCode(code)) break;
    if (code < 48 || code > 57) isNumber = false;
    else value = value * 10 + code - 48;
    stop += 1;
  }
  if (stop === at || stop - at > MAX_PORT_LENGTH) return NONE;
  if (isNumber) {
    if (stop - at > 5 || value > 65535) return NONE;
    fields[slot] = value;
  } else {
    const named = (fields[Field.protocol] === Protocol.tcp ? TCP_PORTS : UDP_PORTS).get(text.slice(at, stop));
    if (named === undefined) return NONE;
    fields[slot] = named;
  }
  return skipBlankCodes(codes, stop, end);
}

/** No name of a port is longer. */
const MAX_PORT_LENGTH = 24;
