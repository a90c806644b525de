import type { Origin } from '../../model/origin.js';
import { type ChainRule, undecidable } from './rule.js';

/** The chains that netfilter itself asks, by table. `security` and others have no more than these. */
export const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ['raw', ['PREROUTING', 'OUTPUT']],
  ['mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']],
  ['nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']],
  ['filter', ['INPUT', 'FORWARD', 'OUTPUT']],
  ['security', ['INPUT', 'FORWARD', 'OUTPUT']],
]);

/** What becomes of what no rule of a built-in chain has decided about. */
export interface EndOfChain {
  readonly action: 'accept' | 'drop';
  readonly origin: Origin;
}

export interface ChainState {
  readonly name: string;
  readonly builtIn: boolean;
  /** In order, behind those of `front`; `rulesOf` gives all. */
  rules: ChainRule[];
  /** Rules that were put before all others, the last one first in the end. */
  front: ChainRule[];
  origin: Origin;
  /** The chain's own name where it is declared. */
  nameOrigin: Origin | undefined;
  end: EndOfChain | undefined;
  /** The other end may be true as well; why. */
  endDoubt: string | undefined;
  /** Rules that are not known may stand before all others; why. */
  doubt: string | undefined;
  /** It was declared, or a rule was put into it. */
  used: boolean;
  /** A rule may have been taken out of it under a condition. */
  mayBeEmpty: boolean;
  /** Places of rules in it were counted: a further rule would make them others. */
  counted: boolean;
}

export interface TableState {
  readonly name: string;
  readonly origin: Origin;
  readonly chains: Map<string, ChainState>;
  /** Where the last COMMIT of the table stands. */
  commit: { readonly file: string; readonly at: number; readonly sure: boolean } | undefined;
  /** Rules that are not known may stand at the end of each of its chains; why. */
  tailDoubt: string | undefined;
  /** What holds for all of its chains, those to come among them. */
  doubt: string | undefined;
}

/** Where a command stands: under a condition, or in a function that is called who knows where. */
export interface Standing {
  /** Why it may not be carried out; absent: it is. */
  readonly condition?: string;
  /** It may be carried out at another place than where it stands. */
  readonly elsewhere?: boolean;
  /** Where the outermost block begins that makes it a condition. */
  readonly block?: number;
}

/** Looking for rules to delete costs no more comparisons than this, however often a file asks for it. */
const MOST_COMPARISONS = 3_000_000;

/** Tables and chains as the lines of a file leave them, one line after another. */
export class Ruleset {
  readonly tables = new Map<string, TableState>();
  #comparisons = 0;

  table(name: string, origin: Origin): TableState {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const table: TableState = {
      name,
      origin,
      chains: new Map(),
      commit: undefined,
      tailDoubt: undefined,
      doubt: undefined,
    };
    for (const chain of BUILT_IN.get(name) ?? []) table.chains.set(chain, emptyChain(chain, true, origin));
    this.tables.set(name, table);
    return table;
  }

  /** `*filter` of a restore: all that stood in the table before is gone, but the ends of its built-in chains. */
  restart(table: TableState): void {
    table.tailDoubt = undefined;
    for (const [name, chain] of table.chains) {
      if (!chain.builtIn) {
        table.chains.delete(name);
        continue;
      }
      chain.rules = [];
      chain.front = [];
      chain.doubt = undefined;
      // One backend keeps the end that an earlier part of the file gave, the other begins anew.
      if (chain.end?.action === 'drop') chain.endDoubt = 'an earlier part of the file sets the policy';
    }
  }

  /** The chain of that name; undefined where the table has none. */
  chain(table: TableState, name: string): ChainState | undefined {
    return table.chains.get(name);
  }

  declare(table: TableState, name: string, origin: Origin, nameOrigin: Origin): ChainState {
    let chain = table.chains.get(name);
    if (chain === undefined) {
      chain = emptyChain(name, false, origin);
      table.chains.set(name, chain);
    }
    chain.origin = origin;
    chain.nameOrigin ??= nameOrigin;
    chain.used = true;
    return chain;
  }

  setEnd(chain: ChainState, end: EndOfChain, standing: Standing): void {
    chain.used = true;
    const before = chain.end?.action ?? 'accept';
    if (standing.condition !== undefined && before !== end.action) chain.endDoubt = standing.condition;
    if (standing.condition === undefined) chain.endDoubt = undefined;
    chain.end = end;
  }

  append(chain: ChainState, rule: ChainRule, standing: Standing): void {
    chain.used = true;
    if (standing.condition !== undefined) rule.tests.push(undecidable(standing.condition));
    chain.rules.push(rule);
  }

  /** @param position from 1 */
  insert(chain: ChainState, position: number, rule: ChainRule, standing: Standing): void {
    chain.used = true;
    if (standing.condition !== undefined) {
      rule.tests.push(undecidable(standing.condition));
      if (standing.elsewhere === true || position !== 1) chain.doubt ??= standing.condition;
    }
    if (position === 1) {
      chain.front.push(rule);
      return;
    }
    chain.counted = true;
    const rules = rulesOf(chain);
    // Past the end iptables refuses it.
    if (position < 1 || position > rules.length + 1) {
      chain.doubt ??= 'a rule is put in a place that is not there';
      rules.push(rule);
    } else rules.splice(position - 1, 0, rule);
  }

  flush(chain: ChainState, standing: Standing): void {
    if (standing.condition === undefined) {
      chain.rules = [];
      chain.front = [];
      chain.doubt = undefined;
      chain.mayBeEmpty = false;
      chain.counted = false;
      return;
    }
    if (chain.mayBeEmpty) {
      chain.doubt ??= standing.condition;
      return;
    }
    chain.mayBeEmpty = true;
    for (const rule of rulesOf(chain)) rule.tests.push(undecidable(standing.condition));
    if (standing.elsewhere === true) chain.doubt ??= standing.condition;
  }

  /** @returns false where there is no such rule */
  remove(chain: ChainState, which: number | string, standing: Standing): boolean {
    if (typeof which === 'number') chain.counted = true;
    const rules = rulesOf(chain);
    if (typeof which === 'string') this.#comparisons += rules.length;
    if (this.#comparisons > MOST_COMPARISONS) {
      chain.doubt ??= 'too many rules are deleted to follow it';
      return true;
    }
    const at = typeof which === 'number' ? which - 1 : rules.findIndex((rule) => rule.key === which);
    const rule = rules[at];
    if (rule === undefined) return false;
    if (standing.condition === undefined) rules.splice(at, 1);
    else rule.tests.push(undecidable(standing.condition));
    if (standing.elsewhere === true) chain.doubt ??= standing.condition;
    return true;
  }
}

/** The rules of a chain, in order. */
export function rulesOf(chain: ChainState): ChainRule[] {
  if (chain.front.length > 0) {
    chain.rules = [...chain.front.reverse(), ...chain.rules];
    chain.front = [];
  }
  return chain.rules;
}

function emptyChain(name: string, builtIn: boolean, origin: Origin): ChainState {
  return {
    name,
    builtIn,
    rules: [],
    front: [],
    origin,
    nameOrigin: undefined,
    end: undefined,
    endDoubt: undefined,
    doubt: undefined,
    used: false,
    mayBeEmpty: false,
    counted: false,
  };
}
