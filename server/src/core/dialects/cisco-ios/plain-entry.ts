import { ANY_PROTOCOL } from '../../model/acl.js';
import { Protocol } from '../../net/protocols.js';
import { isBlank } from '../shared/words.js';
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
 * @param at where `permit` or `deny` would begin
 * @param end where the line ends, without blanks
 * @returns whether it is one; then `fields` hold it, and else anything
 */
export function readPlainEntry(text: string, at: number, end: number, fields: Uint32Array): boolean {
  let next = keyword(text, at, end, 'permit');
  fields[Field.isDeny] = 0;
  if (next === NONE) {
    next = keyword(text, at, end, 'deny');
    if (next === NONE) return false;
    fields[Field.isDeny] = 1;
  }
  let protocol: number = ANY_PROTOCOL;
  let after = keyword(text, next, end, 'ip');
  if (after === NONE) {
    after = keyword(text, next, end, 'tcp');
    protocol = Protocol.tcp;
    if (after === NONE) {
      after = keyword(text, next, end, 'udp');
      protocol = Protocol.udp;
      if (after === NONE) {
        after = keyword(text, next, end, 'icmp');
        protocol = Protocol.icmp;
        if (after === NONE) return false;
      }
    }
  }
  fields[Field.protocol] = protocol;
  next = address(text, after, end, fields, Field.src);
  if (next === NONE) return false;
  next = ports(text, next, end, fields, Field.srcPortFirst, protocol);
  if (next === NONE) return false;
  next = address(text, next, end, fields, Field.dst);
  if (next === NONE) return false;
  next = ports(text, next, end, fields, Field.dstPortFirst, protocol);
  if (next === NONE) return false;
  if (next < end) next = keyword(text, next, end, 'log');
  return next === end;
}

/** Reads a standard entry of the common shape: `permit|deny any|host A|A [W] [log]`. */
export function readPlainStandardEntry(text: string, at: number, end: number, fields: Uint32Array): boolean {
  let next = keyword(text, at, end, 'permit');
  fields[Field.isDeny] = 0;
  if (next === NONE) {
    next = keyword(text, at, end, 'deny');
    if (next === NONE) return false;
    fields[Field.isDeny] = 1;
  }
  fields[Field.protocol] = ANY_PROTOCOL;
  fields[Field.dst] = 0;
  fields[Field.dstWildcard] = 0xffffffff;
  fields[Field.srcPortFirst] = 0;
  fields[Field.srcPortLast] = 65535;
  fields[Field.dstPortFirst] = 0;
  fields[Field.dstPortLast] = 65535;
  const written = address(text, next, end, fields, Field.src);
  if (written === end) return true;
  if (written !== NONE) return keyword(text, written, end, 'log') === end;
  // An address without a wildcard is a host.
  next = quad(text, next, end, fields, Field.src);
  if (next === NONE) return false;
  fields[Field.srcWildcard] = 0;
  return next === end || keyword(text, next, end, 'log') === end;
}

/** The start of the next word if `word` stands whole at `at`, else NONE. */
function keyword(text: string, at: number, end: number, word: string): number {
  const stop = at + word.length;
  if (stop > end || !text.startsWith(word, at)) return NONE;
  return stop === end ? end : isBlank(text.charCodeAt(stop)) ? nextWord(text, stop, end) : NONE;
}

function nextWord(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && isBlank(text.charCodeAt(next))) next += 1;
  return next;
}

const SMALL_A = 97;
const SMALL_H = 104;

/** Reads `any`, `host A` or `A W` into the fields `slot` (without the bits that do not count) and `slot + 1`. */
function address(text: string, at: number, end: number, fields: Uint32Array, slot: number): number {
  const code = text.charCodeAt(at);
  if (code === SMALL_A) {
    fields[slot] = 0;
    fields[slot + 1] = 0xffffffff;
    return keyword(text, at, end, 'any');
  }
  if (code === SMALL_H) {
    const host = keyword(text, at, end, 'host');
    fields[slot + 1] = 0;
    return host === NONE ? NONE : quad(text, host, end, fields, slot);
  }
  const wildcard = quad(text, at, end, fields, slot);
  if (wildcard === NONE) return NONE;
  const next = quad(text, wildcard, end, fields, slot + 1);
  fields[slot] = (fields[slot] as number) & ~(fields[slot + 1] as number);
  return next;
}

/** Reads a dotted address into the field `slot`. */
function quad(text: string, at: number, end: number, fields: Uint32Array, slot: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  let next = at;
  for (; next < end; next += 1) {
    const code = text.charCodeAt(next);
    if (code >= 48 && code <= 57) {
      octet = octet * 10 + code - 48;
      digits += 1;
      if (digits > 3) return NONE;
    } else if (code === 46) {
      if (digits === 0 || octet > 255 || dots === 3) return NONE;
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else {
      if (!isBlank(code)) return NONE;
      break;
    }
  }
  if (dots !== 3 || digits === 0 || octet > 255) return NONE;
  fields[slot] = (value << 8) | octet;
  return nextWord(text, next, end);
}

/** Reads `eq N`, `gt N`, `lt N` or `range N M`, or nothing, into the fields `slot` and `slot + 1`. */
function ports(text: string, at: number, end: number, fields: Uint32Array, slot: number, protocol: number): number {
  fields[slot] = 0;
  fields[slot + 1] = 65535;
  if (at >= end || (protocol !== Protocol.tcp && protocol !== Protocol.udp)) return at;
  let next = keyword(text, at, end, 'eq');
  if (next !== NONE) {
    next = port(text, next, end, fields, slot, protocol);
    fields[slot + 1] = fields[slot] as number;
    return next;
  }
  next = keyword(text, at, end, 'range');
  if (next !== NONE) {
    next = port(text, next, end, fields, slot, protocol);
    if (next !== NONE) next = port(text, next, end, fields, slot + 1, protocol);
    // A device swaps a range that is written backwards.
    return next === NONE || (fields[slot] as number) > (fields[slot + 1] as number) ? NONE : next;
  }
  next = keyword(text, at, end, 'gt');
  if (next !== NONE) {
    next = port(text, next, end, fields, slot, protocol);
    if (fields[slot] === 65535) return NONE;
    fields[slot] = (fields[slot] as number) + 1;
    return next;
  }
  next = keyword(text, at, end, 'lt');
  if (next !== NONE) {
    next = port(text, next, end, fields, slot + 1, protocol);
    if (fields[slot + 1] === 0) return NONE;
    fields[slot + 1] = (fields[slot + 1] as number) - 1;
    return next;
  }
  return at;
}

/** Reads a port by number or name into the field `slot`. */
function port(text: string, at: number, end: number, fields: Uint32Array, slot: number, protocol: number): number {
  let stop = at;
  let value = 0;
  let isNumber = true;
  while (stop < end) {
    const code = text.charCodeAt(stop);
    if (isBlank(code)) break;
    if (code < 48 || code > 57) isNumber = false;
    else value = value * 10 + code - 48;
    stop += 1;
  }
  if (stop === at || stop - at > MAX_PORT_LENGTH) return NONE;
  if (isNumber) {
    if (stop - at > 5 || value > 65535) return NONE;
    fields[slot] = value;
  } else {
    const named = (protocol === Protocol.tcp ? TCP_PORTS : UDP_PORTS).get(text.slice(at, stop));
    if (named === undefined) return NONE;
    fields[slot] = named;
  }
  return nextWord(text, stop, end);
}

/** No name of a port is longer. */
const MAX_PORT_LENGTH = 24;
