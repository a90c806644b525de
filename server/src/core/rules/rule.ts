import type { Origin } from '../model/origin.js';
import type { Level } from '../report.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';

/** A place that belongs to a problem, and what it has to do with it. */
export interface Related {
  readonly message: string;
  readonly origin: Pick<Origin, 'file' | 'start' | 'end'>;
}

/** An edit that might mend a problem, named by what it would do. It is not yet proved. */
export type Remedy =
  | { readonly kind: 'block-in-filter'; readonly device: string; readonly acl: string; readonly index: number }
  | { readonly kind: 'apply-filter'; readonly device: string; readonly iface: string }
  /** The same where a policy without a rule about them lets all through: it gets one at the end of its chain. */
  | { readonly kind: 'apply-filter'; readonly device: string; readonly chain: string }
  | { readonly kind: 'null-route'; readonly device: string; readonly vrf: string }
  /**
   * Denies the destinations where packets of the verdicts leave, or would leave if they were not delivered:
   * by what leaves the interface there, or by a route to nowhere on that device.
   */
  | { readonly kind: 'block-at-edge'; readonly by: 'filter' | 'null-route'; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'move-block-up';
      readonly device: string;
      readonly acl: string;
      readonly index: number;
      readonly before: number;
    }
  | {
      readonly kind: 'correct-mask';
      readonly device: string;
      readonly acl: string;
      readonly index: number;
      readonly side: 'src' | 'dst';
    };

/** What a rule has found. */
export interface Problem {
  /** What is wrong, why it matters, and what to do. */
  readonly message: string;
  readonly origin: Pick<Origin, 'file' | 'start' | 'end'>;
  readonly related: readonly Related[];
  /** The answers that it is about: a fix must turn each into "blocked". */
  readonly verdicts: readonly Verdict[];
  readonly remedies: readonly Remedy[];
}

/**
 * One rule. Its doc comment is its page for users; its file has its name.
 */
export interface Rule {
  readonly id: string;
  /** Unless the site file sets another. */
  readonly level: Level;
  readonly check: (review: Review) => readonly Problem[];
}
