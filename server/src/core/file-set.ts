import { detectDialect, dialectById, isReadInFolder, readAgain } from './dialects/registry.js';
import { keptIn } from './model/kept.js';
import type { Reading } from './model/reading.js';
import { type DeviceFiles, devicesOf, type Kinds } from './review/devices.js';
import type { Site } from './review/site-file.js';
import { matchesGlobs, stemOf } from './review/site-paths.js';
import { type Sought, stillHolds, surroundingsOf } from './review/surroundings.js';
import { SourceFile } from './text/source-file.js';
import { compare } from './workspace-report.js';

/** A file of the set. */
interface Entry {
  readonly file: SourceFile;
  readonly dialect: string | undefined;
  /** Undefined: not read yet. Null: no configuration. */
  reading: Reading | null | undefined;
  /** Of the text before, until this one is read: much of it may hold still. */
  before: Reading | undefined;
  /** What the reading asked of the files around it. */
  sought: readonly Sought[];
  /** The state of the files in which that was last looked at. */
  soughtAt: number;
}

const scripts = new WeakMap<SourceFile, boolean>();

const KINDS: Kinds = {
  isFolder: ({ device }) => dialectById(device.dialect)?.deviceIs === 'folder',
  isScript: ({ device, file }) => keptIn(scripts, file, () => dialectById(device.dialect)?.isCalledIn?.(file) === true),
};

/** The files that are judged together, each read when that is first needed. */
export class FileSet {
  readonly #entries = new Map<string, Entry>();
  /** Counts the changes. */
  #state = 0;
  #files: ReadonlyMap<string, SourceFile> | undefined;
  #site: Pick<Site, 'configs' | 'devices'> | undefined;
  #siteFolder = '';
  readonly #rootName: string | undefined;

  /** @param rootName what the folder is called that paths without a folder are in */
  constructor(rootName: string | undefined) {
    this.#rootName = rootName;
  }

  /** Returns whether that changes anything. */
  set(path: string, text: string, dialect: string | undefined): boolean {
    const known = this.#entries.get(path);
    if (known !== undefined && known.file.text === text && known.dialect === dialect) return false;
    const before = known?.reading ?? known?.before;
    const file = new SourceFile(path, text);
    this.#entries.set(path, { file, dialect, reading: undefined, before, sought: [], soughtAt: 0 });
    this.#changed();
    return true;
  }

  delete(path: string): boolean {
    const isKnown = this.#entries.delete(path);
    if (isKnown) this.#changed();
    return isKnown;
  }

  /** The site file says which files are configurations and which are one device, and may name their dialects. */
  setSite(site: Site | undefined, folder: string): void {
    const sniffing = (one: Pick<Site, 'configs' | 'devices'> | undefined) =>
      JSON.stringify([one?.devices, one?.configs]);
    if (sniffing(this.#site) !== sniffing(site) || this.#siteFolder !== folder) {
      for (const entry of this.#entries.values()) entry.reading = undefined;
    }
    this.#site = site;
    this.#siteFolder = folder;
    this.#changed();
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Every file by path, configurations or not. */
  get files(): ReadonlyMap<string, SourceFile> {
    this.#files ??= new Map([...this.#entries].map(([path, { file }]) => [path, file]));
    return this.#files;
  }

  /** Undefined where the file is no configuration. */
  readingOf(path: string): Reading | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    if (entry.sought.length > 0 && entry.soughtAt !== this.#state) {
      if (!stillHolds(path, this.files, entry.sought)) entry.reading = undefined;
      entry.soughtAt = this.#state;
    }
    if (entry.reading === undefined) entry.reading = this.#read(path, entry) ?? null;
    return entry.reading ?? undefined;
  }

  /** The configurations, by path. */
  readings(): Map<string, Reading> {
    const readings = new Map<string, Reading>();
    for (const path of this.#entries.keys()) {
      const reading = this.readingOf(path);
      if (reading !== undefined) readings.set(path, reading);
    }
    return readings;
  }

  /** Which of the readings are one device. */
  devices(readings: ReadonlyMap<string, Reading>): DeviceFiles[] {
    const sorted = new Map([...readings].sort(([a], [b]) => compare(a, b)));
    return devicesOf(sorted, this.#site?.devices ?? [], this.#siteFolder, KINDS, this.#rootName);
  }

  #read(path: string, entry: Entry): Reading | undefined {
    const { before } = entry;
    const configs = this.#site?.configs;
    if (configs !== undefined && entry.dialect === undefined && !matchesGlobs(path, this.#siteFolder, configs)) {
      return undefined;
    }
    const device = this.#site?.devices.find((one) => matchesGlobs(path, this.#siteFolder, one.files));
    const dialect = detectDialect(entry.file, entry.dialect ?? device?.dialect);
    entry.before = undefined;
    if (dialect === undefined) return undefined;
    const sought: Sought[] = [];
    const around = surroundingsOf(path, this.files, isReadInFolder, sought);
    const reading = readAgain(dialect, before, entry.file, device?.name ?? stemOf(path), around);
    entry.sought = sought;
    entry.soughtAt = this.#state;
    return reading;
  }

  #changed(): void {
    this.#state += 1;
    this.#files = undefined;
  }
}
