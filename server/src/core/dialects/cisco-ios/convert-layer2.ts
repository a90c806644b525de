import type { Origin } from '../../model/origin.js';
import type { Chain, Hook, Policy, PolicyRule, Test } from '../../model/policy.js';
import type { IosConfig, IosInterface } from './config.js';
import type { IosMapEntry } from './layer2-config.js';

/**
 * What a switch asks about packets that enter or leave a VLAN, at the VLAN's own interface: the VLAN
 * access map, and the lists on the ports by which it may have come in.
 *
 * "Configuring Network Security with ACLs" (Catalyst 3560, 3750-X and 4500 software configuration guides):
 * a VLAN map filters what is bridged in the VLAN and what is routed into it or out of it; what none of its
 * entries takes is dropped where one of them matches IP packets, and else forwarded; and a list on a port
 * of the VLAN takes precedence over the map. What comes from a host of a private VLAN is asked by the map of
 * the secondary VLAN, not of the one that has the interface.
 */
export function convertLayer2(config: IosConfig): { policies: Policy[]; chains: Chain[] } {
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  const switched = [...config.interfaces.values()].filter(({ id }) => id.kind === 'svi' && id.vlan !== undefined);
  const ports = portsWithLists(config);
  // Not every packet of a VLAN crosses a switch that does not route it.
  const isDoubtful = ({ id }: IosInterface): boolean =>
    !config.routing ||
    (id.vlan !== undefined && config.layer2.privateVlans.has(id.vlan)) ||
    ports.some((port) => carries(port, id.vlan));
  const doubtful = new Set(switched.filter(isDoubtful));
  for (const [at, { map, vlans, origin }] of config.vlanFilters.entries()) {
    const filtered = switched.filter(({ id }) => vlans === 'all' || (id.vlan !== undefined && vlans.has(id.vlan)));
    for (const isSure of [true, false]) {
      const names = filtered.filter((svi) => doubtful.has(svi) !== isSure).map(({ id }) => id.name);
      if (names.length === 0) continue;
      const key = `vlan access-map ${map}${isSure ? '' : ', in doubt'}`;
      if (!chains.some((one) => one.key === key)) {
        chains.push({ key, name: map, rules: rulesOfMap(config, map, origin, isSure), origin });
      }
      const end = { action: endOfMap(config, map), origin };
      for (const policy of bothWays(key, `${at + 1}`, names)) policies.push({ ...policy, chain: key, end });
    }
  }
  for (const svi of switched) {
    for (const direction of ['in', 'out'] as const) {
      const carrying = ports.filter((port) => carries(port, svi.id.vlan));
      const rules = carrying.flatMap((port) => rulesOfPort(port, direction));
      if (rules.length === 0) continue;
      const key = `port lists of ${svi.id.name} ${direction}`;
      const [policy] = bothWays(key, '', [svi.id.name]).filter(
        ({ hook }) => (hook === 'prerouting') === (direction === 'in'),
      );
      if (policy === undefined) continue;
      policies.push({ ...policy, chain: key, end: { action: 'accept', origin: svi.origin } });
      chains.push({ key, name: key, rules, origin: svi.origin });
    }
  }
  return { policies, chains };
}

/** Before anything else that runs there, and behind it. */
const FIRST = -1000;
const LAST = 1000;

function bothWays(key: string, mark: string, names: readonly string[]): Omit<Policy, 'chain' | 'end'>[] {
  const one = (hook: Hook, kind: 'in' | 'out', priority: number) => ({
    name: [key, mark, kind].filter((part) => part !== '').join(' '),
    hook,
    priority,
    purpose: 'other' as const,
    beforeTracking: false,
    when: [{ kind, names, negated: false }],
  });
  return [one('prerouting', 'in', FIRST), one('postrouting', 'out', LAST)];
}

function entriesOf({ layer2 }: IosConfig, map: string): IosMapEntry[] {
  return [...(layer2.maps.get(map)?.entries ?? [])].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function endOfMap(config: IosConfig, map: string): 'accept' | 'drop' {
  return entriesOf(config, map).some(({ lists }) => lists.size > 0) ? 'drop' : 'accept';
}

function rulesOfMap(config: IosConfig, map: string, filter: Origin, isSure: boolean): PolicyRule[] {
  const entries = entriesOf(config, map);
  const unknown = (words: string): PolicyRule => ({ tests: [], action: { kind: 'unknown', words }, origin: filter });
  if (entries.length === 0) return [unknown(`the VLAN access map ${map} is not defined`)];
  const rules = entries.flatMap(rulesOfEntry);
  const unread = config.layer2.maps.get(map)?.unread;
  if (unread !== undefined) rules.unshift(unknown(`${unread}: not understood`));
  if (isSure) return rules;
  const why = config.routing
    ? `the VLAN has lists on ports, or is private: the VLAN access map ${map} may not be asked`
    : `not all packets of the VLAN need to cross this switch and its VLAN access map ${map}`;
  return [unknown(why), ...rules];
}

function rulesOfEntry({ lists, others, action, origin }: IosMapEntry): PolicyRule[] {
  // What IPv6 is matched by is not asked about here.
  const doubtful = [...others].filter((line) => !/^ipv6\s/i.test(line));
  if (lists.size === 0 && others.size > 0 && doubtful.length === 0) return [];
  const alternatives: Test[] = [
    ...[...lists].map((acl): Test => ({ kind: 'list', acl, negated: false, empty: 'undecidable' })),
    ...doubtful.map((line): Test => ({ kind: 'undecidable', words: `match ${line}: not modelled` })),
  ];
  const [only] = alternatives;
  const tests: Test[] =
    only === undefined || alternatives.length === 1
      ? alternatives
      : [{ kind: 'any', alternatives: alternatives.map((test) => [test]), negated: false }];
  switch (action) {
    case 'drop':
      return [{ tests, action: { kind: 'drop' }, origin }];
    case 'redirect':
      return [{ tests, action: { kind: 'unknown', words: `${origin.label}: redirection is not modelled` }, origin }];
    default:
      return [{ tests, action: { kind: 'accept' }, origin }];
  }
}

/** The ports that are in use and apply a list. */
function portsWithLists(config: IosConfig): IosInterface[] {
  return [...config.interfaces.values()].filter(
    (port) =>
      (port.accessGroups.in !== undefined || port.accessGroups.out !== undefined) && !port.shutdown && isPort(port),
  );
}

function isPort({ id, switchport, primary, learned, unnumbered }: IosInterface): boolean {
  if (id.kind !== 'physical' && id.kind !== 'port-channel') return false;
  const hasIp = primary !== undefined || learned !== undefined || unnumbered !== undefined;
  return switchport ?? !hasIp;
}

/** What is not written may be either: such a port carries what it would as an access port, and as a trunk. */
function carries({ port, switchport }: IosInterface, vlan: number | undefined): boolean {
  if (vlan === undefined) return false;
  const { mode, accessVlan, voiceVlan, allowed } = port;
  const isAccess = mode !== 'trunk' && ((accessVlan ?? 1) === vlan || voiceVlan === vlan);
  const isTrunk = mode !== 'access' && switchport === true && (allowed?.has(vlan) ?? true);
  return isAccess || isTrunk;
}

/**
 * Which port a host hangs on is not in the files, and another switch behind a port may have hosts of the VLAN,
 * too: a list on a port may stop packets, and never surely does.
 */
function rulesOfPort(port: IosInterface, direction: 'in' | 'out'): PolicyRule[] {
  const group = port.accessGroups[direction];
  if (group === undefined) return [];
  const [acl, ...others] = group.names;
  const way = direction === 'in' ? 'come in' : 'go out';
  const words = `${port.id.name}, by which it may ${way}, applies ${group.names.join(' ')}`;
  const doubt: Test = { kind: 'undecidable', words };
  const tests: Test[] =
    acl === undefined || others.length > 0 ? [doubt] : [{ kind: 'list', acl, negated: true, empty: 'permits' }, doubt];
  return [{ tests, action: { kind: 'drop' }, origin: group.origin }];
}
