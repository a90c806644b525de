import {
  type Device,
  findInterface,
  type Interface,
  NEVER_INSTALLED,
  type StaticRoute,
  type Vrf,
} from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import type { FibEntry, NextHop, RouteAction } from './fib.js';
import { entryOf, mergeEqualCost, type Resolution, resolveRecursive } from './recursive-routes.js';

/**
 * The static routes that are in the table, or may be: those that lead nowhere or out of an interface
 * that is up, and those whose next hop resolves, over a connected network (of the VRF that the route
 * names for it, where it does) or over another static route.
 *
 * Source: Cisco, "IP Routing: Protocol-Independent Configuration Guide", chapter Basic IP Routing
 * (recursive static routes).
 */
export function resolveStaticRoutes(
  device: Device,
  vrf: Vrf,
  connectedOf: (vrf: string) => readonly FibEntry[],
): FibEntry[] {
  const routes = vrf.staticRoutes.filter((route) => route.distance < NEVER_INSTALLED);
  const resolutions = routes.map((route) => resolutionOf(device, vrf, route, connectedOf));
  const entries = resolveRecursive(connectedOf(vrf.name), routes, resolutions, outOfLink);
  return mergeEqualCost(entries.flat());
}

function resolutionOf(
  device: Device,
  vrf: Vrf,
  route: StaticRoute,
  connectedOf: (vrf: string) => readonly FibEntry[],
): Resolution {
  if (route.discard) return [entryOf(route, { kind: 'discard' })];
  if (route.iface !== undefined) {
    const iface = findInterface(device, route.iface);
    if (iface === undefined) return mayResolve(device, vrf, route);
    if (!iface.up) return route.permanent ? [entryOf(route, { kind: 'discard' })] : [];
    return [entryOf(route, outOf(iface, route.nextHop))];
  }
  const { nextHop, nextHopVrf } = route;
  if (nextHop === undefined) return [];
  const otherwise = mayResolve(device, vrf, route);
  if (nextHopVrf === undefined) return { route, nextHop, otherwise };
  const links = connectedOf(nextHopVrf).filter(
    ({ action, prefix }) => action.kind === 'connected' && prefixContains(prefix, nextHop),
  );
  const link = links.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  return link === undefined ? otherwise : [entryOf(route, outOfLink(link, nextHop), link.uncertain)];
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

/** A route that the files alone do not resolve, where something outside of them could. */
function mayResolve(device: Device, vrf: Vrf, route: StaticRoute): FibEntry[] {
  const [protocol] = vrf.dynamicProtocols;
  const learning = device.interfaces.filter(
    (iface): iface is Interface => iface.learnsAddress !== undefined && iface.up && iface.vrf === vrf.name,
  );
  const unknownIface = route.iface !== undefined && findInterface(device, route.iface) === undefined;
  const gateway = route.nextHop === undefined ? {} : { gateway: route.nextHop };
  if (unknownIface) {
    return [
      entryOf(
        route,
        { kind: 'forward', nextHops: [gateway] },
        `${device.name} has no interface ${route.iface}; the route may exist`,
      ),
    ];
  }
  if (route.iface !== undefined) return [];
  if (route.nextHopVrf !== undefined) {
    const words = `the next hop is on no network of VRF ${route.nextHopVrf}, whose routes are not followed`;
    return [entryOf(route, { kind: 'forward', nextHops: [gateway] }, words)];
  }
  if (learning.length > 0) {
    const nextHops = learning.map((iface): NextHop => ({ iface, ...gateway }));
    const words = `the next hop may be on the network that ${learning.map((iface) => iface.name).join(' or ')} learns`;
    return [entryOf(route, { kind: 'either', nextHops }, words)];
  }
  if (protocol !== undefined) {
    const words = `the next hop may be reached by ${protocol.name}, whose routes are not computed`;
    return [entryOf(route, { kind: 'either', nextHops: [gateway] }, words)];
  }
  return [];
}
