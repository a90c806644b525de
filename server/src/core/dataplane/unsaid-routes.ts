import { DEFAULT_VRF, type Device, type Interface, type Vrf } from '../model/device.js';
import type { Prefix } from '../net/prefix.js';
import type { FibEntry, NextHop } from './fib.js';
import type { ConnectedNetworks, LookUp } from './static-routes.js';

/** Routes that no file says: learned, assumed, or of lines that were not understood. */

/** The distance of what no administrator writes: behind every metric. */
export const LAST_RESORT = Number.MAX_SAFE_INTEGER;
const ANYWHERE: Prefix = { ip: 0, length: 0 };
/** Networks take no route from each other that is more specific (RFC 7454, section 6.1.3). */
const LONGEST_ANNOUNCED = 24;

/** What all tables of one device are built from, gathered once. */
export interface Source {
  readonly device: Device;
  /** By VRF. */
  readonly interfaces: ReadonlyMap<string, readonly Interface[]>;
  readonly connected: ConnectedNetworks;
  /** Asks a table without what it takes from others. */
  readonly elsewhere: LookUp;
  /** No file of the device says where anything goes, and no interface may learn it. */
  readonly isSilent: boolean;
}

/**
 * What routing processes and address negotiation may add. A static route for the destination beats
 * them, but for two sorts that are written to give way: a route that floats behind a process by its
 * distance, and a wide route to nowhere, which anchors what a process announces or catches what it
 * does not carry.
 */
export function learnedRoutes(source: Source, vrf: Vrf, learning: readonly Interface[]): FibEntry[] {
  const { device } = source;
  const entries: FibEntry[] = [];
  for (const { name, origin, distance, leavesTable } of vrf.dynamicProtocols) {
    const ways = anyWayOut(source, vrf.name);
    const learned: FibEntry = {
      prefix: ANYWHERE,
      distance: LAST_RESORT,
      action: { kind: 'either', nextHops: leavesTable === true ? [...ways, {}] : ways },
      uncertain: `${name} on ${device.name} may carry a route to the destination; its routes are not computed`,
      anyLength: true,
      origins: [origin],
    };
    entries.push(learned);
    for (const route of vrf.staticRoutes) {
      const givesWay = route.distance > distance || (route.discard && route.prefix.length < LONGEST_ANNOUNCED);
      if (givesWay) entries.push({ ...learned, prefix: route.prefix, distance: 1 });
    }
  }
  for (const iface of learning) {
    if (iface.learnsAddress?.mayLearnDefaultRoute !== true) continue;
    entries.push({
      prefix: ANYWHERE,
      // IOS installs the router that DHCP names as a default route of distance 254.
      distance: 254,
      action: { kind: 'forward', nextHops: [{ iface }] },
      uncertain: `${iface.name} of ${device.name} may learn a default route with its address (${iface.learnsAddress.word})`,
      origins: [iface.learnsAddress.origin],
    });
  }
  return entries;
}

/** The default route of a device whose files hold no routing at all. */
export function assumedRoutes(source: Source, vrf: Vrf): FibEntry[] {
  const { device, isSilent } = source;
  // A table that no interface is in is asked for what it says, and for nothing else.
  if (!isSilent || (vrf.name !== DEFAULT_VRF && !source.interfaces.has(vrf.name))) return [];
  const all = anyWayOut(source, vrf.name);
  const routed = all.filter(({ iface }) => iface !== undefined && iface.kind !== 'svi');
  const ways = routed.length > 0 ? routed : all;
  // The route is only assumed, so a filter on the way that it is assumed to take must not make it a block.
  const nextHops = ways.some(({ iface }) => iface !== undefined && filtersOutward(iface)) ? [...ways, {}] : ways;
  return [
    {
      prefix: ANYWHERE,
      distance: LAST_RESORT,
      action: { kind: 'either', nextHops },
      assumption: `the files of ${device.name} hold no routing; a default route is assumed`,
      origins: [],
    },
  ];
}

/** Each of them may do all that the others may: of the words of more, nobody learns more. */
const MOST_UNREAD = 8;

/** A line about routes that was not understood may route anything anywhere, or nowhere. */
export function unreadRoutes(source: Source, vrf: Vrf): FibEntry[] {
  if (vrf.uncertainties.length === 0) return [];
  const nextHops = anyWayOut(source, vrf.name);
  return vrf.uncertainties.slice(0, MOST_UNREAD).flatMap(({ words, origin }): FibEntry[] => {
    const entry = { prefix: ANYWHERE, distance: 0, uncertain: words, anyLength: true as const, origins: [origin] };
    return [
      { ...entry, action: { kind: 'either', nextHops } },
      { ...entry, action: { kind: 'discard' } },
    ];
  });
}

/**
 * The interfaces by which packets of a VRF may leave towards where nobody knows: up, with an address.
 * Where none of them filters what goes out, which one it is makes no difference, and none is named.
 */
function anyWayOut({ interfaces }: Source, vrf: string): readonly NextHop[] {
  const ways = (interfaces.get(vrf) ?? []).filter(
    (iface) =>
      iface.up &&
      !iface.switchport &&
      iface.kind !== 'loopback' &&
      (iface.addresses.length > 0 || iface.learnsAddress !== undefined),
  );
  return ways.length <= 2 || ways.some(filtersOutward) ? ways.map((iface): NextHop => ({ iface })) : [{}];
}

function filtersOutward({ filters, uncertainties }: Interface): boolean {
  return filters.some((filter) => filter.direction === 'out') || uncertainties.some((one) => one.direction !== 'in');
}
