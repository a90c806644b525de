import { createConnection } from 'vscode-languageserver/node';
import { startServer } from '../../../server/src/lsp/server.js';
import { nodeRuntime } from '../../../server/src/node/runtime.js';
import { ToyWorkspace } from './workspace.js';

const connection = createConnection();

/** Files named `slow...` are read only after the notification `toy/release`: tests end a scan when they like. */
const released = new Promise<void>((resolve) => connection.onNotification('toy/release', resolve));

const runtime = {
  ...nodeRuntime,
  async readFile(uri: string) {
    if (uri.includes('/slow')) await released;
    return nodeRuntime.readFile(uri);
  },
};

startServer(connection, runtime, {
  dialects: [{ id: 'toy', name: 'Toy' }],
  createWorkspace: () => new ToyWorkspace(),
});
