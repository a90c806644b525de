import type { Level } from '../core/report.js';
import type { ReviewSummary } from '../protocol.js';
import { baseName } from './paths.js';
import { serveRequest } from './requests.js';
import type { Scanner } from './scanner.js';
import type { Session } from './session.js';

/** The command "review the workspace": everything is read again, and the counts are told. */
export function serveReview(session: Session, scanner: Scanner): void {
  serveRequest(session, 'advisoryLens/review', async () => {
    const problems = await scanner.scan(session.sets.folders);
    return summary(session, problems);
  });
}

function summary({ sets }: Session, problems: readonly string[]): ReviewSummary {
  const findings: Record<Level, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  const siteProblems: string[] = [];
  let configurations = 0;
  let devices = 0;
  let segments = 0;
  for (const set of sets.all()) {
    const summaries = set.summaries();
    configurations += summaries.length;
    devices += new Set(summaries.map(({ device }) => device)).size;
    segments += set.workspace.report().segments.length;
    for (const finding of set.workspace.findings()) findings[finding.level] += 1;
    for (const problem of set.workspace.siteProblems()) {
      siteProblems.push(`${baseName(problem.file)}, line ${problem.line}: ${problem.message}`);
    }
  }
  return { configurations, devices, segments, findings, problems: [...problems, ...siteProblems] };
}
