import type { Location, Range } from 'vscode-languageserver';
import type { ReportRange } from '../core/report.js';
import { clientUri, type Session } from './session.js';

/** A range of the report, which counts from 1, as LSP has it, which counts from 0. */
export function rangeOf(range: Omit<ReportRange, 'file'>): Range {
  return {
    start: { line: range.line - 1, character: range.column - 1 },
    end: { line: range.endLine - 1, character: range.endColumn - 1 },
  };
}

export function locationOf(session: Session, range: ReportRange): Location {
  return { uri: clientUri(session, range.file), range: rangeOf(range) };
}

/** Whether two ranges share a place; touching ends do, so that a cursor at a squiggle's end counts. */
export function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
