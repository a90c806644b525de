import { REDACTED, secretSpans } from '../../../core/text/redact.js';

/** One character as a terminal shows it, safely: what to print, how many columns it takes, where it came from. */
export interface Cell {
  readonly text: string;
  /** Columns of the terminal; 0 for a combining mark. */
  readonly width: number;
  /** The UTF-16 offset in the line where the character begins. */
  readonly offset: number;
}

const TAB_WIDTH = 4;

/**
 * A line of text as cells: tabs become spaces, and what could move the cursor, colour the terminal,
 * reverse the text or be invisible becomes a sign that can be seen.
 */
export function cellsOf(line: string, startOffset = 0): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let offset = startOffset;
  for (const character of line) {
    const shown = character === '\t' ? ' '.repeat(TAB_WIDTH - (column % TAB_WIDTH)) : visibleCharacter(character);
    const width = shown === character ? widthOf(character) : shown.length;
    cells.push({ text: shown, width, offset });
    column += width;
    offset += character.length;
  }
  return cells;
}

/** As `cellsOf`, with every secret of the line replaced by a fixed word. */
export function redactedCellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const { start, end } of secretSpans(line)) {
    for (const cell of cellsOf(line.slice(at, start), at)) cells.push(cell);
    cells.push({ text: REDACTED, width: REDACTED.length, offset: start });
    at = end;
  }
  for (const cell of cellsOf(line.slice(at), at)) cells.push(cell);
  return cells;
}

/** Text of any origin, on one line and safe to print: see `cellsOf`. */
export function visible(text: string): string {
  let result = '';
  for (const character of text) result += character === '\t' ? ' ' : visibleCharacter(character);
  return result;
}

export function widthOfText(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Marks that reverse the direction of text, or that take no room: they make a line look like another. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;

function visibleCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  // U+2400 and following are pictures of the control characters: ␛ for ESC.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code < 0x7f) return character;
  if (code === 0x7f) return '\u2421';
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  if (code < 0xa0 || INVISIBLE.test(character)) return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  return character;
}

const COMBINING = /^[\p{Mn}\p{Me}]$/u;

/** Ranges of characters that take two columns: East Asian wide and fullwidth ones, and emoji. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function widthOf(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
