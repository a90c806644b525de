import { Range, type Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { ask } from './requests.js';
import { createSiteFile, findSiteFile, showSegments } from './site-file.js';
import { addVlan, SITE_FILE_NAME, segmentNames, segmentOfVlan, starterText } from './site-file-text.js';

/** Adds the VLAN at the cursor to a segment of the site file, and saves it so that the review follows. */
export async function markDeviceVlan(client: BaseLanguageClient): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) throw new Error('Open a configuration and put the cursor on a VLAN first.');
  const { line, character } = editor.selection.active;
  const uri = editor.document.uri.toString();
  const found = await ask(client, 'advisoryLens/vlanAt', { uri, line, character });
  if (found === null) {
    throw new Error(
      'There is no VLAN at the cursor. Put it on `interface Vlan210`, `vlan 210`, `encapsulation dot1Q 210` or `iface eth0.210`.',
    );
  }

  const site = await findSiteFile(client);
  if (site === undefined) {
    await showSegments(await workspace.openTextDocument(await createSiteFile(starterText([found.vlan]))));
    return;
  }
  await addToSiteFile(site, found.vlan);
}

async function addToSiteFile(site: Uri, vlan: number): Promise<void> {
  const document = await workspace.openTextDocument(site);
  const text = document.getText();
  const names = segmentNames(text);
  if (names === undefined) {
    await window.showTextDocument(document);
    throw new Error(`${SITE_FILE_NAME} cannot be read; mend it, then mark the VLAN again.`);
  }
  const marked = segmentOfVlan(text, vlan);
  if (marked !== undefined) {
    void window.showInformationMessage(`VLAN ${vlan} already belongs to the segment "${names[marked]}".`);
    return;
  }
  const segment = await pickSegment(names, vlan);
  if (segment === undefined) return;

  const edit = new WorkspaceEdit();
  for (const { offset, length, content } of addVlan(text, segment, vlan)) {
    edit.replace(site, new Range(document.positionAt(offset), document.positionAt(offset + length)), content);
  }
  if (!(await workspace.applyEdit(edit)) || !(await document.save())) {
    throw new Error(`${SITE_FILE_NAME} could not be written.`);
  }
  void window.showInformationMessage(
    `VLAN ${vlan} now belongs to the segment "${names[segment] ?? 'patient-monitors'}".`,
  );
}

/** The place of the segment that takes the VLAN; undefined: the user changed their mind. */
async function pickSegment(names: readonly string[], vlan: number): Promise<number | undefined> {
  if (names.length < 2) return 0;
  const items = names.map((label, index) => ({ label, index }));
  return (await window.showQuickPick(items, { title: `Which segment does VLAN ${vlan} belong to?` }))?.index;
}
