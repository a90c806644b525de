import { CAPTURE } from './known/capture.js';
import { OPENERS } from './known/openers.js';
import { COMMON, KNOWN } from './known/tables.js';
import type { LineContext, LineState, PhraseTable, Words } from './known/vocabulary.js';

export type { LineContext } from './known/vocabulary.js';

/**
 * State of a line that the reader does not model itself; text is trimmed, and may begin with `no `
 * or `default `. undefined: unknown.
 *
 * `no` and `default` before an ignored line leave it ignored, and before an unmodelled one make it
 * ignored too: most that is unmodelled is off unless configured, and the line that switches it on
 * keeps its own state. What matters by being taken away, too, stands in the vocabularies as `no ...`.
 */
export function knownLine(context: LineContext, text: string): LineState | undefined {
  const words = vocabulary(context);
  const negation = NEGATION.exec(text);
  if (negation !== null) {
    const from = negation[0].length;
    const negated = words.next.get('no');
    const known = (negated && lookup(negated, text, from)) ?? (lookup(words, text, from) && 'ignored');
    if (known !== undefined) return known;
  }
  return lookup(words, text, 0) ?? (context === 'global' ? knownCapture(text) : undefined);
}

/** The context of the block that a global command opens; undefined: it opens none. */
export function opensBlock(text: string): LineContext | undefined {
  openers ??= treeOfOpeners();
  const context = lookup(openers, text, 0);
  return context === 'none' ? undefined : context;
}

const NEGATION = /^(?:no|default)[ \t]+/i;

/**
 * State of a line of a terminal capture: the pager's mark, or a device's prompt with nothing after it
 * but a command of the session. A configuration typed at the prompt is not what is read here.
 */
function knownCapture(text: string): LineState | undefined {
  if (PAGER.test(text)) return 'ignored';
  const prompt = PROMPT.exec(text);
  if (prompt === null) return undefined;
  if (prompt[0].length === text.length) return 'ignored';
  session ??= treeOfStates([COMMON, CAPTURE]);
  return lookup(session, text, prompt[0].length);
}

const PAGER = /^-+ ?More ?-+$/i;
/** `core1#`, `core1(config-if)# `, `core1>` */
const PROMPT = /^[\w.-]+(?:\([\w-]+\))?[#>][ \t]*/;

/** One word of a phrase: what holds for the lines that lead here, and the words that may follow. */
interface Node<T> {
  value: T | undefined;
  readonly next: Map<string, Node<T>>;
  /** The keys of `next`, sorted; made when an abbreviation is first looked up. */
  sorted: readonly string[] | undefined;
}

// The trees are made of the tables when they are first asked: a short run needs few of them.
const vocabularies = new Map<LineContext, Node<LineState>>();
let openers: Node<LineContext | 'none'> | undefined;
let session: Node<LineState> | undefined;

function vocabulary(context: LineContext): Node<LineState> {
  let tree = vocabularies.get(context);
  if (tree === undefined) {
    tree = treeOfStates(KNOWN[context]);
    if (context !== 'global') addOpeningWords(tree);
    vocabularies.set(context, tree);
  }
  return tree;
}

/**
 * Lets a block know the words that open another, without a state: `line con 0` behind a controller
 * is not short for a `linecode`.
 */
function addOpeningWords(tree: Node<LineState>): void {
  openers ??= treeOfOpeners();
  for (const word of openers.next.keys()) childOf(tree, word);
}

function treeOfOpeners(): Node<LineContext | 'none'> {
  return treeOf(Object.entries(OPENERS) as [LineContext | 'none', Words][]);
}

function treeOfStates(tables: readonly PhraseTable[]): Node<LineState> {
  return treeOf(tables.flatMap((table) => Object.entries(table) as [LineState, Words][]));
}

function treeOf<T>(lists: readonly (readonly [T, Words])[]): Node<T> {
  const root = leaf<T>();
  for (const [value, words] of lists) {
    for (const [prefix, list] of Object.entries(words)) {
      let parent = root;
      if (prefix !== '') for (const word of prefix.split(' ')) parent = childOf(parent, word);
      for (const word of list.trim().split(/\s+/)) childOf(parent, word).value = value;
    }
  }
  return root;
}

function leaf<T>(): Node<T> {
  return { value: undefined, next: new Map(), sorted: undefined };
}

function childOf<T>(parent: Node<T>, word: string): Node<T> {
  let child = parent.next.get(word);
  if (child === undefined) {
    child = leaf();
    parent.next.set(word, child);
  }
  return child;
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
  const { next } = parent;
  const exact = next.get(word) ?? next.get(word.toLowerCase());
  if (exact !== undefined) return exact;
  const numbered = next.get('#');
  return numbered !== undefined && DECIMAL.test(word) ? numbered : undefined;
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
  for (let i = low; sorted[i]?.startsWith(word); i++) {
    const child = parent.next.get(sorted[i] as string) as Node<T>;
    if (child.value !== undefined || child.next.size > 0) found.push(child);
  }
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
