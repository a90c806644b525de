import type { AdvisoryFlow } from '../advisories/advisory.js';
import { type Box, type HeaderSpace, HeaderSpaceManager, type Interval } from '../headerspace/header-space.js';
import type { Acl } from '../model/acl.js';
import type { HeaderMatch } from '../model/header-match.js';
import { type Ip, MAX_IP } from '../net/ip.js';
import { firstIp, lastIp } from '../net/prefix.js';
import { TcpFlag } from '../net/protocols.js';
import { matches } from '../reachability/concrete/match.js';
import { boxesOf, stateInterval } from '../reachability/symbolic/boxes.js';
import { headersOf } from '../review/headers.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';
import type { Problem, Rule } from './rule.js';
import { type TargetList, targetLists, verdictsThrough } from './target-denies.js';

/**
 * A deny for the advisory's network stands behind an entry of the same list that permits the same
 * packets. The deny decides nothing.
 *
 * Entries are looked at in the order of their sequence numbers, which need not be the order of the
 * lines in the file.
 *
 * ## Why it matters
 *
 * Lists are read from the top and the first match wins. A deny that was added at the end, behind a
 * wide permit, is the commonest way in which this advisory is "done" without effect.
 *
 * ## How to fix
 *
 * `move-block-up` moves the deny before the first entry that shadows it, with a sequence number
 * that is free there.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "block-shadowed": "error" }`.
 */
export const blockShadowed: Rule = {
  id: 'block-shadowed',
  level: 'warning',
  check: (review) => targetLists(review).flatMap((list) => problemsOf(review, list)),
};

/** The packets that open a connection: a permit for answers does not shadow a deny. */
const OPENING: Box = { state: [stateInterval('new')], tcpFlags: [[TcpFlag.syn, TcpFlag.syn]] };

/**
 * Pairs of entries that are looked at in one list. A list that takes more has thousands of denies for
 * single addresses; the verdict still is exact, and naming each late one would help nobody.
 */
const MOST_PAIRS = 1_000_000;

/** An entry before a deny, with the hull of its destinations and sources. */
interface Earlier {
  readonly index: number;
  readonly boxes: readonly Box[];
  readonly hull: Hull;
}

interface Hull {
  readonly src: Interval;
  readonly dst: Interval;
}

function problemsOf(review: Review, list: TargetList): Problem[] {
  const { flow, acl, denies } = list;
  const verdicts = verdictsThrough(review, list).filter((verdict) => verdict.word !== 'blocked');
  if (verdicts.length === 0) return [];
  const manager = new HeaderSpaceManager();
  const asked = verdicts
    .map((verdict) => headersOf(manager, flow, verdict.member))
    .reduce((set, one) => manager.union(set, one), manager.empty);
  const opening = manager.intersect(asked, manager.fromBox(OPENING));
  const entries = new TargetEntries(acl, [firstOf(flow), lastOf(flow)]);
  let pairs = 0;
  return denies.flatMap((index) => {
    pairs += index;
    const deny = pairs > MOST_PAIRS ? undefined : entries.at(index);
    if (deny === undefined) return [];
    const permit = shadowOf(manager, entries, deny, manager.intersect(manager.fromBoxes(deny.boxes), opening));
    return permit === undefined ? [] : [problemOf(list, index, permit, verdicts)];
  });
}

/** The entries of a list that touch a range of destinations, each looked at only when it is asked for. */
class TargetEntries {
  readonly acl: Acl;
  /** In order. */
  readonly indexes: Uint32Array;
  readonly #dst: Interval;
  readonly #known = new Map<number, Earlier | undefined>();

  constructor(acl: Acl, dst: Interval) {
    this.acl = acl;
    this.indexes = acl.entries.touching(0, MAX_IP, dst[0], dst[1]);
    this.#dst = dst;
  }

  /** Undefined where the entry matches nothing there, or in too many places to hold. */
  at(index: number): Earlier | undefined {
    if (!this.#known.has(index)) this.#known.set(index, this.#read(index));
    return this.#known.get(index);
  }

  #read(index: number): Earlier | undefined {
    const boxes = boxesOf(this.acl.entries.matchAt(index), { src: [0, MAX_IP], dst: this.#dst });
    return boxes === undefined || boxes.length === 0 ? undefined : { index, boxes, hull: hullOf(boxes) };
  }
}

/** The first entry that permits packets which the deny is there for, and which no earlier entry denies. */
function shadowOf(
  manager: HeaderSpaceManager,
  entries: TargetEntries,
  deny: Earlier,
  denied: HeaderSpace,
): number | undefined {
  const table = entries.acl.entries;
  let left = denied;
  for (const index of entries.indexes) {
    if (index >= deny.index || left === manager.empty) return undefined;
    const entry = entries.at(index);
    if (entry === undefined) continue;
    if (!meet(entry.hull.dst, deny.hull.dst) || !meet(entry.hull.src, deny.hull.src)) continue;
    const action = table.actionAt(index);
    const matched = manager.fromBoxes(entry.boxes);
    if (action === 'permit' && manager.overlaps(left, matched)) return index;
    if (action === 'deny' && table.undecidableAt(index) === undefined) left = manager.subtract(left, matched);
  }
  return undefined;
}

function problemOf(
  { advisory, device, acl }: TargetList,
  index: number,
  before: number,
  verdicts: readonly Verdict[],
): Problem {
  const permit = acl.entries.originAt(before);
  return {
    message: `This deny for ${advisory.id} comes too late: "${permit.label}" stands before it in ${acl.name} and lets packets through. Move the deny before it.`,
    origin: acl.entries.originAt(index),
    related: [{ message: `this entry of ${acl.name} permits first`, origin: permit }],
    verdicts,
    remedies: stopsWitnesses(acl.entries.matchAt(index), verdicts)
      ? [{ kind: 'move-block-up', device: device.name, acl: acl.name, index, before }]
      : [],
  };
}

/**
 * Whether the entry matches every packet that was found to get through. Moving one that does not
 * would close nothing, and a list may have thousands of them: no proof is tried.
 */
function stopsWitnesses(match: HeaderMatch, verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ leaves, delivered }) =>
    [leaves, delivered].every((part) => part === undefined || matches(match, part.witness)),
  );
}

function hullOf(boxes: readonly Box[]): Hull {
  const over = (intervals: readonly Interval[]): Interval => [
    intervals.reduce((least, [first]) => Math.min(least, first), MAX_IP),
    intervals.reduce((most, [, last]) => Math.max(most, last), 0),
  ];
  return { src: over(boxes.flatMap((box) => box.src ?? [])), dst: over(boxes.flatMap((box) => box.dst ?? [])) };
}

function meet(a: Interval, b: Interval): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}

function firstOf({ destinations }: AdvisoryFlow): Ip {
  return Math.min(...destinations.map(firstIp));
}

function lastOf({ destinations }: AdvisoryFlow): Ip {
  return Math.max(...destinations.map(lastIp));
}
