import {
  DEFAULT_VRF,
  type Device,
  hasRouting,
  type Interface,
  type InterfaceAddress,
  type VirtualAddress,
  type Vrf,
} from '../model/device.js';
import type { Origin } from '../model/origin.js';
import type { RoutingRule } from '../model/policy.js';
import { formatIp, type Ip } from '../net/ip.js';
import { firstIp, formatPrefix, lastIp, type Prefix, prefixContains } from '../net/prefix.js';
import { RouteIndex } from './route-index.js';
import { ConnectedNetworks, resolveStaticRoutes } from './static-routes.js';
import { assumedRoutes, learnedRoutes, type Source, unreadRoutes } from './unsaid-routes.js';

export { LAST_RESORT } from './unsaid-routes.js';

/** Where a packet goes next. Without a gateway, its destination is on the link itself. */
export interface NextHop {
  /** Absent: out of an interface that the files do not name. */
  readonly iface?: Interface;
  readonly gateway?: Ip;
}

/**
 * What a route does with a packet.
 *
 * - `receive`: the address is the device's own.
 * - `connected`: the destination is on the interface's link.
 * - `forward`: over all of the next hops (equal cost).
 * - `either`: over one of the next hops, and it cannot be told which.
 * - `discard`: nowhere.
 */
export type RouteAction =
  | { readonly kind: 'receive'; readonly iface: Interface }
  | { readonly kind: 'connected'; readonly iface: Interface }
  | { readonly kind: 'forward' | 'either'; readonly nextHops: readonly NextHop[] }
  | { readonly kind: 'discard' };

export interface FibEntry {
  readonly prefix: Prefix;
  readonly distance: number;
  readonly action: RouteAction;
  /** Why the route may be absent, in words; absent: it is there. */
  readonly uncertain?: string;
  /** One of the same prefix and distance that leads nowhere, beside one that leads somewhere, undoes both. */
  readonly isUnmixed?: true;
  /** The kernel may refuse it, and with it all that has its prefix; it is uncertain then. */
  readonly mayBeRefused?: true;
  /** Other routes may not reach their next hops over it. */
  readonly isDeadEnd?: true;
  /** It stands for routes that nobody knows, of whatever prefix: its own is no measure of how specific it is. */
  readonly anyLength?: true;
  /** What is taken for granted if the route decides, in words. */
  readonly assumption?: string;
  /** The lines it comes from; none for what no line says (an assumed default route). */
  readonly origins: readonly Origin[];
}

/** The routes of one VRF. */
export interface Fib {
  readonly vrf: string;
  /**
   * In the order in which a lookup tries them: longest prefix first, then smallest distance, and
   * what may be absent before what is there.
   */
  readonly entries: readonly FibEntry[];
  readonly index: RouteIndex<FibEntry>;
  /** Routes of unread lines: each may be there for any destination, more specific than all others. */
  readonly overrides: readonly FibEntry[];
}

const ANYWHERE: Prefix = { ip: 0, length: 0 };
/**
 * All routes that may decide for a destination, in order: each but the last may be absent, and the
 * last is there. An empty last place, that is no route, is told by `certain` being false.
 */
export function routesFor(fib: Fib, dst: Ip): { readonly routes: readonly FibEntry[]; readonly certain: boolean } {
  const routes: FibEntry[] = [];
  for (const entry of fib.index.containing(dst)) {
    if (entry.action.kind === 'receive') return { routes: [entry], certain: true };
    if (routes.length === 0) routes.push(...fib.overrides);
    routes.push(entry);
    if (entry.uncertain === undefined) return { routes, certain: true };
  }
  return { routes: routes.length === 0 ? fib.overrides : routes, certain: false };
}

/**
 * The next hops that a forwarding route offers to what came in by `ingress`. A route that may lead
 * out of any interface is not taken to lead back where the packet came from: if that is the only one
 * that is named, it leads out of one that is not.
 */
export function waysOut(action: RouteAction & { kind: 'forward' | 'either' }, ingress: Interface): readonly NextHop[] {
  if (action.kind === 'forward') return action.nextHops;
  const others = action.nextHops.filter((hop) => hop.iface !== ingress);
  return others.length > 0 ? others : [{}];
}

/** The routing table of every VRF of a device. */
export function buildFibs(device: Device): ReadonlyMap<string, Fib> {
  const interfaces = new Map<string, Interface[]>();
  for (const iface of device.interfaces) {
    const there = interfaces.get(iface.vrf);
    if (there === undefined) interfaces.set(iface.vrf, [iface]);
    else there.push(iface);
  }
  const own = new Map<string, Fib>();
  const source: Source = {
    elsewhere: (name, ip) => {
      const fib = own.get(name) ?? buildFib(source, withoutOthers(device, name));
      own.set(name, fib);
      return routesFor(fib, ip);
    },
    device,
    interfaces,
    connected: new ConnectedNetworks((vrf) => connectedRoutes(device, interfaces.get(vrf) ?? [])),
    isSilent: !hasRouting(device) && !device.interfaces.some((iface) => iface.learnsAddress?.mayLearnDefaultRoute),
  };
  const fibs = new Map<string, Fib>();
  for (const vrf of vrfsOf(device)) fibs.set(vrf.name, buildFib(source, vrf));
  return fibs;
}

/** A table with nothing in it that comes from another one. */
function withoutOthers(device: Device, name: string): Vrf {
  const vrf = vrfsOf(device).find((one) => one.name === name);
  const { leaks: _, ...rest } = vrf ?? emptyVrf(name);
  return { ...rest, staticRoutes: rest.staticRoutes.filter(({ nextHopVrf }) => nextHopVrf === undefined) };
}

function emptyVrf(name: string): Vrf {
  return { name, staticRoutes: [], dynamicProtocols: [], defaultNetworks: [], uncertainties: [] };
}

/** What other tables of the device lend: their connected networks and static routes, over their own interfaces. */
function leakedRoutes(source: Source, { leaks = [] }: Vrf): FibEntry[] {
  const { device, connected, interfaces, elsewhere } = source;
  return leaks.flatMap(({ from, connected: takesConnected, statics, distance, undecidable, origin }) => {
    // With a network comes the device's own address there, as a local route (of IOS XE 16: `show ip route vrf`).
    const links = takesConnected
      ? connected.of(from).filter(({ action }) => action.kind === 'connected' || undecidable === undefined)
      : [];
    const learning = (interfaces.get(from) ?? []).filter((iface) => iface.up && iface.learnsAddress !== undefined);
    const routes =
      statics === 'none'
        ? []
        : resolveStaticRoutes(device, withoutOthers(device, from), connected, learning, elsewhere).filter(
            ({ prefix }) => statics === 'all' || prefix.length > 0,
          );
    return [...links, ...routes].map((entry): FibEntry => {
      const uncertain = entry.uncertain ?? undecidable;
      return {
        ...entry,
        distance,
        ...(uncertain === undefined ? {} : { uncertain }),
        origins: [origin, ...entry.origins],
      };
    });
  });
}

function vrfsOf(device: Device): Vrf[] {
  const vrfs = new Map<string, Vrf>(device.vrfs.map((vrf) => [vrf.name, vrf]));
  for (const name of [DEFAULT_VRF, ...device.interfaces.map((iface) => iface.vrf)]) {
    if (!vrfs.has(name)) {
      vrfs.set(name, emptyVrf(name));
    }
  }
  return [...vrfs.values()];
}

function buildFib(source: Source, vrf: Vrf): Fib {
  const { device, interfaces, connected } = source;
  const links = connected.of(vrf.name);
  const learning = (interfaces.get(vrf.name) ?? []).filter((iface) => iface.learnsAddress !== undefined && iface.up);
  const entries = device.routes
    ? [
        ...links,
        ...withDynamicBeside(device, vrf, resolveStaticRoutes(device, vrf, connected, learning, source.elsewhere)),
        ...leakedRoutes(source, vrf),
        ...learnedRoutes(source, vrf, learning),
        ...assumedRoutes(source, vrf),
      ]
    : [...links, ...hostRoutes(source, vrf, links)];
  const ordered = withDefaultNetwork(vrf, entries).sort(byPreference);
  return { vrf: vrf.name, entries: ordered, index: new RouteIndex(ordered), overrides: unreadRoutes(source, vrf) };
}

function byPreference(a: FibEntry, b: FibEntry): number {
  const certainty = (entry: FibEntry) => (entry.uncertain === undefined ? 1 : 0);
  return b.prefix.length - a.prefix.length || a.distance - b.distance || certainty(a) - certainty(b);
}

/** Networks of the interfaces that are up, and their own addresses. */
function connectedRoutes(device: Device, interfaces: readonly Interface[]): FibEntry[] {
  const entries: FibEntry[] = [];
  for (const iface of interfaces) {
    if (!iface.up) continue;
    for (const address of iface.addresses) {
      const origins = [address.origin];
      entries.push({
        prefix: { ip: address.ip, length: 32 },
        distance: -1,
        action: { kind: 'receive', iface },
        origins,
      });
      if (iface.holdsNoHosts && address.prefix.length < 32) entries.push(...networkOfNobody(iface, address));
      else entries.push({ prefix: address.prefix, distance: 0, action: { kind: 'connected', iface }, origins });
      if (iface.takesNetworkEnds && address.prefix.length < 31) {
        for (const ip of [firstIp(address.prefix), lastIp(address.prefix)]) {
          entries.push({ prefix: { ip, length: 32 }, distance: -1, action: { kind: 'receive', iface }, origins });
        }
      }
      if (device.takesBroadcasts === true && address.prefix.length < 31) {
        const broadcast: Prefix = { ip: lastIp(address.prefix), length: 32 };
        entries.push({ prefix: broadcast, distance: -1, action: { kind: 'receive', iface }, origins });
      }
    }
    for (const { ip, origin } of virtualAddresses(iface)) {
      entries.push({
        prefix: { ip, length: 32 },
        distance: -1,
        action: { kind: 'receive', iface },
        origins: [origin],
      });
    }
  }
  return entries;
}

/** The files of a lab may mean hosts by the network of a loopback; a device has none there. */
function networkOfNobody(iface: Interface, { prefix, origin }: InterfaceAddress): FibEntry[] {
  const route = { prefix, distance: 0, origins: [origin] };
  return [
    { ...route, action: { kind: 'connected', iface }, uncertain: `${iface.name} is a loopback, and holds no hosts` },
    { ...route, action: { kind: 'discard' } },
  ];
}

/**
 * The virtual addresses that the interface answers for: those on one of its networks; others are refused,
 * or never come alive.
 *
 * Each router that shares one is taken to answer. A standby router sends what is addressed to it on to
 * the active one, over the link that they share, and there it is accepted all the same; the filters of
 * that detour are not asked, since nothing but a router is at its end.
 */
export function virtualAddresses({ addresses, virtualAddresses: all }: Interface): readonly VirtualAddress[] {
  return all.filter(({ ip }) => addresses.some(({ prefix }) => prefixContains(prefix, ip)));
}

/** A routing process might carry a more specific route than a static one. It is taken not to, and that is said. */
function withDynamicBeside(device: Device, vrf: Vrf, entries: readonly FibEntry[]): readonly FibEntry[] {
  const names = vrf.dynamicProtocols.map((protocol) => protocol.name).join(', ');
  if (names === '') return entries;
  return entries.map((entry) => {
    if (entry.uncertain !== undefined || entry.prefix.length === 32) return entry;
    const route = formatPrefix(entry.prefix);
    return {
      ...entry,
      assumption: `${names} on ${device.name} carries no more specific route than its static ${route}`,
    };
  });
}

/** A device that only switches sends what is not on its links to its default gateway. */
function hostRoutes(source: Source, vrf: Vrf, connected: readonly FibEntry[]): FibEntry[] {
  const gateway = source.device.defaultGateway;
  if (gateway === undefined || vrf.name !== DEFAULT_VRF) return assumedRoutes(source, vrf);
  const link = connected.find((entry) => entry.action.kind === 'connected' && prefixContains(entry.prefix, gateway.ip));
  const iface = link?.action.kind === 'connected' ? link.action.iface : undefined;
  return [
    {
      prefix: ANYWHERE,
      distance: 1,
      action: { kind: 'forward', nextHops: [{ ...(iface === undefined ? {} : { iface }), gateway: gateway.ip }] },
      origins: [gateway.origin],
    },
  ];
}

/**
 * IOS `ip default-network`: where the table has no default route, the route to that network serves
 * as one. A network that no static route reaches may be learned.
 * Source: Cisco, "Configuring a Gateway of Last Resort Using IP Commands" (document 16448).
 */
function withDefaultNetwork(vrf: Vrf, entries: FibEntry[]): FibEntry[] {
  if (entries.some((entry) => entry.prefix.length === 0 && entry.uncertain === undefined)) return entries;
  for (const network of vrf.defaultNetworks) {
    const route = entries.find(
      (entry) =>
        entry.prefix.ip === network.prefix.ip &&
        entry.prefix.length === network.prefix.length &&
        entry.action.kind === 'forward',
    );
    if (route === undefined) continue;
    entries.push({ ...route, prefix: ANYWHERE, origins: [network.origin, ...route.origins] });
    return entries;
  }
  return entries;
}

/** Which routes a rule that asks a table takes for not there: see `RoutingRule`. */
export type Suppression = Pick<RoutingRule['action'] & { kind: 'table' }, 'suppressLength' | 'suppressDiscards'>;

export function counts(
  { prefix, action, anyLength }: FibEntry,
  { suppressLength = -1, suppressDiscards }: Suppression,
): boolean {
  return (
    anyLength === true || prefix.length > suppressLength || (action.kind === 'discard' && suppressDiscards !== true)
  );
}

/** How a route reads in a trace: `0.0.0.0/0 via 10.0.0.1`. */
export function routeName(entry: FibEntry): string {
  const action = entry.action;
  if (action.kind === 'receive') return `${formatPrefix(entry.prefix)} of ${action.iface.name}`;
  if (action.kind === 'connected') return `${formatPrefix(entry.prefix)} on ${action.iface.name}`;
  if (action.kind === 'discard') return `${formatPrefix(entry.prefix)} to nowhere`;
  const hops = action.nextHops.map((hop) => (hop.gateway === undefined ? hop.iface?.name : formatIp(hop.gateway)));
  const named = hops.filter((hop) => hop !== undefined);
  return named.length === 0 || (action.kind === 'either' && named.length > 1)
    ? formatPrefix(entry.prefix)
    : `${formatPrefix(entry.prefix)} via ${named.join(' and ')}`;
}
