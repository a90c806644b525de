import type { AddressTerm } from '../../model/header-match.js';
import { redact } from '../../text/redact.js';
import { StatementState } from '../../text/statements.js';
import { GENERAL } from './general-options.js';
import { HeaderParts, type ServicePart } from './header-parts.js';
import { MODULES, MODULES_OF_PROTOCOLS } from './matches/index.js';
import { protocolOf } from './names.js';
import { isNothing, type Named, type RuleAction, type RuleContent, type RuleTest, undecidable } from './rule.js';
import { TARGETS } from './targets.js';
import { isUntold } from './values.js';
import type { LineWords } from './words.js';

/** Reads the value of one option; false where it is not understood. */
export type OptionReader = (rule: RuleReader) => boolean;

/** A match (`-m`) or a target (`-j`) and its options. */
export interface Extension {
  readonly options: ReadonlyMap<string, OptionReader>;
  /** Called when it is named. */
  readonly begin?: (rule: RuleReader) => void;
  /** Called when all of the rule has been read. */
  readonly finish?: (rule: RuleReader) => void;
}

/** Holds nothing, and is never added to. */
const NONE: readonly unknown[] = Object.freeze([]);

/** More of a match's words than this are not quoted. */
const LONGEST_QUOTE = 100;
const MOST_DOUBTS = 20;

/** Reads the words of one rule from left to right. */
export class RuleReader {
  readonly tests: RuleTest[] = [];
  // What most rules have none of is made only for those that have.
  ifaces: Named[] = NONE as Named[];
  sets: Named[] = NONE as Named[];
  changedSets: string[] = NONE as string[];
  /** The table that the rule is in. */
  readonly table: string;
  /** Whether the option at hand is negated; a `!` before its value turns it round. */
  negated = false;
  /** It holds for no packet that is asked about. */
  never = false;
  action: RuleAction | undefined;
  chain: Named | undefined;
  protocol: number | undefined;
  target: string | undefined;
  /** What the matches have collected until the rule is finished. */
  scratch: Record<string, unknown> = {};
  #words: LineWords;
  #at: number;
  #value: string | undefined;
  readonly #header = new HeaderParts();
  #protocolIsNegated = false;
  #extensions: { readonly extension: Extension; readonly name: string }[] = [];
  #targetExtension: Extension | undefined;
  /** The undecidable match at hand, whose words are quoted up to the next thing that is known. */
  #doubt: { from: number; to: number } | undefined;
  #doubts: { from: number; to: number }[] = NONE as never[];
  /** A match whose options are not known here is loaded: whatever else is not known may be one of them. */
  #hasUndecided = false;
  #unknown = false;
  #unmodelled = false;

  constructor(words: LineWords, at: number, table: string) {
    this.#words = words;
    this.#at = at;
    this.table = table;
  }

  /** The next word as the option's value, past a `!` in the old place. */
  value(): string | undefined {
    const given = this.#value;
    if (given !== undefined) {
      this.#value = undefined;
      return given;
    }
    if (this.#words.text(this.#at) === '!') {
      this.negated = !this.negated;
      this.#at += 1;
    }
    if (this.#at >= this.#words.count) return undefined;
    this.#at += 1;
    return this.#words.text(this.#at - 1);
  }

  /** The next word without taking it. */
  peek(): string | undefined {
    return this.#at < this.#words.count ? this.#words.text(this.#at) : undefined;
  }

  /** The word that was last taken, and where it stands. */
  named(): Named {
    const at = this.#at - 1;
    return { name: this.#words.text(at), start: this.#words.start(at), stop: this.#words.stop(at) };
  }

  /** A test that cannot be decided; why, in words. */
  doubt(words: string): void {
    this.tests.push(undecidable(words));
  }

  /** It says something that iptables would refuse or that is not known here. */
  misread(): void {
    this.#unknown = true;
  }

  /** What was not modelled matters to the packet's fate. */
  unmodelled(): void {
    this.#unmodelled = true;
  }

  /** Ports, messages or flags, of the rule's protocol. */
  service(part: ServicePart): void {
    this.#header.service(part, this.negated);
  }

  address(field: 'src' | 'dst', terms: readonly AddressTerm[]): void {
    const apart = this.#header.address(field, terms, this.negated);
    if (apart !== undefined) this.tests.push(apart);
  }

  read(): RuleContent {
    while (this.#at < this.#words.count) this.#readOption();
    this.#endDoubt();
    for (const { extension, name } of this.#extensions) {
      this.#checkProtocol(name);
      extension.finish?.(this);
    }
    this.#targetExtension?.finish?.(this);
    this.#finishHeader();
    for (const { from, to } of this.#doubts) this.doubt(this.#quote(from, to));
    const action = this.#unknown && this.action === undefined ? unread(this.#quote(0, this.#words.count)) : this.action;
    return {
      tests: this.tests,
      action,
      never: this.never || this.tests.some(isNothing),
      state: this.#state(action),
      ifaces: this.ifaces,
      chain: this.chain,
      sets: this.sets,
      changedSets: this.changedSets,
    };
  }

  #state(action: RuleAction | undefined): StatementState {
    if (this.#unknown) return StatementState.unknown;
    if (this.never || action === undefined) return StatementState.ignored;
    if (this.#unmodelled || this.#doubts.length > 0 || action.kind === 'unknown') return StatementState.unmodelled;
    return StatementState.modelled;
  }

  #readOption(): void {
    const from = this.#at;
    this.negated = false;
    let word = this.#words.text(this.#at);
    this.#at += 1;
    if (word === '!') {
      this.negated = true;
      if (this.#at >= this.#words.count) {
        this.#unknown = true;
        return;
      }
      word = this.#words.text(this.#at);
      this.#at += 1;
    }
    if (isUntold(word)) {
      // It may stand for an option, for several, or for nothing.
      this.#endDoubt();
      this.#noteDoubt({ from, to: this.#at });
      return;
    }
    const reader = this.#find(word);
    if (reader === undefined) {
      this.#skip(from, word);
      return;
    }
    this.#endDoubt();
    const understood = reader(this);
    this.#value = undefined;
    if (understood) return;
    this.#noteDoubt({ from, to: this.#at });
    const quoted = this.#words.text(Math.min(this.#at, this.#words.count) - 1);
    if (!isUntold(quoted)) this.#unknown = true;
  }

  /** What is no known option: a part of an undecidable match or of a target without effect, or not understood. */
  #skip(from: number, word: string): void {
    const next = this.peek();
    const isOption = word.startsWith('--');
    // The value of an option that is not known here is no option, whatever it looks like.
    const hasValue =
      isOption && !word.includes('=') && next !== undefined && (!/^(?:-|!$)/.test(next) || /\s/.test(next));
    if (hasValue) this.#at += 1;
    if (this.#doubt !== undefined) {
      this.#doubt.to = this.#at;
      return;
    }
    if (this.target !== undefined && !TARGETS.has(this.target)) return;
    if (this.#targetExtension !== undefined && this.action === undefined) return;
    this.#noteDoubt({ from, to: this.#at });
    if (!this.#hasUndecided) this.#unknown = true;
  }

  #find(word: string): OptionReader | undefined {
    if (word.charCodeAt(0) !== 45 || word.length < 2) return undefined;
    // iptables' own option is `--protocol`; `-m policy` and others have a `--proto` that says something else.
    if (this.#hasUndecided && word.startsWith('--proto') && !word.startsWith('--protocol')) return undefined;
    const exact = this.#lookUp(word);
    if (exact !== undefined) return exact;
    const equals = word.indexOf('=');
    if (word.startsWith('--')) {
      if (equals !== -1) {
        this.#value = word.slice(equals + 1);
        const reader = this.#lookUp(word.slice(0, equals));
        if (reader === undefined) this.#value = undefined;
        return reader;
      }
      return this.#abbreviated(word);
    }
    const short = /\s/.test(word) ? undefined : GENERAL.get(word.slice(0, 2));
    if (short !== undefined) this.#value = word.slice(2);
    return short;
  }

  #lookUp(word: string): OptionReader | undefined {
    const general = GENERAL.get(word);
    if (general !== undefined) return general;
    const ofTarget = this.#targetExtension?.options.get(word);
    if (ofTarget !== undefined) return ofTarget;
    for (let at = this.#extensions.length - 1; at >= 0; at -= 1) {
      const found = this.#extensions[at]?.extension.options.get(word);
      if (found !== undefined) return found;
    }
    // A protocol's own match comes with its first option.
    const implied = MODULES_OF_PROTOCOLS.get(this.protocol ?? -1);
    const extension = implied === undefined || this.#protocolIsNegated ? undefined : MODULES.get(implied);
    const found = extension?.options.get(word);
    if (implied !== undefined && found !== undefined) this.load(implied);
    return found;
  }

  /** Long options may be shortened as far as they stay unlike the others. */
  #abbreviated(word: string): OptionReader | undefined {
    if (word.length < 4) return undefined;
    const names = [GENERAL, this.#targetExtension?.options, ...this.#extensions.map((one) => one.extension.options)];
    const implied = MODULES.get(MODULES_OF_PROTOCOLS.get(this.protocol ?? -1) ?? '');
    names.push(implied?.options);
    const found = new Set<OptionReader>();
    let name = '';
    for (const options of names) {
      for (const [option, reader] of options ?? []) {
        if (!option.startsWith(word)) continue;
        found.add(reader);
        name = option;
      }
    }
    return found.size === 1 ? this.#lookUp(name) : undefined;
  }

  /** `-m name`. */
  load(name: string): void {
    const extension = MODULES.get(name);
    if (extension === undefined) {
      this.#hasUndecided = true;
      this.#doubt = { from: this.#at - 1, to: this.#at };
      return;
    }
    // The one that was named last is asked first; one that is named again has its say and begins anew.
    const known = this.#extensions.findIndex((one) => one.name === name);
    if (known !== -1) this.#extensions.splice(known, 1);
    this.#extensions.push({ extension, name });
    extension.begin?.(this);
  }

  /** The match of a protocol is refused without its protocol, which may stand behind it: `-m tcp -p tcp`. */
  #checkProtocol(name: string): void {
    const protocol = PROTOCOL_OF_MODULE.get(name);
    if (protocol === undefined || (this.protocol === protocol && !this.#protocolIsNegated)) return;
    this.#unknown = true;
    this.doubt(`-m ${name} without -p ${name}`);
  }

  /** Words of an undecidable match begin at the word before this one. */
  beginDoubt(): void {
    this.#doubt = { from: this.#at - 1, to: this.#at };
  }

  #endDoubt(): void {
    if (this.#doubt === undefined) return;
    this.#noteDoubt(this.#doubt);
    this.#doubt = undefined;
  }

  #noteDoubt(doubt: { from: number; to: number }): void {
    if (this.#doubts.length === 0) this.#doubts = [];
    // One is enough for the rule to be in doubt; a line may hold a million.
    if (this.#doubts.length < MOST_DOUBTS) this.#doubts.push(doubt);
  }

  jump(name: string, goto: boolean): boolean {
    if (this.target !== undefined || this.negated) {
      this.#unknown = true;
      this.action = unread(this.#quote(0, this.#words.count));
      return true;
    }
    this.target = name;
    if (isUntold(name)) {
      this.action = { kind: 'unknown', words: 'the target is not in this file' };
      return true;
    }
    const target = goto ? undefined : TARGETS.get(name);
    if (target === undefined) {
      this.action = { kind: 'chain', name, goto };
      this.chain = this.named();
      return true;
    }
    this.#targetExtension = target;
    target.begin?.(this);
    return true;
  }

  setProtocol(text: string): boolean {
    const number = protocolOf(text);
    if (number === undefined) return false;
    if (number === 0) {
      if (!this.negated) return true;
      // "rule would never match protocol": iptables refuses it.
      this.never = true;
      return false;
    }
    if (this.protocol !== undefined) return false;
    this.protocol = number;
    this.#protocolIsNegated = this.negated;
    return true;
  }

  #finishHeader(): void {
    const { first, others, doubts, isRefused } = this.#header.finish(this.protocol, this.#protocolIsNegated);
    if (isRefused) this.#unknown = true;
    for (const test of others) this.tests.push(test);
    for (const words of doubts) this.doubt(words);
    // First, because it decides soonest.
    if (first !== undefined) this.tests.unshift(first);
  }

  #quote(from: number, to: number): string {
    const words: string[] = [];
    let length = 0;
    for (let at = from; at < Math.min(to, this.#words.count) && length < LONGEST_QUOTE; at += 1) {
      const word = this.#words.source(at);
      words.push(word);
      length += word.length + 1;
    }
    const text = words.join(' ');
    return redact(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
  }
}

function unread(quoted: string): RuleAction {
  return { kind: 'unknown', words: `not understood: ${quoted}` };
}

const PROTOCOL_OF_MODULE = new Map<string, number>(
  [...MODULES_OF_PROTOCOLS].map(([protocol, name]): [string, number] => [name, protocol]),
);

/** The rule whose words begin at `at`. */
export function readRule(words: LineWords, at: number, table: string): RuleContent {
  return new RuleReader(words, at, table).read();
}
