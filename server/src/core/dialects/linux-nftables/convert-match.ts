import type { HeaderMatch } from '../../model/header-match.js';
import type { Range, Test } from '../../model/policy.js';
import { fieldOf } from './fields.js';
import { bothMatches, headerTest, protocolsOf } from './headers.js';
import { isBitmask } from './names.js';
import { addValue, emptyValues, type FindSet, fold, rangeOf, TOO_MANY, type Values, valuesOf } from './ranges.js';
import type { Comparison, Key, Term } from './rule.js';
import { anyBit, anyOf, dependencies, type Held, headerPart, holds, negated, undecidable } from './tests.js';
import type { Value } from './values.js';

const HIGHEST = 0xffffffff;

/** What a comparison asks of a packet. */
export function convertMatch(key: Key, op: Comparison, value: Value, findSet: FindSet): Held {
  const tests: Test[] = key.flatMap(({ field }) => dependencies(field));
  if (key.some(({ field }) => field.what === 'never')) return 'never';
  const held = compared(key, op, value, findSet);
  if (held === 'never') return 'never';
  return [...tests, ...held];
}

function compared(key: Key, op: Comparison, value: Value, findSet: FindSet): Held {
  const [term] = key;
  if (term === undefined) return [];
  if (key.length > 1) {
    const held = remembered(key, value, findSet, () => inConcatenation(key, value, findSet));
    return op === '!=' ? negated(held) : held;
  }
  const { field, operations } = term;
  if (value.kind === 'masked') {
    // Flags alone are written so; of an address nft refuses it, and who wrote it meant a network.
    if (!isBitmask(field.type)) return [undecidable(`${field.words} was not understood`)];
    const mask: Value = value.mask;
    const masked = { field, operations: [...operations, { op: '&', value: mask } as const] };
    const held = holds(masked, valuesOf(value.value, field.type, findSet));
    return op === '!=' ? negated(held) : held;
  }
  // Flags that stand alone, or in a list: one of them is enough. Behind a mask they are compared whole.
  const isFlags =
    isBitmask(field.type) &&
    operations.length === 0 &&
    (value.kind === 'word' || value.kind === 'list' || value.kind === 'binary');
  if (op === '!' || (op === 'implicit' && isFlags)) {
    const bits = fold(value, field.type);
    if (typeof bits !== 'number') return [undecidable(`${field.words} was not understood`)];
    const held = anyBit(term, bits);
    return op === '!' ? negated(held) : held;
  }
  if (op === 'implicit' && operations.length === 0 && isBitmask(field.type) && value.kind === 'set') {
    const [only] = value.elements;
    if (value.elements.length === 1 && only !== undefined) return inLoneFlags(term, value, only.key, findSet);
  }
  if (op === '<' || op === '>' || op === '<=' || op === '>=') {
    const range = rangeOf(value, field.type);
    if (range === undefined || range === 'ipv6') return [undecidable(`${field.words} was not understood`)];
    return holds(term, { ranges: beyond(op, range), names: [], isAll: false, doubt: undefined });
  }
  const held = remembered(key, value, findSet, () => holds(term, valuesOf(value, field.type, findSet)));
  return op === '!=' ? negated(held) : held;
}

/**
 * `tcp flags { syn }`: nft takes a set of one value for that value alone, of which one bit is enough, as
 * `nft --debug=netlink` of 1.0.6 shows; 1.0.8 does so for `ct state` alone ("evaluate: do not remove anonymous
 * set with protocol flags and single element"), and looks up the others as they are.
 */
function inLoneFlags(term: Term, set: Value, value: Value, findSet: FindSet): Held {
  const whole = holds(term, valuesOf(set, term.field.type, findSet));
  const bits = fold(value, term.field.type);
  const isOneState = term.field.what === 'state' && typeof bits === 'number' && (bits & (bits - 1)) === 0;
  if (isOneState || typeof bits !== 'number') return whole;
  const some = anyBit(term, bits);
  if (some === 'never') return whole;
  return anyOf([whole, [...some, undecidable('versions of nft differ about flags in a set of one')]]);
}

/** So many elements make a set worth remembering. */
const LARGE = 64;
const KNOWN = new WeakMap<object, Map<string, Held>>();

/** A set may be large, and many rules may ask for it. */
function remembered(key: Key, value: Value, findSet: FindSet, make: () => Held): Held {
  const set = value.kind === 'named-set' ? findSet(value.name) : value.kind === 'set' ? value : undefined;
  if (set === undefined || set.elements.length < LARGE || key.some(({ operations }) => operations.length > 0))
    return make();
  let known = KNOWN.get(set);
  if (known === undefined) {
    known = new Map();
    KNOWN.set(set, known);
  }
  const words = key.map(({ field }) => `${field.words} ${field.protocols?.join() ?? ''}`).join(' . ');
  let held = known.get(words);
  if (held === undefined) {
    held = make();
    known.set(words, held);
  }
  return held;
}

function beyond(op: '<' | '>' | '<=' | '>=', { first, last }: Range): Range[] {
  switch (op) {
    case '<':
      return first === 0 ? [] : [{ first: 0, last: first - 1 }];
    case '<=':
      return [{ first: 0, last }];
    case '>':
      return last === HIGHEST ? [] : [{ first: last + 1, last: HIGHEST }];
    case '>=':
      return [{ first, last: HIGHEST }];
  }
}

/** Whether the fields together are one of the elements of a set. */
function inConcatenation(key: Key, value: Value, findSet: FindSet): Held {
  const elements = elementsOf(value, findSet);
  const headers: HeaderMatch[] = [];
  const alternatives: Held[] = [];
  for (const element of elements.keys) {
    const match = elementMatch(key, element, findSet);
    if (match === 'never') continue;
    if (isMatch(match)) headers.push(match);
    else alternatives.push(match);
  }
  if (headers.length > 0) alternatives.unshift([headerTest(headers)]);
  if (elements.doubt !== undefined) alternatives.push([undecidable(elements.doubt)]);
  return anyOf(alternatives);
}

function isMatch(match: HeaderMatch | Held): match is HeaderMatch {
  return match !== 'never' && 'services' in match;
}

/** What of a packet is one element of a set or a map; without what its fields depend on. */
export function elementHeld(key: Key, element: Value, findSet: FindSet): Held {
  const [term] = key;
  if (key.length === 1 && term !== undefined) return holds(term, valuesOf(element, term.field.type, findSet));
  const match = elementMatch(key, element, findSet);
  return isMatch(match) ? [headerTest([match])] : match;
}

function elementMatch(key: Key, element: Value, findSet: FindSet): HeaderMatch | Held {
  if (element.kind === 'all') return [];
  if (element.kind === 'untold') return [undecidable(element.words)];
  const parts = element.kind === 'concatenation' ? flattened(element.parts) : [element];
  if (parts.length !== key.length) return [undecidable('an element that was not understood')];
  let match: HeaderMatch | undefined;
  const tests: Test[] = [];
  for (const at of protocolsFirst(key)) {
    const asked = key[at] as Term;
    const protocols = match === undefined ? undefined : protocolsOf(match.services);
    const term: Term = { field: fieldOf(asked.field, protocols), operations: asked.operations };
    const values: Values = emptyValues();
    addValue(values, parts[at] as Value, term.field.type, findSet);
    const part = headerPart(term, values);
    if (part === 'never') return 'never';
    const both = part === undefined || match === undefined ? part : bothMatches(match, part);
    if (both === 'nothing') return 'never';
    if (both !== undefined) {
      match = both;
      continue;
    }
    const held = holds(term, values);
    if (held === 'never') return 'never';
    tests.push(...held);
  }
  if (tests.length === 0 && match !== undefined) return match;
  return match === undefined ? tests : [headerTest([match]), ...tests];
}

/** The places of a key, those of protocols first: what a port is depends on them. */
function protocolsFirst(key: Key): number[] {
  const places = key.map((_, at) => at);
  if (!key.some(({ field }, at) => at > 0 && field.what === 'protocol')) return places;
  return places.sort((a, b) => Number(key[b]?.field.what === 'protocol') - Number(key[a]?.field.what === 'protocol'));
}

/** A definition that is a concatenation itself may stand in one. */
function flattened(parts: readonly Value[]): Value[] {
  return parts.flatMap((part) => (part.kind === 'concatenation' ? [...part.parts] : [part]));
}

/** The keys of a set, and why there may be others. */
export function elementsOf(
  value: Value,
  findSet: FindSet,
): { readonly keys: readonly Value[]; readonly doubt: string | undefined } {
  if (value.kind === 'named-set') {
    const set = findSet(value.name);
    if (set === undefined) return { keys: [], doubt: `set ${value.name} is not in these files` };
    if (!findSet.mayLookAt(set.elements.length)) return { keys: [], doubt: TOO_MANY };
    const keys = set.elements.filter(({ expires }) => !expires).map(({ key }) => key);
    const doubt = set.doubt ?? (keys.length < set.elements.length ? 'an element expires' : undefined);
    return { keys, doubt };
  }
  if (value.kind !== 'set') return { keys: [value], doubt: undefined };
  if (!findSet.mayLookAt(value.elements.length)) return { keys: [], doubt: TOO_MANY };
  const keys: Value[] = [];
  let doubt: string | undefined;
  for (const { key, expires } of value.elements) {
    if (expires) doubt ??= 'an element expires';
    else if (key.kind === 'set' || key.kind === 'named-set') {
      const inner = elementsOf(key, findSet);
      keys.push(...inner.keys);
      doubt ??= inner.doubt;
    } else keys.push(key);
  }
  return { keys, doubt };
}
