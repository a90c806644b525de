import { createConnection } from 'vscode-languageserver/node';
import { DIALECTS, Workspace } from '../core/workspace.js';
import { startServer } from '../lsp/server.js';
import { nodeRuntime } from './runtime.js';

// The transport is what the arguments say: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`.
const connection = createConnection();
// A promise that nobody awaited must not end the server, which has other answers to give.
process.on('unhandledRejection', () => connection.console.error('An error was not handled. The server goes on.'));
startServer(connection, nodeRuntime, { dialects: DIALECTS, createWorkspace: () => new Workspace() });
