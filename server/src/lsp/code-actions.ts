import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Finding, Fix, ReportEdit } from '../core/report.js';
import { type DiagnosticData, findingKey, SOURCE } from './diagnostic-items.js';
import { pathOfUri } from './paths.js';
import { rangeOf, touches } from './ranges.js';
import type { ReviewSet } from './review-set.js';
import { clientUri, guarded, pathOf, type Session } from './session.js';

/** What an action carries to be made again when the client asks for its edit. */
interface ActionData {
  readonly uri: string;
  readonly finding: string;
  readonly fix: string;
  readonly title: string;
}

/**
 * Quick fixes. Nothing is kept between the two requests: each finds the finding in the texts as they
 * are and proves its fixes on them, so an edit never rests on a text that is gone.
 */
export function serveCodeActions(session: Session): void {
  const { connection, client, sets } = session;

  connection.onCodeAction(
    guarded(connection, 'textDocument/codeAction', async (params, token): Promise<CodeAction[]> => {
      const path = pathOf(params);
      if (!client.codeActionLiterals || !wantsQuickFix(params)) return [];
      await session.whenRead(path, token);
      const set = sets.setOf(path);
      const findings = set?.reports().get(path)?.findings ?? [];
      return findings
        .filter((finding) => touches(rangeOf(finding), params.range))
        .flatMap((finding) => actionsOf(finding, params, set as ReviewSet));
    }),
  );

  if (client.resolvesEdits) {
    connection.onCodeActionResolve(
      guarded(connection, 'codeAction/resolve', async (action, token): Promise<CodeAction> => {
        const data = action.data as ActionData;
        const path = pathOfUri(data.uri);
        await session.whenRead(path, token);
        const set = sets.setOf(path);
        const finding = set
          ?.reports()
          .get(path)
          ?.findings.find((candidate) => findingKey(candidate) === data.finding);
        const fix =
          finding &&
          provedFixes(set as ReviewSet, finding).find(({ id, title }) => id === data.fix && title === data.title);
        if (fix === undefined) {
          throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed since this fix was offered.');
        }
        return { ...action, edit: workspaceEdit(session, fix) };
      }),
    );
  }

  function actionsOf(finding: Finding, params: CodeActionParams, set: ReviewSet): CodeAction[] {
    const key = findingKey(finding);
    const diagnostics = params.context.diagnostics.filter((diagnostic) => isAbout(diagnostic, finding, key));
    return provedFixes(set, finding).map((fix, index): CodeAction => {
      const data: ActionData = { uri: params.textDocument.uri, finding: key, fix: fix.id, title: fix.title };
      return {
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics,
        ...(client.preferredActions && index === 0 && { isPreferred: true }),
        ...(client.resolvesEdits ? { data } : { edit: workspaceEdit(session, fix) }),
      };
    });
  }
}

function wantsQuickFix({ context }: CodeActionParams): boolean {
  return context.only === undefined || context.only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);
}

function provedFixes(set: ReviewSet, finding: Finding): Fix[] {
  return set.workspace.fixesOf(finding).filter(({ proof }) => proof.closes && proof.changesOnly);
}

/** By the data that the diagnostic carries; a client that drops it still has the rule and the place. */
function isAbout(diagnostic: Diagnostic, finding: Finding, key: string): boolean {
  if (diagnostic.source !== SOURCE) return false;
  const data = diagnostic.data as DiagnosticData | undefined;
  if (data !== undefined) return data?.finding === key;
  const { start } = rangeOf(finding);
  return (
    diagnostic.code === finding.rule &&
    diagnostic.range.start.line === start.line &&
    diagnostic.range.start.character === start.character
  );
}

/** With the documents' versions where the client can hold them against its own. */
function workspaceEdit(session: Session, fix: Fix): WorkspaceEdit {
  const byFile = new Map<string, TextEdit[]>();
  for (const edit of fix.edits) {
    const edits = byFile.get(edit.file) ?? [];
    edits.push(textEdit(edit));
    byFile.set(edit.file, edits);
  }
  if (!session.client.documentChanges) {
    return { changes: Object.fromEntries([...byFile].map(([path, edits]) => [clientUri(session, path), edits])) };
  }
  return {
    documentChanges: [...byFile].map(([path, edits]) => ({
      textDocument: { uri: clientUri(session, path), version: session.documents.get(path)?.version ?? null },
      edits,
    })),
  };
}

function textEdit({ startLine, startColumn, endLine, endColumn, newText }: ReportEdit): TextEdit {
  return { range: rangeOf({ line: startLine, column: startColumn, endLine, endColumn }), newText };
}
