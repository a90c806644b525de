import { MAX_IP } from '../../net/ip.js';
import { maskOf } from '../../net/prefix.js';

/** What a form leaves out, and what stands for it there. Such control characters are in no form themselves. */
export const Hole = { src: 1, dst: 2, number: 3, text: 4 } as const;
export type Hole = (typeof Hole)[keyof typeof Hole];

export function isHole(code: number): code is Hole {
  return code >= Hole.src && code <= Hole.text;
}

/** What a character is to a form. */
export const Sort = { literal: 0, blank: 1, digit: 2, quote: 3, open: 4, close: 5, end: 6, refused: 7 } as const;
export const SORTS = new Uint8Array(256).fill(Sort.literal);
SORTS.fill(Sort.refused, 0, 32);
for (const [signs, sort] of [
  ['\t ', Sort.blank],
  ['0123456789', Sort.digit],
  ['"', Sort.quote],
  ['{', Sort.open],
  ['}', Sort.close],
  ['\0\n\r;#', Sort.end],
  // Names that stand for something else, what carries a line on, and what is no ASCII.
  ['$@\\\x7f\xff', Sort.refused],
] as const) {
  for (const sign of signs) SORTS[sign.charCodeAt(0)] = sort;
}

/** What stands in the holes of one line, as far as it is kept: its addresses, or all there are. */
export class Holes {
  srcFirst = 0;
  srcLast = MAX_IP;
  dstFirst = 0;
  dstLast = MAX_IP;
  /** The address that was read last. */
  #first = 0;
  #last = 0;

  clear(): void {
    this.srcFirst = 0;
    this.srcLast = MAX_IP;
    this.dstFirst = 0;
    this.dstLast = MAX_IP;
  }

  /** Reads what a hole is for; gives where it ends, or `at` where there is no such thing. */
  read(hole: Hole, codes: Uint8Array, at: number): number {
    switch (hole) {
      case Hole.src: {
        const end = this.#address(codes, at);
        if (end === at) return at;
        this.srcFirst = this.#first;
        this.srcLast = this.#last;
        return end;
      }
      case Hole.dst: {
        const end = this.#address(codes, at);
        if (end === at) return at;
        this.dstFirst = this.#first;
        this.dstLast = this.#last;
        return end;
      }
      case Hole.number: {
        let end = at;
        while (SORTS[codes[end] as number] === Sort.digit) end += 1;
        return isWordEnd(codes, end) ? end : at;
      }
      case Hole.text:
        return codes[at] === 34 ? stringEnd(codes, at) : at;
    }
  }

  /** `10.0.0.1`, `10.0.0.0/8`, and nothing that is written in another way. */
  #address(codes: Uint8Array, from: number): number {
    let at = from;
    let ip = 0;
    for (let part = 0; part < 4; part += 1) {
      // A loop over the three digits takes a quarter more time than this.
      let octet = (codes[at] as number) - 48;
      if (octet < 0 || octet > 9) return from;
      at += 1;
      const second = (codes[at] as number) - 48;
      if (second >= 0 && second <= 9) {
        // No number begins with 0 but 0 itself.
        if (octet === 0) return from;
        octet = octet * 10 + second;
        at += 1;
        const third = (codes[at] as number) - 48;
        if (third >= 0 && third <= 9) {
          octet = octet * 10 + third;
          if (octet > 255) return from;
          at += 1;
        }
      }
      ip = (ip << 8) | octet;
      if (part === 3) break;
      if (codes[at] !== 46) return from;
      at += 1;
    }
    let mask = -1;
    if (codes[at] === 47) {
      const start = at + 1;
      let bits = 0;
      for (at = start; SORTS[codes[at] as number] === Sort.digit && at - start < 3; at += 1) {
        bits = bits * 10 + (codes[at] as number) - 48;
      }
      // A prefix of length 0 is every address, which is no question.
      if (at === start || bits > 32 || codes[start] === 48) return from;
      mask = maskOf(bits);
    }
    if (!isWordEnd(codes, at)) return from;
    this.#first = (ip & mask) >>> 0;
    this.#last = (ip | ~mask) >>> 0;
    return at;
  }
}

function isWordEnd(codes: Uint8Array, at: number): boolean {
  const sort = SORTS[codes[at] as number] as number;
  return sort === Sort.blank || sort === Sort.end || sort === Sort.close;
}

/** Behind the closing quote; `from` where none stands on the line. */
export function stringEnd(codes: Uint8Array, from: number): number {
  let at = from + 1;
  while (codes[at] !== 34) {
    if (codes[at] === 10 || codes[at] === 0) return from;
    at += 1;
  }
  return at + 1;
}

/** Whether a statement ends at a place that no brace of its own is open at. */
export function isStatementEnd(codes: Uint8Array, at: number, textEnd: number): boolean {
  const code = codes[at] as number;
  switch (SORTS[code]) {
    case Sort.close:
      return true;
    case Sort.end:
      return code === 0 ? at >= textEnd : code !== 13 || codes[at + 1] === 10;
    default:
      return false;
  }
}

export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
