import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { DIALECTS, Workspace } from '../core/workspace.js';
import { startServer } from '../lsp/server.js';
import { clientRuntime } from './runtime.js';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
startServer(connection, clientRuntime(connection), { dialects: DIALECTS, createWorkspace: () => new Workspace() });
