import { isBlank } from '../common/words.js';
import type { Reader } from './reader.js';

const BANNER_KINDS =
  /^(?:config-save|exec|file|incoming|lcd|login|motd|prompt-timeout|slip-ppp|text|title)$|^(?:mo|lo|ex|in)[a-z]{0,6}$/i;
/** Commands besides `banner` whose last argument is a text between two delimiters. */
const DELIMITED =
  /^(?:aaa\s+authentication\s+(?:banner|fail-message)|menu\s+\S+\s+(?:title|prompt|clear-screen|status-line)|(?:refuse|vacant)-message|ip\s+(?:admission|auth-proxy)\s+auth-proxy-banner\s+\S+)\s+/i;

/**
 * Finds blocks of free text and their ends. One is made for one reading of a file, because it
 * remembers which delimiters do not come again: searching for them once more at each line would
 * take a time that grows with the square of the file.
 */
export class FreeText {
  readonly #missing = new Set<string>();

  /** Whether some free text does not end: what is put in further down may be its end. */
  get isOpen(): boolean {
    return this.#missing.size > 0;
  }

  /**
   * The offset behind the free text that the line at hand opens; undefined where it opens none, and
   * also where its delimiter never comes again: then nothing behind it may be hidden.
   */
  end(reader: Reader): number | undefined {
    const { text, at } = reader;
    const code = text.charCodeAt(at) | 32;
    // b(anner), a(aa), m(enu, macro), r(efuse), v(acant), i(p)
    if (code !== 98 && code !== 97 && code !== 109 && code !== 114 && code !== 118 && code !== 105) return undefined;
    const head = text.slice(at, Math.min(reader.end, at + 200));
    const delimiter = bannerDelimiter(head) ?? otherDelimiter(head);
    if (delimiter !== undefined) return this.#closing(text, at + delimiter);
    if (/^macr?o?\s+name\s+\S+\s*$/i.test(head)) return this.#closingLine(text, reader.end, '@');
    return undefined;
  }

  /** The end of the text whose opening delimiter stands at `at`. */
  #closing(text: string, at: number): number | undefined {
    const delimiter = text.startsWith('^C', at) ? '^C' : text.charAt(at);
    if (this.#missing.has(delimiter)) return undefined;
    const close = text.indexOf(delimiter, at + delimiter.length);
    if (close === -1) {
      this.#missing.add(delimiter);
      return undefined;
    }
    return endOfLine(text, close + delimiter.length);
  }

  /** The end of the first line from `at` on that is nothing but `mark`. */
  #closingLine(text: string, at: number, mark: string): number | undefined {
    if (this.#missing.has(`line ${mark}`)) return undefined;
    for (let next = text.indexOf(`\n${mark}`, at); next !== -1; next = text.indexOf(`\n${mark}`, next + 1)) {
      const end = endOfLine(text, next + 1);
      if (text.slice(next + 1, end).trim() === mark) return end;
    }
    this.#missing.add(`line ${mark}`);
    return undefined;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Where the delimiter of `banner [KIND] DELIMITER...` stands in the line. */
export function bannerDelimiter(head: string): number | undefined {
  const opening = /^ban(?:n(?:e(?:r)?)?)?\s+/i.exec(head);
  if (opening === null) return undefined;
  const at = opening[0].length;
  const kind = /^\S+/.exec(head.slice(at))?.[0] ?? '';
  if (!BANNER_KINDS.test(kind)) return at < head.length ? at : undefined;
  // A kind without a text is no command, and `banner file` has its text elsewhere.
  const text = /^\s+(?=\S)/.exec(head.slice(at + kind.length));
  return text === null || kind === 'file' ? undefined : at + kind.length + text[0].length;
}

function otherDelimiter(head: string): number | undefined {
  const opening = DELIMITED.exec(head);
  return opening === null || opening[0].length >= head.length ? undefined : opening[0].length;
}

/** Whether a line is part of a certificate or a key in hexadecimal or base 64. */
export function isKeyMaterial(text: string, at: number, end: number): boolean {
  for (let next = at; next < end; next += 1) {
    const code = text.charCodeAt(next);
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    // Digits, `+`, `/` and `=`, and the dashes and blanks of PEM's first and last lines.
    const isOther = (code >= 47 && code <= 57) || code === 43 || code === 61 || code === 45;
    if (!isLetter && !isOther && !isBlank(code)) return false;
  }
  return true;
}
