import { type Fib, type FibEntry, type NextHop, routesFor, waysOut } from '../dataplane/fib.js';
import { type Network, type Node, neighboursAt, ownersBetween } from '../dataplane/network.js';

import type { HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { AppliedFilter, Interface, Uncertainty } from '../model/device.js';
import type { Hook, RoutingRule } from '../model/policy.js';
import type { Ip } from '../net/ip.js';
import { firstIp, lastIp, type Prefix, prefixContains } from '../net/prefix.js';
import { type Clip, stateInterval } from './boxes.js';
import { type Asked, holdFor } from './conditions.js';
import { type Bounds, type EntryPart, listsOf, type Passed, passFilter, passFilterWhole } from './filter.js';
import { type Effort, MOST_RULES, runPolicies, type Stop } from './policies.js';
import { AS_SENT, afterwards, anything, clipAfter, type Rewriting, sentAs } from './rewriting.js';
import { freshTags, type Lot, type Tags } from './tags.js';
import { filterKey, MOST_STEPS } from './words.js';

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
  /** Which filter of the device it is; see `filterKey`. */
  readonly filter: string;
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
  /** What the rules of policies stop. */
  readonly stops: readonly Stop[];
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
 * All sets are of headers as they were sent: what a device translates is kept beside the set, and
 * what a filter behind it says of the translated header is taken back to the one that was sent.
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
    stops: [],
    visited: [],
    approximate: { found: false },
    steps: { left: MOST_STEPS },
    effort: { left: MOST_RULES },
    ingress,
    tags: freshTags(AS_SENT),
    redirected: false,
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
    const chunk: Walk = {
      ...walk,
      exits: [],
      filters: [],
      stops: [],
      first: { filter, passed },
      approximate: { found: false },
    };
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
  readonly stops: Stop[];
  readonly approximate: { found: boolean };
  /** What may still be followed; counted over all branches and chunks. */
  readonly steps: { left: number };
  readonly effort: Effort;
  /** Where it was before: the interfaces it came in by, each with what had been done to its headers. */
  readonly visited: readonly { readonly iface: Interface; readonly rewriting: Rewriting }[];
  /** By which it came into the device where it is. */
  readonly ingress: Interface;
  readonly tags: Tags;
  /** What the first filter passes, where that is known before the walk. */
  readonly first?: { readonly filter: AppliedFilter; readonly passed: Passed };
  /** Set when the packets came in where addresses are rewritten on the way out. */
  readonly rewrite?: Uncertainty;
  /** Their destination may have been changed after their route was chosen. */
  readonly redirected: boolean;
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
    stops: walk.stops,
    approximate: walk.approximate.found,
    cutShort: walk.steps.left < 0,
  };
}

function nothing({ empty }: HeaderSpaceManager): Through {
  const none = { must: empty, may: empty };
  return { leaves: none, delivered: none, must: empty };
}

function enter(walk: Walk, node: Node, iface: Interface, bounds: Bounds): Through {
  const { manager } = walk;
  const { rewriting } = walk.tags;
  walk.query.touched.add(node);
  if (!iface.up || walk.visited.some((one) => one.iface === iface && sameRewriting(one.rewriting, rewriting))) {
    return nothing(manager);
  }
  const { first: _, rewrite: __, ...rest } = walk;
  const tags = freshTags(rewriting);
  const rewrite = rewriteOf(iface, 'in');
  const onward: Walk = {
    ...rest,
    ingress: iface,
    tags,
    visited: [...walk.visited, { iface, rewriting }],
    ...(rewrite === undefined ? {} : { rewrite }),
  };
  const crossed = cross({ ...walk, tags }, node, iface, 'in', bounds);
  return eachLot(onward, node, 'prerouting', 'none', enteringLots(walk, node, crossed, tags), (at, passed) =>
    forward(at, node, passed),
  );
}

/** Only of a new connection it is known that nothing has marked it yet. */
function enteringLots({ manager }: Walk, node: Node, bounds: Bounds, tags: Tags): Lot[] {
  if (node.device.policies === undefined) return [{ bounds, tags }];
  const isNew = manager.fromBox({ state: [stateInterval('new')] });
  return [
    { tags, bounds: { must: manager.intersect(bounds.must, isNew), may: manager.intersect(bounds.may, isNew) } },
    {
      tags: { ...tags, connectionMark: undefined },
      bounds: { must: manager.subtract(bounds.must, isNew), may: manager.subtract(bounds.may, isNew) },
    },
  ];
}

function sameRewriting(a: Rewriting, b: Rewriting): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Goes on with what comes through the policies of a hook, apart for each way in which it was changed there. */
function eachLot(
  walk: Walk,
  node: Node,
  hook: Hook,
  egress: Asked['egress'],
  lots: readonly Lot[],
  then: (walk: Walk, bounds: Bounds) => Through,
): Through {
  const { manager } = walk;
  const { device } = node;
  let now = lots;
  if (device.policies !== undefined) {
    const ran = runPolicies(askedAt(walk, node, egress), hook, lots, walk.effort, walk.stops);
    if (ran.approximate) walk.approximate.found = true;
    for (const { policy, parts, passes } of ran.uses) {
      walk.filters.push({ device: device.name, filter: policy.name, parts, passes });
    }
    now = ran.lots;
  }
  return now
    .map(({ bounds, tags }) => then({ ...walk, tags }, bounds))
    .reduce((a, b) => both(manager, a, b), nothing(manager));
}

function askedAt(walk: Walk, node: Node, egress: Asked['egress']): Asked {
  const { manager, query, ingress } = walk;
  return { manager, device: node.device, clip: query.clip, ingress, egress, beforeTracking: false };
}

function forward(walk: Walk, node: Node, bounds: Bounds): Through {
  const { manager, ingress, tags } = walk;
  // Redirected to the device itself: it goes no further.
  if (tags.toSelf) return nothing(manager);
  const { routingRules } = node.device;
  if (routingRules === undefined) {
    return lookUp(walk, node, ingress.vrf, -1, bounds, () => nothing(manager));
  }
  return chooseTable(walk, node, routingRules, notForSelf(walk, node, bounds));
}

/** The table of the device's own addresses is asked before all others. */
function notForSelf({ manager, tags }: Walk, node: Node, bounds: Bounds): Bounds {
  const own = node.device.interfaces
    .filter((iface) => iface.up)
    .flatMap((iface) => iface.addresses.map(({ ip }): Interval => [ip, ip]));
  const set = manager.fromBox({ dst: own });
  return {
    must: manager.subtract(bounds.must, sentAs(manager, set, tags.rewriting, 'some')),
    may: manager.subtract(bounds.may, sentAs(manager, set, tags.rewriting, 'all')),
  };
}

/** The first rule that holds and whose table has a route decides. */
function chooseTable(walk: Walk, node: Node, rules: readonly RoutingRule[], bounds: Bounds): Through {
  const { manager } = walk;
  const [rule, ...others] = rules;
  if (rule === undefined || bounds.may === manager.empty) return nothing(manager);
  if (!mayStep(walk)) return cutShort(walk, node, bounds);
  const held = holdFor(askedAt(walk, node, 'none'), rule.tests, { bounds, tags: walk.tags });
  const inside: Bounds = {
    must: manager.intersect(bounds.must, held.must),
    may: manager.intersect(bounds.may, held.may),
  };
  const rest: Bounds = { must: manager.subtract(bounds.must, held.may), may: manager.subtract(bounds.may, held.must) };
  const { action } = rule;
  let chosen = nothing(manager);
  if (inside.may !== manager.empty) {
    switch (action.kind) {
      case 'table':
        chosen = lookUp(walk, node, action.vrf, action.suppressLength ?? -1, inside, (part) =>
          chooseTable(walk, node, others, part),
        );
        break;
      case 'discard':
        break;
      case 'unknown': {
        const away = exit(
          walk,
          { outcome: 'leaves', device: node.device.name },
          { must: manager.empty, may: inside.may },
        );
        chosen = eitherWay(manager, [away, chooseTable(walk, node, others, inside)]);
      }
    }
  }
  return both(manager, chosen, chooseTable(walk, node, others, rest));
}

/**
 * Follows the routes of one table.
 * @param suppressed routes of this prefix length or shorter count as not there
 * @param otherwise what becomes of what the table has no route for
 */
function lookUp(
  walk: Walk,
  node: Node,
  table: string,
  suppressed: number,
  bounds: Bounds,
  otherwise: (bounds: Bounds) => Through,
): Through {
  const { manager, ingress, tags } = walk;
  const fib = node.fibs.get(table);
  if (fib === undefined) return otherwise(bounds);
  let total = nothing(manager);
  for (const { intervals, routes, certain } of routeClasses(fib, clipAfter(walk.query.clip, tags.rewriting).dst)) {
    const here = manager.fromBox({ dst: intervals });
    const part: Bounds = {
      must: manager.intersect(bounds.must, sentAs(manager, here, tags.rewriting, 'all')),
      may: manager.intersect(bounds.may, sentAs(manager, here, tags.rewriting, 'some')),
    };
    if (part.may === manager.empty) continue;
    const counted = routes.filter((route) => route.prefix.length > suppressed);
    const ways = counted.map((route) => follow(walk, node, ingress, route, part));
    if (!certain || counted.length < routes.length) ways.push(otherwise(part));
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
      return goOut(walk, node, iface, bounds, (at, passed) => deliver(at, node, iface, route.prefix, passed));
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
  const place: Omit<Exit, 'may'> = {
    outcome: 'leaves',
    device: node.device.name,
    ...(iface === undefined ? {} : { iface }),
    ...(gateway === undefined ? {} : { nextHop: gateway }),
  };
  return goOut(walk, node, iface, bounds, (at, passed) => {
    if (at.redirected) return exit(at, place, { must: manager.empty, may: passed.may });
    const neighbours = gateway === undefined ? [] : neighboursAt(walk.query.network, node, iface, gateway);
    if (neighbours.length === 0) return exit(at, place, passed);
    return eitherWay(
      manager,
      neighbours.map((one) => enter(at, one.node, one.iface, passed)),
    );
  });
}

/** To hosts on the link; what is for a reviewed neighbour's own address enters that. */
function deliver(walk: Walk, node: Node, iface: Interface, prefix: Prefix, bounds: Bounds): Through {
  const { manager, tags } = walk;
  let left = bounds;
  let total = nothing(manager);
  const [first, last] = clipAfter(walk.query.clip, tags.rewriting).dst;
  for (const ip of walk.redirected ? [] : ownersBetween(walk.query.network, first, last)) {
    if (!prefixContains(prefix, ip)) continue;
    const neighbours = neighboursAt(walk.query.network, node, iface, ip);
    if (neighbours.length === 0) continue;
    const own = manager.fromBox({ dst: [[ip, ip]] });
    const all = sentAs(manager, own, tags.rewriting, 'all');
    const some = sentAs(manager, own, tags.rewriting, 'some');
    const part: Bounds = { must: manager.intersect(left.must, all), may: manager.intersect(left.may, some) };
    left = { must: manager.subtract(left.must, some), may: manager.subtract(left.may, all) };
    if (part.may === manager.empty) continue;
    const ways = neighbours.map((one) => enter(walk, one.node, one.iface, part));
    total = both(manager, total, eitherWay(manager, ways));
  }
  return both(manager, total, exit(walk, { outcome: 'delivered', device: node.device.name, iface }, left));
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

/** Through the device's policies, then out of an interface and past its filters. */
function goOut(
  walk: Walk,
  node: Node,
  egress: Interface | undefined,
  bounds: Bounds,
  then: (walk: Walk, bounds: Bounds) => Through,
): Through {
  const out = egress ?? 'unknown';
  return eachLot(walk, node, 'forward', out, [{ bounds, tags: walk.tags }], (forwarded, passed) =>
    eachLot(forwarded, node, 'postrouting', out, [{ bounds: passed, tags: forwarded.tags }], (at, rest) => {
      if (egress === undefined) return then(at, rest);
      const rewriting = at.rewrite === undefined ? undefined : rewriteOf(egress, 'out');
      const fields = rewriting?.fields ?? [];
      const onward: Walk =
        fields.length === 0
          ? at
          : {
              ...at,
              redirected: at.redirected || fields.includes('dst'),
              tags: { ...at.tags, rewriting: afterwards(at.tags.rewriting, anything(fields)) },
            };
      return then(onward, cross(onward, node, egress, 'out', rest));
    }),
  );
}

/** Past all checks of an interface in one direction. */
function cross(walk: Walk, node: Node, iface: Interface, direction: 'in' | 'out', bounds: Bounds): Bounds {
  const { manager } = walk;
  let now = bounds;
  if (direction === 'in' && iface.reversePath !== undefined) {
    const onLink = iface.addresses.map(({ prefix }): Interval => [firstIp(prefix), lastIp(prefix)]);
    const fromLink = sentAs(manager, manager.fromBox({ src: onLink }), walk.tags.rewriting, 'all');
    now = { may: now.may, must: manager.intersect(now.must, fromLink) };
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
  walk.filters.push({ device: node.device.name, filter: filterKey(iface.name, filter.direction), parts, passes });
  // On a device that does not route, the filter may not see what is only switched.
  return node.device.routes ? passed : { must: passed.must, may: bounds.may };
}

/** The answer that was known before, less what other checks have made doubtful since. */
function within({ manager }: Walk, passed: Passed, bounds: Bounds): Passed {
  return { ...passed, must: manager.intersect(passed.must, bounds.must) };
}

/** A filter's answer for headers as they are after what was done to them on the way. */
function askFilter(walk: Walk, lists: ReturnType<typeof listsOf>, bounds: Bounds): Passed {
  const { manager } = walk;
  const { rewriting } = walk.tags;
  if (Object.keys(rewriting).length === 0) return passFilterWhole(manager, lists, bounds, walk.query.clip);
  const clip = clipAfter(walk.query.clip, rewriting);
  const here = manager.fromBox({ src: [clip.src], dst: [clip.dst] });
  const passed = passFilterWhole(manager, lists, { must: here, may: here }, clip);
  const came = (set: HeaderSpace) => manager.intersect(bounds.may, sentAs(manager, set, rewriting, 'some'));
  return {
    may: came(passed.may),
    must: manager.intersect(bounds.must, sentAs(manager, passed.must, rewriting, 'all')),
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
