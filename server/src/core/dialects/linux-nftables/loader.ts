import type { Definition, DefinitionKind, Reference } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { SourceFile } from '../../text/source-file.js';
import type { StatementState } from '../../text/statements.js';
import type { Surroundings } from '../dialect.js';
import { Cursor } from './cursor.js';
import { originIn } from './labels.js';
import { PlainRules } from './plain-rules.js';
import { Ruleset } from './ruleset.js';
import { Scope } from './scope.js';
import { asNft, isShell } from './shell.js';
import { tokenize } from './tokens.js';
import { unseenIn } from './unseen.js';

/** nft itself follows includes no deeper (MAX_INCLUDE_DEPTH). */
const MOST_INCLUDES_DEEP = 16;
/** All includes of a file together: a file may include another twice, and that one a third twice. */
const MOST_INCLUDES = 1000;
/** What worse a line may be than it was found so far; a line of several statements is as bad as the worst. */
const RANK = [0, 2, 1, 3, 4];

/** A file that an `include` asks for and that is not among the files. */
export interface MissingInclude {
  readonly pattern: string;
  readonly origin: Origin;
}

/** Of more files that are not there, nobody learns more. */
const MOST_MISSING = 100;

/** What is known while a file and those that it includes are read. */
export class Loader {
  readonly ruleset: Ruleset;
  readonly scope = new Scope();
  readonly definitions: Definition[] = [];
  readonly references: Reference[] = [];
  /** Interfaces by name, where the rules first name them. */
  readonly ifaces = new Map<string, Origin>();
  readonly includes: string[] = [];
  readonly missing: MissingInclude[] = [];
  /** Why a script may change what is read, by what is not. */
  unseen: { readonly words: string; readonly origin: Origin } | undefined;
  /** All files that were read, by path. */
  readonly files = new Map<string, SourceFile>();
  /** Lines outside of chains that were not understood. */
  readonly unread: Origin[] = [];
  readonly #around: Surroundings | undefined;
  readonly #main: SourceFile;
  readonly #states: Uint8Array;
  readonly #open: string[] = [];

  /** Lines that are like others before them; absent: each line is read by itself. */
  readonly plain: PlainRules | undefined;
  /** The row of the line that was marked last. */
  #row = 0;

  constructor(main: SourceFile, states: Uint8Array, around: Surroundings | undefined, findsAlike: boolean) {
    this.plain = findsAlike ? new PlainRules(main.text.length) : undefined;
    this.ruleset = new Ruleset(this.plain);
    this.#main = main;
    this.#states = states;
    this.#around = around;
  }

  /** The tokens of a file; of a script, those of the commands of nft in it. */
  cursorOf(file: SourceFile): Cursor {
    this.files.set(file.path, file);
    if (!isShell(file.text)) {
      if (this.plain === undefined) return new Cursor(file, file.text, tokenize(file.text));
      const first = this.plain.open(file);
      const tokens = tokenize(file.text, this.plain.lines);
      return new Cursor(file, file.text, tokens, [], { first, end: this.plain.lines.count });
    }
    const unseen = unseenIn(file.text);
    if (unseen !== undefined)
      this.unseen ??= { words: unseen, origin: { file: file.path, start: 0, end: 0, label: file.path } };
    const { text, doubts } = asNft(file.text);
    return new Cursor(file, text, tokenize(text), doubts);
  }

  /** The rules at hand, which are one token, each in tokens of its own. */
  *linesOf(cursor: Cursor): Generator<Cursor> {
    if (this.plain === undefined) return;
    const { first, end } = cursor.takeRows(this.plain.lines);
    for (let row = first; row < end; row += 1) yield this.lineOf(row);
  }

  /** The tokens of a row. */
  lineOf(row: number): Cursor {
    if (this.plain === undefined) throw new Error('There are no rows.');
    return this.plain.cursorOf(row);
  }

  /**
   * Reads the files that a pattern means, each with `read`.
   * @returns whether there is any
   */
  include(pattern: string, origin: Origin, read: (cursor: Cursor) => void): boolean {
    if (this.missing.length >= MOST_MISSING) return false;
    const near = this.#around?.find(pattern) ?? [];
    // In a script the sign of an inclusion may stand in the place of the path's first.
    const isScript = near.length === 0 && /^\w/.test(pattern) && isShell(this.#main.text);
    const found = isScript ? (this.#around?.find(`/${pattern}`) ?? []) : near;
    if (found.length === 0) {
      this.missing.push({ pattern, origin });
      return false;
    }
    for (const file of found) {
      if (file.path === this.#main.path || this.#open.includes(file.path)) continue;
      if (this.#open.length >= MOST_INCLUDES_DEEP || this.includes.length >= MOST_INCLUDES) {
        this.missing.push({ pattern, origin });
        return false;
      }
      this.includes.push(file.path);
      this.#open.push(file.path);
      read(this.cursorOf(file));
      this.#open.pop();
    }
    return true;
  }

  /** Notes what became of the lines of a span. */
  mark(file: SourceFile, start: number, end: number, state: StatementState): void {
    if (file !== this.#main) return;
    const rank = RANK[state] as number;
    const { lineStarts } = file;
    const first = this.#rowOf(lineStarts, start);
    for (let row = first; row < this.#states.length && (row === first || (lineStarts[row] as number) < end); row += 1) {
      if (rank > (RANK[this.#states[row] as number] as number)) this.#states[row] = state;
    }
  }

  /** The line of a place, which mostly is the one that was asked for last, or the next. */
  #rowOf(lineStarts: Uint32Array, start: number): number {
    for (let row = this.#row; row < this.#row + 2; row += 1) {
      if ((lineStarts[row] as number) <= start && start < (lineStarts[row + 1] ?? Number.POSITIVE_INFINITY)) {
        this.#row = row;
        return row;
      }
    }
    this.#row = this.#main.lineIndexAt(start);
    return this.#row;
  }

  /** A place in the file, with its own words, without what may be a secret. */
  origin({ file }: Cursor, start: number, end: number): Origin {
    return originIn(file, start, end);
  }

  define(cursor: Cursor, kind: DefinitionKind, name: string, start: number, end: number, block: Origin): void {
    const origin: Origin = { file: cursor.file.path, start, end, label: cursor.file.text.slice(start, end) };
    this.definitions.push({ kind, name, origin, block });
  }

  refer(cursor: Cursor, kind: DefinitionKind, name: string, start: number, end: number): void {
    const origin: Origin = { file: cursor.file.path, start, end, label: cursor.file.text.slice(start, end) };
    this.references.push({ kind, name, use: 'other', origin });
  }

  /** Notes that the rules name an interface. */
  noteInterface(name: string, origin: Origin): void {
    if (this.ifaces.has(name) || name === '' || name.length > 15 || /[*\s/]/.test(name)) return;
    this.ifaces.set(name, origin);
  }
}
