import { dirname, join, relative, resolve } from 'node:path';
import { MAX_FILE_BYTES } from '../../core/text/decode.js';
import { contentOf, TOO_LARGE } from './decode.js';
import { blobsOf, readIndex, type StagedEntry, sizesOf } from './git.js';
import { byCodeUnits, type Content, type FileTree, isLeftOut, type NotAnalysed } from './tree.js';

/** Blobs are fetched in groups of at most this size together, to bound the memory. */
const GROUP_BYTES = 32 * 1024 * 1024;

export interface StagedTree extends FileTree {
  /** The top of the working tree, absolute. */
  readonly top: string;
}

/**
 * The files as they are staged in git, as a commit would hold them.
 * @throws {Problem} where `folder` is in no repository
 */
export function stagedTree(folder: string): StagedTree {
  const { prefix, entries } = readIndex(folder);
  const top = resolve(
    folder,
    ...prefix
      .split('/')
      .filter((part) => part !== '')
      .map(() => '..'),
  );
  const byPath = new Map<string, StagedEntry>();
  const folders = new Set<string>([top]);
  for (const entry of entries) {
    const path = join(top, entry.path);
    byPath.set(path, entry);
    for (let above = dirname(path); !folders.has(above); above = dirname(above)) folders.add(above);
  }

  const contentAt = (path: string, sizes: ReadonlyMap<string, number>, blobs: ReadonlyMap<string, Buffer>): Content => {
    const entry = byPath.get(path);
    if (entry === undefined) return { reason: 'not staged', weight: 'grave' };
    if (entry.kind === 'unmerged') return { reason: 'not merged yet', weight: 'grave' };
    if (entry.kind !== 'file') return { reason: `a ${entry.kind}`, weight: 'harmless' };
    if ((sizes.get(entry.object) ?? 0) > MAX_FILE_BYTES) return TOO_LARGE;
    const blob = blobs.get(entry.object);
    return blob === undefined ? { reason: 'git has no such object', weight: 'grave' } : contentOf(blob);
  };

  return {
    top,
    entryAt(path) {
      const entry = byPath.get(path);
      if (entry !== undefined) return entry.kind === 'file' || entry.kind === 'unmerged' ? 'file' : 'special';
      return folders.has(path) ? 'folder' : 'missing';
    },
    filesBelow(below, skip = () => false) {
      const files: string[] = [];
      const skipped = new Map<string, boolean>();
      const isSkipped = (inner: string): boolean => {
        if (inner === below) return false;
        const known = skipped.get(inner);
        if (known !== undefined) return known;
        const answer = skip(inner) || isSkipped(dirname(inner));
        skipped.set(inner, answer);
        return answer;
      };
      for (const [path, entry] of byPath) {
        if (entry.kind === 'symlink' || entry.kind === 'submodule') continue;
        const parts = relative(below, path).split(/[/\\]/);
        if (parts[0] === '..' || parts.some(isLeftOut) || isSkipped(dirname(path))) continue;
        files.push(path);
      }
      return { files: files.sort(byCodeUnits), notAnalysed: [] satisfies NotAnalysed[] };
    },
    *contents(paths) {
      const objects = [...new Set(paths.flatMap((path) => byPath.get(path)?.object ?? []))];
      const sizes = sizesOf(folder, objects);
      for (const group of groupsOf(paths, (path) => sizes.get(byPath.get(path)?.object ?? '') ?? 0)) {
        const wanted = new Set(group.flatMap((path) => fetchable(byPath.get(path), sizes)));
        const blobs = blobsOf(folder, [...wanted]);
        for (const path of group) yield [path, contentAt(path, sizes, blobs)];
      }
    },
  };
}

function fetchable(entry: StagedEntry | undefined, sizes: ReadonlyMap<string, number>): string[] {
  if (entry?.kind !== 'file') return [];
  const size = sizes.get(entry.object);
  return size === undefined || size > MAX_FILE_BYTES ? [] : [entry.object];
}

function* groupsOf(paths: readonly string[], sizeOf: (path: string) => number): Generator<readonly string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const size = sizeOf(path);
    if (group.length > 0 && bytes + size > GROUP_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(path);
    bytes += size > MAX_FILE_BYTES ? 0 : size;
  }
  if (group.length > 0) yield group;
}
