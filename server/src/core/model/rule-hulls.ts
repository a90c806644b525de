import { MAX_IP } from '../net/ip.js';
import type { AddressTerm } from './header-match.js';
import { keptIn } from './kept.js';
import type { RuleHulls, Rules, Test } from './policy.js';

/** The least box of addresses that holds all those for which something may hold. */
export interface Hull {
  srcFirst: number;
  srcLast: number;
  dstFirst: number;
  dstLast: number;
}

/** Columns for so many rules, each of which may hold for every address. */
export function newHulls(count: number): RuleHulls {
  return {
    srcFirst: new Uint32Array(count),
    srcLast: new Uint32Array(count).fill(MAX_IP),
    dstFirst: new Uint32Array(count),
    dstLast: new Uint32Array(count).fill(MAX_IP),
  };
}

const known = new WeakMap<Rules, RuleHulls>();

/** The hulls of a chain's rules, reckoned once. */
export function hullsOf(rules: Rules): RuleHulls {
  return rules.hulls ?? keptIn(known, rules, () => reckonHulls(rules));
}

function reckonHulls(rules: Rules): RuleHulls {
  const hulls = newHulls(rules.length);
  let index = 0;
  for (const { tests } of rules) {
    if (tests.length > 0) setHull(hulls, index, hullOf(tests));
    index += 1;
  }
  return hulls;
}

export function setHull(hulls: RuleHulls, index: number, hull: Readonly<Hull>): void {
  hulls.srcFirst[index] = hull.srcFirst;
  hulls.srcLast[index] = hull.srcLast;
  hulls.dstFirst[index] = hull.dstFirst;
  hulls.dstLast[index] = hull.dstLast;
}

/** Outside of it not all of the tests hold. Tests of an earlier header, and negated ones, say nothing. */
export function hullOf(tests: readonly Test[]): Readonly<Hull> {
  const hull: Hull = { srcFirst: 0, srcLast: MAX_IP, dstFirst: 0, dstLast: MAX_IP };
  for (const test of tests) {
    const one = hullOfTest(test);
    if (one === undefined) continue;
    hull.srcFirst = Math.max(hull.srcFirst, one.srcFirst);
    hull.srcLast = Math.min(hull.srcLast, one.srcLast);
    hull.dstFirst = Math.max(hull.dstFirst, one.dstFirst);
    hull.dstLast = Math.min(hull.dstLast, one.dstLast);
  }
  // An empty one is empty on both sides, so that no union takes in what is left of it.
  return hull.srcFirst > hull.srcLast || hull.dstFirst > hull.dstLast ? empty() : hull;
}

function empty(): Hull {
  return { srcFirst: MAX_IP, srcLast: 0, dstFirst: MAX_IP, dstLast: 0 };
}

/** Undefined: everything. */
function hullOfTest(test: Test): Readonly<Hull> | undefined {
  if (test.kind === 'header' && !test.original && !test.negated) {
    const hull = empty();
    for (const { src, dst } of test.matches) {
      const one = empty();
      for (const term of src) widen(one, 'srcFirst', 'srcLast', term);
      for (const term of dst) widen(one, 'dstFirst', 'dstLast', term);
      unite(hull, one);
    }
    return hull;
  }
  if (test.kind === 'any' && !test.negated) {
    const hull = empty();
    for (const tests of test.alternatives) unite(hull, hullOf(tests));
    return hull;
  }
  return undefined;
}

function widen(hull: Hull, first: 'srcFirst' | 'dstFirst', last: 'srcLast' | 'dstLast', term: AddressTerm): void {
  const isRange = term.kind === 'range';
  const low = isRange ? term.first : (term.value & ~term.wildcard) >>> 0;
  const high = isRange ? term.last : (low | term.wildcard) >>> 0;
  if (low > high) return;
  hull[first] = Math.min(hull[first], low);
  hull[last] = Math.max(hull[last], high);
}

function unite(hull: Hull, other: Readonly<Hull>): void {
  if (other.srcFirst > other.srcLast || other.dstFirst > other.dstLast) return;
  hull.srcFirst = Math.min(hull.srcFirst, other.srcFirst);
  hull.srcLast = Math.max(hull.srcLast, other.srcLast);
  hull.dstFirst = Math.min(hull.dstFirst, other.dstFirst);
  hull.dstLast = Math.max(hull.dstLast, other.dstLast);
}
