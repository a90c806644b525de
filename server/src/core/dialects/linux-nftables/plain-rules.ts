import type { Origin } from '../../model/origin.js';
import { SourceFile } from '../../text/source-file.js';
import type { StatementState } from '../../text/statements.js';
import { Cursor, cursorWithin } from './cursor.js';
import { Hole } from './holes.js';
import { originIn } from './labels.js';
import { namesIn } from './names-in.js';
import { parseRule } from './parse-rule.js';
import { PlainLines } from './plain-lines.js';
import type { Meaning } from './plain-meaning.js';
import type { Rule, Statement } from './rule.js';
import type { ChainState } from './ruleset.js';
import { Scope } from './scope.js';
import { tokenize } from './tokens.js';

/** What is put into the holes of a form to see what it means: two lines that are alike in nothing else. */
export const SAMPLES = [
  { [Hole.src]: '192.0.2.1', [Hole.dst]: '203.0.113.9', [Hole.number]: '0', [Hole.text]: '"a"' },
  { [Hole.src]: '198.51.100.0/28', [Hole.dst]: '10.20.0.0/14', [Hole.number]: '7', [Hole.text]: '"b c"' },
] as const;

/** What all lines of a form say. */
export interface Form {
  readonly number: number;
  /** The pieces of two such rules. */
  readonly samples: readonly [readonly Statement[], readonly Statement[]];
  /** The names of the chains that it jumps to, and how far before its end they begin. */
  readonly jumps: readonly { readonly name: string; readonly before: number }[];
  readonly hasSource: boolean;
  readonly hasDestination: boolean;
  /** The state of such a line in a table of the family; undefined: it is not the same for all. */
  family: string | undefined;
  state: StatementState | undefined;
  /** The chain of which the jumps were counted that it makes. */
  countedFor: ChainState | undefined;
  /** The interfaces that such a line names have been noted, if it names any. */
  isNoted: boolean;
  /** What such a line says in every chain; undefined: that is not known, or not the same in each. */
  meaning: Meaning | undefined;
}

/** Room for so many rows at most is taken before any is found. */
const MOST_EXPECTED = 1 << 14;

/** The rules that are kept as rows, and what their forms say. */
export class PlainRules {
  readonly lines: PlainLines;
  /** Null: each line of that form is read by itself. */
  readonly #forms: (Form | null | undefined)[] = [];
  readonly #files: { readonly file: SourceFile; readonly firstRow: number }[] = [];

  /** @param length of the text that most of the rules are in */
  constructor(length: number) {
    // A rule with two addresses takes some seventy characters.
    this.lines = new PlainLines(Math.min(Math.max(64, length >>> 6), MOST_EXPECTED));
  }

  /** The lines that are added from now on are of this file; gives the first row of them. */
  open(file: SourceFile): number {
    const firstRow = this.lines.count;
    this.#files.push({ file, firstRow });
    return firstRow;
  }

  formOf(row: number): Form | undefined {
    const number = this.lines.forms[row] as number;
    let form = this.#forms[number];
    if (form === undefined) {
      form = this.#read(number) ?? null;
      this.#forms[number] = form;
    }
    return form ?? undefined;
  }

  originOf(row: number): Origin {
    return originIn(this.#fileOf(row), this.lines.starts[row] as number, this.lines.ends[row] as number);
  }

  /** The tokens of a row, with its handle. */
  cursorOf(row: number): Cursor {
    const file = this.#fileOf(row);
    const end = this.lines.ends[row] as number;
    const newline = this.lines.handles[row] === -1 ? end : file.text.indexOf('\n', end);
    return cursorWithin(
      { file, text: file.text },
      this.lines.starts[row] as number,
      newline === -1 ? file.text.length : newline,
    );
  }

  /** The rule of a row, read by itself. */
  ruleAt(row: number): Rule {
    const cursor = this.cursorOf(row);
    const handle = this.lines.handles[row] as number;
    return {
      statements: parseRule(cursor, new Scope()),
      origin: this.originOf(row),
      handle: handle === -1 ? undefined : handle,
      doubt: undefined,
      form: 'block',
    };
  }

  #fileOf(row: number): SourceFile {
    let at = this.#files.length - 1;
    while (at > 0 && (this.#files[at] as { firstRow: number }).firstRow > row) at -= 1;
    return (this.#files[at] as { file: SourceFile }).file;
  }

  #read(number: number): Form | undefined {
    const [one, other] = SAMPLES.map((sample) => sampleOf(this.lines.filled(number, sample)));
    if (one === undefined || other === undefined) return undefined;
    if (JSON.stringify(one.jumps) !== JSON.stringify(other.jumps)) return undefined;
    return {
      number,
      samples: [one.statements, other.statements],
      jumps: one.jumps,
      hasSource: this.lines.hasHole(number, Hole.src),
      hasDestination: this.lines.hasHole(number, Hole.dst),
      countedFor: undefined,
      family: undefined,
      state: undefined,
      isNoted: !one.statements.some(namesInterface),
      meaning: undefined,
    };
  }
}

function namesInterface(statement: Statement): boolean {
  const key = statement.kind === 'match' || statement.kind === 'verdict-map' ? statement.key : [];
  return key.some(({ field }) => field.what === 'in' || field.what === 'out');
}

/** A line of a form; undefined where it is not understood. */
function sampleOf(text: string): (Pick<Form, 'jumps'> & { statements: readonly Statement[] }) | undefined {
  const cursor = new Cursor(new SourceFile('', text), text, tokenize(text));
  const statements = parseRule(cursor, new Scope());
  if (!cursor.isDone || statements.some(({ kind }) => kind === 'unknown')) return undefined;
  const jumps: { name: string; before: number }[] = [];
  namesIn(cursor, 0, (_, name, start) => jumps.push({ name, before: text.length - start }));
  return { statements, jumps };
}
