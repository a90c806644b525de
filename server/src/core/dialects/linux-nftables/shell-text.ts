import { calledScript, isSettings } from '../common/called-script.js';
import { OPTIONS_WITH_WORD } from '../common/run-by.js';
import type { Doubt } from './shell.js';
import { BEFORE, type Block, CLOSERS, NFT, OPENERS, OUT_OF_CONDITION, RUNNERS, WORDS } from './shell-grammar.js';

/** Makes of a script what nft is told by it. Every character keeps its place; what is not for nft becomes blank. */
export class ShellText {
  readonly #text: string;
  readonly #pieces: string[] = [];
  readonly #doubts: Doubt[] = [];
  readonly #blocks: Block[] = [];
  #at = 0;
  /** Of the command at hand. */
  #hasQuote = false;
  /** The script has set a variable. */
  #hasAssigned = false;

  readonly #functions: ReadonlySet<string>;

  constructor(text: string) {
    this.#text = text;
    const made = text.matchAll(/^[ \t]*(?:function[ \t]+([\w-]+)|([\w-]+)[ \t]*\([ \t]*\))/gm);
    this.#functions = new Set([...made].map(([, named, plain]) => (named ?? plain) as string));
  }

  read(): { readonly text: string; readonly doubts: readonly Doubt[] } {
    while (this.#at < this.#text.length) this.#line();
    return { text: this.#pieces.join(''), doubts: this.#doubts };
  }

  #blankTo(end: number): void {
    if (end <= this.#at) return;
    this.#pieces.push(this.#text.slice(this.#at, end).replace(/[^\n]/g, ' '));
    this.#at = end;
  }

  #put(text: string): void {
    this.#pieces.push(text);
    this.#at += text.length;
  }

  /** One command line, with the texts that follow it (`<<EOF`). */
  #line(): void {
    const lineStart = this.#at;
    const hereEnds: { readonly end: string; readonly strips: boolean }[] = [];
    let isForNft = false;
    let joint = '';
    for (;;) {
      const command = this.#command(joint, hereEnds);
      isForNft ||= command.readsInput;
      joint = command.joint;
      if (joint === '\n' || joint === '') break;
    }
    const line = this.#text.slice(lineStart, this.#at);
    if (hereEnds.length > 0 && />\s*\S*nft/.test(line)) isForNft = true;
    for (const { end, strips } of hereEnds) this.#hereText(end, strips, isForNft);
  }

  #hereText(end: string, strips: boolean, isForNft: boolean): void {
    const { text } = this;
    const start = this.#at;
    for (let at = start; at <= text.length; ) {
      const newline = text.indexOf('\n', at);
      const stop = newline === -1 ? text.length : newline;
      let line = text.slice(at, stop);
      if (line.endsWith('\r')) line = line.slice(0, -1);
      if ((strips ? line.replace(/^\t+/, '') : line) === end || newline === -1) {
        if (isForNft) {
          this.#doubt(start, at);
          this.#put(
            text
              .slice(start, at)
              .replace(/\$\{(\w+)\}/g, ' $$$1 ')
              .replace(/\\\$/g, ' $$'),
          );
        } else this.#blankTo(at);
        this.#blankTo(Math.min(stop + 1, text.length));
        return;
      }
      at = stop + 1;
    }
  }

  get text(): string {
    return this.#text;
  }

  #doubt(start: number, end: number, words?: string): void {
    const block = this.#blocks.find((one): one is Exclude<Block, 'group'> => one !== 'group');
    const why = words ?? (block === undefined ? undefined : WORDS[block]);
    if (why !== undefined) this.#doubts.push({ start, end, words: why });
  }

  /** One simple command; the cursor stands behind it and the sign that ends it. */
  #command(
    joint: string,
    hereEnds: { readonly end: string; readonly strips: boolean }[],
  ): { readonly joint: string; readonly readsInput: boolean } {
    const isConditional = joint === '&&' || joint === '||';
    for (;;) {
      this.#skipBlanks();
      const word = this.#peek();
      if (word === '') break;
      if (word.startsWith('#')) {
        this.#blankTo(this.#endOfLine());
        break;
      }
      const opener = Object.hasOwn(OPENERS, word) ? OPENERS[word] : undefined;
      const closer = Object.hasOwn(CLOSERS, word) ? CLOSERS[word] : undefined;
      if (closer !== undefined) {
        const last = this.#blocks.at(-1);
        if (last !== undefined && closer.includes(last)) this.#blocks.pop();
      } else if (opener !== undefined) this.#blocks.push(opener);
      else if (word === 'function' || /^[\w-]+\(\)\{?$/.test(word)) {
        this.#blocks.push('function');
        const brace = this.#text.slice(this.#at, this.#endOfLine()).indexOf('{');
        if (brace === -1) {
          // Its brace stands on the next line.
          const next = /^\s*\{/.exec(this.#text.slice(this.#endOfLine(), this.#endOfLine() + 200));
          this.#blankTo(this.#endOfLine() + (next?.[0].length ?? 0));
          if (next === null) this.#blocks.pop();
        } else this.#blankTo(this.#at + brace + 1);
        continue;
      } else if (!BEFORE.has(word)) break;
      this.#blankTo(this.#at + word.length);
      if (Object.hasOwn(OPTIONS_WITH_WORD, word)) this.#options(OPTIONS_WITH_WORD[word] as RegExp);
    }
    const start = this.#at;
    const assignment = /^([A-Za-z_]\w*)=/.exec(this.#text.slice(start, start + 100));
    if (assignment !== null) {
      this.#hasAssigned = true;
      this.#put(assignment[0]);
      const end = this.#arguments(hereEnds, 'value');
      this.#doubt(start, this.#at, isConditional ? OUT_OF_CONDITION : undefined);
      return { joint: end, readsInput: false };
    }
    const word = this.#peek();
    const program = word.replace(/^["']|["']$/g, '');
    if (!NFT.test(program)) {
      if (RUNNERS.test(word) && this.#tellsNft()) {
        // What it tells nft is in no file: as good as one that is included and not there.
        this.#put(`@${word}`);
        this.#doubt(start, this.#at, isConditional ? OUT_OF_CONDITION : undefined);
        return { joint: this.#arguments(hereEnds, 'joint'), readsInput: false };
      }
      if (!this.#includeScript()) return { joint: this.#arguments(hereEnds, 'nothing'), readsInput: false };
      this.#doubt(start, this.#at, isConditional ? OUT_OF_CONDITION : undefined);
      return { joint: this.#arguments(hereEnds, 'joint'), readsInput: false };
    }
    this.#blankTo(this.#at + word.length);
    let readsInput = false;
    for (;;) {
      this.#skipBlanks();
      const option = this.#peek();
      if (!/^-{1,2}[A-Za-z]/.test(option)) break;
      this.#blankTo(this.#at + option.length);
      if (option === '-f' || option === '--file' || /^-[a-eg-z]+f$/.test(option)) {
        const file = /^[ \t]*(["']?)([\w./-]+)\1/.exec(this.#text.slice(this.#at, this.#at + 300));
        if (file?.[2] === '-' || file?.[2] === '/dev/stdin') {
          readsInput = true;
          const isFed = hereEnds.length > 0 || this.#text.slice(this.#at, this.#endOfLine()).includes('<<');
          const path = file[2] as string;
          this.#blankTo(this.#at + file[0].length - path.length - (isFed ? 0 : 1));
          // A pipe brings what no file tells.
          if (isFed) this.#blankTo(this.#at + path.length);
          else this.#put(`@${path}`);
        } else if (file !== null) {
          // The place before the path takes the sign of a file to be included.
          const path = file[2] as string;
          const isQuoted = file[1] !== '';
          this.#blankTo(this.#at + file[0].length - path.length - (isQuoted ? 2 : 1));
          this.#put(isQuoted ? `@${path} ` : `@${path}`);
        }
      } else if (option === '-I' || option === '--includepath' || option === '-D') {
        this.#skipBlanks();
        this.#blankTo(this.#at + this.#peek().length);
      }
    }
    const from = this.#at;
    const end = this.#arguments(hereEnds, 'command');
    this.#doubt(Math.min(start, from), this.#at, isConditional ? OUT_OF_CONDITION : undefined);
    return { joint: end, readsInput };
  }

  /** Takes in the script that the command at hand calls, where it calls one; says whether it does. */
  #includeScript(): boolean {
    const [command = ''] = this.#text.slice(this.#at, this.#at + 2000).split(/[\n;|&<>]/, 1);
    if (this.#functions.has(this.#peek())) return false;
    const script = calledScript(command.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, '')));
    // What settings say counts where the script has set a variable before.
    if (script === undefined || script.path === '' || (isSettings(script) && !this.#hasAssigned)) return false;
    const at = this.#text.indexOf(script.path, this.#at);
    const name = script.path.replace(/[^\w./-]/g, '_');
    // The sign of a file to be included takes the place before the path, or the path's first.
    this.#blankTo(Math.max(this.#at, at - 1));
    this.#put(at > this.#at ? `@${name}` : `@${name.slice(1)}`);
    return true;
  }

  /** Options of what stands before a command, and variables that are set for it alone. */
  #options(withValue: RegExp): void {
    for (;;) {
      this.#skipBlanks();
      const word = this.#peek();
      if (!/^-|^[A-Za-z_]\w*=/.test(word)) return;
      this.#blankTo(this.#at + word.length);
      if (!withValue.test(word)) continue;
      this.#skipBlanks();
      this.#blankTo(this.#at + this.#peek().length);
    }
  }

  /** Whether the words of the command at hand are for a program that calls nft to change something. */
  #tellsNft(): boolean {
    const rest = this.#text.slice(this.#at, Math.min(this.#endOfLine(), this.#at + 2000));
    return /[\s"'/;]nft\s+(?:-\S+\s+)*["']?(?:add|insert|create|replace|delete|destroy|flush|-f)\b/.test(rest);
  }

  #skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const at = this.#at;
      const code = text.charCodeAt(at);
      if (code === 92 && (text.charCodeAt(at + 1) === 10 || text.startsWith('\r\n', at + 1))) {
        this.#put(text.slice(at, text.indexOf('\n', at) + 1));
      } else if (code === 32 || code === 9 || code === 13) this.#put(' ');
      else return;
    }
  }

  /** The word at hand; empty at the end of a command. */
  #peek(): string {
    const { text } = this;
    let at = this.#at;
    while (at < text.length && !/[\s;|&<>]/.test(text[at] as string) && at - this.#at < 300) at += 1;
    return text.slice(this.#at, at);
  }

  #endOfLine(): number {
    const newline = this.#text.indexOf('\n', this.#at);
    return newline === -1 ? this.#text.length : newline;
  }

  /**
   * What is left of a command, up to and with the sign that ends it. `keeps`: whether nft is told it.
   * A sign that ends a command of nft becomes a semicolon.
   */
  #arguments(
    hereEnds: { readonly end: string; readonly strips: boolean }[],
    keeps: 'command' | 'value' | 'joint' | 'nothing',
  ): string {
    const { text } = this;
    const says = keeps === 'command' || keeps === 'value';
    const ends = keeps !== 'nothing';
    this.#hasQuote = false;
    let isSpoken = false;
    for (;;) {
      const at = this.#at;
      if (at >= text.length) return '';
      const sign = text[at] as string;
      const two = text.slice(at, at + 2);
      if (sign === '\n') {
        this.#put('\n');
        return '\n';
      }
      if (two === '&&' || two === '||' || two === ';;') {
        this.#put(`${ends ? ';' : ' '} `);
        return two;
      }
      if (sign === ';' || sign === '|' || (sign === '&' && text[at + 1] !== '>')) {
        this.#put(ends ? ';' : ' ');
        return sign;
      }
      if (sign === '#' && /\s/.test(text[at - 1] ?? ' ')) this.#blankTo(this.#endOfLine());
      else if (two === '<<' && text[at + 2] !== '<') this.#hereWord(hereEnds);
      else if (sign === '>' || sign === '<' || two === '&>') this.#redirection(keeps === 'command');
      else if (/^\d>/.test(two) && /\s/.test(text[at - 1] ?? ' ')) this.#blankTo(at + 1);
      else if (sign === "'" || sign === '"') {
        const isText = isSpoken || /\b(?:comment|prefix)\s*$/.test(text.slice(Math.max(0, at - 20), at));
        this.#quoted(sign, says, isText);
        isSpoken = false;
      } else if (sign === '\\') this.#escaped(says);
      else if (sign === '$' || sign === '`') this.#variable(says);
      else if (says) this.#put(sign === '\r' ? ' ' : sign);
      else this.#blankTo(at + 1);
    }
  }

  #hereWord(hereEnds: { readonly end: string; readonly strips: boolean }[]): void {
    const found = /^<<(-?)\s*(["']?)([\w.-]+)\2/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (found === null) {
      this.#blankTo(this.#at + 2);
      return;
    }
    hereEnds.push({ end: found[3] as string, strips: found[1] === '-' });
    this.#blankTo(this.#at + found[0].length);
  }

  /** A file that a command reads or writes, or a text that it is given (`<<<`), which `says` something to nft. */
  #redirection(says: boolean): void {
    const { text } = this;
    const isText = text.startsWith('<<<', this.#at);
    const found = /^(?:&>>?|[<>]{1,3})&?[ \t]*/.exec(text.slice(this.#at, this.#at + 500));
    this.#blankTo(this.#at + Math.max(1, found?.[0].length ?? 1));
    const quote = text[this.#at];
    if (quote === '"' || quote === "'") this.#quoted(quote, says && isText, false);
    else this.#blankTo(this.#at + (/^[^\s;|&]*/.exec(text.slice(this.#at, this.#at + 500))?.[0].length ?? 0));
  }

  /** A quoted part. `isText`: its quotes are nft's as well. */
  #quoted(quote: string, says: boolean, isText: boolean): void {
    const { text } = this;
    const start = this.#at;
    let close = start + 1;
    while (close < text.length && text[close] !== quote) close += text[close] === '\\' && quote === '"' ? 2 : 1;
    close = Math.min(close, text.length);
    if (!says) {
      this.#blankTo(Math.min(close + 1, text.length));
      return;
    }
    const keepsQuotes = isText && !/["\n]/.test(text.slice(start + 1, close));
    this.#put(keepsQuotes ? '"' : ' ');
    while (this.#at < close) {
      const sign = text[this.#at] as string;
      if (quote === '"' && sign === '\\') this.#escaped(true);
      else if (quote === '"' && (sign === '$' || sign === '`')) this.#variable(true);
      else this.#put(sign);
    }
    if (this.#at < text.length) this.#put(keepsQuotes ? '"' : ' ');
  }

  /** A backslash and what it keeps from the shell. */
  #escaped(says: boolean): void {
    const { text } = this;
    const next = text[this.#at + 1];
    if (next === undefined) this.#blankTo(this.#at + 1);
    else if (next === '\n') this.#put('\\\n');
    else if (next === '\r' && text[this.#at + 2] === '\n') this.#put('\\\r\n');
    else if (!says) this.#blankTo(this.#at + 2);
    else if (next === '"') {
      this.#put(this.#hasQuote ? '" ' : ' "');
      this.#hasQuote = !this.#hasQuote;
    } else this.#put(`${next} `);
  }

  /** `$name`, `${name}`; what a command prints, and other forms, stand for a name that nobody defines. */
  #variable(says: boolean): void {
    const { text } = this;
    const rest = text.slice(this.#at, this.#at + 200);
    const plain = /^\$\w+/.exec(rest) ?? /^\$\{(\w+)\}/.exec(rest);
    if (plain !== null) {
      const written = plain[1] === undefined ? plain[0] : ` $${plain[1]} `;
      if (says) this.#put(written);
      else this.#blankTo(this.#at + plain[0].length);
      return;
    }
    const end = this.#endOfExpansion();
    if (end - this.#at < 2) {
      this.#blankTo(this.#at + 1);
      return;
    }
    const start = this.#at;
    if (says) this.#put('$_');
    this.#blankTo(Math.max(end, start + 1));
  }

  #endOfExpansion(): number {
    const { text } = this;
    const at = this.#at;
    if (text[at] === '`') {
      const close = text.indexOf('`', at + 1);
      return close === -1 ? this.#endOfLine() : close + 1;
    }
    const open = text[at + 1];
    if (open !== '(' && open !== '{') return at + 1;
    const shut = open === '(' ? ')' : '}';
    let depth = 0;
    for (let next = at + 1; next < Math.min(text.length, at + 2000); next += 1) {
      if (text[next] === open) depth += 1;
      else if (text[next] === shut) {
        depth -= 1;
        if (depth === 0) return next + 1;
      }
    }
    return this.#endOfLine();
  }
}
