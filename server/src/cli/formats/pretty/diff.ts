import type { ReportEdit } from '../../../core/report.js';
import { applyEdits } from '../../../core/text/edit.js';
import { SourceFile } from '../../../core/text/source-file.js';

export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  /** The number of the line before the edit; added lines have none. */
  readonly number: number | undefined;
  readonly text: string;
}

/** A piece of one file that edits change, with a few lines around it. */
export interface Hunk {
  readonly file: string;
  readonly lines: readonly DiffLine[];
}

const CONTEXT = 1;
/** Past this many pairs of lines a hunk is not compared line by line: a renumbered list has thousands of each. */
const MOST_PAIRS = 250_000;

/** What edits do to their files, as a diff: in the order of the files, then of the lines. */
export function hunksOf(
  edits: readonly ReportEdit[],
  fileAt: (path: string) => SourceFile | undefined,
): readonly Hunk[] {
  const byFile = new Map<string, ReportEdit[]>();
  for (const edit of edits) {
    const own = byFile.get(edit.file);
    if (own === undefined) byFile.set(edit.file, [edit]);
    else own.push(edit);
  }
  return [...byFile].flatMap(([path, own]) => {
    const file = fileAt(path);
    return file === undefined ? [] : clustersOf(own).map((cluster) => hunkOf(path, file, cluster));
  });
}

/** Edits whose lines with their surroundings touch share a hunk. */
function clustersOf(edits: readonly ReportEdit[]): ReportEdit[][] {
  const clusters: ReportEdit[][] = [];
  let lastLine = Number.NEGATIVE_INFINITY;
  for (const edit of [...edits].sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn)) {
    if (edit.startLine <= lastLine + 2 * CONTEXT + 1) clusters.at(-1)?.push(edit);
    else clusters.push([edit]);
    lastLine = Math.max(lastLine, edit.endLine);
  }
  return clusters;
}

function hunkOf(path: string, file: SourceFile, edits: readonly ReportEdit[]): Hunk {
  const first = edits.reduce((least, { startLine }) => Math.min(least, startLine), Number.POSITIVE_INFINITY);
  const last = edits.reduce((most, { endLine }) => Math.max(most, endLine), 0);
  const start = file.offsetAt({ line: first, column: 1 });
  const end = last < file.lineStarts.length ? (file.lineStarts[last] as number) : file.text.length;
  const before = file.text.slice(start, end);
  const after = applyEdits(
    before,
    edits.map((edit) => ({
      file: edit.file,
      start: file.offsetAt({ line: edit.startLine, column: edit.startColumn }) - start,
      end: file.offsetAt({ line: edit.endLine, column: edit.endColumn }) - start,
      newText: edit.newText,
    })),
  );
  const changed = changedLines(linesOf(path, before), linesOf(path, after), first);
  // Lines that stayed the same at the hunk's ends already serve as its surroundings.
  const lead = changed.findIndex(({ sign }) => sign !== ' ');
  const trail = [...changed].reverse().findIndex(({ sign }) => sign !== ' ');
  const above = contextLines(file, first - Math.max(0, CONTEXT - lead), first);
  const below = contextLines(file, last + 1, last + 1 + Math.max(0, CONTEXT - trail));
  const from = Math.max(0, lead - CONTEXT);
  const to = changed.length - Math.max(0, trail - CONTEXT);
  return { file: path, lines: [...above, ...changed.slice(from, to), ...below] };
}

function contextLines(file: SourceFile, from: number, to: number): DiffLine[] {
  const lines: DiffLine[] = [];
  for (let line = Math.max(1, from); line < to && line <= file.lineCount; line += 1) {
    lines.push({ sign: ' ', number: line, text: file.lineText(line - 1) });
  }
  return lines;
}

function linesOf(path: string, text: string): string[] {
  const file = new SourceFile(path, text);
  return Array.from({ length: file.lineCount }, (_, index) => file.lineText(index));
}

/** The longest common subsequence of the few lines of a hunk, read as a diff; of many, all before and all after. */
function changedLines(before: readonly string[], after: readonly string[], firstNumber: number): DiffLine[] {
  if (before.length * after.length > MOST_PAIRS) {
    return [
      ...before.map((text, index): DiffLine => ({ sign: '-', number: firstNumber + index, text })),
      ...after.map((text): DiffLine => ({ sign: '+', number: undefined, text })),
    ];
  }
  // common[i][j]: how many lines before[i..] and after[j..] share.
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = common[i] as number[];
      row[j] =
        before[i] === after[j] ? 1 + (common[i + 1]?.[j + 1] ?? 0) : Math.max(common[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', number: firstNumber + i, text: before[i] as string });
      i += 1;
      j += 1;
    } else if (j === after.length || (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      lines.push({ sign: '-', number: firstNumber + i, text: before[i] as string });
      i += 1;
    } else {
      lines.push({ sign: '+', number: undefined, text: after[j] as string });
      j += 1;
    }
  }
  return lines;
}
