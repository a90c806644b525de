import { commands, type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import type { FileStatus } from '../../server/src/protocol.js';
import { ask, listen } from './requests.js';

/** Set while the active editor holds a configuration; the manifest shows commands by it. */
const CONTEXT_KEY = 'advisoryLens.fileIsConfiguration';

const VERDICTS = {
  blocked: { icon: 'shield', words: 'blocked', background: undefined },
  possible: { icon: 'warning', words: 'possibly reachable', background: 'statusBarItem.warningBackground' },
  reachable: { icon: 'error', words: 'reachable', background: 'statusBarItem.errorBackground' },
} as const;

/** Keeps a status bar item with the active file's dialect and verdict; a click chooses the dialect. */
export function showStatus(client: BaseLanguageClient): Disposable[] {
  const item = window.createStatusBarItem('advisoryLens.status', StatusBarAlignment.Right, 100);
  item.name = 'Advisory Lens';
  item.command = 'advisoryLens.pickDialect';

  let latest = 0;
  async function update(): Promise<void> {
    latest += 1;
    const mine = latest;
    const uri = window.activeTextEditor?.document.uri.toString();
    const status =
      uri === undefined || client.state !== State.Running
        ? null
        : await ask(client, 'advisoryLens/fileStatus', { uri }).catch((): null => null);
    // An answer that was overtaken is about another file, or about an older text.
    if (mine !== latest) return;
    render(item, status);
    await commands.executeCommand('setContext', CONTEXT_KEY, status?.dialect !== undefined);
  }

  return [
    item,
    window.onDidChangeActiveTextEditor(() => void update()),
    client.onDidChangeState(() => void update()),
    listen(client, 'advisoryLens/statusChanged', () => void update()),
  ];
}

function render(item: StatusBarItem, status: FileStatus | null): void {
  if (status === null || (status.dialect === undefined && status.problem === undefined)) {
    item.hide();
    return;
  }
  const verdict = status.problem === undefined && status.verdict !== undefined ? VERDICTS[status.verdict] : undefined;
  const icon = status.problem === undefined ? (verdict?.icon ?? 'shield') : 'circle-slash';
  const words = [status.dialect?.name, status.problem === undefined ? verdict?.words : 'not judged'];
  item.text = `$(${icon}) ${words.filter((word) => word !== undefined).join(': ')}`;
  item.backgroundColor = verdict?.background === undefined ? undefined : new ThemeColor(verdict.background);
  item.tooltip = tooltip(status);
  item.show();
}

function tooltip(status: FileStatus): string {
  const lines: string[] = [];
  if (status.device !== undefined) lines.push(`Device: ${status.device}`);
  if (status.dialect !== undefined) {
    lines.push(`Dialect: ${status.dialect.name} (${status.chosen ? 'chosen in the settings' : 'found in the file'})`);
  }
  if (status.problem !== undefined) lines.push(`Nothing is judged: ${status.problem}`);
  else if (status.verdict === undefined) lines.push('No device segment enters here.');
  else lines.push(`From the device segments, the advisory's addresses are ${VERDICTS[status.verdict].words}.`);
  lines.push('Click to choose the dialect.');
  return lines.join('\n');
}
