/**
 * Builds the five bundles of dist/: `node esbuild.mjs [--watch] [NAME...]`, all of them unless named.
 *
 * It prints nothing when all is well: `prepare` runs it, and pre-commit takes what `npm pack`
 * prints for a file's name.
 */
import { chmod } from 'node:fs/promises';
import { build, context } from 'esbuild';

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  // Editors load extensions by require(), and a CommonJS bundle starts faster than a module.
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const forNode = {
  ...common,
  platform: 'node',
  target: 'node20',
  // esbuild's own order for Node takes jsonc-parser's UMD form, whose parts it cannot see to bundle.
  mainFields: ['module', 'main'],
};

/** @type {import('esbuild').BuildOptions} */
const forBrowser = { ...common, platform: 'browser' };

/** The command line starts without the language server and loads its bundle only for `lsp`. */
const serverStaysOutside = {
  name: 'server-stays-outside',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\/node\/main\.js$/ }, () => ({ path: './server.js', external: true }));
  },
};

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  cli: {
    ...forNode,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [serverStaysOutside],
  },
  server: { ...forNode, entryPoints: ['server/src/node/main.ts'], outfile: 'dist/server.js' },
  client: { ...forNode, entryPoints: ['client/src/extension.ts'], outfile: 'dist/client.js', external: ['vscode'] },
  'client.web': {
    ...forBrowser,
    entryPoints: ['client/src/web.ts'],
    outfile: 'dist/client.web.js',
    external: ['vscode'],
  },
  'server.web': {
    ...forBrowser,
    entryPoints: ['server/src/browser/main.ts'],
    outfile: 'dist/server.web.js',
    format: 'iife',
  },
};

const args = process.argv.slice(2);
const watch = args.includes('--watch');
const names = args.filter((arg) => arg !== '--watch');
const unknown = names.filter((name) => !(name in bundles));
if (unknown.length > 0) {
  console.error(`No such bundle: ${unknown.join(', ')}. There are: ${Object.keys(bundles).join(', ')}.`);
  process.exit(2);
}
const chosen = Object.entries(bundles).filter(([name]) => names.length === 0 || names.includes(name));

if (watch) {
  for (const [, options] of chosen) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  // esbuild has already printed what is wrong.
  const results = await Promise.allSettled(chosen.map(([, options]) => build(options)));
  if (results.some((result) => result.status === 'rejected')) process.exitCode = 1;
  else if (chosen.some(([name]) => name === 'cli')) await chmod('dist/cli.js', 0o755);
}
