import { MAX_IP } from '../../net/ip.js';
import { maskOf } from '../../net/prefix.js';

/**
 * A large ruleset says the same few things of many addresses. A line that was seen before, but for the
 * addresses behind `saddr` and `daddr`, the numbers of a counter and the words of a comment, is not taken
 * apart again: it is kept as a row of numbers, and its *form* (the line with holes in the place of these)
 * says what it means. The first line of each form is read as any other, so nothing here knows what a rule
 * of nftables means.
 */

/** What stands in a form for what was left out. Such control characters are in no form themselves. */
export const Hole = { src: 1, dst: 2, number: 3, text: 4 } as const;
export type Hole = (typeof Hole)[keyof typeof Hole];

/** More forms than these are not looked for: in such a file hardly a line is like another. */
const MOST_FORMS = 20_000;
const LONGEST_FORM = 250;

/** What a character is to a form. */
const Sort = { literal: 0, blank: 1, digit: 2, quote: 3, open: 4, close: 5, end: 6, refused: 7 } as const;
const SORTS = new Uint8Array(256).fill(Sort.literal);
SORTS.fill(Sort.refused, 0, 32);
for (const [codes, sort] of [
  ['\t ', Sort.blank],
  ['0123456789', Sort.digit],
  ['"', Sort.quote],
  ['{', Sort.open],
  ['}', Sort.close],
  ['\0\n\r;#', Sort.end],
  // Names that stand for something else, what carries a line on, and what is no ASCII.
  ['$@\\\x7f\xff', Sort.refused],
] as const) {
  for (const code of codes) SORTS[code.charCodeAt(0)] = sort;
}

/** With one of these words a line begins that is a rule wherever lines are rules. */
const FIRST_WORDS = new Set(
  `ip tcp udp sctp th icmp meta iif iifname oif oifname ct counter log limit accept drop reject return jump goto`.split(
    ' ',
  ),
);

/** The lines that were met again, by row, and their forms. */
export class PlainLines {
  count = 0;
  /** Offsets in the text that they stand in. */
  starts = new Uint32Array(64);
  ends = new Uint32Array(64);
  forms = new Uint16Array(64);
  /** As `nft -a list` prints it; -1: none. */
  handles = new Int32Array(64);
  /** The addresses in the holes; all there are where a line has no such hole. */
  srcFirst = new Uint32Array(64);
  srcLast = new Uint32Array(64);
  dstFirst = new Uint32Array(64);
  dstLast = new Uint32Array(64);

  /** Where the statement ends that was looked at. */
  end = 0;
  /** What was read of it: its form, and the addresses that it leaves out. */
  readonly #form = new Uint8Array(LONGEST_FORM + 8);
  #formLength = 0;
  #srcFirst = 0;
  #srcLast = MAX_IP;
  #dstFirst = 0;
  #dstLast = MAX_IP;
  /** The address that was read last. */
  #first = 0;
  #last = 0;

  /** All forms, one behind the other, and where each begins. */
  #pool = new Uint8Array(4096);
  #formStarts = new Uint32Array(65);
  #hashes = new Int32Array(64);
  #formCount = 0;
  /** A table of forms by their hashes: their numbers plus one. */
  #table = new Uint16Array(256);

  /**
   * Looks at the statement that begins at `at`.
   * @returns the number of its form; -1 where it has none, or one that was not met before
   */
  scan(codes: Uint8Array, at: number, textEnd: number): number {
    return this.#read(codes, at, textEnd) ? this.#find() : -1;
  }

  /** Keeps the statement that was looked at as a row. */
  add(start: number, form: number): void {
    const row = this.count;
    if (row === this.starts.length) this.#grow();
    this.starts[row] = start;
    this.ends[row] = this.end;
    this.forms[row] = form;
    this.handles[row] = -1;
    this.srcFirst[row] = this.#srcFirst;
    this.srcLast[row] = this.#srcLast;
    this.dstFirst[row] = this.#dstFirst;
    this.dstLast[row] = this.#dstLast;
    this.count += 1;
  }

  /** A form with something in its holes. */
  filled(form: number, holes: Readonly<Record<Hole, string>>): string {
    let text = '';
    for (const code of this.#codesOf(form)) text += isHole(code) ? holes[code] : String.fromCharCode(code);
    return text;
  }

  hasHole(form: number, hole: Hole): boolean {
    return this.#codesOf(form).includes(hole);
  }

  #codesOf(form: number): Uint8Array {
    return this.#pool.subarray(this.#formStarts[form], this.#formStarts[form + 1]);
  }

  /** Reads a statement to its end; false where it is none that has a form. */
  #read(codes: Uint8Array, from: number, textEnd: number): boolean {
    const form = this.#form;
    this.#srcFirst = 0;
    this.#srcLast = MAX_IP;
    this.#dstFirst = 0;
    this.#dstLast = MAX_IP;
    let length = 0;
    let depth = 0;
    let at = from;
    while (length < LONGEST_FORM) {
      const code = codes[at] as number;
      switch (SORTS[code]) {
        case Sort.digit:
          if (form[length - 1] === BLANK && depth === 0) {
            const after = this.#hole(codes, at, length);
            if (after > at) {
              form[length] = this.#filling;
              length += 1;
              at = after;
              continue;
            }
          }
          break;
        case Sort.quote: {
          const after = stringEnd(codes, at);
          if (after === at) return false;
          if (endsWith(form, length, COMMENT) || endsWith(form, length, PREFIX)) {
            form[length] = Hole.text;
            length += 1;
            at = after;
            continue;
          }
          if (length + after - at > LONGEST_FORM) return false;
          for (; at < after; at += 1) {
            const letter = codes[at] as number;
            if (letter <= BLANK || letter > 126) return false;
            form[length] = letter;
            length += 1;
          }
          continue;
        }
        case Sort.open:
          depth += 1;
          break;
        case Sort.close:
          if (depth === 0) return this.#finish(at, length);
          depth -= 1;
          break;
        case Sort.end:
          if (depth > 0 || (code === 0 && at < textEnd) || (code === 13 && codes[at + 1] !== 10)) return false;
          return this.#finish(at, length);
        case Sort.refused:
          return false;
      }
      form[length] = code;
      length += 1;
      at += 1;
    }
    return false;
  }

  #filling: Hole = Hole.src;

  /** What stands for a number or an address of which the form leaves out which; gives where it ends. */
  #hole(codes: Uint8Array, at: number, length: number): number {
    const form = this.#form;
    const letter = form[length - 2];
    if (letter === 114 && endsWith(form, length, ADDR)) {
      const side = form[length - 6];
      const end = side === 115 || side === 100 ? this.#address(codes, at) : at;
      const isSource = side === 115;
      // A second one of the same side is not left out.
      if (end === at || (isSource ? this.#srcLast - this.#srcFirst : this.#dstLast - this.#dstFirst) !== MAX_IP)
        return at;
      if (isSource) {
        this.#filling = Hole.src;
        this.#srcFirst = this.#first;
        this.#srcLast = this.#last;
      } else {
        this.#filling = Hole.dst;
        this.#dstFirst = this.#first;
        this.#dstLast = this.#last;
      }
      return end;
    }
    if (letter === 115 && (endsWith(form, length, PACKETS) || endsWith(form, length, BYTES))) {
      let end = at;
      while (SORTS[codes[end] as number] === Sort.digit) end += 1;
      this.#filling = Hole.number;
      return isWordEnd(codes, end) ? end : at;
    }
    return at;
  }

  /** `10.0.0.1`, `10.0.0.0/8`, and nothing that is written in another way; gives where it ends. */
  #address(codes: Uint8Array, from: number): number {
    let at = from;
    let ip = 0;
    for (let part = 0; part < 4; part += 1) {
      const start = at;
      let octet = 0;
      for (let digit = (codes[at] as number) - 48; digit >= 0 && digit <= 9; digit = (codes[at] as number) - 48) {
        octet = octet * 10 + digit;
        at += 1;
        if (at - start > 3) return from;
      }
      if (at === start || octet > 255 || (codes[start] === 48 && at - start > 1)) return from;
      ip = ip * 256 + octet;
      if (part === 3) break;
      if (codes[at] !== 46) return from;
      at += 1;
    }
    this.#first = ip;
    this.#last = ip;
    if (codes[at] === 47) {
      const start = at + 1;
      let bits = 0;
      for (at = start; SORTS[codes[at] as number] === Sort.digit && at - start < 3; at += 1) {
        bits = bits * 10 + (codes[at] as number) - 48;
      }
      // A prefix of length 0 is every address, which is no question.
      if (at === start || bits < 1 || bits > 32 || codes[start] === 48) return from;
      const mask = maskOf(bits);
      this.#first = (ip & mask) >>> 0;
      this.#last = (ip | ~mask) >>> 0;
    }
    return isWordEnd(codes, at) ? at : from;
  }

  #finish(at: number, length: number): boolean {
    const form = this.#form;
    let last = length;
    while (last > 0 && SORTS[form[last - 1] as number] === Sort.blank) last -= 1;
    // Behind a comma the statement goes on with the next line.
    if (last === 0 || form[last - 1] === COMMA) return false;
    this.#formLength = last;
    this.end = at - (length - last);
    return true;
  }

  #find(): number {
    const form = this.#form;
    const length = this.#formLength;
    let hash = length;
    for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ (form[at] as number), 0x01000193);
    const mask = this.#table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const known = (this.#table[slot] as number) - 1;
      if (this.#hashes[known] === hash && this.#is(known)) return known;
    }
    if (this.#formCount < MOST_FORMS && FIRST_WORDS.has(this.#firstWord())) this.#addForm(hash, slot);
    return -1;
  }

  #is(form: number): boolean {
    const pool = this.#pool;
    const start = this.#formStarts[form] as number;
    const length = this.#formLength;
    if ((this.#formStarts[form + 1] as number) - start !== length) return false;
    for (let at = 0; at < length; at += 1) if (pool[start + at] !== this.#form[at]) return false;
    return true;
  }

  #firstWord(): string {
    let word = '';
    for (let at = 0; at < this.#formLength; at += 1) {
      const code = this.#form[at] as number;
      if (code < 97 || code > 122) break;
      word += String.fromCharCode(code);
    }
    return word;
  }

  #addForm(hash: number, slot: number): void {
    const form = this.#formCount;
    const start = this.#formStarts[form] as number;
    const end = start + this.#formLength;
    if (end > this.#pool.length) this.#pool = grown(this.#pool, new Uint8Array(2 * end));
    if (form === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(2 * form));
      this.#formStarts = grown(this.#formStarts, new Uint32Array(2 * form + 1));
    }
    this.#pool.set(this.#form.subarray(0, this.#formLength), start);
    this.#formStarts[form + 1] = end;
    this.#hashes[form] = hash;
    this.#formCount += 1;
    this.#table[slot] = form + 1;
    if (2 * this.#formCount > this.#table.length) this.#rehash();
  }

  #rehash(): void {
    this.#table = new Uint16Array(2 * this.#table.length);
    const mask = this.#table.length - 1;
    for (let form = 0; form < this.#formCount; form += 1) {
      const hash = this.#hashes[form] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = form + 1;
    }
  }

  #grow(): void {
    const size = 4 * this.starts.length;
    this.starts = grown(this.starts, new Uint32Array(size));
    this.ends = grown(this.ends, new Uint32Array(size));
    this.forms = grown(this.forms, new Uint16Array(size));
    this.handles = grown(this.handles, new Int32Array(size));
    this.srcFirst = grown(this.srcFirst, new Uint32Array(size));
    this.srcLast = grown(this.srcLast, new Uint32Array(size));
    this.dstFirst = grown(this.dstFirst, new Uint32Array(size));
    this.dstLast = grown(this.dstLast, new Uint32Array(size));
  }
}

const BLANK = 32;
const COMMA = 44;
const codesFor = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const ADDR = codesFor('addr ');
const PACKETS = codesFor('counter packets ');
const BYTES = codesFor('\x03 bytes ');
const COMMENT = codesFor('comment ');
const PREFIX = codesFor('prefix ');

/** Whether what was read ends in a word, which nothing but a blank or the beginning stands before. */
function endsWith(form: Uint8Array, length: number, word: Uint8Array): boolean {
  const start = length - word.length;
  if (start < 0) return false;
  for (let at = 0; at < word.length; at += 1) if (form[start + at] !== word[at]) return false;
  return true;
}

function isHole(code: number): code is Hole {
  return code >= Hole.src && code <= Hole.text;
}

function isWordEnd(codes: Uint8Array, at: number): boolean {
  const sort = SORTS[codes[at] as number] as number;
  return sort === Sort.blank || sort === Sort.end || sort === Sort.close;
}

/** Behind the closing quote; `from` where none stands on the line. */
function stringEnd(codes: Uint8Array, from: number): number {
  let at = from + 1;
  while (codes[at] !== 34) {
    if (codes[at] === 10 || codes[at] === 0) return from;
    at += 1;
  }
  return at + 1;
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
