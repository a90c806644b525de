import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type Finding, type Level, rulePage } from '../core/report.js';
import type { SiteProblem } from '../core/workspace.js';
import { hashOf } from './hash.js';
import { locationOf, rangeOf } from './ranges.js';
import type { FileReport } from './review-set.js';
import type { Session } from './session.js';

export const SOURCE = 'advisory-lens';

const SEVERITIES: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The diagnostics of one file, and an id that is the same exactly as long as they are. */
export interface DiagnosticItems {
  readonly resultId: string;
  readonly items: Diagnostic[];
}

export const NO_ITEMS: DiagnosticItems = { resultId: hashOf('[]'), items: [] };

/** What a diagnostic carries to find its finding again. */
export interface DiagnosticData {
  readonly finding: string;
}

/** A finding's name: the same in a later judgement that finds the same at the same place. */
export function findingKey(finding: Finding): string {
  const { rule, advisory, segment, file, line, column, endLine, endColumn, message } = finding;
  return hashOf(JSON.stringify([rule, advisory, segment, file, line, column, endLine, endColumn, message]));
}

export function diagnosticItems(session: Session, report: FileReport | undefined): DiagnosticItems {
  if (report === undefined) return NO_ITEMS;
  const items = [
    ...report.problems.map(problemDiagnostic),
    ...report.findings.map((finding) => findingDiagnostic(session, finding)),
  ];
  return { resultId: hashOf(JSON.stringify(items)), items };
}

function problemDiagnostic(problem: SiteProblem): Diagnostic {
  return {
    range: rangeOf(problem),
    severity: DiagnosticSeverity.Error,
    source: SOURCE,
    code: 'site-file',
    message: problem.message,
  };
}

function findingDiagnostic(session: Session, finding: Finding): Diagnostic {
  const { client } = session;
  const data: DiagnosticData = { finding: findingKey(finding) };
  return {
    range: rangeOf(finding),
    severity: SEVERITIES[finding.level],
    source: SOURCE,
    code: finding.rule,
    message: finding.message,
    ...(client.codeDescription && { codeDescription: { href: rulePage(finding.rule) } }),
    ...(client.relatedInformation &&
      finding.related.length > 0 && {
        relatedInformation: finding.related.map((place) => ({
          location: locationOf(session, place),
          message: place.message,
        })),
      }),
    ...(client.diagnosticData && { data }),
  };
}
