import type { Cursor } from './cursor.js';
import { Kind } from './tokens.js';

/** Gives the names of sets and chains that the tokens from one on to the one at hand refer to, in order. */
export function namesIn(
  { tokens, text, at: stop }: Cursor,
  from: number,
  visit: (kind: 'set' | 'chain', name: string, start: number, end: number) => void,
): void {
  const { kinds, starts, ends } = tokens;
  let isJump = false;
  for (let at = from; at < stop; at += 1) {
    const kind = kinds[at];
    const start = starts[at] as number;
    const end = ends[at] as number;
    if (kind === Kind.set) {
      // `@nh,96,32` is a piece of a header.
      if (kinds[at + 1] !== Kind.comma) visit('set', text.slice(start + 1, end), start + 1, end);
    } else if (kind === Kind.word) {
      if (isJump) visit('chain', text.slice(start, end), start, end);
      isJump = end - start === 4 && (text.startsWith('jump', start) || text.startsWith('goto', start));
    } else isJump = false;
  }
}
