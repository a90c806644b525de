import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ClientRequests, ServerNotifications, ServerRequests } from '../../server/src/protocol.js';

/** Asks the server one of our own requests, with the types that the protocol gives it. */
export function ask<Method extends keyof ClientRequests>(
  client: BaseLanguageClient,
  method: Method,
  params: ClientRequests[Method]['params'],
): Promise<ClientRequests[Method]['result']> {
  return client.sendRequest<ClientRequests[Method]['result']>(method, params);
}

/** Answers one of the server's requests. */
export function answer<Method extends keyof ServerRequests>(
  client: BaseLanguageClient,
  method: Method,
  handler: (params: ServerRequests[Method]['params']) => Promise<ServerRequests[Method]['result']>,
): { dispose(): void } {
  return client.onRequest<object, void>(method, handler);
}

export function listen<Method extends keyof ServerNotifications>(
  client: BaseLanguageClient,
  method: Method,
  handler: (params: ServerNotifications[Method]) => void,
): { dispose(): void } {
  return client.onNotification(method, handler);
}
