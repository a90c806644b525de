/** The kinds of place in which a line can stand; each has a vocabulary of its own. */
export type LineContext =
  | 'global'
  | 'interface'
  | 'router'
  | 'line'
  | 'vlan'
  | 'vrf'
  | 'acl'
  | 'object-group'
  | 'class-map'
  | 'policy-map'
  | 'route-map'
  | 'crypto'
  | 'aaa'
  | 'other-block';

/** What is known of a line that the reader does not model: it is irrelevant, or it matters. */
export type LineState = 'ignored' | 'unmodelled';

/**
 * Phrases that lines begin with, whatever follows them. The key is all words of a phrase but the
 * last, `''` where it has one word only; the value lists the last words, parted by white space.
 * `#` stands for a decimal number and `*` for any word. The longest phrase that fits decides.
 */
export type Words = Readonly<Record<string, string>>;

/** The vocabulary of one context. */
export interface PhraseTable {
  readonly ignored: Words;
  readonly unmodelled: Words;
}
