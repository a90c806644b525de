import type { Definition, Reference } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import { redact } from '../../text/redact.js';
import type { SourceFile } from '../../text/source-file.js';
import { StatementState, type Statements } from '../../text/statements.js';
import { IpSets } from './ipset.js';
import type { ChainRule, Named, RuleContent } from './rule.js';
import { undecidable } from './rule.js';
import { readRule } from './rule-reader.js';
import { type ChainState, Ruleset, type Standing, type TableState } from './ruleset.js';
import { isUntold } from './values.js';
import type { LineWords } from './words.js';

/** Of a line no more than this is shown. */
const LONGEST_LABEL = 2000;

/** Where a command stands, and how it came there. */
export interface CommandPlace {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  /** The table that it means where it does not say one; undefined: `filter`. */
  readonly table?: TableState | undefined;
  readonly standing: Standing;
  /** In a script: what the command begins with, up to the program's name: `sudo $IPT`. */
  readonly command?: string;
}

export interface NamedInterface extends Named {
  readonly origin: Origin;
}

/** What is known while files are read: all tables, sets and names so far. Several files may go into one. */
export class Loader {
  readonly ruleset = new Ruleset();
  readonly sets = new IpSets();
  readonly definitions: Definition[] = [];
  readonly references: (Reference & { readonly table: string })[] = [];
  readonly ifaces = new Map<string, Origin>();
  readonly unread: { readonly origin: Origin; readonly table: string; readonly chain: string }[] = [];
  readonly changedSets = new Set<string>();
  /** All files that were read, by path. */
  readonly files = new Map<string, SourceFile>();
  /** How the last command of a script calls iptables. */
  command: string | undefined;
  /** Where a script ends for good (`exit 0`). */
  scriptEnd: number | undefined;
  /** What is read is ours and stands in no file; it is told at this place of one. */
  madeAt: { readonly file: string; readonly start: number; readonly end: number } | undefined;
  /** The file at hand. */
  file: SourceFile;
  statements: Statements;
  /** Whether any rule of the file at hand is deleted by what it says. */
  #hasDeletes: boolean;

  constructor(file: SourceFile, statements: Statements) {
    this.file = file;
    this.statements = statements;
    this.#hasDeletes = deletes(file);
    this.files.set(file.path, file);
  }

  open(file: SourceFile, statements: Statements): void {
    this.file = file;
    this.statements = statements;
    this.#hasDeletes = deletes(file);
    if (this.madeAt === undefined) this.files.set(file.path, file);
  }

  origin(start: number, end: number): Origin {
    if (this.madeAt !== undefined) return { ...this.madeAt, label: this.file.text.slice(start, end) };
    return lazyOrigin(this.file, start, end);
  }

  setState(row: number, state: StatementState): void {
    this.statements.states[row] = state;
  }

  declareChain(table: TableState, name: Named, place: CommandPlace): ChainState {
    const origin = this.origin(place.start, place.end);
    const nameOrigin: Origin = { ...this.#at(name), label: name.name };
    this.define(table, name, origin);
    return this.ruleset.declare(table, name.name, origin, nameOrigin);
  }

  /** A chain that the file declares, for those who look for its name. */
  define(table: TableState, name: Named, block: Origin): void {
    if (this.madeAt !== undefined) return;
    const origin: Origin = { ...this.#at(name), label: name.name };
    this.definitions.push({ kind: 'chain', name: `${table.name} ${name.name}`, origin, block });
  }

  /** `-A chain ...` and its kin: the rule whose words begin at `at`. */
  addRule(
    table: TableState,
    chainName: Named,
    words: LineWords,
    at: number,
    place: CommandPlace,
    /** From 1; absent: behind the last. */
    position?: number,
  ): StatementState {
    const chain = this.chainOf(table, chainName);
    const content = this.#checked(readRule(words, at, table.name), chain);
    const { standing } = place;
    const rule: ChainRule = {
      tests: content.tests,
      action: content.action,
      never: content.never,
      state: content.state,
      ifaces: content.ifaces,
      chain: content.chain,
      sets: content.sets,
      changedSets: content.changedSets,
      origin: this.origin(place.start, place.end),
      key: this.#hasDeletes ? words.key(at) : '',
      row: place.row,
      by: position === undefined ? 'append' : 'insert',
      command: place.command,
      conditional: standing.condition !== undefined || this.madeAt !== undefined,
      block: standing.block,
    };
    this.#note(rule, table, chainName);
    if (position === undefined) this.ruleset.append(chain, rule, place.standing);
    else this.ruleset.insert(chain, position, rule, place.standing);
    const isDoubtful = place.standing.condition !== undefined && content.state === StatementState.modelled;
    return isDoubtful ? StatementState.unmodelled : content.state;
  }

  /** The chain of that name; one that the file does not make is somebody else's, with rules of theirs. */
  chainOf(table: TableState, name: Named): ChainState {
    const known = this.ruleset.chain(table, name.name);
    if (known !== undefined) return known;
    const chain = this.ruleset.declare(table, name.name, this.#at(name), this.#at(name));
    chain.doubt = 'the chain is not made in this file';
    return chain;
  }

  /** What iptables refuses for where it stands. */
  #checked(content: RuleContent, chain: ChainState): RuleContent {
    if (!chain.builtIn || (chain.name !== 'PREROUTING' && chain.name !== 'POSTROUTING')) return content;
    const wrong = chain.name === 'PREROUTING' ? 'out' : 'in';
    if (!content.tests.some((test) => test.kind === wrong)) return content;
    content.tests.push(undecidable(`${wrong === 'out' ? '-o' : '-i'} cannot stand in ${chain.name}`));
    return { ...content, state: StatementState.unknown };
  }

  #note(rule: ChainRule, table: TableState, chain: Named): void {
    if (rule.state === StatementState.unknown || rule.state === StatementState.unmodelled) {
      this.unread.push({ origin: rule.origin, table: table.name, chain: chain.name });
    }
    for (const iface of rule.ifaces) {
      if (!this.ifaces.has(iface.name)) this.ifaces.set(iface.name, this.#at(iface));
    }
    for (const name of rule.changedSets) this.changedSets.add(name);
    this.refer('chain', `${table.name} ${chain.name}`, chain, table.name);
    if (rule.chain !== undefined) this.refer('chain', `${table.name} ${rule.chain.name}`, rule.chain, table.name);
    for (const set of rule.sets) this.refer('set', set.name, set, table.name);
  }

  refer(kind: Reference['kind'], name: string, at: Named, table: string): void {
    if (isUntold(name) || this.madeAt !== undefined) return;
    this.references.push({ kind, name, use: table === 'filter' ? 'filter' : 'other', origin: this.#at(at), table });
  }

  #at({ name, start, stop }: Named): Origin {
    if (this.madeAt !== undefined) return { ...this.madeAt, label: name };
    return { file: this.file.path, start, end: stop, label: name };
  }
}

function deletes(file: SourceFile): boolean {
  return file.text.includes('-D ') || file.text.includes('--delete') || file.text.includes('-D\t');
}

/** An origin whose label is made when it is asked for: most never are, and hiding secrets costs more than reading. */
export function lazyOrigin(file: SourceFile, start: number, end: number): Origin {
  let label: string | undefined;
  return {
    file: file.path,
    start,
    end,
    get label(): string {
      label ??= redact(file.text.slice(start, Math.min(end, start + LONGEST_LABEL)).replace(/\s*\\?\s*\n\s*/g, ' '));
      return label;
    },
  };
}
