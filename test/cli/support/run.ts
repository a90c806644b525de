import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const CLI = join(ROOT, 'dist', 'cli.js');

if (!existsSync(CLI) || !existsSync(join(ROOT, 'dist', 'server.js'))) {
  const build = spawnSync(process.execPath, ['esbuild.mjs', 'cli', 'server'], { cwd: ROOT, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`The command line does not build:\n${build.stderr}`);
}

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables that would change what is under test, or lead git elsewhere. */
const CLEARED = ['NO_COLOR', 'FORCE_COLOR', 'GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE', 'ADVISORY_LENS_DEBUG'];

export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...extra };
  for (const name of CLEARED) if (extra[name] === undefined) delete env[name];
  return env;
}

/** Runs the bundled command line in a folder. A run that hangs is ended, and has no code. */
export function run(cwd: string, args: readonly string[], options: RunOptions = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    input: options.input ?? '',
    env: cleanEnvironment(options.env),
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    timeout: 120_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** A new folder with these files, removed after the test. */
export function folderWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'advisory-lens-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
