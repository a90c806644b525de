import {
  type Box,
  firstMatch,
  type HeaderSpace,
  type HeaderSpaceManager,
  type MatchRule,
} from '../../headerspace/header-space.js';
import type { Acl } from '../../model/acl.js';
import type { AppliedFilter, Device } from '../../model/device.js';
import type { Bounds } from './bounds.js';
import { boxesOf, type Clip, isWholeClip } from './boxes.js';

/** What one entry of a filter passes, at most. */
export interface EntryPart {
  readonly acl: string;
  readonly index: number;
  /** Its place in the filter, over all its lists. */
  readonly order: number;
  readonly passes: HeaderSpace;
}

/** What a filter passes of the headers asked about, and by which entries. */
export interface Passed extends Bounds {
  /** Nonempty and disjoint; their union is `may`. Empty where no list decides. */
  readonly parts: readonly EntryPart[];
  /** The sets were too large to hold; the bounds are right, but not tight. */
  readonly approximate: boolean;
}

/** The lists of a filter as rules: one ladder for what may pass, one for what must. */
interface Ladder {
  readonly entries: readonly { readonly acl: string; readonly index: number }[];
  readonly may: readonly MatchRule[];
  /** The same as `may` where nothing in it is undecidable. */
  readonly must: readonly MatchRule[];
}

/** The lists that decide for a filter: those that are defined and hold an entry. None: it permits all. */
export function listsOf(device: Device, filter: AppliedFilter): Acl[] {
  return filter.names
    .map((name) => device.acls.get(name))
    .filter((acl): acl is Acl => acl !== undefined && acl.entries.count > 0);
}

/**
 * Rows and edges that one filter may cost, some fifteen seconds. An adversarial list of 100,000
 * entries needs a tenth of it; what is left undecided after it counts as possible.
 */
const MOST_WORK = 150_000_000;

/**
 * Gives what the lists, one after the other, pass of `bounds`, in chunks as `firstMatch` has them:
 * nearly always one. The sets of a chunk live as long as its visit; those of the last chunk longer,
 * where this returns true.
 */
export function passFilter(
  manager: HeaderSpaceManager,
  lists: readonly Acl[],
  bounds: Bounds,
  clip: Clip,
  visit: (passed: Passed) => void,
): boolean {
  const ladder = ladderOf(lists, clip);
  const outcome = firstMatch(
    manager,
    ladder.may,
    bounds.may,
    (chunk) => {
      const parts = [...chunk.parts].map(([rule, passes]): EntryPart => {
        const { acl, index } = ladder.entries[rule] as { acl: string; index: number };
        return { acl, index, order: rule, passes };
      });
      const within = manager.intersect(bounds.must, chunk.passed);
      const must = ladder.must === ladder.may ? within : surelyPassed(manager, ladder.must, within);
      visit({ may: chunk.passed, must, parts, approximate: false });
    },
    MOST_WORK,
  );
  if (outcome.isExact) return outcome.lastIsKept;
  visit({ may: bounds.may, must: manager.empty, parts: [], approximate: true });
  return true;
}

/** As `passFilter`, in one piece: what is too large to be held at once is taken as the loosest right answer. */
export function passFilterWhole(
  manager: HeaderSpaceManager,
  lists: readonly Acl[],
  bounds: Bounds,
  clip: Clip,
): Passed {
  let chunks = 0;
  let last: Passed | undefined;
  const isKept = passFilter(manager, lists, bounds, clip, (passed) => {
    chunks += 1;
    last = passed;
  });
  if (last !== undefined && isKept && (chunks === 1 || last.approximate)) return last;
  // The sets of the chunks are gone: what they held may pass, and need not.
  return { may: bounds.may, must: manager.empty, parts: [], approximate: true };
}

/** What a list surely passes: all of it where it is held at once, else a part, or nothing. */
function surelyPassed(manager: HeaderSpaceManager, rules: readonly MatchRule[], within: HeaderSpace): HeaderSpace {
  let passed = manager.empty;
  const { lastIsKept } = firstMatch(
    manager,
    rules,
    within,
    (chunk) => {
      passed = chunk.passed;
    },
    MOST_WORK,
  );
  return lastIsKept ? passed : manager.empty;
}

/** The entries that touch the clip, in order, the implicit ones of all lists but the last left out. */
function ladderOf(lists: readonly Acl[], clip: Clip): Ladder {
  const entries: { acl: string; index: number }[] = [];
  const may: MatchRule[] = [];
  const must: MatchRule[] = [];
  let decided = true;
  for (const [at, { name, entries: table }] of lists.entries()) {
    const touching = table.touching(clip.src[0], clip.src[1], clip.dst[0], clip.dst[1]);
    for (let place = 0; place < touching.length; place += 1) {
      const index = touching[place] as number;
      if (table.isImplicit(index) && at < lists.length - 1) continue;
      const boxes = boxesOf(table.matchAt(index), clip);
      if (boxes?.length === 0) continue;
      entries.push({ acl: name, index });
      const action = table.actionAt(index);
      const decidable = boxes !== undefined && table.undecidableAt(index) === undefined;
      const matched: readonly Box[] = boxes ?? [{ src: [clip.src], dst: [clip.dst] }];
      if (decidable && action !== 'unknown') {
        const rule: MatchRule = { permits: action === 'permit', boxes: matched };
        may.push(rule);
        must.push(rule);
        // What stands behind an entry for all that is asked about decides nothing.
        if (matched.some((box) => isWholeClip(box, clip))) return { entries, may, must: decided ? may : must };
      } else {
        decided = false;
        // What may match passes for `may` if it permits, and is stopped for `must` if it denies.
        may.push({ permits: true, boxes: action === 'deny' ? [] : matched });
        must.push({ permits: false, boxes: action === 'permit' ? [] : matched });
      }
    }
  }
  return { entries, may, must: decided ? may : must };
}
