import type { Ruleset } from './reference.js';

/**
 * A smaller ruleset that still fails: rules are left out, by halves first, as long as it does.
 * Chains stay, so every call still finds its chain.
 */
export async function shrunk(ruleset: Ruleset, fails: (smaller: Ruleset) => Promise<boolean>): Promise<Ruleset> {
  let best = ruleset;
  for (let size = Math.ceil(countRules(best) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < countRules(best); ) {
      const smaller = without(best, from, from + size);
      if (await fails(smaller)) best = smaller;
      else from += size;
    }
  }
  return best;
}

function countRules({ tables }: Ruleset): number {
  return tables.reduce((sum, { chains }) => sum + chains.reduce((rules, chain) => rules + chain.rules.length, 0), 0);
}

function without(ruleset: Ruleset, first: number, end: number): Ruleset {
  let at = 0;
  const tables = ruleset.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => {
      const rules = chain.rules.filter((_, index) => at + index < first || at + index >= end);
      at += chain.rules.length;
      return { ...chain, rules };
    }),
  }));
  return { ...ruleset, tables };
}
