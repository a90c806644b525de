import type { Ip } from '../../net/ip.js';

/**
 * Blanks are what any editor, terminal or paste puts between words: also NULs, backspaces, a BOM and
 * a no-break space. Other control characters are not: a banner may have one for its delimiter.
 */
export function isBlank(code: number): boolean {
  if (code > 32) return code >= 127 && (code === 127 || code === 160 || code === 0xfeff);
  return code === 32 || (code >= 8 && code <= 13) || code === 0;
}

/** The first offset from `at` that holds no blank, or `end`. */
export function skipBlanks(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && isBlank(text.charCodeAt(next))) next += 1;
  return next;
}

/** The end of `text.slice(start, end)` without the blanks at its end. */
export function trimEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && isBlank(text.charCodeAt(last - 1))) last -= 1;
  return last;
}

/**
 * The words of one line, one at a time, without making strings: a cursor that is set to a line and
 * moved. Keywords are compared without regard to case and may be abbreviated.
 */
export class Words {
  text = '';
  /** Where the current word starts and stops. Both are the line's end after the last word. */
  start = 0;
  stop = 0;
  #end = 0;

  /** Sets the cursor before the first word of `text.slice(at, end)`. */
  set(text: string, at: number, end: number): this {
    this.text = text;
    this.start = at;
    this.stop = at;
    this.#end = end;
    return this;
  }

  /** Moves to the next word; false where there is none. */
  next(): boolean {
    const { text } = this;
    const end = this.#end;
    let at = this.stop;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    this.start = at;
    while (at < end && !isBlank(text.charCodeAt(at))) at += 1;
    this.stop = at;
    return at > this.start;
  }

  /** Offers the current word again to `next`. */
  back(): void {
    this.stop = this.start;
  }

  /** Moves the cursor to an offset that `start` or `stop` had before. */
  rewind(at: number): void {
    this.start = at;
    this.stop = at;
  }

  /** Whether the current word is `keyword` (in small letters) or its first letters, at least `least` of them. */
  is(keyword: string, least = keyword.length): boolean {
    const length = this.stop - this.start;
    if (length < least || length > keyword.length || length === 0) return false;
    for (let at = 0; at < length; at += 1) {
      const code = this.text.charCodeAt(this.start + at);
      const small = code >= 65 && code <= 90 ? code + 32 : code;
      if (small !== keyword.charCodeAt(at)) return false;
    }
    return true;
  }

  /** Takes the next word if it is `keyword`, abbreviated to no less than `least` letters. */
  accept(keyword: string, least = keyword.length): boolean {
    const at = this.stop;
    if (this.next() && this.is(keyword, least)) return true;
    this.rewind(at);
    return false;
  }

  /** The current word. */
  word(): string {
    return this.text.slice(this.start, this.stop);
  }

  /** The next word, taken; undefined where there is none. */
  take(): string | undefined {
    return this.next() ? this.word() : undefined;
  }

  /** What is left of the line after the current word, without blanks around it. */
  rest(): string {
    return this.text.slice(this.stop, this.#end).trim();
  }

  /** Whether no word follows. */
  get done(): boolean {
    return skipBlanks(this.text, this.stop, this.#end) >= this.#end;
  }

  get end(): number {
    return this.#end;
  }

  /** The current word as a decimal number that fits in 32 bits; undefined where it is none. */
  number(): number | undefined {
    const length = this.stop - this.start;
    if (length === 0 || length > 10) return undefined;
    let value = 0;
    for (let at = this.start; at < this.stop; at += 1) {
      const digit = this.text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return value <= 0xffffffff ? value : undefined;
  }

  /** The next word as a number, taken only if it is one. */
  takeNumber(): number | undefined {
    const at = this.stop;
    const value = this.next() ? this.number() : undefined;
    if (value === undefined) this.rewind(at);
    return value;
  }

  /** The current word as a dotted address; leading zeros do not make it octal. */
  ip(): Ip | undefined {
    return readIp(this.text, this.start, this.stop);
  }

  /** The next word as a dotted address, taken only if it is one. */
  takeIp(): Ip | undefined {
    const at = this.stop;
    const value = this.next() ? this.ip() : undefined;
    if (value === undefined) this.rewind(at);
    return value;
  }
}

/** Reads `text.slice(start, end)` as a dotted address, each part in decimal with or without leading zeros. */
export function readIp(text: string, start: number, end: number): Ip | undefined {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      octet = octet * 10 + code - 48;
      digits += 1;
      if (digits > 3 || octet > 255) return undefined;
    } else if (code === 46 && digits > 0 && dots < 3) {
      address = address * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else {
      return undefined;
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + octet : undefined;
}

/**
 * The one of `keywords` (in small letters) that `word` is or abbreviates; undefined where none or
 * more than one fits.
 */
export function keywordOf<T extends string>(word: string, keywords: readonly T[]): T | undefined {
  const wanted = word.toLowerCase();
  if (wanted === '') return undefined;
  let found: T | undefined;
  for (const keyword of keywords) {
    if (keyword === wanted) return keyword;
    if (!keyword.startsWith(wanted)) continue;
    if (found !== undefined) return undefinedUnlessExact(wanted, keywords);
    found = keyword;
  }
  return found;
}

function undefinedUnlessExact<T extends string>(wanted: string, keywords: readonly T[]): T | undefined {
  return keywords.find((keyword) => keyword === wanted);
}
