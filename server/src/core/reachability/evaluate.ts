import {
  counts,
  type Fib,
  type FibEntry,
  type NextHop,
  routeName,
  routesFor,
  type Suppression,
  waysOut,
} from '../dataplane/fib.js';
import { crossingsOf, type Network, type Node, neighboursAt, takersAt } from '../dataplane/network.js';
import { ownAddressesOf } from '../dataplane/own-addresses.js';
import { policyWays } from '../dataplane/policy-hops.js';
import type { Interface } from '../model/device.js';
import type { PolicyHop, RoutingRule } from '../model/policy.js';
import { formatIp, type Ip } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import { isRefused } from './concrete/martians.js';
import { entering, type Packet, withField } from './concrete/packet.js';
import { accepted, comeIn, goOut, passWire } from './concrete/passing.js';
import { testsHold } from './concrete/tests.js';
import { assume, cutShort, end, firstOfEach, mayStep, step, type Walk } from './concrete/walk.js';
import { type Fate, type Hop, passes } from './disposition.js';
import type { Flow } from './flow.js';
import { MARTIAN_WORDS, MOST_PASSED_ON, MOST_STEPS, mayLeaveWords, noTableWords } from './words.js';

/**
 * The concrete evaluator: follows one packet, line by line, and says every fate it may have.
 *
 * It is the twin of the symbolic engine and shares none of its code: the symbolic answer is right
 * when both agree. It is meant to be read. Where something undecidable decides, it goes both ways.
 */
export function evaluate(network: Network, node: Node, ingress: Interface, flow: Flow): Fate[] {
  const walk: Walk = {
    network,
    packet: entering(flow, {}),
    hops: [],
    assumptions: [],
    visited: [],
    steps: { left: MOST_STEPS },
    ingress,
    redirected: false,
  };
  const fates = passWire(walk, crossingsOf(network, undefined, ingress), (at) => enter(at, node, ingress));
  // What passes comes first: the answer for somebody who must know whether it may.
  const passing = fates.filter((fate) => passes(fate.disposition));
  return [...passing, ...fates.filter((fate) => !passes(fate.disposition))];
}

function enter(walk: Walk, node: Node, iface: Interface): Fate[] {
  const header = JSON.stringify([walk.packet.flow, walk.packet.blurred]);
  if (walk.visited.some((one) => one.iface === iface && one.header === header)) {
    const device = node.device.name;
    const entered = step(walk, { device, step: 'enter', name: iface.name, action: 'enters', origin: iface.origin });
    return [end(entered, { device, disposition: 'loop', iface })];
  }
  const onward: Walk = { ...walk, visited: [...walk.visited, { iface, header }] };
  return comeIn(onward, node, iface, true, (passed) => forward(passed, node));
}

function forward(walk: Walk, node: Node): Fate[] {
  const { ingress, packet } = walk;
  if (packet.toSelf) return [accepted(walk, node, ingress)];
  const refuses = node.device.refusesMartians === true ? isRefused(packet) : 'no';
  const lost = refuses === 'no' ? [] : noRoute(walk, node, 'an address that no host has');
  if (refuses === 'yes') return lost;
  return [...lost, ...route(refuses === 'no' ? walk : assume(walk, { words: MARTIAN_WORDS }), node)];
}

function route(walk: Walk, node: Node): Fate[] {
  const { ingress } = walk;
  const { routingRules } = node.device;
  if (routingRules === undefined) {
    return eachDestination(walk, node, [ingress.vrf], (at) =>
      lookUp(at, node, ingress.vrf, {}, (lost) => noRoute(lost, node, ingress.vrf)),
    );
  }
  const tables = routingRules.flatMap(({ action }) => (action.kind === 'table' ? [action.vrf] : []));
  const ownAddresses = ownAddressesOf(node.fibs.get(ingress.vrf));
  return eachDestination(walk, node, [ingress.vrf, ...tables], (at) => {
    const own = ownAddresses.get(at.packet.flow.dst);
    if (own !== undefined) return [accepted(at, node, own)];
    return chooseTable(at, node, routingRules);
  });
}

function noRoute(walk: Walk, node: Node, table: string): Fate[] {
  const device = node.device.name;
  const lost = step(walk, { device, step: 'route', name: table, action: 'has no route' });
  return [end(lost, { device, disposition: 'no-route' })];
}

/** A destination that may be one of many is tried once for each way in which the tables tell them apart. */
function eachDestination(walk: Walk, node: Node, tables: readonly string[], then: (walk: Walk) => Fate[]): Fate[] {
  const range = walk.packet.blurred.dst;
  if (range === undefined) return then(walk);
  const cuts = new Set<Ip>([range.first]);
  const add = (ip: Ip): void => {
    if (ip > range.first && ip <= range.last) cuts.add(ip);
  };
  for (const table of tables) {
    for (const { prefix } of node.fibs.get(table)?.entries ?? []) {
      add(prefix.ip);
      add(prefix.ip + 2 ** (32 - prefix.length));
    }
  }
  const starts = [...cuts].sort((a, b) => a - b);
  return starts.flatMap((first, at) => {
    const last = (starts[at + 1] ?? range.last + 1) - 1;
    return then({ ...walk, packet: withField(walk.packet, 'dst', { first, last }) });
  });
}

/** The first rule that holds and whose table has a route decides. */
function chooseTable(walk: Walk, node: Node, rules: readonly RoutingRule[], from = 0, depth = 0): Fate[] {
  const device = node.device.name;
  const fates: Fate[] = [];
  for (let at = from; at < rules.length; at += 1) {
    const rule = rules[at] as RoutingRule;
    const asking = { node, ingress: walk.ingress, egress: 'none' as const, beforeTracking: false };
    const holds = testsHold(rule.tests, walk.packet, asking);
    if (holds === 'no') continue;
    if (depth > MOST_PASSED_ON || !mayStep(walk)) return [...fates, ...cutShort(walk, node)];
    for (const fate of takeRule(walk, node, rule, (on) => chooseTable(on, node, rules, at + 1, depth + 1))) {
      fates.push(fate);
    }
    if (holds === 'yes') return fates;
  }
  const lost = step(walk, { device, step: 'route', name: 'routing rules', action: 'have no route' });
  return [...fates, end(lost, { device, disposition: 'no-route' })];
}

/** @param otherwise where the rule leads nowhere */
function takeRule(walk: Walk, node: Node, { action, origin }: RoutingRule, otherwise: (walk: Walk) => Fate[]): Fate[] {
  const device = node.device.name;
  switch (action.kind) {
    case 'table':
      return lookUp(walk, node, action.vrf, action, (at) =>
        action.isLast === true ? noRoute(at, node, action.vrf) : otherwise(at),
      );
    case 'discard': {
      const hop: Hop = { device, step: 'route', name: origin.label, action: 'routed nowhere', origin };
      return [end(step(walk, hop), { device, disposition: 'null-routed' })];
    }
    case 'next-hops':
      return [...rerouted(walk, node), ...takeHops(walk, node, action.hops, origin, otherwise)];
    case 'unknown': {
      const doubt = assume(walk, { words: action.words, origin });
      const away = goOut(doubt, node, undefined, (out) => [end(out, { device, disposition: 'leaves' })]);
      return [...away, ...otherwise(doubt)];
    }
  }
}

/**
 * Follows the routes of one table.
 * @param suppression which routes count as not there
 * @param otherwise where the table has no route
 */
function lookUp(
  walk: Walk,
  node: Node,
  table: string,
  suppression: Suppression,
  otherwise: (walk: Walk) => Fate[],
): Fate[] {
  const fib: Fib | undefined = node.fibs.get(table);
  if (fib === undefined) {
    if (node.device.tablesAreWhole === true) return otherwise(walk);
    const lost = assume(walk, { words: noTableWords(node.device, table) });
    return [end(lost, { device: node.device.name, disposition: 'leaves' }), ...otherwise(lost)];
  }
  const { routes, certain } = routesFor(fib, walk.packet.flow.dst);
  const fates = routes[0]?.action.kind === 'receive' ? [] : rerouted(walk, node);
  const counted = routes.filter((route) => counts(route, suppression));
  for (const route of counted) fates.push(...follow(walk, node, route));
  if (!certain || counted.length < routes.length) fates.push(...otherwise(walk));
  return fates;
}

/** A feature of the ingress interface may lead the packet away, past all routes, or nowhere. */
function rerouted(walk: Walk, node: Node): Fate[] {
  const { ingress } = walk;
  const device = node.device.name;
  const reroute = ingress.uncertainties.find((uncertainty) => uncertainty.effect === 'may-reroute');
  if (reroute === undefined) return [];
  const { origin } = reroute;
  const hop: Hop = { device, step: 'route', name: ingress.name, action: 'may be routed otherwise', origin };
  const at = step(assume(walk, reroute), hop);
  return (['leaves', 'null-routed'] as const).map((disposition) => end(at, { device, disposition }));
}

/** The first hop that can be used takes the packet. */
function takeHops(
  walk: Walk,
  node: Node,
  hops: readonly PolicyHop[],
  origin: RoutingRule['origin'],
  otherwise: (walk: Walk) => Fate[],
): Fate[] {
  const device = node.device.name;
  const { ways, certain } = policyWays(node, hops);
  const fates = ways.flatMap(({ action, uncertain }): Fate[] => {
    const sure = uncertain === undefined ? walk : assume(walk, { words: uncertain, origin });
    const words = action.kind === 'discard' ? 'routed nowhere' : 'routed';
    const routed = step(sure, { device, step: 'route', name: origin.label, action: words, origin });
    if (action.kind === 'discard') return [end(routed, { device, disposition: 'null-routed' })];
    if (action.kind === 'either') return waysOut(action, walk.ingress).flatMap((hop) => send(routed, node, hop));
    return allHappen(action.nextHops.map((hop) => send(routed, node, hop)));
  });
  return certain ? fates : [...fates, ...otherwise(walk)];
}

function follow(walk: Walk, node: Node, route: FibEntry): Fate[] {
  if (!mayStep(walk)) return cutShort(walk, node);
  const device = node.device.name;
  const words = route.uncertain ?? route.assumption;
  const [line] = route.origins;
  const assumption = words === undefined ? undefined : { words, ...(line === undefined ? {} : { origin: line }) };
  const routed = step(assumption === undefined ? walk : assume(walk, assumption), {
    device,
    step: 'route',
    name: routeName(route),
    action: route.action.kind === 'discard' ? 'routed nowhere' : 'routed',
    ...(line === undefined ? {} : { origin: line }),
  });
  switch (route.action.kind) {
    case 'receive':
      return [end(routed, { device, disposition: 'accepted', iface: route.action.iface })];
    case 'discard':
      return [end(routed, { device, disposition: 'null-routed' })];
    case 'connected': {
      const { iface } = route.action;
      return goOut(routed, node, iface, (out) => {
        if (sameDestination(out.packet, routed.packet)) return deliver(out, node, iface, route);
        // Whom a device asks for on the link is of the old destination or the new one.
        const left = end(out, { device, disposition: 'leaves', iface });
        return [left, { ...left, disposition: 'no-route' }];
      });
    }
    case 'either':
      return waysOut(route.action, walk.ingress).flatMap((hop) => send(routed, node, hop));
    case 'forward':
      return allHappen(route.action.nextHops.map((hop) => send(routed, node, hop)));
  }
}

/** A choice among the same destinations, made anew, may be another one. */
function sameDestination(a: Packet, b: Packet): boolean {
  return a.flow.dst === b.flow.dst && a.blurred.dst === b.blurred.dst;
}

/** To a host on the link, or into the reviewed neighbour whose own address it is. */
function deliver(walk: Walk, node: Node, iface: Interface, { prefix }: FibEntry): Fate[] {
  const device = node.device.name;
  const hop: Hop = { device, step: 'deliver', name: iface.name, action: 'delivered', origin: iface.origin };
  const delivered = (out: Walk): Fate[] =>
    passWire(out, crossingsOf(out.network, iface, undefined), (at) => [
      end(step(at, hop), { device, disposition: 'delivered', iface }),
    ]);
  if (walk.redirected) return delivered(walk);
  const { flow, blurred } = walk.packet;
  const range = blurred.dst ?? { first: flow.dst, last: flow.dst };
  const owned = [...walk.network.owners.keys()].filter(
    (ip) =>
      range.first <= ip &&
      ip <= range.last &&
      prefixContains(prefix, ip) &&
      neighboursAt(walk.network, node, iface, ip).length > 0,
  );
  const fates = owned.flatMap((ip) => {
    const one: Walk = { ...walk, packet: withField(walk.packet, 'dst', { first: ip, last: ip }) };
    return neighboursAt(walk.network, node, iface, ip).flatMap((place) =>
      passWire(one, crossingsOf(one.network, iface, place.iface), (at) => enter(at, place.node, place.iface)),
    );
  });
  return owned.length > range.last - range.first ? fates : [...fates, ...delivered(walk)];
}

/**
 * Equal-cost paths all happen, so a packet gets on if it does on one of them: it fails only where every path
 * may fail, and then on each as that has it. What a device takes for itself gets no further, either.
 */
function allHappen(paths: readonly (readonly Fate[])[]): Fate[] {
  const getsOn = ({ disposition }: Fate): boolean => disposition !== 'accepted' && passes(disposition);
  const ends = paths.map((fates) => fates.filter((fate) => !getsOn(fate)));
  const onward = paths.flat().filter(getsOn);
  return ends.every((fates) => fates.length > 0) ? [...onward, ...distinctEnds(ends.flat())] : onward;
}

/** One of those that end at the same place, on the same assumptions: ways part and meet again, more and more of them. */
function distinctEnds(fates: readonly Fate[]): Fate[] {
  return firstOfEach(fates, ({ device, disposition, hops, assumptions }) => {
    const last = hops.at(-1);
    const words = assumptions.map((one) => one.words);
    return JSON.stringify([device, disposition, last?.name, last?.origin?.file, last?.origin?.start, words]);
  });
}

/** Out of an interface to a next hop: on into the neighbour that owns it, or away. */
function send(walk: Walk, node: Node, { iface, gateway }: NextHop): Fate[] {
  if (!mayStep(walk)) return cutShort(walk, node);
  const device = node.device.name;
  const away = (out: Walk): Fate => {
    const hop: Hop = {
      device,
      step: 'leave',
      name: iface?.name ?? 'an interface that is not named',
      action: gateway === undefined ? 'leaves' : `leaves to ${formatIp(gateway)}`,
      ...(iface === undefined ? {} : { origin: iface.origin }),
    };
    return end(step(out, hop), {
      device,
      disposition: 'leaves',
      ...(iface === undefined ? {} : { iface }),
      ...(gateway === undefined ? {} : { nextHop: gateway }),
    });
  };
  return goOut(walk, node, iface, (out) => {
    if (out.redirected) return redirected(out, away);
    const takers = takersAt(out.network, node, iface, gateway);
    const taken = takers.places.flatMap((place) =>
      passWire(out, crossingsOf(out.network, iface, place.iface), (at) => enter(at, place.node, place.iface)),
    );
    if (takers.places.length > 0 && takers.mayLeave === undefined) return taken;
    const leaving = takers.mayLeave === undefined ? out : assume(out, { words: mayLeaveWords(takers, iface, gateway) });
    return [...taken, ...passWire(leaving, crossingsOf(out.network, iface, undefined), (at) => [away(at)])];
  });
}

/** With another destination, the packet may end elsewhere. */
function redirected(walk: Walk, away: (walk: Walk) => Fate): Fate[] {
  const left = away(walk.blurredBy === undefined ? walk : assume(walk, walk.blurredBy));
  return [left, { ...left, disposition: 'no-route' }];
}
