import { FileSystemError, RelativePattern, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ListFilesParams, ListFilesResult, ReadFileParams, ReadFileResult } from '../../server/src/protocol.js';
import { answer } from './requests.js';

/** Never a place of configurations under review, and often of a great many files. */
const EXCLUDED = '**/{node_modules,.git,.hg,.svn}/**';

/** Gives the server the files of the workspace, wherever they are: on a disk or in a virtual workspace. */
export function serveFiles(client: BaseLanguageClient): { dispose(): void }[] {
  return [answer(client, 'advisoryLens/listFiles', listFiles), answer(client, 'advisoryLens/readFile', readFile)];
}

async function listFiles({ folder, globs, limit }: ListFilesParams): Promise<ListFilesResult> {
  const root = Uri.parse(folder);
  const found = await Promise.all(
    // One more than the limit tells whether there are more.
    (globs ?? ['**/*']).map((glob) => workspace.findFiles(new RelativePattern(root, glob), EXCLUDED, limit + 1)),
  );
  const uris = [...new Set(found.flat().map((uri) => uri.toString()))].sort();
  return { uris: uris.slice(0, limit), truncated: uris.length > limit };
}

async function readFile({ uri, maxBytes }: ReadFileParams): Promise<ReadFileResult> {
  const place = Uri.parse(uri);
  try {
    const { size } = await workspace.fs.stat(place);
    if (size > maxBytes) return { kind: 'too-large', bytes: size };
    return { kind: 'bytes', base64: encodeBase64(await workspace.fs.readFile(place)) };
  } catch (error) {
    const reason = error instanceof FileSystemError ? error.code : String(error);
    return { kind: 'unreadable', reason };
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
