/** A file's content, or why there is none. */
export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Nothing is there (any more), or nothing that can be read like a file. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'folder' }
  /** It is left alone for a reason, in words that follow its name: `is larger than 100 MB`. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One thing found under a folder: a file's URI, or a place that could not be looked into, in words. */
export type Listed = { readonly uri: string } | { readonly problem: string };

/** The whole outside world of the server, besides its connection to the client. */
export interface Runtime {
  /** Every file under a folder. What `isPassedOver` is left out; links that lead back are not followed. */
  listFiles(folderUri: string): AsyncIterable<Listed>;
  readFile(uri: string): Promise<FileContent>;
  /** Runs `work` once, no sooner than after `delayMs` milliseconds. */
  defer(work: () => void, delayMs: number): void;
}

const PASSED_OVER: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** Whether a folder holds what tools put there, and no sources. */
export function isPassedOver(folderName: string): boolean {
  return PASSED_OVER.has(folderName);
}
