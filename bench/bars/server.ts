import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

/** The real server on stdio, which reviews a folder. */
export async function startServer(folder: string): Promise<MessageConnection> {
  const child = spawn(process.execPath, [resolve('dist/server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest(() => null);
  connection.listen();
  const parameters: InitializeParams = {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      textDocument: { diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true } },
      workspace: { workspaceFolders: true, diagnostics: { refreshSupport: true } },
    },
  };
  await connection.sendRequest('initialize', parameters);
  await connection.sendNotification('initialized', {});
  return connection;
}

/** Opens a file, as an editor does; the function that is returned asks for the rules of its diagnostics. */
export async function openFile(
  connection: MessageConnection,
  uri: string,
  text: string,
): Promise<() => Promise<unknown[]>> {
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'plaintext', version: 0, text },
  });
  return async () => {
    const report: DocumentDiagnosticReport = await connection.sendRequest('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return report.kind === 'full' ? report.items.map(({ code }) => code) : [];
  };
}

export async function stopServer(connection: MessageConnection): Promise<void> {
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
}
