import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largeList } from '../configs.js';
import { median, type Pair, runNode } from '../measure.js';
import { type Bar, ratioRow } from './bar.js';
import { bundled } from './bundled.js';

/** A list of 100,000 entries, read from disk and judged in a process that has done so before. */
export const warm: Bar = (folder) => {
  const config = join(folder, 'core1.cfg');
  writeFileSync(config, largeList(100_000));
  const program = bundled('bench/bars/warm-program.ts', join(folder, 'program.cjs'));
  const { work, floor } = JSON.parse(runNode([program, config], folder)) as Pair;
  return [ratioRow('read, parse and judge 100,000 entries, warm', median(work), median(floor), 5)];
};
