import { FormTree } from './form-tree.js';
import { grown, Hole, Holes, isHole, isStatementEnd, SORTS, Sort, stringEnd } from './holes.js';

/**
 * A large ruleset says the same few things of many addresses. A line that was seen before, but for the
 * addresses behind `saddr` and `daddr`, the numbers of a counter and the words of a comment, is not taken
 * apart again: it is kept as a row of numbers, and its *form* (the line with holes in the place of these)
 * says what it means. The first line of each form is read as any other, so nothing here knows what a rule
 * of nftables means.
 */

/** More forms than these are not looked for: in such a file hardly a line is like another. */
const MOST_FORMS = 20_000;
const LONGEST_FORM = 250;

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
  starts: Uint32Array;
  ends: Uint32Array;
  forms: Uint16Array;
  /** As `nft -a list` prints it; -1: none. */
  handles: Int32Array;
  /** The addresses in the holes; all there are where a line has no such hole. */
  srcFirst: Uint32Array;
  srcLast: Uint32Array;
  dstFirst: Uint32Array;
  dstLast: Uint32Array;
  readonly #known = new FormTree();
  readonly #holes = new Holes();
  /** The form of a line that is not known yet. */
  readonly #form = new Uint8Array(2 * LONGEST_FORM);

  /** @param expected how many rows there may be; more are taken too */
  constructor(expected: number) {
    this.starts = new Uint32Array(expected);
    this.ends = new Uint32Array(expected);
    this.forms = new Uint16Array(expected);
    this.handles = new Int32Array(expected);
    this.srcFirst = new Uint32Array(expected);
    this.srcLast = new Uint32Array(expected);
    this.dstFirst = new Uint32Array(expected);
    this.dstLast = new Uint32Array(expected);
  }

  /**
   * Keeps the statement that begins at `start` as a row, if a line of its form was met before, and so the
   * lines behind it.
   * @param words the same as `codes`
   * @returns where the last of them ends, with its handle; `start` where there is none
   */
  take(codes: Uint8Array, words: DataView, start: number, textEnd: number): number {
    const holes = this.#holes;
    const known = this.#known;
    let at = start;
    let stop = start;
    for (;;) {
      holes.clear();
      const form = known.find(codes, words, at, textEnd, holes);
      if (form < 0) {
        if (stop === start) this.#learn(codes, start, textEnd);
        return stop;
      }
      const row = this.count;
      if (row === this.starts.length) this.#grow();
      this.starts[row] = at;
      this.ends[row] = known.end;
      this.forms[row] = form;
      this.handles[row] = -1;
      this.srcFirst[row] = holes.srcFirst;
      this.srcLast[row] = holes.srcLast;
      this.dstFirst[row] = holes.dstFirst;
      this.dstLast[row] = holes.dstLast;
      this.count = row + 1;
      stop = known.end;
      let next = blanksEnd(codes, stop);
      if (codes[next] === 35) {
        next = this.#takeHandle(codes, next, row);
        if (codes[next] === 35) return stop;
        stop = next;
      }
      if (codes[next] === 13) next += 1;
      if (codes[next] !== 10) return stop;
      at = blanksEnd(codes, next + 1);
    }
  }

  /** `# handle 7`, and nothing behind it on its line; gives where it ends. */
  #takeHandle(codes: Uint8Array, start: number, row: number): number {
    let at = start;
    for (const code of HANDLE) {
      if (codes[at] !== code) return start;
      at += 1;
    }
    const digits = at;
    let handle = 0;
    for (; SORTS[codes[at] as number] === Sort.digit; at += 1) handle = handle * 10 + (codes[at] as number) - 48;
    if (at === digits || at - digits > 9) return start;
    const end = blanksEnd(codes, at);
    const isLineEnd = codes[end] === 10 || (codes[end] === 13 && codes[end + 1] === 10);
    if (!isLineEnd) return start;
    this.handles[row] = handle;
    return end;
  }

  /** A form with something in its holes. */
  filled(form: number, filling: Readonly<Record<Hole, string>>): string {
    let text = '';
    for (const code of this.#known.codesOf(form)) text += isHole(code) ? filling[code] : String.fromCharCode(code);
    return text;
  }

  hasHole(form: number, hole: Hole): boolean {
    return this.#known.codesOf(form).includes(hole);
  }

  /** Remembers the form of the statement at `from`, if it has one. */
  #learn(codes: Uint8Array, from: number, textEnd: number): void {
    if (this.#known.count >= MOST_FORMS || !FIRST_WORDS.has(wordAt(codes, from))) return;
    const length = this.#read(codes, from, textEnd);
    if (length > 0) this.#known.add(this.#form.subarray(0, length));
  }

  /** Reads a statement to its end; gives the length of its form, 0 where it has none. */
  #read(codes: Uint8Array, from: number, textEnd: number): number {
    const form = this.#form;
    let length = 0;
    let depth = 0;
    let at = from;
    while (length < LONGEST_FORM) {
      const code = codes[at] as number;
      switch (SORTS[code]) {
        case Sort.digit: {
          const hole = depth === 0 ? holeBehind(form, length) : undefined;
          const after = hole === undefined ? at : this.#holes.read(hole, codes, at);
          if (hole === undefined || after === at) break;
          form[length] = hole;
          length += 1;
          at = after;
          continue;
        }
        case Sort.quote: {
          const after = stringEnd(codes, at);
          if (after === at) return 0;
          if (endsWith(form, length, COMMENT) || endsWith(form, length, PREFIX)) {
            form[length] = Hole.text;
            length += 1;
            at = after;
            continue;
          }
          if (length + after - at > LONGEST_FORM) return 0;
          for (; at < after; at += 1) {
            const letter = codes[at] as number;
            if (letter <= BLANK || letter > 126) return 0;
            form[length] = letter;
            length += 1;
          }
          continue;
        }
        case Sort.open:
          depth += 1;
          break;
        case Sort.close:
          if (depth === 0) return lengthWithoutBlanks(form, length);
          depth -= 1;
          break;
        case Sort.end:
          return depth === 0 && isStatementEnd(codes, at, textEnd) ? lengthWithoutBlanks(form, length) : 0;
        case Sort.refused:
          return 0;
      }
      form[length] = code;
      length += 1;
      at += 1;
    }
    return 0;
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
const HANDLE = codesFor('# handle ');
const SADDR = codesFor('saddr ');
const DADDR = codesFor('daddr ');
const PACKETS = codesFor('counter packets ');
const BYTES = codesFor('\x03 bytes ');
const COMMENT = codesFor('comment ');
const PREFIX = codesFor('prefix ');

/** What of a line is left out behind these words. A second address of the same side is not. */
function holeBehind(form: Uint8Array, length: number): Hole | undefined {
  if (endsWith(form, length, SADDR)) return form.subarray(0, length).includes(Hole.src) ? undefined : Hole.src;
  if (endsWith(form, length, DADDR)) return form.subarray(0, length).includes(Hole.dst) ? undefined : Hole.dst;
  return endsWith(form, length, PACKETS) || endsWith(form, length, BYTES) ? Hole.number : undefined;
}

function endsWith(form: Uint8Array, length: number, word: Uint8Array): boolean {
  const start = length - word.length;
  if (start < 0) return false;
  for (let at = 0; at < word.length; at += 1) if (form[start + at] !== word[at]) return false;
  return true;
}

/** Behind a comma the statement goes on with the next line: then it has no form. */
function lengthWithoutBlanks(form: Uint8Array, length: number): number {
  let last = length;
  while (last > 0 && SORTS[form[last - 1] as number] === Sort.blank) last -= 1;
  return last > 0 && form[last - 1] === COMMA ? 0 : last;
}

function blanksEnd(codes: Uint8Array, from: number): number {
  let at = from;
  while (SORTS[codes[at] as number] === Sort.blank) at += 1;
  return at;
}

function wordAt(codes: Uint8Array, from: number): string {
  let word = '';
  for (let at = from; at - from < 10; at += 1) {
    const code = codes[at] as number;
    if (code < 97 || code > 122) break;
    word += String.fromCharCode(code);
  }
  return word;
}
