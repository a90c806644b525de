import type { AddressTerm, PortRange } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import type { PolicyAction, Test } from '../../model/policy.js';
import type { Prefix } from '../../net/prefix.js';
import type { StatementState } from '../../text/statements.js';

/** Which field of a packet a dimension of a set is held against. */
export type SetField = 'src' | 'dst';

/** A test against a set, whose content is known only when all has been read. */
export interface SetTest {
  readonly kind: 'set';
  readonly name: string;
  readonly fields: readonly SetField[];
  /** Counters or other conditions on the member itself, which no file tells. */
  readonly doubtful: boolean;
  readonly negated: boolean;
}

export type RuleTest = Test | SetTest;

export type RuleAction =
  | PolicyAction
  /** A chain of the same table, perhaps not in the file. */
  | { readonly kind: 'chain'; readonly name: string; readonly goto: boolean }
  /** The destination before the routing decision, the source behind it. */
  | { readonly kind: 'netmap'; readonly prefix: Prefix };

/** A name that a rule uses, and where it stands. */
export interface Named {
  readonly name: string;
  readonly start: number;
  readonly stop: number;
}

/** What one rule says, before its chain is known to be reached. */
export interface RuleContent {
  /** Undecided parts may be added while the file is read on. */
  readonly tests: RuleTest[];
  /** Absent: nothing that matters to the packet's fate. */
  readonly action: RuleAction | undefined;
  /** It holds for no packet that is asked about: fragments, IPv6. */
  readonly never: boolean;
  readonly state: StatementState;
  readonly ifaces: readonly Named[];
  readonly chain: Named | undefined;
  readonly sets: readonly Named[];
  /** Sets whose members the rule changes. */
  readonly changedSets: readonly string[];
}

/** A rule in its place in a chain. */
export interface ChainRule extends RuleContent {
  readonly origin: Origin;
  /** The words behind the chain's name: what `-D` compares. */
  readonly key: string;
  /** The statement that it stands in. */
  readonly row: number;
  /** How the rule came to its place. */
  readonly by: 'append' | 'insert';
  /** In a script, what its command begins with: `sudo $IPT`. */
  readonly command: string | undefined;
  /** It may not be there at all: its command stands under a condition. */
  readonly conditional: boolean;
  /** Where the outermost block begins that it stands in, if that is carried out where it stands. */
  readonly block: number | undefined;
}

/** It holds for nothing. */
export const NOTHING: Test = { kind: 'header', matches: [], original: false, negated: false };

export function isNothing(test: RuleTest): boolean {
  return test.kind === 'header' && test.matches.length === 0 && !test.negated;
}

export function undecidable(words: string): Test {
  return { kind: 'undecidable', words };
}

/** A packet that belongs to a connection, or begins one. */
export const TRACKED: Test = { kind: 'state', states: ['invalid', 'untracked'], negated: true };

export type { AddressTerm, PortRange };
