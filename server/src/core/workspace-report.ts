import type { Node } from './dataplane/network.js';
import type { Reading } from './model/reading.js';
import type { Finding, ReportEdit, ReportFile, SiteProblem } from './report.js';
import { Places } from './review/places.js';
import type { Problem, Rule } from './rules/rule.js';
import type { TextEdit } from './text/edit.js';
import { redactQuoted } from './text/redact.js';
import type { SourceFile } from './text/source-file.js';
import { type StateCounts, StatementState } from './text/statements.js';

/** How the façade's answers are put into plain data. */

export function fileOf(reading: Reading, node: Node | undefined): ReportFile {
  return {
    path: reading.file.path,
    device: node?.device.name ?? reading.device.name,
    dialect: reading.device.dialect,
    lines: reading.file.lineCount,
    states: countStates(reading),
  };
}

/** Lines by state. A statement of several lines counts once for each. */
function countStates({ statements, file }: Reading): StateCounts {
  const counts = [0, 0, 0, 0, 0];
  const lines = file.lineStarts;
  const total = file.lineCount;
  let line = 0;
  for (let row = 0; row < statements.count; row += 1) {
    const end = row + 1 < statements.count ? (statements.starts[row + 1] as number) : Number.MAX_SAFE_INTEGER;
    const state = statements.states[row] as number;
    for (; line < total && (lines[line] as number) < end; line += 1) counts[state] = (counts[state] ?? 0) + 1;
  }
  const count = (state: number) => counts[state] ?? 0;
  return {
    modelled: count(StatementState.modelled),
    ignored: count(StatementState.ignored),
    unmodelled: count(StatementState.unmodelled),
    unknown: count(StatementState.unknown),
  };
}

export function findingOf(rule: Rule, level: Finding['level'], problem: Problem, places: Places): Finding {
  const [verdict] = problem.verdicts;
  const segments = [...new Set(problem.verdicts.map((one) => one.segment.name))];
  const quoted = [places.text(problem.origin.file, problem.origin), ...quotedBy(problem)];
  return {
    rule: rule.id,
    level,
    message: redactQuoted(problem.message, quoted),
    ...places.range(problem.origin.file, problem.origin),
    ...(verdict === undefined ? {} : { advisory: verdict.advisory.id }),
    ...(segments.length === 0 ? {} : { segment: segments.join(', ') }),
    related: problem.related.map(({ message, origin }) => ({
      message: redactQuoted(message, quoted),
      ...places.range(origin.file, origin),
    })),
    fixes: [],
  };
}

/** What was taken for granted quotes the lines that leave it open. */
export function quotedBy({ verdicts }: Problem): string[] {
  return verdicts.flatMap(({ leaves, delivered }) =>
    [leaves, delivered].flatMap((part) => part?.fate.assumptions.map(({ words }) => words) ?? []),
  );
}

export function reportEdit(edit: TextEdit, places: Places): ReportEdit {
  const { file, line, column, endLine, endColumn } = places.exact(edit.file, edit);
  return { file, startLine: line, startColumn: column, endLine, endColumn, newText: edit.newText };
}

export function siteProblem(file: SourceFile, problem: { start: number; end: number; message: string }): SiteProblem {
  const places = new Places(new Map([[file.path, file]]));
  return { message: problem.message, ...places.exact(file.path, problem) };
}

export function sameFinding(findings: readonly Finding[], wanted: Finding): Finding {
  const same = (one: Finding) =>
    one.rule === wanted.rule &&
    one.file === wanted.file &&
    one.line === wanted.line &&
    one.column === wanted.column &&
    one.message === wanted.message;
  return findings.find(same) ?? wanted;
}

export function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message)
  );
}

/** By code units, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
