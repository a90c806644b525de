import { createConnection } from 'vscode-languageserver/node';
import { DIALECTS, Workspace } from '../core/workspace.js';
import { startServer } from '../lsp/server.js';
import { nodeRuntime } from './runtime.js';

// The transport is what the arguments say: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`.
startServer(createConnection(), nodeRuntime, { dialects: DIALECTS, createWorkspace: () => new Workspace() });
