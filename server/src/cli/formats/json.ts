import type { Finding, Report } from '../../core/report.js';

/** A file that was not analysed, as the JSON report lists it. */
export interface ReportNotAnalysed {
  readonly path: string;
  readonly reason: string;
}

/** The report as `schemas/report.schema.json` describes it. `notAnalysed` is there only where something was not. */
export function formatJson(report: Report, notAnalysed: readonly ReportNotAnalysed[]): string {
  const shown = {
    ...report,
    findings: report.findings.map(findingOf),
    ...(notAnalysed.length === 0 ? {} : { notAnalysed: notAnalysed.map(({ path, reason }) => ({ path, reason })) }),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function findingOf(finding: Finding) {
  return { ...finding, related: finding.related.map(({ message, file, line }) => ({ message, file, line })) };
}
