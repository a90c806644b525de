import type { Origin } from '../../model/origin.js';
import type { PolicyAction, PolicyRule, Test } from '../../model/policy.js';
import { joined } from './headers.js';
import type { Held } from './tests.js';

/** One of several things that a rule does. No two hold for one packet. */
export interface Branch {
  readonly held: Held;
  readonly action: PolicyAction;
}

/** What a rule does, one thing after the other. `tests` are those since the thing before. */
export type Step = {
  readonly tests: readonly Test[];
} /** `only`: it is done to these packets, and the others go on as they do. */ & (
  | { readonly kind: 'act'; readonly action: PolicyAction; readonly only?: readonly Test[] }
  /** One of the branches, which is the rule's end; what `goesOn` holds for meets the steps behind it. */
  | { readonly kind: 'choice'; readonly branches: readonly Branch[]; readonly goesOn: Held }
  /** One of the branches, and then the steps behind it, which what is in no branch does not meet. */
  | { readonly kind: 'change'; readonly branches: readonly Branch[]; readonly keys: Held }
);

/** Where the rules of a step go, and what adds a chain that the file does not have. */
export interface Placing {
  readonly origin: Origin;
  addChain(rules: readonly PolicyRule[]): string;
}

/** Steps that change what others ask are put into chains of their own, one inside the other, no deeper. */
const DEEPEST = 6;
const NOT_FOLLOWED: PolicyAction = { kind: 'unknown', words: 'a rule that acts more than once' };

/** The steps as rules of the model, in order. */
export function placeSteps(steps: readonly Step[], placing: Placing): PolicyRule[] {
  let added = 0;
  const counting: Counting = {
    origin: placing.origin,
    addChain(rules) {
      added += 1;
      return placing.addChain(rules);
    },
    mayAdd: () => added < MOST_CHAINS,
  };
  return emit(steps, [], counting, 0);
}

/** One rule needs no more chains of its own: maps within maps would multiply them. */
const MOST_CHAINS = 256;

interface Counting extends Placing {
  mayAdd(): boolean;
}

function emit(steps: readonly Step[], before: readonly Test[], placing: Counting, depth: number): PolicyRule[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [];
  const tests = step.tests.length === 0 ? before : [...before, ...step.tests];
  switch (step.kind) {
    case 'act': {
      const { action, only } = step;
      if (only !== undefined)
        return [...ruleOf([...tests, ...only], action, placing), ...emit(rest, tests, placing, depth)];
      if (rest.length === 0 || !isAsked(tests, action)) {
        return [...ruleOf(tests, action, placing), ...emit(rest, tests, placing, depth)];
      }
      return apart(tests, rest, placing, depth, () => [
        ...ruleOf([], action, placing),
        ...emit(rest, [], placing, depth + 1),
      ]);
    }
    case 'choice':
      return emitChoice(step.branches, step.goesOn, tests, rest, placing, depth);
    case 'change':
      return emitChange(step.branches, step.keys, tests, rest, placing, depth);
  }
}

function emitChoice(
  branches: readonly Branch[],
  goesOn: Held,
  tests: readonly Test[],
  rest: readonly Step[],
  placing: Counting,
  depth: number,
): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const follows = goesOn !== 'never' && rest.length > 0;
  const helds = branches.map(({ held }) => held);
  // A chain that is called may change a mark that the key is of: then no other branch may be met behind it.
  const isSafe =
    branches.length === 1 && !follows
      ? true
      : !branches.some(({ action }) => [...helds, goesOn].some((held) => held !== 'never' && isAsked(held, action)));
  if (isSafe) {
    for (const { held, action } of branches)
      if (held !== 'never') rules.push(...ruleOf([...tests, ...held], action, placing));
    return follows ? [...rules, ...emit(rest, [...tests, ...goesOn], placing, depth)] : rules;
  }
  const called: PolicyRule[] = [];
  for (const { held, action } of branches) {
    if (held === 'never') continue;
    if (changes(action) === undefined) rules.push(...ruleOf([...tests, ...held], action, placing));
    else called.push(...ruleOf(held, leaving(action, placing), placing));
  }
  return [
    ...rules,
    ...apart(tests, follows ? rest : [], placing, depth, () => {
      if (!follows) return called;
      const chain = placing.addChain(emit(rest, [], placing, depth + 1));
      return [...called, ...ruleOf(goesOn, { kind: 'goto', chain }, placing)];
    }),
  ];
}

function emitChange(
  branches: readonly Branch[],
  keys: Held,
  tests: readonly Test[],
  rest: readonly Step[],
  placing: Counting,
  depth: number,
): PolicyRule[] {
  if (keys === 'never') return [];
  const asked = [...branches.map(({ held }) => held), ...(rest.length === 0 ? [] : [tests, keys])];
  const isSafe =
    (branches.length === 1 && rest.length === 0) ||
    !branches.some(({ action }) => asked.some((held) => held !== 'never' && isAsked(held, action)));
  if (isSafe) {
    const rules = branches.flatMap(({ held, action }) =>
      held === 'never' ? [] : ruleOf([...tests, ...held], action, placing),
    );
    return rest.length === 0 ? rules : [...rules, ...emit(rest, [...tests, ...keys], placing, depth)];
  }
  return apart(tests, rest, placing, depth, () =>
    branches.flatMap(({ held, action }) => {
      if (held === 'never') return [];
      const chain = placing.addChain([...ruleOf([], action, placing), ...emit(rest, [], placing, depth + 1)]);
      return ruleOf(held, { kind: 'goto', chain }, placing);
    }),
  );
}

/** An action behind which the chain that it stands in is left. */
function leaving(action: PolicyAction, placing: Counting): PolicyAction {
  if (action.kind === 'jump') return { kind: 'goto', chain: action.chain };
  return { kind: 'goto', chain: placing.addChain(ruleOf([], action, placing)) };
}

/** Rules in a chain of their own, so that the tests before them are asked once. */
function apart(
  tests: readonly Test[],
  rest: readonly Step[],
  placing: Counting,
  depth: number,
  rules: () => PolicyRule[],
): PolicyRule[] {
  // What returns, or goes elsewhere for good, would return from the chain of its own alone.
  const leaves = rest.some(leavesChain);
  const [only] = rest;
  const isPlain = rest.length === 1 && only?.kind === 'act' && only.tests.length === 0 && only.only === undefined;
  if (depth >= DEEPEST || !placing.mayAdd() || (leaves && !isPlain)) return ruleOf(tests, NOT_FOLLOWED, placing);
  const chain = placing.addChain(rules());
  return ruleOf(tests, { kind: leaves ? 'goto' : 'jump', chain }, placing);
}

function leavesChain(step: Step): boolean {
  const actions = step.kind === 'act' ? [step.action] : step.branches.map(({ action }) => action);
  return actions.some(({ kind }) => kind === 'return' || kind === 'goto');
}

function ruleOf(tests: readonly Test[], action: PolicyAction, { origin }: Counting): PolicyRule[] {
  const all = joined(tests);
  return all === undefined ? [] : [{ tests: all, action, origin }];
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

function isAsked(tests: readonly Test[], action: PolicyAction): boolean {
  const changed = changes(action);
  return changed !== undefined && tests.some((test) => asks(test, changed));
}

/** Whether a test may turn out otherwise once that has changed. */
function asks(test: Test, changed: NonNullable<ReturnType<typeof changes>>): boolean {
  switch (test.kind) {
    case 'mark':
      return changed === 'mark' || changed === 'all';
    case 'connection-mark':
      return changed !== 'mark';
    case 'state':
    case 'translated':
      return changed === 'tracking' || changed === 'all';
    case 'any':
      return test.alternatives.some((tests) => tests.some((one) => asks(one, changed)));
    default:
      return false;
  }
}
