import { ConfigurationTarget, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { SETTINGS_SECTION } from '../../server/src/protocol.js';
import { ask } from './requests.js';

interface DialectItem extends QuickPickItem {
  /** Undefined: what the file itself says. */
  readonly id: string | undefined;
}

/** Lets the user choose the dialect of the active file, and keeps the choice in the workspace's settings. */
export async function pickDialect(client: BaseLanguageClient): Promise<void> {
  const uri = window.activeTextEditor?.document.uri;
  if (uri === undefined) throw new Error('Open a configuration first.');
  const folder = workspace.getWorkspaceFolder(uri);
  if (folder === undefined) {
    throw new Error('The dialect is kept in the settings of the workspace: open the folder that holds this file.');
  }

  const path = workspace.asRelativePath(uri, false);
  const chosen = chosenDialects(uri);
  const dialects = await ask(client, 'advisoryLens/dialects', {});
  const mark = (id: string | undefined): string => (chosen[path] === id ? 'now' : '');
  const items: DialectItem[] = [
    { label: 'Detect from the content', description: mark(undefined), id: undefined },
    ...dialects.map(({ id, name }) => ({ label: name, description: [id, mark(id)].filter(Boolean).join(', '), id })),
  ];
  const item = await window.showQuickPick(items, { title: `Dialect of ${path}` });
  if (item === undefined) return;

  const { [path]: _, ...others } = chosen;
  const dialectOf = item.id === undefined ? others : { ...others, [path]: item.id };
  const target =
    (workspace.workspaceFolders ?? []).length > 1 ? ConfigurationTarget.WorkspaceFolder : ConfigurationTarget.Workspace;
  await workspace
    .getConfiguration(SETTINGS_SECTION, uri)
    .update('dialects', Object.keys(dialectOf).length === 0 ? undefined : dialectOf, target);
}

/** The choices that this workspace holds, without the user's own for all workspaces. */
function chosenDialects(uri: Uri): Readonly<Record<string, string>> {
  const kept = workspace.getConfiguration(SETTINGS_SECTION, uri).inspect<Record<string, string>>('dialects');
  return kept?.workspaceFolderValue ?? kept?.workspaceValue ?? {};
}
