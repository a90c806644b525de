import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { CLIENT_ID, CLIENT_NAME } from './client-options.js';
import { startSession, stopSession } from './session.js';

/** Where the extension host is a Node process: the server runs in one of its own. */
export async function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc };
  await startSession(context, (options) => new LanguageClient(CLIENT_ID, CLIENT_NAME, server, options));
}

export async function deactivate(): Promise<void> {
  await stopSession();
}
