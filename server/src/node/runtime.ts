import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MAX_FILE_BYTES } from '../core/text/decode.js';
import { type FileContent, isPassedOver, type Listed, type Runtime } from '../lsp/runtime.js';

/** The file system of the machine that the server runs on. */
export const nodeRuntime: Runtime = {
  listFiles,
  readFile,
  defer: (work, delayMs) => void setTimeout(work, delayMs),
};

async function* listFiles(folderUri: string): AsyncIterable<Listed> {
  let root: string;
  try {
    root = await fs.realpath(fileURLToPath(folderUri));
  } catch {
    yield { problem: `${folderUri} cannot be read.` };
    return;
  }
  // Named as the client names it, for a link in its path is part of the files' names.
  yield* walk(fileURLToPath(folderUri), root, new Set([root]));
}

/** @param visited the real paths of the folder itself and of those that links have led to */
async function* walk(folder: string, root: string, visited: Set<string>): AsyncIterable<Listed> {
  let entries: Dirent[];
  try {
    entries = await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { problem: `The folder ${folder} cannot be read (${codeOf(error)}).` };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield { uri: pathToFileURL(path).href };
    else if (entry.isDirectory()) {
      if (!isPassedOver(entry.name)) yield* walk(path, root, visited);
    } else if (entry.isSymbolicLink()) yield* follow(path, entry.name, root, visited);
  }
}

async function* follow(path: string, name: string, root: string, visited: Set<string>): AsyncIterable<Listed> {
  let target: string;
  let isFolder: boolean;
  try {
    target = await fs.realpath(path);
    const stats = await fs.stat(target);
    if (!stats.isFile() && !stats.isDirectory()) return;
    isFolder = stats.isDirectory();
  } catch {
    // It leads nowhere, or in a circle: there is no file.
    return;
  }
  // What has been found under another name would count twice, and what holds the folder holds all of it again.
  if (isWithin(target, root) || [...visited].some((folder) => isFoundIn(folder, target))) return;
  if (!isFolder) yield { uri: pathToFileURL(path).href };
  else if (!isPassedOver(name)) {
    visited.add(target);
    yield* walk(path, root, visited);
  }
}

/** Whether a walk through the folder comes by. Links lead into `.git` too, where git-annex keeps large files. */
function isFoundIn(folder: string, target: string): boolean {
  return isWithin(folder, target) && !relative(folder, target).split(sep).some(isPassedOver);
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function readFile(uri: string): Promise<FileContent> {
  if (!uri.startsWith('file:')) return { kind: 'missing' };
  try {
    const path = fileURLToPath(uri);
    const stats = await fs.stat(path);
    if (stats.isDirectory()) return { kind: 'folder' };
    // Opening a pipe would wait for its writer.
    if (!stats.isFile()) return { kind: 'missing' };
    if (stats.size > MAX_FILE_BYTES) return { kind: 'unreadable', reason: 'is larger than 100 MB' };
    return { kind: 'bytes', bytes: await fs.readFile(path) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unreadable', reason: `cannot be read (${code})` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
