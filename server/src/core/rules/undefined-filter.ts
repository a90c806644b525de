import type { Rule } from './rule.js';

export const undefinedFilter: Rule = {
  id: 'undefined-filter',
  level: 'warning',
  check: (review) =>
    review.network.nodes.flatMap(({ device }) =>
      device.interfaces.flatMap((iface) =>
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
      ),
    ),
};
