import type { Ip } from '../net/ip.js';
import { movedEnd, movedStart, type TextChange } from '../text/edit.js';
import type { SourceFile } from '../text/source-file.js';
import type { Ace, AceAction, AceRow } from './acl.js';
import { type AddressTerm, ANY_SERVICE, type HeaderMatch, MATCH_ANY, type ServiceTerm } from './header-match.js';
import { movedOrigin, type Origin } from './origin.js';

const ACTIONS: readonly AceAction[] = ['permit', 'deny', 'unknown'];
const NO_SEQUENCE = 0xffffffff;
/** The value of the protocol column for "any protocol". */
export const ANY_PROTOCOL = 256;
const NO_EXTRA = -1;

interface Extra {
  readonly match: HeaderMatch | undefined;
  readonly undecidable: string | undefined;
}

/**
 * The entries of a list as typed columns, because a million of them must fit.
 *
 * A plain entry (one source, one destination, one protocol, at most one range of ports each way) is
 * nothing but numbers. What does not fit is an `Extra`, by index in the column `extra`; the address
 * columns of an entry with several terms then hold "any", so that a scan over the columns never
 * misses it.
 */
export class AceTable {
  readonly source: SourceFile;
  #count = 0;
  #action: Uint8Array;
  #protocol: Uint16Array;
  #src: Uint32Array;
  #srcWildcard: Uint32Array;
  #dst: Uint32Array;
  #dstWildcard: Uint32Array;
  #srcPortFirst: Uint16Array;
  #srcPortLast: Uint16Array;
  #dstPortFirst: Uint16Array;
  #dstPortLast: Uint16Array;
  #start: Uint32Array;
  #end: Uint32Array;
  #sequence: Uint32Array;
  #extra: Int32Array;
  #extras: Extra[] = [];
  #implicitOrigin: Origin | undefined;
  #implicitIndex = -1;

  constructor(source: SourceFile, capacity = 16) {
    this.source = source;
    this.#action = new Uint8Array(capacity);
    this.#protocol = new Uint16Array(capacity);
    this.#src = new Uint32Array(capacity);
    this.#srcWildcard = new Uint32Array(capacity);
    this.#dst = new Uint32Array(capacity);
    this.#dstWildcard = new Uint32Array(capacity);
    this.#srcPortFirst = new Uint16Array(capacity);
    this.#srcPortLast = new Uint16Array(capacity);
    this.#dstPortFirst = new Uint16Array(capacity);
    this.#dstPortLast = new Uint16Array(capacity);
    this.#start = new Uint32Array(capacity);
    this.#end = new Uint32Array(capacity);
    this.#sequence = new Uint32Array(capacity);
    this.#extra = new Int32Array(capacity);
  }

  /** The number of entries, the implicit one included. */
  get count(): number {
    return this.#count;
  }

  /** Appends an entry of any shape. */
  push(row: AceRow): void {
    const { src, dst, services } = row.match;
    const service = services[0];
    const plain =
      src.length === 1 &&
      src[0]?.kind === 'wildcard' &&
      dst.length === 1 &&
      dst[0]?.kind === 'wildcard' &&
      services.length === 1 &&
      service !== undefined &&
      isPlainService(service) &&
      row.match.state === undefined;
    const srcTerm = src.length === 1 && src[0]?.kind === 'wildcard' ? src[0] : undefined;
    const dstTerm = dst.length === 1 && dst[0]?.kind === 'wildcard' ? dst[0] : undefined;
    this.pushPlain(
      row.action,
      services.length === 1 ? (service?.protocol ?? ANY_PROTOCOL) : ANY_PROTOCOL,
      srcTerm?.value ?? 0,
      srcTerm?.wildcard ?? 0xffffffff,
      dstTerm?.value ?? 0,
      dstTerm?.wildcard ?? 0xffffffff,
      plain ? (service?.srcPorts?.[0]?.first ?? 0) : 0,
      plain ? (service?.srcPorts?.[0]?.last ?? 65535) : 65535,
      plain ? (service?.dstPorts?.[0]?.first ?? 0) : 0,
      plain ? (service?.dstPorts?.[0]?.last ?? 65535) : 65535,
      row.start,
      row.end,
      row.sequence,
    );
    if (!plain || row.undecidable !== undefined) {
      this.#extra[this.#count - 1] = this.#extras.length;
      this.#extras.push({ match: plain ? undefined : row.match, undecidable: row.undecidable });
    }
  }

  /**
   * Appends an entry that is nothing but numbers, without making an object. `protocol` is
   * `ANY_PROTOCOL` for any; ports are 0 and 65535 for any; `start` and `end` are the entry's span.
   */
  pushPlain(
    action: AceAction,
    protocol: number,
    src: Ip,
    srcWildcard: Ip,
    dst: Ip,
    dstWildcard: Ip,
    srcPortFirst: number,
    srcPortLast: number,
    dstPortFirst: number,
    dstPortLast: number,
    start: number,
    end: number,
    sequence?: number,
  ): void {
    const at = this.#count;
    if (at === this.#action.length) this.#grow();
    this.#action[at] = action === 'permit' ? 0 : action === 'deny' ? 1 : 2;
    this.#protocol[at] = protocol;
    this.#src[at] = src;
    this.#srcWildcard[at] = srcWildcard;
    this.#dst[at] = dst;
    this.#dstWildcard[at] = dstWildcard;
    this.#srcPortFirst[at] = srcPortFirst;
    this.#srcPortLast[at] = srcPortLast;
    this.#dstPortFirst[at] = dstPortFirst;
    this.#dstPortLast[at] = dstPortLast;
    this.#start[at] = start;
    this.#end[at] = end;
    this.#sequence[at] = sequence ?? NO_SEQUENCE;
    this.#extra[at] = NO_EXTRA;
    this.#count = at + 1;
  }

  /** Appends the deny that the vendor adds by itself. Nothing may follow it. */
  pushImplicitDeny(origin: Origin): void {
    this.pushPlain('deny', ANY_PROTOCOL, 0, 0xffffffff, 0, 0xffffffff, 0, 65535, 0, 65535, origin.start, origin.end);
    this.#implicitIndex = this.#count - 1;
    this.#implicitOrigin = origin;
  }

  /**
   * The same list in a text that was changed, with the entries of `swap` in the place of some of its own.
   * What has not changed is shared with this table, so that nothing may be appended to either.
   */
  edited(
    source: SourceFile,
    change: TextChange,
    swap: Swap = { from: 0, to: 0, middle: this, first: 0, count: 0, base: 0 },
  ): AceTable {
    const { from, to, middle, first, count, base } = swap;
    const table = new AceTable(source, 0);
    const grows = count - (to - from);
    table.#count = this.#count + grows;
    table.#implicitIndex = this.#implicitIndex === -1 ? -1 : this.#implicitIndex + grows;
    table.#implicitOrigin = this.#implicitOrigin && movedOrigin(this.#implicitOrigin, change);
    table.#extras = this.#extras;
    const spliced = <T extends Column>(column: T, between: T): T => {
      if (from === to && count === 0) return column;
      const result = new (column.constructor as new (length: number) => T)(table.#count);
      result.set(column.subarray(0, from));
      result.set(between.subarray(first, first + count), from);
      result.set(column.subarray(to, this.#count), from + count);
      return result;
    };
    table.#action = spliced(this.#action, middle.#action);
    table.#protocol = spliced(this.#protocol, middle.#protocol);
    table.#src = spliced(this.#src, middle.#src);
    table.#srcWildcard = spliced(this.#srcWildcard, middle.#srcWildcard);
    table.#dst = spliced(this.#dst, middle.#dst);
    table.#dstWildcard = spliced(this.#dstWildcard, middle.#dstWildcard);
    table.#srcPortFirst = spliced(this.#srcPortFirst, middle.#srcPortFirst);
    table.#srcPortLast = spliced(this.#srcPortLast, middle.#srcPortLast);
    table.#dstPortFirst = spliced(this.#dstPortFirst, middle.#dstPortFirst);
    table.#dstPortLast = spliced(this.#dstPortLast, middle.#dstPortLast);
    table.#sequence = spliced(this.#sequence, middle.#sequence);
    table.#extra = spliced(this.#extra, middle.#extra);
    const isSwapped = table.#extra !== this.#extra;
    table.#start = isSwapped ? spliced(this.#start, middle.#start) : this.#start.slice(0, this.#count);
    table.#end = isSwapped ? spliced(this.#end, middle.#end) : this.#end.slice(0, this.#count);
    if (isSwapped) table.#extras = [];
    for (let at = 0; at < table.#count; at += 1) {
      const isMiddle = at >= from && at < from + count;
      const start = table.#start[at] as number;
      const end = table.#end[at] as number;
      table.#start[at] = isMiddle ? start - base + change.start : movedStart(start, change);
      table.#end[at] = isMiddle ? end - base + change.start : movedEnd(end, change);
      const extra = table.#extra[at] as number;
      if (!isSwapped || extra === NO_EXTRA) continue;
      table.#extra[at] = table.#extras.length;
      table.#extras.push((isMiddle ? middle : this).#extras[extra] as Extra);
    }
    return table;
  }

  /** Whether the two hold the very same rows, wherever they stand: of texts that differ elsewhere. */
  hasRowsOf(other: AceTable): boolean {
    return this.#action === other.#action && this.#extras === other.#extras && this.#count === other.#count;
  }

  actionAt(index: number): AceAction {
    return ACTIONS[this.#action[index] as number] as AceAction;
  }

  sequenceAt(index: number): number | undefined {
    const sequence = this.#sequence[index] as number;
    return sequence === NO_SEQUENCE ? undefined : sequence;
  }

  startAt(index: number): number {
    return this.#start[index] as number;
  }

  endAt(index: number): number {
    return this.#end[index] as number;
  }

  isImplicit(index: number): boolean {
    return index === this.#implicitIndex;
  }

  undecidableAt(index: number): string | undefined {
    const extra = this.#extra[index] as number;
    return extra === NO_EXTRA ? undefined : this.#extras[extra]?.undecidable;
  }

  matchAt(index: number): HeaderMatch {
    const extra = this.#extra[index] as number;
    const match = extra === NO_EXTRA ? undefined : this.#extras[extra]?.match;
    if (match !== undefined) return match;
    if (index === this.#implicitIndex) return MATCH_ANY;
    const protocol = this.#protocol[index] as number;
    return {
      src: [{ kind: 'wildcard', value: this.#src[index] as number, wildcard: this.#srcWildcard[index] as number }],
      dst: [{ kind: 'wildcard', value: this.#dst[index] as number, wildcard: this.#dstWildcard[index] as number }],
      services: protocol === ANY_PROTOCOL ? ANY_SERVICE : [this.#serviceAt(index, protocol)],
    };
  }

  /**
   * The first entry from `index` on whose addresses hold for one packet, or `count` where none does.
   * An entry with several address terms always counts as one.
   */
  nextHolding(index: number, src: Ip, dst: Ip): number {
    let at = index;
    while (at < this.#count) {
      const dstDiffers = ((this.#dst[at] as number) ^ dst) & ~(this.#dstWildcard[at] as number);
      if (dstDiffers === 0 && (((this.#src[at] as number) ^ src) & ~(this.#srcWildcard[at] as number)) === 0) break;
      at += 1;
    }
    return at;
  }

  originAt(index: number): Origin {
    if (index === this.#implicitIndex && this.#implicitOrigin !== undefined) return this.#implicitOrigin;
    const start = this.startAt(index);
    const end = this.endAt(index);
    return { file: this.source.path, start, end, label: this.source.text.slice(start, end).trim() };
  }

  aceAt(index: number): Ace {
    const undecidable = this.undecidableAt(index);
    const sequence = this.sequenceAt(index);
    return {
      index,
      action: this.actionAt(index),
      match: this.matchAt(index),
      ...(undecidable === undefined ? {} : { undecidable }),
      ...(sequence === undefined ? {} : { sequence }),
      implicit: this.isImplicit(index),
      origin: this.originAt(index),
    };
  }

  /**
   * The entries whose addresses may touch the given ones, in order. `src` and `dst` are inclusive
   * ranges of addresses. An entry with several address terms is always among them.
   */
  touching(srcFirst: Ip, srcLast: Ip, dstFirst: Ip, dstLast: Ip): Uint32Array {
    const found = new Uint32Array(this.#count);
    let count = 0;
    // A wildcard entry touches a range when it agrees with the bits that all addresses of the range share.
    const srcShared = sharedBits(srcFirst, srcLast);
    const dstShared = sharedBits(dstFirst, dstLast);
    for (let at = 0; at < this.#count; at += 1) {
      const dstDiffers = ((this.#dst[at] as number) ^ dstFirst) & dstShared & ~(this.#dstWildcard[at] as number);
      if (dstDiffers !== 0) continue;
      const srcDiffers = ((this.#src[at] as number) ^ srcFirst) & srcShared & ~(this.#srcWildcard[at] as number);
      if (srcDiffers !== 0) continue;
      found[count] = at;
      count += 1;
    }
    return found.slice(0, count);
  }

  /** The entry that is written at an offset of its file, implicit ones left out. */
  indexAt(offset: number): number | undefined {
    for (let at = 0; at < this.#count; at += 1) {
      if (at !== this.#implicitIndex && this.startAt(at) <= offset && offset <= this.endAt(at)) return at;
    }
    return undefined;
  }

  /** Whether all destinations of an entry lie in `[first, last]`. */
  isDestinationInside(index: number, first: Ip, last: Ip): boolean {
    if ((this.#extra[index] as number) !== NO_EXTRA) {
      const { dst } = this.matchAt(index);
      return dst.length > 0 && dst.every((term) => isInside(term, first, last));
    }
    return isWildcardInside(this.#dst[index] as number, this.#dstWildcard[index] as number, first, last);
  }

  /** The entries of an action all of whose destinations lie in `[first, last]`, in order. */
  withDestinationInside(action: AceAction, first: Ip, last: Ip): number[] {
    const found: number[] = [];
    const wanted = ACTIONS.indexOf(action);
    const shared = sharedBits(first, last);
    for (let at = 0; at < this.#count; at += 1) {
      // Nearly all destinations touch nothing of the range, which is seen at once.
      if ((((this.#dst[at] as number) ^ first) & shared & ~(this.#dstWildcard[at] as number)) !== 0) continue;
      if (this.#action[at] === wanted && this.isDestinationInside(at, first, last)) found.push(at);
    }
    return found;
  }

  /**
   * The entries of an action with a wildcard that looks like a subnet mask (ones, then zeros), in
   * order. An entry with several address terms is always among them.
   */
  withMaskForWildcard(action: AceAction): number[] {
    const found: number[] = [];
    const wanted = ACTIONS.indexOf(action);
    for (let at = 0; at < this.#count; at += 1) {
      if (this.#action[at] !== wanted) continue;
      const suspect =
        looksLikeMask(this.#srcWildcard[at] as number) ||
        looksLikeMask(this.#dstWildcard[at] as number) ||
        (this.#extra[at] as number) !== NO_EXTRA;
      if (suspect) found.push(at);
    }
    return found;
  }

  /**
   * How many entries from `index` on say the same as those of another list from `otherIndex` on, in the
   * same order; an entry that is more than numbers ends them.
   */
  alikeFrom(index: number, other: AceTable, otherIndex: number): number {
    const most = Math.min(this.#count - index, other.#count - otherIndex);
    let length = 0;
    while (length < most && this.#numbersAreAlike(index + length, other, otherIndex + length)) length += 1;
    return length;
  }

  /** Whether an entry of this list and one of another say the same, whatever their numbers. */
  saysTheSame(index: number, other: AceTable, otherIndex: number): boolean {
    if (this.#action[index] !== other.#action[otherIndex]) return false;
    const extra = this.#extra[index] as number;
    const otherExtra = other.#extra[otherIndex] as number;
    if (extra !== NO_EXTRA || otherExtra !== NO_EXTRA) {
      return (
        this.undecidableAt(index) === other.undecidableAt(otherIndex) &&
        JSON.stringify(this.matchAt(index)) === JSON.stringify(other.matchAt(otherIndex))
      );
    }
    return this.#numbersAreAlike(index, other, otherIndex);
  }

  /** Whether two entries are alike in all their columns, and nothing but that. */
  #numbersAreAlike(index: number, other: AceTable, otherIndex: number): boolean {
    return (
      this.#src[index] === other.#src[otherIndex] &&
      this.#dst[index] === other.#dst[otherIndex] &&
      this.#srcWildcard[index] === other.#srcWildcard[otherIndex] &&
      this.#dstWildcard[index] === other.#dstWildcard[otherIndex] &&
      this.#protocol[index] === other.#protocol[otherIndex] &&
      this.#action[index] === other.#action[otherIndex] &&
      this.#srcPortFirst[index] === other.#srcPortFirst[otherIndex] &&
      this.#srcPortLast[index] === other.#srcPortLast[otherIndex] &&
      this.#dstPortFirst[index] === other.#dstPortFirst[otherIndex] &&
      this.#dstPortLast[index] === other.#dstPortLast[otherIndex] &&
      this.#extra[index] === NO_EXTRA &&
      other.#extra[otherIndex] === NO_EXTRA
    );
  }

  #serviceAt(index: number, protocol: number): ServiceTerm {
    const srcFirst = this.#srcPortFirst[index] as number;
    const srcLast = this.#srcPortLast[index] as number;
    const dstFirst = this.#dstPortFirst[index] as number;
    const dstLast = this.#dstPortLast[index] as number;
    const service: { -readonly [Key in keyof ServiceTerm]: ServiceTerm[Key] } = { protocol };
    if (srcFirst !== 0 || srcLast !== 65535) service.srcPorts = [{ first: srcFirst, last: srcLast }];
    if (dstFirst !== 0 || dstLast !== 65535) service.dstPorts = [{ first: dstFirst, last: dstLast }];
    return service;
  }

  #grow(): void {
    const capacity = Math.max(16, this.#action.length * 2);
    this.#action = grown(this.#action, new Uint8Array(capacity));
    this.#protocol = grown(this.#protocol, new Uint16Array(capacity));
    this.#src = grown(this.#src, new Uint32Array(capacity));
    this.#srcWildcard = grown(this.#srcWildcard, new Uint32Array(capacity));
    this.#dst = grown(this.#dst, new Uint32Array(capacity));
    this.#dstWildcard = grown(this.#dstWildcard, new Uint32Array(capacity));
    this.#srcPortFirst = grown(this.#srcPortFirst, new Uint16Array(capacity));
    this.#srcPortLast = grown(this.#srcPortLast, new Uint16Array(capacity));
    this.#dstPortFirst = grown(this.#dstPortFirst, new Uint16Array(capacity));
    this.#dstPortLast = grown(this.#dstPortLast, new Uint16Array(capacity));
    this.#start = grown(this.#start, new Uint32Array(capacity));
    this.#end = grown(this.#end, new Uint32Array(capacity));
    this.#sequence = grown(this.#sequence, new Uint32Array(capacity));
    this.#extra = grown(this.#extra, new Int32Array(capacity));
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** Entries of one table that take the place of some of another's, in the lines of a change. */
interface Swap {
  /** The entries that go: the first, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Where the ones that come stand, and which they are. */
  readonly middle: AceTable;
  readonly first: number;
  readonly count: number;
  /** The offset in their own text that is the start of the change. */
  readonly base: number;
}

function grown<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}

function isInside(term: AddressTerm, first: Ip, last: Ip): boolean {
  if (term.kind === 'range') return first <= term.first && term.last <= last;
  return isWildcardInside(term.value, term.wildcard, first, last);
}

/** The lowest address of a wildcard has its open bits 0, the highest has them 1. */
function isWildcardInside(value: Ip, wildcard: Ip, first: Ip, last: Ip): boolean {
  return (value & ~wildcard) >>> 0 >= first && (value | wildcard) >>> 0 <= last;
}

/** Ones from the top, then zeros, and both: 255.255.255.0 but neither 0.0.0.0 nor 255.255.255.255. */
function looksLikeMask(wildcard: Ip): boolean {
  const zeros = ~wildcard >>> 0;
  return zeros !== 0 && wildcard !== 0 && (zeros & (zeros + 1)) === 0;
}

function isPlainService(service: ServiceTerm): boolean {
  return (
    service.icmp === undefined &&
    service.tcpFlags === undefined &&
    (service.srcPorts === undefined || service.srcPorts.length === 1) &&
    (service.dstPorts === undefined || service.dstPorts.length === 1) &&
    (service.protocol !== undefined || (service.srcPorts === undefined && service.dstPorts === undefined))
  );
}

/** A mask of the leading bits that `first` and `last` have in common. */
function sharedBits(first: Ip, last: Ip): Ip {
  const length = Math.clz32((first ^ last) >>> 0);
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}
