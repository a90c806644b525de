import { isBlank } from '../common/words.js';

/** The words of one line, and where they stand. Several words may stand at one place (a variable's). */
export class LineWords {
  #texts: string[] = [];
  #starts: number[] = [];
  #stops: number[] = [];
  #source = '';

  get count(): number {
    return this.#texts.length;
  }

  /** The text that the places are in. */
  get whole(): string {
    return this.#source;
  }

  /** Forgets its words. `source` is the text that the places are in. */
  reset(source: string): this {
    this.#source = source;
    this.#texts.length = 0;
    this.#starts.length = 0;
    this.#stops.length = 0;
    return this;
  }

  push(text: string, start: number, stop: number): void {
    this.#texts.push(text);
    this.#starts.push(start);
    this.#stops.push(stop);
  }

  /** As iptables gets it; empty behind the last. */
  text(at: number): string {
    return this.#texts[at] ?? '';
  }

  start(at: number): number {
    return this.#starts[at] ?? 0;
  }

  stop(at: number): number {
    return this.#stops[at] ?? 0;
  }

  /** As the file has it. */
  source(at: number): string {
    return this.#source.slice(this.start(at), this.stop(at));
  }

  /** The words from `at` on as one string that no other words give. */
  key(at: number): string {
    return this.#texts.slice(at).join('\u0001');
  }
}

/**
 * The words of a line of a restore file: blanks part them, double quotes keep blanks, a backslash
 * inside quotes takes the next character as it is. Source: add_param_to_argv() of iptables.
 */
export function restoreWords(text: string, from: number, end: number, into: LineWords): LineWords {
  into.reset(text);
  let at = from;
  while (at < end) {
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    if (at >= end) break;
    const start = at;
    let isPlain = true;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === 34) {
        isPlain = false;
        break;
      }
      if (isBlank(code)) break;
      at += 1;
    }
    if (isPlain) into.push(text.slice(start, at), start, at);
    else at = quotedWord(text, start, end, into);
  }
  return into;
}

function quotedWord(text: string, start: number, end: number, into: LineWords): number {
  const parts: string[] = [];
  let at = start;
  let from = start;
  let isOpen = false;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (isOpen && code === 92) {
      parts.push(text.slice(from, at));
      from = at + 1;
      at += 2;
      continue;
    }
    if (code === 34) {
      parts.push(text.slice(from, at));
      from = at + 1;
      isOpen = !isOpen;
    } else if (!isOpen && isBlank(code)) break;
    at += 1;
  }
  const stop = Math.min(at, end);
  parts.push(text.slice(Math.min(from, stop), stop));
  into.push(parts.join(''), start, stop);
  return stop;
}
