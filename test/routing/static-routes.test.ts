/** Random interfaces and static routes: the table that FRR makes of them, and the one that was foretold. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../kernel/support/random.js';
import { type Frr, FrrDied, startFrr, whyNoFrr } from './judge.js';
import { frrLines, frrText, iosText, NAMES, type RouteSet, randomSet } from './sets.js';
import { certainty, differences, type Foretold, type FrrTable, foretold, hasRefused, waysOfFrr } from './tables.js';

const SETS = Number(process.env.ADVISORY_LENS_ROUTING_SETS ?? 120);
const SEED = Number(process.env.ADVISORY_LENS_SEED ?? 1);
const MOST_FAILURES = 5;
const MOST_ROUNDS = 3;
const SHRINKING_MS = 30_000;

const why = whyNoFrr();
if (why !== undefined) {
  const line = `!! FRR WAS NOT ASKED: ${why} !!`;
  console.error(`\n${'!'.repeat(line.length)}\n${line}\n${'!'.repeat(line.length)}\n`);
}

describe('connected and static routes', { skip: why ?? false }, () => {
  it('are foretold as FRR makes them', async () => {
    const failures: string[] = [];
    const counts = { sets: 0, common: 0, crashes: 0, restless: 0, certain: 0, doubtful: 0 };
    let frr = startFrr(NAMES);
    try {
      for (let seed = SEED; seed < SEED + SETS && failures.length < MOST_FAILURES; seed += 1) {
        const set = randomSet(new Random(seed));
        try {
          let failure = await failureOf(frr, set);
          if (failure !== undefined && failure !== 'restless') {
            // What FRR left out over earlier sets may last; a disagreement is one that a fresh FRR has, too.
            frr.close();
            frr = startFrr(NAMES);
            failure = await failureOf(frr, set);
          }
          if (failure === 'restless') counts.restless += 1;
          else if (failure !== undefined) {
            const words = (await smallest(frr, set)) ?? failure;
            console.log(words);
            failures.push(`seed ${seed}: ${words}\n(again: npm run test:routing -- --seed ${seed} --sets 1)`);
          }
        } catch (error) {
          if (!(error instanceof FrrDied))
            throw new Error(`seed ${seed}: ${frrLines(set).join('\n')}`, { cause: error });
          counts.crashes += 1;
          console.log(`seed ${seed}: FRR crashed, and says nothing of the set`);
          frr.close();
          frr = startFrr(NAMES);
          continue;
        }
        counts.sets += 1;
        if (set.isCommon) counts.common += 1;
        for (const { table } of tablesOf(set)) {
          const { certain, doubtful } = certainty(table);
          counts.certain += certain;
          counts.doubtful += doubtful;
        }
      }
    } finally {
      frr.close();
    }
    const { sets, common, crashes, restless, certain, doubtful } = counts;
    console.log(
      `routing: ${sets} sets from seed ${SEED}, ${common} of them in IOS too; ` +
        `${certain} prefixes foretold for certain, ${doubtful} not; FRR crashed over ${crashes} more, and never rested over ${restless} of them`,
    );
    assert.ok(failures.length === 0, `\n${failures.join('\n\n')}`);
    assert.ok(sets > 0, 'nothing was judged');
    assert.ok(crashes <= 2 + sets / 20, 'FRR crashed too often');
    assert.ok(restless <= 2 + sets / 50, 'too many sets were not judged');
    if (sets < 50) return;
    // Whoever doubts everything never disagrees.
    assert.ok(doubtful < certain / 10, 'too much was left in doubt');
    assert.ok(common > sets / 4, 'few sets were asked of IOS too');
  });
});

/** The set as each of our dialects reads it. */
function tablesOf(set: RouteSet): { readonly dialect: string; readonly table: Foretold }[] {
  const tables = [{ dialect: 'linux-routes', table: foretold('linux-routes', 'gw/frr.conf', frrText(set)) }];
  if (set.isCommon) tables.push({ dialect: 'cisco-ios', table: foretold('cisco-ios', 'gw.cfg', iosText(set)) });
  return tables;
}

/** Where FRR and our tables differ, in words; undefined where they agree, `restless` where FRR has no last word. */
async function failureOf(frr: Frr, set: RouteSet): Promise<string | undefined> {
  const tables = tablesOf(set);
  const lines = frrLines(set);
  const compare = (seen: readonly FrrTable[]) =>
    tables.flatMap(({ dialect, table }) => {
      // IOS has no kernel to ask, and takes what Linux refuses.
      if (dialect === 'cisco-ios' && seen.some(hasRefused)) return [];
      return differences(seen.map(waysOfFrr), table).map(({ prefix, words }) => ({
        prefix,
        words: `${dialect}: ${words}`,
      }));
    });
  let seen = await frr.load(lines);
  let found = compare(seen);
  // FRR leaves a route out that it looks at while the one it leans on is being replaced, and never looks
  // again ("match ... not installed" in zebra's log). And on a busy machine a table may stand still too soon.
  for (let round = 0; round < MOST_ROUNDS && found.length > 0; round += 1) {
    const doubted = new Set(found.map(({ prefix }) => prefix));
    seen = await frr.again(lines.filter((line) => doubted.has(line.split(' ')[2] ?? '')));
    found = compare(seen);
  }
  // Nor does it where the table never rests, as with routes that lead to each other in a circle.
  if (found.length > 0 && seen.length > 1) return 'restless';
  return found.length === 0 ? undefined : [...new Set(found.map(({ words }) => words)), ...lines].join('\n');
}

/** The same failure with as few routes as still show it. */
async function smallest(frr: Frr, set: RouteSet): Promise<string | undefined> {
  let best = set;
  let words: string | undefined;
  // Tables that never rest take their time.
  const deadline = performance.now() + SHRINKING_MS;
  for (let at = 0; at < best.routes.length && best.routes.length > 1 && performance.now() < deadline; ) {
    const smaller = { ...best, routes: best.routes.filter((_, other) => other !== at) };
    const still = await failureOf(frr, smaller);
    if (still === undefined || still === 'restless') at += 1;
    else {
      best = smaller;
      words = still;
    }
  }
  return words;
}
