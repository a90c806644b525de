import type { Verdict } from './rule.js';

/** What stands on the right side of a comparison, in a set, in a definition. */
export type Value =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'range'; readonly from: Value; readonly to: Value }
  | { readonly kind: 'prefix'; readonly base: Value; readonly length: number }
  | { readonly kind: 'concatenation'; readonly parts: readonly Value[] }
  /** `established,related`. */
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** `syn / fin,syn,rst,ack`. */
  | { readonly kind: 'masked'; readonly value: Value; readonly mask: Value }
  | { readonly kind: 'set'; readonly elements: readonly Element[] }
  | { readonly kind: 'named-set'; readonly name: string }
  /** `*` */
  | { readonly kind: 'all' }
  | { readonly kind: 'binary'; readonly op: BitOperator; readonly left: Value; readonly right: Value }
  /** It cannot be told, in words: "$LAN is not defined in these files". */
  | { readonly kind: 'untold'; readonly words: string };

export type BitOperator = '&' | '|' | '^' | '<<' | '>>';

/** An element of a set or a map. */
export interface Element {
  readonly key: Value;
  readonly data?: Value | Verdict;
  /** It is gone after a time. */
  readonly expires: boolean;
}

/** The word of a value that is one, or that a definition makes one. */
export function wordOf(value: Value | undefined): string | undefined {
  return value?.kind === 'word' ? value.text : undefined;
}

/** The words of a value and of all that it holds. */
export function wordsIn(value: Value): string[] {
  if (value.kind === 'word') return [value.text];
  if (value.kind === 'list') return value.items.flatMap(wordsIn);
  if (value.kind === 'set') return value.elements.flatMap(({ key }) => wordsIn(key));
  return [];
}
