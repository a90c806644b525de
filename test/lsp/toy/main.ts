import { createConnection } from 'vscode-languageserver/node';
import { startServer } from '../../../server/src/lsp/server.js';
import { nodeRuntime } from '../../../server/src/node/runtime.js';
import { ToyWorkspace } from './workspace.js';

startServer(createConnection(), nodeRuntime, {
  dialects: [{ id: 'toy', name: 'Toy' }],
  createWorkspace: () => new ToyWorkspace(),
});
