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
  return `${safeJson(shown, 2)}\n`;
}

/** What JSON lets stand and a terminal obeys: further control characters, and marks that turn or hide text. */
const OBEYED = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The value as JSON that is safe to look at: the same value for whoever reads it. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function findingOf(finding: Finding) {
  return { ...finding, related: finding.related.map(({ message, file, line }) => ({ message, file, line })) };
}
