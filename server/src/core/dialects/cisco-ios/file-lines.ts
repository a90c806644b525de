import type { SourceFile } from '../../text/source-file.js';

/** Where the line that holds `offset` begins. */
export function lineStart(file: SourceFile, offset: number): number {
  return file.text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line after the one that holds `offset` begins; the end of the text after the last. */
export function nextLineStart(file: SourceFile, offset: number): number {
  const newline = file.text.indexOf('\n', offset);
  return newline === -1 ? file.text.length : newline + 1;
}

/** The blanks before what stands at `offset`. */
export function indentation(file: SourceFile, offset: number): string {
  return /^[ \t]*/.exec(file.text.slice(lineStart(file, offset), offset))?.[0] ?? '';
}

/** Where the text of the line that holds `offset` ends, without its line end. */
export function lineContentEnd(file: SourceFile, offset: number): number {
  const newline = file.text.indexOf('\n', offset);
  const end = newline === -1 ? file.text.length : newline;
  return end > offset && file.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}
