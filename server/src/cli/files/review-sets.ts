import { dirname, join } from 'node:path';
import type { Candidate } from './candidates.js';
import { byCodeUnits, type FileTree } from './tree.js';

export const SITE_FILE_NAME = 'advisory-lens.json';

/** Files that are judged together. */
export interface ReviewSet {
  /** The site file, absolute; undefined where none stands above the files. */
  readonly site: string | undefined;
  readonly files: readonly Candidate[];
}

/** Groups files by the nearest site file, from their own folder up to the root of the file system. */
export function groupBySite(tree: FileTree, files: readonly Candidate[]): readonly ReviewSet[] {
  const nearest = new Map<string, string | undefined>();
  const siteAbove = (folder: string): string | undefined => {
    if (nearest.has(folder)) return nearest.get(folder);
    const here = join(folder, SITE_FILE_NAME);
    const parent = dirname(folder);
    const site = isPresent(tree, here) ? here : parent === folder ? undefined : siteAbove(parent);
    nearest.set(folder, site);
    return site;
  };
  const groups = new Map<string | undefined, Candidate[]>();
  for (const file of files) {
    const site = siteAbove(dirname(file.path));
    const group = groups.get(site);
    if (group === undefined) groups.set(site, [file]);
    else group.push(file);
  }
  return [...groups]
    .map(([site, group]) => ({ site, files: group }))
    .sort((a, b) => byCodeUnits(a.site ?? '', b.site ?? ''));
}

/** A folder below a site's that has a site file of its own is another set's. */
export function isOtherSite(tree: FileTree, site: string): (folder: string) => boolean {
  return (folder) => folder !== dirname(site) && isPresent(tree, join(folder, SITE_FILE_NAME));
}

/** Also a site file that cannot be read is one: leaving it out would judge by another. */
function isPresent(tree: FileTree, path: string): boolean {
  const entry = tree.entryAt(path);
  return entry !== 'missing' && entry !== 'folder';
}
