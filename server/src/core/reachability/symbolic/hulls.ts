import type { RuleHulls } from '../../model/policy.js';
import { type Clip, NO_CLIP } from './boxes.js';
import { clipAfter } from './rewriting.js';
import type { Lot } from './tags.js';

/** Where the headers of the lots are, all together, as they are now. */
export function placeOf(clip: Clip, lots: readonly Lot[]): Clip {
  let [srcFirst, srcLast] = [NO_CLIP.src[1], 0];
  let [dstFirst, dstLast] = [NO_CLIP.dst[1], 0];
  for (const { tags } of lots) {
    const { src, dst } = clipAfter(clip, tags.rewriting);
    srcFirst = Math.min(srcFirst, src[0]);
    srcLast = Math.max(srcLast, src[1]);
    dstFirst = Math.min(dstFirst, dst[0]);
    dstLast = Math.max(dstLast, dst[1]);
  }
  return { src: [srcFirst, srcLast], dst: [dstFirst, dstLast] };
}

/** The first rule from `from` on that may hold for something at the place; `count` where none does. */
export function nextTouching(hulls: RuleHulls, from: number, count: number, { src, dst }: Clip): number {
  const { srcFirst, srcLast, dstFirst, dstLast } = hulls;
  const [srcLow, srcHigh] = src;
  const [dstLow, dstHigh] = dst;
  for (let at = from; at < count; at += 1) {
    if (
      (dstFirst[at] as number) <= dstHigh &&
      (dstLast[at] as number) >= dstLow &&
      (srcFirst[at] as number) <= srcHigh &&
      (srcLast[at] as number) >= srcLow
    ) {
      return at;
    }
  }
  return count;
}
