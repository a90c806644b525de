/**
 * The editor that the tests drive: code-server, the Node that it needs, and playwright-core.
 *
 * They weigh 700 MB, so they are no dependencies of the project. They are installed once into a
 * folder of their own: $ADVISORY_LENS_E2E_CACHE, or advisory-lens-e2e in the user's cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BrowserType } from './browser.js';

const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
const PACKAGES = ['code-server@4.139.1', `${NODE_PACKAGE}@24.21.0`, 'playwright-core@1.65.1'];
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

export interface EditorCache {
  /** The Node that runs code-server. */
  readonly node: string;
  /** code-server's entry file. */
  readonly entry: string;
  readonly chromium: BrowserType;
}

/** The editor, installed now if it is not there yet: about a minute. */
export function editorCache(): EditorCache {
  const folder =
    process.env.ADVISORY_LENS_E2E_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'advisory-lens-e2e');
  // Named after what is in it, and written last: neither another version nor half an installation passes for it.
  const stamp = join(folder, `${PACKAGES.join('_')}.installed`);
  if (!existsSync(stamp)) {
    install(folder);
    writeFileSync(stamp, '');
  }
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, NODE_PACKAGE, 'bin', 'node'),
    entry: join(modules, 'code-server', 'out', 'node', 'entry.js'),
    chromium: createRequire(join(folder, 'package.json'))('playwright-core').chromium,
  };
}

function install(folder: string): void {
  console.log(`Installing ${PACKAGES.join(', ')} in ${folder}.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(folder, ['install', ...QUIET, '--no-save', ...PACKAGES]);
  // code-server's own script would do this, and would compile what these tests do not use.
  npm(join(folder, 'node_modules', 'code-server', 'lib', 'vscode'), [
    'install',
    ...QUIET,
    '--omit=dev',
    '--no-save',
    '--no-package-lock',
    '--legacy-peer-deps',
  ]);
}

function npm(folder: string, args: readonly string[]): void {
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
