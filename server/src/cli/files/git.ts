import { isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { errorCode, Problem } from '../problem.js';

/** An entry of the index. */
export interface StagedEntry {
  /** Relative to the top of the working tree, with `/`. */
  readonly path: string;
  readonly object: string;
  /** A submodule and a symbolic link hold no text of their own; of an unmerged file there are several. */
  readonly kind: 'file' | 'symlink' | 'submodule' | 'unmerged';
}

/**
 * The index as git sees it from `folder`, in whatever repository, worktree or index file the
 * environment of a hook names.
 * @throws {Problem} where there is no repository, or no git
 */
export function readIndex(folder: string): { readonly prefix: string; readonly entries: readonly StagedEntry[] } {
  const prefix = lineOf(git(folder, ['rev-parse', '--show-prefix']));
  const listing = git(folder, ['ls-files', '--stage', '-z', '--full-name', '--', ':/']);
  const entries: StagedEntry[] = [];
  for (let at = 0; at < listing.length; ) {
    const end = listing.indexOf(0, at);
    const entry = entryOf(listing.subarray(at, end));
    // The stages of an unmerged file follow each other.
    if (entry.kind !== 'unmerged' || entries.at(-1)?.path !== entry.path) entries.push(entry);
    at = end + 1;
  }
  return { prefix, entries };
}

const KIND_OF_MODE: Readonly<Record<string, StagedEntry['kind']>> = { '120000': 'symlink', '160000': 'submodule' };

/** Reads `100644 <object> 0\t<path>`. */
function entryOf(line: Buffer): StagedEntry {
  const tab = line.indexOf(0x09);
  const [mode = '', object = '', stage = ''] = line.toString('latin1', 0, tab).split(' ');
  const kind = stage === '0' ? (KIND_OF_MODE[mode] ?? 'file') : 'unmerged';
  return { path: nameOf(line.subarray(tab + 1)), object, kind };
}

/** Names are bytes to git. Those that are no UTF-8 stay apart from each other as Latin-1. */
function nameOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

/** The sizes of objects, in bytes; objects that git does not have are absent. */
export function sizesOf(folder: string, objects: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  if (objects.length === 0) return sizes;
  const answer = git(folder, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], objects);
  for (const line of answer.toString('latin1').split('\n')) {
    const [object = '', size = ''] = line.split(' ');
    if (/^\d+$/.test(size)) sizes.set(object, Number(size));
  }
  return sizes;
}

/** The bytes of objects, by their names. All of them are in memory at once. */
export function blobsOf(folder: string, objects: readonly string[]): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  if (objects.length === 0) return blobs;
  const answer = git(folder, ['cat-file', '--batch=%(objectname) %(objectsize)'], objects);
  for (let at = 0; at < answer.length; ) {
    const lineEnd = answer.indexOf(0x0a, at);
    const [object = '', size = ''] = answer.toString('latin1', at, lineEnd).split(' ');
    at = lineEnd + 1;
    if (!/^\d+$/.test(size)) continue;
    blobs.set(object, answer.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}

/**
 * A repository's own settings may name a program that git runs to look at the index. Inside files
 * from elsewhere there may be a bare repository, made for that.
 */
const SAFELY = ['-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit'];

function git(folder: string, args: readonly string[], inputLines: readonly string[] = []): Buffer {
  const run = spawnSync('git', [...SAFELY, ...args], {
    cwd: folder,
    input: inputLines.map((line) => `${line}\n`).join(''),
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    windowsHide: true,
  });
  if (run.error !== undefined) {
    const why = errorCode(run.error) === 'ENOENT' ? 'git is not installed' : run.error.message;
    throw new Problem(`--staged reads what is staged in git, and ${why}.`);
  }
  if (run.status !== 0) {
    const said = run.stderr.toString('utf8').trim().split('\n')[0] ?? '';
    if (said.includes('not a git repository'))
      throw new Problem('--staged works inside a git repository, and this is none.');
    throw new Problem(`git ${args[0]} failed: ${said.replace(/^fatal: /, '')}`);
  }
  return run.stdout;
}

function lineOf(output: Buffer): string {
  return nameOf(output).replace(/\r?\n$/, '');
}
