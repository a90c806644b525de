/**
 * Each file of snippets/ is a configuration with marks, in the grammar of its ending. A mark names
 * scopes that every marked character of the line above it has: `!   ^^^^ scope` marks the columns of
 * the carets, `!<--- scope` as many as there are dashes from column 1, and `- scope` behind them scopes
 * that it has not. In place of `!` stands the sign of the language's comments. The marks are cut out
 * before the text is tokenized.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, describe, it } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';

const SNIPPETS = new URL('snippets/', import.meta.url);
const SYNTAXES = new URL('../../syntaxes/', import.meta.url);
const MARK = /^[!#](?: *(\^+)|<(-+))((?: +[\w.-]+)+)$/;

/** The grammars by the ending of their snippets. */
const GRAMMARS = [
  { name: 'IOS', ending: '.ios', file: 'cisco-ios.tmLanguage.json' },
  { name: 'iptables', ending: '.iptables', file: 'iptables.tmLanguage.json' },
  { name: 'nftables', ending: '.nft', file: 'nftables.tmLanguage.json' },
] as const;

interface Mark {
  readonly at: number;
  /** Zero-based and half-open. */
  readonly start: number;
  readonly end: number;
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

interface MarkedLine {
  readonly text: string;
  readonly marks: readonly Mark[];
}

function readMarkedLines(text: string): MarkedLine[] {
  const lines: { text: string; marks: Mark[] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const found = MARK.exec(line);
    if (found === null) {
      lines.push({ text: line, marks: [] });
      continue;
    }
    const [, carets, dashes, scopes] = found as unknown as [string, string | undefined, string | undefined, string];
    const start = carets === undefined ? 0 : line.indexOf('^');
    const [has, lacks] = scopes.split(' - ').map((part) => part.trim().split(/ +/)) as [string[], string[]?];
    const mark = { at: index + 1, start, end: start + (carets ?? dashes ?? '').length, has, lacks: lacks ?? [] };
    const marked = lines.at(-1);
    assert.ok(marked !== undefined, 'A mark stands under no line.');
    marked.marks.push(mark);
  }
  return lines;
}

async function loadGrammar(file: string): Promise<IGrammar> {
  const text = readFileSync(new URL(file, SYNTAXES), 'utf8');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(text, file),
  });
  const grammar = await registry.loadGrammar(JSON.parse(text).scopeName);
  assert.ok(grammar !== null);
  return grammar;
}

/** The scopes of every character of every line. */
function tokenize(grammar: IGrammar, lines: readonly string[]): readonly string[][][] {
  let stack = textmate.INITIAL;
  return lines.map((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return Array.from(line, (_, at) => {
      const token = result.tokens.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex);
      return token?.scopes.slice() ?? [];
    });
  });
}

/** A wanted scope stands for itself and for all that it begins: `string` for `string.unquoted`. */
function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope === wanted || scope.startsWith(`${wanted}.`));
}

function complaintsOf({ marks }: MarkedLine, scopes: readonly string[][]): string[] {
  return marks.flatMap(({ at, start, end, has, lacks }) =>
    Array.from({ length: end - start }, (_, offset) => start + offset).flatMap((column) => {
      const found = scopes[column];
      if (found === undefined) return [`line ${at}: there is no column ${column + 1} above`];
      const shown = `line ${at}, column ${column + 1}: ${found.join(' ')}`;
      return [
        ...has.filter((scope) => !hasScope(found, scope)).map((scope) => `${shown} lacks ${scope}`),
        ...lacks.filter((scope) => hasScope(found, scope)).map((scope) => `${shown} has ${scope}`),
      ];
    }),
  );
}

before(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
});

for (const { name: language, ending, file } of GRAMMARS) {
  describe(`the ${language} grammar`, () => {
    let grammar: IGrammar;
    before(async () => {
      grammar = await loadGrammar(file);
    });

    for (const name of readdirSync(SNIPPETS).sort()) {
      if (!name.endsWith(ending)) continue;
      it(name.slice(0, -ending.length), () => {
        const lines = readMarkedLines(readFileSync(new URL(name, SNIPPETS), 'utf8'));
        assert.ok(
          lines.some(({ marks }) => marks.length > 0),
          'The snippet has no mark.',
        );
        const scopes = tokenize(
          grammar,
          lines.map(({ text }) => text),
        );
        assert.deepEqual(
          lines.flatMap((line, index) => complaintsOf(line, scopes[index] ?? [])),
          [],
        );
      });
    }

    it('has no include that leads nowhere, and no rule that is never included', () => {
      const { patterns, repository } = JSON.parse(readFileSync(new URL(file, SYNTAXES), 'utf8'));
      const text = JSON.stringify([patterns, repository]);
      const included = new Set([...text.matchAll(/"include":"#([\w-]+)"/g)].map((match) => match[1]));
      assert.deepEqual([...included].sort(), Object.keys(repository).sort());
    });
  });
}

it('has a grammar for every snippet', () => {
  const endings = new Set(readdirSync(SNIPPETS).map((name) => name.slice(name.lastIndexOf('.'))));
  assert.deepEqual([...endings].sort(), GRAMMARS.map(({ ending }) => ending).sort());
});
