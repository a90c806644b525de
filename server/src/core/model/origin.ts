import { movedEnd, movedStart, type TextChange } from '../text/edit.js';
import type { Span } from '../text/span.js';

/** Where a thing of the model stands in a configuration, in the vendor's own words. */
export interface Origin extends Span {
  readonly file: string;
  /** As the vendor says it: `ip access-list extended MONITORS-IN`, `10 permit ip any any`. Holds no secret. */
  readonly label: string;
}

/** The origin of the same thing in a text that was changed, but not inside it. */
export function movedOrigin(origin: Origin, change: TextChange): Origin {
  if (origin.end <= change.start) return origin;
  return { ...origin, start: movedStart(origin.start, change), end: movedEnd(origin.end, change) };
}
