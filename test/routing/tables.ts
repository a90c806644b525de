import { buildFibs, type Fib, type FibEntry } from '../../server/src/core/dataplane/fib.js';
import { dialectById } from '../../server/src/core/dialects/registry.js';
import { DEFAULT_VRF } from '../../server/src/core/model/device.js';
import { formatIp } from '../../server/src/core/net/ip.js';
import { formatPrefix } from '../../server/src/core/net/prefix.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';

/** What a table does with what a prefix is the longest for: `-` without a route, else its ways in order. */
export type Way = string;

/** The part of `show ip route json` that is compared. */
export type FrrTable = Readonly<Record<string, readonly FrrRoute[]>>;

interface FrrRoute {
  readonly selected?: boolean;
  readonly installed?: boolean;
  readonly nexthops: readonly {
    readonly fib?: boolean;
    readonly ip?: string;
    readonly interfaceName?: string;
    readonly blackhole?: boolean;
    readonly reject?: boolean;
    readonly unreachable?: boolean;
  }[];
}

export const NO_ROUTE: Way = '-';
export const NOWHERE: Way = 'nowhere';
/** Somewhere, and it cannot be told where. */
export const ANYWHERE: Way = 'anywhere';

/** Whether FRR chose a route and could not tell the kernel, as when one of its ways leads nowhere and another somewhere. */
export function hasRefused(table: FrrTable): boolean {
  return Object.values(table).some((routes) => routes.some(isRefused));
}

function isRefused({ selected, installed }: FrrRoute): boolean {
  return selected === true && installed !== true;
}

/** What FRR has put into the kernel, by prefix. */
export function waysOfFrr(table: FrrTable): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  for (const [prefix, routes] of Object.entries(table)) {
    const route = routes.find(({ selected }) => selected === true);
    if (route === undefined || isRefused(route)) continue;
    const hops = route.nexthops
      .filter(({ fib }) => fib === true)
      .map(({ ip, interfaceName, blackhole, reject, unreachable }) =>
        blackhole || reject || unreachable ? NOWHERE : hop(interfaceName, ip),
      );
    // A share of the packets that goes nowhere is no way of the others.
    const others = hops.filter((one) => one !== NOWHERE);
    ways.set(prefix, inOrder(others.length > 0 ? others : hops));
  }
  return ways;
}

/** For each prefix of our table what it may do, likeliest last; one way where it is certain. */
export type Foretold = ReadonlyMap<string, readonly Way[]>;

/** Our table for a configuration, by prefix. The device's own addresses are left out: FRR leaves them to the kernel. */
export function foretold(dialect: 'linux-routes' | 'cisco-ios', path: string, text: string): Foretold {
  const reading = dialectById(dialect)?.read(new SourceFile(path, text), 'gw');
  if (reading === undefined) throw new Error(`There is no dialect ${dialect}.`);
  const fib = buildFibs(reading.device).get(DEFAULT_VRF);
  if (fib === undefined) throw new Error('The device has no table.');
  return waysOfFib(fib);
}

function waysOfFib({ entries, overrides }: Fib): Foretold {
  if (overrides.length > 0) throw new Error(`Something was not read: ${overrides[0]?.uncertain}`);
  const ways = new Map<string, Way[]>();
  const settled = new Set<string>();
  for (const entry of entries) {
    const prefix = formatPrefix(entry.prefix);
    if (settled.has(prefix)) continue;
    const found = ways.get(prefix) ?? [];
    ways.set(prefix, found);
    found.push(wayOf(entry));
    if (entry.uncertain === undefined) settled.add(prefix);
  }
  for (const [prefix, found] of ways) if (!settled.has(prefix)) found.push(NO_ROUTE);
  return ways;
}

function wayOf({ action }: FibEntry): Way {
  switch (action.kind) {
    case 'receive':
      return 'own';
    case 'connected':
      return hop(action.iface.name);
    case 'discard':
      return NOWHERE;
    default:
      return action.nextHops.some(({ iface }) => iface === undefined)
        ? ANYWHERE
        : inOrder(
            action.nextHops.map(({ iface, gateway }) =>
              hop(iface?.name, gateway === undefined ? undefined : formatIp(gateway)),
            ),
          );
  }
}

function hop(iface: string | undefined, gateway?: string): string {
  return `${iface ?? '?'}${gateway === undefined ? '' : ` ${gateway}`}`;
}

/** One packet takes one of the ways, so how often each is named makes no difference. */
function inOrder(hops: readonly string[]): Way {
  return [...new Set(hops)].sort().join(', ');
}

export interface Difference {
  readonly prefix: string;
  readonly words: string;
}

/**
 * Where FRR's table is none of those that were foretold.
 * @param seen several tables, where FRR goes from one to the other all the time
 */
export function differences(seen: readonly ReadonlyMap<string, Way>[], ours: Foretold): Difference[] {
  const prefixes = new Set([...seen.flatMap((table) => [...table.keys()]), ...ours.keys()]);
  return [...prefixes].sort().flatMap((prefix) => {
    const is = [...new Set(seen.map((table) => table.get(prefix) ?? NO_ROUTE))];
    const may = ours.get(prefix) ?? [NO_ROUTE];
    if (may[0] === 'own' || may.includes(ANYWHERE) || is.some((way) => isAmong(way, may))) return [];
    return [{ prefix, words: `${prefix}: FRR ${is.join(', then ')}; foretold ${may.join(' or ')}` }];
  });
}

/** Ways of equal cost that are in doubt each may be there together. */
function isAmong(way: Way, may: readonly Way[]): boolean {
  if (may.includes(way)) return true;
  const hops = new Set(may.flatMap((one) => one.split(', ')));
  return may.length > 1 && way.split(', ').every((one) => hops.has(one));
}

/** How many prefixes were foretold for certain, and how many were not. */
export function certainty(ours: Foretold): { readonly certain: number; readonly doubtful: number } {
  const ways = [...ours.values()].filter(([first]) => first !== 'own');
  const certain = ways.filter((may) => may.length === 1).length;
  return { certain, doubtful: ways.length - certain };
}
