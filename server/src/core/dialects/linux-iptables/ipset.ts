import type { AddressTerm, HeaderMatch, PortRange, ServiceTerm } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import { icmpTypeOf, protocolOf } from './names.js';
import { addressOf, addressTerm, isUntold, portRange } from './values.js';
import type { LineWords } from './words.js';

/** What one dimension of a set's member is. */
export type Dimension = 'ip' | 'net' | 'port' | 'iface' | 'mac' | 'mark' | 'set';

/** A part of a member. */
export type MemberPart =
  | { readonly kind: 'address'; readonly term: AddressTerm }
  | { readonly kind: 'service'; readonly services: readonly ServiceTerm[]; readonly ports: PortRange | undefined }
  | { readonly kind: 'iface'; readonly name: string }
  | { readonly kind: 'set'; readonly name: string }
  | { readonly kind: 'mark'; readonly value: number }
  | { readonly kind: 'untold' };

export interface SetMember {
  readonly parts: readonly MemberPart[];
  readonly nomatch: boolean;
  /** It goes when its time is over. */
  readonly mayBeGone: boolean;
}

export interface IpSet {
  readonly name: string;
  readonly storage: string;
  readonly dimensions: readonly Dimension[];
  readonly inet6: boolean;
  /** Bits of an address that count. */
  readonly netmask: number;
  /** Its members go after a time unless they say otherwise. */
  readonly expires: boolean;
  readonly members: Map<string, SetMember>;
  readonly origin: Origin;
  /** Why its content cannot be told. */
  doubt: string | undefined;
}

/** Types of old, whose names say the same in other words. */
const OLD_TYPES: ReadonlyMap<string, string> = new Map([
  ['ipmap', 'bitmap:ip'],
  ['macipmap', 'bitmap:ip,mac'],
  ['portmap', 'bitmap:port'],
  ['iphash', 'hash:ip'],
  ['nethash', 'hash:net'],
  ['ipporthash', 'hash:ip,port'],
  ['ipportiphash', 'hash:ip,port,ip'],
  ['ipportnethash', 'hash:ip,port,net'],
  ['iptree', 'hash:ip'],
  ['setlist', 'list:set'],
]);

const DIMENSIONS = new Set<string>(['ip', 'net', 'port', 'iface', 'mac', 'mark', 'set']);

const VERBS: ReadonlyMap<string, string> = new Map([
  ['create', 'create'],
  ['-N', 'create'],
  ['n', 'create'],
  ['add', 'add'],
  ['-A', 'add'],
  ['del', 'del'],
  ['-D', 'del'],
  ['flush', 'flush'],
  ['-F', 'flush'],
  ['destroy', 'destroy'],
  ['-X', 'destroy'],
  ['x', 'destroy'],
  ['swap', 'swap'],
  ['-W', 'swap'],
  ['rename', 'rename'],
  ['-E', 'rename'],
]);

/** All sets that files make, as their lines leave them. */
export class IpSets {
  readonly sets = new Map<string, IpSet>();

  /** Carries out one command of ipset; false where it is not understood. */
  run(words: LineWords, from: number, origin: Origin, condition?: string): boolean {
    let at = from;
    while (/^(?:-!|-exist|--exist|-q|-quiet)$/.test(words.text(at))) at += 1;
    const verb = VERBS.get(words.text(at));
    const name = words.text(at + 1);
    if (verb === undefined || name === '') return HARMLESS.test(words.text(at));
    const known = this.sets.get(name);
    if (condition !== undefined) {
      if (verb === 'create' && known === undefined) this.#create(words, at + 2, name, origin);
      for (const set of isUntold(name) ? this.sets.values() : [this.sets.get(name)]) {
        if (set !== undefined) set.doubt ??= condition;
      }
      return true;
    }
    if (isUntold(name)) {
      for (const set of this.sets.values()) set.doubt ??= 'a set is named by what this file does not set';
      return true;
    }
    switch (verb) {
      case 'create':
        if (known === undefined) this.#create(words, at + 2, name, origin);
        return true;
      case 'add':
        return known !== undefined && add(known, words, at + 2);
      case 'del':
        if (known !== undefined && !known.members.delete(words.text(at + 2)))
          known.doubt ??= 'a member is taken out that is not in this file';
        return true;
      case 'flush':
        known?.members.clear();
        return true;
      case 'destroy':
        this.sets.delete(name);
        return true;
      default: {
        const other = this.sets.get(words.text(at + 2));
        for (const set of [known, other]) if (set !== undefined) set.doubt ??= 'sets are swapped or renamed';
        return true;
      }
    }
  }

  #create(words: LineWords, from: number, name: string, origin: Origin): void {
    const written = words.text(from);
    const type = OLD_TYPES.get(written) ?? written;
    const [storage = '', list = ''] = type.split(':', 2);
    const dimensions = list.split(',');
    let netmask = 32;
    let inet6 = false;
    let expires = false;
    let doubt = dimensions.every((one) => DIMENSIONS.has(one)) ? undefined : `the type ${written} of the set`;
    for (let at = from + 1; at < words.count; at += 1) {
      const word = words.text(at);
      const value = words.text(at + 1);
      if (word === 'netmask' || word === '--netmask')
        netmask = /^\d{1,2}$/.test(value) ? Math.min(32, Number(value)) : 32;
      else if (word === 'family') inet6 = value === 'inet6';
      else if (word === 'timeout') expires = value !== '0';
      else if (word === 'bitmask') doubt ??= 'a set with a bitmask';
      if (isUntold(word)) doubt ??= 'a set made with what this file does not set';
    }
    this.sets.set(name, {
      name,
      storage,
      dimensions: dimensions as Dimension[],
      inet6,
      netmask,
      expires,
      members: new Map(),
      origin,
      doubt,
    });
  }
}

const HARMLESS = /^(?:save|-S|list|-L|test|-T|restore|-R|version|-v|help|-h|quit|COMMIT)$/;

function add(set: IpSet, words: LineWords, at: number): boolean {
  const text = words.text(at);
  if (text === '' || isUntold(text)) {
    set.doubt ??= 'a member that this file does not set';
    return true;
  }
  let nomatch = false;
  let mayBeGone = set.expires;
  for (let next = at + 1; next < words.count; next += 1) {
    const word = words.text(next);
    if (word === 'nomatch') nomatch = true;
    else if (word === 'timeout') mayBeGone = words.text(next + 1) !== '0';
    else if (set.storage === 'list' && (word === 'before' || word === 'after')) next += 1;
  }
  if (set.inet6) return true;
  const pieces = text.split(',');
  // A MAC address may be left out of what a bitmap holds.
  const parts = set.dimensions.map((dimension, index) => readPart(dimension, pieces[index], set.netmask));
  if (pieces.length > set.dimensions.length) parts.push({ kind: 'untold' });
  set.members.set(text, { parts, nomatch, mayBeGone });
  return parts.every((part) => part.kind !== 'untold');
}

function readPart(dimension: Dimension, text: string | undefined, netmask: number): MemberPart {
  if (text === undefined) return { kind: 'untold' };
  switch (dimension) {
    case 'ip':
    case 'net': {
      const term =
        dimension === 'ip' && netmask < 32 && !text.includes('/') ? addressTerm(`${text}/${netmask}`) : undefined;
      const read = term ?? addressTerm(text) ?? rangeOf(text);
      return read === undefined ? { kind: 'untold' } : { kind: 'address', term: read };
    }
    case 'port':
      return readService(text);
    case 'iface':
      return text.startsWith('physdev:') ? { kind: 'untold' } : { kind: 'iface', name: text };
    case 'set':
      return { kind: 'set', name: text };
    case 'mark': {
      const value = Number(text);
      return Number.isInteger(value) && value >= 0 && value <= 0xffffffff
        ? { kind: 'mark', value }
        : { kind: 'untold' };
    }
    default:
      return { kind: 'untold' };
  }
}

function rangeOf(text: string): AddressTerm | undefined {
  const dash = text.indexOf('-');
  if (dash === -1) return undefined;
  const first = addressOf(text.slice(0, dash));
  const last = addressOf(text.slice(dash + 1));
  return first === undefined || last === undefined || first > last ? undefined : { kind: 'range', first, last };
}

/**
 * `80`, `tcp:80`, `udp:1000-2000`, `icmp:8/0`, `gre:0`. Where no protocol is given it is TCP. Source:
 * ipset(8), "hash:ip,port".
 */
function readService(text: string): MemberPart {
  const colon = text.indexOf(':');
  const protocol = colon === -1 ? 6 : protocolOf(text.slice(0, colon));
  const rest = colon === -1 ? text : text.slice(colon + 1);
  if (protocol === undefined) return { kind: 'untold' };
  if (protocol === 1) {
    const wanted = icmpTypeOf(rest);
    if (wanted === undefined || wanted === 'any') return { kind: 'untold' };
    // The set holds one type and one code.
    const [type, code = 0] = wanted;
    return { kind: 'service', services: [{ protocol, icmp: [{ type, code }] }], ports: undefined };
  }
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) {
    return rest === '0' ? { kind: 'service', services: [{ protocol }], ports: undefined } : { kind: 'untold' };
  }
  const ports = portRange(rest, '-');
  return ports === undefined ? { kind: 'untold' } : { kind: 'service', services: [{ protocol }], ports };
}

export type { HeaderMatch };
