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
  const zones = zonesOf(firewall);
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  if (members.length === 0) return { policies, chains };
  const add = (policy: Omit<Policy, 'hook' | 'priority' | 'beforeTracking' | 'chain'>, rules: PolicyRule[]): void => {
    const { name, end } = policy;
    policies.push({ ...policy, hook: 'forward', priority: 0, beforeTracking: false, chain: name });
    chains.push({ key: name, name, rules, origin: end.origin });
  };
  for (const pair of firewall.pairs) {
    const source = zones.get(pair.source)?.members;
    const destination = zones.get(pair.destination)?.members;
    if (source === undefined || destination === undefined) continue;
    const when = [comesIn(source), goesOut(destination)];
    add({ name: pair.name, purpose: 'filter', when, end: pair.end }, [
      ...returning(zones.get(pair.destination)?.stateful.get(pair.source), pair.origin),
      ...pair.rules,
    ]);
  }
  const [first] = members;
  if (first !== undefined) {
    // It lets through nothing that a rule of a pair has not: a finding never names it.
    const end = { action: 'accept' as const, origin: first.origin };
    add({ name: firewall.name, purpose: 'other', end }, rulesOfTheRest(firewall, zones));
  }
  return { policies, chains };
}

/** What the firewall says of a zone. */
interface Zone {
  /** The interfaces that surely belong to it. */
  readonly members: string[];
  /** Where its pairs lead. */
  readonly towards: Set<string>;
  /** Names of the pairs that lead there and follow connections, by where they lead. */
  readonly stateful: Map<string, string[]>;
  /** The zones whose such pairs lead here. */
  readonly backTo: Set<string>;
}

function zonesOf({ members, pairs }: ZoneFirewall): ReadonlyMap<string, Zone> {
  const zones = new Map<string, Zone>();
  for (const { zone, iface, doubt } of members) {
    if (doubt !== undefined) continue;
    const known = zones.get(zone);
    if (known !== undefined) known.members.push(iface);
    else zones.set(zone, { members: [iface], towards: new Set(), stateful: new Map(), backTo: new Set() });
  }
  for (const { name, source, destination, isStateful } of pairs) {
    const from = zones.get(source);
    from?.towards.add(destination);
    if (!isStateful) continue;
    zones.get(destination)?.backTo.add(source);
    from?.stateful.set(destination, [...(from.stateful.get(destination) ?? []), name]);
  }
  return zones;
}

function comesIn(names: readonly string[], negated = false): Test {
  return { kind: 'in', names, negated };
}

function goesOut(names: readonly string[], negated = false): Test {
  return { kind: 'out', names, negated };
}

const ESTABLISHED: HeaderMatch = { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: [{}], state: 'established' };

/** What may belong to a connection that the pairs the other way round have let through. */
function returning(pairs: readonly string[] | undefined, origin: Origin): PolicyRule[] {
  if (pairs === undefined) return [];
  const words = `it may belong to a connection that ${pairs.join(' or ')} has let through`;
  const tests: Test[] = [{ kind: 'header', matches: [ESTABLISHED], original: false, negated: false }];
  return [{ tests, action: { kind: 'unknown', words }, origin }];
}

/** What no pair is about: it is dropped, but for what stays within a zone, and where a zone is in doubt. */
function rulesOfTheRest({ members, withinZone }: ZoneFirewall, zones: ReadonlyMap<string, Zone>): PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const { iface, doubt, origin } of members) {
    if (doubt === undefined) continue;
    const action = { kind: 'unknown' as const, words: doubt };
    rules.push({ tests: [comesIn([iface])], action, origin }, { tests: [goesOut([iface])], action, origin });
  }
  const sure = members.filter((one) => one.doubt === undefined);
  const every = members.map((one) => one.iface);
  const open = new Map([...zones.keys()].map((name) => [name, openTo(zones, name)]));
  for (const { iface, zone: name, origin } of sure) {
    const zone = zones.get(name);
    if (zone === undefined) continue;
    for (const source of zone.backTo) {
      if (zone.towards.has(source)) continue;
      const out = goesOut(zones.get(source)?.members ?? []);
      for (const rule of returning(zones.get(source)?.stateful.get(name), origin)) {
        rules.push({ ...rule, tests: [comesIn([iface]), out, ...rule.tests] });
      }
    }
    const isClosed = !zone.towards.has(name);
    if (isClosed && withinZone !== 'accept') {
      const action = withinZone === 'drop' ? ({ kind: 'drop' } as const) : { kind: 'unknown' as const, ...withinZone };
      rules.push({ tests: [comesIn([iface]), goesOut(zone.members)], action, origin });
    }
    rules.push({ tests: [comesIn([iface]), goesOut(open.get(name) ?? [], true)], action: { kind: 'drop' }, origin });
  }
  for (const { iface, origin } of sure) {
    rules.push({ tests: [comesIn(every, true), goesOut([iface])], action: { kind: 'drop' }, origin });
  }
  return rules;
}

/** The interfaces of a zone itself, and of those that its pairs lead to. */
function openTo(zones: ReadonlyMap<string, Zone>, name: string): string[] {
  const towards = zones.get(name)?.towards ?? new Set();
  return [...new Set([name, ...towards])].flatMap((one) => zones.get(one)?.members ?? []);
}
