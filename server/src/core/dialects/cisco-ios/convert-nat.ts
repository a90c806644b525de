import { DEFAULT_VRF, type StaticRoute, type Uncertainty } from '../../model/device.js';
import { type AddressTerm, ANY_ADDRESS, ANY_SERVICE, type HeaderMatch } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Hook, Policy, PolicyRule, RoutingRule, Test, TranslatedAddress } from '../../model/policy.js';
import { lastIp, prefixOf } from '../../net/prefix.js';
import type { IosConfig, IosInterface } from './config.js';
import { listTest, permitTests, writtenName } from './convert-route-map.js';
import { interfaceName } from './interface-names.js';
import type { IosDynamicNat, IosNatAddress, IosNatRule, IosStaticNat } from './nat-config.js';

/**
 * Address translation between inside and outside interfaces, as policies.
 *
 * What comes in by an outside interface is translated before it is routed; what goes from inside to outside
 * behind the routing, and before the outward list. Source: Cisco, "NAT: Local and Global Definitions" and
 * "NAT Order of Operation" (document 6209).
 *
 * A dynamic translation is made by the first packet from its own side. What comes from the other side meets
 * it only as part of a known connection, or, for outside addresses, once the host has spoken.
 */
export interface NatPolicies {
  readonly policies: readonly Policy[];
  readonly chains: readonly Chain[];
  /** Into the table of the VRF that an inside host is in. */
  readonly routingRules: readonly RoutingRule[];
}

interface Sides {
  readonly config: IosConfig;
  readonly inside: readonly IosInterface[];
  readonly outside: readonly IosInterface[];
  /** Marks of the VRFs that translations lead into. */
  readonly marks: Map<string, number>;
}

const ANYWHERE = { first: 0, last: 0xffffffff };
const ANY_PORT = { first: 0, last: 65_535 };

export function convertNat(config: IosConfig): NatPolicies {
  const all = [...config.interfaces.values()];
  const sides: Sides = {
    config,
    inside: all.filter(({ nat }) => nat.inside !== undefined),
    outside: all.filter(({ nat }) => nat.outside !== undefined),
    marks: new Map(),
  };
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  if (sides.inside.length === 0 || sides.outside.length === 0) return { policies, chains, routingRules: [] };
  const add = (hook: Hook, field: string, rules: readonly PolicyRule[]): void => {
    const [first] = rules;
    if (first === undefined) return;
    const name = `ip nat ${hook === 'prerouting' ? 'from outside' : 'from inside'}, ${field}`;
    const { origin } = first;
    const outside: Test = { kind: 'in', names: namesOf(sides.outside), negated: false };
    const crossing: Test[] = [
      { kind: 'in', names: namesOf(sides.inside), negated: false },
      { kind: 'out', names: namesOf(sides.outside), negated: false },
    ];
    const tests = hook === 'prerouting' ? [outside] : crossing;
    const gate: PolicyRule = { tests, action: { kind: 'jump', chain: name }, origin };
    chains.push({ key: `${name}, all`, name, rules: [gate], origin }, { key: name, name, rules, origin });
    const end = { action: 'accept' as const, origin };
    // Not of the purpose `nat`: there, one translation of a packet ends all others of its direction.
    policies.push({ name, hook, priority: 0, purpose: 'other', beforeTracking: false, chain: `${name}, all`, end });
  };
  const { rules } = config.nat;
  const statics = rules.filter((rule) => rule.kind === 'static').sort((a, b) => narrowness(b) - narrowness(a));
  const dynamics = rules.filter((rule) => rule.kind === 'dynamic');
  const of = <T extends IosNatRule>(list: readonly T[], side: IosNatRule['side']) =>
    list.filter((rule) => rule.side === side);
  const insideSources = of(dynamics, 'inside').filter(({ field }) => field === 'source');
  const shared = of(dynamics, 'inside').filter(({ field }) => field === 'destination');
  add('prerouting', 'destination', [
    ...of(statics, 'inside').flatMap((rule) => fromAlias(sides, rule, 'dst')),
    ...insideSources.flatMap((rule) => backFromPool(sides, rule, 'dst')),
    ...shared.map((rule) => toPool(sides, rule, 'dst', [{ kind: 'undecidable', words: rule.origin.label }])),
    ...doubtful(config, 'destination'),
  ]);
  add('prerouting', 'source', [
    ...of(statics, 'outside').map((rule) => toAlias(sides, rule, 'src')),
    ...firstOf(sides, of(dynamics, 'outside')),
  ]);
  add('postrouting', 'source', [
    ...choices(of(statics, 'inside'), (rule) => toAlias(sides, rule, 'src')),
    ...firstOf(sides, insideSources),
    ...shared.flatMap((rule) => backFromPool(sides, rule, 'src')),
  ]);
  add('postrouting', 'destination', [
    ...of(statics, 'outside').flatMap((rule) => fromAlias(sides, rule, 'dst')),
    ...of(dynamics, 'outside').flatMap((rule) => backFromPool(sides, rule, 'dst')),
  ]);
  return { policies, chains, routingRules: tablesOf(sides) };
}

/** What packets from outside are led into: the table of the VRF that a translation names. */
function tablesOf({ marks, config }: Sides): RoutingRule[] {
  return [...marks].flatMap(([vrf, mark]): RoutingRule[] => {
    const origin = config.nat.rules.find((rule) => rule.vrf === vrf)?.origin;
    if (origin === undefined) return [];
    const tests: Test[] = [{ kind: 'mark', mask: 0xffffffff, ranges: [{ first: mark, last: mark }], negated: false }];
    return [{ tests, action: { kind: 'table', vrf, isLast: true }, origin }];
  });
}

function namesOf(ifaces: readonly IosInterface[]): string[] {
  return ifaces.map(({ id }) => id.name);
}

/** Entries with ports are found before those without, and hosts before networks. */
function narrowness(rule: IosStaticNat): number {
  return rule.length + (rule.protocol === undefined ? 0 : 100);
}

/** The host's own address becomes its alias. */
function toAlias(sides: Sides, rule: IosStaticNat, field: 'src'): PolicyRule {
  const { own, alias, protocol } = rule;
  const tests: Test[] = [
    { kind: 'header', matches: [matchOf(field, termOf(own.ip ?? 0, rule.length), protocol, own.port)], ...PLAIN },
    ...conditionsOf(sides, rule),
  ];
  return translate(tests, field, addressOf(sides.config, alias, rule.length), portsOf(alias.port), rule.origin);
}

const PLAIN = { original: false, negated: false } as const;

/** The alias becomes the host's own address. */
function fromAlias(sides: Sides, rule: IosStaticNat, field: 'dst'): PolicyRule[] {
  const { own, alias, protocol } = rule;
  const known = addressOf(sides.config, alias, rule.length);
  const term = known.kind === 'range' ? [{ kind: 'range' as const, first: known.first, last: known.last }] : undefined;
  const terms = known.kind === 'prefix' ? [rangeOf(known.prefix.ip, rule.length)] : (term ?? [...ANY_ADDRESS]);
  const tests: Test[] = [{ kind: 'header', matches: [matchOf(field, terms, protocol, alias.port)], ...PLAIN }];
  if (known.kind === 'unknown') tests.push({ kind: 'undecidable', words: known.words });
  if (rule.routeMap !== undefined) tests.push({ kind: 'undecidable', words: rule.origin.label });
  if (rule.side === 'outside') tests.push(...ofVrf(sides, rule));
  const target = addressOf(sides.config, own, rule.length);
  const translated = translate(tests, field, target, portsOf(own.port), rule.origin);
  return rule.side === 'inside' ? [...intoVrf(sides, rule, tests), translated] : [translated];
}

/** Marks what is led into the table of a VRF. */
function intoVrf({ marks }: Sides, { vrf, origin }: IosNatRule, tests: readonly Test[]): PolicyRule[] {
  if (vrf === undefined) return [];
  const mark = marks.get(vrf) ?? marks.size + 1;
  marks.set(vrf, mark);
  return [{ tests, action: { kind: 'set-mark', target: 'mark', mask: 0xffffffff, value: mark }, origin }];
}

/**
 * Dynamic translations. Where the conditions of several hold for a packet, nothing that Cisco documents
 * says which is made, and an address of any of them may be taken.
 */
function firstOf(sides: Sides, rules: readonly IosDynamicNat[]): PolicyRule[] {
  return rules.flatMap((rule, at) => {
    const [next, ...others] = rules.slice(at + 1);
    if (next === undefined) return [toPool(sides, rule, 'src', conditionsOf(sides, rule))];
    const rest = [next, ...others];
    const alternatives = rest.map((one) => conditionsOf(sides, one));
    const tests: Test[] = [...conditionsOf(sides, rule), { kind: 'any', alternatives, negated: false }];
    const all = [rule, ...rest].map((one) => targetOf(sides.config, one));
    const ports = [rule, ...rest].some(({ overload }) => overload) ? ANY_PORT : undefined;
    return [
      translate(tests, 'src', hullOf(all), ports, rule.origin),
      toPool(sides, rule, 'src', conditionsOf(sides, rule)),
    ];
  });
}

function hullOf(addresses: readonly TranslatedAddress[]): TranslatedAddress {
  const ranges = addresses.flatMap((one) => (one.kind === 'range' ? [one] : []));
  if (ranges.length < addresses.length) return { kind: 'range', ...ANYWHERE };
  return {
    kind: 'range',
    first: Math.min(...ranges.map(({ first }) => first)),
    last: Math.max(...ranges.map(({ last }) => last)),
  };
}

/** Statements for one host (`extendable`): which of its aliases a new connection gets cannot be told. */
function choices(rules: readonly IosStaticNat[], ruleOf: (rule: IosStaticNat) => PolicyRule): PolicyRule[] {
  const groups = new Map<string, IosStaticNat[]>();
  for (const rule of rules) {
    const key = [rule.own.ip, rule.length, rule.protocol, rule.own.port, rule.vrf].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rule]);
    else group.push(rule);
  }
  return [...groups.values()].flatMap((group) => {
    const made = group.map(ruleOf);
    // A route map chooses among them, the first that permits.
    if (group.length === 1 || group.some(({ routeMap }) => routeMap !== undefined)) return made;
    const addresses = made.flatMap(({ action }) =>
      action.kind === 'translate' && action.address !== undefined ? [action.address] : [],
    );
    const [first] = made as [PolicyRule];
    if (first.action.kind !== 'translate') return made;
    const ports = first.action.ports === undefined ? {} : { ports: ANY_PORT };
    return [{ ...first, action: { ...first.action, address: hullOf(addresses), ...ports } }];
  });
}

function toPool(sides: Sides, rule: IosDynamicNat, field: 'src' | 'dst', tests: readonly Test[]): PolicyRule {
  return translate(tests, field, targetOf(sides.config, rule), rule.overload ? ANY_PORT : undefined, rule.origin);
}

/**
 * Back from an address of a pool to that of whichever host it stands for. An inside host's is known to packets
 * of known connections; an outside host's to all, once that host has spoken.
 */
function backFromPool(sides: Sides, rule: IosDynamicNat, field: 'src' | 'dst'): PolicyRule[] {
  const target = targetOf(sides.config, rule);
  const { first, last } = target.kind === 'range' ? target : ANYWHERE;
  const match = matchOf(field, [{ kind: 'range', first, last }], undefined, undefined);
  const tests: Test[] = [
    {
      kind: 'header',
      matches: [rule.side === 'inside' ? { ...match, state: 'established' } : match],
      ...PLAIN,
    },
    { kind: 'undecidable', words: `${rule.origin.label}: the translations that there are` },
  ];
  const translated = translate(
    tests,
    field,
    { kind: 'range', ...ANYWHERE },
    rule.overload ? ANY_PORT : undefined,
    rule.origin,
  );
  return field === 'dst' && rule.side === 'inside' ? [...intoVrf(sides, rule, tests), translated] : [translated];
}

/** A statement that was not understood may give new packets from outside another destination. */
function doubtful({ nat }: IosConfig, field: 'destination'): PolicyRule[] {
  return nat.doubts
    .filter((doubt) => doubt.between === 'inside-outside' && doubt[field])
    .map(({ origin }) =>
      translate(
        [{ kind: 'undecidable', words: `not understood: ${origin.label}` }],
        'dst',
        { kind: 'range', ...ANYWHERE },
        ANY_PORT,
        origin,
      ),
    );
}

function translate(
  tests: readonly Test[],
  field: 'src' | 'dst',
  address: TranslatedAddress,
  ports: { readonly first: number; readonly last: number } | undefined,
  origin: Origin,
): PolicyRule {
  return { tests, action: { kind: 'translate', field, address, ...(ports === undefined ? {} : { ports }) }, origin };
}

function conditionsOf(sides: Sides, rule: IosNatRule): Test[] {
  const tests = ofVrf(sides, rule);
  if (rule.kind === 'static') {
    return rule.routeMap === undefined ? tests : [...tests, ...permitTests(sides.config, rule.routeMap)];
  }
  const { kind, name } = rule.condition;
  return [...tests, ...(kind === 'list' ? [listTest(name)] : permitTests(sides.config, name))];
}

/**
 * The interfaces of the statement's VRF. One without a VRF is for the global table; whether it is also
 * applied to what comes from inside a VRF is not documented.
 */
function ofVrf({ inside, outside }: Sides, { vrf, side, matchInVrf }: IosNatRule): Test[] {
  const own = (iface: IosInterface): boolean => (iface.vrf ?? DEFAULT_VRF) === (vrf ?? DEFAULT_VRF);
  if (side === 'outside') {
    return outside.every(own) || !matchInVrf
      ? []
      : [{ kind: 'in', names: namesOf(outside.filter(own)), negated: false }];
  }
  if (inside.every(own)) return [];
  if (vrf !== undefined) return [{ kind: 'in', names: namesOf(inside.filter(own)), negated: false }];
  const words = 'a translation without a VRF may be applied to packets of one';
  const alternatives: Test[][] = [
    [{ kind: 'in', names: namesOf(inside.filter(own)), negated: false }],
    [{ kind: 'undecidable', words }],
  ];
  return [{ kind: 'any', alternatives, negated: false }];
}

function matchOf(
  field: 'src' | 'dst',
  terms: readonly AddressTerm[],
  protocol: number | undefined,
  port: number | undefined,
): HeaderMatch {
  const range = port === undefined ? undefined : [{ first: port, last: port }];
  const ports = range === undefined ? {} : field === 'src' ? { srcPorts: range } : { dstPorts: range };
  return {
    src: field === 'src' ? terms : ANY_ADDRESS,
    dst: field === 'dst' ? terms : ANY_ADDRESS,
    services: protocol === undefined ? ANY_SERVICE : [{ protocol, ...ports }],
  };
}

function termOf(ip: number, length: number): AddressTerm[] {
  return [rangeOf(ip, length)];
}

function rangeOf(ip: number, length: number): AddressTerm {
  const prefix = prefixOf(ip, length);
  return { kind: 'range', first: prefix.ip, last: lastIp(prefix) };
}

function portsOf(port: number | undefined): { readonly first: number; readonly last: number } | undefined {
  return port === undefined ? undefined : { first: port, last: port };
}

function addressOf(config: IosConfig, { ip, iface }: IosNatAddress, length: number): TranslatedAddress {
  if (ip === undefined) return interfaceAddress(config, iface ?? '');
  if (length < 32) return { kind: 'prefix', prefix: prefixOf(ip, length) };
  return { kind: 'range', first: ip, last: ip };
}

function targetOf(config: IosConfig, { target }: IosDynamicNat): TranslatedAddress {
  if (target.kind === 'interface') return interfaceAddress(config, target.name);
  const ranges = config.nat.pools.get(target.name)?.ranges ?? [];
  if (ranges.length === 0) return { kind: 'unknown', words: `the pool ${target.name} is not known` };
  return hullOf(ranges.map(({ first, last }) => ({ kind: 'range', first, last })));
}

function interfaceAddress(config: IosConfig, written: string): TranslatedAddress {
  const ip = config.interfaces.get(interfaceName(written).key)?.primary?.ip;
  if (ip === undefined)
    return { kind: 'unknown', words: `the address of ${writtenName(config, written)} is not known` };
  return { kind: 'range', first: ip, last: ip };
}

/** `add-route`: the alias of an outside host is reached by way of its own address. */
export function natRoutes({ nat }: IosConfig, vrf: string): StaticRoute[] {
  return nat.rules.flatMap((rule): StaticRoute[] => {
    if (rule.kind !== 'static' || !rule.addRoute || rule.side !== 'outside') return [];
    const { own, alias, length, origin } = rule;
    if ((rule.vrf ?? DEFAULT_VRF) !== vrf || own.ip === undefined || alias.ip === undefined) return [];
    const prefix = prefixOf(alias.ip, length);
    return [{ prefix, nextHop: own.ip, discard: false, distance: 1, permanent: false, origin }];
  });
}

/** Between inside and outside, what statements of which no more is known may rewrite. */
export function natUncertainties({ nat }: IosConfig, iface: IosInterface): readonly Uncertainty[] {
  const { inside, outside, enable } = iface.nat;
  const found: Uncertainty[] = [];
  const note = (between: 'inside-outside' | 'enable', direction: 'in' | 'out', origin: Origin | undefined): void => {
    const doubts = nat.doubts.filter((doubt) => doubt.between === between);
    if (origin === undefined || doubts.length === 0) return;
    const source = doubts.some((doubt) => doubt.source);
    const destination = doubts.some((doubt) => doubt.destination);
    found.push({
      effect: 'may-rewrite',
      direction,
      fields: [...(source ? (['src', 'srcPort'] as const) : []), ...(destination ? (['dst', 'dstPort'] as const) : [])],
      words: `${origin.label}: its translation is not modelled`,
      origin,
    });
  };
  note('inside-outside', 'in', inside);
  note('inside-outside', 'out', outside);
  note('enable', 'in', enable);
  note('enable', 'out', enable);
  return found;
}
