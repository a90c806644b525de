import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iptablesRules, nftRules } from '../linux.js';
import { median, type Pair, runNode } from '../measure.js';
import { type Bar, ratioRow, timeRow } from './bar.js';
import { bundled } from './bundled.js';

/** Rulesets of Linux in a process that has judged them before. */
export const linux: Bar = (folder) => {
  const [iptables, nftables] = [join(folder, 'rules.v4'), join(folder, 'nftables.conf')];
  writeFileSync(iptables, iptablesRules(5000, 90));
  writeFileSync(nftables, nftRules(10_000));
  const program = bundled('bench/bars/linux-program.ts', join(folder, 'program.cjs'));
  const judging = JSON.parse(runNode([program, iptables, 'judge'], folder)) as Pair;
  const reading = JSON.parse(runNode([program, nftables, 'read'], folder)) as Pair;
  return [
    timeRow('judge 5,000 iptables rules in 90 chains, warm', median(judging.work), median(judging.floor), 30),
    ratioRow('read and judge 10,000 nftables rules, warm', median(reading.work), median(reading.floor), 8),
  ];
};
