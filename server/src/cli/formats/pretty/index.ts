import type { Report } from '../../../core/report.js';
import { SourceFile } from '../../../core/text/source-file.js';
import { findingLines } from './finding.js';
import { paintFor } from './paint.js';
import { assumptionLines, type NotAnalysedCounts, summaryLine, verdictTable } from './summary.js';

/** Where there is no terminal to fit into. */
const DEFAULT_WIDTH = 120;
const MIN_WIDTH = 60;
/** Sentences over the whole of a very wide terminal are hard to read. */
const MAX_WIDTH = 160;

export interface PrettyOptions {
  readonly textOf: (path: string) => string | undefined;
  readonly colour: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  readonly notAnalysed: NotAnalysedCounts;
}

/** The report for people: each finding with its source, its path and its fix, then the verdicts. */
export function formatPretty(report: Report, options: PrettyOptions): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width ?? DEFAULT_WIDTH));
  const paint = paintFor(options.colour);
  const files = new Map<string, SourceFile>();
  const fileAt = (path: string): SourceFile | undefined => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const text = options.textOf(path);
    if (text === undefined) return undefined;
    const file = new SourceFile(path, text);
    files.set(path, file);
    return file;
  };
  const blocks = report.findings.map((finding) => findingLines(finding, { report, fileAt, paint, width }));
  const table = verdictTable(report, paint);
  if (table.length > 0) blocks.push([paint('Segments', 'bold'), ...table]);
  const assumptions = assumptionLines(report, width);
  if (assumptions.length > 0) blocks.push([paint('Assumed', 'bold'), ...assumptions]);
  blocks.push([summaryLine(report, options.notAnalysed, paint)]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
