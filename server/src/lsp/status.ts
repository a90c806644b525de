import type { DialectChoice, FileStatus } from '../protocol.js';
import { baseName, pathOfUri } from './paths.js';
import { serveRequest } from './requests.js';
import { ignoreRefusal, type Session } from './session.js';

/**
 * What is known of the open files, for a status bar.
 * @returns tells the client when an answer that it may have got is stale
 */
export function serveStatus(session: Session, dialects: readonly DialectChoice[]): () => void {
  const { connection, sets } = session;
  let lastSeen = '[]';

  function choiceOf(id: string): DialectChoice {
    return { id, name: dialects.find((dialect) => dialect.id === id)?.name ?? id };
  }

  function statusOf(uri: string): FileStatus | null {
    const path = pathOfUri(uri);
    const set = sets.setOf(path);
    if (set === undefined) return null;
    const summary = set.workspace.fileSummary(path);
    if (summary === undefined && path !== set.sitePath) return null;
    const [problem] = set.workspace.siteProblems();
    return {
      uri,
      chosen: sets.chosenDialect(path) !== undefined,
      ...(summary && { dialect: choiceOf(summary.dialect), device: summary.device }),
      ...(summary?.verdict && { verdict: summary.verdict }),
      ...(problem && { problem: `${baseName(problem.file)}, line ${problem.line}: ${problem.message}` }),
    };
  }

  serveRequest(session, 'advisoryLens/fileStatus', async ({ uri }, token) => {
    await session.whenRead(pathOfUri(uri), token);
    return statusOf(uri);
  });
  serveRequest(session, 'advisoryLens/dialects', () => dialects.map(({ id, name }) => ({ id, name })));

  return () => {
    const open = [...session.documents].filter(([path]) => !session.isBeingRead(path));
    const seen = JSON.stringify(open.map(([, document]) => statusOf(document.uri)));
    if (seen === lastSeen) return;
    lastSeen = seen;
    ignoreRefusal(connection.sendNotification('advisoryLens/statusChanged', {}));
  };
}
