import { type Box, HeaderSpaceManager } from '../headerspace/header-space.js';
import { TcpFlag } from '../net/protocols.js';
import { boxesOf, NO_CLIP, stateInterval } from '../reachability/boxes.js';
import { headersOf } from '../review/headers.js';
import type { Review } from '../review/review.js';
import type { Problem, Rule } from './rule.js';
import { type TargetDeny, targetDenies, verdictsThrough } from './target-denies.js';

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
  check: (review) => targetDenies(review).flatMap((deny) => problemOf(review, deny) ?? []),
};

/** The packets that open a connection: a permit for answers does not shadow a deny. */
const OPENING: Box = { state: [stateInterval('new')], tcpFlags: [[TcpFlag.syn, TcpFlag.syn]] };

function problemOf(review: Review, deny: TargetDeny): Problem | undefined {
  const { advisory, flow, device, acl, index } = deny;
  const verdicts = verdictsThrough(review, deny).filter((verdict) => verdict.word !== 'blocked');
  if (verdicts.length === 0) return undefined;
  const manager = new HeaderSpaceManager();
  const boxes = boxesOf(acl.entries.matchAt(index), NO_CLIP) ?? [];
  const asked = verdicts.map((verdict) => headersOf(manager, flow, verdict.member));
  const denied = boxes.reduce((set, box) => manager.union(set, manager.fromBox(box)), manager.empty);
  let left = manager.intersect(
    manager.intersect(denied, manager.fromBox(OPENING)),
    asked.reduce((set, one) => manager.union(set, one), manager.empty),
  );
  for (const { dst } of boxes) {
    const [first, last] = [dst?.[0]?.[0] ?? 0, dst?.at(-1)?.[1] ?? 0];
    for (const before of acl.entries.touching(0, NO_CLIP.src[1], first, last)) {
      if (before >= index || left === manager.empty) break;
      const theirs = boxesOf(acl.entries.matchAt(before), { src: NO_CLIP.src, dst: [first, last] }) ?? [];
      const matched = theirs.reduce((set, box) => manager.union(set, manager.fromBox(box)), manager.empty);
      if (acl.entries.actionAt(before) === 'permit' && manager.overlaps(left, matched)) {
        const permit = acl.entries.originAt(before);
        const origin = acl.entries.originAt(index);
        return {
          message: `This deny for ${advisory.id} comes too late: "${permit.label}" stands before it in ${acl.name} and lets packets through. Move the deny before it.`,
          origin,
          related: [{ message: `this entry of ${acl.name} permits first`, origin: permit }],
          verdicts,
          remedies: [{ kind: 'move-block-up', device: device.name, acl: acl.name, index, before }],
        };
      }
      if (acl.entries.undecidableAt(before) === undefined) left = manager.subtract(left, matched);
    }
  }
  return undefined;
}
