import type { ReportRange } from '../../../core/report.js';
import type { SourceFile } from '../../../core/text/source-file.js';
import { type Cell, redactedCellsOf } from './cells.js';
import type { Paint, Style } from './paint.js';

/** Lines shown before and after the one in question. */
const BEFORE = 2;
const AFTER = 2;
/** Columns kept free left of a place that lies so far right that the line's beginning is cut. */
const LEAD = 16;
const CUT = '…';

export interface SnippetStyle {
  readonly paint: Paint;
  readonly caret: Style;
  /** Columns of the gutter's line numbers. */
  readonly gutter: number;
  /** Columns of the whole line, gutter included. */
  readonly width: number;
}

/** The line of a place between its neighbours, with carets under the place. */
export function snippet(file: SourceFile, place: ReportRange, style: SnippetStyle): string[] {
  const { paint, gutter } = style;
  const room = roomOf(style);
  const index = Math.min(place.line, file.lineCount) - 1;
  if (index < 0) return [];
  const line = file.lineText(index);
  const cells = redactedCellsOf(line);
  const start = place.column - 1;
  const end = place.endLine > place.line ? line.length : place.endColumn - 1;
  const carets = caretsOf(cells, line.length, start, Math.max(end, start + 1));
  const from = carets.column + Math.min(carets.width, LEAD) > room ? Math.max(0, carets.column - LEAD) : 0;

  const output: string[] = [];
  const first = Math.max(0, index - BEFORE);
  const last = Math.min(file.lineCount - 1, index + AFTER);
  for (let at = first; at <= last; at += 1) {
    const shown = windowOf(at === index ? cells : redactedCellsOf(file.lineText(at)), from, room);
    output.push(gutterLine(paint, gutter, String(at + 1), at === index ? shown : paint(shown, 'dim')));
    if (at !== index) continue;
    const width = Math.max(1, Math.min(carets.width, room - (carets.column - from)));
    const marks = ' '.repeat(carets.column - from) + paint('^'.repeat(width), style.caret, 'bold');
    output.push(gutterLine(paint, gutter, '', marks));
  }
  return output;
}

/** One source line of any file, safe and cut to fit. */
export function sourceLine(line: string, style: SnippetStyle): string {
  return windowOf(redactedCellsOf(line), 0, roomOf(style));
}

export function gutterLine(paint: Paint, gutter: number, label: string, text: string): string {
  const bar = paint(`${label.padStart(gutter)} |`, 'blue', 'bold');
  return text === '' ? bar : `${bar} ${text}`;
}

function roomOf({ gutter, width }: SnippetStyle): number {
  return Math.max(20, width - gutter - 3);
}

/** The columns that a range of offsets takes. */
function caretsOf(
  cells: readonly Cell[],
  length: number,
  start: number,
  end: number,
): { column: number; width: number } {
  let column = 0;
  let first: number | undefined;
  let width = 0;
  for (const [index, cell] of cells.entries()) {
    const next = cells[index + 1]?.offset ?? length;
    // A cell may stand for many characters: a secret is one.
    if (next > start && cell.offset < end) {
      first ??= column;
      width += cell.width;
    }
    column += cell.width;
  }
  return { column: first ?? column, width: Math.max(1, width) };
}

/** The part of a line from column `from` on that fits into `room` columns; `…` stands for what is cut. */
function windowOf(cells: readonly Cell[], from: number, room: number): string {
  let index = 0;
  let column = 0;
  while (from > 0 && index < cells.length && column <= from) {
    column += cells[index]?.width ?? 0;
    index += 1;
  }
  if (column < from) return '';
  let used = column - from;
  let text = from > 0 ? CUT.padEnd(used) : '';
  for (; index < cells.length; index += 1) {
    const cell = cells[index] as Cell;
    const isLast = index === cells.length - 1;
    if (used + cell.width > room - (isLast ? 0 : 1)) return text.trimEnd() + CUT;
    text += cell.text;
    used += cell.width;
  }
  return text.trimEnd();
}
