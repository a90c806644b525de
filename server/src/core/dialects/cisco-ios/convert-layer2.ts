import type { SwitchedVlans } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Policy, PolicyRule, Test } from '../../model/policy.js';
import type { IosConfig, IosInterface } from './config.js';
import type { PolicyPart } from './convert-policies.js';
import type { IosMapEntry } from './layer2-config.js';
import {
  carries,
  filtersOf,
  isFiltered,
  portsWithLists,
  switchedAlike,
  switchedVlans,
  type VlanFilter,
} from './switched-vlans.js';

const DIRECTIONS = ['in', 'out'] as const;
/** Before anything else that runs there, and behind it. */
const FIRST = { hook: 'prerouting', priority: -1000 } as const;
const LAST = { hook: 'postrouting', priority: 1000 } as const;

/** A place where packets of one VLAN are asked, or of several that are asked the same. */
interface AskedVlan {
  /** The interface that the policies name. */
  readonly name: string;
  readonly vlan: number;
  readonly origin: Origin;
  /** The VLAN is routed there, and not only switched. */
  readonly isRouted: boolean;
  /** Whether all that is asked there meets the VLAN access maps. */
  readonly meetsMaps: boolean;
}

/** Maps and lists on ports; a stack of switches has some hundreds. */
const MOST_ASKING = 2_000;
/** Those times the places that ask them; a stack with all its VLANs comes to a tenth of it. */
const MOST_ASKED = 300_000;

/**
 * What a switch asks about packets that enter or leave a VLAN: the VLAN access map, and the lists on the ports
 * by which they may have come in. It is asked at the VLAN's own interface; where the switch does not route the
 * VLAN, as it passes the packets on.
 *
 * "Configuring Network Security with ACLs" (Catalyst 3560, 3750-X and 4500 software configuration guides):
 * a VLAN map filters what is bridged in the VLAN and what is routed into it or out of it; what none of its
 * entries takes is dropped where one of them matches IP packets, and else forwarded; and a list on a port
 * of the VLAN takes precedence over the map. What comes from a host of a private VLAN is asked by the map of
 * the secondary VLAN, not of the one that has the interface.
 */
export function convertLayer2(config: IosConfig): PolicyPart & { readonly switched: readonly SwitchedVlans[] } {
  const ports = portsWithLists(config);
  const [first] = [...config.vlanFilters, ...ports];
  if (first === undefined) return { policies: [], chains: [], switched: [] };
  const { origin } = first;
  const asking = config.vlanFilters.length + ports.length;
  const routed = [...config.interfaces.values()].filter(({ id }) => id.kind === 'svi');
  const filters = asking > MOST_ASKING ? undefined : filtersOf(config);
  const switched = filters && switchedVlans(config, ports, filters, MOST_ASKED / asking - routed.length);
  if (filters === undefined || switched === undefined) {
    const all = switchedAlike(config, origin);
    const names = [...routed.map(({ id }) => id.name), ...all.map(({ iface }) => iface.name)];
    return { ...inDoubt(names, origin), switched: all };
  }
  const places = [...routed.flatMap((svi) => routedPlace(config, ports, svi)), ...switched.map(switchedPlace)];
  const maps = convertMaps(config, filters, places);
  const lists = places.map((place) => convertPorts(ports, place));
  return {
    policies: [maps, ...lists].flatMap((part) => part.policies),
    chains: [maps, ...lists].flatMap((part) => part.chains),
    switched,
  };
}

function routedPlace(config: IosConfig, ports: readonly IosInterface[], { id, origin }: IosInterface): AskedVlan[] {
  const { vlan, name } = id;
  if (vlan === undefined) return [];
  // Not every packet of a VLAN crosses a switch that does not route it.
  const meetsMaps =
    config.routing && !config.layer2.privateVlans.has(vlan) && !ports.some((port) => carries(port, vlan));
  return [{ name, vlan, origin, isRouted: true, meetsMaps }];
}

function switchedPlace({ vlans, iface: { name, origin } }: SwitchedVlans): AskedVlan {
  const [vlan = 0] = vlans;
  return { name, vlan, origin, isRouted: false, meetsMaps: true };
}

/** All may be stopped. */
function inDoubt(names: readonly string[], origin: Origin): PolicyPart {
  const key = 'VLAN maps and port lists, in doubt';
  const words = 'there are too many VLAN maps and lists on ports to tell what each of them asks';
  return {
    policies: DIRECTIONS.map((direction) => policyAt(direction, names, key, key, { action: 'accept', origin })),
    chains: [{ key, name: key, rules: [{ tests: [], action: { kind: 'unknown', words }, origin }], origin }],
  };
}

function convertMaps(config: IosConfig, filters: readonly VlanFilter[], places: readonly AskedVlan[]): PolicyPart {
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  for (const [at, filter] of filters.entries()) {
    const { map, origin } = filter;
    const filtered = places.filter(({ vlan }) => isFiltered(config, filter, vlan));
    for (const isSure of [true, false]) {
      const names = filtered.filter(({ meetsMaps }) => meetsMaps === isSure).map(({ name }) => name);
      if (names.length === 0) continue;
      const key = `vlan access-map ${map}${isSure ? '' : ', in doubt'}`;
      if (!chains.some((one) => one.key === key)) {
        chains.push({ key, name: map, rules: rulesOfMap(config, map, origin, isSure), origin });
      }
      const end = { action: endOfMap(config, map), origin };
      policies.push(...DIRECTIONS.map((direction) => policyAt(direction, names, key, `${key} ${at + 1}`, end)));
    }
  }
  return { policies, chains };
}

function convertPorts(ports: readonly IosInterface[], place: AskedVlan): PolicyPart {
  const policies: Policy[] = [];
  const chains: Chain[] = [];
  const carrying = ports.filter((port) => carries(port, place.vlan));
  for (const direction of DIRECTIONS) {
    const rules = carrying.flatMap((port) => rulesOfPort(port, direction));
    // What is switched comes in by one port and goes out by another, of which only a trunk leads to the router.
    const other = direction === 'in' ? 'out' : 'in';
    const trunks = place.isRouted ? [] : carrying.filter(({ port }) => port.mode !== 'access');
    rules.push(...trunks.flatMap((port) => rulesOfPort(port, other)));
    if (rules.length === 0) continue;
    const key = `port lists of ${place.name} ${direction}`;
    const { origin } = place;
    policies.push(policyAt(direction, [place.name], key, key, { action: 'accept', origin }));
    chains.push({ key, name: key, rules, origin });
  }
  return { policies, chains };
}

/** What is asked about packets that come in by interfaces, or go out by them. */
function policyAt(
  direction: 'in' | 'out',
  names: readonly string[],
  chain: string,
  name: string,
  end: Policy['end'],
): Policy {
  return {
    ...(direction === 'in' ? FIRST : LAST),
    name: `${name} ${direction}`,
    purpose: 'other',
    beforeTracking: false,
    when: [{ kind: direction, names, negated: false }],
    chain,
    end,
  };
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
