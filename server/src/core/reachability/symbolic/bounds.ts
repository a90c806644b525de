import type { HeaderSpace, HeaderSpaceManager } from '../../headerspace/header-space.js';

/** Two sets, `must` ⊆ `may`: what surely happens and what may happen. */
export interface Bounds {
  readonly must: HeaderSpace;
  readonly may: HeaderSpace;
}

export function exactly(set: HeaderSpace): Bounds {
  return { must: set, may: set };
}

/** What of them is in a set, which has bounds of its own. */
export function inside(manager: HeaderSpaceManager, { must, may }: Bounds, set: Bounds): Bounds {
  return { must: manager.intersect(must, set.must), may: manager.intersect(may, set.may) };
}

/** What of them is not in a set: surely not where it may not be. */
export function outside(manager: HeaderSpaceManager, { must, may }: Bounds, set: Bounds): Bounds {
  return { must: manager.subtract(must, set.may), may: manager.subtract(may, set.must) };
}
