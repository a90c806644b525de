import type { HeaderSpace, HeaderSpaceManager } from '../../headerspace/header-space.js';
import type { Bounds } from './bounds.js';

/** What gets through of a branch. */
export interface Through {
  readonly leaves: Bounds;
  readonly delivered: Bounds;
  readonly must: HeaderSpace;
}

export function nothing({ empty }: HeaderSpaceManager): Through {
  const none = { must: empty, may: empty };
  return { leaves: none, delivered: none, must: empty };
}

/** Both happen. */
export function both(manager: HeaderSpaceManager, a: Through, b: Through): Through {
  const join = (x: Bounds, y: Bounds): Bounds => ({
    must: manager.union(x.must, y.must),
    may: manager.union(x.may, y.may),
  });
  return {
    leaves: join(a.leaves, b.leaves),
    delivered: join(a.delivered, b.delivered),
    must: manager.union(a.must, b.must),
  };
}

/** One of them happens, and it cannot be told which. */
export function eitherWay(manager: HeaderSpaceManager, ways: readonly Through[]): Through {
  const [first, ...others] = ways;
  const join = (x: Bounds, y: Bounds): Bounds => ({
    must: manager.intersect(x.must, y.must),
    may: manager.union(x.may, y.may),
  });
  return others.reduce(
    (a, b) => ({
      leaves: join(a.leaves, b.leaves),
      delivered: join(a.delivered, b.delivered),
      must: manager.intersect(a.must, b.must),
    }),
    first ?? nothing(manager),
  );
}
