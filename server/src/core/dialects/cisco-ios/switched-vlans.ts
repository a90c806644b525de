import { DEFAULT_VRF, type SwitchedVlans } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import { hasAddress, type IosConfig, type IosInterface } from './config.js';
import { isUp } from './convert-interface.js';
import { MAX_VLAN } from './vlan-list.js';

/** Which VLANs a switch only switches, and what asks about their packets. */

/** `vlan filter`: which VLANs a map is asked about. */
export interface VlanFilter {
  readonly map: string;
  readonly vlans: ReadonlySet<number> | 'all';
  /** Some of them are private. Which of those belong together is not told here, so it may be asked about all. */
  readonly isPrivate: boolean;
  readonly origin: Origin;
}

export function filtersOf({ vlanFilters, layer2 }: IosConfig): VlanFilter[] {
  return vlanFilters.map(({ map, vlans, origin }) => ({
    map,
    vlans,
    isPrivate: vlans === 'all' || [...layer2.privateVlans].some((vlan) => vlans.has(vlan)),
    origin,
  }));
}

export function isFiltered({ layer2 }: IosConfig, { vlans, isPrivate }: VlanFilter, vlan: number): boolean {
  return vlans === 'all' || vlans.has(vlan) || (isPrivate && layer2.privateVlans.has(vlan));
}

/** The ports that are in use and apply a list. */
export function portsWithLists(config: IosConfig): IosInterface[] {
  return [...config.interfaces.values()].filter(
    (port) =>
      (port.accessGroups.in !== undefined || port.accessGroups.out !== undefined) && !port.shutdown && isPort(port),
  );
}

function isPort(iface: IosInterface): boolean {
  const { id, switchport } = iface;
  if (id.kind !== 'physical' && id.kind !== 'port-channel') return false;
  return switchport ?? !hasAddress(iface);
}

/** The VLAN of what comes in by a port without a tag; undefined: it is no port, or carries nothing of the kind. */
export function untaggedVlan(iface: IosInterface): number | undefined {
  if (!isPort(iface)) return undefined;
  const { mode, accessVlan, nativeVlan } = iface.port;
  return (mode === 'trunk' ? nativeVlan : accessVlan) ?? 1;
}

/** What is not written may be either: such a port carries what it would as an access port, and as a trunk. */
export function carries({ port, switchport }: IosInterface, vlan: number): boolean {
  const { mode, accessVlan, voiceVlan, allowed } = port;
  const isAccess = mode !== 'trunk' && ((accessVlan ?? 1) === vlan || voiceVlan === vlan);
  const isTrunk = mode !== 'access' && switchport === true && (allowed?.has(vlan) ?? true);
  return isAccess || isTrunk;
}

/**
 * The VLANs that the switch does not route and asks something about, those together that it asks the same about.
 * @returns undefined where lines name more VLANs than `most`
 */
export function switchedVlans(
  config: IosConfig,
  ports: readonly IosInterface[],
  filters: readonly VlanFilter[],
  most: number,
): SwitchedVlans[] | undefined {
  const named = namedVlans(config, ports, filters, most);
  if (named === undefined) return undefined;
  const askedBy = (vlan: number): Origin[] =>
    [
      ...filters.filter((filter) => isFiltered(config, filter, vlan)),
      ...ports.filter((port) => carries(port, vlan)),
    ].map(({ origin }) => origin);
  const alike = new Map<string, { readonly vlans: Set<number>; readonly origin: Origin }>();
  const add = (vlans: readonly number[], [origin, ...others]: readonly Origin[]): void => {
    if (origin === undefined) return;
    const key = [origin, ...others].map(({ start }) => start).join(' ');
    const there = alike.get(key);
    if (there === undefined) alike.set(key, { vlans: new Set(vlans), origin });
    else for (const vlan of vlans) there.vlans.add(vlan);
  };
  const all = vlansNotRouted(config);
  for (const vlan of all) if (named.has(vlan)) add([vlan], askedBy(vlan));
  // About VLANs that no line names, the same is asked.
  const others = all.filter((vlan) => !named.has(vlan));
  const [other] = others;
  if (other !== undefined) add(others, askedBy(other));
  return [...alike.values()].map(({ vlans, origin }) => switchedAs(vlans, origin));
}

/** All VLANs that the switch does not route, as one. */
export function switchedAlike(config: IosConfig, origin: Origin): SwitchedVlans[] {
  return [switchedAs(new Set(vlansNotRouted(config)), origin)];
}

function namedVlans(
  config: IosConfig,
  ports: readonly IosInterface[],
  filters: readonly VlanFilter[],
  most: number,
): ReadonlySet<number> | undefined {
  const named = new Set(config.layer2.privateVlans);
  const sets = new Set<Iterable<number>>([
    ...filters.map(({ vlans }) => (vlans === 'all' ? [] : vlans)),
    ...ports.map(({ port: { accessVlan = 1, voiceVlan = accessVlan } }) => [accessVlan, voiceVlan]),
    ...ports.map(({ port: { allowed = [] } }) => allowed),
  ]);
  for (const vlans of sets) {
    for (const vlan of vlans) named.add(vlan);
    if (named.size > most) return undefined;
  }
  return named;
}

function vlansNotRouted(config: IosConfig): number[] {
  const routed = new Set(
    [...config.interfaces.values()].filter((iface) => isGateway(config, iface)).map(({ id }) => id.vlan),
  );
  return Array.from({ length: MAX_VLAN }, (_, at) => at + 1).filter((vlan) => !routed.has(vlan));
}

/**
 * Whether the switch routes what comes in by the interface of a VLAN. A default gateway counts on switches that
 * do not route alone, and not all of those say so in a line.
 */
function isGateway(config: IosConfig, iface: IosInterface): boolean {
  const mayRoute = config.routing && config.defaultGateway === undefined;
  return iface.id.kind === 'svi' && mayRoute && hasAddress(iface) && isUp(config, iface);
}

function switchedAs(vlans: ReadonlySet<number>, origin: Origin): SwitchedVlans {
  return {
    vlans,
    iface: {
      name: vlanNames(vlans),
      aliases: [],
      kind: 'other',
      vrf: DEFAULT_VRF,
      up: true,
      switchport: true,
      addresses: [],
      virtualAddresses: [],
      filters: [],
      uncertainties: [],
      origin,
    },
  };
}

/** `VLAN 210`, `VLANs 210-212,300`. */
function vlanNames(vlans: ReadonlySet<number>): string {
  const ranges: [first: number, last: number][] = [];
  for (const vlan of [...vlans].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range?.[1] === vlan - 1) range[1] = vlan;
    else ranges.push([vlan, vlan]);
  }
  const names = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return `${vlans.size === 1 ? 'VLAN' : 'VLANs'} ${names.join(',')}`;
}
