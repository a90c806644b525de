import { dirname, relative } from 'node:path';
import { toSlashes } from './globs.js';

/** A path as people read it: relative to the working directory, with `/`. */
export function displayPath(cwd: string, path: string): string {
  return toSlashes(relative(cwd, path)) || '.';
}

/**
 * The name of a file in a workspace: a path relative to the working directory that begins with the
 * folder of the site file where the file stands below it. Inside `configs/` with the site file above,
 * `core.cfg` becomes `../configs/core.cfg`: the site's globs match what comes after the `../`.
 */
export function keyOf(cwd: string, site: string | undefined, path: string): string {
  if (site === undefined) return displayPath(cwd, path);
  const folder = dirname(site);
  const within = toSlashes(relative(folder, path));
  if (within.startsWith('../')) return displayPath(cwd, path);
  const prefix = toSlashes(relative(cwd, folder));
  return prefix === '' ? within : `${prefix}/${within}`;
}
