import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { campus, largeList, SITE } from '../configs.js';
import { inTurns, median, runNode, timed } from '../measure.js';
import { type Bar, ratioRow } from './bar.js';

const CLI = resolve('dist/cli.js');
const PEAK_MEMORY = resolve('bench/peak-memory.cjs');
const FINDINGS = 1;

/** `check` of a usual configuration, the whole process, by the start of Node alone. */
export const usualCheck: Bar = (folder) => {
  writeFiles(folder, campus(2000));
  const { work, floor } = inTurns(
    () => timed(() => runNode([CLI, 'check'], folder, [FINDINGS])),
    () => timed(() => runNode(['-e', '0'], folder)),
    25,
    2,
  );
  return [ratioRow('check of 2,000 lines, whole process', median(work), median(floor), 2.5)];
};

/** `check` of a list of a million entries, the whole process, by one that only splits the file into lines. */
export const hugeCheck: Bar = (folder) => {
  writeFiles(folder, largeList(1_000_000));
  const split = `require('fs').readFileSync('core1.cfg', 'utf8').split('\\n')`;
  const { work, floor } = inTurns(
    () => timed(() => runNode([CLI, 'check'], folder, [FINDINGS])),
    () => timed(() => runNode(['-e', split], folder)),
    5,
  );
  const peakMb = peakMemoryMb([CLI, 'check'], folder);
  return [
    ratioRow('check of 1,000,000 entries, whole process', median(work), median(floor), 4),
    {
      work: 'check of 1,000,000 entries, peak memory',
      measured: `${peakMb.toFixed(0)} MB`,
      bar: '< 600 MB',
      passes: peakMb < 600,
    },
  ];
};

function writeFiles(folder: string, config: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'advisory-lens.json'), SITE);
  writeFileSync(join(folder, 'core1.cfg'), config);
}

/** The largest resident size that the process ever had, in units of 1,000,000 bytes. */
function peakMemoryMb(args: readonly string[], folder: string): number {
  const output = runNode(['--require', PEAK_MEMORY, ...args], folder, [FINDINGS]);
  const peak = /peak memory: (\d+) kB\n$/.exec(output);
  if (peak === null) throw new Error('The process did not tell its peak memory.');
  return (Number(peak[1]) * 1024) / 1e6;
}
