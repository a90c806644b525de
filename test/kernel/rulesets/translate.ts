import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ruleset } from '../support/reference.js';
import { printIptables } from './iptables.js';

/**
 * What `iptables-restore-translate` 1.8.9 leaves out or gets wrong, as the kernel shows: NETMAP is left out without a
 * word; states beside SNAT or DNAT are lost, and so is a negation of these; `--ports` loses its ranges; bits of
 * a mark outside of the mask are lost; a negation of UDP's ports is lost; some protocols' tcp-reset, single
 * flags and repeated ports make no valid file. And nft 1.0.6 itself makes one comparison of two ports that are
 * both negated, which then holds unless both ports are the ones said.
 */
const MISTRANSLATED = [
  /NETMAP/,
  /--match-set/,
  /--ctstate \S*[SD]NAT/,
  /--ports/,
  /--set-xmark/,
  /--(?:save|restore)-mark --nfmask/,
  /--set-mark \S+\/\S+/,
  /tcp-reset/,
  /-m(?:atch)? udp ! --/,
  /! --(?:sport|source-port) .*! --(?:dport|destination-port) /,
  /--tcp-flags [A-Z]+ /,
  /--(?:dport|sport|destination-port|source-port)s \S*,/,
];

/** The ruleset without the rules that the translator is known to get wrong. */
export function translatable(ruleset: Ruleset): Ruleset {
  const tables = ruleset.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.filter(({ text }) => !MISTRANSLATED.some((pattern) => pattern.test(text))),
    })),
  }));
  return { ...ruleset, tables, sets: '' };
}

/** The ruleset as the translator writes it for nft; undefined where it leaves out a rule. */
export function translateToNftables(ruleset: Ruleset): string | undefined {
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
