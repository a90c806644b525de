import type { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';
import { statementEnd } from '../common/line-statements.js';
import { skipBlanks, trimEnd } from '../common/words.js';
import { runCommand, setPolicy } from './commands.js';
import { Ipv6Sections } from './ipv6.js';
import type { HereText } from './programs.js';
import type { CommandPlace, Loader } from './reader.js';
import { undecidable } from './rule.js';
import type { ChainState, Standing, TableState } from './ruleset.js';
import { BUILT_IN, rulesOf } from './ruleset.js';
import { Script } from './script.js';
import { logicalEnd } from './statements.js';
import { LineWords, restoreWords } from './words.js';

/** What a terminal puts before a command: `root@fw:~# `, `[admin@fw ~]$ `. A lone `#` begins a comment. */
const PROMPT = /^(?:\[[^\]\n]{1,80}\]|[\w.-]{1,40}@[\w.-]{1,60}[^\n#$>]{0,80}|[\w.-]{1,60})[#$>]\s+|^\$\s+/;
/** The prompt that a recording ends with. */
const BARE_PROMPT = /^(?:\[[\w.-]{1,40}@[^\]\n]{1,80}\]|[\w.-]{1,40}@[\w.-]{1,60}[^\s#$>]{0,80})\s?[#$>]$/;
/** What is worth reading behind a prompt. */
const PROMPTED = /^(?:sudo\s+)?(?:\/\S*\/)?(?:ip[46]?tables|ebtables|arptables|ipset|cat|exit|nft|ip|ls|cd|logout)\b/;

/** What begins a branch of a `case`: `start|restart)`, `*)`. */
const PATTERN = /^\(?[ \t]*[^\s()|;&<>]+(?:[ \t]*\|[ \t]*[^\s()|;&<>]+)*[ \t]*\)/;

const MISSING_COMMIT = 'COMMIT is missing: rules may be cut off';

/** Reads the lines of one file, one after another. */
export class FileReader {
  readonly #loader: Loader;
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #statements: Statements;
  readonly #script: Script;
  readonly #ipv6: Ipv6Sections;
  readonly #words = new LineWords();
  /** The table of the restore file at hand. */
  #table: TableState | undefined;
  /** The table is one for IPv6. */
  #inIpv6 = false;
  /** The chain of the last rule of the table. */
  #lastChain: ChainState | undefined;
  #here: HereText | undefined;
  #noflush: boolean;

  /** @param noflush whether what the file restores is added to what is there (`iptables-restore -n`) */
  constructor(loader: Loader, file: SourceFile, statements: Statements, noflush = false) {
    this.#loader = loader;
    this.#file = file;
    this.#text = file.text;
    this.#statements = statements;
    this.#script = new Script(loader);
    this.#ipv6 = new Ipv6Sections(file);
    this.#noflush = noflush;
  }

  read(): void {
    const { count, starts } = this.#statements;
    for (let row = 0; row < count; ) {
      const from = starts[row] as number;
      const stop = statementEnd(this.#file, this.#statements, row);
      const end = trimEnd(this.#text, from, stop);
      const start = skipBlanks(this.#text, from, end);
      row += this.#readRow(row, start, end);
    }
    this.#closeTable();
  }

  /** Reads the statement at `row`, and says how many rows it took. */
  #readRow(row: number, start: number, end: number): number {
    if (this.#script.hasEnded && this.#here === undefined && this.#table === undefined) {
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    if (this.#here !== undefined && this.#endsHere(start, end)) {
      this.#closeTable();
      this.#here = undefined;
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    if (start >= end) {
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    const code = this.#text.charCodeAt(start);
    if (this.#here !== undefined && this.#here.use === 'nothing' && this.#table === undefined && code !== 42) {
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    if (this.#here?.use === 'ipset') return this.#ipsetLine(row, start, end);
    if (code === 35) return this.#comment(row, start, end);
    if (this.#script.isAtPattern && this.#table === undefined && this.#here === undefined) {
      const pattern = PATTERN.exec(this.#text.slice(start, Math.min(end, start + 300)))?.[0].length ?? 0;
      if (pattern > 0) return this.#branch(row, skipBlanks(this.#text, start + pattern, end), end);
    }
    if (code === 42) return this.#openTable(row, start, end);
    if (this.#table !== undefined || this.#inIpv6) return this.#restoreLine(row, start, end);
    if (this.#here !== undefined) {
      this.#loader.setState(row, StatementState.unknown);
      return 1;
    }
    if (code === 58 && end - start > 1) {
      // A chain's line without its table: nobody can tell which table it is of.
      this.#loader.setState(row, StatementState.unknown);
      return 1;
    }
    if (code === 45) return this.#listedLine(row, start, end);
    return this.#shellLine(row, start, end);
  }

  /** What stands behind the pattern of a `case`. */
  #branch(row: number, start: number, end: number): number {
    if (start < end && this.#text.charCodeAt(start) !== 35) return this.#shellLine(row, start, end);
    this.#loader.setState(row, StatementState.ignored);
    return 1;
  }

  #endsHere(start: number, end: number): boolean {
    const wanted = this.#here?.end ?? '';
    return end - start === wanted.length && this.#text.startsWith(wanted, start);
  }

  #comment(row: number, start: number, end: number): number {
    this.#ipv6.comment(start, end);
    this.#loader.setState(row, StatementState.ignored);
    return 1;
  }

  /** `*filter` */
  #openTable(row: number, start: number, end: number): number {
    const name = this.#text.slice(start + 1, end).trim();
    this.#closeTable();
    if (!/^[a-z][\w-]{0,31}$/i.test(name)) {
      this.#loader.setState(row, StatementState.unknown);
      return 1;
    }
    if (this.#ipv6.isTable(start)) {
      this.#inIpv6 = true;
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    const { ruleset } = this.#loader;
    this.#table = ruleset.table(name, this.#loader.origin(start, end));
    const keeps = this.#here === undefined ? this.#noflush : this.#here.use === 'restore-noflush';
    if (!keeps) {
      // Under a condition the table may be what it was before.
      if (this.#condition() === undefined) ruleset.restart(this.#table);
      else for (const chain of this.#table.chains.values()) ruleset.flush(chain, this.#standing());
    }
    this.#lastChain = undefined;
    this.#loader.setState(row, BUILT_IN.has(name) ? StatementState.modelled : StatementState.unknown);
    return 1;
  }

  /** The end of a table that no COMMIT ended. */
  #closeTable(): void {
    if (this.#table !== undefined) this.#table.tailDoubt = MISSING_COMMIT;
    this.#table = undefined;
    this.#inIpv6 = false;
  }

  #standing(): Standing {
    return this.#here?.standing ?? {};
  }

  #condition(): string | undefined {
    return this.#standing().condition;
  }

  #place(row: number, start: number, end: number): CommandPlace {
    return {
      row,
      start,
      end,
      standing: this.#standing(),
      ...(this.#table === undefined ? {} : { table: this.#table }),
    };
  }

  #restoreLine(row: number, start: number, end: number): number {
    const code = this.#text.charCodeAt(start);
    if (this.#inIpv6) {
      if (this.#isCommit(start, end)) this.#inIpv6 = false;
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    const table = this.#table as TableState;
    if (this.#isCommit(start, end)) {
      table.commit = { file: this.#file.path, at: start, sure: this.#condition() === undefined };
      this.#table = undefined;
      this.#loader.setState(row, StatementState.modelled);
    } else if (code === 58) this.#loader.setState(row, this.#chainLine(table, row, start, end));
    else if (code === 45 || code === 91) this.#loader.setState(row, this.#ruleLine(row, start, end));
    else this.#loader.setState(row, this.#noise(table, row, start, end));
    return 1;
  }

  #isCommit(start: number, end: number): boolean {
    return end - start === 6 && this.#text.startsWith('COMMIT', start);
  }

  /** `:FORWARD DROP [0:0]` */
  #chainLine(table: TableState, row: number, start: number, end: number): StatementState {
    const words = this.#wordsOf(start + 1, end);
    const name = { name: words.text(0), start: words.start(0), stop: words.stop(0) };
    if (name.name === '') return StatementState.unknown;
    const place = this.#place(row, start, end);
    const policy = words.text(1);
    const known = this.#loader.ruleset.chain(table, name.name);
    if (known?.builtIn === true) {
      if (policy !== '-' && policy !== '') {
        const state = setPolicy(this.#loader, table, name, policy, place);
        this.#loader.define(table, name, this.#loader.origin(start, end));
        return state;
      }
      known.used = true;
      return StatementState.modelled;
    }
    // A chain that is there already is emptied. Source: iptables-restore, "Flushing existing user defined chain".
    if (known !== undefined) this.#loader.ruleset.flush(known, place.standing);
    this.#loader.declareChain(table, name, place);
    return policy === '-' || policy === '' ? StatementState.modelled : StatementState.unknown;
  }

  #ruleLine(row: number, start: number, end: number): StatementState {
    const words = this.#wordsOf(start, end);
    // `[12:34] -A ...` counts what the rule has seen.
    const from = words.text(0).startsWith('[') ? 1 : 0;
    const state = runCommand(this.#loader, words, from, this.#place(row, start, end));
    const chain = words.text(from + 1);
    this.#lastChain = this.#table?.chains.get(chain) ?? this.#lastChain;
    if (state === StatementState.unknown && this.#table !== undefined && !/^-[AIDRNXPFZ]$/.test(words.text(from))) {
      return this.#noise(this.#table, row, start, end);
    }
    return state;
  }

  #wordsOf(start: number, end: number): LineWords {
    if (this.#here?.expands !== true || !/[$`]/.test(this.#text.slice(start, end))) {
      return restoreWords(this.#text, start, end, this.#words);
    }
    const expanded = this.#script.expand(this.#text.slice(start, end));
    const read = restoreWords(expanded, 0, expanded.length, new LineWords());
    // The places are those of the whole line: what stands where is not known behind the first variable.
    const words = new LineWords().reset(this.#text);
    for (let at = 0; at < read.count; at += 1) words.push(read.text(at), start, end);
    return words;
  }

  /**
   * A line inside a table that is no line of a table: perhaps the rest of the rule above it, which a
   * terminal broke in two, so that neither says what it seems to.
   */
  #noise(table: TableState, row: number, start: number, end: number): StatementState {
    if (this.#text.startsWith('--More--', start)) return StatementState.ignored;
    const origin = this.#loader.origin(start, end);
    const chain = this.#lastChain;
    if (chain === undefined) table.doubt ??= 'a line of the table is not understood';
    else {
      const last = rulesOf(chain).at(-1);
      last?.tests.push(undecidable('the line below it is not understood'));
      this.#loader.ruleset.append(
        chain,
        {
          tests: [],
          action: { kind: 'unknown', words: 'the line is not understood' },
          never: false,
          state: StatementState.unknown,
          ifaces: [],
          chain: undefined,
          sets: [],
          changedSets: [],
          origin,
          key: '',
          row,
          by: 'append',
          command: undefined,
          conditional: true,
          block: undefined,
        },
        {},
      );
      this.#loader.unread.push({ origin, table: table.name, chain: chain.name });
    }
    return StatementState.unknown;
  }

  /** A line of `iptables -S`, which shows one table, or of a restore file that has lost its table's line. */
  #listedLine(row: number, start: number, end: number): number {
    const words = this.#wordsOf(start, end);
    if (this.#ipv6.isFile || !/^-[AIPNDFX]$/.test(words.text(0))) {
      this.#loader.setState(row, this.#ipv6.isFile ? StatementState.ignored : StatementState.unknown);
      return 1;
    }
    const table = this.#loader.ruleset.table('filter', this.#loader.origin(start, end));
    this.#loader.setState(row, runCommand(this.#loader, words, 0, { ...this.#place(row, start, end), table }));
    return 1;
  }

  #shellLine(row: number, start: number, end: number): number {
    const prompt = PROMPT.exec(this.#text.slice(start, Math.min(end, start + 300)))?.[0].length ?? 0;
    const behind = start + prompt;
    if (prompt > 0 && PROMPTED.test(this.#text.slice(behind, behind + 100))) {
      this.#ipv6.command(this.#text.slice(behind, Math.min(end, behind + 200)));
      return this.#command(row, behind, end, row + 1);
    }
    if (end - start < 200 && BARE_PROMPT.test(this.#text.slice(start, end))) {
      this.#loader.setState(row, StatementState.ignored);
      return 1;
    }
    const rows = logicalEnd(this.#file, this.#statements, row);
    const last =
      rows === row + 1 ? end : trimEnd(this.#text, start, statementEnd(this.#file, this.#statements, rows - 1));
    return this.#command(row, start, last, rows);
  }

  /** Carries out a command line that ends before row `next`. */
  #command(row: number, start: number, end: number, next: number): number {
    const isSet = /^(?:create|add)\s/.test(this.#text.slice(start, start + 8));
    if (isSet) return this.#ipsetLine(row, start, end);
    const { state, here } = this.#script.read(row, start, end);
    this.#here = here;
    for (let each = row; each < next; each += 1) this.#loader.setState(each, state);
    return next - row;
  }

  /** A line of `ipset save`. */
  #ipsetLine(row: number, start: number, end: number): number {
    const words = this.#wordsOf(start, end);
    const understood = this.#loader.sets.run(words, 0, this.#loader.origin(start, end), this.#condition());
    if (understood && words.text(0) === 'create') {
      this.#loader.definitions.push({
        kind: 'set',
        name: words.text(1),
        origin: { file: this.#file.path, start: words.start(1), end: words.stop(1), label: words.text(1) },
        block: this.#loader.origin(start, end),
      });
    }
    this.#loader.setState(row, understood ? StatementState.modelled : StatementState.unknown);
    return 1;
  }
}
