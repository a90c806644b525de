import { ANY_ADDRESS, type HeaderMatch, type ServiceTerm } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Policy, PolicyRule, Test } from '../../model/policy.js';
import { Protocol, TcpFlag } from '../../net/protocols.js';
import { type ZoneMember, type ZonePair, zonePolicies } from '../common/zones.js';
import { servicesOf } from './applications.js';
import type { IosConfig } from './config.js';
import {
  CLASS_DEFAULT,
  type IosInspectClass,
  type IosMatch,
  type IosPolicyClass,
  type IosZonePair,
} from './zone-config.js';

/**
 * The zone-based firewall as policies, after "Zone-Based Policy Firewalls" (Security Configuration Guide,
 * Cisco IOS XE 17) and "Understand the Zone-Based Policy Firewall Design" (Cisco, document 98628):
 *
 * - Between two zones only what the policy of their pair lets through; without a pair, or without a
 *   policy on it, nothing. Within a zone everything, unless the zone has a pair with itself.
 * - Between an interface of a zone and one of none, nothing. Between interfaces of none, everything.
 * - The first class that a packet matches decides; what matches none is of `class-default`, which drops
 *   unless it says otherwise.
 *
 * Pairs with the zone `self` are about packets to and from the device itself, which are not followed.
 */
export function convertZones(config: IosConfig): { policies: Policy[]; chains: Chain[] } {
  return zonePolicies({
    name: 'zones',
    members: membersOf(config),
    pairs: pairsOf(config),
    withinZone: isRelease15(config)
      ? { words: 'a device of release 15 may drop what goes between interfaces of one zone' }
      : 'accept',
  });
}

/** The releases of which Cisco's documents say different things of traffic within a zone. */
function isRelease15({ version }: IosConfig): boolean {
  return version !== undefined && /^15\./.test(version);
}

const DEFAULT_ZONE = 'default';
const SELF = 'self';

function membersOf(config: IosConfig): ZoneMember[] {
  const { zones, unread: line } = config.zoneFirewall;
  const doubt = line === undefined ? {} : { doubt: `"${line.label}" was not understood` };
  // On IOS XE, where the zone `default` is made, an interface of no zone is in it.
  const fallback = zones.get(DEFAULT_ZONE);
  return [...config.interfaces.values()].flatMap((iface): ZoneMember[] => {
    const { zone, id } = iface;
    if (zone === undefined) {
      return fallback === undefined ? [] : [{ iface: id.name, zone: DEFAULT_ZONE, origin: iface.origin, ...doubt }];
    }
    const member = { iface: id.name, zone: zone.name, origin: zone.origin, ...doubt };
    // A device takes no interface into a zone that it does not have.
    return [zones.has(zone.name) ? member : { ...member, doubt: `the zone ${zone.name} is not defined` }];
  });
}

function pairsOf(config: IosConfig): ZonePair[] {
  const pairs = [...config.zoneFirewall.pairs.values()].filter(
    ({ source, destination }) => source !== SELF && destination !== SELF,
  );
  // A policy of many pairs is made into rules once, but for what is said where it is not defined.
  const known = new Map<string | undefined, PolicyRule[]>();
  const counts = new Map<string, number>();
  const zonesOf = ({ source, destination }: IosZonePair) => JSON.stringify([source, destination]);
  for (const pair of pairs) counts.set(zonesOf(pair), (counts.get(zonesOf(pair)) ?? 0) + 1);
  return pairs.map((pair) => {
    const rules = known.get(pair.policy?.name) ?? rulesOf(config, pair);
    known.set(pair.policy?.name, rules);
    // A device has one pair for each direction: of several, any one may be the one.
    const isOnly = counts.get(zonesOf(pair)) === 1;
    return {
      name: `zone-pair ${pair.name}`,
      source: pair.source,
      destination: pair.destination,
      rules: [
        ...(isOnly ? [] : [unread('there is another pair of these zones', pair.origin)]),
        ...(pair.unread === undefined ? [] : [unread(`"${pair.unread}" was not understood`, pair.origin)]),
        ...rules,
      ],
      end: { action: 'drop', origin: endOf(config, pair) },
      // What is inspected, or may be: `pass` lets through one way, and no answer.
      isStateful: rules.some(({ action }) => action.kind === 'unknown'),
      origin: pair.origin,
    };
  });
}

/** The line that says what becomes of what no class takes. */
function endOf(config: IosConfig, { policy, origin }: IosZonePair): Origin {
  if (policy === undefined) return origin;
  const map = config.zoneFirewall.policies.get(policy.name);
  return map?.classes.get(CLASS_DEFAULT)?.origin ?? map?.origin ?? policy.origin;
}

function rulesOf(config: IosConfig, { policy }: IosZonePair): PolicyRule[] {
  if (policy === undefined) return [];
  const map = config.zoneFirewall.policies.get(policy.name);
  if (map === undefined) return [unread(`the policy map ${policy.name} is not defined`, policy.origin)];
  const last = map.classes.get(CLASS_DEFAULT);
  const named = [...map.classes.values()].filter((one) => one !== last);
  return [...named, ...(last === undefined ? [] : [last])].flatMap((one) => rulesOfClass(config, one));
}

function unread(words: string, origin: Origin): PolicyRule {
  return { tests: [], action: { kind: 'unknown', words }, origin };
}

function rulesOfClass(config: IosConfig, one: IosPolicyClass): PolicyRule[] {
  const { name, action, origin } = one;
  const tests = name === CLASS_DEFAULT ? [] : testsOfClass(config, name, { left: MOST_MATCHES });
  if (one.unread !== undefined) {
    return [{ tests, action: { kind: 'unknown', words: `${one.unread}: not modelled` }, origin }];
  }
  switch (action) {
    case 'drop':
      // The end of the policy says so.
      return name === CLASS_DEFAULT ? [] : [{ tests, action: { kind: 'drop' }, origin }];
    case 'pass':
      return [{ tests, action: { kind: 'accept' }, origin }];
    case 'inspect': {
      const inspected: Test = { kind: 'header', matches: INSPECTED, original: false, negated: false };
      return [
        { tests: [...tests, inspected], action: { kind: 'accept' }, origin },
        {
          tests,
          action: { kind: 'unknown', words: 'inspection may drop what opens no connection of TCP, UDP or ICMP' },
          origin,
        },
      ];
    }
    case undefined:
      if (name === CLASS_DEFAULT) return [];
      return [{ tests, action: { kind: 'unknown', words: `the class ${name} has no action` }, origin }];
  }
}

const OPENING: readonly ServiceTerm[] = [
  {
    protocol: Protocol.tcp,
    tcpFlags: { kind: 'all', set: TcpFlag.syn, clear: TcpFlag.ack | TcpFlag.rst | TcpFlag.fin },
  },
  { protocol: Protocol.udp },
  { protocol: Protocol.icmp, icmp: [{ type: 8 }] },
];
const OF_CONNECTIONS: readonly ServiceTerm[] = [
  { protocol: Protocol.tcp },
  { protocol: Protocol.udp },
  { protocol: Protocol.icmp },
];

/** What inspection surely lets through: what opens a connection that it follows, and what belongs to one. */
const INSPECTED: readonly HeaderMatch[] = [
  { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: OPENING, state: 'new' },
  { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: OF_CONNECTIONS, state: 'established' },
];

/** Class maps that ask each other, again and again, may hold or not from here on. */
const MOST_MATCHES = 1000;

function testsOfClass(config: IosConfig, name: string, budget: { left: number }): readonly Test[] {
  const map = config.zoneFirewall.classes.get(name);
  if (map === undefined) return [undecidable(`the class map ${name} is not defined`)];
  if (map.matches.size === 0) return [undecidable(`the class map ${name} matches nothing that is read`)];
  budget.left -= map.matches.size;
  if (budget.left < 0) return [undecidable(`the class map ${name} asks too many others`)];
  return testsOfMap(config, map, budget);
}

function testsOfMap(config: IosConfig, { all, matches }: IosInspectClass, budget: { left: number }): readonly Test[] {
  const tests = [...matches.values()].map((match) => testOf(config, match, budget));
  const [first] = tests;
  if (all || (first !== undefined && tests.length === 1)) return tests;
  return [{ kind: 'any', alternatives: tests.map((test) => [test]), negated: false }];
}

function testOf(config: IosConfig, { kind, name, negated }: IosMatch, budget: { left: number }): Test {
  switch (kind) {
    case 'list':
      return { kind: 'list', acl: name, negated, empty: 'undecidable' };
    case 'class':
      return { kind: 'any', alternatives: [testsOfClass(config, name, budget)], negated };
    case 'protocol': {
      const services = servicesOf(name, config.zoneFirewall.mapped);
      if (services === undefined) return undecidable(`match protocol ${name}: its ports are not known for certain`);
      const matches = [{ src: ANY_ADDRESS, dst: ANY_ADDRESS, services }];
      return { kind: 'header', matches, original: false, negated };
    }
    case 'unread':
      return undecidable(`${name}: not modelled`);
  }
}

function undecidable(words: string): Test {
  return { kind: 'undecidable', words };
}
