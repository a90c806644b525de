import type { Network, Node } from '../../dataplane/network.js';
import type { HeaderSpace, HeaderSpaceManager, Interval } from '../../headerspace/header-space.js';
import type { AppliedFilter, Interface, Uncertainty } from '../../model/device.js';
import type { Ip } from '../../net/ip.js';
import type { Bounds } from './bounds.js';
import type { Clip } from './boxes.js';
import type { EntryPart, Passed } from './filter.js';
import type { KeptWalks } from './kept-walks.js';
import type { Effort } from './policies.js';
import type { Rewriting } from './rewriting.js';
import type { Stop } from './stops.js';
import type { Tags } from './tags.js';

/** One end of a path, with the headers that may get there. */
export interface Exit {
  readonly outcome: 'leaves' | 'delivered';
  readonly device: string;
  readonly iface?: Interface;
  readonly nextHop?: Ip;
  readonly may: HeaderSpace;
}

/** A filter on the way, and what each of its entries may pass. */
export interface FilterUse {
  readonly device: string;
  /** Which filter of the device it is; see `filterKey`. */
  readonly filter: string;
  /** Nonempty and disjoint; their union is `passes`, unless that is not known so closely. */
  readonly parts: readonly EntryPart[];
  readonly passes: HeaderSpace;
}

/** What gets through, of the headers of one chunk of a query. Its sets live as long as the visit. */
export interface Reach {
  readonly leaves: Bounds;
  readonly delivered: Bounds;
  /** What surely gets through, whichever way it goes: may hold more than both `must` together. */
  readonly must: HeaderSpace;
  readonly exits: readonly Exit[];
  readonly filters: readonly FilterUse[];
  /** Where headers end that do not get through, in the order of the walk. */
  readonly stops: readonly Stop[];
  /** Some set was too large to hold; the bounds are right, but not tight. */
  readonly approximate: boolean;
  /** There were too many paths to follow; the bounds are right, but not tight. */
  readonly cutShort: boolean;
}

export interface Query {
  readonly network: Network;
  readonly node: Node;
  readonly ingress: Interface;
  /** The headers asked about; none outside of `clip`. */
  readonly headers: HeaderSpace;
  readonly clip: Clip;
  /** Which ends count as having got there; absent: all of them. */
  readonly counts?: (place: Omit<Exit, 'may'>) => boolean;
  /** Only packets that have one of these destinations where they end count as having got there; absent: all of them. */
  readonly arrivingAt?: readonly Interval[];
  /** The devices that the headers meet are added to it. */
  readonly touched: Set<Node>;
  /** What is kept of the same question, asked before; its manager is the question's. */
  readonly kept?: KeptWalks;
}

/** Where headers came in, and what had been done to them. */
export interface Visit {
  readonly iface: Interface;
  readonly rewriting: Rewriting;
}

/** A set of headers on its way. */
export interface Walk {
  readonly manager: HeaderSpaceManager;
  readonly query: Query;
  /** Gathered on the way, by all branches. */
  readonly exits: Exit[];
  readonly filters: FilterUse[];
  readonly stops: Stop[];
  readonly approximate: { found: boolean };
  /** What may still be followed; counted over all branches and chunks. */
  readonly steps: { left: number };
  readonly effort: Effort;
  /** Where it was before: the interfaces it came in by, each with what had been done to its headers. */
  readonly visited: readonly Visit[];
  /** By which it came into the device where it is. */
  readonly ingress: Interface;
  readonly tags: Tags;
  /** What the first filter passes, where that is known before the walk. */
  readonly first?: { readonly filter: AppliedFilter; readonly passed: Passed };
  /** Set when the packets came in where addresses are rewritten on the way out. */
  readonly rewrite?: Uncertainty;
  /** Their destination may have been changed after their route was chosen. */
  readonly redirected: boolean;
}
