import type { Rule } from './rule.js';
import { type ChainState, type Entry, entriesOf, type Ruleset, type TableState } from './ruleset.js';
import type { Element, Value } from './values.js';

/** The chains that the rules of a chain may jump to; rules that are alike count as one. */
export type Jumps = ReadonlyMap<ChainState, readonly string[]>;

export function jumpsOfTable(ruleset: Ruleset, table: TableState): Jumps {
  return new Map([...table.chains.values()].map((chain) => [chain, jumpsFrom(ruleset, chain, table)]));
}

function jumpsFrom(ruleset: Ruleset, chain: ChainState, table: TableState): string[] {
  const targets: string[] = [];
  const entries = entriesOf(chain);
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] as Entry;
    if (typeof entry !== 'number') {
      targets.push(...jumpsOf(entry, table));
      continue;
    }
    const form = ruleset.formOf(entry);
    if (form.countedFor === chain) continue;
    form.countedFor = chain;
    targets.push(...jumpsOf({ statements: form.samples[0] }, table));
  }
  return targets;
}

function jumpsOf(rule: Pick<Rule, 'statements'>, table: TableState): string[] {
  const targets: string[] = [];
  for (const statement of rule.statements) {
    if (statement.kind === 'verdict' && statement.chain !== undefined) targets.push(statement.chain);
    else if (statement.kind === 'verdict-map') {
      for (const { data } of elementsIn(statement.map, table)) {
        if (data?.kind === 'verdict' && data.chain !== undefined) targets.push(data.chain);
      }
    }
  }
  return targets;
}

function elementsIn(map: Value, table: TableState): readonly Element[] {
  if (map.kind === 'set') return map.elements;
  return map.kind === 'named-set' ? (table.sets.get(map.name)?.elements ?? []) : [];
}

/**
 * The chains that may lie on a circle of jumps, which the kernel refuses, or between two circles: those
 * that are left when all that nothing leads to, and all that leads nowhere, has been taken away.
 */
export function circlesOf(table: TableState, jumps: Jumps): ReadonlySet<string> {
  const to = new Map<string, string[]>();
  const from = new Map<string, string[]>();
  for (const name of table.chains.keys()) {
    to.set(name, []);
    from.set(name, []);
  }
  for (const chain of table.chains.values()) {
    for (const target of jumps.get(chain) ?? []) {
      if (!table.chains.has(target)) continue;
      to.get(chain.name)?.push(target);
      from.get(target)?.push(chain.name);
    }
  }
  const left = new Set(table.chains.keys());
  peel(left, to, from);
  peel(left, from, to);
  return left;
}

/** Takes away, again and again, what has no way out. */
function peel(left: Set<string>, out: Map<string, string[]>, back: Map<string, string[]>): void {
  const count = new Map<string, number>();
  const empty: string[] = [];
  for (const name of left) {
    const ways = (out.get(name) ?? []).filter((target) => left.has(target)).length;
    count.set(name, ways);
    if (ways === 0) empty.push(name);
  }
  for (let name = empty.pop(); name !== undefined; name = empty.pop()) {
    left.delete(name);
    for (const caller of back.get(name) ?? []) {
      if (!left.has(caller)) continue;
      const ways = (count.get(caller) ?? 0) - 1;
      count.set(caller, ways);
      if (ways === 0) empty.push(caller);
    }
  }
}
