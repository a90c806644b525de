import type { AceTable } from './ace-table.js';
import type { HeaderMatch } from './header-match.js';
import type { Origin } from './origin.js';

/**
 * `unknown`: the entry could not be read far enough to tell. It counts as a permit for what may
 * pass, and as a deny for what must pass.
 */
export type AceAction = 'permit' | 'deny' | 'unknown';

/** One entry of an ordered list; the first one that matches decides. */
export interface Ace {
  /** Position in the order of evaluation, from 0. */
  readonly index: number;
  readonly action: AceAction;
  readonly match: HeaderMatch;
  /** Why it cannot be told whether a packet inside `match` is matched ("time-range NIGHT"); absent: it is. */
  readonly undecidable?: string;
  /** Where the vendor numbers its entries. */
  readonly sequence?: number;
  /** The deny that the vendor adds at the end. It has the origin of its list. */
  readonly implicit: boolean;
  readonly origin: Origin;
}

/**
 * An ordered filter. `entries` are in the order of evaluation, whatever their order in the file,
 * and end with the implicit entry where the vendor has one.
 */
export interface Acl {
  readonly name: string;
  /** The vendor's word for its sort: `standard`, `extended`. */
  readonly kind: string;
  readonly origin: Origin;
  readonly entries: AceTable;
  /** Where a further entry would be written: the end of the last line of the list. */
  readonly end: number;
}

/** One entry on its way into a table. */
export interface AceRow {
  readonly action: AceAction;
  readonly start: number;
  readonly end: number;
  readonly sequence?: number;
  readonly undecidable?: string;
  readonly match: HeaderMatch;
}
