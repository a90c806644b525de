/**
 * Measures what the project promises about speed: `npm run bench [-- PART OF A NAME...]`.
 *
 * Every time stands beside a floor that was measured in the same run, in turns with it, since a
 * machine is never twice the same. Ends with 1 where a bar is not held.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adversarial } from './bars/adversarial.js';
import type { Bar, Row } from './bars/bar.js';
import { hugeCheck, usualCheck } from './bars/command.js';
import { keystroke } from './bars/keystroke.js';
import { linux } from './bars/linux.js';
import { networkEdit, networkReview } from './bars/network.js';
import { warm } from './bars/warm.js';

const BARS: Readonly<Record<string, Bar>> = {
  warm,
  usualCheck,
  hugeCheck,
  keystroke,
  adversarial,
  linux,
  networkReview,
  networkEdit,
};

const wanted = process.argv.slice(2);
const chosen = Object.entries(BARS).filter(
  ([name]) => wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part.toLowerCase())),
);
if (chosen.length === 0) {
  console.error(`No bar has ${wanted.join(' or ')} in its name. There are: ${Object.keys(BARS).join(', ')}.`);
  process.exit(2);
}

execFileSync(process.execPath, ['esbuild.mjs', 'cli', 'server'], { stdio: 'inherit' });
print(['work', 'measured', 'floor', 'ratio', 'bar', '']);
for (const [, bar] of chosen) {
  const folder = mkdtempSync(join(tmpdir(), 'advisory-lens-bench-'));
  try {
    for (const row of await bar(folder)) {
      printRow(row);
      if (!row.passes) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printRow({ work, measured, floor = '', ratio, bar, passes }: Row): void {
  print([work, measured, floor, ratio === undefined ? '' : `${ratio.toFixed(2)} ×`, bar, passes ? 'pass' : 'FAIL']);
}

function print([work = '', measured = '', floor = '', ratio = '', bar = '', passes = '']: readonly string[]): void {
  const columns = [work.padEnd(52), measured.padStart(9), floor.padStart(9), ratio.padStart(8), bar.padEnd(18), passes];
  console.log(columns.join('  ').trimEnd());
}
