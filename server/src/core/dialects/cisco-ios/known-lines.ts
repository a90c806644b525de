import { OPENERS } from './known/openers.js';
import { KNOWN } from './known/tables.js';
import type { LineContext, LineState, Words } from './known/vocabulary.js';

export type { LineContext } from './known/vocabulary.js';

/** One word of a phrase: what holds for lines that lead here, and the words that may follow. */
interface Node<T> {
  value: T | undefined;
  readonly next: Map<string, Node<T>>;
  /** The keys of `next`, sorted; made when an abbreviation is first looked up. */
  sorted: readonly string[] | undefined;
}

function node<T>(): Node<T> {
  return { value: undefined, next: new Map(), sorted: undefined };
}

function add<T>(root: Node<T>, words: Words, value: T): void {
  for (const [prefix, list] of Object.entries(words)) {
    let parent = root;
    if (prefix !== '') for (const word of prefix.split(' ')) parent = child(parent, word);
    for (const word of list.trim().split(/\s+/)) child(parent, word).value = value;
  }
}

function child<T>(parent: Node<T>, word: string): Node<T> {
  let found = parent.next.get(word);
  if (found === undefined) {
    found = node();
    parent.next.set(word, found);
  }
  return found;
}

const states = new Map<LineContext, Node<LineState>>();
for (const [context, tables] of Object.entries(KNOWN) as [LineContext, (typeof KNOWN)[LineContext]][]) {
  const root = node<LineState>();
  for (const { ignored, unmodelled } of tables) {
    add(root, ignored, 'ignored');
    add(root, unmodelled, 'unmodelled');
  }
  states.set(context, root);
}

const openers = node<LineContext | 'none'>();
for (const [context, words] of Object.entries(OPENERS)) add(openers, words, context as keyof typeof OPENERS);

/**
 * State of a line that the reader does not model itself; text is trimmed, and may begin with `no `
 * or `default `. undefined: unknown.
 *
 * `no` and `default` before an ignored line leave it ignored, and before an unmodelled one make it
 * ignored too: all that is unmodelled is off unless configured, and a line that switches it on
 * elsewhere in the file keeps its own state. The exceptions stand in the tables as `no ...`.
 */
export function knownLine(context: LineContext, text: string): LineState | undefined {
  const root = states.get(context) as Node<LineState>;
  const known = lookup(root, text, 0);
  if (known !== undefined) return known;
  const positive = afterNegation(text);
  if (positive !== 0) return lookup(root, text, positive) === undefined ? undefined : 'ignored';
  return context === 'global' && PROMPT.test(text) ? 'ignored' : undefined;
}

/** The context of the block that a global command opens; undefined: it opens none. */
export function opensBlock(text: string): LineContext | undefined {
  const context = lookup(openers, text, 0);
  return context === 'none' ? undefined : context;
}

/** A device's prompt, as terminal captures have it, and what was typed after it: `core1(config)#show run`. */
const PROMPT = /^[\w.-]+(?:\([\w-]+\))?[#>]/;

/** Where the command begins after `no ` or `default `; 0 where the text begins with neither. */
function afterNegation(text: string): number {
  let end = 0;
  if (/^no\s/i.test(text)) end = 2;
  else if (/^default\s/i.test(text)) end = 7;
  else return 0;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

/** The value of the longest phrase that the text, from `start` on, begins with; `value` if none does. */
function lookup<T>(root: Node<T>, text: string, start: number, value?: T): T | undefined {
  let found = value;
  let at = root;
  let from = start;
  while (from < text.length && at.next.size > 0) {
    let to = from;
    while (to < text.length && !isBlank(text.charCodeAt(to))) to++;
    const word = text.slice(from, to);
    from = to;
    while (from < text.length && isBlank(text.charCodeAt(from))) from++;

    let next = spelt(at, word);
    if (next === undefined) {
      const [first, ...others] = abbreviated(at, word.toLowerCase());
      if (first !== undefined && others.length > 0) return agreed([first, ...others], text, from, found);
      next = first ?? at.next.get('*');
    }
    if (next === undefined) return found;
    found = next.value ?? found;
    at = next;
  }
  return found;
}

/** The child that a word, spelt out, leads to; `#` is the child for decimal numbers. */
function spelt<T>(parent: Node<T>, word: string): Node<T> | undefined {
  const exact = parent.next.get(word) ?? parent.next.get(word.toLowerCase());
  if (exact !== undefined) return exact;
  return DECIMAL.test(word) ? parent.next.get('#') : undefined;
}

/** The children that a word may be short for. */
function abbreviated<T>(parent: Node<T>, word: string): Node<T>[] {
  const found: Node<T>[] = [];
  if (word.length < SHORTEST_ABBREVIATION) return found;
  parent.sorted ??= [...parent.next.keys()].sort();
  const { sorted } = parent;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < word) low = middle + 1;
    else high = middle;
  }
  for (let i = low; sorted[i]?.startsWith(word); i++) found.push(parent.next.get(sorted[i] as string) as Node<T>);
  return found;
}

/**
 * What holds for the rest of a line whichever of `nodes` its last word meant; undefined where that
 * differs. IOS itself refuses an abbreviation of two keywords, but the vocabularies are those of all
 * platforms at once: on its own platform the word is short for one of them.
 */
function agreed<T>(nodes: readonly Node<T>[], text: string, from: number, value: T | undefined): T | undefined {
  const [first, ...others] = nodes.map((node) => lookup(node, text, from, node.value ?? value));
  return others.every((other) => other === first) ? first : undefined;
}

/** One letter is never taken for a keyword: it is a slip more often than an abbreviation. */
const SHORTEST_ABBREVIATION = 2;

const DECIMAL = /^\d+$/;

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
