import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { Node } from '../dataplane/network.js';
import type { Interface } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import type { Ip } from '../net/ip.js';
import type { Fate, FilterEntry } from '../reachability/disposition.js';
import type { Flow } from '../reachability/flow.js';
import type { Alias } from './aliases.js';
import type { Member, Segment } from './segments.js';

export type VerdictWord = 'blocked' | 'possible' | 'reachable';

/** An entry that passes a part of what gets through. */
export interface PassingEntry {
  readonly entry: FilterEntry;
  readonly origin: Origin;
  /** What it passes, in words. */
  readonly passes: string;
}

/** What gets through in one way: what leaves, or what is delivered. */
export interface Through {
  /** Whether any of it surely gets through. */
  readonly certain: boolean;
  /** The hard-coded hosts that are surely reached. */
  readonly hosts: readonly Ip[];
  /** The hard-coded hosts that may be reached. */
  readonly possibleHosts: readonly Ip[];
  /** A packet of the gravest part, and what becomes of it. */
  readonly witness: Flow;
  readonly fate: Fate;
  /**
   * Whether the concrete evaluator says the same of the witness. False only where a filter was too
   * intricate to hold whole, and the witness is of what was not told apart: no packet is then claimed.
   */
  readonly witnessed: boolean;
  /** The entries of the filter nearest the segment that pass a part, in the order of evaluation. */
  readonly entries: readonly PassingEntry[];
  /** Entries that pass a part beyond those that are named. */
  readonly furtherEntries: number;
  /** Where the site says that it blocks, and no filter is on the path: the interface by which it is met. */
  readonly enforcedAt?: { readonly device: string; readonly iface: string; readonly origin: Origin };
  /** Whether any of it comes from whom the advisory names; false where it names nobody. */
  readonly fromNamed: boolean;
}

export interface VerdictExit {
  readonly outcome: 'leaves' | 'delivered';
  readonly device: string;
  readonly iface?: Interface;
  readonly nextHop?: Ip;
}

/** A place that stops a part of the packets. */
export interface Block {
  readonly device: string;
  readonly name: string;
  readonly origin?: Origin;
}

/** The answer to one query: one flow of an advisory, one segment, one ingress. */
export interface Verdict {
  readonly advisory: Advisory;
  readonly flow: AdvisoryFlow;
  readonly segment: Segment;
  readonly member: Member;
  /** It is about packets to other names of the destinations, which these lines translate; absent: to themselves. */
  readonly aliases?: readonly Alias[];
  readonly word: VerdictWord;
  readonly leaves?: Through;
  readonly delivered?: Through;
  readonly exits: readonly VerdictExit[];
  readonly blockedBy: readonly Block[];
  readonly assumptions: readonly string[];
  /** The devices that the packets met: the verdict holds as long as these are as they were. */
  readonly touched: ReadonlySet<Node>;
}

/** The verdicts of packets that the segments send. */
export function outbound(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter(({ flow }) => flow.direction === 'to-destinations');
}

/** The part that the verdict speaks of first: what leaves, where any does. */
export function mainPart(verdict: Verdict): { outcome: 'leaves' | 'delivered'; through: Through } | undefined {
  const { leaves, delivered } = verdict;
  if (leaves !== undefined && (leaves.certain || delivered?.certain !== true))
    return { outcome: 'leaves', through: leaves };
  return delivered === undefined ? undefined : { outcome: 'delivered', through: delivered };
}
