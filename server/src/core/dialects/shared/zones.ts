import { ANY_ADDRESS, type HeaderMatch } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Policy, PolicyRule, Test } from '../../model/policy.js';

/**
 * A firewall between zones, in words that all vendors share: interfaces belong to zones, and a policy
 * says what may go from one zone to another. What a zone's name means, and which rules a pair has, is
 * the dialect's to say.
 */
export interface ZoneFirewall {
  /** Unlike all other policies of the device: `zones`. */
  readonly name: string;
  readonly members: readonly ZoneMember[];
  readonly pairs: readonly ZonePair[];
  /** What goes between interfaces of one zone that has no pair with itself; words: it cannot be told, and why. */
  readonly withinZone: 'accept' | 'drop' | { readonly words: string };
}

/** An interface that takes part. What goes between interfaces of no zone is not the firewall's. */
export interface ZoneMember {
  readonly iface: string;
  readonly zone: string;
  /** Why it may belong to no zone, or to another. */
  readonly doubt?: string;
  /** The line that says so. */
  readonly origin: Origin;
}

/** What may go from one zone to another. */
export interface ZonePair {
  /** Unlike all other policies and chains of the device: `zone-pair MEDICAL-OUT`. */
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly rules: readonly PolicyRule[];
  readonly end: Policy['end'];
  /** What belongs to a connection that its rules have let through may go back, whatever the pair back says. */
  readonly isStateful: boolean;
  readonly origin: Origin;
}

/**
 * The firewall as policies: one for each pair, which only what goes between the two meets, and one for
 * what no pair is about.
 */
export function zonePolicies(firewall: ZoneFirewall): { policies: Policy[]; chains: Chain[] } {
  const { members } = firewall;
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  if (members.length === 0) return { policies, chains };
  const add = (policy: Omit<Policy, 'hook' | 'priority' | 'beforeTracking' | 'chain'>, rules: PolicyRule[]): void => {
    const { name, end } = policy;
    policies.push({ ...policy, hook: 'forward', priority: 0, beforeTracking: false, chain: name });
    chains.push({ key: name, name, rules, origin: end.origin });
  };
  for (const pair of firewall.pairs) {
    const source = membersOf(members, pair.source);
    const destination = membersOf(members, pair.destination);
    if (source.length === 0 || destination.length === 0) continue;
    const when = [comesIn(source), goesOut(destination)];
    add({ name: pair.name, purpose: 'filter', when, end: pair.end }, [
      ...returning(firewall, pair.source, pair.destination, pair.origin),
      ...pair.rules,
    ]);
  }
  const [first] = members;
  if (first !== undefined) {
    // It lets through nothing that a rule of a pair has not: a finding never names it.
    const end = { action: 'accept' as const, origin: first.origin };
    add({ name: firewall.name, purpose: 'other', end }, rulesOfTheRest(firewall));
  }
  return { policies, chains };
}

/** The interfaces that surely belong to a zone. */
function membersOf(members: readonly ZoneMember[], zone: string): string[] {
  return members.filter((one) => one.zone === zone && one.doubt === undefined).map((one) => one.iface);
}

function comesIn(names: readonly string[], negated = false): Test {
  return { kind: 'in', names, negated };
}

function goesOut(names: readonly string[], negated = false): Test {
  return { kind: 'out', names, negated };
}

const ESTABLISHED: HeaderMatch = { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: [{}], state: 'established' };

/** What may belong to a connection that the pair the other way round has let through. */
function returning({ pairs }: ZoneFirewall, source: string, destination: string, origin: Origin): PolicyRule[] {
  return pairs
    .filter((pair) => pair.isStateful && pair.source === destination && pair.destination === source)
    .map(({ name }) => ({
      tests: [{ kind: 'header', matches: [ESTABLISHED], original: false, negated: false }],
      action: { kind: 'unknown', words: `it may belong to a connection that ${name} has let through` },
      origin,
    }));
}

/** What no pair is about: it is dropped, but for what stays within a zone, and where a zone is in doubt. */
function rulesOfTheRest(firewall: ZoneFirewall): PolicyRule[] {
  const { members, pairs, withinZone } = firewall;
  const rules: PolicyRule[] = [];
  for (const { iface, doubt, origin } of members) {
    if (doubt === undefined) continue;
    const action = { kind: 'unknown' as const, words: doubt };
    rules.push({ tests: [comesIn([iface])], action, origin }, { tests: [goesOut([iface])], action, origin });
  }
  const sure = members.filter((one) => one.doubt === undefined);
  const every = members.map((one) => one.iface);
  for (const zone of new Set(sure.map((one) => one.zone))) {
    const towards = new Set(pairs.filter((pair) => pair.source === zone).map((pair) => pair.destination));
    const back = pairs.filter((pair) => pair.isStateful && pair.destination === zone && !towards.has(pair.source));
    const own = membersOf(members, zone);
    const open = sure.filter((one) => one.zone === zone || towards.has(one.zone)).map((one) => one.iface);
    for (const { iface, origin } of sure.filter((one) => one.zone === zone)) {
      for (const { source } of back) {
        for (const rule of returning(firewall, zone, source, origin)) {
          rules.push({ ...rule, tests: [comesIn([iface]), goesOut(membersOf(members, source)), ...rule.tests] });
        }
      }
      if (!towards.has(zone) && withinZone !== 'accept') {
        const action =
          withinZone === 'drop' ? ({ kind: 'drop' } as const) : { kind: 'unknown' as const, ...withinZone };
        rules.push({ tests: [comesIn([iface]), goesOut(own)], action, origin });
      }
      rules.push({ tests: [comesIn([iface]), goesOut(open, true)], action: { kind: 'drop' }, origin });
    }
  }
  for (const { iface, origin } of sure) {
    rules.push({ tests: [comesIn(every, true), goesOut([iface])], action: { kind: 'drop' }, origin });
  }
  return rules;
}
