import { type Device, findInterface, type Interface, type StaticRoute, type Vrf } from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import type { FibEntry, NextHop, RouteAction } from './fib.js';
import { RouteIndex } from './route-index.js';

/**
 * The static routes that are in the table.
 *
 * A route is there when its interface is up and its next hop resolves, over a connected network (of
 * the VRF that the route names for it, where it does) or over another static route, but never over itself. What resolves one route depends on which others
 * are there, so the whole table is made again from the one before until it stays the same.
 *
 * Source: Cisco, "IP Routing: Protocol-Independent Configuration Guide", chapter Basic IP Routing
 * (recursive static routes); distance 255 is never installed.
 */
export function resolveStaticRoutes(
  device: Device,
  vrf: Vrf,
  connectedOf: (vrf: string) => readonly FibEntry[],
): FibEntry[] {
  const connected = connectedOf(vrf.name);
  const routes = vrf.staticRoutes.filter((route) => route.distance < 255);
  let table: (FibEntry | undefined)[] = routes.map(() => undefined);
  // Each round settles at least one more link of the longest chain of next hops. Routes that
  // resolve over each other in turn never settle; they are left as the last round has them.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const known = new RouteIndex([...connected, ...mergeEqualCost(byDistance(table))]);
    const next = routes.map((route) => {
      const { nextHopVrf } = route;
      return install(device, route, nextHopVrf === undefined ? known : new RouteIndex(connectedOf(nextHopVrf)));
    });
    const stable = next.every((entry, at) => sameAction(entry, table[at]));
    table = next;
    if (stable) break;
  }
  const entries = routes.flatMap((route, at) => table[at] ?? mayResolve(device, vrf, route));
  return mergeEqualCost(entries);
}

const MAX_ROUNDS = 32;

function byDistance(table: readonly (FibEntry | undefined)[]): FibEntry[] {
  return table.filter((entry) => entry !== undefined).sort((a, b) => a.distance - b.distance);
}

function sameAction(a: FibEntry | undefined, b: FibEntry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.action.kind !== 'forward' || b.action.kind !== 'forward') return a.action.kind === b.action.kind;
  const theirs = b.action.nextHops;
  return (
    a.action.nextHops.length === theirs.length &&
    a.action.nextHops.every((hop, at) => hop.iface === theirs[at]?.iface && hop.gateway === theirs[at]?.gateway)
  );
}

function install(device: Device, route: StaticRoute, known: RouteIndex<FibEntry>): FibEntry | undefined {
  if (route.discard) return entryOf(route, { kind: 'discard' });
  if (route.iface !== undefined) {
    const iface = findInterface(device, route.iface);
    if (iface === undefined) return undefined;
    if (!iface.up) return route.permanent ? entryOf(route, { kind: 'discard' }) : undefined;
    return entryOf(route, outOf(iface, route.nextHop));
  }
  if (route.nextHop === undefined) return undefined;
  return resolve(route, route.nextHop, known);
}

/** What goes out of a loopback comes back, and never leaves the device: a route there is one to nowhere. */
function outOf(iface: Interface, gateway: Ip | undefined): RouteAction {
  if (iface.kind === 'loopback') return { kind: 'discard' };
  return { kind: 'forward', nextHops: [gateway === undefined ? { iface } : { iface, gateway }] };
}

/** The route by way of the best known route to its next hop, unless that is the very route itself. */
function resolve(route: StaticRoute, nextHop: Ip, known: RouteIndex<FibEntry>): FibEntry | undefined {
  for (const best of known.containing(nextHop)) {
    if (best.action.kind === 'receive') continue;
    // A route that covers its own next hop would, once installed, be the way to it.
    if (prefixContains(route.prefix, nextHop) && best.prefix.length <= route.prefix.length) return undefined;
    if (best.action.kind === 'connected') {
      return entryOf(route, outOf(best.action.iface, nextHop), best.uncertain);
    }
    // A next hop that is itself routed nowhere takes its route there with it.
    return entryOf(route, best.action, best.uncertain);
  }
  return undefined;
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

function entryOf(route: StaticRoute, action: RouteAction, uncertain?: string): FibEntry {
  const why = route.undecidable ?? uncertain;
  return {
    prefix: route.prefix,
    distance: route.distance,
    action,
    ...(why === undefined ? {} : { uncertain: why }),
    origins: [route.origin],
  };
}

/**
 * Routes of one prefix and distance that are there for certain are used together. One of them that
 * leads nowhere takes its share of the packets, and the others still pass theirs.
 */
function mergeEqualCost(entries: readonly FibEntry[]): FibEntry[] {
  const merged: FibEntry[] = [];
  const byKey = new Map<string, number>();
  for (const entry of entries) {
    const key = `${entry.prefix.ip}/${entry.prefix.length} ${entry.distance}`;
    const at = byKey.get(key);
    const twin = at === undefined ? undefined : merged[at];
    if (entry.uncertain !== undefined || (entry.action.kind !== 'forward' && entry.action.kind !== 'discard')) {
      merged.push(entry);
    } else if (at === undefined || twin === undefined) {
      byKey.set(key, merged.length);
      merged.push(entry);
    } else {
      merged[at] = shared(twin, entry);
    }
  }
  return merged;
}

function shared(first: FibEntry, second: FibEntry): FibEntry {
  if (second.action.kind !== 'forward') return { ...first, origins: [...first.origins, ...second.origins] };
  if (first.action.kind !== 'forward') return { ...second, origins: [...second.origins, ...first.origins] };
  return {
    ...first,
    action: { kind: 'forward', nextHops: [...first.action.nextHops, ...second.action.nextHops] },
    origins: [...first.origins, ...second.origins],
  };
}
