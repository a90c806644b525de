import assert from 'node:assert/strict';
import { dialectById } from '../../../server/src/core/dialects/registry.js';
import { type Judge, startJudge, whyNoJudge } from './judge.js';
import { SETTINGS } from './settings.js';
import { runTrial, type Trial } from './trials.js';

/** Whether the product reads them already. */
export function hasDialects(...ids: readonly string[]): boolean {
  return ids.every((id) => dialectById(id) !== undefined);
}

/** Why the tests of this folder cannot run here; said loudly, because a skipped test looks like a passed one. */
export function whySkip(...dialects: readonly string[]): string | undefined {
  const missing = dialects.filter((id) => dialectById(id) === undefined);
  const why = whyNoJudge() ?? (missing.length > 0 ? `there is no dialect ${missing.join(', ')}` : undefined);
  if (why !== undefined) {
    const line = `!! THE KERNEL WAS NOT ASKED: ${why} !!`;
    console.error(`\n${'!'.repeat(line.length)}\n${line}\n${'!'.repeat(line.length)}\n`);
  }
  return why;
}

const MOST_FAILURES = 5;

/** Runs as many random trials as the settings ask for, and fails with what is needed to see a failure again. */
export async function runTrials(name: string, trialOf: (seed: number) => Trial): Promise<void> {
  const judge: Judge = startJudge();
  const failures: string[] = [];
  const seen: Record<string, number> = {};
  let skipped = 0;
  let judged = 0;
  let strays = 0;
  try {
    for (let seed = SETTINGS.seed; seed < SETTINGS.seed + SETTINGS.rulesets; seed += 1) {
      const outcome = await runTrial(judge, trialOf(seed));
      if (outcome === undefined) {
        skipped += 1;
        continue;
      }
      judged += 1;
      if (outcome.strays === true) strays += 1;
      for (const { kind } of outcome.verdicts) seen[kind] = (seen[kind] ?? 0) + 1;
      if (outcome.failure === undefined) continue;
      failures.push(`${outcome.failure}\n(again: npm run test:kernel -- --seed ${seed} --rulesets 1)`);
      if (failures.length >= MOST_FAILURES) break;
    }
  } finally {
    judge.close();
  }
  const counts = Object.entries(seen).map(([kind, count]) => `${count} ${kind}`);
  console.log(
    `${name}: ${judged} rulesets from seed ${SETTINGS.seed}, ${skipped} left out; packets: ${counts.join(', ')}`,
  );
  assert.ok(failures.length === 0, `\n${failures.join('\n\n')}`);
  assert.ok(judged > 0, 'nothing was judged');
  if (strays > 0) console.log(`${name}: the translator got ${strays} of them wrong; these were read as it wrote them`);
  assert.ok(strays <= 2 + judged / 50, 'the translations mean something else');
  // A generator whose packets all meet one fate proves nothing.
  if (judged >= 50) {
    const all = Object.values(seen).reduce((sum, count) => sum + count, 0);
    for (const kind of ['forwarded', 'dropped']) assert.ok((seen[kind] ?? 0) > all / 10, `few were ${kind}`);
  }
}
