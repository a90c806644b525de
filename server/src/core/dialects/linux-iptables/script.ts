import { StatementState } from '../../text/statements.js';
import { type CalledScript, calledScript, isSettings, takesOutput } from '../common/called-script.js';
import { HARMLESS } from '../common/harmless.js';
import { commandOf, runCommand } from './commands.js';
import {
  type HereText,
  hereText,
  type IndirectChange,
  indirectChange,
  programAt,
  programOf,
  useOf,
  wrappedAt,
} from './programs.js';
import type { Loader } from './reader.js';
import type { Standing } from './ruleset.js';
import { ScriptBlocks } from './script-blocks.js';
import { type Joint, ShellLine, type SimpleCommand, Variables } from './shell-words.js';
import { isUntold, UNTOLD } from './values.js';
import type { LineWords } from './words.js';

/** Beyond as many, a table is in doubt as a whole. */
const MOST_DOUBTED = 200_000;

/** The lines of a shell script, one after another: its variables, its blocks, and the commands of iptables in it. */
export class Script {
  readonly #loader: Loader;
  readonly #variables = new Variables();
  readonly #blocks = new ScriptBlocks(this.#variables);
  /** Why what follows may not be carried out at all. */
  #mayHaveEnded: string | undefined;
  hasEnded = false;

  constructor(loader: Loader) {
    this.#loader = loader;
  }

  /** Whether a line may begin with the pattern of a `case`. */
  get isAtPattern(): boolean {
    return this.#blocks.isAtPattern;
  }

  /** Puts the values of variables into a text that a command is given. */
  expand(text: string): string {
    return text.replace(
      /\\([$`\\])|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)|\([^)]{0,200}\)|\{[^}]{0,200}\}|\d)|`[^`]{0,200}`/g,
      (whole, escaped, braced, plain) => {
        if (escaped !== undefined) return escaped as string;
        const name = (braced ?? plain) as string | undefined;
        return name === undefined ? (whole === '' ? '' : UNTOLD) : this.#variables.get(name);
      },
    );
  }

  /** Reads the command line from `start` to `end`. */
  read(
    row: number,
    start: number,
    end: number,
  ): { readonly state: StatementState; readonly here: HereText | undefined } {
    this.#blocks.lineStart = start;
    if (this.#isInArray) {
      this.#isInArray = !this.#loader.file.text.slice(start, end).includes(')');
      return { state: StatementState.ignored, here: undefined };
    }
    const line = new ShellLine(this.#loader.file.text, start, end, this.#variables);
    let state: StatementState = StatementState.ignored;
    let here: HereText | undefined;
    let before: { readonly joint: Joint; readonly words: LineWords } | undefined;
    for (let command = line.next(); command !== undefined; command = line.next()) {
      const joined = this.#conditionOf(before);
      const from = this.#blocks.keywords(command);
      this.#assign(command, joined);
      const standing = this.#blocks.standing(joined ?? this.#mayHaveEnded);
      if (command.hereEnd !== undefined) here = hereText(command, from, here, standing);
      else if (here !== undefined && before?.joint === '|' && here.use === 'nothing') {
        // `cat <<EOF | iptables-restore`
        here = { ...here, use: useOf(command.words, from) };
      }
      if (from < command.words.count) {
        const isFed = here !== undefined && here.use !== 'nothing';
        state = worse(state, this.#run(command, from, row, start, end, standing, isFed));
      }
      this.#blocks.brackets(command);
      if (command.words.count > 0 || command.joint !== ';') before = { joint: command.joint, words: command.words };
    }
    this.#isInArray = line.opensArray;
    if (takesOutput(this.#loader.file.text.slice(start, Math.min(end, start + 4000)), HARMLESS)) {
      state = worse(state, this.#doubtAll('another script is run here', start, end));
    }
    return { state, here };
  }

  /** Why the command behind `&&` or `||` may not be carried out. Commands of iptables are taken to succeed. */
  #conditionOf(before: { readonly joint: Joint; readonly words: LineWords } | undefined): string | undefined {
    if (before === undefined || (before.joint !== '&&' && before.joint !== '||')) return undefined;
    const from = programAt(before.words, 0);
    const command = programOf(before.words, from) === 'iptables' ? commandOf(before.words, from + 1) : undefined;
    if (before.joint === '&&' && command !== undefined && command !== '-C' && command !== '-L') return undefined;
    // `-C rule || -A rule`: it is there in the end.
    if (before.joint === '||' && command === '-C') return undefined;
    return 'it depends on the command before it';
  }

  #isInArray = false;
  /** Another script has been read in, whose functions this one may call. */
  #hasReadIn = false;
  /** Chains that were put in doubt, each time counted. */
  #effort = 0;

  /** What the function did in its body, it does here, to the chains that are there by now. */
  #callFunction(name: string, start: number, end: number): StatementState {
    const body = this.#blocks.body;
    if (body !== undefined) {
      body.calls.add(name);
      return StatementState.ignored;
    }
    const effects = this.#blocks.functions.effectsOf(name);
    if (effects?.forgets === true) this.#variables.forgetAll();
    for (const variable of effects?.sets ?? []) this.#variables.forget(variable);
    return effects?.changes === true
      ? this.#doubtAll('a function of the script is called here', start, end)
      : StatementState.ignored;
  }

  #assign({ words, assignments }: SimpleCommand, joined: string | undefined): void {
    // `NAME=value command` sets it for the command alone.
    if (words.count > 0 && !/^(?:export|readonly|local|declare|typeset)$/.test(words.text(0))) return;
    const isSure = this.#blocks.standing(joined ?? this.#mayHaveEnded).condition === undefined;
    const body = this.#blocks.body;
    for (const { name, value } of assignments) {
      this.#variables.set(name, value, isSure);
      body?.sets.add(name);
    }
    for (let at = 1; at < words.count; at += 1) {
      const assigned = /^([A-Za-z_]\w*)=(.*)$/s.exec(words.text(at));
      if (assigned === null) continue;
      this.#variables.set(assigned[1] as string, assigned[2] as string, isSure);
      body?.sets.add(assigned[1] as string);
    }
  }

  #run(
    { words, joint }: SimpleCommand,
    first: number,
    row: number,
    start: number,
    end: number,
    standing: Standing,
    /** It is given a text that stands in the script. */
    isFed: boolean,
  ): StatementState {
    const at = programAt(words, first);
    const program = programOf(words, at);
    const from = at + 1;
    const indirect = isFed ? undefined : indirectChange(words, at);
    if (indirect !== undefined) return this.#doubtAll(indirect.words, start, end, indirect);
    const body = this.#blocks.body;
    if (body !== undefined && (program === 'iptables' || program === 'ipset')) body.changes = true;
    if (program === 'iptables') {
      const command = `${this.#loader.file.text.slice(words.start(0), words.stop(at))}`;
      this.#loader.command = command;
      return runCommand(this.#loader, words, from, { row, start: words.start(0), end, standing, command });
    }
    if (program === 'ipset') {
      const understood = this.#loader.sets.run(words, from, this.#loader.origin(start, end), standing.condition);
      return understood ? StatementState.modelled : StatementState.unknown;
    }
    const maybe = program === undefined ? wrappedAt(words, at) : undefined;
    if (maybe !== undefined) {
      if (body !== undefined) body.changes = true;
      // A variable or a function of the script's own stands before it, which may do anything with it.
      const condition = standing.condition ?? 'what calls it is not known';
      const place = { row, start: words.start(0), end, standing: { ...standing, condition } };
      const state = runCommand(this.#loader, words, maybe, place);
      return worse(state, StatementState.unmodelled);
    }
    const name = words.text(at);
    // `name()`: the beginning of a function, whose commands are in doubt where they stand.
    if (joint === '(' && words.count === 1) {
      this.#blocks.named = name;
      return StatementState.ignored;
    }
    const base = name.slice(name.lastIndexOf('/') + 1);
    const isOwn = this.#blocks.functions.has(name) && name !== '.' && name !== 'source';
    const called = program !== undefined || isOwn ? undefined : calledScript(textsFrom(words, at), HARMLESS);
    if (called !== undefined) return this.#call(called, start, end);
    if (isOwn) return this.#callFunction(name, start, end);
    body?.calls.add(name);
    if (name === 'trap') this.#trap(words.text(from), words.text(words.count - 1));
    if (name === 'exit') this.#exit(words.text(from), start, standing);
    else if (name === 'read')
      for (let next = from; next < words.count; next += 1) this.#variables.forget(words.text(next));
    else if (name === 'eval') return this.#doubtAll('a command that is put together (eval)', start, end);
    const isKnown = program !== undefined || HARMLESS.has(base);
    // `$0 stop`: all that it may do stands here, under its conditions.
    const isItself = words.source(at) === '$0' || words.source(at) === '"$0"';
    if (isKnown || isItself || name.startsWith('-')) return StatementState.ignored;
    if (this.#hasReadIn) this.#doubtAll('a command that another script may make', start, end);
    return StatementState.unknown;
  }

  /** What is called when the script ends is called behind all else. */
  #trap(called: string, signal: string): void {
    if (!/^(?:EXIT|0)$/i.test(signal)) return;
    const changes =
      this.#blocks.functions.effectsOf(called)?.changes === true || /\b(?:iptables|ipset|nft)\b/.test(called);
    if (!changes) return;
    const { ruleset } = this.#loader;
    ruleset.table('filter', this.#loader.origin(this.#blocks.lineStart, this.#blocks.lineStart));
    for (const table of ruleset.tables.values()) table.doubt ??= 'what the script does when it ends';
  }

  /** A failure leaves a script that did not do its work, which is no device's state. */
  #exit(code: string, start: number, standing: Standing): void {
    if (standing.condition === undefined) {
      this.hasEnded = true;
      this.#loader.scriptEnd = start;
    } else if (code === '' || code === '0') this.#mayHaveEnded ??= 'the script may have ended before it';
  }

  #call(called: CalledScript, start: number, end: number): StatementState {
    if (!called.isReadIn) return this.#doubtAll('another script is run here', start, end);
    this.#variables.forgetAll();
    const body = this.#blocks.body;
    if (body !== undefined) body.forgets = true;
    if (isSettings(called)) return StatementState.ignored;
    this.#hasReadIn = true;
    return this.#doubtAll('another script is read in here', start, end);
  }

  /** Who knows what it does to the chains that are there by now. */
  #doubtAll(words: string, start: number, end: number, only?: IndirectChange): StatementState {
    const { ruleset, sets } = this.#loader;
    if (only?.what === 'sets') {
      for (const set of sets.sets.values()) set.doubt ??= words;
      return StatementState.unmodelled;
    }
    ruleset.table('filter', this.#loader.origin(start, end));
    const body = this.#blocks.body;
    if (body !== undefined) body.changes = true;
    // Of other tables, only those that the script has rules for.
    for (const table of ruleset.tables.values()) {
      // A trap may call a function later, when there may be more of them.
      if (body !== undefined) table.doubt ??= words;
      this.#effort += table.chains.size;
      if (this.#effort > MOST_DOUBTED) {
        table.doubt ??= words;
        continue;
      }
      for (const chain of table.chains.values()) {
        chain.doubt ??= words;
        if (chain.builtIn) chain.endDoubt ??= words;
      }
    }
    return StatementState.unmodelled;
  }
}

/** A program that a variable holds stands as it is written. */
function textsFrom(words: LineWords, from: number): string[] {
  return Array.from({ length: words.count - from }, (_, at) =>
    at === 0 && isUntold(words.text(from)) ? words.source(from) : words.text(from + at),
  );
}

const ORDER: readonly StatementState[] = [
  StatementState.ignored,
  StatementState.modelled,
  StatementState.unmodelled,
  StatementState.unknown,
];

export function worse(a: StatementState, b: StatementState): StatementState {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
