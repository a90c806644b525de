import { matchesGlob } from '../text/glob.js';

/** The part of a path up to its last slash, without it; empty where there is none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The name of a file without its folder and its last extension: what a device is called that names itself nowhere. */
export function stemOf(path: string): string {
  const name = decoded(path.slice(path.lastIndexOf('/') + 1));
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

/** Paths may be URIs, in which a space is %20. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
