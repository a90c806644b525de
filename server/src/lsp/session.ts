import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientAbilities } from './client-abilities.js';
import { pathOfUri, uriOfPath } from './paths.js';
import type { ReviewSets } from './review-sets.js';

/** What all handlers share, from `initialize` to `shutdown`. */
export interface Session {
  readonly connection: Connection;
  readonly client: ClientAbilities;
  readonly sets: ReviewSets;
  /** The open documents, by path. */
  readonly documents: ReadonlyMap<string, TextDocument>;
  /**
   * Resolves when the files that are judged together with `path` have been read: at once, or when
   * the scan of its folder is over. An answer from half the files could be a wrong one.
   */
  whenRead(path: string | undefined, token: CancellationToken): Promise<void>;
  /** Whether `whenRead` would wait. */
  isBeingRead(path: string): boolean;
  /** Something that verdicts depend on has changed; `edited` is the open document that it was, if it was one. */
  changed(edited?: string): void;
}

/** The URI of a path, in the client's own spelling where it has opened the file. */
export function clientUri(session: Session, path: string): string {
  return session.documents.get(path)?.uri ?? uriOfPath(path);
}

/**
 * A handler that costs one answer when it fails. The client's log gets the method and the error's
 * sort, never its message or stack, which may quote a configuration.
 */
export function guarded<Params, Result>(
  connection: Connection,
  method: string,
  handler: (params: Params, token: CancellationToken) => Result | Promise<Result>,
): (params: Params, token: CancellationToken) => Promise<Result> {
  return async (params, token) => {
    if (token.isCancellationRequested) throw cancelled();
    try {
      return await handler(params, token);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      logFailure(connection, method, error);
      throw new ResponseError(ErrorCodes.InternalError, `${method} failed. The server goes on.`);
    }
  };
}

/** The same for what has no answer: a notification, or work of the server's own. */
export function guardedEvent<Params extends readonly unknown[]>(
  connection: Connection,
  name: string,
  handler: (...params: Params) => void | Promise<void>,
): (...params: Params) => Promise<void> {
  return async (...params) => {
    try {
      await handler(...params);
    } catch (error) {
      logFailure(connection, name, error);
    }
  };
}

export function logFailure(connection: Connection, name: string, error: unknown): void {
  connection.console.error(`${name} failed: ${error instanceof Error ? error.name : 'unknown error'}`);
}

/** For what the client may decline without harm, such as a registration. Unhandled, it would end the server. */
export function ignoreRefusal(sent: Promise<unknown>): void {
  sent.catch(() => undefined);
}

export function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** A request that names a document, made safe against one that names none. */
export function pathOf(params: { readonly textDocument: { readonly uri: string } }): string {
  const uri: unknown = params?.textDocument?.uri;
  if (typeof uri !== 'string') throw new ResponseError(ErrorCodes.InvalidParams, 'The request names no document.');
  return pathOfUri(uri);
}

/** Line and column from 1, as the core counts. */
export function placeOf(params: { readonly position: { readonly line: number; readonly character: number } }): {
  readonly line: number;
  readonly column: number;
} {
  const { line, character } = params.position ?? {};
  if (!Number.isInteger(line) || !Number.isInteger(character)) {
    throw new ResponseError(ErrorCodes.InvalidParams, 'The request names no place.');
  }
  return { line: line + 1, column: character + 1 };
}
