import type { Connection } from 'vscode-languageserver/browser';
import { MAX_FILE_BYTES } from '../core/text/decode.js';
import { pathOfUri, relativePath } from '../lsp/paths.js';
import { type FileContent, isPassedOver, type Listed, type Runtime } from '../lsp/runtime.js';
import type { ServerRequests } from '../protocol.js';

/** More files than this in one folder are not for a worker to hold. */
const MAX_FILES = 50_000;

/** A worker has no files of its own: the client lists and reads them. */
export function clientRuntime(connection: Connection): Runtime {
  function ask<Method extends keyof ServerRequests>(
    method: Method,
    params: ServerRequests[Method]['params'],
  ): Promise<ServerRequests[Method]['result']> {
    return connection.sendRequest(method, params);
  }

  return {
    async *listFiles(folderUri): AsyncIterable<Listed> {
      const folder = pathOfUri(folderUri);
      let listed: ServerRequests['advisoryLens/listFiles']['result'];
      try {
        listed = await ask('advisoryLens/listFiles', { folder: folderUri, limit: MAX_FILES });
      } catch {
        yield { problem: `${folder} cannot be read.` };
        return;
      }
      for (const uri of listed.uris) {
        if (!relativePath(folder, pathOfUri(uri)).split('/').some(isPassedOver)) yield { uri };
      }
      if (listed.truncated) yield { problem: `${folder} holds more than ${MAX_FILES} files; the rest was not read.` };
    },
    async readFile(uri): Promise<FileContent> {
      try {
        const content = await ask('advisoryLens/readFile', { uri, maxBytes: MAX_FILE_BYTES });
        if (content.kind === 'bytes') return { kind: 'bytes', bytes: bytesOf(content.base64) };
        if (content.kind === 'too-large') return { kind: 'unreadable', reason: 'is larger than 100 MB' };
        if (content.kind === 'unreadable') return { kind: 'unreadable', reason: `cannot be read (${content.reason})` };
        return content;
      } catch {
        return { kind: 'unreadable', reason: 'cannot be read' };
      }
    },
    defer: (work, delayMs) => void setTimeout(work, delayMs),
  };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
