import { NEVER_FORWARDED, SELDOM_FORWARDED } from '../../dataplane/martians.js';
import type { Node } from '../../dataplane/network.js';
import type { HeaderSpace } from '../../headerspace/header-space.js';
import type { HeaderMatch } from '../../model/header-match.js';
import { type Bounds, inside, outside } from './bounds.js';
import { boxesOf } from './boxes.js';
import { stopped } from './ends.js';
import { clipAfter, sentAs, sentBounds } from './rewriting.js';
import type { Walk } from './walk.js';

/** Without what a device forwards nowhere for its addresses alone. */
export function withoutMartians(walk: Walk, node: Node, bounds: Bounds): Bounds {
  const { manager, tags } = walk;
  const never = headersOf(walk, NEVER_FORWARDED);
  const seldom = headersOf(walk, SELDOM_FORWARDED);
  if (never === manager.empty && seldom === manager.empty) return bounds;
  const surely = sentBounds(manager, never, tags.rewriting);
  const perhaps = sentAs(manager, seldom, tags.rewriting, 'some');
  const refused: Bounds = { must: surely.must, may: manager.union(surely.may, perhaps) };
  stopped(walk, node, 'no route', undefined, inside(manager, bounds, refused));
  return outside(manager, bounds, refused);
}

/** Those of them that may have come here, as they are here. */
function headersOf({ manager, query, tags }: Walk, matches: readonly HeaderMatch[]): HeaderSpace {
  const clip = clipAfter(query.clip, tags.rewriting);
  return manager.fromBoxes(matches.flatMap((match) => boxesOf(match, clip) ?? []));
}
