import { type AceColumns, ANY_PORTS, ANY_PROTOCOL, portsOf, wordOf } from '../../model/ace-columns.js';
import { Protocol } from '../../net/protocols.js';
import { isBlankCode, skipBlankCodes } from '../common/codes.js';
import { TCP_PORT_CODES, UDP_PORT_CODES } from './port-codes.js';

/** No position: what is there is not of the shape that is looked for. */
const NONE = -1;

/**
 * Reads an extended entry of the common shape: `permit|deny PROTOCOL ADDRESS [PORTS] ADDRESS [PORTS]
 * [log]`, keywords in small letters and whole, at most one range of ports each way.
 *
 * A list may have a million of them: reading one makes no object, and writes each of its numbers where
 * it stays.
 * @param codes the text's characters (`codesOf`)
 * @param at where `permit` or `deny` would begin
 * @param end where the line ends, without blanks
 * @param into columns with room behind their last row
 * @returns whether it is one; then the row behind the last holds it, all but its place, and else anything
 */
export function readPlainEntry(codes: Uint8Array, at: number, end: number, into: AceColumns): boolean {
  const row = into.count;
  const isPermit = codes[at] === P;
  let next = isPermit ? permit(codes, at, end) : deny(codes, at, end);
  if (next === NONE) return false;
  const protocol = protocolAt(codes, next);
  if (protocol === NONE) return false;
  into.word[row] = protocol | (isPermit ? PERMIT : DENY);
  next = afterWord(codes, next + (protocol === ANY_PROTOCOL ? 2 : protocol === Protocol.icmp ? 4 : 3), end);
  if (next === NONE) return false;
  next = address(codes, next, end, into.src, into.srcWildcard, row);
  if (next === NONE) return false;
  const isPorted = protocol === Protocol.tcp || protocol === Protocol.udp;
  into.srcPorts[row] = ANY_PORTS;
  // An address begins with a digit, `h` or `a`.
  if (isPorted && (codes[next] as number) > A && codes[next] !== H) {
    next = ports(codes, next, end, into.srcPorts, row, protocol);
    if (next === NONE) return false;
  }
  next = address(codes, next, end, into.dst, into.dstWildcard, row);
  if (next === NONE) return false;
  into.dstPorts[row] = ANY_PORTS;
  if (next === end) return true;
  if (isPorted && !isLog(codes, next, end)) {
    next = ports(codes, next, end, into.dstPorts, row, protocol);
    if (next === NONE) return false;
  }
  return next === end || isLog(codes, next, end);
}

/** Reads a standard entry of the common shape, as `readPlainEntry` does: `permit|deny any|host A|A [W] [log]`. */
export function readPlainStandardEntry(codes: Uint8Array, at: number, end: number, into: AceColumns): boolean {
  const row = into.count;
  const isPermit = codes[at] === P;
  const next = isPermit ? permit(codes, at, end) : deny(codes, at, end);
  if (next === NONE) return false;
  into.word[row] = ANY_PROTOCOL | (isPermit ? PERMIT : DENY);
  into.dst[row] = 0;
  into.dstWildcard[row] = 0xffffffff;
  into.srcPorts[row] = ANY_PORTS;
  into.dstPorts[row] = ANY_PORTS;
  const written = address(codes, next, end, into.src, into.srcWildcard, row);
  if (written === end) return true;
  if (written !== NONE) return isLog(codes, written, end);
  // An address without a wildcard is a host.
  const behind = quad(codes, next, end, into.src, row, 0);
  if (behind === NONE) return false;
  into.srcWildcard[row] = 0;
  return behind === end || isLog(codes, behind, end);
}

const PERMIT = wordOf('permit', 0);
const DENY = wordOf('deny', 0);

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
const ZERO = 48;
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

/** The start of the word behind `permit`; NONE where that does not stand here. */
function permit(codes: Uint8Array, at: number, end: number): number {
  return codes[at] === P &&
    codes[at + 1] === E &&
    codes[at + 2] === R &&
    codes[at + 3] === M &&
    codes[at + 4] === I &&
    codes[at + 5] === T
    ? afterWord(codes, at + 6, end)
    : NONE;
}

/** As `permit`, for `deny`. */
function deny(codes: Uint8Array, at: number, end: number): number {
  return codes[at] === D && codes[at + 1] === E && codes[at + 2] === N && codes[at + 3] === Y
    ? afterWord(codes, at + 4, end)
    : NONE;
}

/** The protocol that a word `ip`, `tcp`, `udp` or `icmp` begins with; NONE for others. */
function protocolAt(codes: Uint8Array, at: number): number {
  const first = codes[at] as number;
  const second = codes[at + 1] as number;
  if (first === T) return second === C && codes[at + 2] === P ? Protocol.tcp : NONE;
  if (first === U) return second === D && codes[at + 2] === P ? Protocol.udp : NONE;
  if (first !== I) return NONE;
  if (second === P) return ANY_PROTOCOL;
  return second === C && codes[at + 2] === M && codes[at + 3] === P ? Protocol.icmp : NONE;
}

/** Whether `log` is all that is left. */
function isLog(codes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at === 3 && (codes[at] as number) === L && (codes[at + 1] as number) === O && (codes[at + 2] as number) === G
  );
}

/** Reads `any`, `host A` or `A W` into two columns, the address as written, with the bits that do not count. */
function address(
  codes: Uint8Array,
  at: number,
  end: number,
  values: Uint32Array,
  wildcards: Uint32Array,
  row: number,
): number {
  const first = codes[at] as number;
  if (first === H) {
    const isHost = codes[at + 1] === O && codes[at + 2] === S && codes[at + 3] === T;
    const host = isHost ? afterWord(codes, at + 4, end) : NONE;
    wildcards[row] = 0;
    return host === NONE ? NONE : quad(codes, host, end, values, row, 0);
  }
  if (first === A) {
    values[row] = 0;
    wildcards[row] = 0xffffffff;
    return codes[at + 1] === N && codes[at + 2] === Y ? afterWord(codes, at + 3, end) : NONE;
  }
  const wildcard = quad(codes, at, end, values, row, 0);
  if (wildcard === NONE) return NONE;
  // As most wildcards begin: one guess of the processor for three numbers.
  return beginsWithZeros(codes, wildcard)
    ? quad(codes, wildcard + 6, end, wildcards, row, 3)
    : quad(codes, wildcard, end, wildcards, row, 0);
}

/** Whether `0.0.0.` stands here. */
function beginsWithZeros(codes: Uint8Array, at: number): boolean {
  return (
    codes[at] === ZERO &&
    codes[at + 1] === DOT &&
    codes[at + 2] === ZERO &&
    codes[at + 3] === DOT &&
    codes[at + 4] === ZERO &&
    codes[at + 5] === DOT
  );
}

/**
 * Reads a dotted address into a column. Its digits are most of what a list is made of, and how
 * many a number has is what a processor guesses wrong: so nothing here branches on it. `^ 48` gives 10
 * and more for all but digits, and `(d - 10) >> 31` is all ones for a digit and 0 for anything else.
 * @param firstPart which of the four numbers stands at `at`; those before it are 0
 */
function quad(codes: Uint8Array, at: number, end: number, column: Uint32Array, row: number, firstPart: number): number {
  let value = 0;
  let wrong = 0;
  let next = at;
  for (let part = firstPart; ; part += 1) {
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
    if (part === 3) break;
    if ((codes[next] as number) !== DOT) return NONE;
    next += 1;
  }
  if (wrong < 0) return NONE;
  column[row] = value;
  return afterWord(codes, next, end);
}

/** Reads `eq N`, `gt N`, `lt N` or `range N M` of a protocol into a column; nothing where none of them stands here. */
function ports(codes: Uint8Array, at: number, end: number, column: Uint32Array, row: number, protocol: number): number {
  const first = codes[at] as number;
  const second = codes[at + 1] as number;
  if (first === E && second === Q) {
    const from = afterWord(codes, at + 2, end);
    const stop = from === NONE ? NONE : wordEnd(codes, from, end);
    const port = stop === NONE ? NONE : portAt(codes, from, stop, protocol);
    column[row] = portsOf(port, port);
    return port === NONE ? NONE : afterWord(codes, stop, end);
  }
  if (first === R && second === A && codes[at + 2] === N && codes[at + 3] === G && codes[at + 4] === E) {
    const from = afterWord(codes, at + 5, end);
    const stop = from === NONE ? NONE : wordEnd(codes, from, end);
    const to = stop === NONE ? NONE : afterWord(codes, stop, end);
    const last = to === NONE ? NONE : wordEnd(codes, to, end);
    if (last === NONE) return NONE;
    const [lower, upper] = [portAt(codes, from, stop, protocol), portAt(codes, to, last, protocol)];
    // A device swaps a range that is written backwards.
    if (lower === NONE || upper === NONE || lower > upper) return NONE;
    column[row] = portsOf(lower, upper);
    return afterWord(codes, last, end);
  }
  const isAbove = first === G && second === T;
  if (!isAbove && !(first === L && second === T)) return at;
  const from = afterWord(codes, at + 2, end);
  const stop = from === NONE ? NONE : wordEnd(codes, from, end);
  const port = stop === NONE ? NONE : portAt(codes, from, stop, protocol);
  if (port === NONE || port === (isAbove ? 65535 : 0)) return NONE;
  column[row] = isAbove ? portsOf(port + 1, 65535) : portsOf(0, port - 1);
  return afterWord(codes, stop, end);
}

/** Where the word at `at` ends; NONE where none stands there. */
function wordEnd(codes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && !isBlankCode(codes[stop] as number)) stop += 1;
  return stop === at ? NONE : stop;
}

/** The port that is written from `at` up to `stop`, by its number or its name; NONE where there is no such port. */
function portAt(codes: Uint8Array, at: number, stop: number, protocol: number): number {
  let value = 0;
  for (let next = at; next < stop; next += 1) {
    const digit = (codes[next] as number) - 48;
    if (digit < 0 || digit > 9)
      return (protocol === Protocol.tcp ? TCP_PORT_CODES : UDP_PORT_CODES).find(codes, at, stop);
    value = value * 10 + digit;
  }
  return stop - at > 5 || value > 65535 ? NONE : value;
}
