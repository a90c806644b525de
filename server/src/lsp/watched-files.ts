import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import { pathOfUri } from './paths.js';
import type { Scanner } from './scanner.js';
import { guardedEvent, ignoreRefusal, type Session } from './session.js';

/** Configurations, site files and advisories may have any name, so all files are watched. */
export function watchFiles(session: Session, scanner: Scanner): void {
  const { connection, client } = session;
  connection.onDidChangeWatchedFiles(
    guardedEvent(connection, 'workspace/didChangeWatchedFiles', async ({ changes }) => {
      // What became of a file is told by reading it, which also holds for events out of order.
      await scanner.read([...new Set(changes.map(({ uri }) => pathOfUri(uri)))]);
    }),
  );
  if (client.registersWatchers) {
    const watchers = [{ globPattern: '**/*' }];
    ignoreRefusal(connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
  }
}
