import type { CancellationToken, GenericRequestHandler } from 'vscode-languageserver';
import type { ClientRequests } from '../protocol.js';
import { guarded, type Session } from './session.js';

/** Answers a request of our own protocol, guarded as the others are. */
export function serveRequest<Method extends keyof ClientRequests>(
  { connection }: Session,
  method: Method,
  handler: (
    params: ClientRequests[Method]['params'],
    token: CancellationToken,
  ) => ClientRequests[Method]['result'] | Promise<ClientRequests[Method]['result']>,
): void {
  // The library's own result type hangs on whether it may be null, which is not settled for every method at once.
  const answer: GenericRequestHandler<unknown, void> = guarded(connection, method, handler);
  connection.onRequest(method as string, answer);
}
