import { lastFrom } from './search.js';
import type { Position } from './span.js';

/**
 * One file as it was read: its path, its text, and where its lines begin.
 *
 * The path is opaque here: the command line uses paths relative to its working directory, the
 * language server uses URIs. A line ends at LF; a CR before it belongs to the line.
 */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  #lineStarts: Uint32Array | undefined;
  #hasLoneReturn: boolean | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Offsets of the first character of every line; a text of n LFs has n + 1 lines, the last maybe empty. */
  get lineStarts(): Uint32Array {
    this.#lineStarts ??= findLineStarts(this.text);
    return this.#lineStarts;
  }

  /** Whether a carriage return stands anywhere but at the end of a line. */
  get hasLoneReturn(): boolean {
    this.#hasLoneReturn ??= findLoneReturn(this.text);
    return this.#hasLoneReturn;
  }

  /** Lines as an editor counts them, without the empty one that a final LF opens. */
  get lineCount(): number {
    const starts = this.lineStarts;
    const last = starts[starts.length - 1] as number;
    return last === this.text.length ? starts.length - 1 : starts.length;
  }

  /** The zero-based index of the line that holds `offset`. */
  lineIndexAt(offset: number): number {
    const starts = this.lineStarts;
    return lastFrom(starts.length, (index) => starts[index] as number, offset);
  }

  positionAt(offset: number): Position {
    const index = this.lineIndexAt(offset);
    return { line: index + 1, column: offset - (this.lineStarts[index] as number) + 1 };
  }

  /** The offset of a position; a place past a line's or the text's end is clamped to it. */
  offsetAt(position: Position): number {
    const starts = this.lineStarts;
    const index = Math.min(Math.max(position.line - 1, 0), starts.length - 1);
    const start = starts[index] as number;
    const end = index + 1 < starts.length ? (starts[index + 1] as number) - 1 : this.text.length;
    return Math.min(start + Math.max(position.column - 1, 0), end);
  }

  /** The text of a line (zero-based), without its line end. */
  lineText(index: number): string {
    const starts = this.lineStarts;
    const start = starts[index] as number;
    let end = index + 1 < starts.length ? (starts[index + 1] as number) - 1 : this.text.length;
    if (end > start && this.text.charCodeAt(end - 1) === 13) end -= 1;
    return this.text.slice(start, end);
  }

  /** The line end that the file uses first; LF where it has none. */
  get lineEnd(): '\n' | '\r\n' {
    const newline = this.text.indexOf('\n');
    return newline > 0 && this.text.charCodeAt(newline - 1) === 13 ? '\r\n' : '\n';
  }
}

/** So many lines are looked for in one call: a loop that is long and runs once is never made fast. */
const AT_ONCE = 1024;

function findLineStarts(text: string): Uint32Array {
  // A guess of 32 characters a line keeps the array from growing more than a few times.
  let starts = new Uint32Array(Math.max(16, text.length >>> 5));
  let count = 1;
  for (;;) {
    const before = count;
    count = addLineStarts(text, starts, count, Math.min(starts.length, count + AT_ONCE));
    if (count < starts.length) {
      if (count < before + AT_ONCE) return starts.subarray(0, count);
      continue;
    }
    const larger = new Uint32Array(starts.length * 2);
    larger.set(starts);
    starts = larger;
  }
}

/** Adds the starts of the lines behind the `count` that are known, `end` in all at most; gives how many there are. */
function addLineStarts(text: string, starts: Uint32Array, count: number, end: number): number {
  let at = starts[count - 1] as number;
  for (let next = count; next < end; next += 1) {
    at = text.indexOf('\n', at) + 1;
    if (at === 0) return next;
    starts[next] = at;
  }
  return end;
}

function findLoneReturn(text: string): boolean {
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) !== 10) return true;
  }
  return false;
}
