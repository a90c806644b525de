import { relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { FilesBelow, FileTree } from './tree.js';

/** Whether an argument can only be meant as a glob. */
export function isGlob(path: string): boolean {
  return picomatch.scan(path).isGlob;
}

export function toSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/**
 * The files that one or more globs name, relative to `folder`. One that begins with `!` takes away.
 * @param skip folders that are not entered
 */
export function filesOfGlobs(
  tree: FileTree,
  folder: string,
  globs: readonly string[],
  skip?: (folder: string) => boolean,
): FilesBelow {
  const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const isExcluded = excluded.length === 0 ? () => false : picomatch(excluded, { dot: true });
  const files = new Set<string>();
  const notAnalysed = new Map<string, FilesBelow['notAnalysed'][number]>();
  for (const glob of globs) {
    if (glob.startsWith('!')) continue;
    const found = filesOfGlob(tree, folder, glob, skip);
    for (const path of found.files) if (!isExcluded(toSlashes(relative(folder, path)))) files.add(path);
    for (const entry of found.notAnalysed) notAnalysed.set(entry.path, entry);
  }
  return { files: [...files], notAnalysed: [...notAnalysed.values()] };
}

function filesOfGlob(tree: FileTree, folder: string, glob: string, skip?: (folder: string) => boolean): FilesBelow {
  const scanned = picomatch.scan(glob.replace(/^\.\//, ''));
  const base = resolve(folder, scanned.base);
  if (!scanned.isGlob) {
    return tree.entryAt(base) === 'file' ? { files: [base], notAnalysed: [] } : { files: [], notAnalysed: [] };
  }
  if (tree.entryAt(base) !== 'folder') return { files: [], notAnalysed: [] };
  const matches = picomatch(scanned.glob, { dot: true });
  // A glob of one level needs no walk into folders that it cannot match.
  const oneLevel = !scanned.glob.includes('/') && !scanned.glob.includes('**');
  const below = tree.filesBelow(base, (inner) => oneLevel || skip?.(inner) === true);
  return {
    files: below.files.filter((path) => matches(toSlashes(relative(base, path)))),
    // A folder that cannot be read may hold files that match.
    notAnalysed: below.notAnalysed.filter(
      ({ path, weight }) =>
        matches(toSlashes(relative(base, path))) || (weight === 'grave' && tree.entryAt(path) === 'folder'),
    ),
  };
}
