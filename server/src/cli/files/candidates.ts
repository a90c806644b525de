import { basename, dirname, resolve } from 'node:path';
import { Problem } from '../problem.js';
import { filesOfGlobs, isGlob } from './globs.js';
import { groupBySite, SITE_FILE_NAME } from './review-sets.js';
import { byCodeUnits, type FilesBelow, type FileTree, type NotAnalysed } from './tree.js';

/** A file that the arguments lead to. */
export interface Candidate {
  /** Absolute. */
  readonly path: string;
  /** It was asked for by its own name, not found in a folder or by a glob. */
  readonly named: boolean;
}

export interface Candidates {
  /** In the order of their paths, each once. */
  readonly files: readonly Candidate[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/**
 * The files that the paths of the command line name, each a file, a folder or a glob, relative to
 * `cwd`. A site file stands for its folder.
 * @throws {Problem} where a path leads to nothing
 */
export function findCandidates(tree: FileTree, cwd: string, paths: readonly string[]): Candidates {
  const isNamed = new Map<string, boolean>();
  const notAnalysed = new Map<string, NotAnalysed>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const entry = tree.entryAt(absolute);
    if (entry === 'file' && basename(absolute) !== SITE_FILE_NAME) {
      isNamed.set(absolute, true);
    } else if (entry === 'special') {
      notAnalysed.set(absolute, { path: absolute, reason: 'not a regular file', weight: 'named' });
    } else if (typeof entry === 'object') {
      notAnalysed.set(absolute, { path: absolute, reason: entry.unreadable, weight: 'named' });
    } else {
      const found = filesBehind(tree, cwd, path, entry);
      for (const file of found.files) if (!isNamed.has(file)) isNamed.set(file, false);
      for (const problem of found.notAnalysed) {
        if (!notAnalysed.has(problem.path)) notAnalysed.set(problem.path, problem);
      }
    }
  }
  const files = [...isNamed].map(([path, named]) => ({ path, named }));
  return { files: files.sort((a, b) => byCodeUnits(a.path, b.path)), notAnalysed: [...notAnalysed.values()] };
}

function filesBehind(tree: FileTree, cwd: string, path: string, entry: 'file' | 'folder' | 'missing'): FilesBelow {
  const absolute = resolve(cwd, path);
  if (entry === 'folder') return tree.filesBelow(absolute);
  if (entry === 'file') return tree.filesBelow(dirname(absolute));
  if (!isGlob(path)) throw new Problem(`No such file or folder: ${path}`);
  const found = filesOfGlobs(tree, cwd, [path]);
  if (found.files.length + found.notAnalysed.length === 0) throw new Problem(`No file matches ${path}`);
  return found;
}

/**
 * The files of which those staged at `paths` are a part: all that share their site file, and those
 * without one at or below `cwd`. A path that is not staged adds nothing: a hook is given whatever a
 * commit touches, deleted files too.
 */
export function findStagedCandidates(tree: FileTree, cwd: string, paths: readonly string[]): Candidates {
  const present = paths.filter((path) => isGlob(path) || tree.entryAt(resolve(cwd, path)) !== 'missing');
  const folders = new Set<string>();
  for (const { site } of groupBySite(tree, findCandidates(tree, cwd, present).files)) {
    folders.add(site === undefined ? cwd : dirname(site));
  }
  const files = [...folders].flatMap((folder) => tree.filesBelow(folder).files);
  return {
    files: [...new Set(files)].sort(byCodeUnits).map((path) => ({ path, named: false })),
    notAnalysed: [],
  };
}
