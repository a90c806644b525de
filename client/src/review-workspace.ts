import { commands, ProgressLocation, window } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ReviewSummary } from '../../server/src/protocol.js';
import { ask } from './requests.js';

/** Reads and judges every configuration of the workspace, shows the Problems view, and says what came of it. */
export async function reviewWorkspace(client: BaseLanguageClient): Promise<void> {
  const summary = await window.withProgress(
    { location: ProgressLocation.Window, title: 'Advisory Lens: reviewing the workspace' },
    () => ask(client, 'advisoryLens/review', {}),
  );
  await commands.executeCommand('workbench.actions.view.problems');
  if (summary.problems.length === 0) {
    void window.showInformationMessage(summaryInWords(summary));
    return;
  }
  for (const problem of summary.problems) client.warn(problem, undefined, false);
  const choice = await window.showWarningMessage(
    `${summaryInWords(summary)} Not everything could be judged: ${summary.problems[0]}`,
    'Show Output',
  );
  if (choice !== undefined) client.outputChannel.show();
}

function summaryInWords({ configurations, devices, segments, findings }: ReviewSummary): string {
  if (configurations === 0) return 'Advisory Lens found no configuration in this workspace.';
  const read = `${count(configurations, 'configuration')} of ${count(devices, 'device')}`;
  if (segments === 0) {
    return `Advisory Lens read ${read}, but no device segment: name the VLANs in advisory-lens.json.`;
  }
  const found = `${count(findings.error, 'error')}, ${count(findings.warning, 'warning')}`;
  return `Advisory Lens judged ${count(segments, 'segment')} over ${read}: ${found}.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
