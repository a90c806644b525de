import { isAbsolute, relative, resolve, sep } from 'node:path';
import { compileGlob, isGlob, splitGlob } from '../../core/text/glob.js';
import type { FilesBelow, FileTree } from './tree.js';

export { isGlob } from '../../core/text/glob.js';

/** A path with `/`. On most systems a backslash is a letter of a name, and two names must stay two. */
export function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/**
 * Whether a glob of a site file can name a file outside the folder that it is relative to. Nothing is
 * looked for there: whoever wrote the site file may want a private file read, and its words quoted.
 */
export function leadsOut(glob: string): boolean {
  const plain = glob.replace(/^!/, '');
  return isAbsolute(plain) || toSlashes(plain).split('/').includes('..');
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
  const exclusions = excluded.map(compileGlob);
  const isExcluded = (path: string) => exclusions.some((matches) => matches(path));
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
  const plain = glob.replace(/^\.\//, '');
  const { folder: fixed, rest } = splitGlob(plain);
  const base = resolve(folder, fixed);
  if (!isGlob(plain)) {
    return tree.entryAt(base) === 'file' ? { files: [base], notAnalysed: [] } : { files: [], notAnalysed: [] };
  }
  if (tree.entryAt(base) !== 'folder') return { files: [], notAnalysed: [] };
  const matches = compileGlob(rest);
  // A glob of one level needs no walk into folders that it cannot match.
  const oneLevel = !rest.includes('/') && !rest.includes('**');
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
