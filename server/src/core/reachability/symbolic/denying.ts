import type { HeaderSpace, HeaderSpaceManager } from '../../headerspace/header-space.js';
import type { AceTable } from '../../model/ace-table.js';
import { boxesOf, type Clip } from './boxes.js';
import { listsOf } from './filter.js';
import { clipAfter, sentAs } from './rewriting.js';
import type { StopPlace } from './stops.js';

/** An entry that denies headers, and which. */
export interface DenyingEntry {
  readonly acl: string;
  readonly index: number;
  readonly denies: HeaderSpace;
  /** Whether it surely does. */
  readonly isSure: boolean;
}

/** Entries that one answer may ask before the others are not any more, some 100 ms. */
export const MOST_ASKED = 20_000;

/** Entries that each list may ask also then: a long list does not hide what a short one stops. */
const ASKED_ALWAYS = 100;

/**
 * The entries of a filter that deny a part of the headers, in the order of evaluation.
 * @param here the headers, as they were sent, that the filter denies, or may
 * @param most entries of those that surely deny some; more are not looked for
 * @param effort entries that may still be asked in all lists of the answer
 * @returns `isWhole`: false where some were not asked
 */
export function denyingEntries(
  manager: HeaderSpaceManager,
  { device, filter, rewriting, isCertain }: StopPlace & { kind: 'filter' },
  here: HeaderSpace,
  clip: Clip,
  most: number,
  effort: { left: number },
): { readonly entries: readonly DenyingEntry[]; readonly isWhole: boolean } {
  const isAsSent = Object.keys(rewriting).length === 0;
  const seen = isAsSent ? hullOf(manager, here) : clipAfter(clip, rewriting);
  const found: DenyingEntry[] = [];
  // Only where something else may stop them, too, may an entry permit some of them.
  let mayBePermitted = !isAsSent || !isCertain;
  let left = here;
  let sure = 0;
  let asked = 0;
  for (const { index, acl, table } of entriesIn(listsOf(device, filter), seen)) {
    if (left === manager.empty || sure === most) break;
    if (effort.left <= 0 && asked >= ASKED_ALWAYS) return { entries: found, isWhole: false };
    const action = table.actionAt(index);
    if (action === 'permit' && !mayBePermitted) continue;
    const boxes = boxesOf(table.matchAt(index), seen);
    if (boxes?.length === 0) continue;
    effort.left -= 1;
    asked += 1;
    const isDecided = boxes !== undefined && action !== 'unknown' && table.undecidableAt(index) === undefined;
    const matched = manager.fromBoxes(boxes ?? [{}]);
    if (action !== 'permit') {
      const denies = manager.intersect(left, sentAs(manager, matched, rewriting, 'some'));
      if (denies !== manager.empty) {
        found.push({ acl, index, denies, isSure: isDecided });
        if (isDecided) sure += 1;
        else mayBePermitted = true;
      }
    }
    if (isDecided) left = manager.subtract(left, sentAs(manager, matched, rewriting, 'all'));
  }
  return { entries: found, isWhole: true };
}

/** The entries that touch the clip, in order, the implicit ones of all lists but the last left out. */
function* entriesIn(
  lists: ReturnType<typeof listsOf>,
  { src, dst }: Clip,
): Iterable<{ readonly acl: string; readonly table: AceTable; readonly index: number }> {
  for (const [at, { name, entries }] of lists.entries()) {
    for (const index of entries.touching(src[0], src[1], dst[0], dst[1])) {
      if (!entries.isImplicit(index) || at === lists.length - 1) yield { acl: name, table: entries, index };
    }
  }
}

function hullOf(manager: HeaderSpaceManager, set: HeaderSpace): Clip {
  return { src: manager.span(set, 'src') ?? [0, 0], dst: manager.span(set, 'dst') ?? [0, 0] };
}
