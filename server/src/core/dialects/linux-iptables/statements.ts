import type { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';
import { statementEnd } from '../common/line-statements.js';

/** A command line goes on over no more rows than this. */
const MOST_ROWS = 400;
/** A quoted text that is not closed within so many rows is no quoted text. */
const MOST_QUOTED_ROWS = 40;

/** The row behind the command line that begins at `row`: backslashes at line ends and open quotes carry it on. */
export function logicalEnd(file: SourceFile, statements: Statements, row: number): number {
  const { text } = file;
  let quote = 0;
  let openedAt = row;
  for (let next = row; next < Math.min(statements.count, row + MOST_ROWS); next += 1) {
    const start = statements.starts[next] as number;
    const end = statementEnd(file, statements, next);
    let goesOn = false;
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 92 && quote !== 39) {
        const behind = text.charCodeAt(at + 1);
        goesOn = behind === 10 || (behind === 13 && text.charCodeAt(at + 2) === 10);
        at += 1;
      } else if (quote !== 0) {
        if (code === quote) quote = 0;
      } else if (code === 34 || code === 39) {
        quote = code;
        openedAt = next;
      } else if (code === 35 && (at === start || text.charCodeAt(at - 1) <= 32)) break;
    }
    if (quote !== 0) {
      if (next - openedAt >= MOST_QUOTED_ROWS || next + 1 >= statements.count) return Math.max(openedAt, row) + 1;
    } else if (!goesOn) return next + 1;
  }
  return Math.min(statements.count, row + MOST_ROWS);
}
