import {
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  type RelatedFullDocumentDiagnosticReport,
  type RelatedUnchangedDocumentDiagnosticReport,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { type DiagnosticItems, diagnosticItems, NO_ITEMS } from './diagnostic-items.js';
import { pathOfUri } from './paths.js';
import type { FileReport, ReviewSet } from './review-set.js';
import { clientUri, guarded, ignoreRefusal, logFailure, pathOf, type Session } from './session.js';

type DocumentReport = RelatedFullDocumentDiagnosticReport | RelatedUnchangedDocumentDiagnosticReport;

/** Tells the client what has changed; `edited` are the open documents whose text has, since the last time. */
export type TellDiagnostics = (edited: ReadonlySet<string>) => void;

interface Judgement {
  readonly items: ReadonlyMap<string, DiagnosticItems>;
  /** Whether nothing can be said of a file: it is being read, or its set's judgement failed. */
  isOpen(path: string): boolean;
}

/**
 * Diagnostics, pulled by clients that can and pushed to the others.
 *
 * A client that pulls asks by itself for a document that it has edited. It is told to ask again
 * (`workspace/diagnostic/refresh`) only where the diagnostics of *other* files are not those it has.
 */
export function serveDiagnostics(session: Session): TellDiagnostics {
  const { connection, client, sets } = session;
  /** By path, the result that the client has, or was told to ask for. */
  const told = new Map<string, string>();
  let itemsOfReport = new WeakMap<FileReport, DiagnosticItems>();
  /** The client's own spellings of its documents' URIs, which stand in the items. */
  let spellings = '';

  function itemsOf(report: FileReport | undefined): DiagnosticItems {
    if (report === undefined) return NO_ITEMS;
    const now = [...session.documents.values()].map(({ uri }) => uri).join('\n');
    if (now !== spellings) {
      itemsOfReport = new WeakMap();
      spellings = now;
    }
    let items = itemsOfReport.get(report);
    if (items === undefined) {
      items = diagnosticItems(session, report);
      itemsOfReport.set(report, items);
    }
    return items;
  }

  /** The diagnostics of every file that has any. */
  function judge(): Judgement {
    const items = new Map<string, DiagnosticItems>();
    const failed = new Set<ReviewSet>();
    for (const set of sets.all()) {
      if (session.isBeingRead(set.root)) continue;
      try {
        for (const [path, report] of set.reports()) items.set(path, itemsOf(report));
      } catch (error) {
        // The other sets' diagnostics do not hang on this one's.
        logFailure(connection, 'review', error);
        failed.add(set);
      }
    }
    const isOpen = (path: string) => {
      const set = sets.setOf(path);
      return session.isBeingRead(path) || (set !== undefined && failed.has(set));
    };
    return { items, isOpen };
  }

  /** The files whose diagnostics are not those that the client was told of, and `anyway` those of some. */
  function outdated(anyway: Iterable<string> = []): Map<string, DiagnosticItems> {
    const result = new Map<string, DiagnosticItems>();
    const { items, isOpen } = judge();
    for (const path of anyway) if (!isOpen(path)) result.set(path, items.get(path) ?? NO_ITEMS);
    for (const [path, found] of items) {
      if (found.resultId !== (told.get(path) ?? NO_ITEMS.resultId)) result.set(path, found);
    }
    for (const path of told.keys()) if (!items.has(path) && !isOpen(path)) result.set(path, NO_ITEMS);
    return result;
  }

  function tell(path: string, { resultId }: DiagnosticItems): void {
    if (resultId === NO_ITEMS.resultId) told.delete(path);
    else told.set(path, resultId);
  }

  function publish(path: string, items: DiagnosticItems): void {
    tell(path, items);
    const version = session.documents.get(path)?.version;
    ignoreRefusal(
      connection.sendDiagnostics({
        uri: clientUri(session, path),
        diagnostics: items.items,
        ...(client.publishedVersion && version !== undefined && { version }),
      }),
    );
  }

  const refresh = coalesced(() => connection.languages.diagnostics.refresh());

  if (client.pullsDiagnostics) {
    connection.languages.diagnostics.on(
      guarded(connection, 'textDocument/diagnostic', async (params, token): Promise<DocumentReport> => {
        const path = pathOf(params);
        await session.whenRead(path, token);
        const items = itemsOf(sets.setOf(path)?.reports().get(path));
        tell(path, items);
        return { ...documentReport(items, params.previousResultId), ...relatedDocuments(path) };
      }),
    );
    connection.languages.diagnostics.onWorkspace(
      guarded(connection, 'workspace/diagnostic', async ({ previousResultIds }, token) => {
        await session.whenRead(undefined, token);
        const previous = new Map(previousResultIds.map(({ uri, value }) => [pathOfUri(uri), value]));
        const reports: WorkspaceDocumentDiagnosticReport[] = [];
        const report = (path: string, items: DiagnosticItems) => {
          tell(path, items);
          reports.push({
            uri: clientUri(session, path),
            version: session.documents.get(path)?.version ?? null,
            ...documentReport(items, previous.get(path)),
          });
          previous.delete(path);
        };
        const { items, isOpen } = judge();
        for (const [path, found] of items) report(path, found);
        // What the client still shows of the other files has no ground any more.
        for (const path of [...previous.keys()]) if (!isOpen(path)) report(path, NO_ITEMS);
        return { items: reports };
      }),
    );
  }

  /** For clients that take them: what an edit of one document has changed in others comes with its answer. */
  function relatedDocuments(of: string): Pick<RelatedFullDocumentDiagnosticReport, 'relatedDocuments'> {
    if (!client.relatedDocuments) return {};
    const related = [...outdated()].filter(([path]) => path !== of);
    if (related.length === 0) return {};
    for (const [path, items] of related) tell(path, items);
    return {
      relatedDocuments: Object.fromEntries(
        related.map(([path, items]) => [clientUri(session, path), documentReport(items, undefined)]),
      ),
    };
  }

  if (!client.pullsDiagnostics) {
    return (edited) => {
      const shown = [...edited].filter((path) => session.documents.has(path));
      for (const [path, items] of outdated(shown)) publish(path, items);
    };
  }
  return (edited) => {
    const others = [...outdated()].filter(([path]) => !edited.has(path));
    if (others.length === 0 || !client.refreshesDiagnostics) return;
    for (const [path, items] of others) tell(path, items);
    refresh();
  };
}

function documentReport(
  { resultId, items }: DiagnosticItems,
  previousResultId: string | undefined,
): FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport {
  return previousResultId === resultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

/** Runs `work` now, or once more after the run under way. */
function coalesced(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    isWanted = false;
    work()
      // The client has nothing to say here, and a failed refresh mends itself with the next.
      .catch(() => undefined)
      .finally(() => {
        isRunning = false;
        if (isWanted) run();
      });
  };
  return run;
}
