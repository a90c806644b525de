import { Range, Selection, type TextDocument, Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { ask } from './requests.js';
import { placeToWrite, SITE_FILE_NAME, starterText } from './site-file-text.js';

/** Opens the site file of the active file or of the workspace with the cursor in its segments; writes a starter where there is none. */
export async function openSiteFile(client: BaseLanguageClient): Promise<void> {
  const uri = (await findSiteFile(client)) ?? (await createSiteFile(starterText()));
  await showSegments(await workspace.openTextDocument(uri));
}

/** Shows a site file with the cursor where the next VLAN would be written. */
export async function showSegments(document: TextDocument): Promise<void> {
  const editor = await window.showTextDocument(document);
  const cursor = document.positionAt(placeToWrite(document.getText()));
  editor.selection = new Selection(cursor, cursor);
  editor.revealRange(new Range(cursor, cursor));
}

/** The site file that governs the active file, else one at the root of a workspace folder; undefined where there is none. */
export async function findSiteFile(client: BaseLanguageClient): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined) {
    const { uri } = await ask(client, 'advisoryLens/siteFile', { uri: active.toString() });
    // The server hears of a deleted file a moment later than the disk.
    if (uri !== null && (await exists(Uri.parse(uri)))) return Uri.parse(uri);
  }
  for (const folder of workspace.workspaceFolders ?? []) {
    const uri = Uri.joinPath(folder.uri, SITE_FILE_NAME);
    if (await exists(uri)) return uri;
  }
  return undefined;
}

/**
 * Writes a new site file at the root of the active file's workspace folder, or of the first one.
 * @throws where no folder is open
 */
export async function createSiteFile(text: string): Promise<Uri> {
  const active = window.activeTextEditor?.document.uri;
  const folder = (active && workspace.getWorkspaceFolder(active)) ?? workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error(`Open a folder first: ${SITE_FILE_NAME} stands at its root.`);
  const uri = Uri.joinPath(folder.uri, SITE_FILE_NAME);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
