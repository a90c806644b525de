import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_SERVICE,
  type HeaderMatch,
  type ServiceTerm,
} from '../../model/header-match.js';
import type { Test } from '../../model/policy.js';
import type { IpSet, IpSets, MemberPart, SetMember } from './ipset.js';
import { NOTHING, type SetField, type SetTest, undecidable } from './rule.js';

/** The test that a set stands for, once all sets and all that changes them are known. */
export function resolveSet(test: SetTest, sets: IpSets, changed: ReadonlySet<string>): Test {
  const set = sets.sets.get(test.name);
  const doubt = doubtOf(test, set, sets, changed);
  if (doubt !== undefined || set === undefined) return undecidable(doubt ?? '');
  return negate(membership(set, test.fields, sets), test.negated);
}

function doubtOf(
  test: SetTest,
  set: IpSet | undefined,
  sets: IpSets,
  changed: ReadonlySet<string>,
): string | undefined {
  if (set === undefined) return `the members of set ${test.name} are in no file`;
  if (test.doubtful) return `what is counted of the members of set ${test.name}`;
  const members = set.storage === 'list' ? [...set.members.keys()] : [];
  for (const name of [test.name, ...members]) {
    if (changed.has(name)) return `set ${name} is changed by rules`;
    const found = sets.sets.get(name);
    if (found === undefined) return `the members of set ${name} are in no file`;
    if (found.doubt !== undefined) return `set ${name}: ${found.doubt}`;
    const hasExceptions = found.dimensions.length > 1 && [...found.members.values()].some((member) => member.nomatch);
    if (hasExceptions) return `set ${name} has exceptions in several dimensions`;
  }
  return undefined;
}

function negate(test: Test, negated: boolean): Test {
  return negated && (test.kind === 'header' || test.kind === 'any') ? { ...test, negated: !test.negated } : test;
}

/** Whether the packet's fields are a member. */
function membership(set: IpSet, fields: readonly SetField[], sets: IpSets): Test {
  if (set.storage === 'list') {
    const alternatives = [...set.members.keys()].flatMap((name): Test[][] => {
      const inner = sets.sets.get(name);
      return inner === undefined || inner.storage === 'list' ? [] : [[membership(inner, fields, sets)]];
    });
    return { kind: 'any', alternatives, negated: false };
  }
  // A set of more dimensions than are asked for holds nothing.
  if (set.inet6 || fields.length < set.dimensions.length) return NOTHING;
  if (set.dimensions.length === 1 && (set.dimensions[0] === 'net' || set.dimensions[0] === 'ip')) {
    return addressSet(set, fields[0] as SetField);
  }
  return combinedSet(set, fields);
}

function addressSet(set: IpSet, field: SetField): Test {
  const members = [...set.members.values()];
  const hasExceptions = members.some(({ nomatch }) => nomatch);
  if (hasExceptions && members.some(({ mayBeGone }) => mayBeGone)) {
    return { kind: 'any', alternatives: [[undecidable(`members of set ${set.name} go after a time`)]], negated: false };
  }
  const terms = (wanted: readonly SetMember[]): AddressTerm[] =>
    wanted.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'address' ? [part.term] : [])));
  const sure = hasExceptions ? longestFirst(members) : terms(members.filter(({ mayBeGone }) => !mayBeGone));
  const header = addressTest(field, sure);
  const passing = hasExceptions ? [] : terms(members.filter(({ mayBeGone }) => mayBeGone));
  const hasUntold = members.some(({ parts }) => parts.some((part) => part.kind === 'untold'));
  if (passing.length === 0 && !hasUntold) return header;
  const doubt = undecidable(`members of set ${set.name} go after a time`);
  const alternatives: Test[][] = [[header]];
  if (passing.length > 0) alternatives.push([addressTest(field, passing), doubt]);
  if (hasUntold) alternatives.push([undecidable(`a member of set ${set.name}`)]);
  return { kind: 'any', alternatives, negated: false };
}

function addressTest(field: SetField, terms: readonly AddressTerm[]): Test {
  const match: HeaderMatch = {
    src: field === 'src' ? terms : ANY_ADDRESS,
    dst: field === 'dst' ? terms : ANY_ADDRESS,
    services: ANY_SERVICE,
  };
  return { kind: 'header', matches: terms.length === 0 ? [] : [match], original: false, negated: false };
}

interface Network {
  readonly first: number;
  readonly last: number;
  readonly holds: boolean;
}

/** The addresses whose longest network is no exception. Source: ipset(8), "nomatch". */
function longestFirst(members: readonly SetMember[]): AddressTerm[] {
  const networks: Network[] = members.flatMap(({ parts, nomatch }) => {
    const [part] = parts;
    if (part?.kind !== 'address') return [];
    const { term } = part;
    const first = term.kind === 'range' ? term.first : term.value;
    const last = term.kind === 'range' ? term.last : (term.value | term.wildcard) >>> 0;
    return [{ first, last, holds: !nomatch }];
  });
  // Networks lie inside each other or apart: an outer one comes first, and goes on behind its inner ones.
  networks.sort((a, b) => a.first - b.first || b.last - a.last);
  const terms: AddressTerm[] = [];
  const open: Network[] = [];
  let at = 0;
  const emit = (first: number, last: number, holds: boolean): void => {
    if (holds && first <= last) terms.push({ kind: 'range', first, last });
  };
  const closeBefore = (limit: number): void => {
    for (let inner = open.at(-1); inner !== undefined && inner.last < limit; inner = open.at(-1)) {
      emit(at, inner.last, inner.holds);
      at = Math.max(at, inner.last + 1);
      open.pop();
    }
  };
  for (const network of networks) {
    closeBefore(network.first);
    const outer = open.at(-1);
    if (outer !== undefined) emit(at, network.first - 1, outer.holds);
    at = network.first;
    open.push(network);
  }
  closeBefore(2 ** 33);
  return terms;
}

/** Members alike but for their first address, which come into one match. */
interface Group {
  readonly addresses: AddressTerm[];
  readonly others: readonly { readonly part: MemberPart; readonly field: SetField }[];
  readonly mayBeGone: boolean;
}

function combinedSet(set: IpSet, fields: readonly SetField[]): Test {
  const groups = new Map<string, Group>();
  for (const member of set.members.values()) {
    const [first, ...rest] = member.parts;
    const startsWithAddress = first?.kind === 'address';
    const others = (startsWithAddress ? rest : member.parts).map((part, index) => ({
      part,
      field: fields[startsWithAddress ? index + 1 : index] as SetField,
    }));
    const key = JSON.stringify([others, member.mayBeGone, startsWithAddress]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { addresses: startsWithAddress ? [first.term] : [], others, mayBeGone: member.mayBeGone });
    } else if (startsWithAddress) group.addresses.push(first.term);
  }
  const isBitmap = set.storage === 'bitmap';
  const alternatives = [...groups.values()].map((group) => groupTests(set, group, fields[0] as SetField, isBitmap));
  return { kind: 'any', alternatives, negated: false };
}

function groupTests(
  set: IpSet,
  { addresses, others, mayBeGone }: Group,
  firstField: SetField,
  isBitmap: boolean,
): Test[] {
  const sides: { src: readonly AddressTerm[]; dst: readonly AddressTerm[] } = { src: ANY_ADDRESS, dst: ANY_ADDRESS };
  let services: readonly ServiceTerm[] = ANY_SERVICE;
  const tests: Test[] = [];
  if (addresses.length > 0) sides[firstField] = addresses;
  for (const { part, field } of others) {
    if (part.kind === 'address') {
      // Both parts may be asked of the same side.
      if (sides[field] === ANY_ADDRESS) sides[field] = [part.term];
      else tests.push(addressTest(field, [part.term]));
    } else if (part.kind === 'service') services = servicesOf(part, field, isBitmap);
    else if (part.kind === 'iface') {
      tests.push({ kind: field === 'src' ? 'in' : 'out', names: [part.name], negated: false });
    } else if (part.kind === 'mark') {
      tests.push({ kind: 'mark', mask: 0xffffffff, ranges: [{ first: part.value, last: part.value }], negated: false });
    } else tests.push(undecidable(`a member of set ${set.name}`));
  }
  if (mayBeGone) tests.push(undecidable(`members of set ${set.name} go after a time`));
  return [{ kind: 'header', matches: [{ ...sides, services }], original: false, negated: false }, ...tests];
}

/** A bitmap of ports knows no protocol: it holds those of TCP and of UDP. */
function servicesOf(
  { services, ports }: Extract<MemberPart, { kind: 'service' }>,
  field: SetField,
  isBitmap: boolean,
): readonly ServiceTerm[] {
  if (ports === undefined) return services;
  const wanted = isBitmap ? [{ protocol: 6 }, { protocol: 17 }] : services;
  return wanted.map((service) => ({ ...service, [field === 'src' ? 'srcPorts' : 'dstPorts']: [ports] }));
}
