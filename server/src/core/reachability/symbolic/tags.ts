import type { HeaderSpaceManager } from '../../headerspace/header-space.js';
import type { Bounds } from './bounds.js';
import { AS_SENT, type Rewriting } from './rewriting.js';

/** What a device knows of packets beyond their headers, and what was done to these. */
export interface Tags {
  /** Undefined: it cannot be told. */
  readonly mark: number | undefined;
  readonly connectionMark: number | undefined;
  readonly tracked: boolean;
  /** Whether the connection's addresses were translated here. */
  readonly translated: { readonly src: boolean; readonly dst: boolean };
  /** Whether that was asked for already, though it may have changed nothing: it is asked for once. */
  readonly settled: { readonly src: boolean; readonly dst: boolean };
  /** Redirected to the device itself, by an address that no file says. */
  readonly toSelf: boolean;
  /** Since the packets were sent. */
  readonly rewriting: Rewriting;
  /** What of it was done before this device. */
  readonly entered: Rewriting;
}

/** Headers, as they were sent, that have the same tags. */
export interface Lot {
  readonly bounds: Bounds;
  readonly tags: Tags;
}

/** The tags of what enters a device. */
export function freshTags(rewriting: Rewriting): Tags {
  return {
    mark: 0,
    connectionMark: 0,
    tracked: true,
    translated: { src: false, dst: false },
    settled: { src: false, dst: false },
    toSelf: false,
    rewriting,
    entered: rewriting,
  };
}

export const SENT_TAGS: Tags = freshTags(AS_SENT);

/** Beyond as many, marks are no longer told apart. */
const MOST_MARKS = 64;

/** The lots without empty ones, those of the same tags as one. */
export function merged(manager: HeaderSpaceManager, lots: readonly Lot[]): Lot[] {
  const all = mergedByTags(manager, lots);
  const marks = new Set(all.map(({ tags }) => `${tags.mark} ${tags.connectionMark}`));
  if (marks.size <= MOST_MARKS) return all;
  const unmarked = all.map(({ bounds, tags }) => ({
    bounds,
    tags: { ...tags, mark: undefined, connectionMark: undefined },
  }));
  return mergedByTags(manager, unmarked);
}

const keys = new WeakMap<Tags, string>();

/** The same for tags that say the same. */
function keyOf(tags: Tags): string {
  let key = keys.get(tags);
  if (key === undefined) {
    key = JSON.stringify(tags, (_, value: unknown) => (value === undefined ? 'unknown' : value));
    keys.set(tags, key);
  }
  return key;
}

function mergedByTags(manager: HeaderSpaceManager, lots: readonly Lot[]): Lot[] {
  if (lots.length <= 1) return lots.filter(({ bounds }) => bounds.may !== manager.empty);
  const byTags = new Map<string, Lot>();
  for (const lot of lots) {
    if (lot.bounds.may === manager.empty) continue;
    const key = keyOf(lot.tags);
    const same = byTags.get(key);
    byTags.set(
      key,
      same === undefined
        ? lot
        : {
            tags: lot.tags,
            bounds: {
              must: manager.union(same.bounds.must, lot.bounds.must),
              may: manager.union(same.bounds.may, lot.bounds.may),
            },
          },
    );
  }
  return [...byTags.values()];
}
