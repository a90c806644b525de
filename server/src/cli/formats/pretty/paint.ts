import type { Level, VerdictWord } from '../../../core/report.js';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

/** Colours a text. It must be safe already: see `visible`. */
export type Paint = (text: string, ...styles: Style[]) => string;

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 };

export function paintFor(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) =>
    text === '' || styles.length === 0
      ? text
      : `\u001b[${styles.map((style) => CODES[style]).join(';')}m${text}\u001b[0m`;
}

export const LEVEL_STYLE: Readonly<Record<Level, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
  hint: 'blue',
};

export const VERDICT_STYLE: Readonly<Record<VerdictWord, Style>> = {
  reachable: 'red',
  possible: 'yellow',
  blocked: 'green',
};
