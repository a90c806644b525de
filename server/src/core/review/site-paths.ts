import { isGlob, matchesGlob } from '../text/glob.js';

/** The part of a path up to its last slash, without it; empty where there is none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path: what a folder is called. */
export function nameOf(path: string): string {
  return decoded(path.slice(path.lastIndexOf('/') + 1));
}

/** The name of a file without its folder and its last extension: what a device is called that names itself nowhere. */
export function stemOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Whether a path, taken relative to a folder, matches one of the globs, and none of those that begin with `!`. */
export function matchesGlobs(path: string, folder: string, globs: readonly string[]): boolean {
  const inside = folder === '' || path.startsWith(`${folder}/`);
  if (!inside) return false;
  const relative = decoded(folder === '' ? path : path.slice(folder.length + 1));
  const isNamed = (glob: string) => matchesGlob(glob.replace(/^!?(?:\.\/)?/, ''), relative);
  return (
    globs.some((glob) => !glob.startsWith('!') && isNamed(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && isNamed(glob))
  );
}

/**
 * The paths that a name in a configuration means: relative to the folder of the file that holds it, or
 * as the device knows it (`/etc/nftables.d/*.nft`), of which as much of the end counts as leads to files.
 */
export function pathsMeant(paths: readonly string[], folder: string, pattern: string): string[] {
  if (!pattern.startsWith('/')) {
    const { base, rest } = climb(folder, pattern);
    return paths.filter((path) => matchesGlobs(path, base, [rest])).sort();
  }
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
  const last = names[names.length - 1] ?? '';
  // A glob without a folder of its own would mean every file there is.
  const shortest = isGlob(last) ? names.length - 2 : names.length - 1;
  for (let from = 0; from <= shortest; from += 1) {
    const found = paths.filter((path) => matchesGlobs(path, '', [`**/${names.slice(from).join('/')}`]));
    // Of the files of several devices, those count that share the longest beginning with the one that asks.
    const shared = Math.max(...found.map((path) => sharedLength(path, `${folder}/`)));
    if (found.length > 0) return found.filter((path) => sharedLength(path, `${folder}/`) === shared).sort();
  }
  return [];
}

/** A relative pattern without its `..`, and the folder that it starts from then. */
function climb(folder: string, pattern: string): { base: string; rest: string } {
  let base = folder;
  let rest = pattern;
  for (;;) {
    if (rest.startsWith('./')) rest = rest.slice(2);
    else if (rest.startsWith('../')) {
      rest = rest.slice(3);
      base = folderOf(base);
    } else return { base, rest };
  }
}

/** How much of its beginning a path shares with a folder, in whole names. */
function sharedLength(path: string, folder: string): number {
  let shared = 0;
  for (let at = 0; at < path.length && path[at] === folder[at]; at += 1) if (path[at] === '/') shared = at + 1;
  return shared;
}

/** Paths may be URIs, in which a space is %20. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
