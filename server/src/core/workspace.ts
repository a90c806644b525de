import type { Finding, Fix, PacketInput, Report, ReportHop, ReportRange, TraceOutput } from './report.js';
import type { StateCounts } from './text/statements.js';

/** Something wrong with the site file (or an advisory file): nothing of the set is judged until it is mended. */
export interface SiteProblem extends ReportRange {
  readonly message: string;
}

export interface FileSummary {
  readonly path: string;
  readonly device: string;
  readonly dialect: string;
  readonly lines: number;
  readonly states: StateCounts;
  /** The worst verdict of the segments that enter the file's device; absent where none does. */
  readonly verdict?: 'blocked' | 'possible' | 'reachable';
}

/** An entry of an outline; ranges count as the report's do. */
export interface FileSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind:
    | 'device'
    | 'interface'
    | 'acl'
    | 'object-group'
    | 'vlan'
    | 'vrf'
    | 'route-map'
    | 'route'
    | 'time-range';
  readonly range: ReportRange;
  readonly nameRange: ReportRange;
}

/**
 * One review set: the configurations that are judged together, and their site file.
 *
 * Paths are opaque keys, except that the globs of the site file are matched against them relative to
 * the site file's folder, with `/`. Every method answers with plain data. Nothing throws for what a
 * file holds.
 */
export interface WorkspaceApi {
  /** Adds or replaces a file. Reading it happens when an answer first needs it. */
  setFile(path: string, text: string, options?: { readonly dialect?: string }): void;
  removeFile(path: string): void;
  /** The site file and the advisory files that it names (path to text); undefined: there is no site file. */
  setSite(path: string | undefined, text: string): void;
  setAdvisoryFile(path: string, text: string): void;
  removeAdvisoryFile(path: string): void;
  siteProblems(): readonly SiteProblem[];
  /** Globs, relative to the site file's folder, of further files that the site file names: configs and advisories. */
  siteGlobs(): { readonly configs: readonly string[] | undefined; readonly advisories: readonly string[] };
  /** Dialect, device and line states of a file; undefined where it is no configuration. */
  fileSummary(path: string): FileSummary | undefined;
  /** All findings, without fixes: fast enough for each keystroke. */
  findings(): readonly Finding[];
  /** The proved fixes of a finding that `findings()` gave for the texts as they are. */
  fixesOf(finding: Finding): readonly Fix[];
  /** The whole report, with fixes. */
  report(): Report;
  /** @throws {WorkspaceError} where `from` names nothing, or more than one ingress that the source does not settle. */
  trace(from: string, packet: PacketInput): TraceOutput;
  symbols(path: string): readonly FileSymbol[];
  /** Markdown for the place, or undefined. */
  hover(
    path: string,
    line: number,
    column: number,
  ): { readonly range: ReportRange; readonly markdown: string } | undefined;
  definition(path: string, line: number, column: number): readonly ReportRange[];
  references(path: string, line: number, column: number): readonly ReportRange[];
  /** The path of a fix's packets, for tests: every witness replayed by the concrete evaluator. */
  replay(): readonly { readonly verdict: number; readonly replays: boolean; readonly trace: readonly ReportHop[] }[];
}

/** A question that cannot be answered, in words for the person who asked. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}
