/**
 * Holds ARCHITECTURE.md's table of layers against the imports of every source file.
 *
 * The table is a list of what each folder may import, in full; what is not in it is forbidden.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';

const CORE = 'server/src/core';
const core = (...names: string[]): string[] => names.map((name) => `${CORE}/${name}`);

interface Layer {
  /** A folder or a file; the longest one that holds a source file rules it. `*` is one folder's name. */
  readonly place: string;
  /** Folders and files of this repository, beside the place itself. */
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

/** All of the core, with the face of the dialects but none of them. */
const ALL_BUT_THE_DIALECTS = core(
  'text',
  'net',
  'model',
  'dialects/dialect.ts',
  'dialects/registry.ts',
  'headerspace',
  'dataplane',
  'reachability',
  'advisories',
  'review',
  'rules',
  'fixes',
  'inspect',
  'report.ts',
);
/** What the outer folders know of the core: the façade, its plain data, how bytes become text, and globs. */
const FACADE = core('workspace.ts', 'report.ts', 'text/decode.ts', 'text/glob.ts');

const LAYERS: readonly Layer[] = [
  { place: `${CORE}/text`, imports: [] },
  { place: `${CORE}/net`, imports: [] },
  { place: `${CORE}/net/prefix.ts`, imports: core('net'), packages: ['ip-cidr'] },
  { place: `${CORE}/model`, imports: core('text', 'net') },
  { place: `${CORE}/dialects/dialect.ts`, imports: core('text', 'net', 'model') },
  { place: `${CORE}/dialects/common`, imports: core('dialects/dialect.ts', 'text', 'net', 'model') },
  { place: `${CORE}/dialects/*`, imports: core('dialects/dialect.ts', 'dialects/common', 'text', 'net', 'model') },
  { place: `${CORE}/dialects/registry.ts`, imports: core('dialects', 'text') },
  { place: `${CORE}/headerspace`, imports: core('net') },
  { place: `${CORE}/dataplane`, imports: core('net', 'model') },
  {
    place: `${CORE}/reachability`,
    imports: core('model', 'net', 'headerspace', 'dataplane', 'text/span.ts'),
  },
  // The twins: neither knows the other.
  ...['symbolic', 'concrete'].map((twin) => ({
    place: `${CORE}/reachability/${twin}`,
    imports: core(
      'model',
      'net',
      'headerspace',
      'dataplane',
      'text/span.ts',
      ...['disposition', 'flow', 'policy-order', 'words'].map((name) => `reachability/${name}.ts`),
    ),
  })),
  {
    place: `${CORE}/reachability/reach.ts`,
    imports: core('model', 'net', 'headerspace', 'dataplane', 'reachability/symbolic', 'reachability/words.ts'),
  },
  {
    place: `${CORE}/reachability/evaluate.ts`,
    imports: core(
      'model',
      'net',
      'dataplane',
      'reachability/concrete',
      ...['disposition', 'flow', 'words'].map((name) => `reachability/${name}.ts`),
    ),
  },
  {
    place: `${CORE}/advisories`,
    imports: core('text', 'net', 'model', 'headerspace', 'dataplane', 'reachability', 'review', 'report.ts'),
    packages: ['jsonc-parser'],
  },
  {
    place: `${CORE}/review`,
    imports: core('text', 'net', 'model', 'headerspace', 'dataplane', 'reachability', 'advisories', 'report.ts'),
    packages: ['jsonc-parser'],
  },
  ...core('rules', 'fixes', 'inspect', 'workspace-report.ts').map((place) => ({
    place,
    imports: ALL_BUT_THE_DIALECTS,
  })),
  {
    place: `${CORE}/file-set.ts`,
    imports: core('dialects/registry.ts', 'model', 'review', 'text', 'workspace-report.ts'),
  },
  { place: `${CORE}/kept-findings.ts`, imports: [...ALL_BUT_THE_DIALECTS, ...core('workspace-report.ts')] },
  { place: `${CORE}/workspace-api.ts`, imports: core('inspect', 'report.ts', 'text') },
  {
    place: `${CORE}/workspace.ts`,
    imports: [
      ...ALL_BUT_THE_DIALECTS,
      ...core('file-set.ts', 'kept-findings.ts', 'workspace-api.ts', 'workspace-report.ts'),
    ],
  },
  { place: `${CORE}/report.ts`, imports: core('reachability/disposition.ts', 'text') },
  { place: 'server/src/protocol.ts', imports: core('report.ts') },
  {
    place: 'server/src/lsp',
    imports: ['server/src/protocol.ts', ...FACADE],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  {
    place: 'server/src/node',
    imports: ['server/src/lsp', 'server/src/protocol.ts', ...FACADE],
    packages: ['vscode-languageserver', 'node:*'],
  },
  {
    place: 'server/src/browser',
    imports: ['server/src/lsp', 'server/src/protocol.ts', ...FACADE],
    packages: ['vscode-languageserver'],
  },
  {
    place: 'server/src/cli',
    // The language server's own bundle, loaded for `lsp` only; texts to show, and the addresses of packets to trace.
    imports: ['server/src/node/main.ts', ...FACADE, ...core('text', 'net')],
    packages: ['node:*'],
  },
  {
    place: 'client/src',
    imports: ['server/src/protocol.ts'],
    packages: ['vscode', 'vscode-languageclient', 'jsonc-parser'],
  },
];

/** Every specifier that a source file imports or re-exports, static or dynamic, types included. */
function specifiersOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
    /\brequire\s*\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] as string));
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.filter((layer) => holds(layer.place, file)).sort((a, b) => rank(b) - rank(a))[0];
}

/** A named folder rules before `*`, a deeper one before a higher one. */
function rank({ place }: Layer): number {
  return place.split('/').length * 2 + (place.includes('*') ? 0 : 1);
}

function holds(place: string, file: string): boolean {
  const names = place.split('/');
  const path = file.split('/');
  return names.every((name, at) => (name === '*' ? path.length > at + 1 : name === path[at]));
}

/** Why a file may not import what a specifier names; undefined where it may. */
function objection(file: string, specifier: string): string | undefined {
  const layer = layerOf(file);
  if (layer === undefined) return `${file} stands in no layer`;
  if (!specifier.startsWith('.')) {
    const name = specifier.startsWith('node:') ? 'node:*' : (/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    return layer.packages?.includes(name) ? undefined : `${file} must not import ${specifier}`;
  }
  const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
  const own = layer.place.includes('*')
    ? file.split('/').slice(0, layer.place.split('/').length).join('/')
    : layer.place;
  const allowed = [own, ...layer.imports].some((place) => holds(place, target));
  return allowed ? undefined : `${file} must not import ${target}`;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

describe('layers', () => {
  const files = [...sourceFiles('server/src'), ...sourceFiles('client/src')];

  it('every source file imports only what its layer may', () => {
    const objections = files.flatMap((file) =>
      specifiersOf(readFileSync(file, 'utf8')).map((specifier) => objection(file, specifier)),
    );
    assert.deepEqual(
      objections.filter((found) => found !== undefined),
      [],
    );
  });

  it('every import statement was seen', () => {
    for (const file of files) {
      const source = readFileSync(file, 'utf8');
      const statements = source.match(/^import\b/gm) ?? [];
      assert.ok(
        specifiersOf(source).length >= statements.length,
        `${file}: an import is written in a way not known here`,
      );
    }
  });

  it('one file alone knows ip-cidr', () => {
    const importers = files.filter((file) => specifiersOf(readFileSync(file, 'utf8')).includes('ip-cidr'));
    assert.deepEqual(importers, [`${CORE}/net/prefix.ts`]);
  });

  describe('the table forbids', () => {
    for (const [file, specifier] of [
      [`${CORE}/dialects/cisco-ios/index.ts`, '../linux-iptables/index.js'],
      [`${CORE}/dialects/common/words.ts`, '../cisco-ios/index.js'],
      [`${CORE}/headerspace/set.ts`, '../model/acl.js'],
      [`${CORE}/reachability/engine.ts`, '../text/source-file.js'],
      [`${CORE}/rules/block-shadowed.ts`, '../dialects/cisco-ios/index.js'],
      [`${CORE}/text/span.ts`, 'node:fs'],
      [`${CORE}/workspace.ts`, 'vscode-languageserver'],
      [`${CORE}/net/ip.ts`, 'ip-cidr'],
      ['server/src/lsp/hover.ts', '../core/model/acl.js'],
      ['server/src/browser/main.ts', 'node:fs'],
      ['server/src/cli/main.ts', 'vscode-languageserver/node'],
      ['client/src/session.ts', '../../server/src/core/report.js'],
      ['server/src/new-folder/file.ts', '../core/workspace.js'],
    ] as const) {
      it(`${file} → ${specifier}`, () => {
        assert.notEqual(objection(file, specifier), undefined);
      });
    }
  });

  it('sees imports in every way of writing them', () => {
    const source = `
      import a from 'a';
      import type { B } from "b";
      import {
        c,
        type D,
      } from './c.js';
      import './e.js';
      export * from './f.js';
      export type { G } from './g.js';
      // import h from 'h';
      /* import i from 'i'; */
      const j = await import('./j.js');
      const k = require('k');`;
    assert.deepEqual(
      specifiersOf(source).sort(),
      ['./c.js', './e.js', './f.js', './g.js', './j.js', 'a', 'b', 'k'].sort(),
    );
  });
});
