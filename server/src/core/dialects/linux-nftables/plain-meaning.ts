import { ANY_ADDRESS, type HeaderMatch } from '../../model/header-match.js';
import type { PolicyAction, PolicyRule, Test } from '../../model/policy.js';
import { type Hull, hullOf } from '../../model/rule-hulls.js';
import { convertRule, type TableContext } from './convert-rule.js';
import { addressTerm, headerTest } from './headers.js';
import type { Form } from './plain-rules.js';

/** What the rules of a form say in one chain; without an action, nothing. */
export interface Meaning {
  readonly action: PolicyAction | undefined;
  /** With the addresses of one rule, where it has any. */
  readonly tests: readonly Test[];
  /** The test that has the addresses; -1: none has. */
  readonly at: number;
  readonly match: HeaderMatch;
  readonly form: Form;
  /** Without the addresses. */
  readonly hull: Readonly<Hull>;
}

interface Addresses {
  readonly srcFirst: number;
  readonly srcLast: number;
  readonly dstFirst: number;
  readonly dstLast: number;
}

/** Those of the two samples: 192.0.2.1 and 203.0.113.9, 198.51.100.0/28 and 10.20.0.0/14. */
const ONE: Addresses = { srcFirst: 0xc0000201, srcLast: 0xc0000201, dstFirst: 0xcb007109, dstLast: 0xcb007109 };
const OTHER: Addresses = { srcFirst: 0xc6336400, srcLast: 0xc633640f, dstFirst: 0x0a140000, dstLast: 0x0a17ffff };

/**
 * What a form says, which is learned from two rules of it: they must be the same but for the addresses, which
 * are what one test asks for. Undefined where that is not so, and each rule has to be read by itself.
 */
export function meaningOf(form: Form, chain: string, context: TableContext): Meaning | undefined {
  let isAlone = true;
  const added = (): string => {
    isAlone = false;
    return '';
  };
  const trial: TableContext = { ...context, addChain: added, tail: added };
  const [one, other] = form.samples.map((statements) => rulesFor(statements, chain, trial));
  if (!isAlone || one === undefined || other === undefined || one.length !== other.length) return undefined;
  const [rule, ...more] = one;
  const empty: Omit<Meaning, 'form'> = { action: undefined, tests: [], at: -1, match: NO_MATCH, hull: hullOf([]) };
  if (rule === undefined) return { ...empty, form };
  const { tests, action } = rule;
  if (more.length > 0 || !isSame(action, other[0]?.action)) return undefined;
  const at = form.hasSource || form.hasDestination ? tests.findIndex((test) => hasAddresses(test, form)) : -1;
  const test = tests[at];
  const match = test?.kind === 'header' ? test.matches[0] : undefined;
  const meaning: Meaning = { action, tests, at, match: match ?? NO_MATCH, form, hull: hullOf(tests) };
  if (match === undefined) return isSame(tests, other[0]?.tests) && at === -1 ? meaning : undefined;
  if (!isSame(testsWith(meaning, OTHER), other[0]?.tests)) return undefined;
  const open: HeaderMatch = {
    ...match,
    ...(form.hasSource ? { src: ANY_ADDRESS } : {}),
    ...(form.hasDestination ? { dst: ANY_ADDRESS } : {}),
  };
  return { ...meaning, hull: hullOf(tests.map((one) => (one === test ? headerTest([open]) : one))) };
}

const NO_MATCH: HeaderMatch = { src: [], dst: [], services: [] };
const NOWHERE = { file: '', start: 0, end: 0, label: '' };

function rulesFor(statements: Form['samples'][0], chain: string, context: TableContext): PolicyRule[] {
  const rule = { statements, origin: NOWHERE, handle: undefined, doubt: undefined, form: 'block' } as const;
  return convertRule(rule, chain, context);
}

/** Whether a test of the first sample asks for all of its addresses. */
function hasAddresses(test: Test, { hasSource, hasDestination }: Form): boolean {
  if (test.kind !== 'header' || test.original || test.negated || test.matches.length !== 1) return false;
  const [match] = test.matches;
  return (
    (!hasSource || isSame(match?.src, [addressTerm(ONE.srcFirst, ONE.srcLast)])) &&
    (!hasDestination || isSame(match?.dst, [addressTerm(ONE.dstFirst, ONE.dstLast)]))
  );
}

/** Plain values that were made in the same way. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The tests of a rule with these addresses. */
export function testsWith({ tests, at, match, form }: Meaning, addresses: Addresses): readonly Test[] {
  if (at === -1) return tests;
  // A match has no other members here: `headers.ts` makes them.
  const test = headerTest([
    {
      src: form.hasSource ? [addressTerm(addresses.srcFirst, addresses.srcLast)] : match.src,
      dst: form.hasDestination ? [addressTerm(addresses.dstFirst, addresses.dstLast)] : match.dst,
      services: match.services,
    },
  ]);
  return tests.length === 1 ? [test] : tests.map((one, index) => (index === at ? test : one));
}
