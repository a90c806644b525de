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
  /** The key of the chain that what stands behind this rule is to stand in; it is then what the rule falls out to. */
  tail(): string;
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
    tail: () => placing.tail(),
    mayAdd: () => added < MOST_CHAINS,
  };
  return emit(steps, [], counting, 0, undefined);
}

/** One rule needs no more chains of its own: maps within maps would multiply them. */
const MOST_CHAINS = 256;

interface Counting extends Placing {
  mayAdd(): boolean;
}

/** `tail`: where the chain of its own goes on that the rules are for; absent: it returns. */
function emit(
  steps: readonly Step[],
  before: readonly Test[],
  placing: Counting,
  depth: number,
  tail: string | undefined,
): PolicyRule[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [];
  const tests = step.tests.length === 0 ? before : [...before, ...step.tests];
  switch (step.kind) {
    case 'act': {
      const { action, only } = step;
      if (only !== undefined)
        return [...ruleOf([...tests, ...only], action, placing), ...emit(rest, tests, placing, depth, tail)];
      if (rest.length === 0 || !isAsked(tests, action)) {
        return [...ruleOf(tests, action, placing), ...emit(rest, tests, placing, depth, tail)];
      }
      return apart(tests, rest, true, placing, depth, tail, (end) => [
        ...ruleOf([], action, placing),
        ...emit(rest, [], placing, depth + 1, end),
      ]);
    }
    case 'choice':
      return emitChoice(step.branches, step.goesOn, tests, rest, placing, depth, tail);
    case 'change':
      return emitChange(step.branches, step.keys, tests, rest, placing, depth, tail);
  }
}

function emitChoice(
  branches: readonly Branch[],
  goesOn: Held,
  tests: readonly Test[],
  rest: readonly Step[],
  placing: Counting,
  depth: number,
  tail: string | undefined,
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
    return follows ? [...rules, ...emit(rest, [...tests, ...goesOn], placing, depth, tail)] : rules;
  }
  const called: Branch[] = [];
  for (const branch of branches) {
    if (changes(branch.action) !== undefined) called.push(branch);
    else if (branch.held !== 'never') rules.push(...ruleOf([...tests, ...branch.held], branch.action, placing));
  }
  const inside = apart(tests, follows ? rest : [], false, placing, depth, tail, (end) => {
    const own = called.flatMap(({ held, action }) =>
      held === 'never' ? [] : ruleOf(held, leaving(action, placing, end), placing),
    );
    if (!follows) return own;
    const chain = placing.addChain([...emit(rest, [], placing, depth + 1, end), ...goTo(end, placing)]);
    return [...own, ...ruleOf(goesOn, { kind: 'goto', chain }, placing)];
  });
  return [...rules, ...inside];
}

function emitChange(
  branches: readonly Branch[],
  keys: Held,
  tests: readonly Test[],
  rest: readonly Step[],
  placing: Counting,
  depth: number,
  tail: string | undefined,
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
    return rest.length === 0 ? rules : [...rules, ...emit(rest, [...tests, ...keys], placing, depth, tail)];
  }
  return apart(tests, rest, false, placing, depth, tail, (end) =>
    branches.flatMap(({ held, action }) => {
      if (held === 'never') return [];
      const chain = placing.addChain([
        ...ruleOf([], action, placing),
        ...emit(rest, [], placing, depth + 1, end),
        ...goTo(end, placing),
      ]);
      return ruleOf(held, { kind: 'goto', chain }, placing);
    }),
  );
}

/** An action behind which the chain that it stands in is left. */
function leaving(action: PolicyAction, placing: Counting, end: string | undefined): PolicyAction {
  if (action.kind === 'jump' && end === undefined) return { kind: 'goto', chain: action.chain };
  return { kind: 'goto', chain: placing.addChain([...ruleOf([], action, placing), ...goTo(end, placing)]) };
}

function goTo(chain: string | undefined, placing: Counting): PolicyRule[] {
  return chain === undefined ? [] : ruleOf([], { kind: 'goto', chain }, placing);
}

/**
 * Rules in a chain of their own, so that the tests before them are asked once. Where one of them returns, or
 * goes elsewhere for good, the chain is gone to, and goes on to what stands behind the rule.
 * @param allMeetRest no packet falls out of the rules before the last of them
 */
function apart(
  tests: readonly Test[],
  rest: readonly Step[],
  allMeetRest: boolean,
  placing: Counting,
  depth: number,
  tail: string | undefined,
  rules: (end: string | undefined) => PolicyRule[],
): PolicyRule[] {
  if (depth >= DEEPEST || !placing.mayAdd()) return ruleOf(tests, NOT_FOLLOWED, placing);
  const [only] = rest;
  const isPlain =
    allMeetRest && rest.length === 1 && only?.kind === 'act' && only.tests.length === 0 && only.only === undefined;
  const leaves = rest.some(leavesChain);
  const end = tail ?? (leaves && !isPlain ? placing.tail() : undefined);
  const chain = placing.addChain([...rules(end), ...goTo(end, placing)]);
  return ruleOf(tests, { kind: leaves || end !== undefined ? 'goto' : 'jump', chain }, placing);
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
