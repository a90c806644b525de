import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Span } from '../text/span.js';

/** Something wrong in a JSON file, with its place. */
export interface JsonProblem extends Span {
  readonly file: string;
  readonly message: string;
}

/** A value of a JSON file: what it is, where it stands, and how it is called in messages. */
export interface JsonValue {
  readonly node: Node;
  /** `segments[0].vlans`; the whole file is the empty path. */
  readonly path: string;
}

/** The files that are read here need five levels; the parser calls itself for each, and its stack is not endless. */
const MAX_DEPTH = 100;
/** `{`, `}`, `[`, `]` and the end, as jsonc-parser's scanner numbers its tokens; the enum itself is not there at run time. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

/**
 * Reads a JSON file with comments and trailing commas, and checks it piece by piece. Every check
 * that fails leaves a problem and answers undefined, so that one reading finds them all.
 */
export class JsonFile {
  readonly file: string;
  readonly problems: JsonProblem[] = [];
  readonly root: JsonValue | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    const tooDeep = placeOfDepth(text, MAX_DEPTH);
    if (tooDeep !== undefined) {
      const message = `Nothing in this file is nested more than ${MAX_DEPTH} deep; the file is not read further.`;
      this.problems.push({ file, start: tooDeep, end: tooDeep + 1, message });
      this.root = undefined;
      return;
    }
    const errors: ParseError[] = [];
    const node = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
    for (const { error, offset, length } of errors) {
      const message = `${spaced(printParseErrorCode(error))} in the JSON. Mend it here; the file is not read further.`;
      this.problems.push({ file, start: offset, end: offset + Math.max(length, 1), message });
    }
    this.root = node === undefined ? undefined : { node, path: '' };
    if (node === undefined && errors.length === 0) {
      this.problems.push({ file, start: 0, end: text.length, message: 'The file is empty. It holds a JSON object.' });
    }
  }

  problem(value: JsonValue, message: string): undefined {
    const { offset, length } = value.node;
    this.problems.push({ file: this.file, start: offset, end: offset + length, message });
    return undefined;
  }

  /** The members of an object; keys that are not in `allowed` are problems. */
  object(value: JsonValue, allowed: readonly string[]): ReadonlyMap<string, JsonValue> | undefined {
    const members = this.record(value);
    for (const [key, member] of members ?? []) {
      if (allowed.includes(key)) continue;
      const named = member.node.parent?.children?.[0] ?? member.node;
      this.problem({ ...member, node: named }, `"${key}" is not known here. Known are: ${allowed.join(', ')}.`);
    }
    return members;
  }

  /** The members of an object with any keys. */
  record(value: JsonValue): ReadonlyMap<string, JsonValue> | undefined {
    if (value.node.type !== 'object') return this.problem(value, `${named(value)} must be an object.`);
    const members = new Map<string, JsonValue>();
    for (const property of value.node.children ?? []) {
      const [key, member] = property.children ?? [];
      if (key === undefined || member === undefined) continue;
      const name = String(key.value);
      if (members.has(name)) this.problem({ node: key, path: name }, `"${name}" stands here twice.`);
      members.set(name, { node: member, path: value.path === '' ? name : `${value.path}.${name}` });
    }
    return members;
  }

  array(value: JsonValue | undefined): JsonValue[] | undefined {
    if (value === undefined) return undefined;
    if (value.node.type !== 'array') return this.problem(value, `${named(value)} must be a list: [ ... ].`);
    return (value.node.children ?? []).map((node, at) => ({ node, path: `${value.path}[${at}]` }));
  }

  string(value: JsonValue | undefined): string | undefined {
    if (value === undefined) return undefined;
    if (value.node.type !== 'string') return this.problem(value, `${named(value)} must be a string.`);
    if (value.node.value === '') return this.problem(value, `${named(value)} must not be empty.`);
    return value.node.value as string;
  }

  /** The strings of a list, with their places. */
  strings(value: JsonValue | undefined): { readonly text: string; readonly value: JsonValue }[] {
    return (this.array(value) ?? []).flatMap((item) => {
      const text = this.string(item);
      return text === undefined ? [] : [{ text, value: item }];
    });
  }

  /** The value at a path of keys and positions, for messages about it later. */
  at(...path: (string | number)[]): JsonValue | undefined {
    const node = this.root === undefined ? undefined : findNodeAtLocation(this.root.node, path);
    return node === undefined ? undefined : { node, path: path.join('.') };
  }
}

/** The offset of the first bracket or brace that opens more than `depth` levels. */
function placeOfDepth(text: string, depth: number): number | undefined {
  const scanner = createScanner(text, true);
  let level = 0;
  for (let token: number = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) level += 1;
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) level -= 1;
    if (level > depth) return scanner.getTokenOffset();
  }
  return undefined;
}

function named(value: JsonValue): string {
  return value.path === '' ? 'The file' : `"${value.path}"`;
}

function spaced(code: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
