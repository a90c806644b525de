import type { AddressTerm, PortRange } from '../../model/header-match.js';
import type { Ip } from '../../net/ip.js';
import { maskOf } from '../../net/prefix.js';
import { serviceOf } from './names.js';

/** Stands in a word for what cannot be told: a variable that the file does not set, a command's output. */
export const UNTOLD = '\uffff';

export function isUntold(word: string): boolean {
  return word.includes(UNTOLD);
}

/** A number as C's strtoul reads it with base 0: decimal, 0x hexadecimal, or octal behind a zero. 32 bits. */
export function numberOf(text: string): number | undefined {
  let value: number;
  if (/^0[xX][\da-fA-F]{1,16}$/.test(text)) value = Number.parseInt(text.slice(2), 16);
  else if (/^0[0-7]{1,16}$/.test(text)) value = Number.parseInt(text, 8);
  else if (/^\d{1,16}$/.test(text) && (text === '0' || !text.startsWith('0'))) value = Number(text);
  else return undefined;
  return value <= 0xffffffff ? value : undefined;
}

/**
 * An address as iptables reads it: parts in decimal, octal or hexadecimal, and missing ones are 0
 * (`10.1` is 10.1.0.0, seen with iptables 1.8.9). Undefined for a host's name.
 */
export function addressOf(text: string): Ip | undefined {
  const plain = plainAddress(text);
  if (plain !== undefined) return plain;
  const parts = text.split('.', 5);
  if (parts.length > 4) return undefined;
  let address = 0;
  for (let at = 0; at < 4; at += 1) {
    const part = at < parts.length ? numberOf(parts[at] as string) : 0;
    if (part === undefined || part > 255) return undefined;
    address = address * 256 + part;
  }
  return address;
}

/** The common case without making a string: four decimal parts without leading zeros. */
function plainAddress(text: string): Ip | undefined {
  let address = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (part === 0) return undefined;
      part = part === -1 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return undefined;
    } else if (code === 46 && part !== -1 && dots < 3) {
      address = address * 256 + part;
      part = -1;
      dots += 1;
    } else return undefined;
  }
  return dots === 3 && part !== -1 ? address * 256 + part : undefined;
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.255`, `10/8`, `any/0`. Undefined where it is a name or cannot be read. */
export function addressTerm(text: string): AddressTerm | undefined {
  const slash = text.indexOf('/');
  const mask = slash === -1 ? 0xffffffff : netmaskOf(text.slice(slash + 1));
  if (mask === undefined) return undefined;
  // Before a null mask the name does not count, as in "any/0".
  if (mask === 0) return { kind: 'wildcard', value: 0, wildcard: 0xffffffff };
  const ip = addressOf(slash === -1 ? text : text.slice(0, slash));
  return ip === undefined ? undefined : { kind: 'wildcard', value: (ip & mask) >>> 0, wildcard: ~mask >>> 0 };
}

function netmaskOf(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const length = Number(text);
    return length <= 32 ? maskOf(length) : undefined;
  }
  return plainAddress(text) ?? (text.split('.').length === 4 ? addressOf(text) : undefined);
}

/** `a,b/24` as one of them; undefined where any of them cannot be read. */
export function addressTerms(text: string): AddressTerm[] | undefined {
  if (!text.includes(',')) {
    const term = addressTerm(text);
    return term === undefined ? undefined : [term];
  }
  const terms: AddressTerm[] = [];
  for (const part of text.split(',')) {
    const term = addressTerm(part);
    if (term === undefined) return undefined;
    terms.push(term);
  }
  return terms;
}

/** `a-b`, or one address. A range that is the wrong way round holds nothing, as in the kernel. */
export function addressRange(text: string): AddressTerm[] | undefined {
  const dash = text.indexOf('-');
  const first = addressOf(dash === -1 ? text : text.slice(0, dash));
  const last = dash === -1 ? first : addressOf(text.slice(dash + 1));
  if (first === undefined || last === undefined) return undefined;
  return first <= last ? [{ kind: 'range', first, last }] : [];
}

export function portOf(text: string): number | undefined {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : (numberOf(text) ?? serviceOf(text));
  return value !== undefined && value <= 0xffff ? value : undefined;
}

/** `80`, `80:90`, `:90`, `80:`, `ssh:telnet`. */
export function portRange(text: string, sign = ':'): PortRange | undefined {
  const colon = text.indexOf(sign);
  if (colon === -1) {
    const port = portOf(text);
    return port === undefined ? undefined : { first: port, last: port };
  }
  const low = text.slice(0, colon);
  const high = text.slice(colon + 1);
  const first = low === '' ? 0 : portOf(low);
  const last = high === '' ? 0xffff : portOf(high);
  if (first === undefined || last === undefined || first > last) return undefined;
  return { first, last };
}

export function portRanges(text: string): PortRange[] | undefined {
  const ranges: PortRange[] = [];
  for (const part of text.split(',')) {
    const range = portRange(part);
    if (range === undefined || part === ':') return undefined;
    ranges.push(range);
  }
  return ranges;
}

/** `value[/mask]` of a mark. */
export function markOf(text: string): { readonly value: number; readonly mask: number } | undefined {
  const slash = text.indexOf('/');
  const value = numberOf(slash === -1 ? text : text.slice(0, slash));
  const mask = slash === -1 ? 0xffffffff : numberOf(text.slice(slash + 1));
  return value === undefined || mask === undefined ? undefined : { value, mask };
}
