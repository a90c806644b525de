import type { Node } from '../../dataplane/network.js';
import type { HeaderSpace, Interval } from '../../headerspace/header-space.js';
import type { AppliedFilter, Interface, Uncertainty } from '../../model/device.js';
import { firstIp, lastIp } from '../../net/prefix.js';
import { filterKey } from '../words.js';
import type { Bounds } from './bounds.js';
import { stopped } from './ends.js';
import { listsOf, type Passed, passFilterWhole } from './filter.js';
import { clipAfter, sentAs } from './rewriting.js';
import type { Walk } from './walk.js';

/** Past all checks of an interface in one direction. */
export function cross(walk: Walk, node: Node, iface: Interface, direction: 'in' | 'out', bounds: Bounds): Bounds {
  const { manager } = walk;
  let now = bounds;
  if (direction === 'in' && iface.reversePath !== undefined) {
    const onLink = iface.addresses.map(({ prefix }): Interval => [firstIp(prefix), lastIp(prefix)]);
    const fromLink = sentAs(manager, manager.fromBox({ src: onLink }), walk.tags.rewriting, 'all');
    const others = manager.subtract(now.may, fromLink);
    stopped(walk, node, iface.name, iface.reversePath.origin, { must: manager.empty, may: others });
    now = { may: now.may, must: manager.intersect(now.must, fromLink) };
  }
  for (const filter of iface.filters) {
    if (filter.direction === direction) now = applyFilter(walk, node, iface, filter, now);
  }
  for (const { effect, direction: where, origin } of iface.uncertainties) {
    if (effect !== 'may-drop' || (where !== direction && where !== 'both')) continue;
    now = { may: now.may, must: manager.empty };
    stopped(walk, node, iface.name, origin, now);
  }
  return now;
}

function applyFilter(walk: Walk, node: Node, iface: Interface, filter: AppliedFilter, bounds: Bounds): Bounds {
  const { manager } = walk;
  const lists = listsOf(node.device, filter);
  if (lists.length === 0) return bounds;
  const passed =
    walk.first?.filter === filter ? within(walk, walk.first.passed, bounds) : askFilter(walk, lists, bounds);
  if (passed.approximate) walk.approximate.found = true;
  const { parts, may: passes } = passed;
  if (bounds.may !== passed.must) {
    const { device } = node;
    walk.stops.push({
      place: {
        kind: 'filter',
        device,
        iface,
        filter,
        rewriting: walk.tags.rewriting,
        isCertain: bounds.must === bounds.may,
      },
      came: bounds.may,
      passed: passed.must,
      isSure: device.routes && bounds.must !== manager.empty,
    });
  }
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

export function rewriteOf(iface: Interface, direction: 'in' | 'out'): Uncertainty | undefined {
  return iface.uncertainties.find(
    (one) => one.effect === 'may-rewrite' && (one.direction === direction || one.direction === 'both'),
  );
}
