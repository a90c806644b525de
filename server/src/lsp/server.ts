import {
  CodeActionKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WorkspaceApi } from '../core/workspace.js';
import type { DialectChoice } from '../protocol.js';
import { Changes } from './changes.js';
import { type ClientAbilities, clientAbilities } from './client-abilities.js';
import { serveCodeActions } from './code-actions.js';
import { serveDefinition } from './definition.js';
import { serveDiagnostics } from './diagnostics.js';
import { syncDocuments } from './documents.js';
import { foldersOf, watchFolders } from './folders.js';
import { serveHover } from './hover.js';
import { serveReferences } from './references.js';
import { serveReview } from './review.js';
import { ReviewSets } from './review-sets.js';
import type { Runtime } from './runtime.js';
import { createScanner } from './scanner.js';
import { guardedEvent, type Session } from './session.js';
import { serveSettings, watchSettings } from './settings.js';
import { serveSiteFile } from './site-file.js';
import { serveStatus } from './status.js';
import { serveSymbols } from './symbols.js';
import { serveVlanAt } from './vlan-at.js';
import { watchFiles } from './watched-files.js';

/** The analysis that is served. */
export interface Core {
  /** Those that may be chosen for a file. */
  readonly dialects: readonly DialectChoice[];
  createWorkspace(): WorkspaceApi;
}

/** Serves one client until it says `exit`. Everything else begins with its `initialize`. */
export function startServer(connection: Connection, runtime: Runtime, core: Core): void {
  connection.onInitialize((params) => startSession(connection, runtime, core, params));
  connection.listen();
}

function startSession(
  connection: Connection,
  runtime: Runtime,
  core: Core,
  params: InitializeParams,
): InitializeResult {
  const client = clientAbilities(params);
  const sets = new ReviewSets(core.createWorkspace);
  sets.setFolders(foldersOf(params));
  const documents = new Map<string, TextDocument>();
  const changes = new Changes(runtime);
  const scanner = createScanner(connection, runtime, sets, () => changes.add());
  // Documents may be opened before `initialized` has been handled; they too wait for the first scan.
  scanner.announce(sets.folders);
  const session: Session = {
    connection,
    client,
    sets,
    documents,
    whenRead: scanner.whenRead,
    isBeingRead: scanner.isBeingRead,
    changed: (edited) => changes.add(edited),
  };

  const tellDiagnostics = serveDiagnostics(session);
  const tellStatus = serveStatus(session, core.dialects);
  changes.onTell(
    guardedEvent(connection, 'review', () => {
      tellDiagnostics(changes.takeEdited((path) => !scanner.isBeingRead(path)));
      tellStatus();
    }),
  );
  syncDocuments(session, documents, scanner);
  serveCodeActions(session);
  serveHover(session);
  serveSymbols(session);
  serveDefinition(session);
  serveReferences(session);
  serveReview(session, scanner);
  serveSiteFile(session);
  serveVlanAt(session);
  const applySettings = serveSettings(session, scanner);

  connection.onInitialized(
    guardedEvent(connection, 'initialized', async () => {
      watchFiles(session, scanner);
      watchSettings(session);
      watchFolders(session, scanner, applySettings);
      void applySettings();
      if (sets.folders.length > 0) await scanner.scan(sets.folders);
    }),
  );
  return { capabilities: capabilities(client), serverInfo: { name: 'advisory-lens' } };
}

function capabilities(client: ClientAbilities): InitializeResult['capabilities'] {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    ...(client.pullsDiagnostics && {
      diagnosticProvider: { identifier: 'advisory-lens', interFileDependencies: true, workspaceDiagnostics: true },
    }),
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: client.resolvesEdits },
    hoverProvider: true,
    documentSymbolProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
