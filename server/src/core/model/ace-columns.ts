import type { AceAction } from './acl.js';

const ACTIONS: readonly AceAction[] = ['permit', 'deny', 'unknown'];
/** Bits of a word that are the protocol; the action stands above them. */
const PROTOCOL_BITS = 9;
const PROTOCOL_MASK = (1 << PROTOCOL_BITS) - 1;
const NO_SEQUENCE = 0xffffffff;

/** The value of the protocol column for "any protocol". */
export const ANY_PROTOCOL = 256;
/** What stands for any port in a column of ports. */
export const ANY_PORTS = portsOf(0, 65535);
export const NO_EXTRA = -1;

type Column = Uint16Array | Uint32Array | Int32Array;

/** The ports from `first` to `last` as one number. */
export function portsOf(first: number, last: number): number {
  return ((first << 16) | last) >>> 0;
}

/** The action and the protocol of an entry as one number. */
export function wordOf(action: AceAction, protocol: number): number {
  return (ACTIONS.indexOf(action) << PROTOCOL_BITS) | protocol;
}

/**
 * The numbers of a list's entries, a typed column each.
 *
 * Every column costs a write for each of a million entries, and memory: what few lists have at all is
 * a column only where one has it.
 */
export class AceColumns {
  /**
   * One is always there: the engine forgets the shape of objects when none is left, and with it all code that it
   * has made fast for them. Where one text takes the place of another, there is none.
   */
  static readonly kept = new AceColumns(0);

  count = 0;
  /** Action and protocol, as `wordOf` puts them together. */
  word: Uint16Array;
  src: Uint32Array;
  srcWildcard: Uint32Array;
  dst: Uint32Array;
  dstWildcard: Uint32Array;
  /** As `portsOf` puts them together. */
  srcPorts: Uint32Array;
  dstPorts: Uint32Array;
  /** Where an entry is written. */
  start: Uint32Array;
  end: Uint32Array;
  #sequence: Uint32Array | undefined;
  /** Places of what is more than numbers; `NO_EXTRA` where nothing is. */
  #extra: Int32Array | undefined;
  /** Tells these columns from all others, and keeps nothing in memory. */
  readonly #id = Symbol();
  /** What these were put together from: rows `from` up to `to` of other columns stand `shift` further on here. */
  #madeOf: readonly { readonly of: symbol; readonly from: number; readonly to: number; readonly shift: number }[] = [];

  constructor(capacity: number) {
    this.word = new Uint16Array(capacity);
    this.src = new Uint32Array(capacity);
    this.srcWildcard = new Uint32Array(capacity);
    this.dst = new Uint32Array(capacity);
    this.dstWildcard = new Uint32Array(capacity);
    this.srcPorts = new Uint32Array(capacity);
    this.dstPorts = new Uint32Array(capacity);
    this.start = new Uint32Array(capacity);
    this.end = new Uint32Array(capacity);
  }

  /** Sees to it that another row may be written behind the last. */
  reserve(): void {
    if (this.count < this.word.length) return;
    const capacity = Math.max(16, this.word.length * 2);
    this.word = grown(this.word, new Uint16Array(capacity));
    this.src = grown(this.src, new Uint32Array(capacity));
    this.srcWildcard = grown(this.srcWildcard, new Uint32Array(capacity));
    this.dst = grown(this.dst, new Uint32Array(capacity));
    this.dstWildcard = grown(this.dstWildcard, new Uint32Array(capacity));
    this.srcPorts = grown(this.srcPorts, new Uint32Array(capacity));
    this.dstPorts = grown(this.dstPorts, new Uint32Array(capacity));
    this.start = grown(this.start, new Uint32Array(capacity));
    this.end = grown(this.end, new Uint32Array(capacity));
    if (this.#sequence !== undefined) this.#sequence = grown(this.#sequence, noSequences(capacity));
    if (this.#extra !== undefined) this.#extra = grown(this.#extra, noExtras(capacity));
  }

  actionAt(row: number): AceAction {
    return ACTIONS[(this.word[row] as number) >> PROTOCOL_BITS] as AceAction;
  }

  protocolAt(row: number): number {
    return (this.word[row] as number) & PROTOCOL_MASK;
  }

  sequenceAt(row: number): number | undefined {
    const sequence = this.#sequence?.[row] ?? NO_SEQUENCE;
    return sequence === NO_SEQUENCE ? undefined : sequence;
  }

  setSequence(row: number, sequence: number): void {
    this.#sequence ??= noSequences(this.word.length);
    this.#sequence[row] = sequence;
  }

  extraAt(row: number): number {
    return this.#extra?.[row] ?? NO_EXTRA;
  }

  setExtra(row: number, extra: number): void {
    this.#extra ??= noExtras(this.word.length);
    this.#extra[row] = extra;
  }

  /** Whether any entry has a number. */
  get areNumbered(): boolean {
    return this.#sequence !== undefined;
  }

  /** Whether every row is nothing but numbers. */
  get arePlain(): boolean {
    return this.#extra === undefined;
  }

  /** Whether two rows say the same in numbers, whatever else they say. */
  isAlike(row: number, other: AceColumns, otherRow: number): boolean {
    return (
      this.src[row] === other.src[otherRow] &&
      this.dst[row] === other.dst[otherRow] &&
      this.srcWildcard[row] === other.srcWildcard[otherRow] &&
      this.dstWildcard[row] === other.dstWildcard[otherRow] &&
      this.word[row] === other.word[otherRow] &&
      this.srcPorts[row] === other.srcPorts[otherRow] &&
      this.dstPorts[row] === other.dstPorts[otherRow]
    );
  }

  /** How many rows from `row` on are surely alike to those of `other` from `otherRow` on, as few as that may be. */
  alikeByMaking(row: number, other: AceColumns, otherRow: number): number {
    for (const { of, from, to, shift } of other.#madeOf) {
      if (of === this.#id && row >= from && row < to && otherRow - row === shift) return to - row;
    }
    return 0;
  }

  /** The same rows, at places of their own. What is not a place is shared. */
  copyWithPlaces(): AceColumns {
    const copy = new AceColumns(0);
    this.#share(copy);
    copy.start = this.start.slice(0, this.count);
    copy.end = this.end.slice(0, this.count);
    return copy;
  }

  #share(copy: AceColumns): void {
    copy.count = this.count;
    copy.word = this.word;
    copy.src = this.src;
    copy.srcWildcard = this.srcWildcard;
    copy.dst = this.dst;
    copy.dstWildcard = this.dstWildcard;
    copy.srcPorts = this.srcPorts;
    copy.dstPorts = this.dstPorts;
    copy.#sequence = this.#sequence;
    copy.#extra = this.#extra;
  }

  /** The rows with `count` rows of `other`, from its row `first` on, in the place of those from `from` up to `to`. */
  spliced(from: number, to: number, other: AceColumns, first: number, count: number): AceColumns {
    const result = new AceColumns(0);
    result.count = this.count - (to - from) + count;
    result.#madeOf = [
      { of: this.#id, from: 0, to: from, shift: 0 },
      { of: other.#id, from: first, to: first + count, shift: from - first },
      { of: this.#id, from: to, to: this.count, shift: count - (to - from) },
    ];
    const column = <T extends Column>(own: T, between: T): T => {
      const made = new (own.constructor as new (length: number) => T)(result.count);
      made.set(own.subarray(0, from));
      made.set(between.subarray(first, first + count), from);
      made.set(own.subarray(to, this.count), from + count);
      return made;
    };
    result.word = column(this.word, other.word);
    result.src = column(this.src, other.src);
    result.srcWildcard = column(this.srcWildcard, other.srcWildcard);
    result.dst = column(this.dst, other.dst);
    result.dstWildcard = column(this.dstWildcard, other.dstWildcard);
    result.srcPorts = column(this.srcPorts, other.srcPorts);
    result.dstPorts = column(this.dstPorts, other.dstPorts);
    result.start = column(this.start, other.start);
    result.end = column(this.end, other.end);
    if (this.#sequence !== undefined || other.#sequence !== undefined) {
      const [own, between] = [this.#sequence ?? noSequences(this.count), other.#sequence ?? noSequences(other.count)];
      result.#sequence = column(own, between);
    }
    if (this.#extra !== undefined || other.#extra !== undefined) {
      result.#extra = column(this.#extra ?? noExtras(this.count), other.#extra ?? noExtras(other.count));
    }
    return result;
  }
}

function noSequences(capacity: number): Uint32Array {
  return new Uint32Array(capacity).fill(NO_SEQUENCE);
}

function noExtras(capacity: number): Int32Array {
  return new Int32Array(capacity).fill(NO_EXTRA);
}

function grown<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}
