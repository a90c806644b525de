/**
 * What the server and its clients say to each other beyond the Language Server Protocol: names and
 * plain types, no library. Client and server are bundled apart and pin different versions of the
 * LSP packages, so this file is the only one that both may import.
 *
 * Every request below is optional. A client that knows none of them (neovim, Emacs) loses the
 * status, the commands and the choice of a dialect, and keeps diagnostics, fixes and all the rest.
 */
import type { Level, VerdictWord } from './core/report.js';

/** The section of the settings that the server reads, by `workspace/configuration` or from `didChangeConfiguration`. */
export const SETTINGS_SECTION = 'advisoryLens';

/** The settings of one workspace folder that the server acts on. */
export interface Settings {
  /**
   * The editor's choice of dialects: a path relative to the workspace folder, with `/`, or a glob of
   * such paths, to the id of a dialect. It beats every other sign; the last entry that matches wins.
   */
  readonly dialects?: Readonly<Record<string, string>>;
}

/** `initializationOptions`. All members are optional, and so is the whole. */
export interface InitializationOptions {
  /** The settings until the client is asked for them; all there is for clients that cannot be asked. */
  readonly settings?: Settings;
  /** The client answers `listFiles` and `readFile`. A server without a file system of its own needs it. */
  readonly clientFiles?: boolean;
}

/** Requests from the client to the server, by method. */
export interface ClientRequests {
  /** What is known of an open file; null where it is no configuration and no site file. */
  'advisoryLens/fileStatus': { params: { readonly uri: string }; result: FileStatus | null };
  /** The dialects that may be chosen. */
  'advisoryLens/dialects': { params: Record<string, never>; result: readonly DialectChoice[] };
  /** Reads all files of all workspace folders again and judges them; its diagnostics follow by the usual way. */
  'advisoryLens/review': { params: Record<string, never>; result: ReviewSummary };
  /** The site file in whose review a file takes part; `uri` is null where there is none. */
  'advisoryLens/siteFile': { params: { readonly uri: string }; result: { readonly uri: string | null } };
  /** The VLAN that a place in a configuration names: `interface Vlan210`, `encapsulation dot1Q 210`, `vlan 210`. */
  'advisoryLens/vlanAt': {
    params: { readonly uri: string /** Zero-based, as in LSP. */; readonly line: number; readonly character: number };
    result: VlanAt | null;
  };
}

/** Notifications from the server to the client, by method. */
export interface ServerNotifications {
  /** Verdicts, dialects or devices may have changed: what `fileStatus` answered is stale. */
  'advisoryLens/statusChanged': Record<string, never>;
}

/** Requests from the server to a client with `clientFiles`, by method. */
export interface ServerRequests {
  /** The files under a folder, sorted, without those of version control and of installed packages. */
  'advisoryLens/listFiles': { params: ListFilesParams; result: ListFilesResult };
  /** A file as it was saved, whether or not it is open. */
  'advisoryLens/readFile': { params: ReadFileParams; result: ReadFileResult };
}

export interface FileStatus {
  readonly uri: string;
  /** Absent where the file looks like no dialect. */
  readonly dialect?: DialectChoice;
  /** The dialect was chosen in the editor's settings, not found in the file. */
  readonly chosen: boolean;
  readonly device?: string;
  /** The worst verdict of the segments that enter the file's device; absent where none does. */
  readonly verdict?: VerdictWord;
  /** Why nothing is judged, in words: an error in the site file. */
  readonly problem?: string;
}

export interface DialectChoice {
  readonly id: string;
  /** As people call it: `Cisco IOS`. */
  readonly name: string;
}

export interface ReviewSummary {
  /** The files that were read as configurations. */
  readonly configurations: number;
  readonly devices: number;
  readonly segments: number;
  readonly findings: Readonly<Record<Level, number>>;
  /** What could not be read or judged, in words; a review with problems is not a clean one. */
  readonly problems: readonly string[];
}

export interface VlanAt {
  readonly vlan: number;
  /** The name or description that the configuration gives it. */
  readonly name?: string;
}

export interface ListFilesParams {
  /** The folder's URI. */
  readonly folder: string;
  /** No more than so many; `truncated` says that there are more. */
  readonly limit: number;
}

export interface ListFilesResult {
  readonly uris: readonly string[];
  readonly truncated: boolean;
}

export interface ReadFileParams {
  readonly uri: string;
  /** A larger file is not sent. */
  readonly maxBytes: number;
}

/** The bytes go as they are, and the core decodes them: they may be UTF-16, and may be no text at all. */
export type ReadFileResult =
  | { readonly kind: 'bytes'; readonly base64: string }
  /** Nothing is there (any more). */
  | { readonly kind: 'missing' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };
