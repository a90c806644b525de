import type { Crossing, Node } from '../../dataplane/network.js';
import type { Interface } from '../../model/device.js';
import type { Hook } from '../../model/policy.js';
import { type Bounds, exactly, inside, outside } from './bounds.js';
import { stateInterval } from './boxes.js';
import type { Asked } from './conditions.js';
import { cross, rewriteOf } from './cross.js';
import { stopped } from './ends.js';
import { runPolicies } from './policies.js';
import { afterwards, anything } from './rewriting.js';
import type { Stop } from './stops.js';
import { freshTags, type Lot, type Tags } from './tags.js';
import { both, nothing, type Through } from './through.js';
import type { Walk } from './walk.js';

/** Past what a device asks on the way in and on the way out; where it sends them is not asked here. */

/** Past the checks of the interface, into a device that knows nothing of the packets yet. */
export function comeIn(walk: Walk, node: Node, iface: Interface, bounds: Bounds): { onward: Walk; lots: Lot[] } {
  const { first: _, rewrite: __, ...rest } = walk;
  const tags = freshTags(walk.tags.rewriting);
  const rewrite = rewriteOf(iface, 'in');
  const onward: Walk = { ...rest, ingress: iface, tags, ...(rewrite === undefined ? {} : { rewrite }) };
  const crossed = cross({ ...walk, tags }, node, iface, 'in', bounds);
  return { onward, lots: enteringLots(walk, node, crossed, tags) };
}

/** Only of a new connection it is known that nothing has marked it yet. */
function enteringLots({ manager }: Walk, node: Node, bounds: Bounds, tags: Tags): Lot[] {
  if (node.device.policies === undefined) return [{ bounds, tags }];
  const isNew = exactly(manager.fromBox({ state: [stateInterval('new')] }));
  return [
    { tags, bounds: inside(manager, bounds, isNew) },
    { tags: { ...tags, connectionMark: undefined }, bounds: outside(manager, bounds, isNew) },
  ];
}

/** Goes on with what comes through the policies of a hook, apart for each way in which it was changed there. */
export function eachLot(
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

export function askedAt(walk: Walk, node: Node, egress: Asked['egress']): Asked {
  const { manager, query, ingress } = walk;
  return { manager, device: node.device, clip: query.clip, ingress, egress, beforeTracking: false };
}

/** Past what lies on a wire. */
export function passWire(
  walk: Walk,
  crossings: readonly Crossing[],
  bounds: Bounds,
  then: (walk: Walk, bounds: Bounds) => Through,
): Through {
  const [crossing, ...others] = crossings;
  if (crossing === undefined) return then(walk, bounds);
  if (crossing.kind === 'switch') return passWire(walk, others, pastSwitch(walk, crossing, bounds), then);
  const { node, ingress, egress } = crossing;
  walk.query.touched.add(node);
  if (!ingress.up || !egress.up) return stopped(walk, node, ingress.name, ingress.origin, bounds);
  const { onward, lots } = comeIn(walk, node, ingress, bounds);
  return eachLot(onward, node, 'prerouting', 'none', lots, (at, passed) =>
    at.tags.toSelf
      ? nothing(walk.manager)
      : goOut(at, node, egress, passed, (out, rest) => passWire(out, others, rest, then)),
  );
}

/** Past a switch that headers may cross, and need not: what it may stop gets on, but not surely. */
function pastSwitch(walk: Walk, { node, iface, hooks }: Crossing & { kind: 'switch' }, bounds: Bounds): Bounds {
  const { manager, query, effort } = walk;
  query.touched.add(node);
  const { onward, lots } = comeIn(walk, node, iface, bounds);
  const stops: Stop[] = [];
  let now: readonly Lot[] = lots;
  let isWhole = true;
  for (const hook of hooks) {
    const asked = askedAt(onward, node, hook === 'postrouting' ? iface : 'none');
    const ran = runPolicies(asked, hook, now, effort, stops);
    if (ran.approximate) isWhole = false;
    now = ran.lots;
  }
  if (!isWhole) walk.approximate.found = true;
  for (const stop of stops) walk.stops.push({ ...stop, isSure: false });
  // Where not all was asked, not all stops are known.
  const sure = isWhole
    ? stops.reduce((left, { came, passed }) => manager.subtract(left, manager.subtract(came, passed)), bounds.must)
    : manager.empty;
  return { must: sure, may: bounds.may };
}

/** Through the device's policies, then out of an interface and past its filters. */
export function goOut(
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
