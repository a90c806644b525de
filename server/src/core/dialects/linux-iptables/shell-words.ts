import { isUntold, UNTOLD } from './values.js';
import { LineWords } from './words.js';

/** What stands between two commands of a line. */
export type Joint = ';' | '&&' | '||' | '|' | '&' | ';;' | '(' | ')' | '<<' | 'end';

/** One command of a line: its words, and what follows it. */
export interface SimpleCommand {
  readonly words: LineWords;
  /** `name=value` before the command, or alone. */
  readonly assignments: readonly { readonly name: string; readonly value: string }[];
  readonly joint: Joint;
  /** The line that ends the text behind it (`<<EOF`). */
  readonly hereEnd: string | undefined;
  /** In that text variables stand for their values. */
  readonly hereExpands: boolean;
}

/** Values of variables that are longer are not followed. */
const LONGEST_VALUE = 2000;
const LONGEST_NAME = 200;
/** All that variables put into a file together. */
const MOST_EXPANDED = 20_000_000;
/** Commands that print where a program is. */
const WHERE = /^\s*(?:which|command\s+-v|type\s+-[pP]|whereis)\s+((?:\/\S*\/)?(?:ip[46]?tables\S*|ipset))\s*$/;

/** The variables that a script sets. */
export class Variables {
  readonly #values = new Map<string, string>();
  #expanded = 0;

  /** Under a condition it may have the one value or the other. */
  set(name: string, value: string, isSure: boolean): void {
    const before = this.#values.get(name);
    const known = isSure || before === value ? value : UNTOLD;
    this.#values.set(name, value.length > LONGEST_VALUE ? UNTOLD : known);
  }

  forget(name: string): void {
    this.#values.set(name, UNTOLD);
  }

  /** Each may have been set anew. */
  forgetAll(): void {
    this.#values.clear();
  }

  get(name: string): string {
    const value = this.#values.get(name) ?? UNTOLD;
    this.#expanded += value.length;
    return this.#expanded > MOST_EXPANDED ? UNTOLD : value;
  }
}

/** Reads the commands of one line of a shell script, which may go on behind backslashes and inside quotes. */
export class ShellLine {
  readonly #text: string;
  readonly #end: number;
  readonly #variables: Variables;
  #at: number;
  /** The word at hand; undefined: none is. */
  #word: string | undefined;
  #start = 0;
  #isQuoted = false;
  /** The word at hand is `NAME=...`. */
  #isAssigned = false;
  /** A list of words has begun that ends on another line. */
  opensArray = false;

  constructor(text: string, from: number, end: number, variables: Variables) {
    this.#text = text;
    this.#at = from;
    this.#end = end;
    this.#variables = variables;
  }

  /** The next command; undefined behind the last. */
  next(): SimpleCommand | undefined {
    if (this.#at >= this.#end) return undefined;
    const words = new LineWords().reset(this.#text);
    const assignments: { name: string; value: string }[] = [];
    let hereEnd: string | undefined;
    let hereExpands = true;
    let joint: Joint = 'end';
    let takesTarget: '<<' | 'file' | undefined;
    const finish = (stop: number): void => {
      const word = this.#word;
      if (word === undefined) return;
      this.#word = undefined;
      const target = takesTarget;
      takesTarget = undefined;
      if (target === 'file') return;
      if (target === '<<') {
        hereEnd = word;
        hereExpands = !this.#isQuoted;
        return;
      }
      const assigned = words.count === 0 ? /^([A-Za-z_]\w*)(\+?)=/.exec(word) : null;
      if (assigned !== null) {
        const value = word.slice(assigned[0].length);
        const name = assigned[1] as string;
        assignments.push({ name, value: assigned[2] === '+' ? this.#variables.get(name) + value : value });
      } else words.push(word, this.#start, Math.min(stop, this.#end));
    };
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 32 || code === 9 || code === 13 || code === 0xa0 || code === 0) {
        finish(this.#at);
        this.#at += 1;
      } else if (code === 10) {
        finish(this.#at);
        this.#at += 1;
        joint = ';';
        break;
      } else if (code === 35 && this.#word === undefined) {
        const newline = this.#text.indexOf('\n', this.#at);
        this.#at = newline === -1 || newline > this.#end ? this.#end : newline;
      } else if (code === 60 || code === 62) {
        if (/^\d$/.test(this.#word ?? '')) this.#word = undefined;
        finish(this.#at);
        takesTarget = this.#redirection();
      } else if (code === 40 && /^[A-Za-z_]\w*\+?=$/.test(this.#word ?? '')) {
        // `NAME=(one two)`: none of its words is a command.
        this.#word = `${this.#word}${UNTOLD}`;
        this.#at = closing(this.#text, this.#at, this.#end) + 1;
        this.opensArray ||= this.#at > this.#end;
      } else if (this.#word === undefined && takesTarget === undefined && this.#condition(words)) {
      } else if (code === 59 || code === 38 || code === 124 || code === 40 || code === 41) {
        finish(this.#at);
        const found = this.#joint(code);
        if (found === undefined) {
          takesTarget = 'file';
          continue;
        }
        joint = found;
        break;
      } else {
        const word = this.#word ?? '';
        // Not of a long word: looking at all of it with each piece takes the square of its length.
        if (word.length <= LONGEST_NAME) this.#isAssigned = /^[A-Za-z_]\w*\+?=/.test(word);
        this.#piece(code, words, takesTarget !== undefined || this.#isAssigned);
      }
    }
    finish(this.#at);
    return { words, assignments, joint, hereEnd, hereExpands };
  }

  /** `[[ ... ]]` and `(( ... ))`, whose signs mean something else inside. */
  #condition(words: LineWords): boolean {
    const [open, close] = CONDITIONS.find(([sign]) => this.#text.startsWith(sign, this.#at)) ?? [];
    if (open === undefined || close === undefined) return false;
    // No further, or brackets that nothing closes would be looked through from each of them anew.
    const near = this.#text.slice(this.#at, Math.min(this.#end, this.#at + LONGEST_CONDITION));
    const length = near.indexOf(close, open.length);
    // What goes on over several lines, or is a command inside two brackets, is read as it comes.
    const inside = length === -1 ? '\n' : near.slice(0, length);
    const stop = this.#at + length;
    const isLoop = open === '((' && words.count > 0 && words.text(words.count - 1) === 'for';
    if (/[\n`]|\$\([^(]/.test(inside) || (!isLoop && inside.includes(';'))) return false;
    words.push('[[', this.#at, stop + close.length);
    this.#at = stop + close.length;
    return true;
  }

  #begin(): void {
    if (this.#word !== undefined) return;
    this.#word = '';
    this.#start = this.#at;
    this.#isQuoted = false;
  }

  /** One piece of a word: a run of plain characters, a quoted part, a variable. */
  #piece(code: number, words: LineWords, isWhole: boolean): void {
    this.#begin();
    const text = this.#text;
    if (code === 92) {
      const next = text.charCodeAt(this.#at + 1);
      if (next === 10) this.#lineGoesOn(2);
      else if (next === 13 && text.charCodeAt(this.#at + 2) === 10) this.#lineGoesOn(3);
      else {
        this.#isQuoted = true;
        this.#word += text.slice(this.#at + 1, Math.min(this.#at + 2, this.#end));
        this.#at += 2;
      }
    } else if (code === 39) {
      this.#isQuoted = true;
      const close = indexBefore(text, "'", this.#at + 1, this.#end);
      this.#word += text.slice(this.#at + 1, close);
      this.#at = close + 1;
    } else if (code === 34) this.#doubleQuoted();
    else if (code === 36 || code === 96) {
      const value = this.#expansion();
      if (isWhole) this.#word += value;
      else this.#splitInto(words, value);
    } else {
      let at = this.#at + 1;
      while (at < this.#end && !SPECIAL.has(text.charCodeAt(at))) at += 1;
      this.#word += text.slice(this.#at, at);
      this.#at = at;
    }
  }

  #lineGoesOn(length: number): void {
    // A backslash at the line's end is nothing; blanks behind it part the words.
    if (this.#word === '' && !this.#isQuoted) this.#word = undefined;
    this.#at += length;
  }

  #doubleQuoted(): void {
    this.#isQuoted = true;
    this.#at += 1;
    const text = this.#text;
    let from = this.#at;
    while (this.#at < this.#end) {
      const code = text.charCodeAt(this.#at);
      if (code === 34) break;
      if (code === 92 && /["\\$`\n]/.test(text.charAt(this.#at + 1))) {
        this.#word +=
          text.slice(from, this.#at) + (text.charAt(this.#at + 1) === '\n' ? '' : text.charAt(this.#at + 1));
        this.#at += 2;
        from = this.#at;
      } else if (code === 36 || code === 96) {
        this.#word += text.slice(from, this.#at) + this.#expansion();
        from = this.#at;
      } else this.#at += 1;
    }
    this.#word += text.slice(from, Math.min(this.#at, this.#end));
    this.#at += 1;
  }

  /** Outside of quotes a value is parted at its blanks. */
  #splitInto(words: LineWords, value: string): void {
    if (!/\s/.test(value)) {
      this.#word += value;
      if (value === '' && this.#word === '' && !this.#isQuoted) this.#word = undefined;
      return;
    }
    const pieces = value.split(/\s+/);
    const last = pieces.pop() as string;
    for (const [index, piece] of pieces.entries()) {
      const word = index === 0 ? this.#word + piece : piece;
      if (word !== '') words.push(word, this.#start, Math.min(this.#at, this.#end));
    }
    this.#word = last === '' ? undefined : last;
  }

  /** What stands at a `$` or a backquote. */
  #expansion(): string {
    const text = this.#text;
    const at = this.#at;
    if (text.charCodeAt(at) === 96) {
      const close = indexBefore(text, '`', at + 1, this.#end);
      this.#at = close + 1;
      return WHERE.exec(text.slice(at + 1, close))?.[1] ?? UNTOLD;
    }
    const next = text.charAt(at + 1);
    if (next === '(') {
      const close = closing(text, at + 1, this.#end);
      this.#at = close + 1;
      return close - at > 200 ? UNTOLD : (WHERE.exec(text.slice(at + 2, close))?.[1] ?? UNTOLD);
    }
    if (next === '{') {
      const close = indexBefore(text, '}', at + 2, this.#end);
      this.#at = close + 1;
      return this.#braced(text.slice(at + 2, Math.min(close, at + 300)));
    }
    let stop = at + 1;
    while (stop < this.#end && isNameCode(text.charCodeAt(stop))) stop += 1;
    if (stop === at + 1 || (text.charCodeAt(at + 1) >= 48 && text.charCodeAt(at + 1) <= 57)) {
      this.#at = Math.min(at + 2, this.#end);
      return next !== '' && /[\d@*#?!$-]/.test(next) ? UNTOLD : `$${next}`;
    }
    this.#at = stop;
    return this.#variables.get(text.slice(at + 1, stop));
  }

  #braced(inside: string): string {
    const plain = /^([A-Za-z_]\w*)$/.exec(inside);
    if (plain !== null) return this.#variables.get(inside);
    const withDefault = /^([A-Za-z_]\w*):?[-=]["']?([^"'$`]*)["']?$/.exec(inside);
    if (withDefault === null) return UNTOLD;
    const value = this.#variables.get(withDefault[1] as string);
    if (!isUntold(value) && value !== '') return value;
    // The environment may set another address, but hardly another program.
    const fallback = withDefault[2] as string;
    return /(?:^|\/)ip[46]?tables[\w.-]*$/.test(fallback) ? fallback : UNTOLD;
  }

  #redirection(): '<<' | 'file' {
    const text = this.#text;
    if (text.startsWith('<<<', this.#at)) {
      this.#at += 3;
      return 'file';
    }
    if (text.startsWith('<<', this.#at)) {
      this.#at += text.charAt(this.#at + 2) === '-' ? 3 : 2;
      return '<<';
    }
    while (this.#at < this.#end && /[<>&|]/.test(text.charAt(this.#at))) this.#at += 1;
    return 'file';
  }

  #joint(code: number): Joint | undefined {
    const twice = this.#text.charCodeAt(this.#at + 1) === code;
    if (code === 38 && this.#text.charCodeAt(this.#at + 1) === 62) {
      // `&> file`
      while (this.#at < this.#end && /[&>]/.test(this.#text.charAt(this.#at))) this.#at += 1;
      return undefined;
    }
    this.#at += twice && code !== 40 && code !== 41 ? 2 : 1;
    switch (code) {
      case 59:
        return twice ? ';;' : ';';
      case 38:
        return twice ? '&&' : '&';
      case 124:
        return twice ? '||' : '|';
      case 40:
        return '(';
      default:
        return ')';
    }
  }
}

/** A condition is no longer than this. */
const LONGEST_CONDITION = 1000;
const CONDITIONS: readonly (readonly [open: string, close: string])[] = [
  ['[[ ', ' ]]'],
  ['((', '))'],
];

/** Characters that end a run of plain ones. */
const SPECIAL = new Set([...' \t\r\n\0\u00a0;&|()<>\'"\\$`'].map((sign) => sign.charCodeAt(0)));

function isNameCode(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95;
}

function indexBefore(text: string, sign: string, from: number, end: number): number {
  // No further than the end: a sign far behind it must not be looked for from each place anew.
  for (let at = from; at < end; at += 1) if (text[at] === sign) return at;
  return end;
}

/** The bracket that closes the one at `at`. */
function closing(text: string, at: number, end: number): number {
  let depth = 0;
  for (let next = at; next < end; next += 1) {
    const sign = text[next];
    if (sign === '(') depth += 1;
    else if (sign === ')') {
      depth -= 1;
      if (depth === 0) return next;
    }
  }
  return end;
}
