import type { Origin } from '../../model/origin.js';
import type { Field } from './fields.js';
import type { BitOperator, Value } from './values.js';

/** What an accept, a jump and the like say. `kind` is told apart from that of values. */
export interface Verdict {
  readonly kind: 'verdict';
  readonly verdict: 'accept' | 'drop' | 'continue' | 'return' | 'jump' | 'goto' | 'queue';
  /** Of a jump or goto. */
  readonly chain?: string;
}

/** A field of the packet, with what is reckoned from it: `tcp flags & (syn | ack)`. */
export interface Term {
  readonly field: Field;
  readonly operations: readonly { readonly op: BitOperator; readonly value: Value }[];
}

/** One term, or several as a concatenation. */
export type Key = readonly Term[];

export type Comparison = 'implicit' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '!';

/** What a value is set to. */
export type Source =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'map'; readonly key: Key; readonly map: Value }
  | { readonly kind: 'untold'; readonly words: string };

/** One piece of a rule. A packet for which one does not hold goes on with the next rule. */
export type Statement =
  | { readonly kind: 'match'; readonly key: Key; readonly op: Comparison; readonly value: Value }
  /** A map of verdicts: what is not in it goes on with the next rule. */
  | { readonly kind: 'verdict-map'; readonly key: Key; readonly map: Value }
  | Verdict
  /** `only`: of what packets it is asked alone, whatever stands before it. */
  | { readonly kind: 'reject'; readonly only: 'tcp' | 'ipv6' | undefined }
  | {
      readonly kind: 'nat';
      readonly type: 'dnat' | 'snat' | 'masquerade' | 'redirect';
      /** Absent with a masquerade, a redirect, or where ports alone are given. */
      readonly address?: Source;
      readonly ports?: Value;
      readonly isPrefix: boolean;
      /** It is for IPv6. */
      readonly isIpv6: boolean;
    }
  | { readonly kind: 'set-mark'; readonly target: 'mark' | 'connection-mark'; readonly source: Source }
  | { readonly kind: 'untrack' }
  /** Later packets of the connection may pass by all chains of forwarding. */
  | { readonly kind: 'flow'; readonly words: string }
  /** It holds or not, which cannot be told. */
  | { readonly kind: 'undecidable'; readonly words: string }
  /** What it does cannot be told. `isRead`: it is known, and not modelled. */
  | { readonly kind: 'unknown'; readonly words: string; readonly isRead: boolean };

/** A rule as it was read. */
export interface Rule {
  readonly statements: readonly Statement[];
  readonly origin: Origin;
  readonly handle: number | undefined;
  /** Why it may not be there at all; absent: it is. */
  readonly doubt: string | undefined;
  /** How it is written: a line of a chain's block, or a command. */
  readonly form: 'block' | 'add' | 'insert' | 'placed';
  /** The word that names a set, a chain or an interface in the rule, for what asks for them. */
}
