import type { Finding, Report, ReportHop, ReportVerdict } from '../core/report.js';
import { byCodeUnits } from './files/tree.js';

/** A report, and the paths that people read in place of its own names of files. */
export interface NamedReport {
  readonly report: Report;
  readonly displayOf: ReadonlyMap<string, string>;
}

/** The reports of several review sets as one, in an order that depends on nothing but their contents. */
export function mergeReports(named: readonly NamedReport[]): Report {
  const reports = named.map(({ report, displayOf }) => renamed(report, displayOf));
  return {
    version: 1,
    segments: reports.flatMap(({ segments }) => segments).sort(by(({ name }) => [name])),
    verdicts: reports
      .flatMap(({ verdicts }) => verdicts)
      .sort(by((verdict) => [verdict.advisory, verdict.flow, verdict.segment, verdict.device, verdict.interface])),
    findings: reports
      .flatMap(({ findings }) => findings)
      .sort(by((finding) => [finding.file, finding.line, finding.column, finding.rule, finding.message])),
    files: reports.flatMap(({ files }) => files).sort(by(({ path }) => [path])),
  };
}

function by<T>(keysOf: (item: T) => readonly (string | number)[]): (a: T, b: T) => number {
  return (a, b) => {
    const keys = keysOf(b);
    for (const [index, key] of keysOf(a).entries()) {
      const other = keys[index] as string | number;
      const order = typeof key === 'number' ? key - (other as number) : byCodeUnits(key, other as string);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function renamed(report: Report, displayOf: ReadonlyMap<string, string>): Report {
  if ([...displayOf].every(([key, shown]) => key === shown)) return report;
  const shown = (file: string): string => displayOf.get(file) ?? file;
  return {
    ...report,
    verdicts: report.verdicts.map(
      (verdict): ReportVerdict => ({
        ...verdict,
        trace: renamedHops(verdict.trace, displayOf),
        blockedBy: verdict.blockedBy.map((by) => (by.file === undefined ? by : { ...by, file: shown(by.file) })),
      }),
    ),
    findings: report.findings.map(
      (finding): Finding => ({
        ...finding,
        file: shown(finding.file),
        related: finding.related.map((place) => ({ ...place, file: shown(place.file) })),
        fixes: finding.fixes.map((fix) => ({
          ...fix,
          edits: fix.edits.map((edit) => ({ ...edit, file: shown(edit.file) })),
        })),
      }),
    ),
    files: report.files.map((file) => ({ ...file, path: shown(file.path) })),
  };
}

export function renamedHops(hops: readonly ReportHop[], displayOf: ReadonlyMap<string, string>): readonly ReportHop[] {
  return hops.map((hop) => (hop.file === undefined ? hop : { ...hop, file: displayOf.get(hop.file) ?? hop.file }));
}
