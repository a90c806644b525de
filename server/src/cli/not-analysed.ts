import { BINARY } from './files/decode.js';
import type { NotAnalysed } from './files/tree.js';
import { visible } from './formats/pretty/cells.js';
import { counted } from './formats/pretty/words.js';
import type { Loaded } from './load.js';
import { Problem } from './problem.js';

/** A line for each file that was not analysed; what is harmless is counted where it is much. */
export function notAnalysedLines(notAnalysed: readonly NotAnalysed[]): string[] {
  const binaries = notAnalysed.filter(isBinary);
  const lines = notAnalysed
    .filter((entry) => !isBinary(entry))
    .map(({ path, reason }) => `${visible(path)}: not analysed: ${reason}`);
  if (binaries.length === 1) lines.push(`${visible(binaries[0]?.path ?? '')}: not analysed: ${BINARY}`);
  if (binaries.length > 1) {
    lines.push(`${counted(binaries.length, 'binary file')} not analysed: ${visible(binaries[0]?.path ?? '')}, ...`);
  }
  return lines;
}

/** A binary file that was found, not named: an image among the configurations. */
export function isBinary({ reason, weight }: NotAnalysed): boolean {
  return weight === 'harmless' && reason === BINARY;
}

/** @throws {Problem} where there is nothing to answer from */
export function requireConfigurations(loaded: Loaded, paths: readonly string[], staged: boolean): void {
  if (loaded.sets.length > 0) return;
  const looked = staged ? 'among the staged files' : `in ${paths.map(visible).join(', ')}`;
  throw new Problem(`No configuration that this program knows ${looked}. Nothing was judged.`);
}
