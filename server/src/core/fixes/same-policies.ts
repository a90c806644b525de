import type { AceTable } from '../model/ace-table.js';
import type { Device } from '../model/device.js';
import type { AddressTerm } from '../model/header-match.js';
import type { Chain, Policy, PolicyRule, Rules, Test } from '../model/policy.js';
import { firstIp, lastIp, type Prefix } from '../net/prefix.js';
import { sameButPlaces } from './same-but-places.js';

/**
 * Whether the policies of a device do with every packet what they did before, less packets to the
 * destinations: the same policies and chains, rule by rule, but for rules that stop only such packets;
 * and no new policy but one that stops nothing else.
 */
export function samePolicies(a: Device, b: Device, destinations: readonly Prefix[]): boolean {
  if (!sameButPlaces(a.routingRules, b.routingRules)) return false;
  const isKnown = new Map((a.policies ?? []).map((policy) => [policy.name, policy]));
  const kept = (b.policies ?? []).filter((policy) => isKnown.has(policy.name));
  const added = (b.policies ?? []).filter((policy) => !isKnown.has(policy.name));
  return (
    kept.length === (a.policies ?? []).length &&
    kept.every((policy, at) => samePolicy(a.policies?.[at], policy)) &&
    added.every((policy) => stopsOnly(b, policy, destinations)) &&
    changedListsOnlyStop(a, b) &&
    [...(a.chains ?? [])].every(([key, chain]) => sameChain(chain, b.chains?.get(key), destinations))
  );
}

/**
 * Where a list that is a condition has changed, and so permits less, nothing passes that did not: what the list
 * permits is asked by rules that let through alone, and what it does not permit by rules that stop.
 */
function changedListsOnlyStop(a: Device, b: Device): boolean {
  const isChanged = (name: string): boolean => {
    const was = a.acls.get(name)?.entries;
    const is = b.acls.get(name)?.entries;
    return was !== is && (was === undefined || is === undefined || !saySame(was, is));
  };
  const asksChanged = (test: Test): boolean => hasList(test, isChanged);
  const translating = new Set((b.policies ?? []).filter(({ purpose }) => purpose === 'nat').map(({ chain }) => chain));
  const onlyStops = ({ key, rules }: Chain): boolean =>
    every(rules, ({ action, tests }) => {
      const changed = tests.filter(asksChanged);
      if (changed.length === 0) return true;
      if (translating.has(key)) return false;
      if (action.kind === 'drop') return changed.every((test) => test.kind === 'list' && test.negated);
      // What a rule that was not understood no longer is about, may pass no more than before.
      return ['accept', 'unknown'].includes(action.kind) && !tests.some(isNegated);
    });
  return (
    [...(b.chains?.values() ?? [])].every(onlyStops) &&
    !(b.policies ?? []).some(({ when }) => when?.some(asksChanged)) &&
    !(b.routingRules ?? []).some(({ tests }) => tests.some(asksChanged))
  );
}

function every(rules: Rules, holds: (rule: PolicyRule) => boolean): boolean {
  for (const rule of rules) if (!holds(rule)) return false;
  return true;
}

function saySame(a: AceTable, b: AceTable): boolean {
  if (a.hasRowsOf(b)) return true;
  if (a.count !== b.count) return false;
  for (let at = 0; at < a.count; at += 1) if (!a.saysTheSame(at, b, at)) return false;
  return true;
}

function hasList(test: Test, isMeant: (name: string) => boolean): boolean {
  if (test.kind === 'list') return isMeant(test.acl);
  return test.kind === 'any' && test.alternatives.some((tests) => tests.some((one) => hasList(one, isMeant)));
}

/** Whether the test, or one inside it, asks a list the other way round. */
function isNegated(test: Test): boolean {
  if (!hasList(test, () => true)) return false;
  if (test.kind === 'any') return test.negated || test.alternatives.some((tests) => tests.some(isNegated));
  return test.kind === 'list' && test.negated;
}

function samePolicy(a: Policy | undefined, b: Policy): boolean {
  return a !== undefined && sameButPlaces({ ...a, end: a.end.action }, { ...b, end: b.end.action });
}

/** The rules of the one in the order of the other, which has more of those that stop packets to the destinations. */
function sameChain(a: Chain, b: Chain | undefined, destinations: readonly Prefix[]): boolean {
  if (b === undefined) return false;
  let from = 0;
  for (const rule of b.rules) {
    const was = a.rules.at(from);
    if (was !== undefined && sameRule(was, rule)) from += 1;
    else if (!isOnlyStop(rule, destinations)) return false;
  }
  return from === a.rules.length;
}

function sameRule(a: PolicyRule, b: PolicyRule): boolean {
  return sameButPlaces(a.action, b.action) && sameButPlaces(a.tests, b.tests);
}

function stopsOnly(device: Device, { end, chain }: Policy, destinations: readonly Prefix[]): boolean {
  const rules = device.chains?.get(chain)?.rules ?? [];
  return end.action === 'accept' && every(rules, (rule) => isOnlyStop(rule, destinations));
}

/** A rule that does nothing but stop packets to the destinations. */
function isOnlyStop({ action, tests }: PolicyRule, destinations: readonly Prefix[]): boolean {
  return (
    action.kind === 'continue' ||
    (action.kind === 'drop' && tests.some((test) => isForDestinations(test, destinations)))
  );
}

function isForDestinations(test: Test, destinations: readonly Prefix[]): boolean {
  if (test.kind !== 'header' || test.negated || test.original) return false;
  return test.matches.every(({ dst }) =>
    dst.every((term) => {
      const { first, last } = hullOf(term);
      return destinations.some((one) => firstIp(one) <= first && last <= lastIp(one));
    }),
  );
}

function hullOf(term: AddressTerm): { readonly first: number; readonly last: number } {
  if (term.kind === 'range') return term;
  const first = (term.value & ~term.wildcard) >>> 0;
  return { first, last: (first | term.wildcard) >>> 0 };
}
