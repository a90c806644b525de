import type { Origin } from '../../model/origin.js';
import { redact } from '../../text/redact.js';
import type { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';

/** No configuration has a longer line; of one that is longer nothing is read. */
const MOST_OF_A_LINE = 20_000;

/** The lines of a file, one statement each, and what has become of them. */
export class Lines {
  readonly file: SourceFile;
  readonly statements: Statements;

  constructor(file: SourceFile) {
    const { lineCount: count } = file;
    this.file = file;
    this.statements = {
      count,
      starts: file.lineStarts.subarray(0, count),
      depths: new Uint8Array(count),
      states: new Uint8Array(count),
    };
  }

  get count(): number {
    return this.statements.count;
  }

  start(row: number): number {
    return this.statements.starts[row] as number;
  }

  /** A line without its end and the blanks before that; empty where it is too long to be read. */
  text(row: number): string {
    const start = this.start(row);
    let end = row + 1 < this.count ? this.start(row + 1) : this.file.text.length;
    while (end > start && this.file.text.charCodeAt(end - 1) <= 32) end -= 1;
    return end - start > MOST_OF_A_LINE ? '' : this.file.text.slice(start, end);
  }

  isTooLong(row: number): boolean {
    const end = row + 1 < this.count ? this.start(row + 1) : this.file.text.length;
    return end - this.start(row) > MOST_OF_A_LINE && this.text(row) === '';
  }

  mark(row: number, state: StatementState, depth?: number): void {
    this.statements.states[row] = state;
    if (depth !== undefined) this.statements.depths[row] = depth;
  }

  /** A line, or the piece `words` of it, as an origin. */
  origin(row: number, words?: string): Origin {
    const line = this.text(row);
    const indent = line.length - line.trimStart().length;
    const at = words === undefined ? -1 : line.indexOf(words);
    const from = at === -1 ? indent : at;
    const shown = at === -1 ? line.trim() : (words as string);
    const start = this.start(row) + from;
    return { file: this.file.path, start, end: start + shown.length, label: redact(shown) };
  }

  /** A line of which every word is known, and none a secret: looking for some takes longer than reading it. */
  plainOrigin(row: number): Origin {
    const line = this.text(row);
    const label = line.trimStart();
    const start = this.start(row) + line.length - label.length;
    return { file: this.file.path, start, end: start + label.length, label };
  }

  /** Every line that nothing was said about is ignored where it is empty or a comment, and else unknown. */
  finish(comments: string): void {
    const { states } = this.statements;
    for (let row = 0; row < this.count; row += 1) {
      if (states[row] !== StatementState.unread) continue;
      const first = this.text(row).trimStart().charAt(0);
      const isSilent = (first === '' && !this.isTooLong(row)) || (first !== '' && comments.includes(first));
      states[row] = isSilent ? StatementState.ignored : StatementState.unknown;
    }
  }
}

/** The words of a line between blanks. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const { length } = line;
  for (let at = 0; at < length; ) {
    while (at < length && line.charCodeAt(at) <= 32) at += 1;
    const start = at;
    while (at < length && line.charCodeAt(at) > 32) at += 1;
    if (at > start) words.push(line.slice(start, at));
  }
  return words;
}
