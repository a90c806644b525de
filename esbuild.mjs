/**
 * Builds the bundles of dist/: `node esbuild.mjs [--watch] [NAME...]`, all of them unless named.
 *
 * It prints nothing when all is well: `prepare` runs it, and pre-commit takes what `npm pack`
 * prints for a file's name.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';
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

/** What keeps the code runs on it: findings and fixes, as a user's run has them. */
const USUAL_RUN = ['check', 'examples/hospital'];

/** See server/src/cli/launcher.ts. The engine's own is 135168, or half of that, by its age. */
const INTERRUPT_BUDGET = '500000';

/** Keeps the machine code of the command line beside it, so that no run has to compile it again. */
const codeIsKept = {
  name: 'code-is-kept',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onEnd(({ errors }) => {
      const program = resolve(build.initialOptions.outfile ?? '');
      const cache = program.replace(/\.js$/, '.cache');
      rmSync(cache, { force: true });
      if (errors.length > 0 || watch) return;
      const id = createHash('sha256').update(readFileSync(program)).digest('hex');
      appendFileSync(program, `//${id}`);
      // Without it all runs are as right, and a little slower.
      const args = [`--interrupt-budget=${INTERRUPT_BUDGET}`, 'scripts/keep-code.cjs', program, cache, ...USUAL_RUN];
      spawnSync(process.execPath, args, { stdio: 'ignore' });
    });
  },
};

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  cli: {
    ...forNode,
    entryPoints: ['server/src/cli/launcher.ts'],
    outfile: 'dist/cli.js',
    define: { INTERRUPT_BUDGET: JSON.stringify(INTERRUPT_BUDGET) },
    banner: { js: '#!/usr/bin/env node' },
  },
  'cli.main': {
    ...forNode,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.main.js',
    // The launcher calls it as Node calls a module, and what is not a module has no import() of its own.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    supported: { 'dynamic-import': false },
    plugins: [serverStaysOutside, codeIsKept],
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
// The command line is two of them.
if (names.includes('cli')) names.push('cli.main');
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
