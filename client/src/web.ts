import { type ExtensionContext, Uri, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { CLIENT_ID, CLIENT_NAME } from './client-options.js';
import { startSession, stopSession } from './session.js';

/** Where the extension host is a web worker: the server runs in a worker beside it. */
export async function activate(context: ExtensionContext): Promise<void> {
  await startSession(
    context,
    (options) => new LanguageClient(CLIENT_ID, CLIENT_NAME, () => startWorker(context.extensionUri), options),
  );
}

export async function deactivate(): Promise<void> {
  await stopSession();
}

/** The bundle goes by way of a Blob, because a worker cannot be made from a `vscode-remote:` address. */
async function startWorker(extensionUri: Uri): Promise<Worker> {
  const bundle = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist', 'server.web.js'));
  const address = URL.createObjectURL(new Blob([new Uint8Array(bundle)], { type: 'text/javascript' }));
  return new Worker(address);
}
