import type { Span } from './span.js';

/** A replacement of a span of one file's text; an insertion has an empty span. */
export interface TextEdit extends Span {
  readonly file: string;
  readonly newText: string;
}

/** The text with all edits applied. The edits must not overlap; insertions at one place keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.map((edit, order) => ({ edit, order }));
  ordered.sort((a, b) => a.edit.start - b.edit.start || a.order - b.order);
  let result = '';
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`Edits of ${edit.file} overlap or lie outside its text.`);
    }
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * The same edits, with insertions at one place made one: what applies edits from the last to the
 * first would turn their order round.
 */
export function mergeInsertions(edits: readonly TextEdit[]): TextEdit[] {
  const merged: TextEdit[] = [];
  for (const edit of edits) {
    const at = merged.findIndex(
      (one) => one.file === edit.file && one.start === edit.start && one.end === one.start && edit.end === edit.start,
    );
    const before = merged[at];
    if (before === undefined) merged.push(edit);
    else merged[at] = { ...before, newText: before.newText + edit.newText };
  }
  return merged;
}
