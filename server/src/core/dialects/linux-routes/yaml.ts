import type { SourceFile } from '../../text/source-file.js';

/**
 * As much of YAML as people and tools write netplan files in: blocks and flows of maps and lists,
 * plain and quoted scalars, comments. What is beyond that (anchors, aliases, tags, merge keys, block
 * scalars, what is nested too deep) is `unread`, so that nobody takes it for nothing. An alias is never
 * followed, which is why no file can grow.
 */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlUnread;

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Without quotes; empty for a value that is left out. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly start: number;
  readonly end: number;
}

export interface YamlEntry {
  readonly key: string;
  /** Of the key. */
  readonly start: number;
  readonly end: number;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly start: number;
  readonly end: number;
}

export interface YamlUnread {
  readonly kind: 'unread';
  readonly start: number;
  readonly end: number;
}

const DEEPEST = 32;

interface Line {
  indent: number;
  /** Where what stands on it begins, and ends without its comment. */
  start: number;
  readonly end: number;
}

/** Reads the first document of a text. */
export function readYaml(file: SourceFile): YamlNode {
  return new YamlReader(file).read();
}

class YamlReader {
  readonly #text: string;
  readonly #lines: Line[] = [];
  #at = 0;

  constructor(file: SourceFile) {
    this.#text = file.text;
    let documents = 0;
    for (let row = 0; row < file.lineCount; row += 1) {
      const from = file.lineStarts[row] as number;
      const line = file.lineText(row);
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
        if (this.#lines.length > 0) documents += 1;
        continue;
      }
      if (documents > 0 || line.startsWith('%')) continue;
      const bom = row === 0 && line.charCodeAt(0) === 0xfeff ? 1 : 0;
      let indent = bom;
      while (line.charAt(indent) === ' ') indent += 1;
      const end = endOfContent(line, indent);
      if (end > indent) this.#lines.push({ indent: indent - bom, start: from + indent, end: from + end });
    }
  }

  read(): YamlNode {
    return this.#block(0, 0);
  }

  /** The node that begins at the line at hand, if that is indented by `least` or more. */
  #block(least: number, depth: number): YamlNode {
    const line = this.#lines[this.#at];
    if (line === undefined || line.indent < least) return this.#nothing();
    if (depth > DEEPEST) return this.#skip(line.indent);
    const sign = this.#text.charAt(line.start);
    if (this.#isItem(line)) return this.#list(line.indent, depth);
    if (sign === '[' || sign === '{') return this.#flowAt(line.start, line.indent);
    const colon = this.#colonOf(line);
    if (colon !== undefined) return this.#map(line.indent, depth);
    return this.#scalar(line.start, line, line.indent - 1);
  }

  #nothing(): YamlScalar {
    const before = this.#lines[this.#at - 1];
    const at = before?.end ?? 0;
    return { kind: 'scalar', text: '', start: at, end: at };
  }

  #isItem({ start, end }: Line): boolean {
    return this.#text.charAt(start) === '-' && (start + 1 === end || this.#text.charAt(start + 1) === ' ');
  }

  /** All lines that are indented by at least `indent`. */
  #skip(indent: number): YamlUnread {
    const first = this.#lines[this.#at] as Line;
    let end = first.end;
    do {
      end = (this.#lines[this.#at] as Line).end;
      this.#at += 1;
    } while ((this.#lines[this.#at]?.indent ?? -1) >= indent);
    return { kind: 'unread', start: first.start, end };
  }

  #list(indent: number, depth: number): YamlList {
    const items: YamlNode[] = [];
    const { start } = this.#lines[this.#at] as Line;
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent !== indent || !this.#isItem(line)) break;
      let at = line.start + 1;
      while (at < line.end && this.#text.charAt(at) === ' ') at += 1;
      if (at >= line.end) {
        this.#at += 1;
        items.push(this.#block(indent + 1, depth + 1));
      } else {
        // What stands behind the hyphen is a line of its own, so much further in.
        line.indent += at - line.start;
        line.start = at;
        items.push(this.#block(indent + 1, depth + 1));
      }
    }
    return { kind: 'list', items, start, end: this.#lines[this.#at - 1]?.end ?? start };
  }

  #map(indent: number, depth: number): YamlMap {
    const entries: YamlEntry[] = [];
    const { start } = this.#lines[this.#at] as Line;
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent !== indent) {
        if (line === undefined || line.indent < indent) break;
        // Deeper than its neighbours, and part of none of them.
        const skipped = this.#skip(indent + 1);
        entries.push({ key: '', start: skipped.start, end: skipped.end, value: skipped });
        continue;
      }
      const colon = this.#isItem(line) ? undefined : this.#colonOf(line);
      if (colon === undefined) {
        if (this.#isItem(line)) break;
        this.#at += 1;
        const unread: YamlUnread = { kind: 'unread', start: line.start, end: line.end };
        entries.push({ key: '', start: line.start, end: line.end, value: unread });
        continue;
      }
      const key = unquoted(this.#text.slice(line.start, colon).trim());
      entries.push({ key, start: line.start, end: colon, value: this.#value(line, colon + 1, indent, depth) });
    }
    return { kind: 'map', entries, start, end: this.#lines[this.#at - 1]?.end ?? start };
  }

  /** What stands behind a key: on its line, or on the lines below. */
  #value(line: Line, from: number, indent: number, depth: number): YamlNode {
    let at = from;
    while (at < line.end && this.#text.charAt(at) === ' ') at += 1;
    if (at >= line.end) {
      this.#at += 1;
      const next = this.#lines[this.#at];
      // A list may stand as far out as the key that it belongs to.
      if (next?.indent === indent && this.#isItem(next)) return this.#list(indent, depth + 1);
      return this.#block(indent + 1, depth + 1);
    }
    const sign = this.#text.charAt(at);
    if (sign === '[' || sign === '{') return this.#flowAt(at, indent + 1);
    if ('&*!|>'.includes(sign)) {
      this.#at += 1;
      const start = at;
      let end = line.end;
      if ((this.#lines[this.#at]?.indent ?? -1) > indent) end = this.#skip(indent + 1).end;
      return { kind: 'unread', start, end };
    }
    return this.#scalar(at, line, indent);
  }

  /** A plain or quoted scalar, which may go on on lines that are further in. */
  #scalar(start: number, line: Line, indent: number): YamlScalar | YamlUnread {
    this.#at += 1;
    let { end } = line;
    const first = this.#text.slice(start, end);
    if ('&*!'.includes(first.charAt(0))) return { kind: 'unread', start, end };
    while ((this.#lines[this.#at]?.indent ?? -1) > indent) {
      end = (this.#lines[this.#at] as Line).end;
      this.#at += 1;
    }
    const text = end === line.end ? first : this.#text.slice(start, end).replace(/\s+/g, ' ');
    return { kind: 'scalar', text: unquoted(text), start, end };
  }

  #flowAt(start: number, indent: number): YamlNode {
    const flow = new Flow(this.#text, start);
    const node = flow.node(0);
    const line = this.#lines[this.#at] as Line;
    if (node === undefined || flow.at < start) return this.#skip(Math.min(indent, line.indent));
    while (this.#at < this.#lines.length && (this.#lines[this.#at] as Line).start < flow.at) this.#at += 1;
    return node;
  }

  /** Where the colon behind a line's key stands; undefined where it has none. */
  #colonOf({ start, end }: Line): number | undefined {
    const sign = this.#text.charAt(start);
    let at = start;
    if (sign === '"' || sign === "'") {
      at = this.#text.indexOf(sign, start + 1) + 1;
      if (at === 0 || at > end) return undefined;
    } else if ('&*!|>?%@`'.includes(sign)) return undefined;
    for (; at < end; at += 1) {
      if (this.#text.charAt(at) !== ':') continue;
      if (at + 1 >= end || this.#text.charAt(at + 1) === ' ') return at;
    }
    return undefined;
  }
}

/** Where what stands on a line ends: before its comment, and the blanks in front of that. */
function endOfContent(line: string, from: number): number {
  let quote = '';
  let end = line.length;
  for (let at = from; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if ((sign === '"' || sign === "'") && (at === from || /[\s[{,:]/.test(line.charAt(at - 1)))) quote = sign;
    else if (sign === '#' && (at === from || line.charCodeAt(at - 1) <= 32)) {
      end = at;
      break;
    }
  }
  while (end > from && line.charCodeAt(end - 1) <= 32) end -= 1;
  return end;
}

function unquoted(text: string): string {
  const sign = text.charAt(0);
  const isQuoted = text.length >= 2 && (sign === '"' || sign === "'") && text.endsWith(sign);
  return isQuoted ? text.slice(1, -1) : text;
}

/** `[a, b]` and `{a: b}`, over as many lines as they take. */
class Flow {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** Undefined where it is none, or does not end. */
  node(depth: number): YamlNode | undefined {
    this.#blanks();
    const sign = this.#text.charAt(this.at);
    if (depth > DEEPEST) return undefined;
    if (sign === '[') return this.#list(depth);
    if (sign === '{') return this.#map(depth);
    return this.#scalar();
  }

  #list(depth: number): YamlList | undefined {
    const start = this.at;
    const items: YamlNode[] = [];
    this.at += 1;
    for (;;) {
      this.#blanks();
      const sign = this.#text.charAt(this.at);
      if (sign === '') return undefined;
      if (sign === ']') break;
      if (sign === ',') {
        this.at += 1;
        continue;
      }
      const item = this.node(depth + 1);
      if (item === undefined) return undefined;
      this.#blanks();
      if (item.kind === 'scalar' && this.#text.charAt(this.at) === ':') {
        // `[a: b]` is a map of one entry.
        this.at += 1;
        const value = this.node(depth + 1);
        if (value === undefined) return undefined;
        items.push({
          kind: 'map',
          entries: [{ key: item.text, start: item.start, end: item.end, value }],
          start: item.start,
          end: value.end,
        });
      } else items.push(item);
    }
    this.at += 1;
    return { kind: 'list', items, start, end: this.at };
  }

  #map(depth: number): YamlMap | undefined {
    const start = this.at;
    const entries: YamlEntry[] = [];
    this.at += 1;
    for (;;) {
      this.#blanks();
      const sign = this.#text.charAt(this.at);
      if (sign === '') return undefined;
      if (sign === '}') break;
      if (sign === ',') {
        this.at += 1;
        continue;
      }
      const key = this.#scalar();
      if (key?.kind !== 'scalar') return undefined;
      this.#blanks();
      let value: YamlNode = { kind: 'scalar', text: '', start: this.at, end: this.at };
      if (this.#text.charAt(this.at) === ':') {
        this.at += 1;
        this.#blanks();
        if (!',}'.includes(this.#text.charAt(this.at))) {
          const found = this.node(depth + 1);
          if (found === undefined) return undefined;
          value = found;
        }
      }
      entries.push({ key: key.text, start: key.start, end: key.end, value });
    }
    this.at += 1;
    return { kind: 'map', entries, start, end: this.at };
  }

  #scalar(): YamlScalar | YamlUnread | undefined {
    const start = this.at;
    const sign = this.#text.charAt(start);
    if (sign === '"' || sign === "'") {
      const close = this.#text.indexOf(sign, start + 1);
      if (close === -1) return undefined;
      this.at = close + 1;
      return { kind: 'scalar', text: this.#text.slice(start + 1, close), start, end: this.at };
    }
    const { length } = this.#text;
    let at = start;
    for (; at < length; at += 1) {
      const one = this.#text.charAt(at);
      if (',[]{}\n'.includes(one)) break;
      if (one === ':' && /^[\s,\]}]?$/.test(this.#text.charAt(at + 1))) break;
      if (one === '#' && this.#text.charCodeAt(at - 1) <= 32) break;
    }
    if (at === start) return undefined;
    this.at = at;
    let end = at;
    while (end > start && this.#text.charCodeAt(end - 1) <= 32) end -= 1;
    const text = this.#text.slice(start, end);
    if ('&*!'.includes(text.charAt(0))) return { kind: 'unread', start, end };
    return { kind: 'scalar', text, start, end };
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      if (code <= 32) this.at += 1;
      else if (code === 35 && (this.at === 0 || this.#text.charCodeAt(this.at - 1) <= 32)) {
        const newline = this.#text.indexOf('\n', this.at);
        this.at = newline === -1 ? this.#text.length : newline;
      } else return;
    }
  }
}
