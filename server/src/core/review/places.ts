import type { ReportRange } from '../report.js';
import { SourceFile } from '../text/source-file.js';
import type { Span } from '../text/span.js';

/** Turns offsets of files into lines and columns. Files that were not given count as empty. */
export class Places {
  readonly #files: ReadonlyMap<string, SourceFile>;

  constructor(files: ReadonlyMap<string, SourceFile>) {
    this.#files = files;
  }

  /** Undefined where the file was not given. */
  source(file: string): SourceFile | undefined {
    return this.#files.get(file);
  }

  /** The range of a span, without the white space at its ends. */
  range(file: string, span: Span): ReportRange {
    const source = this.#files.get(file) ?? new SourceFile(file, '');
    let { start, end } = span;
    while (start < end && isSpace(source.text.charCodeAt(start))) start += 1;
    while (end > start && isSpace(source.text.charCodeAt(end - 1))) end -= 1;
    const from = source.positionAt(start);
    // A finding stands on one line: what is longer ends with its first line.
    const lineEnd = source.offsetAt({ line: from.line, column: Number.MAX_SAFE_INTEGER });
    const to = source.positionAt(Math.min(end, lineEnd));
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  /** The exact range of a span, over as many lines as it has. */
  exact(file: string, span: Span): ReportRange {
    const source = this.#files.get(file) ?? new SourceFile(file, '');
    const from = source.positionAt(span.start);
    const to = source.positionAt(span.end);
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  /** The text of a span, on one line or more; empty where the file was not given. */
  text(file: string, { start, end }: Span): string {
    return this.#files.get(file)?.text.slice(start, end).trim() ?? '';
  }

  line(file: string, span: Span): number {
    return this.range(file, span).line;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}
