import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { baseName, pathOfUri } from './paths.js';
import { SITE_FILE_NAME } from './review-set.js';
import type { ReviewSets } from './review-sets.js';
import type { Scanner } from './scanner.js';
import { guardedEvent, type Session } from './session.js';

/** Keeps `documents` and the review sets at what the editors show. */
export function syncDocuments(session: Session, documents: Map<string, TextDocument>, scanner: Scanner): void {
  const { connection, client, sets } = session;
  const synced = new TextDocuments(TextDocument);
  synced.onDidChangeContent(
    guardedEvent(connection, 'textDocument/didChange', ({ document }) => {
      const path = pathOfUri(document.uri);
      const text: unknown = document.getText();
      // What a client opened without a text would cost the whole set its answers.
      if (typeof text !== 'string') return;
      documents.set(path, document);
      sets.edit(path, text);
      session.changed(path);
      return readNamedAdvisories(sets, path, scanner);
    }),
  );
  synced.onDidSave(
    guardedEvent(connection, 'textDocument/didSave', ({ document }) => {
      const path = pathOfUri(document.uri);
      sets.save(path, document.getText());
      // Reading a site file looks again at the files around it; where files are watched, that happens anyway.
      if (baseName(path) === SITE_FILE_NAME && !client.registersWatchers) return scanner.read([path]);
    }),
  );
  synced.onDidClose(
    guardedEvent(connection, 'textDocument/didClose', ({ document }) => {
      const path = pathOfUri(document.uri);
      documents.delete(path);
      sets.close(path);
      session.changed();
      // What was not saved is gone, and what the disk holds may have changed unseen.
      return scanner.read([path]);
    }),
  );
  synced.listen(connection);
}

/** An edit of a site file may name advisories that were read before and found to be nothing. */
async function readNamedAdvisories(sets: ReviewSets, path: string, scanner: Scanner): Promise<void> {
  const set = sets.setOf(path);
  if (set === undefined || path !== set.sitePath) return;
  const named = sets.namedAdvisories(set);
  if (named.length > 0) await scanner.read(named);
}
