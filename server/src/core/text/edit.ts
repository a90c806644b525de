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

/**
 * How a text differs from the one before it, as one edit: what stood from `start` to `end` became what
 * stands from `start` to `end + shift`. All before is alike, and all behind, but `shift` further on.
 */
export interface TextChange extends Span {
  readonly shift: number;
}

/** Whole pieces of texts are compared first: that costs no more than a look at a few of their characters. */
const PIECES = [65_536, 1024] as const;

export function changeBetween(before: string, after: string): TextChange {
  const shift = after.length - before.length;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  for (const size of PIECES) {
    while (start + size <= shorter && before.slice(start, start + size) === after.slice(start, start + size)) {
      start += size;
    }
  }
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = before.length;
  const least = Math.max(start, start - shift);
  for (const size of PIECES) {
    while (end - size >= least && before.slice(end - size, end) === after.slice(end + shift - size, end + shift)) {
      end -= size;
    }
  }
  while (end > least && before.charCodeAt(end - 1) === after.charCodeAt(end + shift - 1)) end -= 1;
  return { start, end, shift };
}

/** Where something that began at an offset outside a change, or at its edge, begins behind it. */
export function movedStart(offset: number, { end, shift }: TextChange): number {
  return offset >= end ? offset + shift : offset;
}

/** The same for where something ends: at the start of a change, it ended before it. */
export function movedEnd(offset: number, { start, shift }: TextChange): number {
  return offset > start ? offset + shift : offset;
}
