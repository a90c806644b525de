import type { Chain, PolicyAction, PolicyRule, Test } from '../../model/policy.js';
import { markActions } from './convert-mark.js';
import { convertMatch, elementHeld, elementsOf } from './convert-match.js';
import { translationOf } from './convert-nat.js';
import { joined, serviceTest } from './headers.js';
import type { FindSet } from './ranges.js';
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
}

/** An action with the tests that stand before it, and behind the action before. */
interface Step {
  readonly tests: readonly Test[];
  readonly action: PolicyAction;
}

/** What a rule does: tests and actions one after the other, and at its end perhaps one of several. */
interface Plan {
  readonly steps: Step[];
  tests: Test[];
}

/**
 * A rule as rules of the model, in order. `chain` is the chain that it stands in. A rule that holds for no
 * packet of IPv4, or does nothing to a packet's fate, gives none.
 */
export function convertRule(rule: Rule, chain: string, context: TableContext): PolicyRule[] {
  const plan: Plan = { steps: [], tests: [] };
  if (rule.doubt !== undefined) plan.tests.push(undecidable(rule.doubt));
  for (const statement of rule.statements) {
    if (!convertStatement(statement, plan, chain, context, rule)) break;
  }
  return place(plan.steps, rule, chain, context);
}

/** Adds a piece of a rule to the plan; false where nothing behind it is reached. */
function convertStatement(statement: Statement, plan: Plan, chain: string, context: TableContext, rule: Rule): boolean {
  switch (statement.kind) {
    case 'match':
      return require(plan, convertMatch(statement.key, statement.op, statement.value, context.findSet));
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
      return verdictMap(statement.key, statement.map, plan, chain, context, rule);
    case 'nat': {
      if (statement.isIpv6) return false;
      const translations = translationOf(statement, context.findSet);
      branch(plan, translations.branches, chain, context, rule);
      return false;
    }
    case 'set-mark': {
      const change = markActions(statement, context.findSet);
      plan.tests.push(...change.tests);
      if (change.branches === undefined) {
        for (const action of change.actions) act(plan, action);
        return true;
      }
      if (!require(plan, change.keys)) return false;
      branch(plan, change.branches, chain, context, rule);
      return true;
    }
    case 'untrack':
      act(plan, { kind: 'untrack' });
      return true;
    case 'flow':
      plan.steps.push({
        tests: [...plan.tests, { kind: 'state', states: ['established'], negated: false }],
        action: { kind: 'unknown', words: `${statement.words}: later packets may pass by` },
      });
      return true;
    case 'unknown':
      act(plan, { kind: 'unknown', words: statement.words });
      return false;
  }
}

function require(plan: Plan, held: Held): boolean {
  if (held === 'never') return false;
  plan.tests.push(...held);
  return true;
}

/** The tests stand for all steps to come as well. */
function act(plan: Plan, action: PolicyAction): void {
  plan.steps.push({ tests: [...plan.tests], action });
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

export interface Branch {
  readonly held: Held;
  readonly action: PolicyAction;
}

/** The elements of a map become rules of which no two hold for one packet. */
function verdictMap(key: Key, map: Value, plan: Plan, chain: string, context: TableContext, rule: Rule): boolean {
  for (const { field } of key) plan.tests.push(...dependencies(field));
  if (key.some(({ field }) => field.what === 'never')) return false;
  const { elements, doubt } = mapElements(map, context.findSet);
  const branches: Branch[] = [];
  const goesOn: Held[] = [];
  for (const { held, data } of keyed(key, elements, context.findSet)) {
    if (held === 'never') continue;
    const action: PolicyAction =
      data?.kind === 'verdict'
        ? actionOf(data, chain, context)
        : { kind: 'unknown', words: 'an element that was not understood' };
    if (action.kind === 'continue') goesOn.push(held);
    else branches.push({ held, action });
  }
  if (doubt !== undefined) {
    branches.push({ held: [undecidable(doubt)], action: { kind: 'unknown', words: doubt } });
    goesOn.push([undecidable(doubt)]);
  }
  branch(plan, branches, chain, context, rule);
  // What the map lets go on meets what stands behind it in the rule.
  return require(plan, anyOf(goesOn));
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

export function mapElements(
  map: Value,
  findSet: FindSet,
): { readonly elements: readonly Element[]; readonly doubt: string | undefined } {
  if (map.kind === 'set') return { elements: map.elements, doubt: undefined };
  if (map.kind === 'untold') return { elements: [], doubt: map.words };
  if (map.kind !== 'named-set') return { elements: [], doubt: 'a map that was not understood' };
  const set = findSet(map.name);
  if (set === undefined) return { elements: [], doubt: `map ${map.name} is not in these files` };
  const doubt = set.doubt ?? (set.elements.some(({ expires }) => expires) ? 'an element expires' : undefined);
  return { elements: set.elements, doubt };
}

/** What an action may change of what tests ask. */
function changes(action: PolicyAction): 'mark' | 'connection-mark' | 'tracking' | 'all' | undefined {
  switch (action.kind) {
    case 'set-mark':
      return action.target;
    case 'copy-mark':
      return action.to;
    case 'untrack':
      return 'tracking';
    case 'jump':
    case 'unknown':
      return 'all';
    default:
      return undefined;
  }
}

/** Whether a test may turn out otherwise once that has changed. */
function asks(test: Test, changed: ReturnType<typeof changes>): boolean {
  switch (test.kind) {
    case 'mark':
      return changed === 'mark' || changed === 'all';
    case 'connection-mark':
      return changed !== 'mark' && changed !== undefined;
    case 'state':
    case 'translated':
      return changed === 'tracking' || changed === 'all';
    case 'any':
      return test.alternatives.some((tests) => tests.some((one) => asks(one, changed)));
    default:
      return false;
  }
}

function isAsked(tests: readonly Test[], action: PolicyAction): boolean {
  const changed = changes(action);
  return changed !== undefined && tests.some((test) => asks(test, changed));
}

/** One of several actions, by tests of which no two hold for one packet. */
function branch(plan: Plan, branches: readonly Branch[], chain: string, context: TableContext, rule: Rule): void {
  const possible = branches.filter(
    (one): one is { held: readonly Test[]; action: PolicyAction } => one.held !== 'never',
  );
  const actsOn = possible.filter(({ action }) => changes(action) !== undefined);
  const isSafe = !actsOn.some(({ action }) => possible.some(({ held }) => isAsked(held, action)));
  if (isSafe || actsOn.length === 0 || possible.length === 1) {
    for (const { held, action } of possible) plan.steps.push({ tests: [...plan.tests, ...held], action });
    return;
  }
  // An action may make a later branch hold: what ends the rule stands first, and each other is left at once.
  const rules: PolicyRule[] = [];
  for (const { held, action } of possible) {
    if (changes(action) === undefined) plan.steps.push({ tests: [...plan.tests, ...held], action });
    else {
      const target =
        action.kind === 'jump' ? action.chain : context.addChain(chain, [{ tests: [], action, origin: rule.origin }]);
      rules.push({ tests: held, action: { kind: 'goto', chain: target }, origin: rule.origin });
    }
  }
  act(plan, { kind: 'jump', chain: context.addChain(chain, rules) });
}

/** The steps as rules; where a step changes what a later one asks, they stand in a chain of their own. */
function place(steps: readonly Step[], rule: Rule, chain: string, context: TableContext): PolicyRule[] {
  const { origin } = rule;
  const rules: PolicyRule[] = [];
  for (const [at, { tests, action }] of steps.entries()) {
    const later = steps.slice(at + 1);
    // The tests of this step are asked again by the later ones, though they were met already.
    const conflict =
      later.length > 0 && later.length <= 64 && later.some((one) => isAsked(sharedTests(tests, one.tests), action));
    if (!conflict) {
      const all = joined(tests);
      if (all !== undefined) rules.push({ tests: all, action, origin });
      continue;
    }
    const rest: Step[] = [];
    for (const one of later)
      rest.push({ tests: one.tests.slice(sharedTests(tests, one.tests).length), action: one.action });
    const all = joined(tests);
    if (all === undefined) return rules;
    const leaves = later.some((one) => one.action.kind === 'return' || one.action.kind === 'goto');
    if (leaves && !(later.length === 1 && rest[0]?.tests.length === 0)) {
      rules.push({ tests: all, action: { kind: 'unknown', words: 'a rule that acts more than once' }, origin });
      return rules;
    }
    const inner = context.addChain(chain, [{ tests: [], action, origin }, ...place(rest, rule, chain, context)]);
    rules.push({ tests: all, action: { kind: leaves ? 'goto' : 'jump', chain: inner }, origin });
    return rules;
  }
  return rules;
}

/** The tests that both begin with. */
function sharedTests(a: readonly Test[], b: readonly Test[]): readonly Test[] {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return a.slice(0, count);
}

export type { Chain };
