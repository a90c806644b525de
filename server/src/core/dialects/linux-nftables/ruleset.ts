import type { Origin } from '../../model/origin.js';
import type { SourceFile } from '../../text/source-file.js';
import type { Form, PlainRules } from './plain-rules.js';
import type { Rule } from './rule.js';
import type { Element, Value } from './values.js';

/** A base chain's place in the kernel. */
export interface Base {
  readonly type: string;
  readonly hook: string;
  /** Undefined: it is not known. */
  readonly priority: number | undefined;
  /** Of a chain at ingress. */
  readonly devices: readonly string[];
  /** Why there may be others. */
  readonly devicesDoubt: string | undefined;
  readonly origin: Origin;
}

/** Where a chain's rules are written. */
export interface ChainBlock {
  readonly file: SourceFile;
  /** The text that the tokens were read from is the file's own. */
  readonly isPlain: boolean;
  /** Offsets of its braces. */
  readonly open: number;
  readonly close: number;
}

/** A rule, or the row of one that is like others. */
export type Entry = Rule | number;

export interface ChainState {
  readonly name: string;
  readonly origin: Origin;
  base: Base | undefined;
  policy: 'accept' | 'drop';
  policyOrigin: Origin | undefined;
  /** Base chains are registered one after the other. */
  order: number;
  /** Why it may not be there, or its base may be another. */
  doubt: string | undefined;
  /** Why rules may stand in it that are not known. */
  rulesDoubt: string | undefined;
  readonly blocks: ChainBlock[];
  /** The rules, but for those that `insert` has put before all of them since. */
  rules: Entry[];
  /** Those, the last one first. */
  front: Rule[];
  /** So many of the rules, from the first on, may all have been taken away. */
  doubted: number;
  /** So many, from the first on, are no rows. */
  resolved: number;
}

export interface SetState {
  readonly name: string;
  readonly isMap: boolean;
  elements: Element[];
  /** Why elements may be in it that no file names, or named ones may not. */
  doubt: string | undefined;
  /** What it was read from. */
  readonly origin: Origin;
}

export interface TableState {
  readonly family: string;
  readonly name: string;
  readonly origin: Origin;
  /** `flags dormant`: its base chains are not asked. */
  dormant: boolean;
  readonly chains: Map<string, ChainState>;
  readonly sets: Map<string, SetState>;
}

/** Searching for rules by handle, and for elements that go, takes no more steps than this in one file. */
const MOST_STEPS = 5_000_000;

/** All tables, as the kernel has them after the last command. */
export class Ruleset {
  /** By `tableKey`. */
  readonly tables = new Map<string, TableState>();
  readonly #plain: PlainRules | undefined;
  #order = 0;
  #steps = 0;

  constructor(plain: PlainRules | undefined) {
    this.#plain = plain;
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  /** What the rule of a row says, and all that are like it. */
  formOf(row: number): Form {
    const form = this.#plain?.formOf(row);
    if (form === undefined) throw new Error('There is no such row.');
    return form;
  }

  /** The rule of a row. */
  ruleAt(row: number): Rule {
    if (this.#plain === undefined) throw new Error('There are no rows.');
    return this.#plain.ruleAt(row);
  }

  /** Whether a search through so many things may still be made. */
  mayLookAt(count: number): boolean {
    this.#steps += count;
    return this.#steps <= MOST_STEPS;
  }
}

/** `inet fw`. */
export function tableKey(family: string, name: string): string {
  return `${family} ${name}`;
}

/** `inet fw forward`. */
export function chainKey(table: TableState, chain: string): string {
  return `${table.family} ${table.name} ${chain}`;
}

export function newChain(name: string, origin: Origin, order: number): ChainState {
  return {
    name,
    origin,
    base: undefined,
    policy: 'accept',
    policyOrigin: undefined,
    order,
    doubt: undefined,
    rulesDoubt: undefined,
    blocks: [],
    rules: [],
    front: [],
    doubted: 0,
    resolved: 0,
  };
}

/** The rules of a chain in order. */
export function entriesOf(chain: ChainState): Entry[] {
  if (chain.front.length > 0) {
    chain.rules = [...chain.front.reverse(), ...chain.rules];
    chain.front = [];
    chain.doubted = 0;
    chain.resolved = 0;
  }
  return chain.rules;
}

/** The same, each as it would be if it had been read by itself. */
export function rulesOf(ruleset: Ruleset, chain: ChainState): Rule[] {
  const entries = entriesOf(chain);
  for (let at = chain.resolved; at < entries.length; at += 1) {
    const entry = entries[at];
    if (typeof entry === 'number') entries[at] = ruleset.ruleAt(entry);
  }
  chain.resolved = entries.length;
  return entries as Rule[];
}

export function clearChain(chain: ChainState): void {
  chain.rules = [];
  chain.front = [];
  chain.doubted = 0;
  chain.rulesDoubt = undefined;
}

/** All that is in a chain may have been taken away. */
export function doubtRules(ruleset: Ruleset, chain: ChainState, words: string): void {
  // As good as unread, where a file does so again and again.
  const merges = chain.front.length > 0;
  if (!ruleset.mayLookAt(merges ? chain.front.length + chain.rules.length : chain.rules.length - chain.doubted)) {
    chain.rulesDoubt ??= words;
    return;
  }
  const rules = rulesOf(ruleset, chain);
  for (let at = chain.doubted; at < rules.length; at += 1) {
    const rule = rules[at] as Rule;
    if (rule.doubt === undefined) rules[at] = { ...rule, doubt: words };
  }
  chain.doubted = rules.length;
}

/** All that is in a table may have been taken away. */
export function doubtTable(ruleset: Ruleset, table: TableState, words: string): void {
  for (const chain of table.chains.values()) {
    doubtRules(ruleset, chain, words);
    chain.doubt ??= words;
  }
  for (const set of table.sets.values()) set.doubt ??= words;
}

/** Takes elements out of a set. */
export function removeElements(ruleset: Ruleset, set: SetState, gone: Value, words: string | undefined): void {
  const keys = gone.kind === 'set' ? gone.elements.map(({ key }) => JSON.stringify(key)) : undefined;
  if (keys === undefined || words !== undefined || !ruleset.mayLookAt(set.elements.length)) {
    set.doubt ??= words ?? 'elements are deleted from it';
    return;
  }
  const wanted = new Set(keys);
  const left = set.elements.filter(({ key }) => !wanted.delete(JSON.stringify(key)));
  set.elements = left;
  // What is written in another way may be the same element.
  if (wanted.size > 0) set.doubt ??= 'elements are deleted from it';
}

/** Hook priorities by name. Source: nft(8), "Standard priority names". */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};
const BRIDGE_PRIORITIES: Readonly<Record<string, number>> = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };

export function namedPriority(family: string, name: string): number | undefined {
  const table = family === 'bridge' ? BRIDGE_PRIORITIES : PRIORITIES;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
