import { type Fib, type FibEntry, type NextHop, routesFor, waysOut } from '../dataplane/fib.js';
import { type Network, type Node, neighboursAt } from '../dataplane/network.js';
import type { HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { AppliedFilter, Interface, RewrittenField, Uncertainty } from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { firstIp, lastIp } from '../net/prefix.js';
import { type Clip, NO_CLIP } from './boxes.js';
import { type Bounds, type EntryPart, listsOf, type Passed, passFilter, passFilterWhole } from './filter.js';
import { MOST_STEPS } from './words.js';

/** One end of a path, with the headers that may get there. */
export interface Exit {
  readonly outcome: 'leaves' | 'delivered';
  readonly device: string;
  readonly iface?: Interface;
  readonly nextHop?: Ip;
  readonly may: HeaderSpace;
}

/** A filter on the way, and what each of its entries may pass. */
export interface FilterUse {
  readonly device: string;
  readonly iface: Interface;
  readonly direction: 'in' | 'out';
  /** Nonempty and disjoint; their union is `passes`, unless that is not known so closely. */
  readonly parts: readonly EntryPart[];
  readonly passes: HeaderSpace;
}

/** What gets through, of the headers of one chunk of a query. Its sets live as long as the visit. */
export interface Reach {
  readonly leaves: Bounds;
  readonly delivered: Bounds;
  /** What surely gets through, whichever way it goes: may hold more than both `must` together. */
  readonly must: HeaderSpace;
  readonly exits: readonly Exit[];
  readonly filters: readonly FilterUse[];
  /** Some set was too large to hold; the bounds are right, but not tight. */
  readonly approximate: boolean;
  /** There were too many paths to follow; the bounds are right, but not tight. */
  readonly cutShort: boolean;
}

export interface Query {
  readonly network: Network;
  readonly node: Node;
  readonly ingress: Interface;
  /** The headers asked about; none outside of `clip`. */
  readonly headers: HeaderSpace;
  readonly clip: Clip;
  /** The devices that the headers meet are added to it. */
  readonly touched: Set<Node>;
}

/**
 * The symbolic engine: follows a set of headers through the device, and the devices behind it, as
 * `evaluate` follows one packet, and gives what surely and what possibly gets through.
 *
 * Calls `visit` once for each chunk of the headers, nearly always one. Returns whether the sets of the
 * last chunk outlive its visit.
 */
export function reach(manager: HeaderSpaceManager, query: Query, visit: (reach: Reach) => void): boolean {
  const { node, ingress } = query;
  const walk: Walk = {
    manager,
    query,
    exits: [],
    filters: [],
    visited: [],
    approximate: { found: false },
    steps: { left: MOST_STEPS },
  };
  const bounds = { must: query.headers, may: query.headers };
  const filter = ingress.filters.find((one) => one.direction === 'in');
  const lists = filter === undefined ? [] : listsOf(node.device, filter);
  // The first filter meets the whole query, so it alone is visited in chunks; what passes it is small.
  if (!ingress.up || filter === undefined || lists.length === 0) {
    visit(reached(walk, enter(walk, node, ingress, bounds)));
    return true;
  }
  return passFilter(manager, lists, bounds, query.clip, (passed) => {
    const chunk: Walk = { ...walk, exits: [], filters: [], first: { filter, passed }, approximate: { found: false } };
    visit(reached(chunk, enter(chunk, node, ingress, bounds)));
  });
}

/** A set of headers on its way. */
interface Walk {
  readonly manager: HeaderSpaceManager;
  readonly query: Query;
  /** Gathered on the way, by all branches. */
  readonly exits: Exit[];
  readonly filters: FilterUse[];
  readonly approximate: { found: boolean };
  /** What may still be followed; counted over all branches and chunks. */
  readonly steps: { left: number };
  readonly visited: readonly Interface[];
  /** What the first filter passes, where that is known before the walk. */
  readonly first?: { readonly filter: AppliedFilter; readonly passed: Passed };
  /** Set when the packets came in where addresses are rewritten on the way out. */
  readonly rewrite?: Uncertainty;
  /** What may have been rewritten on the way here. */
  readonly rewritten?: readonly RewrittenField[];
}

/** What gets through of a branch. */
interface Through {
  readonly leaves: Bounds;
  readonly delivered: Bounds;
  readonly must: HeaderSpace;
}

function reached(walk: Walk, through: Through): Reach {
  return {
    ...through,
    exits: walk.exits,
    filters: walk.filters,
    approximate: walk.approximate.found,
    cutShort: walk.steps.left < 0,
  };
}

function nothing({ empty }: HeaderSpaceManager): Through {
  const none = { must: empty, may: empty };
  return { leaves: none, delivered: none, must: empty };
}

function enter(walk: Walk, node: Node, iface: Interface, bounds: Bounds): Through {
  walk.query.touched.add(node);
  if (walk.visited.includes(iface) || !iface.up) return nothing(walk.manager);
  const crossed = cross(walk, node, iface, 'in', bounds);
  const rewrite = rewriteOf(iface, 'in');
  const { first: _, ...rest } = walk;
  const onward: Walk = {
    ...rest,
    visited: [...walk.visited, iface],
    ...(rewrite === undefined ? {} : { rewrite }),
  };
  return forward(onward, node, iface, crossed);
}

function forward(walk: Walk, node: Node, ingress: Interface, bounds: Bounds): Through {
  const { manager } = walk;
  const fib = node.fibs.get(ingress.vrf) as Fib;
  let total = nothing(manager);
  for (const { intervals, routes, certain } of routeClasses(fib, walk.query.clip.dst)) {
    const share = manager.fromBox({ dst: intervals });
    const part: Bounds = { must: manager.intersect(bounds.must, share), may: manager.intersect(bounds.may, share) };
    if (part.may === manager.empty) continue;
    const ways = routes.map((route) => follow(walk, node, ingress, route, part));
    if (!certain) ways.push(nothing(manager));
    if (routes[0]?.action.kind !== 'receive' && ingress.uncertainties.some((one) => one.effect === 'may-reroute')) {
      const away: Bounds = { must: manager.empty, may: part.may };
      ways.push(exit(walk, { outcome: 'leaves', device: node.device.name }, away));
    }
    total = both(manager, total, eitherWay(manager, ways));
  }
  return total;
}

/** Takes a step, if there is one left. */
function mayStep({ steps }: Walk): boolean {
  if (steps.left >= 0) steps.left -= 1;
  return steps.left >= 0;
}

/** Where the steps are spent, everything may leave. */
function cutShort(walk: Walk, node: Node, { may }: Bounds): Through {
  // A change of any device may change how many paths there are.
  for (const one of walk.query.network.nodes) walk.query.touched.add(one);
  return exit(walk, { outcome: 'leaves', device: node.device.name }, { must: walk.manager.empty, may });
}

function follow(walk: Walk, node: Node, ingress: Interface, route: FibEntry, bounds: Bounds): Through {
  const { manager } = walk;
  if (!mayStep(walk)) return cutShort(walk, node, bounds);
  switch (route.action.kind) {
    case 'receive':
    case 'discard':
      return nothing(manager);
    case 'connected': {
      const { iface } = route.action;
      const out = leave(walk, node, iface, bounds);
      return exit(out.walk, { outcome: 'delivered', device: node.device.name, iface }, out.bounds);
    }
    case 'either':
      return eitherWay(
        manager,
        waysOut(route.action, ingress).map((hop) => send(walk, node, hop, bounds)),
      );
    case 'forward':
      // Equal-cost paths all happen.
      return route.action.nextHops
        .map((hop) => send(walk, node, hop, bounds))
        .reduce((total, one) => both(manager, total, one), nothing(manager));
  }
}

function send(walk: Walk, node: Node, { iface, gateway }: NextHop, bounds: Bounds): Through {
  const { manager } = walk;
  if (!mayStep(walk)) return cutShort(walk, node, bounds);
  const device = node.device.name;
  if (iface === undefined) {
    return exit(walk, { outcome: 'leaves', device, ...(gateway === undefined ? {} : { nextHop: gateway }) }, bounds);
  }
  const out = leave(walk, node, iface, bounds);
  const redirected = out.walk.rewritten?.includes('dst') === true;
  const neighbours = gateway === undefined || redirected ? [] : neighboursAt(walk.query.network, node, iface, gateway);
  if (neighbours.length > 0) {
    return eitherWay(
      manager,
      neighbours.map((place) => enter(out.walk, place.node, place.iface, out.bounds)),
    );
  }
  const left = redirected ? { must: manager.empty, may: out.bounds.may } : out.bounds;
  return exit(
    out.walk,
    { outcome: 'leaves', device, iface, ...(gateway === undefined ? {} : { nextHop: gateway }) },
    left,
  );
}

function exit(walk: Walk, place: Omit<Exit, 'may'>, bounds: Bounds): Through {
  const { manager } = walk;
  if (bounds.may === manager.empty) return nothing(manager);
  walk.exits.push({ ...place, may: bounds.may });
  const none = { must: manager.empty, may: manager.empty };
  return place.outcome === 'leaves'
    ? { leaves: bounds, delivered: none, must: bounds.must }
    : { leaves: none, delivered: bounds, must: bounds.must };
}

/** Out of an interface, past its filters; from here on addresses may have been rewritten. */
function leave(walk: Walk, node: Node, egress: Interface, bounds: Bounds): { walk: Walk; bounds: Bounds } {
  const rewriting = walk.rewrite === undefined ? undefined : rewriteOf(egress, 'out');
  const fields = [...(walk.rewritten ?? []), ...(rewriting?.fields ?? [])];
  const onward: Walk = fields.length === 0 ? walk : { ...walk, rewritten: fields };
  return { walk: onward, bounds: cross(onward, node, egress, 'out', bounds) };
}

/** Past all checks of an interface in one direction. */
function cross(walk: Walk, node: Node, iface: Interface, direction: 'in' | 'out', bounds: Bounds): Bounds {
  const { manager } = walk;
  let now = bounds;
  if (direction === 'in' && iface.reversePath !== undefined) {
    const onLink = iface.addresses.map(({ prefix }): Interval => [firstIp(prefix), lastIp(prefix)]);
    now = { may: now.may, must: manager.intersect(now.must, manager.fromBox({ src: onLink })) };
  }
  for (const filter of iface.filters) {
    if (filter.direction === direction) now = applyFilter(walk, node, iface, filter, now);
  }
  const mayDrop = iface.uncertainties.some(
    (one) => one.effect === 'may-drop' && (one.direction === direction || one.direction === 'both'),
  );
  return mayDrop ? { may: now.may, must: manager.empty } : now;
}

function applyFilter(walk: Walk, node: Node, iface: Interface, filter: AppliedFilter, bounds: Bounds): Bounds {
  const lists = listsOf(node.device, filter);
  if (lists.length === 0) return bounds;
  const passed =
    walk.first?.filter === filter ? within(walk, walk.first.passed, bounds) : askFilter(walk, lists, bounds);
  if (passed.approximate) walk.approximate.found = true;
  const { parts, may: passes } = passed;
  walk.filters.push({ device: node.device.name, iface, direction: filter.direction, parts, passes });
  // On a device that does not route, the filter may not see what is only switched.
  return node.device.routes ? passed : { must: passed.must, may: bounds.may };
}

/** The answer that was known before, less what other checks have made doubtful since. */
function within({ manager }: Walk, passed: Passed, bounds: Bounds): Passed {
  return { ...passed, must: manager.intersect(passed.must, bounds.must) };
}

/** A filter's answer for headers of which some fields may have been rewritten to anything on the way. */
function askFilter(walk: Walk, lists: ReturnType<typeof listsOf>, bounds: Bounds): Passed {
  const { manager } = walk;
  const fields = walk.rewritten;
  if (fields === undefined) return passFilterWhole(manager, lists, bounds, walk.query.clip);
  const clip: Clip = {
    src: fields.includes('src') ? NO_CLIP.src : walk.query.clip.src,
    dst: fields.includes('dst') ? NO_CLIP.dst : walk.query.clip.dst,
  };
  const rewritten: Bounds = { must: manager.forget(bounds.may, fields), may: manager.forget(bounds.may, fields) };
  const passed = passFilterWhole(manager, lists, rewritten, clip);
  // Some rewriting of a header that may pass passes; every rewriting of one that must pass does.
  const came = (set: HeaderSpace) => manager.intersect(bounds.may, manager.forget(set, fields));
  const stopped = manager.forget(manager.subtract(rewritten.may, passed.must), fields);
  return {
    may: came(passed.may),
    must: manager.subtract(bounds.must, stopped),
    parts: passed.parts.map((part) => ({ ...part, passes: came(part.passes) })),
    approximate: passed.approximate,
  };
}

function rewriteOf(iface: Interface, direction: 'in' | 'out'): Uncertainty | undefined {
  return iface.uncertainties.find(
    (one) => one.effect === 'may-rewrite' && (one.direction === direction || one.direction === 'both'),
  );
}

/** Both happen. */
function both(manager: HeaderSpaceManager, a: Through, b: Through): Through {
  const join = (x: Bounds, y: Bounds): Bounds => ({
    must: manager.union(x.must, y.must),
    may: manager.union(x.may, y.may),
  });
  return {
    leaves: join(a.leaves, b.leaves),
    delivered: join(a.delivered, b.delivered),
    must: manager.union(a.must, b.must),
  };
}

/** One of them happens, and it cannot be told which. */
function eitherWay(manager: HeaderSpaceManager, ways: readonly Through[]): Through {
  const [first, ...others] = ways;
  const join = (x: Bounds, y: Bounds): Bounds => ({
    must: manager.intersect(x.must, y.must),
    may: manager.union(x.may, y.may),
  });
  return others.reduce(
    (a, b) => ({
      leaves: join(a.leaves, b.leaves),
      delivered: join(a.delivered, b.delivered),
      must: manager.intersect(a.must, b.must),
    }),
    first ?? nothing(manager),
  );
}

interface RouteClass {
  readonly intervals: Interval[];
  readonly routes: readonly FibEntry[];
  readonly certain: boolean;
}

/** The destinations of an interval, in classes that the same routes decide for. */
function routeClasses(fib: Fib, [first, last]: Interval): RouteClass[] {
  const cuts = new Set<Ip>([first]);
  for (const { prefix } of fib.entries) {
    if (firstIp(prefix) > last || lastIp(prefix) < first) continue;
    if (firstIp(prefix) > first) cuts.add(firstIp(prefix));
    if (lastIp(prefix) < last) cuts.add(lastIp(prefix) + 1);
  }
  const starts = [...cuts].sort((a, b) => a - b);
  const classes: RouteClass[] = [];
  const byFirst = new Map<FibEntry | undefined, RouteClass[]>();
  for (const [at, start] of starts.entries()) {
    const interval: Interval = [start, (starts[at + 1] ?? last + 1) - 1];
    const { routes, certain } = routesFor(fib, start);
    const alike = byFirst.get(routes[0]) ?? [];
    const same = alike.find(
      (one) =>
        one.certain === certain &&
        one.routes.length === routes.length &&
        one.routes.every((route, index) => route === routes[index]),
    );
    if (same !== undefined) {
      same.intervals.push(interval);
      continue;
    }
    const one = { intervals: [interval], routes, certain };
    classes.push(one);
    alike.push(one);
    byFirst.set(routes[0], alike);
  }
  return classes;
}
