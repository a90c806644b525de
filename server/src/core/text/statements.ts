/** What the reader made of a statement. Every line of a file ends in exactly one of these. */
export const StatementState = {
  /** Never seen by the reader. No finished reading holds it. */
  unread: 0,
  /** It is in the model, or changes it. */
  modelled: 1,
  /** Known, and irrelevant to reachability. */
  ignored: 2,
  /** Known to matter, and not modelled: it widens what it stands in. */
  unmodelled: 3,
  /** Not known. It widens what it stands in, where that is a filter, a policy, NAT or a route. */
  unknown: 4,
} as const;
export type StatementState = (typeof StatementState)[keyof typeof StatementState];

/** How many lines of a file ended in each state. */
export interface StateCounts {
  readonly modelled: number;
  readonly ignored: number;
  readonly unmodelled: number;
  readonly unknown: number;
}

/**
 * The statements of a file as columns: row `i` covers the text from `starts[i]` to `starts[i + 1]`
 * (the last to the end of the text). The rows follow each other without a gap, so nothing is lost.
 */
export interface Statements {
  readonly count: number;
  readonly starts: Uint32Array;
  /** Depth of nesting: 0 is a global command. */
  readonly depths: Uint8Array;
  /** A `StatementState` each. */
  readonly states: Uint8Array;
}

export function emptyStatements(): Statements {
  return { count: 0, starts: new Uint32Array(0), depths: new Uint8Array(0), states: new Uint8Array(0) };
}
