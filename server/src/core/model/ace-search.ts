import type { Ip } from '../net/ip.js';
import { type AceColumns, NO_EXTRA } from './ace-columns.js';
import type { AceAction } from './acl.js';

/**
 * Looking through the columns of a list. Nearly all entries touch nothing of what is looked for, which
 * their destinations alone tell.
 */

/** The first row from `from` on whose addresses hold for one packet, or `count` where none does. */
export function nextHolding({ count, dst, dstWildcard, src, srcWildcard }: AceColumns, from: number, of: Ip, to: Ip) {
  for (let at = from; at < count; at += 1) {
    if ((((dst[at] as number) ^ to) & ~(dstWildcard[at] as number)) !== 0) continue;
    if ((((src[at] as number) ^ of) & ~(srcWildcard[at] as number)) === 0) return at;
  }
  return count;
}

/** The rows whose addresses may touch two inclusive ranges of addresses, in order. */
export function touching(
  { count, dst, dstWildcard, src, srcWildcard }: AceColumns,
  srcFirst: Ip,
  srcLast: Ip,
  dstFirst: Ip,
  dstLast: Ip,
): Uint32Array {
  let found = new Uint32Array(64);
  let length = 0;
  // A wildcard entry touches a range when it agrees with the bits that all addresses of the range share.
  const srcShared = sharedBits(srcFirst, srcLast);
  const dstShared = sharedBits(dstFirst, dstLast);
  for (let at = 0; at < count; at += 1) {
    if ((((dst[at] as number) ^ dstFirst) & dstShared & ~(dstWildcard[at] as number)) !== 0) continue;
    if ((((src[at] as number) ^ srcFirst) & srcShared & ~(srcWildcard[at] as number)) !== 0) continue;
    if (length === found.length) {
      const larger = new Uint32Array(length * 2);
      larger.set(found);
      found = larger;
    }
    found[length] = at;
    length += 1;
  }
  return found.subarray(0, length);
}

/** The rows of an action all of whose destinations lie in `[first, last]`, in order. */
export function withDestinationInside(
  columns: AceColumns,
  action: AceAction,
  first: Ip,
  last: Ip,
  isInside: (row: number) => boolean,
): number[] {
  const { count, dst, dstWildcard } = columns;
  const found: number[] = [];
  const shared = sharedBits(first, last);
  for (let at = 0; at < count; at += 1) {
    if ((((dst[at] as number) ^ first) & shared & ~(dstWildcard[at] as number)) !== 0) continue;
    if (columns.actionAt(at) === action && isInside(at)) found.push(at);
  }
  return found;
}

/**
 * The rows of an action with a wildcard that looks like a subnet mask (ones, then zeros), in order. A row
 * that is more than numbers is always among them.
 */
export function withMaskForWildcard(columns: AceColumns, action: AceAction): number[] {
  const { count, srcWildcard, dstWildcard, arePlain } = columns;
  const found: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const isSuspect = looksLikeMask(srcWildcard[at] as number) || looksLikeMask(dstWildcard[at] as number);
    if (!isSuspect && (arePlain || columns.extraAt(at) === NO_EXTRA)) continue;
    if (columns.actionAt(at) === action) found.push(at);
  }
  return found;
}

/** Ones from the top, then zeros, and both: 255.255.255.0 but neither 0.0.0.0 nor 255.255.255.255. */
function looksLikeMask(wildcard: Ip): boolean {
  const zeros = ~wildcard;
  // The highest bit tells nearly all of them.
  return (wildcard | 0) < 0 && zeros !== 0 && (zeros & (zeros + 1)) === 0;
}

/** A mask of the leading bits that `first` and `last` have in common. */
function sharedBits(first: Ip, last: Ip): Ip {
  const length = Math.clz32((first ^ last) >>> 0);
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}
