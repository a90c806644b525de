import {
  counts,
  type FibEntry,
  type NextHop,
  type RouteAction,
  routeName,
  type Suppression,
  waysOut,
} from '../dataplane/fib.js';
import { crossingsOf, type Node, neighboursAt, ownersBetween, takersAt } from '../dataplane/network.js';
import { ownAddressesOf } from '../dataplane/own-addresses.js';
import { policyWays } from '../dataplane/policy-hops.js';
import type { HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { Interface } from '../model/device.js';
import type { RoutingRule } from '../model/policy.js';
import { firstIp, lastIp, type Prefix } from '../net/prefix.js';
import { type Bounds, exactly, inside, outside } from './symbolic/bounds.js';
import { holdFor } from './symbolic/conditions.js';
import { cutShort, exit, mayStep, stopped } from './symbolic/ends.js';
import { listsOf, passFilter } from './symbolic/filter.js';
import { sameRewriting } from './symbolic/kept-walks.js';
import { withoutMartians } from './symbolic/martians.js';
import { askedAt, comeIn, eachLot, goOut, passWire } from './symbolic/passing.js';
import { MOST_RULES } from './symbolic/policies.js';
import { AS_SENT, type Change, clipAfter, isChoice, sentAs, sentBounds } from './symbolic/rewriting.js';
import { routeClasses } from './symbolic/route-classes.js';
import { freshTags } from './symbolic/tags.js';
import { both, eitherWay, nothing, type Through } from './symbolic/through.js';
import type { Exit, Query, Reach, Walk } from './symbolic/walk.js';
import { MOST_PASSED_ON, MOST_STEPS } from './words.js';

export type { Exit, FilterUse, Query, Reach } from './symbolic/walk.js';

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
  const before = crossingsOf(query.network, undefined, ingress);
  if (before.length > 0) {
    visit(
      reached(
        walk,
        passWire(walk, before, bounds, (at, passed) => enter(at, node, ingress, passed)),
      ),
    );
    return true;
  }
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

function reached(walk: Walk, through: Through): Reach {
  return {
    ...through,
    exits: walk.exits,
    filters: walk.filters,
    stops: walk.stops,
    approximate: walk.approximate.found,
    cutShort: walk.steps.left < 0 || walk.effort.left < 0,
  };
}

function enter(walk: Walk, node: Node, iface: Interface, bounds: Bounds): Through {
  const { kept } = walk.query;
  return kept === undefined || walk.visited.length === 0
    ? enterAnew(walk, node, iface, bounds)
    : kept.enter(walk, iface, bounds, (own) => enterAnew(own, node, iface, bounds));
}

function enterAnew(walk: Walk, node: Node, iface: Interface, bounds: Bounds): Through {
  const { rewriting } = walk.tags;
  walk.query.touched.add(node);
  if (!iface.up || walk.visited.some((one) => one.iface === iface && sameRewriting(one.rewriting, rewriting))) {
    return stopped(walk, node, iface.name, iface.origin, bounds);
  }
  const { onward, lots } = comeIn(walk, node, iface, bounds);
  const visiting: Walk = { ...onward, visited: [...walk.visited, { iface, rewriting }] };
  return eachLot(visiting, node, 'prerouting', 'none', lots, (at, passed) => forward(at, node, passed));
}

function forward(walk: Walk, node: Node, coming: Bounds): Through {
  const { manager, ingress, tags } = walk;
  // Redirected to the device itself: it goes no further.
  if (tags.toSelf) return nothing(manager);
  const { routingRules, refusesMartians } = node.device;
  const bounds = refusesMartians === true ? withoutMartians(walk, node, coming) : coming;
  if (routingRules === undefined) {
    return lookUp(walk, node, ingress.vrf, {}, bounds, (part) => noRoute(walk, node, part));
  }
  return chooseTable(walk, node, routingRules, notForSelf(walk, node, bounds));
}

function noRoute(walk: Walk, node: Node, bounds: Bounds): Through {
  return stopped(walk, node, 'no route', undefined, bounds);
}

/** The table of the device's own addresses is asked before all others. */
function notForSelf({ manager, tags, ingress }: Walk, node: Node, bounds: Bounds): Bounds {
  const own = [...ownAddressesOf(node.fibs.get(ingress.vrf)).keys()].map((ip): Interval => [ip, ip]);
  return outside(manager, bounds, sentBounds(manager, manager.fromBox({ dst: own }), tags.rewriting));
}

/** The first rule that holds and whose table has a route decides. */
function chooseTable(
  walk: Walk,
  node: Node,
  rules: readonly RoutingRule[],
  bounds: Bounds,
  from = 0,
  depth = 0,
): Through {
  const { manager } = walk;
  let total = nothing(manager);
  let left = bounds;
  for (let at = from; at < rules.length && left.may !== manager.empty; at += 1) {
    const rule = rules[at] as RoutingRule;
    walk.effort.left -= 1;
    if (walk.effort.left < 0) return both(manager, total, cutShort(walk, node, left));
    const held = holdFor(askedAt(walk, node, 'none'), rule.tests, { bounds: left, tags: walk.tags });
    const concerned = inside(manager, left, held);
    if (concerned.may === manager.empty) continue;
    if (depth > MOST_PASSED_ON || !mayStep(walk)) return both(manager, total, cutShort(walk, node, left));
    const otherwise = (part: Bounds) => chooseTable(walk, node, rules, part, at + 1, depth + 1);
    total = both(manager, total, takeRule(walk, node, rule, concerned, otherwise));
    left = outside(manager, left, held);
  }
  return both(manager, total, noRoute(walk, node, left));
}

/** @param otherwise what becomes of what the rule leads nowhere */
function takeRule(
  walk: Walk,
  node: Node,
  { action, origin }: RoutingRule,
  bounds: Bounds,
  otherwise: (bounds: Bounds) => Through,
): Through {
  const { manager } = walk;
  const discarded = (): Through => stopped(walk, node, origin.label, origin, bounds);
  switch (action.kind) {
    case 'table':
      return lookUp(walk, node, action.vrf, action, bounds, (part) =>
        action.isLast === true ? noRoute(walk, node, part) : otherwise(part),
      );
    case 'discard':
      return discarded();
    case 'next-hops': {
      const { ways, certain } = policyWays(node, action.hops);
      const taken = ways.map(({ action: way }) =>
        way.kind === 'discard' ? discarded() : act(walk, node, way, bounds),
      );
      if (!certain) taken.push(otherwise(bounds));
      return eitherWay(manager, [...taken, ...rerouted(walk, node, bounds)]);
    }
    case 'unknown': {
      const may: Bounds = { must: manager.empty, may: bounds.may };
      // Wherever it leads, what is forwarded is asked by what the device asks of all that it forwards.
      const away = goOut(walk, node, undefined, may, (at, passed) =>
        exit(at, { outcome: 'leaves', device: node.device.name }, passed),
      );
      return eitherWay(manager, [away, otherwise(bounds)]);
    }
  }
}

/**
 * Follows the routes of one table.
 * @param suppression which routes count as not there
 * @param otherwise what becomes of what the table has no route for
 */
function lookUp(
  walk: Walk,
  node: Node,
  table: string,
  suppression: Suppression,
  bounds: Bounds,
  otherwise: (bounds: Bounds) => Through,
): Through {
  const { manager, tags } = walk;
  const fib = node.fibs.get(table);
  if (fib === undefined) {
    if (node.device.tablesAreWhole === true) return otherwise(bounds);
    const away = exit(walk, { outcome: 'leaves', device: node.device.name }, { must: manager.empty, may: bounds.may });
    return eitherWay(manager, [away, otherwise(bounds)]);
  }
  let total = nothing(manager);
  for (const { intervals, routes, certain } of routeClasses(fib, destinationsOf(walk, bounds))) {
    const here = manager.fromBox({ dst: intervals });
    const part = inside(manager, bounds, sentBounds(manager, here, tags.rewriting));
    if (part.may === manager.empty) continue;
    const counted = routes.filter((route) => counts(route, suppression));
    const ways = counted.map((route) => follow(walk, node, route, part));
    if (!certain || counted.length < routes.length) ways.push(otherwise(part));
    if (routes[0]?.action.kind !== 'receive') ways.push(...rerouted(walk, node, part));
    total = both(manager, total, eitherWay(manager, ways));
  }
  return total;
}

/** A device may have thousands of routes, and what comes to it be for a few of them. */
function destinationsOf({ manager, query, tags }: Walk, { may }: Bounds): Interval {
  const { dst } = clipAfter(query.clip, tags.rewriting);
  const span = tags.rewriting.dst === undefined ? manager.span(may, 'dst') : undefined;
  return span === undefined ? dst : [Math.max(dst[0], span[0]), Math.min(dst[1], span[1])];
}

/** What a feature of the ingress interface may lead away, past all routes. */
function rerouted(walk: Walk, node: Node, { may }: Bounds): Through[] {
  if (!walk.ingress.uncertainties.some((one) => one.effect === 'may-reroute')) return [];
  return [exit(walk, { outcome: 'leaves', device: node.device.name }, { must: walk.manager.empty, may })];
}

function follow(walk: Walk, node: Node, route: FibEntry, bounds: Bounds): Through {
  const { manager } = walk;
  const { action, prefix } = route;
  if (!mayStep(walk)) return cutShort(walk, node, bounds);
  switch (action.kind) {
    case 'receive':
      return nothing(manager);
    case 'discard':
      return stopped(walk, node, routeName(route), route.origins[0], bounds);
    case 'connected': {
      const { iface } = action;
      return goOut(routedBy(walk), node, iface, bounds, (at, passed) => {
        const same = withSameDestination(at, walk);
        if (same !== undefined) return deliver(same, node, iface, prefix, passed);
        const kept = exactly(keptDestination(at, walk));
        const stays = inside(manager, passed, kept);
        // Whom a device asks for on the link is of the old destination or the new one.
        const away: Bounds = { must: manager.empty, may: outside(manager, passed, kept).may };
        const gone = exit(at, { outcome: 'leaves', device: node.device.name, iface }, away);
        return stays.may === manager.empty ? gone : both(manager, deliver(at, node, iface, prefix, stays), gone);
      });
    }
    default:
      return act(walk, node, action, bounds);
  }
}

function act(walk: Walk, node: Node, action: RouteAction & { kind: 'forward' | 'either' }, bounds: Bounds): Through {
  const { manager, ingress } = walk;
  switch (action.kind) {
    case 'either':
      return eitherWay(
        manager,
        waysOut(action, ingress).map((hop) => send(walk, node, hop, bounds)),
      );
    case 'forward':
      // Equal-cost paths all happen.
      return action.nextHops
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
    const { network } = walk.query;
    const { places, mayLeave } = takersAt(network, node, iface, gateway);
    const ways = places.map((one) =>
      passWire(at, crossingsOf(network, iface, one.iface), passed, (into, rest) =>
        enter(into, one.node, one.iface, rest),
      ),
    );
    if (ways.length === 0 || mayLeave !== undefined) {
      ways.push(passWire(at, crossingsOf(network, iface, undefined), passed, (out, rest) => exit(out, place, rest)));
    }
    return eitherWay(manager, ways);
  });
}

/** With a destination that routes were chosen by, if it is a choice of the device: it may be made anew behind them. */
function routedBy(walk: Walk): Walk {
  const { rewriting } = walk.tags;
  const { dst } = rewriting;
  return isChoice(dst) ? withDestination(walk, { ...dst, routed: true }) : walk;
}

/** The walk as it is, with its destination as it was when its route was chosen; undefined: that is another one now. */
function withSameDestination(walk: Walk, before: Walk): Walk | undefined {
  const [now, was] = [walk.tags.rewriting.dst, before.tags.rewriting.dst];
  if (!isChoice(now) && !isChoice(was)) return JSON.stringify(now) === JSON.stringify(was) ? walk : undefined;
  return isChoice(now) && now.routed === true && was !== undefined ? withDestination(walk, was) : undefined;
}

/** The headers that have the destination by which their route was chosen, though it was changed on the way out. */
function keptDestination({ manager, tags }: Walk, before: Walk): HeaderSpace {
  const { dst } = tags.rewriting;
  if (dst?.kind !== 'to' || dst.first !== dst.last) return manager.empty;
  return sentAs(manager, manager.fromBox({ dst: [[dst.first, dst.first]] }), before.tags.rewriting, 'all');
}

function withDestination(walk: Walk, dst: Change): Walk {
  return { ...walk, tags: { ...walk.tags, rewriting: { ...walk.tags.rewriting, dst } } };
}

/** To hosts on the link; what is for a reviewed neighbour's own address enters that. */
function deliver(walk: Walk, node: Node, iface: Interface, prefix: Prefix, bounds: Bounds): Through {
  const { manager, tags } = walk;
  let left = bounds;
  let total = nothing(manager);
  const dst = clipAfter(walk.query.clip, tags.rewriting).dst;
  const [first, last] = [Math.max(dst[0], firstIp(prefix)), Math.min(dst[1], lastIp(prefix))];
  for (const ip of walk.redirected ? [] : ownersBetween(walk.query.network, first, last)) {
    const neighbours = neighboursAt(walk.query.network, node, iface, ip);
    if (neighbours.length === 0) continue;
    const own = manager.fromBox({ dst: [[ip, ip]] });
    const sent = sentBounds(manager, own, tags.rewriting);
    const part = inside(manager, left, sent);
    left = outside(manager, left, sent);
    if (part.may === manager.empty) continue;
    const ways = neighbours.map((one) =>
      passWire(walk, crossingsOf(walk.query.network, iface, one.iface), part, (into, passed) =>
        enter(into, one.node, one.iface, passed),
      ),
    );
    total = both(manager, total, eitherWay(manager, ways));
  }
  const place = { outcome: 'delivered', device: node.device.name, iface } as const;
  const delivered = passWire(walk, crossingsOf(walk.query.network, iface, undefined), left, (at, passed) =>
    exit(at, place, passed),
  );
  return both(manager, total, delivered);
}
