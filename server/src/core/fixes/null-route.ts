import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { destinationsOf, type Proposal, type Purpose, placeOfRoutes, placesOfDevice } from './edits.js';

/** A route of the destinations to nowhere. */
export function nullRoute(
  review: Review,
  remedy: Remedy & { kind: 'null-route' },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const last = placeOfRoutes(review, remedy.device);
  for (const { reading, dialect } of last === undefined ? [] : [last, ...placesOfDevice(review, remedy.device)]) {
    const edits = dialect.write.nullRoute?.(reading, remedy.vrf, flow.destinations, advisory);
    if (edits === undefined) continue;
    return { id: remedy.kind, title: `Route ${destinationsOf(flow)} to nowhere on ${remedy.device}`, edits };
  }
  return undefined;
}
