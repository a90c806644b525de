import type { Device } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { Problem, Rule } from './rule.js';

/**
 * An interface applies a list that the configuration does not define.
 *
 * ## Why it matters
 *
 * IOS permits all packets there until the list has its first entry. One wrong letter in
 * a name opens the interface, and `show running-config` looks as if there were a filter.
 *
 * ## How to fix
 *
 * Write the list, or the name as it is meant. Where the path to the advisory's network is open,
 * `target-reachable` offers a fix for that.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "undefined-filter": "error" }`.
 */
export const undefinedFilter: Rule = {
  id: 'undefined-filter',
  level: 'warning',
  check: (review) => review.network.nodes.flatMap(({ device }) => keptIn(known, device, () => problemsOf(device))),
};

const known = new WeakMap<Device, readonly Problem[]>();

function problemsOf(device: Device): Problem[] {
  return device.interfaces.flatMap((iface) =>
    iface.filters.flatMap((filter) =>
      filter.names
        .filter((name) => !device.acls.has(name))
        .map((name) => ({
          message: `${iface.name} applies ${name}, which is not defined in the files of ${device.name}. A list that is not defined permits everything. Define it, or apply another.`,
          origin: filter.origin,
          related: [],
          verdicts: [],
          remedies: [],
        })),
    ),
  );
}
