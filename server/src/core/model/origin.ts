import type { Span } from '../text/span.js';

/** Where a thing of the model stands in a configuration, in the vendor's own words. */
export interface Origin extends Span {
  readonly file: string;
  /** As the vendor says it: `ip access-list extended MONITORS-IN`, `10 permit ip any any`. Holds no secret. */
  readonly label: string;
}
