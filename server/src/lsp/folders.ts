import type { InitializeParams } from 'vscode-languageserver';
import { folderPath } from './paths.js';
import type { Scanner } from './scanner.js';
import { guardedEvent, type Session } from './session.js';

export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  // Clients from before workspace folders name one root.
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri == null ? [] : [rootUri]);
  return uris.map(folderPath);
}

/** @param applySettings called when the folders have changed, for each may have settings of its own */
export function watchFolders(session: Session, scanner: Scanner, applySettings: () => Promise<void>): void {
  const { connection, client, sets } = session;
  if (!client.workspaceFolders) return;
  connection.workspace.onDidChangeWorkspaceFolders(
    guardedEvent(connection, 'workspace/didChangeWorkspaceFolders', async ({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => folderPath(uri)));
      const come = added.map(({ uri }) => folderPath(uri));
      sets.setFolders([...sets.folders.filter((folder) => !gone.has(folder)), ...come]);
      scanner.announce(come);
      session.changed();
      void applySettings();
      if (come.length > 0) await scanner.scan(come);
    }),
  );
}
