import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WorkspaceApi } from '../core/workspace.js';
import { type DialectChoice, SETTINGS_SECTION } from '../protocol.js';
import { type ClientAbilities, clientAbilities } from './client-abilities.js';
import { serveCodeActions } from './code-actions.js';
import { serveDefinition } from './definition.js';
import { serveDiagnostics } from './diagnostics.js';
import { syncDocuments } from './documents.js';
import { serveHover } from './hover.js';
import { folderPath } from './paths.js';
import { serveReferences } from './references.js';
import { serveReview } from './review.js';
import { ReviewSets } from './review-sets.js';
import type { Runtime } from './runtime.js';
import { createScanner } from './scanner.js';
import { guardedEvent, ignoreRefusal, type Session } from './session.js';
import { readSettings, sectionOf } from './settings.js';
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
  const sets = new ReviewSets(core.createWorkspace);
  const client = clientAbilities(params);
  const documents = new Map<string, TextDocument>();
  const edited = new Set<string>();
  let isTellingSoon = false;

  function changed(path?: string): void {
    if (path !== undefined) edited.add(path);
    if (isTellingSoon) return;
    isTellingSoon = true;
    // Not at once: the client's own request for diagnostics, and further edits, may wait behind this one.
    runtime.defer(tell, 0);
  }

  const scanner = createScanner(connection, runtime, sets, changed);
  const session: Session = {
    connection,
    runtime,
    client,
    sets,
    documents,
    whenRead: scanner.whenRead,
    isBeingRead: scanner.isBeingRead,
    changed,
  };
  const tellDiagnostics = serveDiagnostics(session);
  const tellStatus = serveStatus(session, core.dialects);
  const tell = guardedEvent(connection, 'review', () => {
    isTellingSoon = false;
    const ready = [...edited].filter((path) => !scanner.isBeingRead(path));
    for (const path of ready) edited.delete(path);
    tellDiagnostics(new Set(ready));
    tellStatus();
  });

  let pushedSettings: unknown = client.options.settings;
  const applySettings = guardedEvent(connection, 'workspace/configuration', async () => {
    const chooser = await readSettings(connection, client, sets, pushedSettings);
    sets.setDialects(chooser);
    changed();
    const chosen = sets.dropped().filter((path) => chooser(path) !== undefined);
    if (chosen.length > 0) await scanner.read(chosen);
  });
  connection.onDidChangeConfiguration(
    guardedEvent(connection, 'workspace/didChangeConfiguration', ({ settings }) => {
      pushedSettings = sectionOf(settings) ?? pushedSettings;
      return applySettings();
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

  sets.setFolders(foldersOf(params));
  // Documents may be opened before `initialized` has been handled; they too wait for the first scan.
  scanner.announce(sets.folders);

  connection.onInitialized(
    guardedEvent(connection, 'initialized', async () => {
      watchFiles(session, scanner);
      if (client.registersConfiguration) {
        const section = SETTINGS_SECTION;
        ignoreRefusal(connection.client.register(DidChangeConfigurationNotification.type, { section }));
      }
      if (client.workspaceFolders) watchFolders();
      void applySettings();
      if (sets.folders.length > 0) await scanner.scan(sets.folders);
    }),
  );

  function watchFolders(): void {
    connection.workspace.onDidChangeWorkspaceFolders(
      guardedEvent(connection, 'workspace/didChangeWorkspaceFolders', async ({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => folderPath(uri)));
        const come = added.map(({ uri }) => folderPath(uri));
        sets.setFolders([...sets.folders.filter((folder) => !gone.has(folder)), ...come]);
        scanner.announce(come);
        changed();
        void applySettings();
        if (come.length > 0) await scanner.scan(come);
      }),
    );
  }

  return { capabilities: capabilities(client), serverInfo: { name: 'advisory-lens' } };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  // Clients from before workspace folders name one root.
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri == null ? [] : [rootUri]);
  return uris.map(folderPath);
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
