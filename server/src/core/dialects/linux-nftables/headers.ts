import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_SERVICE,
  type HeaderMatch,
  type IcmpTerm,
  type PortRange,
  type ServiceTerm,
} from '../../model/header-match.js';
import type { Test } from '../../model/policy.js';

type HeaderTest = Extract<Test, { kind: 'header' }>;

/** Services are not put together beyond this many. */
const MOST_SERVICES = 64;

export function headerTest(matches: readonly HeaderMatch[], original = false): HeaderTest {
  return { kind: 'header', matches, original, negated: false };
}

export function serviceTest(...services: ServiceTerm[]): HeaderTest {
  return headerTest([{ src: ANY_ADDRESS, dst: ANY_ADDRESS, services }]);
}

/** The addresses `first` to `last`; as a prefix where they are one. */
export function addressTerm(first: number, last: number): AddressTerm {
  const wildcard = (first ^ last) >>> 0;
  const isPrefix = (wildcard & (wildcard + 1)) === 0 && (first & wildcard) === 0;
  return isPrefix ? { kind: 'wildcard', value: first, wildcard } : { kind: 'range', first, last };
}

/** Both at once; undefined where that cannot be said as one match; `nothing` where no packet has both. */
export function bothMatches(a: HeaderMatch, b: HeaderMatch): HeaderMatch | 'nothing' | undefined {
  const src = bothAddresses(a.src, b.src);
  const dst = bothAddresses(a.dst, b.dst);
  if (src === undefined || dst === undefined) return undefined;
  const services = bothServices(a.services, b.services);
  if (services === undefined) return undefined;
  return services.length === 0 ? 'nothing' : { src, dst, services };
}

function bothAddresses(a: readonly AddressTerm[], b: readonly AddressTerm[]): readonly AddressTerm[] | undefined {
  if (a === ANY_ADDRESS) return b;
  return b === ANY_ADDRESS ? a : undefined;
}

function bothServices(a: readonly ServiceTerm[], b: readonly ServiceTerm[]): readonly ServiceTerm[] | undefined {
  if (a === ANY_SERVICE) return b;
  if (b === ANY_SERVICE) return a;
  if (a.length * b.length > MOST_SERVICES) return undefined;
  const both: ServiceTerm[] = [];
  for (const one of a) {
    for (const other of b) {
      const service = bothTerms(one, other);
      if (service === undefined) return undefined;
      if (service !== 'nothing') both.push(service);
    }
  }
  return both;
}

function bothTerms(a: ServiceTerm, b: ServiceTerm): ServiceTerm | 'nothing' | undefined {
  if (a.protocol !== undefined && b.protocol !== undefined && a.protocol !== b.protocol) return 'nothing';
  if (a.tcpFlags !== undefined && b.tcpFlags !== undefined) return undefined;
  const protocol = a.protocol ?? b.protocol;
  const srcPorts = bothPorts(a.srcPorts, b.srcPorts);
  const dstPorts = bothPorts(a.dstPorts, b.dstPorts);
  const icmp = bothIcmp(a.icmp, b.icmp);
  const tcpFlags = a.tcpFlags ?? b.tcpFlags;
  if (srcPorts?.length === 0 || dstPorts?.length === 0 || icmp?.length === 0) return 'nothing';
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(srcPorts === undefined ? {} : { srcPorts }),
    ...(dstPorts === undefined ? {} : { dstPorts }),
    ...(icmp === undefined ? {} : { icmp }),
    ...(tcpFlags === undefined ? {} : { tcpFlags }),
  };
}

function bothPorts(
  a: readonly PortRange[] | undefined,
  b: readonly PortRange[] | undefined,
): readonly PortRange[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both: PortRange[] = [];
  for (const one of a) {
    for (const other of b) {
      const first = Math.max(one.first, other.first);
      const last = Math.min(one.last, other.last);
      if (first <= last) both.push({ first, last });
    }
  }
  return both;
}

function bothIcmp(
  a: readonly IcmpTerm[] | undefined,
  b: readonly IcmpTerm[] | undefined,
): readonly IcmpTerm[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both: IcmpTerm[] = [];
  for (const one of a) {
    for (const other of b) {
      if (one.type !== other.type) continue;
      if (one.code !== undefined && other.code !== undefined && one.code !== other.code) continue;
      const code = one.code ?? other.code;
      both.push(code === undefined ? { type: one.type } : { type: one.type, code });
    }
  }
  return both;
}

/**
 * The tests of one rule with those on the header put together where they can be, which spares the
 * engine work. Undefined: no packet passes all of them.
 */
export function joined(tests: readonly Test[]): readonly Test[] | undefined {
  let isPlain = true;
  let headers = 0;
  for (const test of tests) {
    if (test.kind !== 'header') continue;
    headers += 1;
    if (test.matches.length === 0 && !test.negated) return undefined;
    if (test.negated || test.original || test.matches.length !== 1) isPlain = false;
  }
  if (headers < 2 && isPlain) return tests;
  const result: Test[] = [];
  let at = -1;
  for (const test of tests) {
    const [match] = test.kind === 'header' ? test.matches : [];
    if (test.kind !== 'header' || test.negated || test.original || test.matches.length !== 1 || match === undefined) {
      result.push(test);
      continue;
    }
    const known = at === -1 ? undefined : (result[at] as HeaderTest).matches[0];
    const both = known === undefined ? undefined : bothMatches(known, match);
    if (both === 'nothing') return undefined;
    if (both === undefined) {
      if (at === -1) at = result.length;
      result.push(test);
    } else result[at] = headerTest([both]);
  }
  return result;
}

/** The protocols that a packet can only be of where the services hold for it; undefined: it may be of any. */
export function protocolsOf(services: readonly ServiceTerm[]): readonly number[] | undefined {
  const protocols = new Set<number>();
  for (const { protocol } of services) {
    if (protocol === undefined) return undefined;
    protocols.add(protocol);
  }
  return [...protocols];
}

/** The same for tests that must all hold. */
export function protocolsAsked(tests: readonly Test[]): readonly number[] | undefined {
  for (const test of tests) {
    if (test.kind !== 'header' || test.negated || test.original) continue;
    const protocols = protocolsOf(test.matches.flatMap(({ services }) => services));
    if (protocols !== undefined) return protocols;
  }
  return undefined;
}
