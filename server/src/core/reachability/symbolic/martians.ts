import { NEVER_FORWARDED, SELDOM_FORWARDED } from '../../dataplane/martians.js';
import type { Node } from '../../dataplane/network.js';
import type { HeaderSpace } from '../../headerspace/header-space.js';
import type { HeaderMatch } from '../../model/header-match.js';
import { boxesOf } from './boxes.js';
import { stopped } from './ends.js';
import type { Bounds } from './filter.js';
import { clipAfter, sentAs } from './rewriting.js';
import type { Walk } from './walk.js';

/** Without what a device forwards nowhere for its addresses alone. */
export function withoutMartians(walk: Walk, node: Node, { must, may }: Bounds): Bounds {
  const { manager, tags } = walk;
  const never = headersOf(walk, NEVER_FORWARDED);
  const seldom = headersOf(walk, SELDOM_FORWARDED);
  if (never === manager.empty && seldom === manager.empty) return { must, may };
  const sent = (set: HeaderSpace, choice: 'some' | 'all') => sentAs(manager, set, tags.rewriting, choice);
  const [someNever, allNever] = [sent(never, 'some'), sent(never, 'all')];
  const some = manager.union(someNever, sent(seldom, 'some'));
  stopped(walk, node, 'no route', undefined, {
    must: manager.intersect(must, allNever),
    may: manager.intersect(may, some),
  });
  return { must: manager.subtract(must, some), may: manager.subtract(may, allNever) };
}

/** Those of them that may have come here, as they are here. */
function headersOf({ manager, query, tags }: Walk, matches: readonly HeaderMatch[]): HeaderSpace {
  const clip = clipAfter(query.clip, tags.rewriting);
  return manager.fromBoxes(matches.flatMap((match) => boxesOf(match, clip) ?? []));
}
