import { DEFAULT_VRF } from '../../model/device.js';
import type { PolicyHop, RoutingRule, Test } from '../../model/policy.js';
import type { IosConfig, IosInterface } from './config.js';
import { entriesOf, matchTests, writtenName } from './convert-route-map.js';
import { interfaceName } from './interface-names.js';
import type { IosRouteMapEntry, IosSet } from './route-map-config.js';

type Action = RoutingRule['action'];

/**
 * How a table is chosen for what comes in: by the route map of the interface, then the table of its VRF.
 * Undefined where no interface has one, and nothing else asks for rules.
 *
 * The first entry that matches decides: a deny, and a permit that sets nothing, ask for the table. The sets of
 * a permit are tried in the order next hop, interface, default next hop, default interface, and behind
 * them the table. Source: Cisco IOS IP Routing: Protocol-Independent Command Reference, `set ip next-hop`.
 */
export function convertPolicyRouting(config: IosConfig, others: readonly RoutingRule[]): RoutingRule[] | undefined {
  const all = [...config.interfaces.values()];
  const policies = all.flatMap((iface) => rulesOf(config, iface));
  if (policies.length === 0 && others.length === 0) return undefined;
  const byVrf = new Map<string, IosInterface[]>();
  for (const iface of all) {
    const vrf = iface.vrf ?? DEFAULT_VRF;
    byVrf.set(vrf, [...(byVrf.get(vrf) ?? []), iface]);
  }
  const tables = [...byVrf].map(([vrf, members]): RoutingRule => {
    const [first] = members as [IosInterface];
    const names = members.map(({ id }) => id.name);
    return { tests: [{ kind: 'in', names, negated: false }], action: { kind: 'table', vrf }, origin: first.origin };
  });
  return [...others, ...policies, ...tables];
}

function rulesOf(config: IosConfig, iface: IosInterface): RoutingRule[] {
  const { policyRouteMap, id } = iface;
  if (policyRouteMap === undefined) return [];
  const { name, origin } = policyRouteMap;
  const entering: Test = { kind: 'in', names: [id.name], negated: false };
  const map = config.routeMaps.get(name);
  // A device routes as if it were not there; the file may be a part of one that has it.
  if (map === undefined) {
    return [{ tests: [entering], action: { kind: 'unknown', words: `route-map ${name} is not defined` }, origin }];
  }
  const vrf = iface.vrf ?? DEFAULT_VRF;
  return entriesOf(map).flatMap((entry) => {
    const tests = [entering, ...matchTests(config, entry, false)];
    // Where `continue` counts, the entries behind it are asked, too.
    if (entry.continues !== undefined) tests.push({ kind: 'undecidable', words: entry.continues.label });
    return actionsOf(config, entry, vrf).map(({ action, origin: line }) => ({ tests, action, origin: line }));
  });
}

interface Step {
  readonly action: Action;
  readonly origin: IosRouteMapEntry['origin'];
}

/** What an entry does with what it matches, one step after the other. */
function actionsOf(config: IosConfig, entry: IosRouteMapEntry, vrf: string): Step[] {
  const table: Step = { action: { kind: 'table', vrf, isLast: true }, origin: entry.origin };
  if (!entry.permits) return [table];
  const sets = [...entry.sets.values()];
  const unknown = sets.find(({ kind }) => kind === 'unknown');
  const other = sets.find((set) => set.kind === 'vrf');
  const steps: Step[] = [];
  if (unknown !== undefined) {
    steps.push({ action: { kind: 'unknown', words: `${unknown.origin.label}: not modelled` }, origin: unknown.origin });
  }
  const verify = sets.find(({ kind }) => kind === 'verify');
  const hopsOf = (isDefault: boolean, recursive: boolean): Step[] =>
    sets.flatMap((set) =>
      set.kind === 'next-hops' && set.isDefault === isDefault && set.recursive === recursive
        ? [{ action: { kind: 'next-hops', hops: gateways(set, vrf, verify?.origin.label) }, origin: set.origin }]
        : [],
    );
  const interfaces = (isDefault: boolean): Step[] =>
    sets.flatMap((set) =>
      set.kind === 'interfaces' && set.isDefault === isDefault ? outOf(config, set.names, set.origin) : [],
    );
  steps.push(...hopsOf(false, false), ...hopsOf(false, true));
  // A look-up in another table ends there.
  if (other !== undefined) {
    const { name, origin } = other;
    const isKnown = name === DEFAULT_VRF || config.vrfs.has(name);
    const words = `VRF ${name} is not defined`;
    return [
      ...steps,
      { action: isKnown ? { kind: 'table', vrf: name, isLast: true } : { kind: 'unknown', words }, origin },
    ];
  }
  steps.push(...interfaces(false));
  const defaults = [...hopsOf(true, false), ...interfaces(true)];
  const [first] = defaults;
  if (first !== undefined) {
    // A default route is no explicit route, wherever it leads.
    const explicit: Action = { kind: 'table', vrf, suppressLength: 0, suppressDiscards: true };
    steps.push({ action: explicit, origin: first.origin }, ...defaults);
  }
  return [...steps, table];
}

function gateways(
  { hops, recursive, verify, vrf }: IosSet & { kind: 'next-hops' },
  own: string,
  verified: string | undefined,
): PolicyHop[] {
  const undecidable = verify ?? verified;
  return hops.map((ip) => ({
    kind: 'gateway',
    ip,
    vrf: vrf ?? own,
    recursive,
    ...(undecidable === undefined ? {} : { undecidable }),
  }));
}

/**
 * `set interface`: what has no explicit route may be dropped, or routed as if the line were not there; which,
 * differs from platform to platform. `Null0` drops.
 * Sources: Cisco IOS command reference, `set interface`; Catalyst 4500 Software Configuration Guide, chapter 40.
 */
function outOf(config: IosConfig, names: readonly string[], origin: Step['origin']): Step[] {
  return names.map((written): Step => {
    if (interfaceName(written).key.startsWith('null')) return { action: { kind: 'discard' }, origin };
    const undecidable = `${origin.label}: without an explicit route it may not be used`;
    const hop: PolicyHop = { kind: 'iface', name: writtenName(config, written), undecidable };
    return { action: { kind: 'next-hops', hops: [hop] }, origin };
  });
}
