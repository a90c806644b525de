import { commands, type Disposable, type ExtensionContext, window } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { clientOptions } from './client-options.js';
import { serveFiles } from './files.js';
import { markDeviceVlan } from './mark-device-vlan.js';
import { pickDialect } from './pick-dialect.js';
import { reviewWorkspace } from './review-workspace.js';
import { openSiteFile } from './site-file.js';
import { showStatus } from './status-bar.js';

let running: BaseLanguageClient | undefined;

/** Starts the language server and all that the editor shows of it; the two hosts differ only in `createClient`. */
export async function startSession(
  context: ExtensionContext,
  createClient: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<void> {
  const client = createClient(clientOptions());
  running = client;
  context.subscriptions.push(
    ...serveFiles(client),
    ...showStatus(client),
    command(client, 'advisoryLens.reviewWorkspace', () => reviewWorkspace(client)),
    command(client, 'advisoryLens.openSiteFile', () => openSiteFile(client)),
    command(client, 'advisoryLens.markDeviceVlan', () => markDeviceVlan(client)),
    command(client, 'advisoryLens.pickDialect', () => pickDialect(client)),
    commands.registerCommand('advisoryLens.showOutput', () => client.outputChannel.show()),
  );
  await client.start();
}

export async function stopSession(): Promise<void> {
  await running?.dispose();
  running = undefined;
}

/** A command that says what went wrong, in place of a silent failure. */
function command(client: BaseLanguageClient, id: string, run: () => Promise<void>): Disposable {
  return commands.registerCommand(id, async () => {
    try {
      await run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      client.error(`${id} failed.`, error, false);
      const choice = await window.showErrorMessage(`Advisory Lens: ${reason}`, 'Show Output');
      if (choice !== undefined) client.outputChannel.show();
    }
  });
}
