import type { SourceFile } from '../../text/source-file.js';
import type { PlainLines } from './plain-lines.js';
import type { Doubt } from './shell.js';
import { Kind, type Tokens, tokenize } from './tokens.js';

/** Rows `first` up to, and without, `end`. */
interface Rows {
  readonly first: number;
  readonly end: number;
}

const NO_ROWS: Rows = { first: 0, end: 0 };

/** The tokens of one file, one after another. */
export class Cursor {
  readonly file: SourceFile;
  /** As the tokens see it: the file's text, or what a shell makes of it, with every place where it was. */
  readonly text: string;
  readonly tokens: Tokens;
  /** Of rules that are no tokens of their own: their rows among those of all files. */
  readonly rows: Rows;
  /** Of a script: which of its lines may not be carried out. Sorted, and none overlaps another. */
  readonly doubts: readonly Doubt[];
  at = 0;

  constructor(file: SourceFile, text: string, tokens: Tokens, doubts: readonly Doubt[] = [], rows = NO_ROWS) {
    this.file = file;
    this.rows = rows;
    this.text = text;
    this.tokens = tokens;
    this.doubts = doubts;
  }

  /** Whether the text is what a shell makes of the file. */
  get isScript(): boolean {
    return this.text !== this.file.text;
  }

  get kind(): Kind {
    return this.tokens.kinds[this.at] as Kind;
  }

  is(kind: Kind): boolean {
    return this.kind === kind;
  }

  kindAt(ahead: number): Kind {
    const at = this.at + ahead;
    return (at < this.tokens.count ? this.tokens.kinds[at] : Kind.end) as Kind;
  }

  get start(): number {
    return this.tokens.starts[this.at] as number;
  }

  get end(): number {
    return this.tokens.ends[this.at] as number;
  }

  /** Where the token before this one ends. */
  get endBefore(): number {
    return this.at === 0 ? 0 : (this.tokens.ends[this.at - 1] as number);
  }

  get isDone(): boolean {
    return this.at >= this.tokens.count;
  }

  /** Moves on within a statement: a word that is missing at its end is not looked for in the next one. */
  next(): void {
    if (!this.isAtEndOfStatement()) this.at += 1;
  }

  /** Moves on, whatever is at hand. */
  pass(): void {
    if (this.at < this.tokens.count) this.at += 1;
  }

  /** The text of the token at hand, as it is written. */
  raw(): string {
    return this.text.slice(this.tokens.starts[this.at], this.tokens.ends[this.at]);
  }

  /** The word at hand; empty where none is. */
  word(): string {
    return this.kind === Kind.word ? this.raw() : '';
  }

  wordAt(ahead: number): string {
    if (this.kindAt(ahead) !== Kind.word) return '';
    const at = this.at + ahead;
    return this.text.slice(this.tokens.starts[at], this.tokens.ends[at]);
  }

  /** Takes the token at hand if it is of the kind. */
  accept(kind: Kind): boolean {
    if (this.kind !== kind) return false;
    this.at += 1;
    return true;
  }

  /** Takes the word at hand if it is the one given. */
  acceptWord(word: string): boolean {
    if (this.kind !== Kind.word) return false;
    const { starts, ends } = this.tokens;
    const start = starts[this.at] as number;
    if ((ends[this.at] as number) - start !== word.length || !this.text.startsWith(word, start)) return false;
    this.at += 1;
    return true;
  }

  /** The word or the quoted text at hand, taken, without its quotes. */
  takeName(): string | undefined {
    const { kind } = this;
    if (kind !== Kind.word && kind !== Kind.string) return undefined;
    const raw = this.raw();
    this.at += 1;
    return kind === Kind.string ? unquoted(raw) : raw;
  }

  skipNewlines(): void {
    while (this.kind === Kind.newline || this.kind === Kind.handle) this.at += 1;
  }

  /** Moves to the end of the statement: a line end, a semicolon or a brace that it did not open. */
  skipStatement(): void {
    let depth = 0;
    for (; !this.isDone; this.at += 1) {
      const { kind } = this;
      if (kind === Kind.open) depth += 1;
      else if (kind === Kind.close) {
        if (depth === 0) return;
        depth -= 1;
      } else if (depth === 0 && (kind === Kind.newline || kind === Kind.semicolon)) return;
    }
  }

  /** Moves to the next token of a kind, or to the end of the statement. */
  skipStatementTo(kind: Kind): void {
    while (!this.isAtEndOfStatement() && this.kind !== kind) this.at += 1;
  }

  /** Moves behind the brace that closes the one at hand, if one opens here. */
  skipBlock(): void {
    if (this.kind !== Kind.open) return;
    let depth = 0;
    for (; !this.isDone; this.at += 1) {
      if (this.kind === Kind.open) depth += 1;
      else if (this.kind === Kind.close) {
        depth -= 1;
        if (depth <= 0) {
          this.at += 1;
          return;
        }
      }
    }
  }

  /** The rows of the rules at hand, which are one token; they are taken, with the handle of the last one. */
  takeRows({ starts, handles }: PlainLines): Rows {
    const { start, end } = this;
    let low = this.rows.first;
    let high = this.rows.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    let last = low;
    while (last + 1 < this.rows.end && (starts[last + 1] as number) < end) last += 1;
    this.at += 1;
    if (this.kind === Kind.handle) {
      handles[last] = Number(/\d+/.exec(this.raw())?.[0]);
      this.at += 1;
    }
    return { first: low, end: last + 1 };
  }

  isAtEndOfStatement(): boolean {
    const { kind } = this;
    return (
      kind === Kind.end ||
      kind === Kind.newline ||
      kind === Kind.semicolon ||
      kind === Kind.close ||
      kind === Kind.handle
    );
  }
}

/** The tokens of one piece of a text. */
export function cursorWithin({ file, text }: Pick<Cursor, 'file' | 'text'>, start: number, end: number): Cursor {
  const tokens = tokenize(text.slice(start, end));
  for (let at = 0; at <= tokens.count; at += 1) {
    tokens.starts[at] = (tokens.starts[at] as number) + start;
    tokens.ends[at] = (tokens.ends[at] as number) + start;
  }
  return new Cursor(file, text, tokens);
}

export function unquoted(raw: string): string {
  return raw.length > 1 && raw.endsWith('"') ? raw.slice(1, -1) : raw.slice(1);
}
