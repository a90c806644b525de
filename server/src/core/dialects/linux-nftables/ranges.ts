import type { Range } from '../../model/policy.js';
import { parseIp } from '../../net/ip.js';
import { lastIp, maskOf, prefixOf } from '../../net/prefix.js';
import { bitsOf, isBitmask, numberOf, type ValueType } from './names.js';
import type { SetState } from './ruleset.js';
import type { Value } from './values.js';

/** What a comparison's right side means for one field. */
export interface Values {
  readonly ranges: Range[];
  /** Of interfaces: `*` at the end stands for all that begin so. */
  readonly names: string[];
  /** Whether `*` is among them, which holds for every value. */
  isAll: boolean;
  /** Why it cannot be told what all of them are. */
  doubt: string | undefined;
}

/** Finds a set of the table by its name. */
export interface FindSet {
  (name: string): SetState | undefined;
  /** Whether so many more elements may be looked at: rules may name large sets again and again. */
  mayLookAt(count: number): boolean;
}

/** Why a set is not looked at any more. */
export const TOO_MANY = 'the sets of the file hold too many values';

/** nft 1.0.6 lists `{ "eth*", "lo" }` as `{ ""-"" }`, and the wildcard of a map of verdicts as `""/8`. */
const UNLISTED = 'nft does not tell the names of the interfaces';

export function emptyValues(): Values {
  return { ranges: [], names: [], isAll: false, doubt: undefined };
}

/** The values of a field that a value names. */
export function valuesOf(value: Value, type: ValueType, findSet: FindSet): Values {
  const values = emptyValues();
  addValue(values, value, type, findSet);
  return values;
}

export function addValue(into: Values, value: Value, type: ValueType, findSet: FindSet): void {
  switch (value.kind) {
    case 'all':
      into.isAll = true;
      return;
    case 'untold':
      into.doubt ??= value.words;
      return;
    case 'named-set': {
      const set = findSet(value.name);
      if (set === undefined) {
        into.doubt ??= `set ${value.name} is not in these files`;
        return;
      }
      into.doubt ??= set.doubt;
      if (!findSet.mayLookAt(set.elements.length)) {
        into.doubt ??= TOO_MANY;
        return;
      }
      for (const element of set.elements) addElement(into, element.key, element.expires, type, findSet);
      return;
    }
    case 'set':
      if (!findSet.mayLookAt(value.elements.length)) {
        into.doubt ??= TOO_MANY;
        return;
      }
      for (const element of value.elements) addElement(into, element.key, element.expires, type, findSet);
      return;
    case 'list':
      if (isBitmask(type)) break;
      for (const item of value.items) addValue(into, item, type, findSet);
      return;
    case 'word':
      if (type === 'name') {
        addName(into, value.text);
        return;
      }
      break;
    case 'prefix':
    case 'range':
      if (type !== 'name') break;
      into.doubt ??= UNLISTED;
      return;
    case 'concatenation':
    case 'masked':
      into.doubt ??= 'it was not understood';
      return;
  }
  const range = rangeOf(value, type);
  if (range === 'ipv6') return;
  if (range === undefined) into.doubt ??= `${wordsOf(value)} is not known`;
  else into.ranges.push(range);
}

function addElement(into: Values, key: Value, expires: boolean, type: ValueType, findSet: FindSet): void {
  if (expires) into.doubt ??= 'an element expires';
  else addValue(into, key, type, findSet);
}

/** In quotes a star at the end is a wildcard; `\*` is a star. Source: nft(8), "META EXPRESSIONS". */
function addName(into: Values, text: string): void {
  if (text === '') {
    into.doubt ??= UNLISTED;
    return;
  }
  // `iif 3` asks for an interface by its number, which no file tells.
  if (/^\d+$/.test(text)) {
    into.doubt ??= `which interface has the number ${text}`;
    return;
  }
  // No interface has a star in its name.
  if (!text.endsWith('\\*')) into.names.push(text);
}

/** The values from the first to the last that one value stands for. `ipv6`: none of IPv4. */
export function rangeOf(value: Value, type: ValueType): Range | 'ipv6' | undefined {
  if (value.kind === 'range') {
    const from = rangeOf(value.from, type);
    const to = rangeOf(value.to, type);
    if (from === 'ipv6' || to === 'ipv6') return 'ipv6';
    if (from === undefined || to === undefined) return undefined;
    return { first: from.first, last: to.last };
  }
  if (value.kind === 'prefix') {
    const base = rangeOf(value.base, type);
    if (base === undefined || base === 'ipv6') return base;
    const bits = bitsOf(type);
    if (value.length > bits) return undefined;
    if (bits === 32) {
      const prefix = prefixOf(base.first, value.length);
      return { first: prefix.ip, last: lastIp(prefix) };
    }
    const mask = (maskOf(32 - bits + value.length) & (2 ** bits - 1)) >>> 0;
    const first = (base.first & mask) >>> 0;
    return { first, last: first + (2 ** bits - 1 - mask) };
  }
  const number = fold(value, type);
  return number === undefined || number === 'ipv6' ? number : { first: number, last: number };
}

/** A value as one number: bits that are put together, flags in a list. */
export function fold(value: Value, type: ValueType): number | 'ipv6' | undefined {
  switch (value.kind) {
    case 'word': {
      if (type === 'address') {
        const ip = parseIp(value.text);
        if (ip !== undefined) return ip;
        return value.text.includes(':') ? 'ipv6' : undefined;
      }
      return numberOf(type, value.text);
    }
    case 'list': {
      let sum = 0;
      for (const item of value.items) {
        const number = fold(item, type);
        if (typeof number !== 'number') return undefined;
        sum |= number;
      }
      return sum >>> 0;
    }
    case 'prefix': {
      // A mask: `ip saddr & 255.255.255.0/24` is nothing that nft takes.
      return undefined;
    }
    case 'binary': {
      const left = fold(value.left, type);
      const right = fold(value.right, value.op === '<<' || value.op === '>>' ? 'number' : type);
      if (typeof left !== 'number' || typeof right !== 'number') return undefined;
      switch (value.op) {
        case '&':
          return (left & right) >>> 0;
        case '|':
          return (left | right) >>> 0;
        case '^':
          return (left ^ right) >>> 0;
        case '<<':
          return right > 31 ? 0 : (left << right) >>> 0;
        case '>>':
          return right > 31 ? 0 : left >>> right;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

export function wordsOf(value: Value): string {
  switch (value.kind) {
    case 'word':
      return value.text;
    case 'range':
      return `${wordsOf(value.from)}-${wordsOf(value.to)}`;
    case 'prefix':
      return `${wordsOf(value.base)}/${value.length}`;
    case 'named-set':
      return `@${value.name}`;
    case 'untold':
      return value.words;
    case 'list':
      return value.items.slice(0, 4).map(wordsOf).join(',');
    default:
      return 'a value';
  }
}
