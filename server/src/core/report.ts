import type { Disposition, Step } from './reachability/disposition.js';
import type { StateCounts } from './text/statements.js';

/**
 * The report, version 1: plain data, the shape of `--format json`. Lines and columns count from 1,
 * columns in UTF-16 units, ends exclusive; paths are as the files were given.
 */
export interface Report {
  readonly version: 1;
  readonly segments: readonly ReportSegment[];
  readonly verdicts: readonly ReportVerdict[];
  readonly findings: readonly Finding[];
  readonly files: readonly ReportFile[];
}

export interface ReportSegment {
  readonly name: string;
  readonly members: readonly {
    readonly device: string;
    readonly interface: string;
    readonly vlan?: number;
    readonly subnets: readonly string[];
  }[];
}

export type VerdictWord = 'blocked' | 'possible' | 'reachable';

export interface ReportPacket {
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** One step of a packet's path. `step` is what was asked, `name` what answered, `action` the answer. */
export interface ReportHop {
  readonly device: string;
  readonly step: Step;
  readonly name: string;
  readonly action: string;
  readonly file?: string;
  readonly line?: number;
}

export interface ReportVerdict {
  readonly advisory: string;
  readonly flow: string;
  /** Only where packets go to the segment; `device` and `interface` are then where they come in from outside. */
  readonly direction?: 'to-segment';
  readonly segment: string;
  readonly device: string;
  readonly interface: string;
  /** Only where it is about packets to other names of the destinations: the lines that translate these. */
  readonly translatedBy?: readonly {
    readonly device: string;
    readonly name: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly verdict: VerdictWord;
  readonly outcome?: 'leaves' | 'delivered';
  readonly hosts: readonly string[];
  readonly exits: readonly { readonly device: string; readonly interface?: string; readonly nextHop?: string }[];
  readonly witness: ReportPacket | null;
  readonly trace: readonly ReportHop[];
  /** The places that stop a part, that of the gravest packet first; at most 16. */
  readonly blockedBy: readonly {
    readonly device: string;
    readonly name: string;
    readonly file?: string;
    readonly line?: number;
  }[];
  readonly assumptions: readonly string[];
}

export type Level = 'error' | 'warning' | 'info' | 'hint';
/** Levels from the gravest to the lightest. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'info', 'hint'];

export interface ReportRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Finding extends ReportRange {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly advisory?: string;
  readonly segment?: string;
  readonly related: readonly RelatedPlace[];
  /** Proved. Empty where none was asked for (see `Workspace.findings`). */
  readonly fixes: readonly Fix[];
}

export interface RelatedPlace {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  /** The place's columns, for editors; the JSON report keeps file and line. */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ReportEdit {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly newText: string;
}

export interface Fix {
  /** The kind of fix: `block-in-filter`, `apply-filter`, ... */
  readonly id: string;
  readonly title: string;
  readonly edits: readonly ReportEdit[];
  readonly proof: { readonly closes: boolean; readonly changesOnly: boolean };
}

export interface ReportFile {
  readonly path: string;
  readonly device: string;
  readonly dialect: string;
  readonly lines: number;
  readonly states: StateCounts;
}

/** Something wrong with the site file (or an advisory file): nothing of the set is judged until it is mended. */
export interface SiteProblem extends ReportRange {
  readonly message: string;
}

/** One flow of `trace`'s input. */
export interface PacketInput {
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** Names of the TCP flags that are set: `["syn"]`. Absent: a SYN where the state is new, else an ACK. */
  readonly tcpFlags?: readonly string[];
  readonly state?: 'new' | 'established';
}

export type DispositionWord = Disposition;

/** One line of `trace`'s output. */
export interface TraceOutput {
  readonly disposition: DispositionWord;
  readonly device: string;
  readonly interface?: string;
  readonly nextHop?: string;
  /** The header as it goes out, where a device on the way translated it. Null: it cannot be told. */
  readonly sent?: {
    readonly source: string | null;
    readonly sourcePort?: number | null;
    readonly destination: string | null;
    readonly destinationPort?: number | null;
  };
  readonly trace: readonly ReportHop[];
  /** Only where something undecidable decides. */
  readonly certain?: false;
  readonly alternatives?: readonly DispositionWord[];
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
    | 'time-range'
    | 'chain'
    | 'set';
  readonly range: ReportRange;
  readonly nameRange: ReportRange;
}

/** The page of a rule for its users. */
export function rulePage(rule: string): string {
  return `https://github.com/advisory-lens/advisory-lens/blob/main/docs/rules/${rule}.md`;
}
