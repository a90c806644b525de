import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import { destinationsOf, type Proposal, type Purpose, placeOfRoutes } from './edits.js';

/** A route of the destinations to nowhere. */
export function nullRoute(
  review: Review,
  remedy: Remedy & { kind: 'null-route' },
  { advisory, flow }: Purpose,
): Proposal | undefined {
  const place = placeOfRoutes(review, remedy.device);
  const edits = place?.dialect.write.nullRoute?.(place.reading, remedy.vrf, flow.destinations, advisory);
  return edits && { id: remedy.kind, title: `Route ${destinationsOf(flow)} to nowhere on ${remedy.device}`, edits };
}
