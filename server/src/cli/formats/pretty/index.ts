import type { Report } from '../../../core/report.js';
import type { SourceFile } from '../../../core/text/source-file.js';
import { findingLines } from './finding.js';
import { paintFor } from './paint.js';
import { assumptionLines, type NotAnalysedCounts, summaryLine, verdictTable } from './summary.js';

/** Where there is no terminal to fit into. */
const DEFAULT_WIDTH = 120;
const MIN_WIDTH = 60;
/** Sentences over the whole of a very wide terminal are hard to read. */
const MAX_WIDTH = 160;

export interface PrettyOptions {
  /** The files that the report is about, by the paths that it has. */
  readonly sourceOf: (path: string) => SourceFile | undefined;
  readonly colour: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  readonly notAnalysed: NotAnalysedCounts;
}

/** The report for people: each finding with its source, its path and its fix, then the verdicts. */
export function formatPretty(report: Report, options: PrettyOptions): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width ?? DEFAULT_WIDTH));
  const paint = paintFor(options.colour);
  const { sourceOf: fileAt } = options;
  const blocks = report.findings.map((finding) => findingLines(finding, { report, fileAt, paint, width }));
  const table = verdictTable(report, paint);
  if (table.length > 0) blocks.push([paint('Segments', 'bold'), ...table]);
  const assumptions = assumptionLines(report, width);
  if (assumptions.length > 0) blocks.push([paint('Assumed', 'bold'), ...assumptions]);
  blocks.push([summaryLine(report, options.notAnalysed, paint)]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
