import type { WorkspaceApi } from '../core/workspace.js';
import { baseName, isUnder, parentFolder, relativePath } from './paths.js';
import { ReviewSet, SITE_FILE_NAME } from './review-set.js';
import { isPassedOver } from './runtime.js';

interface Entry {
  /** As last read from disk; undefined: not read, or read and dropped, for it is no configuration. */
  saved: string | undefined;
  /** As it stands in an editor, which counts over the disk. */
  edited: string | undefined;
  set: ReviewSet | undefined;
}

/** The editor's choice of a file's dialect, by its path; undefined: none. */
export type DialectChooser = (path: string) => string | undefined;

/**
 * All texts that the server knows, each in the review set that it belongs to: the one of the nearest
 * `advisory-lens.json` upwards within its workspace folder, else the folder's own. An open file
 * outside every folder is a set of itself.
 *
 * It reads nothing and tells nobody: callers bring the texts, and ask the sets for what follows.
 */
export class ReviewSets {
  readonly #createWorkspace: () => WorkspaceApi;
  readonly #entries = new Map<string, Entry>();
  readonly #sets = new Map<string, ReviewSet>();
  /** The folders that hold a site file. */
  readonly #siteFolders = new Set<string>();
  /** Longest first, so that the first that holds a file is the nearest. */
  #folders: readonly string[] = [];
  #chooseDialect: DialectChooser = () => undefined;

  constructor(createWorkspace: () => WorkspaceApi) {
    this.#createWorkspace = createWorkspace;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The nearest workspace folder that holds the path. */
  folderOf(path: string): string | undefined {
    return this.#folders.find((folder) => isUnder(folder, path));
  }

  /** Whether a file on disk belongs to the review: it is in a folder, and not among what tools put there. */
  covers(path: string): boolean {
    const folder = this.folderOf(path);
    return folder !== undefined && !relativePath(folder, path).split('/').some(isPassedOver);
  }

  /** The set that a file is in, if it is in any. */
  setOf(path: string): ReviewSet | undefined {
    return this.#entries.get(path)?.set;
  }

  /** The set that a file is in, or would be in if it were read. */
  setFor(path: string): ReviewSet | undefined {
    return this.setOf(path) ?? this.#sets.get(this.#rootOf(path));
  }

  chosenDialect(path: string): string | undefined {
    return this.#chooseDialect(path);
  }

  all(): IterableIterator<ReviewSet> {
    return this.#sets.values();
  }

  /** Replaces the workspace folders. Files that no folder holds any more stay only if they are open. */
  setFolders(folders: readonly string[]): void {
    this.#folders = [...new Set(folders)].sort((a, b) => b.length - a.length);
    for (const [path, entry] of this.#entries) {
      if (this.folderOf(path) !== undefined) continue;
      if (entry.edited === undefined) this.#forget(path, entry);
      else entry.saved = undefined;
    }
    this.#placeAll();
  }

  setDialects(chooser: DialectChooser): void {
    const before = this.#chooseDialect;
    this.#chooseDialect = chooser;
    for (const [path, entry] of this.#entries) {
      if (before(path) !== chooser(path)) this.#place(path, entry);
    }
  }

  /** The text that an editor shows of a file. */
  edit(path: string, text: string): void {
    this.#change(path, { edited: text });
  }

  /** The editor no longer shows the file: what is on disk counts again. */
  close(path: string): void {
    this.#change(path, { edited: undefined });
  }

  isOpen(path: string): boolean {
    return this.#entries.get(path)?.edited !== undefined;
  }

  /** The text of a file as it is on disk. */
  save(path: string, text: string): void {
    if (this.covers(path)) this.#change(path, { saved: text });
  }

  /** A file is gone from the disk, or holds no text any more. */
  delete(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    if (entry.edited === undefined) this.#forget(path, entry);
    else entry.saved = undefined;
  }

  /** All known files below a folder, the dropped ones too. */
  filesUnder(folder: string): string[] {
    return [...this.#entries.keys()].filter((path) => isUnder(folder, path));
  }

  /** Lets go of the texts that are no configurations, and remembers only that they are there. */
  dropStrangers(): void {
    for (const set of this.#sets.values()) {
      for (const path of set.strangers()) {
        const entry = this.#entries.get(path);
        if (entry === undefined || entry.edited !== undefined) continue;
        set.remove(path);
        entry.saved = undefined;
        entry.set = undefined;
      }
    }
    this.#removeEmptySets();
  }

  /** The dropped files, all or below a folder: the site file or the settings may yet make something of them. */
  dropped(folder?: string): string[] {
    return [...this.#entries]
      .filter(([path, entry]) => entry.set === undefined && (folder === undefined || isUnder(folder, path)))
      .map(([path]) => path);
  }

  /** The dropped files that the site file of `set` has come to name as advisories. */
  namedAdvisories(set: ReviewSet): string[] {
    return this.dropped().filter((path) => this.#rootOf(path) === set.root && set.roleOf(path) === 'advisory');
  }

  #change(path: string, change: { edited?: string | undefined; saved?: string }): void {
    const entry = this.#entries.get(path) ?? { saved: undefined, edited: undefined, set: undefined };
    const before = textOf(entry);
    this.#entries.set(path, Object.assign(entry, change));
    if (entry.set !== undefined && textOf(entry) === before) return;
    if (baseName(path) === SITE_FILE_NAME && this.#knowSiteFolder(path, entry)) this.#placeAll();
    else this.#place(path, entry);
    if (path === entry.set?.sitePath) this.#correctRoles(entry.set);
  }

  #forget(path: string, entry: Entry): void {
    entry.saved = undefined;
    entry.edited = undefined;
    const { set } = entry;
    const wasSite = path === set?.sitePath;
    this.#place(path, entry);
    this.#entries.delete(path);
    if (baseName(path) === SITE_FILE_NAME && this.#knowSiteFolder(path, entry)) this.#placeAll();
    else if (wasSite) this.#correctRoles(set);
  }

  /** Keeps `siteFolders` true; says whether it changed. */
  #knowSiteFolder(path: string, entry: Entry): boolean {
    const folder = parentFolder(path);
    const exists = textOf(entry) !== undefined;
    if (exists === this.#siteFolders.has(folder)) return false;
    if (exists) this.#siteFolders.add(folder);
    else this.#siteFolders.delete(folder);
    return true;
  }

  #placeAll(): void {
    // Site files go first, for they say what the other files are.
    for (const folder of this.#siteFolders) {
      const path = `${folder}/${SITE_FILE_NAME}`;
      const entry = this.#entries.get(path);
      if (entry !== undefined) this.#placeIfMoved(path, entry);
    }
    for (const [path, entry] of this.#entries) this.#placeIfMoved(path, entry);
    this.#removeEmptySets();
  }

  #placeIfMoved(path: string, entry: Entry): void {
    if (textOf(entry) !== undefined && entry.set?.root !== this.#rootOf(path)) this.#place(path, entry);
  }

  /** Puts a file into the set that it belongs to, or out of all where it has no text. */
  #place(path: string, entry: Entry): void {
    const text = textOf(entry);
    const root = text === undefined ? undefined : this.#rootOf(path);
    if (entry.set !== undefined && entry.set.root !== root) {
      entry.set.remove(path);
      if (entry.set.isEmpty) this.#sets.delete(entry.set.root);
      entry.set = undefined;
    }
    if (text === undefined || root === undefined) return;
    entry.set ??= this.#setAt(root);
    entry.set.set(path, text, this.#chooseDialect(path));
  }

  #correctRoles(set: ReviewSet): void {
    for (const [path, entry] of this.#entries) {
      if (entry.set === set && set.isMisplaced(path)) this.#place(path, entry);
    }
  }

  #rootOf(path: string): string {
    const folder = this.folderOf(path);
    if (folder === undefined) return path;
    for (let at = parentFolder(path); at.length > folder.length; at = parentFolder(at)) {
      if (this.#siteFolders.has(at)) return at;
    }
    return folder;
  }

  #setAt(root: string): ReviewSet {
    let set = this.#sets.get(root);
    if (set === undefined) {
      set = new ReviewSet(root, this.#createWorkspace());
      this.#sets.set(root, set);
    }
    return set;
  }

  #removeEmptySets(): void {
    for (const [root, set] of this.#sets) if (set.isEmpty) this.#sets.delete(root);
  }
}

function textOf(entry: Entry): string | undefined {
  return entry.edited ?? entry.saved;
}
