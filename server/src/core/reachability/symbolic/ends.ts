import type { Node } from '../../dataplane/network.js';
import type { Origin } from '../../model/origin.js';
import { type Bounds, inside } from './bounds.js';
import { sentBounds } from './rewriting.js';
import { nothing, type Through } from './through.js';
import type { Exit, Walk } from './walk.js';

/** Where headers end: at an exit, at a line that stops them, or where no steps are left. */

/** Takes a step, if there is one left. */
export function mayStep({ steps }: Walk): boolean {
  if (steps.left >= 0) steps.left -= 1;
  return steps.left >= 0;
}

/** Where the steps are spent, everything may leave. */
export function cutShort(walk: Walk, node: Node, { may }: Bounds): Through {
  // A change of any device may change how many paths there are.
  for (const one of walk.query.network.nodes) walk.query.touched.add(one);
  return exit(walk, { outcome: 'leaves', device: node.device.name }, { must: walk.manager.empty, may });
}

export function exit(walk: Walk, place: Omit<Exit, 'may'>, ending: Bounds): Through {
  const { manager } = walk;
  const bounds = arriving(walk, ending);
  if (bounds.may === manager.empty || walk.query.counts?.(place) === false) return nothing(manager);
  walk.exits.push({ ...place, may: bounds.may });
  const none = { must: manager.empty, may: manager.empty };
  return place.outcome === 'leaves'
    ? { leaves: bounds, delivered: none, must: bounds.must }
    : { leaves: none, delivered: bounds, must: bounds.must };
}

/**
 * Nothing gets through; what surely does not is what surely came.
 * @param name the interface or route
 * @param origin absent where no line says it
 */
export function stopped(
  walk: Walk,
  { device }: Node,
  name: string,
  origin: Origin | undefined,
  bounds: Bounds,
): Through {
  const { manager, stops } = walk;
  if (bounds.may !== manager.empty) {
    stops.push({
      place: { kind: 'line', device, name, ...(origin === undefined ? {} : { origin }) },
      came: bounds.may,
      passed: manager.empty,
      isSure: bounds.must !== manager.empty,
    });
  }
  return nothing(manager);
}

/** What of the packets has, where it ends, one of the destinations that are asked about. */
function arriving({ manager, query, tags }: Walk, bounds: Bounds): Bounds {
  if (query.arrivingAt === undefined) return bounds;
  const set = manager.fromBox({ dst: query.arrivingAt });
  return inside(manager, bounds, sentBounds(manager, set, tags.rewriting));
}
