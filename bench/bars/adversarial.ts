import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../../server/src/core/report.js';
import { adversarialList, SITE } from '../configs.js';
import { inTurns, median, runNode } from '../measure.js';
import { type Bar, type Row, timeRow } from './bar.js';

const CLI = resolve('dist/cli.js');
const SPLIT = `require('fs').readFileSync('core1.cfg', 'utf8').split('\\n')`;

/** Lists in which every entry touches what is asked about, judged exactly: the whole process, its fixes included. */
export const adversarial: Bar = (folder) => {
  writeFileSync(join(folder, 'advisory-lens.json'), SITE);
  return [...measure(folder, 10_000, 1000, 5), ...measure(folder, 100_000, 10_000, 1)];
};

function measure(folder: string, entries: number, mostMs: number, rounds: number): Row[] {
  writeFileSync(join(folder, 'core1.cfg'), adversarialList(entries));
  let isExact = true;
  const check = () => {
    const started = performance.now();
    const output = runNode([CLI, 'check', '--format', 'json'], folder, [0, 1]);
    const time = performance.now() - started;
    isExact &&= saysExactly(JSON.parse(output) as Report);
    return time;
  };
  const split = () => {
    const started = performance.now();
    runNode(['-e', SPLIT], folder);
    return performance.now() - started;
  };
  const { work, floor } = inTurns(check, split, rounds, 0);
  const row = timeRow(
    `check of ${entries.toLocaleString('en')} entries that all touch the target`,
    median(work),
    median(floor),
    mostMs,
  );
  return [{ ...row, bar: `${row.bar}, exact`, passes: row.passes && isExact }];
}

/** An answer that is not exact says so in its assumptions, and then it is no more than possible. */
function saysExactly({ verdicts }: Report): boolean {
  return (
    verdicts.length > 0 &&
    verdicts.every(({ verdict, assumptions }) => verdict !== 'possible' && assumptions.length === 0)
  );
}
