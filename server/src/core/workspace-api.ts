import type { VlanAt } from './inspect/vlan-at.js';
import type {
  FileSymbol,
  Finding,
  Fix,
  PacketInput,
  Report,
  ReportHop,
  ReportRange,
  SiteProblem,
  TraceOutput,
} from './report.js';
import type { SourceFile } from './text/source-file.js';
import type { StateCounts } from './text/statements.js';

export interface FileSummary {
  readonly path: string;
  readonly device: string;
  readonly dialect: string;
  readonly lines: number;
  readonly states: StateCounts;
  /** The worst verdict of the segments that enter the file's device; absent where none does. */
  readonly verdict?: 'blocked' | 'possible' | 'reachable';
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
  /** A file as it was set, configuration or not. */
  source(path: string): SourceFile | undefined;
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
  /** The VLAN that a place is about: in `interface Vlan210`, in a subinterface, at `vlan 210`. */
  vlanAt(path: string, line: number, column: number): VlanAt | undefined;
  /** The path of a fix's packets, for tests: every witness replayed by the concrete evaluator. */
  replay(): readonly { readonly verdict: number; readonly replays: boolean; readonly trace: readonly ReportHop[] }[];
}
