import type { Interface, StaticRoute } from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { formatPrefix, type Prefix, prefixContains } from '../net/prefix.js';
import type { FibEntry, NextHop, RouteAction } from './fib.js';
import { RouteIndex } from './route-index.js';

/** A route that is looked up by its next hop alone. */
export interface RecursiveRoute {
  readonly route: StaticRoute;
  readonly nextHop: Ip;
  /** The way to the next hop must lead out of this interface. */
  readonly iface?: Interface;
  /** What it is where nothing in the files leads to its next hop for certain. */
  readonly otherwise: readonly FibEntry[];
  /** See `FibEntry.mayBeRefused`. */
  readonly mayBeRefused?: true;
}

/** A way to a next hop; `uncertain`: in words, why it may not be the one. */
export interface Way {
  readonly action: RouteAction;
  readonly uncertain?: string;
  /** See `FibEntry.isDeadEnd`. */
  readonly isDeadEnd?: boolean;
}

/** What a route of the table comes to: its entries, or the route that still has to be resolved. */
export type Resolution = readonly FibEntry[] | RecursiveRoute;

/** The routes of one prefix and distance, which are used together. */
interface Level {
  readonly prefix: Prefix;
  readonly distance: number;
  /** A network of an interface, or an address of the device itself; the members are static routes. */
  readonly connected?: FibEntry;
  readonly members: number[];
  /** How many members are not settled. */
  open: number;
  readonly waiting: number[];
  /** What its members come to, when all are settled and it was asked. */
  entries: readonly FibEntry[] | undefined;
}

/** More ways than these to one next hop are told as one that leads anywhere, or nowhere. */
const MOST_WAYS = 16;
const MOST_ROUNDS = 64;

/**
 * Resolves routes over connected networks and over each other.
 *
 * A route is there when its next hop resolves, directly or not, to an interface, and never when it is
 * itself used to resolve its own next hop: it is withdrawn then, and may come back when the table
 * changes. So routes whose next hops lead in a circle, and nowhere else, are not there. Where a wider
 * route leads out of the circle, each of them resolves until the others are there, and which of them
 * the table has depends on the order of events; forwarding may find a loop, and drop. All of that may
 * be, and nothing of it is certain, least of all the way out: it may be one of a route that is long gone,
 * which the circle keeps alive.
 *
 * Sources: Cisco, "IP Routing: Protocol-Independent Configuration Guide, IOS XE 16", chapter on static
 * routes, section "Recursive Static Routes"; FRRouting, zebra, `nexthop_active`, which stops at the
 * route itself and looks at installed routes alone.
 * @returns the entries of each route, in the order of `routes`
 */
export function resolveRecursive(
  connected: readonly FibEntry[],
  routes: readonly StaticRoute[],
  resolutions: readonly Resolution[],
  outOfLink: (link: FibEntry, nextHop: Ip) => RouteAction,
): readonly (readonly FibEntry[])[] {
  const found = resolutions.map((one) => ('nextHop' in one ? undefined : one));
  const { index, levelOf } = levelsOf(connected, routes, found);
  const walk = (at: number, alive?: ReadonlySet<number>): Walked =>
    waysTo(resolutions[at] as RecursiveRoute, index, found, alive, outOfLink);

  const queue = resolutions.flatMap((one, at) => ('nextHop' in one ? [at] : []));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { ways, end } = walk(next);
    if (typeof end === 'object') {
      end.waiting.push(next);
      continue;
    }
    found[next] = entriesOf(resolutions[next] as RecursiveRoute, ways, end);
    const level = levelOf[next] as Level;
    level.open -= 1;
    if (level.open === 0) queue.push(...level.waiting.splice(0));
  }

  const circling = resolutions.flatMap((_, at) => (found[at] === undefined ? [at] : []));
  const alive = aliveOf(circling, (at, known) => walk(at, known).ways.length > 0);
  return found.map((entries, at) => entries ?? circlingEntries(resolutions[at] as RecursiveRoute, alive.has(at)));
}

function levelsOf(
  connected: readonly FibEntry[],
  routes: readonly StaticRoute[],
  found: readonly (readonly FibEntry[] | undefined)[],
): { readonly index: RouteIndex<Level>; readonly levelOf: readonly Level[] } {
  const levels = new Map<string, Level>();
  const levelOf = routes.map(({ prefix, distance }, at) => {
    const key = levelKey({ prefix, distance });
    const level = levels.get(key) ?? { prefix, distance, members: [], open: 0, waiting: [], entries: undefined };
    levels.set(key, level);
    level.members.push(at);
    if (found[at] === undefined) level.open += 1;
    return level;
  });
  const links = connected.map(
    (link): Level => ({
      prefix: link.prefix,
      distance: link.distance,
      connected: link,
      members: [],
      open: 0,
      waiting: [],
      entries: undefined,
    }),
  );
  const ordered = [...links, ...[...levels.values()].sort((a, b) => a.distance - b.distance)];
  return { index: new RouteIndex(ordered), levelOf };
}

/** The ways to a next hop, and how the look-up ended: at one that is there, at none, or at routes that are open. */
interface Walked {
  readonly ways: readonly Way[];
  readonly end: 'there' | 'none' | Level;
}

/**
 * Looks a next hop up. With `alive`, the open routes that it names may be there, and no way ends the
 * look-up: all of them may have been the best one at some time.
 */
function waysTo(
  { route, nextHop, iface }: RecursiveRoute,
  index: RouteIndex<Level>,
  found: readonly (readonly FibEntry[] | undefined)[],
  alive: ReadonlySet<number> | undefined,
  outOfLink: (link: FibEntry, nextHop: Ip) => RouteAction,
): Walked {
  const ways: Way[] = [];
  const coversItself = prefixContains(route.prefix, nextHop);
  const isCareful = route.lookup !== undefined;
  let refused: FibEntry | undefined;
  for (const level of index.containing(nextHop)) {
    const { connected } = level;
    if (connected?.action.kind === 'receive') continue;
    const isBehindItself = coversItself && level.prefix.length <= route.prefix.length;
    if (isCareful && (isBehindItself || (level.prefix.length === 0 && route.lookup.overDefault === 'no'))) {
      return { ways, end: 'none' };
    }
    const overDefault = route.lookup?.overDefault ?? route.overDefault;
    const doubt = level.prefix.length === 0 && overDefault === 'unknown' ? OVER_DEFAULT : undefined;
    if (connected !== undefined) {
      const action = through(outOfLink(connected, nextHop), nextHop, iface);
      const words = isBehindItself ? `the route ${formatPrefix(route.prefix)} holds its own next hop` : doubt;
      const uncertain = words ?? connected.uncertain;
      if (action === undefined) return { ways, end: 'none' };
      addWay(ways, uncertain === undefined ? { action } : { action, uncertain });
      if (connected.uncertain === undefined && alive === undefined)
        return { ways, end: words !== undefined ? 'none' : 'there' };
      continue;
    }
    // Once installed, the route would be the way to its own next hop. A link behind it stays in doubt.
    if (isBehindItself) continue;
    if (level.open > 0 && alive === undefined) return { ways, end: level };
    if (alive !== undefined && level.members.some((at) => alive.has(at))) addWay(ways, ANYWHERE);
    let isThere = false;
    let leads = false;
    const behind = refused !== undefined && isSamePrefix(refused.prefix, level.prefix) ? refused.uncertain : doubt;
    const entries = entriesOfLevel(level, found);
    refused = entries.find(({ mayBeRefused }) => mayBeRefused) ?? refused;
    for (const entry of entries) {
      const { action, uncertain = entry.isDeadEnd === true && isCareful ? DEAD_END : behind } = entry;
      const way = through(action, nextHop, iface);
      isThere ||= uncertain === undefined;
      if (way === undefined) continue;
      leads = true;
      // FRR has the next hop twice then, itself and what it comes to, and drops the second.
      const isDeadEnd = isCareful && iface !== undefined && 'nextHops' in action && action.nextHops.some(isOfLink);
      addWay(ways, { action: way, isDeadEnd, ...(uncertain === undefined ? {} : { uncertain }) });
    }
    if (isThere && alive === undefined) return { ways, end: leads ? 'there' : 'none' };
  }
  return { ways, end: 'none' };
}

export const OVER_DEFAULT = 'whether a next hop may be reached over the default route is in no file';

const DEAD_END = 'FRR may not reach a next hop over a route whose own next hop another one has on its interface';

function isOfLink({ gateway }: NextHop): boolean {
  return gateway === undefined;
}

/**
 * What a route is that uses another one's ways to its next hop. Where that one names an interface alone,
 * the next hop is sought at that interface.
 * @param iface the ways must lead out of it
 * @returns undefined where none does
 */
function through(action: RouteAction, nextHop: Ip, iface: Interface | undefined): RouteAction | undefined {
  if (action.kind !== 'forward' && action.kind !== 'either') return iface === undefined ? action : undefined;
  const nextHops = action.nextHops
    .filter((hop) => iface === undefined || hop.iface === undefined || hop.iface === iface)
    .map((hop) => (hop.gateway === undefined ? { ...hop, gateway: nextHop } : hop));
  return nextHops.length === 0 ? undefined : { kind: action.kind, nextHops };
}

function entriesOfLevel(level: Level, found: readonly (readonly FibEntry[] | undefined)[]): readonly FibEntry[] {
  if (level.entries !== undefined) return level.entries;
  const entries = mergeEqualCost(level.members.flatMap((at) => found[at] ?? []));
  if (level.open === 0) level.entries = entries;
  return entries;
}

function addWay(ways: Way[], way: Way): void {
  if (ways.length > MOST_WAYS || ways.some((known) => sameAction(known.action, way.action))) return;
  ways.push(way);
}

/** The routes that wait for each other and may be there: those with a way out, and those that resolve over them. */
function aliveOf(
  circling: readonly number[],
  hasWay: (at: number, alive: ReadonlySet<number>) => boolean,
): ReadonlySet<number> {
  const alive = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = alive.size;
    for (const at of circling) if (!alive.has(at) && hasWay(at, alive)) alive.add(at);
    if (alive.size === before) return alive;
  }
  return new Set(circling);
}

/** What is said of routes whose ways cannot be told: out by an interface that is not named, or nowhere. */
const ANYWHERE: Way = { action: { kind: 'either', nextHops: [{}] }, uncertain: 'its next hop has too many ways' };
const NOWHERE: Way = { action: { kind: 'discard' }, uncertain: 'its next hop has too many ways' };

function entriesOf(recursive: RecursiveRoute, ways: readonly Way[], end: 'there' | 'none'): FibEntry[] {
  const entries = entriesByWay(recursive, ways, end);
  return recursive.mayBeRefused === true ? entries.map((entry) => ({ ...entry, mayBeRefused: true })) : entries;
}

function entriesByWay({ route, otherwise }: RecursiveRoute, ways: readonly Way[], end: 'there' | 'none'): FibEntry[] {
  const told = ways.length > MOST_WAYS ? [ANYWHERE, NOWHERE] : ways;
  // The same way for certain, and before that perhaps, is there for certain.
  const [only, ...others] = told;
  if (end === 'there' && only !== undefined && others.length === 0) return [entryOfWay(route, only)];
  const doubt = told.find((way) => way.uncertain !== undefined)?.uncertain;
  const entries = told.map((way) => entryOfWay(route, way, way.uncertain ?? doubt));
  return end === 'there' ? entries : [...entries, ...otherwise];
}

function entryOfWay(route: StaticRoute, { action, isDeadEnd }: Way, uncertain?: string): FibEntry {
  const entry = entryOf(route, action, uncertain);
  return isDeadEnd === true ? { ...entry, isDeadEnd } : entry;
}

function circlingEntries({ route, otherwise }: RecursiveRoute, isAlive: boolean): readonly FibEntry[] {
  if (!isAlive) return otherwise;
  const words = `the next hop of ${formatPrefix(route.prefix)} leads in a circle over other static routes`;
  return [...[ANYWHERE, NOWHERE].map(({ action }) => entryOf(route, action, words)), ...otherwise];
}

function sameAction(a: RouteAction, b: RouteAction): boolean {
  if (a.kind !== b.kind || !('nextHops' in a) || !('nextHops' in b)) return a.kind === b.kind;
  return (
    a.nextHops.length === b.nextHops.length &&
    a.nextHops.every((hop, at) => hop.iface === b.nextHops[at]?.iface && hop.gateway === b.nextHops[at]?.gateway)
  );
}

export function entryOf(route: StaticRoute, action: RouteAction, uncertain?: string): FibEntry {
  const why = route.undecidable ?? uncertain;
  return {
    prefix: route.prefix,
    distance: route.distance,
    action,
    ...(why === undefined ? {} : { uncertain: why }),
    ...(route.lookup === undefined ? {} : { isUnmixed: true }),
    origins: [route.origin],
  };
}

/**
 * Routes of one prefix and distance that are there for certain are used together. One of them that
 * leads nowhere takes its share of the packets, and the others still pass theirs; or else it cannot be told
 * whether any of them is there.
 */
export function mergeEqualCost(all: readonly FibEntry[]): FibEntry[] {
  const entries = withMixedInDoubt(all);
  const merged: FibEntry[] = [];
  const byKey = new Map<string, number>();
  for (const entry of entries) {
    const key = levelKey(entry);
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

const MIXED = 'the kernel refuses a route of which one way leads nowhere and another does not';

/**
 * Linux has no multipath route with a way to nowhere in it, nor one over its own address, and refuses what FRR
 * makes of such lines.
 */
function withMixedInDoubt(entries: readonly FibEntry[]): readonly FibEntry[] {
  const isSuspect = ({ isUnmixed, action, mayBeRefused }: FibEntry): boolean =>
    mayBeRefused === true || (isUnmixed === true && action.kind === 'discard');
  if (!entries.some(isSuspect)) return entries;
  const kinds = new Map<string, Set<boolean>>();
  const refused = new Map<string, string | undefined>();
  for (const entry of entries) {
    const key = levelKey(entry);
    kinds.set(key, (kinds.get(key) ?? new Set()).add(entry.action.kind === 'discard'));
    if (kinds.get(key)?.size === 2) refused.set(key, MIXED);
    if (entry.mayBeRefused === true) refused.set(key, entry.uncertain);
  }
  return entries.map((entry) => {
    const why = entry.isUnmixed === true ? refused.get(levelKey(entry)) : undefined;
    return why === undefined ? entry : { ...entry, uncertain: why, mayBeRefused: true };
  });
}

/** FRR has chosen what the kernel refused, and installs none of greater distance in its place. */
export function withRefusedInDoubt(entries: readonly FibEntry[]): readonly FibEntry[] {
  const refused = new Map(
    entries.flatMap(({ mayBeRefused, prefix, uncertain }) =>
      mayBeRefused === true && uncertain !== undefined ? [[formatPrefix(prefix), uncertain] as const] : [],
    ),
  );
  if (refused.size === 0) return entries;
  return entries.map((entry) => {
    const why = entry.uncertain === undefined ? refused.get(formatPrefix(entry.prefix)) : undefined;
    return why === undefined ? entry : { ...entry, uncertain: why };
  });
}

function isSamePrefix(a: Prefix, b: Prefix): boolean {
  return a.ip === b.ip && a.length === b.length;
}

function levelKey({ prefix, distance }: { readonly prefix: Prefix; readonly distance: number }): string {
  return `${prefix.ip}/${prefix.length} ${distance}`;
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
