const BACKSPACE = 8;
const ESCAPE = 27;

/**
 * Where a line's own text begins when a pager's prompt stands before it (` --More-- ` and the
 * backspaces or the escape sequences that wiped it); `at` where none does.
 */
export function skipPager(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (code !== 45 && code !== 60 && code !== 91) return at;
  let from = at;
  for (const prompt of ['--More--', '<--- More --->', '[7m--More--']) {
    if (text.startsWith(prompt, at)) from = at + prompt.length;
  }
  if (from === at) return at;
  // Everything up to the last sign that moves the cursor has been overwritten.
  for (let next = from; next < end; next += 1) {
    const sign = text.charCodeAt(next);
    if (sign === BACKSPACE) from = next + 1;
    else if (sign === ESCAPE) from = endOfEscape(text, next, end);
  }
  return from;
}

/** The end of a terminal's control sequence such as `ESC [ 2 K`. */
function endOfEscape(text: string, at: number, end: number): number {
  let next = at + 1;
  if (text.charCodeAt(next) !== 91) return next;
  next += 1;
  while (next < end && text.charCodeAt(next) < 64) next += 1;
  return Math.min(next + 1, end);
}
