import type { PolicyAction, PolicyRule, Test } from '../../model/policy.js';
import { markActions } from './convert-mark.js';
import { convertMatch, elementHeld, elementsOf } from './convert-match.js';
import { translationOf } from './convert-nat.js';
import { fieldOf } from './fields.js';
import { protocolsAsked, serviceTest } from './headers.js';
import { type Branch, placeSteps, type Step } from './place-rule.js';
import { type FindSet, TOO_MANY } from './ranges.js';
import type { Key, Rule, Statement, Verdict } from './rule.js';
import { anyOf, dependencies, type Held, negated, undecidable } from './tests.js';
import type { Element, Value } from './values.js';

/** What one table says to its rules. */
export interface TableContext {
  readonly findSet: FindSet;
  /** The action of a jump, or what stands for it where it cannot be made. */
  jump(verdict: Verdict, from: string): PolicyAction;
  /** Adds a chain that the file does not have, for rules that act more than once; gives its key. */
  addChain(base: string, rules: readonly PolicyRule[]): string;
  /** The key of the chain that the rules behind the one at hand are to stand in. */
  tail(): string;
}

/** A rule on its way: its steps, and the tests since the last of them. */
interface Plan {
  readonly steps: Step[];
  tests: Test[];
  /** All tests so far. */
  readonly asked: Test[];
}

/**
 * A rule as rules of the model, in order. `chain` is the chain that it stands in. A rule that holds for no
 * packet of IPv4, or does nothing to a packet's fate, gives none.
 */
export function convertRule(rule: Rule, chain: string, context: TableContext): PolicyRule[] {
  const plan: Plan = { steps: [], tests: [], asked: [] };
  if (rule.doubt !== undefined) plan.tests.push(undecidable(rule.doubt));
  const merged = mergedBy(rule.statements);
  for (const statement of rule.statements) {
    const partner = statement.kind === 'match' ? merged.get(statement) : undefined;
    if (partner === undefined) {
      if (isOfEmptySet(statement, rule.statements, context.findSet)) {
        plan.tests.push(undecidable('a set that the files leave empty, and a program may fill'));
      } else if (!convertStatement(statement, plan, chain, context)) break;
    } else if (statement.kind === 'match' && rule.statements.indexOf(partner) > rule.statements.indexOf(statement)) {
      if (!require(plan, bothDiffer(statement, partner, context.findSet))) break;
    }
  }
  return placeSteps(plan.steps, {
    origin: rule.origin,
    addChain: (rules) => context.addChain(chain, rules),
    tail: () => context.tail(),
  });
}

type Match = Extract<Statement, { kind: 'match' }>;

/**
 * Whether a rule would let through what is in a set, or stop what is not, and nothing is in it: who declares
 * such a set has a program that fills it. Where it is the other way round, an empty set only lets more through.
 */
function isOfEmptySet(statement: Statement, statements: readonly Statement[], findSet: FindSet): boolean {
  if (statement.kind !== 'match' || statement.value.kind !== 'named-set') return false;
  const set = findSet(statement.value.name);
  if (set === undefined || set.doubt !== undefined || set.elements.length > 0) return false;
  const stops = statements.some((one) => one.kind === 'reject' || (one.kind === 'verdict' && one.verdict === 'drop'));
  return stops === (statement.op === '!=');
}

/** Fields that stand side by side in a header. */
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ['sport', 'dport'],
  ['type', 'code'],
  ['ttl', 'protocol'],
];

/**
 * Pairs of `!=` on two neighbouring fields, each with the other. nft 1.0.6 compares such fields as one, and
 * so lets through where one of them differs; what `nft list` prints of it looks as if both had to.
 */
function mergedBy(statements: readonly Statement[]): ReadonlyMap<Match, Match> {
  const merged = new Map<Match, Match>();
  const differs = statements.filter(
    (one): one is Match =>
      one.kind === 'match' &&
      one.op === '!=' &&
      one.value.kind === 'word' &&
      one.key.length === 1 &&
      one.key[0]?.operations.length === 0,
  );
  for (const [at, one] of differs.entries()) {
    for (const other of differs.slice(at + 1)) {
      if (!merged.has(one) && !merged.has(other) && areNeighbours(one, other)) merged.set(one, other).set(other, one);
    }
  }
  return merged;
}

function areNeighbours(a: Match, b: Match): boolean {
  const [header = '', name = ''] = a.key[0]?.field.words.split(' ') ?? [];
  const [otherHeader, otherName = ''] = b.key[0]?.field.words.split(' ') ?? [];
  return (
    header === otherHeader &&
    NEIGHBOURS.some((pair) => pair.includes(name) && pair.includes(otherName) && name !== otherName)
  );
}

/** Both fields differ for sure; where one does, it may be enough. */
function bothDiffer(a: Match, b: Match, findSet: FindSet): Held {
  const helds = [a, b].map(({ key, op, value }) => convertMatch(key, op, value, findSet));
  const same = [a, b].map(({ key, value }) => convertMatch(key, '==', value, findSet));
  const both = conjunction(helds);
  const needed = a.key.flatMap(({ field }) => dependencies(field));
  const perhaps = conjunction([
    needed,
    [undecidable('versions of nft differ about two != on neighbouring fields')],
    negated(conjunction(same)),
  ]);
  return anyOf([both, perhaps]);
}

function conjunction(helds: readonly Held[]): Held {
  const tests: Test[] = [];
  for (const held of helds) {
    if (held === 'never') return 'never';
    tests.push(...held);
  }
  return tests;
}

/** Adds a piece of a rule to the plan; false where nothing behind it is reached. */
function convertStatement(statement: Statement, plan: Plan, chain: string, context: TableContext): boolean {
  switch (statement.kind) {
    case 'match':
      return require(plan, convertMatch(keyOf(plan, statement.key), statement.op, statement.value, context.findSet));
    case 'undecidable':
      plan.tests.push(undecidable(statement.words));
      return true;
    case 'verdict':
      if (statement.verdict === 'continue') return true;
      act(plan, actionOf(statement, chain, context));
      return false;
    case 'reject':
      if (statement.only === 'ipv6') return false;
      if (statement.only === 'tcp') plan.tests.push(serviceTest({ protocol: 6 }));
      act(plan, { kind: 'drop' });
      return false;
    case 'verdict-map':
      return verdictMap(keyOf(plan, statement.key), statement.map, plan, chain, context);
    case 'nat': {
      if (statement.isIpv6) return false;
      const { branches } = translationOf(statement, context.findSet);
      step(plan, (tests) => ({ kind: 'choice', tests, branches, goesOn: 'never' }));
      return false;
    }
    case 'set-mark': {
      const change = markActions(statement, context.findSet);
      plan.tests.push(...change.tests);
      if (change.branches === undefined) for (const action of change.actions) act(plan, action);
      else {
        const { branches, keys } = change;
        step(plan, (tests) => ({ kind: 'change', tests, branches, keys }));
      }
      return true;
    }
    case 'untrack':
      act(plan, { kind: 'untrack' });
      return true;
    case 'flow': {
      const action: PolicyAction = { kind: 'unknown', words: `${statement.words}: later packets may pass by` };
      const only: Test[] = [{ kind: 'state', states: ['established'], negated: false }];
      step(plan, (tests) => ({ kind: 'act', tests, action, only }));
      return true;
    }
    case 'unknown':
      act(plan, { kind: 'unknown', words: statement.words });
      return false;
  }
}

/** A key, its fields read as they can only be for what the rule has asked already. */
function keyOf(plan: Plan, key: Key): Key {
  if (!key.some(({ field }) => field.protocols === undefined && /^(?:source|destination)-port$/.test(field.what)))
    return key;
  const protocols = protocolsAsked([...plan.asked, ...plan.tests]);
  return key.map(({ field, operations }) => ({ field: fieldOf(field, protocols), operations }));
}

function require(plan: Plan, held: Held): boolean {
  if (held === 'never') return false;
  plan.tests.push(...held);
  return true;
}

function step(plan: Plan, make: (tests: readonly Test[]) => Step): void {
  plan.asked.push(...plan.tests);
  plan.steps.push(make(plan.tests));
  plan.tests = [];
}

function act(plan: Plan, action: PolicyAction): void {
  step(plan, (tests) => ({ kind: 'act', tests, action }));
}

function actionOf(verdict: Verdict, chain: string, context: TableContext): PolicyAction {
  switch (verdict.verdict) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      return { kind: verdict.verdict };
    case 'queue':
      return { kind: 'unknown', words: 'queue: a program decides' };
    default:
      return context.jump(verdict, chain);
  }
}

/** The elements of a map become rules of which no two hold for one packet. */
function verdictMap(key: Key, map: Value, plan: Plan, chain: string, context: TableContext): boolean {
  for (const { field } of key) plan.tests.push(...dependencies(field));
  if (key.some(({ field }) => field.what === 'never')) return false;
  const { elements, doubt } = mapElements(map, context.findSet);
  const branches: Branch[] = [];
  const kept: Held[] = [];
  for (const { held, data } of keyed(key, elements, context.findSet)) {
    if (held === 'never') continue;
    const action: PolicyAction =
      data?.kind === 'verdict'
        ? actionOf(data, chain, context)
        : { kind: 'unknown', words: 'an element that was not understood' };
    if (action.kind === 'continue') kept.push(held);
    else branches.push({ held, action });
  }
  if (doubt !== undefined) {
    branches.push({ held: [undecidable(doubt)], action: { kind: 'unknown', words: doubt } });
    kept.push([undecidable(doubt)]);
  }
  // What the map lets go on meets what stands behind it in the rule.
  const goesOn = anyOf(kept);
  step(plan, (tests) => ({ kind: 'choice', tests, branches, goesOn }));
  return goesOn !== 'never';
}

/** The elements of a map with what a packet must be for each; the one for all others comes last. */
export function keyed(
  key: Key,
  elements: readonly Element[],
  findSet: FindSet,
): { readonly held: Held; readonly data: Element['data'] }[] {
  const found: { held: Held; data: Element['data'] }[] = [];
  let rest: { data: Element['data'] } | undefined;
  for (const { key: value, data } of elements) {
    if (value.kind === 'all') rest = { data };
    else if (value.kind === 'set' || value.kind === 'named-set') {
      const held = anyOf(elementsOf(value, findSet).keys.map((one) => elementHeld(key, one, findSet)));
      found.push({ held, data });
    } else found.push({ held: elementHeld(key, value, findSet), data });
  }
  if (rest !== undefined) found.push({ held: negated(anyOf(found.map(({ held }) => held))), data: rest.data });
  return found;
}

/** What an element of a map costs, beside one of a set. */
const EACH = 32;

export function mapElements(
  map: Value,
  findSet: FindSet,
): { readonly elements: readonly Element[]; readonly doubt: string | undefined } {
  // Each element becomes a rule.
  const count = (elements: readonly Element[]) => findSet.mayLookAt(EACH * elements.length);
  if (map.kind === 'set') {
    return count(map.elements) ? { elements: map.elements, doubt: undefined } : { elements: [], doubt: TOO_MANY };
  }
  if (map.kind === 'untold') return { elements: [], doubt: map.words };
  if (map.kind !== 'named-set') return { elements: [], doubt: 'a map that was not understood' };
  const set = findSet(map.name);
  if (set === undefined) return { elements: [], doubt: `map ${map.name} is not in these files` };
  if (!count(set.elements)) return { elements: [], doubt: TOO_MANY };
  if (set.elements.length === 0) return { elements: [], doubt: set.doubt ?? `the files leave map ${map.name} empty` };
  const doubt = set.doubt ?? (set.elements.some(({ expires }) => expires) ? 'an element expires' : undefined);
  return { elements: set.elements, doubt };
}
