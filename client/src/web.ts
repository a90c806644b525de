import { type ExtensionContext, Uri, workspace } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
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

/**
 * The bundle goes by way of a Blob, because a worker cannot be made from a `vscode-remote:` address.
 * The client would make the transports of a worker itself, but does not know the extension host's
 * own kind of `Worker` for one.
 */
async function startWorker(extensionUri: Uri): Promise<MessageTransports> {
  const bundle = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist', 'server.web.js'));
  const address = URL.createObjectURL(new Blob([new Uint8Array(bundle)], { type: 'text/javascript' }));
  const worker = new Worker(address);
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}
