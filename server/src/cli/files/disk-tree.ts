import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { MAX_FILE_BYTES } from '../../core/text/decode.js';
import { errorCode } from '../problem.js';
import { contentAt, TOO_LARGE } from './decode.js';
import {
  byCodeUnits,
  type Content,
  type Entry,
  type FilesBelow,
  type FileTree,
  isLeftOut,
  type NotAnalysed,
} from './tree.js';

/** The files on disk. */
export const diskTree: FileTree = {
  entryAt,
  filesBelow,
  *contents(paths) {
    for (const path of paths) yield [path, read(path)];
  },
};

function entryAt(path: string): Entry {
  try {
    const stats = statSync(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'special';
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : { unreadable: inWords(error) };
  }
}

function read(path: string): Content {
  try {
    // The size is asked for first: a pipe would hang, and a file of any size fit no string.
    const stats = statSync(path);
    if (!stats.isFile()) return { reason: stats.isDirectory() ? 'a folder' : 'not a regular file', weight: 'grave' };
    if (stats.size > MAX_FILE_BYTES) return TOO_LARGE;
    return contentAt(path, stats.size);
  } catch (error) {
    return { reason: inWords(error), weight: 'grave' };
  }
}

interface Link {
  readonly path: string;
  /** The real path of the folder that holds it. */
  readonly realFolder: string;
}

/**
 * Links are followed last, and only to what no real path has led to: a file that is seen twice would
 * be two devices.
 */
function filesBelow(root: string, skip: (folder: string) => boolean = () => false): FilesBelow {
  const files = new Map<string, string>();
  const seenFolders = new Set<string>();
  const notAnalysed: NotAnalysed[] = [];
  const links: Link[] = [];

  const visit = (folder: string, realFolder: string): void => {
    if (seenFolders.has(realFolder)) return;
    seenFolders.add(realFolder);
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      notAnalysed.push({ path: folder, reason: inWords(error), weight: 'grave' });
      return;
    }
    for (const entry of entries) {
      if (isLeftOut(entry.name)) continue;
      const path = join(folder, entry.name);
      const real = join(realFolder, entry.name);
      if (entry.isSymbolicLink()) links.push({ path, realFolder });
      else if (entry.isFile()) files.set(real, path);
      else if (!entry.isDirectory()) notAnalysed.push({ path, reason: 'not a regular file', weight: 'harmless' });
      else if (!skip(path)) visit(path, real);
    }
  };

  const follow = ({ path, realFolder }: Link): void => {
    let real: string;
    let entry: Entry;
    try {
      real = realpathSync(path);
      entry = entryAt(real);
    } catch (error) {
      const reason = errorCode(error) === 'ENOENT' ? 'a symbolic link to nothing' : inWords(error);
      notAnalysed.push({ path, reason, weight: 'grave' });
      return;
    }
    if (entry === 'file') {
      if (!files.has(real)) files.set(real, path);
    } else if (entry === 'folder') {
      if (isWithin(realFolder, real)) {
        notAnalysed.push({ path, reason: 'a symbolic link to a folder that holds it', weight: 'harmless' });
      } else if (!skip(path)) visit(path, real);
    } else {
      notAnalysed.push({ path, reason: 'not a regular file', weight: 'harmless' });
    }
  };

  let realRoot = root;
  try {
    realRoot = realpathSync(root);
  } catch {
    // Reading the folder fails too, and says why.
  }
  visit(root, realRoot);
  links.sort((a, b) => byCodeUnits(a.path, b.path));
  // Following a link may find further links, which stand behind it then.
  for (let next = 0; next < links.length; next += 1) follow(links[next] as Link);

  return { files: [...files.values()].sort(byCodeUnits), notAnalysed };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  ELOOP: 'a loop of symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk cannot read it',
  EMFILE: 'too many open files',
};

function inWords(error: unknown): string {
  const code = errorCode(error);
  return (code === undefined ? undefined : REASONS[code]) ?? `it cannot be read (${code ?? String(error)})`;
}
