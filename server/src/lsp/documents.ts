import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { pathOfUri } from './paths.js';
import type { ReviewSets } from './review-sets.js';
import type { Scanner } from './scanner.js';
import { guardedEvent, type Session } from './session.js';

/** Keeps `documents` and the review sets at what the editors show. */
export function syncDocuments(session: Session, documents: Map<string, TextDocument>, scanner: Scanner): void {
  const { connection, sets } = session;
  const synced = new TextDocuments(TextDocument);
  synced.onDidChangeContent(
    guardedEvent(connection, 'textDocument/didChange', ({ document }) => {
      const path = pathOfUri(document.uri);
      documents.set(path, document);
      sets.edit(path, document.getText());
      session.changed(path);
      readNamedAdvisories(sets, path, scanner);
    }),
  );
  synced.onDidSave(
    guardedEvent(connection, 'textDocument/didSave', ({ document }) => {
      const path = pathOfUri(document.uri);
      sets.save(path, document.getText());
      // A site file may make configurations of files that looked like none.
      if (path === sets.setOf(path)?.sitePath) return scanner.read(sets.dropped());
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

function readNamedAdvisories(sets: ReviewSets, path: string, scanner: Scanner): void {
  const set = sets.setOf(path);
  if (set === undefined || path !== set.sitePath) return;
  const named = sets.namedAdvisories(set);
  if (named.length > 0) void scanner.read(named);
}
