/**
 * Why a file was not analysed, and what that means for the run:
 * - `named`: it was asked for by name, so the answer is not the one asked for;
 * - `grave`: it was found, and may be a configuration that nobody judged;
 * - `harmless`: it was found, and is no configuration (an image), or was seen in another place.
 */
export interface NotAnalysed {
  /** Absolute. */
  readonly path: string;
  readonly reason: string;
  readonly weight: 'named' | 'grave' | 'harmless';
}

export type Content = { readonly text: string } | { readonly reason: string; readonly weight: 'grave' | 'harmless' };

/** What stands at a path: `missing` is nothing, `special` a pipe, a socket or a device. */
export type Entry = 'file' | 'folder' | 'missing' | 'special' | { readonly unreadable: string };

/** Files as a run sees them: those on disk, or those staged in git. All paths are absolute. */
export interface FileTree {
  entryAt(path: string): Entry;
  /**
   * The files at any depth of a folder, in the order of their paths. Entries whose name begins with
   * a dot and `node_modules` are left out. Folders for which `skip` holds are not entered.
   */
  filesBelow(folder: string, skip?: (folder: string) => boolean): FilesBelow;
  /** The contents of the files, in the order given, each read when it is asked for. */
  contents(paths: readonly string[]): Iterable<readonly [path: string, content: Content]>;
}

export interface FilesBelow {
  readonly files: readonly string[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/** Folders and files of tools, which hold no configuration of a network. */
export function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** By UTF-16 units: the same order on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
