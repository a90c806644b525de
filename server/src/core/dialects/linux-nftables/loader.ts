import type { Definition, DefinitionKind, Reference } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import { redact } from '../../text/redact.js';
import type { SourceFile } from '../../text/source-file.js';
import type { StatementState } from '../../text/statements.js';
import type { Surroundings } from '../dialect.js';
import { Cursor } from './cursor.js';
import { Ruleset } from './ruleset.js';
import { Scope } from './scope.js';
import { asNft, isShell } from './shell.js';
import { tokenize } from './tokens.js';

/** nft itself follows includes no deeper (MAX_INCLUDE_DEPTH). */
const MOST_INCLUDES_DEEP = 16;
/** All includes of a file together: a file may include another twice, and that one a third twice. */
const MOST_INCLUDES = 1000;
const LONGEST_LABEL = 200;
/** What may hold a secret, or more than one line. */
const NEEDS_CARE = /\n|comment|prefix/;

/** What worse a line may be than it was found so far; a line of several statements is as bad as the worst. */
const RANK = [0, 2, 1, 3, 4];

/** A file that an `include` asks for and that is not among the files. */
export interface MissingInclude {
  readonly pattern: string;
  readonly origin: Origin;
}

/** What is known while a file and those that it includes are read. */
export class Loader {
  readonly ruleset = new Ruleset();
  readonly scope = new Scope();
  readonly definitions: Definition[] = [];
  readonly references: Reference[] = [];
  /** Interfaces by name, where the rules first name them. */
  readonly ifaces = new Map<string, Origin>();
  readonly includes: string[] = [];
  readonly missing: MissingInclude[] = [];
  /** All files that were read, by path. */
  readonly files = new Map<string, SourceFile>();
  /** Lines outside of chains that were not understood. */
  readonly unread: Origin[] = [];
  readonly #around: Surroundings | undefined;
  readonly #main: SourceFile;
  readonly #states: Uint8Array;
  readonly #open: string[] = [];

  constructor(main: SourceFile, states: Uint8Array, around: Surroundings | undefined) {
    this.#main = main;
    this.#states = states;
    this.#around = around;
  }

  /** The tokens of a file; of a script, those of the commands of nft in it. */
  cursorOf(file: SourceFile): Cursor {
    this.files.set(file.path, file);
    if (!isShell(file.text)) return new Cursor(file, file.text, tokenize(file.text));
    const { text, doubts } = asNft(file.text);
    return new Cursor(file, text, tokenize(text), doubts);
  }

  /**
   * Reads the files that a pattern means, each with `read`.
   * @returns whether there is any
   */
  include(pattern: string, origin: Origin, read: (cursor: Cursor) => void): boolean {
    const found = this.#around?.find(pattern) ?? [];
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
    const last = file.lineIndexAt(Math.max(start, end - 1));
    for (let row = file.lineIndexAt(start); row <= last && row < this.#states.length; row += 1) {
      if ((RANK[state] as number) > (RANK[this.#states[row] as number] as number)) this.#states[row] = state;
    }
  }

  /** A place in the file, with its own words, without what may be a secret. */
  origin(cursor: Cursor, start: number, end: number): Origin {
    const { path, text } = cursor.file;
    if (end - start <= LONGEST_LABEL) {
      const label = text.slice(start, end);
      if (!NEEDS_CARE.test(label)) return { file: path, start, end, label };
    }
    // It takes its time, and few of a large ruleset are ever shown.
    return {
      file: path,
      start,
      end,
      get label() {
        return labelOf(text, start, end);
      },
    };
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

export function labelOf(text: string, start: number, end: number): string {
  let label = text.slice(start, Math.min(end, start + 4 * LONGEST_LABEL));
  if (label.includes('\n')) label = label.replace(/\s*\n\s*/g, ' ');
  if (label.includes('comment') || label.includes('prefix')) label = redact(label);
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}...` : label.trimEnd();
}
