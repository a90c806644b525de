import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ruleset } from '../support/reference.js';
import { printIptables } from './iptables.js';

/** The ruleset as `iptables-restore-translate` writes it for nft; undefined where it leaves out a rule. */
export function translateToNftables(ruleset: Ruleset): string | undefined {
  // Sets are made apart from the rules, and are left out.
  if (ruleset.sets !== '') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'advisory-lens-'));
  try {
    const file = join(folder, 'rules.v4');
    writeFileSync(file, printIptables(ruleset));
    const done = spawnSync('iptables-restore-translate', ['-f', file], { encoding: 'utf8' });
    // What it cannot translate stays behind a `#`, as it was.
    return done.status === 0 && !/^#\s*-A/m.test(done.stdout) ? done.stdout : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
