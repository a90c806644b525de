import {
  type Device,
  findInterface,
  type Interface,
  NEVER_INSTALLED,
  type StaticRoute,
  type Vrf,
} from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { Ip } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import type { FibEntry, NextHop, RouteAction } from './fib.js';
import {
  entryOf,
  mergeEqualCost,
  OVER_DEFAULT,
  type Resolution,
  resolveRecursive,
  withRefusedInDoubt,
} from './recursive-routes.js';
import { RouteIndex } from './route-index.js';

/** The connected networks of each VRF, and the device's own addresses there; each VRF's are found once. */
export class ConnectedNetworks {
  readonly #find: (vrf: string) => readonly FibEntry[];
  readonly #found = new Map<string, { readonly entries: readonly FibEntry[]; index?: RouteIndex<FibEntry> }>();

  constructor(find: (vrf: string) => readonly FibEntry[]) {
    this.#find = find;
  }

  of(vrf: string): readonly FibEntry[] {
    return this.#of(vrf).entries;
  }

  /** The network that holds an address, the longest one of several. */
  linkOf(vrf: string, ip: Ip): FibEntry | undefined {
    for (const entry of this.#holding(vrf, ip)) if (entry.action.kind === 'connected') return entry;
    return undefined;
  }

  /** Whether the device takes what is sent to the address for itself. */
  isOwn(vrf: string, ip: Ip): boolean {
    for (const entry of this.#holding(vrf, ip)) return entry.action.kind === 'receive';
    return false;
  }

  #holding(vrf: string, ip: Ip): Iterable<FibEntry> {
    const found = this.#of(vrf);
    found.index ??= new RouteIndex(found.entries);
    return found.index.containing(ip);
  }

  #of(vrf: string) {
    let found = this.#found.get(vrf);
    if (found === undefined) {
      found = { entries: this.#find(vrf) };
      this.#found.set(vrf, found);
    }
    return found;
  }
}

/**
 * The static routes that are in the table, or may be: those that lead nowhere or out of an interface
 * that is up, and those whose next hop resolves, over a connected network (of the VRF that the route
 * names for it, where it does) or over another static route.
 *
 * Source: Cisco, "IP Routing: Protocol-Independent Configuration Guide", chapter Basic IP Routing
 * (recursive static routes).
 * @param learning the interfaces of the VRF that are up and learn an address
 * @param elsewhere asks another table of the device, without what it takes from others in turn
 */
export function resolveStaticRoutes(
  device: Device,
  vrf: Vrf,
  connected: ConnectedNetworks,
  learning: readonly Interface[],
  elsewhere: LookUp,
): readonly FibEntry[] {
  const routes = vrf.staticRoutes.filter((route) => route.distance < NEVER_INSTALLED);
  const around: Around = { device, vrf, connected, learning, elsewhere };
  const resolutions = routes.map((route) => resolutionOf(around, route));
  const entries = resolveRecursive(connected.of(vrf.name), routes, resolutions, outOfLink);
  return [
    ...withRefusedInDoubt(mergeEqualCost(entries.flat())),
    ...routes.flatMap((route) => keptRoute(around, route)),
  ];
}

/**
 * A `permanent` route stays where the interface to its next hop goes down, and leads nowhere then. Where another
 * route leads to the next hop, it may lead there instead.
 * Source: Cisco, "IP Routing: Protocol-Independent Command Reference", `ip route`.
 */
function keptRoute({ device, vrf }: Around, route: StaticRoute): FibEntry[] {
  const { nextHop, iface, permanent, discard, nextHopVrf } = route;
  if (!permanent || discard || iface !== undefined || nextHop === undefined || nextHopVrf !== undefined) return [];
  const down = device.interfaces.find(
    (one) => !one.up && one.vrf === vrf.name && one.addresses.some(({ prefix }) => prefixContains(prefix, nextHop)),
  );
  const words = `the route stays though ${down?.name} is down, and leads nowhere`;
  return down === undefined ? [] : [entryOf(route, { kind: 'discard' }, words)];
}

const addressesOf = new WeakMap<Device, ReadonlySet<string>>();

/** Whether an interface of the VRF has the address, up or down. */
function hasAddress(device: Device, vrf: string, ip: Ip): boolean {
  const find = () =>
    new Set(device.interfaces.flatMap((iface) => iface.addresses.map((one) => `${one.ip} ${iface.vrf}`)));
  return keptIn(addressesOf, device, find).has(`${ip} ${vrf}`);
}

const OWN_ADDRESS = 'its next hop is an address of the router itself';

interface Around {
  readonly device: Device;
  readonly vrf: Vrf;
  readonly connected: ConnectedNetworks;
  readonly learning: readonly Interface[];
  readonly elsewhere: LookUp;
}

/** The routes of a table that may decide for an address, in order. */
export type LookUp = (vrf: string, ip: Ip) => { readonly routes: readonly FibEntry[]; readonly certain: boolean };

function resolutionOf(around: Around, route: StaticRoute): Resolution {
  if (route.discard) return [entryOf(route, { kind: 'discard' })];
  const { nextHop, nextHopVrf, lookup } = route;
  // No route leads to the router itself; IOS does not take such a line.
  const isOwn = lookup !== undefined && nextHop !== undefined && around.connected.isOwn(around.vrf.name, nextHop);
  if (isOwn && route.iface === undefined) return [];
  if (route.iface !== undefined) {
    const iface = findInterface(around.device, route.iface);
    if (iface === undefined) return outOfUnknown(around, route, route.iface);
    if (!iface.up) return route.permanent ? [entryOf(route, { kind: 'discard' })] : [];
    // To the kernel that may mean the interface's own network, or nothing; FRR may look it up in other routes.
    if (isOwn) return [{ ...entryOf(route, { kind: 'either', nextHops: [{}] }, OWN_ADDRESS), mayBeRefused: true }];
    if (lookup?.asksInterface !== true || nextHop === undefined) return [entryOf(route, outOf(iface, nextHop))];
    // What the interface learns is not known, and may hold the next hop.
    const otherwise = around.learning.includes(iface) ? mayResolve({ ...around, learning: [iface] }, route) : [];
    return { route, nextHop, iface, otherwise };
  }
  if (nextHop === undefined) return [];
  // FRR, or the kernel, takes the addresses of interfaces that are down for the router's own too.
  if (nextHopVrf === undefined && lookup !== undefined && hasAddress(around.device, around.vrf.name, nextHop)) {
    const doubtful = { undecidable: OWN_ADDRESS, ...route };
    return { route: doubtful, nextHop, otherwise: mayResolve(around, route), mayBeRefused: true };
  }
  if (nextHopVrf === undefined) return { route, nextHop, otherwise: mayResolve(around, route) };
  const link = around.connected.linkOf(nextHopVrf, nextHop);
  return link === undefined
    ? overOtherTable(around, route, nextHopVrf, nextHop)
    : [entryOf(route, outOfLink(link, nextHop), link.uncertain)];
}

/** Over the routes that another table has to the next hop. */
function overOtherTable({ device, elsewhere }: Around, route: StaticRoute, vrf: string, nextHop: Ip): FibEntry[] {
  const { routes, certain } = elsewhere(vrf, nextHop);
  const entries = routes.flatMap((one): FibEntry[] =>
    one.action.kind === 'receive'
      ? []
      : [entryOf(route, outOfLink(one, nextHop), one.uncertain ?? doubtOf(route, one))],
  );
  const mayLearn = device.interfaces.some(
    (iface) => iface.vrf === vrf && iface.up && iface.learnsAddress !== undefined,
  );
  return !certain && mayLearn ? [...entries, ...mayResolveElsewhere(route, vrf)] : entries;
}

function doubtOf({ overDefault }: StaticRoute, { prefix }: FibEntry): string | undefined {
  return overDefault === 'unknown' && prefix.length === 0 ? OVER_DEFAULT : undefined;
}

/** Out of a connected network's interface to an address on it. */
function outOfLink({ action }: FibEntry, nextHop: Ip): RouteAction {
  return action.kind === 'connected' ? outOf(action.iface, nextHop) : action;
}

/** What goes out of a loopback comes back, and never leaves the device: a route there is one to nowhere. */
function outOf(iface: Interface, gateway: Ip | undefined): RouteAction {
  if (iface.kind === 'loopback') return { kind: 'discard' };
  return { kind: 'forward', nextHops: [gateway === undefined ? { iface } : { iface, gateway }] };
}

function outOfUnknown({ device }: Around, route: StaticRoute, name: string): FibEntry[] {
  const words = `${device.name} has no interface ${name}; the route may exist`;
  return [entryOf(route, { kind: 'forward', nextHops: [gatewayOf(route)] }, words)];
}

function mayResolveElsewhere(route: StaticRoute, vrf: string): FibEntry[] {
  const words = `the next hop may be on a network that VRF ${vrf} learns`;
  return [entryOf(route, { kind: 'forward', nextHops: [gatewayOf(route)] }, words)];
}

/** A route that the files alone do not resolve, where something outside of them could. */
function mayResolve({ vrf, learning }: Around, route: StaticRoute): FibEntry[] {
  const [protocol] = vrf.dynamicProtocols;
  if (learning.length > 0) {
    const nextHops = learning.map((iface): NextHop => ({ iface, ...gatewayOf(route) }));
    const words = `the next hop may be on the network that ${learning.map((iface) => iface.name).join(' or ')} learns`;
    return [entryOf(route, { kind: 'either', nextHops }, words)];
  }
  if (protocol !== undefined) {
    const words = `the next hop may be reached by ${protocol.name}, whose routes are not computed`;
    return [entryOf(route, { kind: 'either', nextHops: [gatewayOf(route)] }, words)];
  }
  return [];
}

function gatewayOf({ nextHop }: StaticRoute): NextHop {
  return nextHop === undefined ? {} : { gateway: nextHop };
}
