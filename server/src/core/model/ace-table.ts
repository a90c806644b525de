import type { Ip } from '../net/ip.js';
import { movedEnd, movedStart, type TextChange } from '../text/edit.js';
import { SourceFile } from '../text/source-file.js';
import type { Span } from '../text/span.js';
import { AceColumns, ANY_PORTS, ANY_PROTOCOL, NO_EXTRA, portsOf, wordOf } from './ace-columns.js';
import { nextHolding, touching, withDestinationInside, withMaskForWildcard } from './ace-search.js';
import type { Ace, AceAction, AceRow } from './acl.js';
import {
  type AddressTerm,
  ANY_SERVICE,
  type HeaderMatch,
  MATCH_ANY,
  type PortRange,
  type ServiceTerm,
} from './header-match.js';
import { movedOrigin, type Origin } from './origin.js';

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
  /** See `AceColumns.kept`. */
  static readonly kept = new AceTable(new SourceFile('', ''));

  readonly source: SourceFile;
  readonly #columns: AceColumns;
  #extras: Extra[] = [];
  #implicitOrigin: Origin | undefined;
  #implicitIndex = -1;

  /** @param columns entries that are nothing but numbers */
  constructor(source: SourceFile, columns = new AceColumns(16)) {
    this.source = source;
    this.#columns = columns;
  }

  /** The number of entries, the implicit one included. */
  get count(): number {
    return this.#columns.count;
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
    this.#pushNumbers(
      row.action,
      services.length === 1 ? (service?.protocol ?? ANY_PROTOCOL) : ANY_PROTOCOL,
      srcTerm ?? ANY_ADDRESS,
      dstTerm ?? ANY_ADDRESS,
      plain ? portsOfRange(service?.srcPorts?.[0]) : ANY_PORTS,
      plain ? portsOfRange(service?.dstPorts?.[0]) : ANY_PORTS,
      row,
    );
    const at = this.count - 1;
    if (row.sequence !== undefined) this.#columns.setSequence(at, row.sequence);
    if (!plain || row.undecidable !== undefined) {
      this.#columns.setExtra(at, this.#extras.length);
      this.#extras.push({ match: plain ? undefined : row.match, undecidable: row.undecidable });
    }
  }

  #pushNumbers(
    action: AceAction,
    protocol: number,
    src: Wildcard,
    dst: Wildcard,
    srcPorts: number,
    dstPorts: number,
    { start, end }: Span,
  ): void {
    const columns = this.#columns;
    const at = columns.count;
    columns.reserve();
    columns.word[at] = wordOf(action, protocol);
    columns.src[at] = src.value;
    columns.srcWildcard[at] = src.wildcard;
    columns.dst[at] = dst.value;
    columns.dstWildcard[at] = dst.wildcard;
    columns.srcPorts[at] = srcPorts;
    columns.dstPorts[at] = dstPorts;
    columns.start[at] = start;
    columns.end[at] = end;
    columns.count = at + 1;
  }

  /** Appends the deny that the vendor adds by itself. Nothing may follow it. */
  pushImplicitDeny(origin: Origin): void {
    this.#pushNumbers('deny', ANY_PROTOCOL, ANY_ADDRESS, ANY_ADDRESS, ANY_PORTS, ANY_PORTS, origin);
    this.#implicitIndex = this.count - 1;
    this.#implicitOrigin = origin;
  }

  /**
   * The same list in a text that was changed, with the entries of `swap` in the place of some of its own.
   * What has not changed is shared with this table, so that nothing may be appended to either.
   */
  edited(source: SourceFile, change: TextChange, swap?: Swap): AceTable {
    const { from, to, middle, first, count, base } = swap ?? {
      from: 0,
      to: 0,
      middle: this,
      first: 0,
      count: 0,
      base: 0,
    };
    const isSwapped = from !== to || count !== 0;
    const columns = isSwapped
      ? this.#columns.spliced(from, to, middle.#columns, first, count)
      : this.#columns.copyWithPlaces();
    const table = new AceTable(source, columns);
    table.#implicitIndex = this.#implicitIndex === -1 ? -1 : this.#implicitIndex + count - (to - from);
    table.#implicitOrigin = this.#implicitOrigin && movedOrigin(this.#implicitOrigin, change);
    const { start, end } = columns;
    for (let at = 0; at < columns.count; at += 1) {
      const isMiddle = at >= from && at < from + count;
      const shift = change.start - base;
      start[at] = isMiddle ? (start[at] as number) + shift : movedStart(start[at] as number, change);
      end[at] = isMiddle ? (end[at] as number) + shift : movedEnd(end[at] as number, change);
    }
    if (!isSwapped) {
      table.#extras = this.#extras;
    } else if (!columns.arePlain) {
      for (let at = 0; at < columns.count; at += 1) {
        const extra = columns.extraAt(at);
        if (extra === NO_EXTRA) continue;
        columns.setExtra(at, table.#extras.length);
        table.#extras.push((at >= from && at < from + count ? middle : this).#extras[extra] as Extra);
      }
    }
    return table;
  }

  /** Whether the two hold the very same rows, wherever they stand: of texts that differ elsewhere. */
  hasRowsOf(other: AceTable): boolean {
    return this.#columns.word === other.#columns.word && this.#extras === other.#extras && this.count === other.count;
  }

  actionAt(index: number): AceAction {
    return this.#columns.actionAt(index);
  }

  sequenceAt(index: number): number | undefined {
    return this.#columns.sequenceAt(index);
  }

  /** Whether any entry has a sequence number. */
  get isNumbered(): boolean {
    return this.#columns.areNumbered;
  }

  startAt(index: number): number {
    return this.#columns.start[index] as number;
  }

  endAt(index: number): number {
    return this.#columns.end[index] as number;
  }

  isImplicit(index: number): boolean {
    return index === this.#implicitIndex;
  }

  undecidableAt(index: number): string | undefined {
    return this.#extraAt(index)?.undecidable;
  }

  matchAt(index: number): HeaderMatch {
    const match = this.#extraAt(index)?.match;
    if (match !== undefined) return match;
    if (index === this.#implicitIndex) return MATCH_ANY;
    const { src, srcWildcard, dst, dstWildcard } = this.#columns;
    const protocol = this.#columns.protocolAt(index);
    return {
      src: [{ kind: 'wildcard', value: src[index] as number, wildcard: srcWildcard[index] as number }],
      dst: [{ kind: 'wildcard', value: dst[index] as number, wildcard: dstWildcard[index] as number }],
      services: protocol === ANY_PROTOCOL ? ANY_SERVICE : [this.#serviceAt(index, protocol)],
    };
  }

  #extraAt(index: number): Extra | undefined {
    return this.#extras[this.#columns.extraAt(index)];
  }

  /**
   * The first entry from `index` on whose addresses hold for one packet, or `count` where none does.
   * An entry with several address terms always counts as one.
   */
  nextHolding(index: number, src: Ip, dst: Ip): number {
    return nextHolding(this.#columns, index, src, dst);
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
    return touching(this.#columns, srcFirst, srcLast, dstFirst, dstLast);
  }

  /** The entry that is written at an offset of its file, implicit ones left out. */
  indexAt(offset: number): number | undefined {
    for (let at = 0; at < this.count; at += 1) {
      if (at !== this.#implicitIndex && this.startAt(at) <= offset && offset <= this.endAt(at)) return at;
    }
    return undefined;
  }

  /** Whether all destinations of an entry lie in `[first, last]`. */
  isDestinationInside(index: number, first: Ip, last: Ip): boolean {
    if (this.#columns.extraAt(index) !== NO_EXTRA) {
      const { dst } = this.matchAt(index);
      return dst.length > 0 && dst.every((term) => isInside(term, first, last));
    }
    const { dst, dstWildcard } = this.#columns;
    return isWildcardInside(dst[index] as number, dstWildcard[index] as number, first, last);
  }

  /** The entries of an action all of whose destinations lie in `[first, last]`, in order. */
  withDestinationInside(action: AceAction, first: Ip, last: Ip): number[] {
    return withDestinationInside(this.#columns, action, first, last, (at) => this.isDestinationInside(at, first, last));
  }

  /**
   * The entries of an action with a wildcard that looks like a subnet mask (ones, then zeros), in
   * order. An entry with several address terms is always among them.
   */
  withMaskForWildcard(action: AceAction): number[] {
    return withMaskForWildcard(this.#columns, action);
  }

  /**
   * How many entries from `index` on say the same as those of another list from `otherIndex` on, in the
   * same order; an entry that is more than numbers ends them.
   */
  alikeFrom(index: number, other: AceTable, otherIndex: number): number {
    const most = Math.min(this.count - index, other.count - otherIndex);
    let length = 0;
    if (this.#columns.arePlain && other.#columns.arePlain) {
      length = Math.min(most, this.#columns.alikeByMaking(index, other.#columns, otherIndex));
    }
    while (length < most && this.#areNumbersAlike(index + length, other, otherIndex + length)) length += 1;
    return length;
  }

  /** Whether an entry of this list and one of another say the same, whatever their numbers. */
  saysTheSame(index: number, other: AceTable, otherIndex: number): boolean {
    if (this.#columns.extraAt(index) === NO_EXTRA && other.#columns.extraAt(otherIndex) === NO_EXTRA) {
      return this.#columns.isAlike(index, other.#columns, otherIndex);
    }
    return (
      this.actionAt(index) === other.actionAt(otherIndex) &&
      this.undecidableAt(index) === other.undecidableAt(otherIndex) &&
      JSON.stringify(this.matchAt(index)) === JSON.stringify(other.matchAt(otherIndex))
    );
  }

  /** Whether two entries are alike in all their columns, and nothing but that. */
  #areNumbersAlike(index: number, other: AceTable, otherIndex: number): boolean {
    return (
      this.#columns.isAlike(index, other.#columns, otherIndex) &&
      this.#columns.extraAt(index) === NO_EXTRA &&
      other.#columns.extraAt(otherIndex) === NO_EXTRA
    );
  }

  #serviceAt(index: number, protocol: number): ServiceTerm {
    const { srcPorts, dstPorts } = this.#columns;
    const service: { -readonly [Key in keyof ServiceTerm]: ServiceTerm[Key] } = { protocol };
    if (srcPorts[index] !== ANY_PORTS) service.srcPorts = [rangeOf(srcPorts[index] as number)];
    if (dstPorts[index] !== ANY_PORTS) service.dstPorts = [rangeOf(dstPorts[index] as number)];
    return service;
  }
}

const ANY_ADDRESS: Wildcard = { value: 0, wildcard: 0xffffffff };

interface Wildcard {
  readonly value: Ip;
  readonly wildcard: Ip;
}

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

function portsOfRange(range: PortRange | undefined): number {
  return range === undefined ? ANY_PORTS : portsOf(range.first, range.last);
}

function rangeOf(ports: number): PortRange {
  return { first: ports >>> 16, last: ports & 0xffff };
}

function isInside(term: AddressTerm, first: Ip, last: Ip): boolean {
  if (term.kind === 'range') return first <= term.first && term.last <= last;
  return isWildcardInside(term.value, term.wildcard, first, last);
}

/** The lowest address of a wildcard has its open bits 0, the highest has them 1. */
function isWildcardInside(value: Ip, wildcard: Ip, first: Ip, last: Ip): boolean {
  return (value & ~wildcard) >>> 0 >= first && (value | wildcard) >>> 0 <= last;
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
