import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { largeList } from '../configs.js';
import { median, type Pair, runNode } from '../measure.js';
import { type Bar, ratioRow } from './bar.js';

/** A list of 100,000 entries, read from disk and judged in a process that has done so before. */
export const warm: Bar = (folder) => {
  const config = join(folder, 'core1.cfg');
  writeFileSync(config, largeList(100_000));
  // Bundled as the product is: a loader for TypeScript changes the code, and its speed.
  const program = join(folder, 'program.cjs');
  buildSync({
    entryPoints: ['bench/bars/warm-program.ts'],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
  });
  const { work, floor } = JSON.parse(runNode([program, config], folder)) as Pair;
  return [ratioRow('read, parse and judge 100,000 entries, warm', median(work), median(floor), 5)];
};
