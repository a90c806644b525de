import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ListFilesParams, ListFilesResult, ReadFileParams, ReadFileResult } from '../../server/src/protocol.js';
import { answer } from './requests.js';

/** Never places of configurations under review, and often of a great many files. */
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** Gives the server the files of the workspace, wherever they are: on a disk or in a virtual workspace. */
export function serveFiles(client: BaseLanguageClient): { dispose(): void }[] {
  return [answer(client, 'advisoryLens/listFiles', listFiles), answer(client, 'advisoryLens/readFile', readFile)];
}

/** Walks the folder itself: `findFiles` finds nothing in file systems that bring no search of their own. */
async function listFiles({ folder, limit }: ListFilesParams): Promise<ListFilesResult> {
  const uris: string[] = [];
  let level = [Uri.parse(folder)];
  while (level.length > 0 && uris.length <= limit) {
    const below: Uri[] = [];
    for (const entries of await Promise.all(level.map(entriesOf))) {
      for (const [uri, type] of entries) {
        if ((type & FileType.File) !== 0) uris.push(uri.toString());
        // A link to a folder is not followed: it may lead back.
        else if (type === FileType.Directory) below.push(uri);
      }
    }
    level = below;
  }
  return { uris: uris.slice(0, limit).sort(), truncated: uris.length > limit };
}

async function entriesOf(folder: Uri): Promise<[Uri, FileType][]> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries
    .filter(([name]) => !PASSED_OVER.has(name))
    .map(([name, type]) => [Uri.joinPath(folder, name), type] as [Uri, FileType]);
}

async function readFile({ uri, maxBytes }: ReadFileParams): Promise<ReadFileResult> {
  const place = Uri.parse(uri);
  try {
    const { size, type } = await workspace.fs.stat(place);
    if ((type & FileType.Directory) !== 0) return { kind: 'folder' };
    if (size > maxBytes) return { kind: 'too-large', bytes: size };
    return { kind: 'bytes', base64: encodeBase64(await workspace.fs.readFile(place)) };
  } catch (error) {
    const code = error instanceof FileSystemError ? error.code : 'Unknown';
    return code === 'FileNotFound' ? { kind: 'missing' } : { kind: 'unreadable', reason: code };
  }
}

function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  // In pieces, because an argument list has a limit.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    characters += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(characters);
}
