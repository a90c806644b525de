import type { HeaderSpace, HeaderSpaceManager, Interval } from '../../headerspace/header-space.js';
import { MAXIMA } from '../../headerspace/header-space.js';
import type { RewrittenField } from '../../model/device.js';
import type { Bounds } from './bounds.js';
import type { Clip } from './boxes.js';

/**
 * What was done to a header field: it became one of the values from `first` to `last`, or its value
 * was moved by a distance.
 */
export type Change =
  | {
      readonly kind: 'to';
      readonly first: number;
      readonly last: number;
      /** Routes were chosen by it: a choice among the same values, made anew, is another change. */
      readonly routed?: true;
    }
  | { readonly kind: 'by'; readonly distance: number };

/** What was done to the fields of a packet on its way here; an absent field is as the packet came. */
export type Rewriting = { readonly [Field in RewrittenField]?: Change };

export const AS_SENT: Rewriting = {};

/** Both, one after the other. */
export function afterwards(first: Rewriting, second: Rewriting): Rewriting {
  const all: { -readonly [Field in RewrittenField]?: Change } = { ...first };
  for (const [field, change] of entriesOf(second)) {
    const before = first[field];
    all[field] = before === undefined || change.kind === 'to' ? change : moved(before, change.distance);
  }
  return all;
}

function moved(change: Change, by: number): Change {
  return change.kind === 'by'
    ? { kind: 'by', distance: change.distance + by }
    : { kind: 'to', first: change.first + by, last: change.last + by };
}

/** Whether it may have become any of several values. */
export function isChoice(change: Change | undefined): change is Change & { readonly kind: 'to' } {
  return change?.kind === 'to' && change.first !== change.last;
}

/** The fields become anything. */
export function anything(fields: readonly RewrittenField[]): Rewriting {
  return Object.fromEntries(fields.map((field) => [field, { kind: 'to', first: 0, last: MAXIMA[field] }]));
}

/** A set of headers as they are behind the rewriting, as bounds of the headers as they were sent. */
export function sentBounds(manager: HeaderSpaceManager, set: HeaderSpace, rewriting: Rewriting): Bounds {
  return { must: sentAs(manager, set, rewriting, 'all'), may: sentAs(manager, set, rewriting, 'some') };
}

/**
 * The headers, as they were sent, of which the rewriting makes a member of the set: for `some` of the
 * values that it may choose, or for `all` of them.
 */
export function sentAs(
  manager: HeaderSpaceManager,
  set: HeaderSpace,
  rewriting: Rewriting,
  choice: 'some' | 'all',
): HeaderSpace {
  const changes = entriesOf(rewriting);
  if (changes.length === 0) return set;
  if (choice === 'all' && changes.some(([, change]) => isChoice(change))) {
    return manager.complement(sentAs(manager, manager.complement(set), rewriting, 'some'));
  }
  let now = set;
  const chosen: RewrittenField[] = [];
  for (const [field, change] of changes) {
    if (change.kind === 'by') {
      now = manager.shift(now, field, -change.distance);
    } else {
      chosen.push(field);
      now = manager.intersect(now, manager.fromBox({ [field]: [[change.first, change.last]] }));
    }
  }
  return manager.forget(now, chosen);
}

/** Where the addresses of a clip are after a rewriting. */
export function clipAfter({ src, dst }: Clip, rewriting: Rewriting): Clip {
  return { src: intervalAfter(src, rewriting.src), dst: intervalAfter(dst, rewriting.dst) };
}

function intervalAfter([first, last]: Interval, change: Change | undefined): Interval {
  if (change === undefined) return [first, last];
  return change.kind === 'to' ? [change.first, change.last] : [first + change.distance, last + change.distance];
}

function entriesOf(rewriting: Rewriting): [RewrittenField, Change][] {
  return Object.entries(rewriting) as [RewrittenField, Change][];
}
