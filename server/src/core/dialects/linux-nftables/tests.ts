import { type AddressTerm, ANY_ADDRESS, ANY_SERVICE, type HeaderMatch } from '../../model/header-match.js';
import type { AddressKind, Range, Test, TrackedState } from '../../model/policy.js';
import { type Field, PORT_PROTOCOLS } from './fields.js';
import { addressTerm, headerTest, serviceTest } from './headers.js';
import { ADDRESS_TYPES, bitsOf, CT_STATES } from './names.js';
import type { Values } from './ranges.js';
import { fold } from './ranges.js';
import type { Term } from './rule.js';

/** Flags of TCP that packets here may have; the bits of congestion control are 0 (RFC 3168). */
const FLAG_BITS = 63;
const STATES = Object.entries(CT_STATES) as (readonly [TrackedState, number])[];
const SNAT = 16;
const DNAT = 32;

/** A test that always holds is none; one that never does is `never`. */
export type Held = readonly Test[] | 'never';

export function undecidable(words: string): Test {
  return { kind: 'undecidable', words };
}

/** The test turned round. What cannot be told cannot be told either way. */
export function negated(held: Held): Held {
  if (held === 'never') return [];
  if (held.length === 0) return 'never';
  const [test] = held;
  if (held.length === 1 && test !== undefined) {
    if (test.kind === 'undecidable') return held;
    return [{ ...test, negated: !test.negated }];
  }
  return [{ kind: 'any', alternatives: [held], negated: true }];
}

/** One of several. */
export function anyOf(alternatives: readonly Held[]): Held {
  const possible = alternatives.filter((one): one is readonly Test[] => one !== 'never');
  if (possible.some((one) => one.length === 0)) return [];
  const [only] = possible;
  if (only === undefined) return 'never';
  if (possible.length === 1) return only;
  return [{ kind: 'any', alternatives: possible, negated: false }];
}

/** What must hold of a packet so that it has the field at all, whatever is asked of it. */
export function dependencies(field: Field): Test[] {
  const tests: Test[] = [];
  if (field.protocols !== undefined) tests.push(serviceTest(...field.protocols.map((protocol) => ({ protocol }))));
  // Without a connection the kernel breaks off: nft_ct_get_eval().
  if (field.tracked === true) tests.push({ kind: 'state', states: ['invalid', 'untracked'], negated: true });
  return tests;
}

/** The bits of a term that are compared; undefined where something else is reckoned with it. */
export function maskOfTerm({ field, operations }: Term): number | undefined {
  let mask = 0xffffffff;
  for (const { op, value } of operations) {
    const bits = op === '&' ? fold(value, field.type) : undefined;
    if (typeof bits !== 'number') return undefined;
    mask = (mask & bits) >>> 0;
  }
  return mask;
}

/** Whether a term has one of the values, for a packet that has the field. */
export function holds(term: Term, values: Values): Held {
  const known = values.isAll ? [] : holdsExactly(term, values);
  if (values.doubt === undefined) return known;
  return anyOf([known, [undecidable(values.doubt)]]);
}

/** A part of one match of the header that says it; undefined where a term is of another kind. */
export function headerPart(term: Term, values: Values): HeaderMatch | 'never' | undefined {
  if (values.doubt !== undefined || values.isAll) return undefined;
  const held = holdsExactly(term, values);
  if (held === 'never') return 'never';
  const [test] = held;
  if (held.length !== 1 || test?.kind !== 'header' || test.negated || test.original) return undefined;
  return test.matches.length === 1 ? test.matches[0] : undefined;
}

function holdsExactly(term: Term, { ranges, names }: Values): Held {
  const { field } = term;
  switch (field.what) {
    case 'in':
    case 'out':
      if (term.operations.length > 0) return [undecidable(field.words)];
      return names.length === 0 ? 'never' : [{ kind: field.what, names, negated: false }];
    case 'never':
      return 'never';
    case 'undecidable':
      return [undecidable(field.words)];
  }
  const mask = maskOfTerm(term);
  if (mask === undefined) return [undecidable(`a reckoning with ${field.words}`)];
  switch (field.what) {
    case 'src':
    case 'dst':
    case 'original-src':
    case 'original-dst':
      return addresses(field, mask, ranges);
    case 'protocol':
    case 'original-protocol': {
      const services = numbersWithin(mask, ranges, 255).map((protocol) => ({ protocol }));
      if (services.length === 256) return [];
      if (services.length === 0) return 'never';
      return [headerTest([{ src: ANY_ADDRESS, dst: ANY_ADDRESS, services }], field.what === 'original-protocol')];
    }
    case 'source-port':
    case 'destination-port':
    case 'original-source-port':
    case 'original-destination-port':
      return ports(field, mask, ranges);
    case 'icmp-type': {
      const icmp = numbersWithin(mask, ranges, 255).map((type) => ({ type }));
      return icmp.length === 0 ? 'never' : [serviceTest({ protocol: 1, icmp })];
    }
    case 'icmp-code': {
      const codes = numbersWithin(mask, ranges, 255);
      if (codes.length === 256) return [];
      const types = Array.from({ length: 256 }, (_, type) => type);
      const icmp = types.flatMap((type) => codes.map((code) => ({ type, code })));
      return icmp.length === 0 ? 'never' : [serviceTest({ protocol: 1, icmp })];
    }
    case 'flags':
      return flags(mask, ranges);
    case 'mark':
    case 'connection-mark':
      if (ranges.length === 0) return 'never';
      return [{ kind: field.what, mask, ranges, negated: false }];
    case 'state': {
      const states: TrackedState[] = [];
      for (const [name, bit] of STATES) if (isWithin((bit & mask) >>> 0, ranges)) states.push(name);
      if (states.length === 0) return 'never';
      return states.length === STATES.length ? [] : [{ kind: 'state', states, negated: false }];
    }
    case 'status':
      return status(mask, ranges);
    case 'src-kind':
    case 'dst-kind':
      return addressKinds(field.what === 'src-kind' ? 'src' : 'dst', mask, ranges);
    case 'constant': {
      const known = field.known ?? 0xffffffff;
      if ((mask & ~known) !== 0 && bitsOutside(mask, known, field)) return [undecidable(field.words)];
      return isWithin(((field.value ?? 0) & mask) >>> 0, ranges) ? [] : 'never';
    }
  }
}

const NEW: Test = { kind: 'state', states: ['new'], negated: false };
const LATER: Test = { kind: 'state', states: ['established', 'related'], negated: false };

function bitsOutside(mask: number, known: number, field: Field): boolean {
  if (field.known === undefined) return false;
  const size = field.words === 'ip frag-off' ? 0xffff : 2 ** bitsOf(field.type) - 1;
  return (mask & ~known & size) !== 0;
}

export function isWithin(value: number, ranges: readonly Range[]): boolean {
  return ranges.some(({ first, last }) => first <= value && value <= last);
}

/** The values up to `most` of which the bits of the mask lie within the ranges. */
function numbersWithin(mask: number, ranges: readonly Range[], most: number): number[] {
  const numbers: number[] = [];
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined && (mask & most) === most) {
    for (let value = only.first; value <= Math.min(only.last, most); value += 1) numbers.push(value);
    return numbers;
  }
  for (let value = 0; value <= most; value += 1) if (isWithin(value & mask, ranges)) numbers.push(value);
  return numbers;
}

function addresses(field: Field, mask: number, ranges: readonly Range[]): Held {
  const terms: AddressTerm[] = [];
  for (const { first, last } of ranges) {
    if (mask === 0xffffffff) {
      if (first <= last) terms.push(addressTerm(first, last));
    } else if (first === last) {
      if ((first & ~mask) === 0) terms.push({ kind: 'wildcard', value: first, wildcard: ~mask >>> 0 });
    } else return [undecidable(`a range of ${field.words} under a mask`)];
  }
  if (terms.length === 0) return 'never';
  const isSource = field.what === 'src' || field.what === 'original-src';
  const match: HeaderMatch = {
    src: isSource ? terms : ANY_ADDRESS,
    dst: isSource ? ANY_ADDRESS : terms,
    services: ANY_SERVICE,
  };
  return [headerTest([match], field.what.startsWith('original'))];
}

function ports(field: Field, mask: number, ranges: readonly Range[]): Held {
  const { protocols } = field;
  if (mask !== 0xffffffff && (mask & 0xffff) !== 0xffff) return [undecidable(`${field.words} under a mask`)];
  if (protocols?.some((protocol) => !PORT_PROTOCOLS.includes(protocol)) === true) return [undecidable(field.words)];
  const isSource = field.what === 'source-port' || field.what === 'original-source-port';
  const wanted = ranges.filter(({ first, last }) => first <= last);
  if (wanted.length === 0) return 'never';
  const services = (protocols ?? PORT_PROTOCOLS).map((protocol) =>
    isSource ? { protocol, srcPorts: wanted } : { protocol, dstPorts: wanted },
  );
  const original = field.what.startsWith('original');
  const known = headerTest([{ src: ANY_ADDRESS, dst: ANY_ADDRESS, services }], original);
  if (protocols !== undefined) return [known];
  // Of other protocols it is whatever stands in their place.
  const withPorts = headerTest(
    [{ src: ANY_ADDRESS, dst: ANY_ADDRESS, services: PORT_PROTOCOLS.map((protocol) => ({ protocol })) }],
    original,
  );
  return anyOf([[known], [{ ...withPorts, negated: true }, undecidable(`${field.words} of another protocol`)]]);
}

function flags(mask: number, ranges: readonly Range[]): Held {
  const bits = mask & 255;
  const matches: HeaderMatch[] = [];
  for (let value = 0; value < 256; value += 1) {
    if ((value & ~bits) !== 0 || !isWithin(value, ranges) || (value & ~FLAG_BITS) !== 0) continue;
    const tcpFlags = { kind: 'all', set: value, clear: bits & ~value & FLAG_BITS } as const;
    matches.push({ src: ANY_ADDRESS, dst: ANY_ADDRESS, services: [{ protocol: 6, tcpFlags }] });
  }
  return matches.length === 0 ? 'never' : [headerTest(matches)];
}

/** What is known of a connection's status: whether it is translated, and that its first packet is the first. */
function status(mask: number, ranges: readonly Range[]): Held {
  const alternatives: Test[][] = [];
  const isPlain = (mask & ~(SNAT | DNAT)) === 0;
  for (const snat of [false, true]) {
    for (const dnat of [false, true]) {
      const value = ((snat ? SNAT : 0) | (dnat ? DNAT : 0)) & mask;
      if (!isWithin(value, ranges)) continue;
      const tests: Test[] = [];
      if ((mask & SNAT) !== 0) tests.push({ kind: 'translated', field: 'src', negated: !snat });
      else if (snat) continue;
      if ((mask & DNAT) !== 0) tests.push({ kind: 'translated', field: 'dst', negated: !dnat });
      else if (dnat) continue;
      alternatives.push(isPlain ? tests : [NEW, ...tests]);
    }
  }
  if (!isPlain) alternatives.push([LATER, undecidable('ct status')]);
  return anyOf(alternatives);
}

/** The kinds that are told apart; the kernel has more. */
const KINDS: Readonly<Record<string, AddressKind>> = {
  unspec: 'unspecified',
  unicast: 'unicast',
  local: 'local',
  broadcast: 'broadcast',
  multicast: 'multicast',
};

function addressKinds(field: 'src' | 'dst', mask: number, ranges: readonly Range[]): Held {
  const kinds: AddressKind[] = [];
  let others = 0;
  let all = 0;
  for (const [name, number] of Object.entries(ADDRESS_TYPES)) {
    const kind = KINDS[name];
    if (kind === undefined) all += 1;
    if (!isWithin((number & mask) >>> 0, ranges)) continue;
    if (kind === undefined) others += 1;
    else kinds.push(kind);
  }
  if (others > 0 && others === all) kinds.push('other');
  const known: Held = kinds.length === 0 ? 'never' : [{ kind: 'address-kind', field, kinds, negated: false }];
  if (others === 0 || others === all) return known;
  const other: Test = { kind: 'address-kind', field, kinds: ['other'], negated: false };
  return anyOf([known, [other, undecidable('what kind of route an address has')]]);
}

/** `tcp flags syn`, `ct state new,established`: at least one of the bits is set. */
export function anyBit(term: Term, bits: number): Held {
  const mask = maskOfTerm(term);
  if (mask === undefined) return [undecidable(`a reckoning with ${term.field.words}`)];
  const wanted = (mask & bits) >>> 0;
  if (wanted === 0) return 'never';
  if (term.field.what === 'flags') {
    const set = wanted & FLAG_BITS;
    return set === 0 ? 'never' : [serviceTest({ protocol: 6, tcpFlags: { kind: 'any', set, clear: 0 } })];
  }
  const masked: Term = { field: term.field, operations: [] };
  const ranges = [{ first: 1, last: 0xffffffff }];
  return holds(
    { ...masked, operations: [{ op: '&', value: { kind: 'word', text: String(wanted), quoted: false } }] },
    { ranges, names: [], isAll: false, doubt: undefined },
  );
}
