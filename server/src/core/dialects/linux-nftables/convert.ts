import type { Device } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Hook, Policy, PolicyRule, Test } from '../../model/policy.js';
import { rulesetDevice } from '../common/linux-device.js';
import { circlesOf, type Jumps, jumpsOfTable } from './circles.js';
import { convertRule, type TableContext } from './convert-rule.js';
import type { Loader } from './loader.js';
import { behind, ChainBuilder, type PlacedRules } from './placed-rules.js';
import { type Meaning, meaningOf } from './plain-meaning.js';
import { type Base, type ChainState, chainKey, type Entry, entriesOf, type TableState } from './ruleset.js';
import { undecidable } from './tests.js';

/** The families whose chains packets of IPv4 meet when they are routed. */
const FAMILIES = new Set(['ip', 'inet', 'netdev']);
/** Where a packet of IPv4 is translated, whatever the chains of that kind have for a priority: nf_nat_ipv4_ops of the kernel. */
const NAT_PRIORITY: Readonly<Record<Hook, number>> = { prerouting: -100, forward: 0, postrouting: 100 };
/** Where connections are not known yet. */
const BEFORE_TRACKING = -200;
/** Ingress and egress are outside of all other hooks. */
const OUTSIDE = 1_000_000;

/** So many elements of sets are looked at for all rules together. */
const MOST_ELEMENTS = 4_000_000;

interface BaseChain {
  readonly table: TableState;
  readonly chain: ChainState;
  readonly base: Base;
  readonly hook: Hook;
  readonly priority: number;
}

/** A chain of the model as it came from the file. */
export interface PlacedChain {
  readonly table: TableState;
  readonly chain: ChainState;
  readonly rules: PlacedRules;
}

export interface Converted {
  readonly device: Device;
  /** By key. */
  readonly placed: ReadonlyMap<string, PlacedChain>;
}

/** The device in neutral words. */
export function convert(loader: Loader, name: string, files: readonly string[]): Converted {
  const chains = new Map<string, Chain>();
  const placed = new Map<string, PlacedChain>();
  const bases: BaseChain[] = [];
  const unread = [...loader.unread];
  let left = MOST_ELEMENTS;
  const count = (elements: number): boolean => {
    left -= elements;
    return left >= 0;
  };
  for (const table of loader.ruleset.tables.values()) {
    if (!FAMILIES.has(table.family)) continue;
    const jumps = jumpsOfTable(loader.ruleset, table);
    const circles = circlesOf(table, jumps);
    const notForwarded = onlyFromElsewhere(table, jumps);
    for (const chain of table.chains.values()) {
      if (notForwarded.has(chain.name)) continue;
      const base = table.dormant ? undefined : baseOf(table, chain);
      if (base !== undefined) bases.push(base);
      convertChain(loader, table, chain, base, circles, chains, placed, count);
      const entries = entriesOf(chain);
      for (let at = 0; at < entries.length; at += 1) {
        const rule = entries[at] as Entry;
        // What is like others was understood.
        if (typeof rule !== 'number' && rule.statements.some(({ kind }) => kind === 'unknown'))
          unread.push(rule.origin);
      }
    }
  }
  const policies = sorted(bases).map((base) => policyOf(base));
  doubtMissing(loader, policies, chains, placed);
  const device = rulesetDevice(
    {
      name,
      dialect: 'linux-nftables',
      files,
      policies,
      chains,
      definitions: loader.definitions,
      references: loader.references,
      unread: unread.sort((a, b) => a.start - b.start),
    },
    loader.ifaces,
  );
  return { device, placed };
}

const HOOKS: Readonly<Record<string, Hook>> = {
  prerouting: 'prerouting',
  forward: 'forward',
  postrouting: 'postrouting',
  ingress: 'prerouting',
  egress: 'postrouting',
};

function baseOf(table: TableState, chain: ChainState): BaseChain | undefined {
  const { base } = chain;
  const hook = base === undefined || !Object.hasOwn(HOOKS, base.hook) ? undefined : HOOKS[base.hook];
  if (base === undefined || hook === undefined) return undefined;
  const own = base.priority ?? 0;
  const isOutside = base.hook === 'ingress' || base.hook === 'egress';
  const shift = !isOutside ? 0 : base.hook === 'ingress' ? -OUTSIDE : OUTSIDE;
  const priority = base.type === 'nat' ? NAT_PRIORITY[hook] : own + shift;
  return { table, chain, base, hook, priority };
}

/**
 * Of chains with one priority the one that was registered last runs first: nf_hook_entries_grow() of the
 * kernel puts a new hook before those of its priority. The chains that translate share one place among the
 * hooks, and have an order of their own in it.
 */
function sorted(bases: readonly BaseChain[]): readonly BaseChain[] {
  const firstNat = new Map<Hook, number>();
  for (const { base, chain, hook } of bases) {
    if (base.type === 'nat') firstNat.set(hook, Math.min(firstNat.get(hook) ?? Number.POSITIVE_INFINITY, chain.order));
  }
  const orderOf = ({ base, chain, hook }: BaseChain): number =>
    base.type === 'nat' ? (firstNat.get(hook) ?? chain.order) : chain.order;
  return [...bases].sort((a, b) => {
    if (a.priority !== b.priority) return a.priority - b.priority;
    if (a.base.type !== 'nat' || b.base.type !== 'nat') return orderOf(b) - orderOf(a);
    return (a.base.priority ?? 0) - (b.base.priority ?? 0) || b.chain.order - a.chain.order;
  });
}

function policyOf(of: BaseChain): Policy {
  const { table, chain, base, hook, priority } = of;
  const when = deviceTests(of);
  const name = chainKey(table, chain.name);
  return {
    name,
    hook,
    priority,
    purpose: base.type === 'nat' ? 'nat' : base.hook === 'forward' ? 'filter' : 'other',
    beforeTracking: hook === 'prerouting' && priority < BEFORE_TRACKING,
    ...(when === undefined ? {} : { when }),
    chain: name,
    end: {
      // A chain that may not be there lets through what it does not stop.
      action: chain.doubt === undefined ? chain.policy : 'accept',
      origin: chain.policyOrigin ?? base.origin,
    },
  };
}

function convertChain(
  { plain, ruleset }: Loader,
  table: TableState,
  chain: ChainState,
  base: BaseChain | undefined,
  circles: ReadonlySet<string>,
  chains: Map<string, Chain>,
  placed: Map<string, PlacedChain>,
  count: (elements: number) => boolean,
): void {
  const key = chainKey(table, chain.name);
  let added = 0;
  const context: TableContext = {
    findSet: Object.assign((name: string) => table.sets.get(name), { mayLookAt: count }),
    jump(verdict) {
      const to = verdict.chain ?? '';
      const target = table.chains.get(to);
      if (target === undefined) return { kind: 'unknown', words: `chain ${to} is not in these files` };
      if (target.base !== undefined) return { kind: 'unknown', words: `chain ${to} is no chain to jump to` };
      if (circles.has(chain.name) && circles.has(to)) {
        return { kind: 'unknown', words: `the jump to ${to} may go round in a circle` };
      }
      return { kind: verdict.verdict === 'goto' ? 'goto' : 'jump', chain: chainKey(table, to) };
    },
    addChain(of, rules) {
      added += 1;
      const own = `${of} #${added}`;
      chains.set(own, { key: own, name: chain.name, rules, origin: rules[0]?.origin ?? chain.origin });
      placed.set(own, { table, chain, rules: rules.map((rule) => ({ rule, from: undefined })) });
      return own;
    },
    tail() {
      if (tail === undefined) {
        added += 1;
        tail = `${key} #${added}`;
      }
      return tail;
    },
  };
  let tail: string | undefined;
  let own = key;
  const entries = entriesOf(chain);
  let rules = new ChainBuilder(plain, entries.length);
  const finish = (): void => {
    const { inModel, inFile } = rules.built();
    chains.set(own, { key: own, name: chain.name, rules: inModel, origin: chain.origin });
    placed.set(own, { table, chain, rules: inFile });
  };
  const say = (tests: readonly Test[], action: PolicyRule['action'], origin = chain.origin): void => {
    rules.add({ tests, action, origin }, undefined);
  };
  if (chain.rulesDoubt !== undefined) say([], { kind: 'unknown', words: chain.rulesDoubt });
  const doubt = base === undefined ? undefined : chain.doubt;
  // By form; null: each rule of it is read by itself.
  const meanings: (Meaning | null | undefined)[] = [];
  // Without an iterator: this is gone through once, and before the engine makes it fast.
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] as Entry;
    if (typeof entry === 'number' && doubt === undefined) {
      const form = ruleset.formOf(entry);
      let meaning = meanings[form.number];
      if (meaning === undefined) {
        meaning = form.meaning ?? meaningOf(form, key, context) ?? null;
        // Nothing but where it jumps to is the chain's to say.
        if (form.jumps.length === 0) form.meaning = meaning ?? undefined;
        meanings[form.number] = meaning;
      }
      if (meaning !== null) {
        rules.addRow(entry, meaning);
        continue;
      }
    }
    const rule = typeof entry === 'number' ? ruleset.ruleAt(entry) : entry;
    const doubted = doubt === undefined ? rule : { ...rule, doubt: rule.doubt ?? doubt };
    for (const one of convertRule(doubted, key, context)) rules.add(one, rule);
    if (tail === undefined) continue;
    // What stands behind this rule is reached from several places: it gets a chain of its own.
    say([], { kind: 'goto', chain: tail }, rule.origin);
    finish();
    own = tail;
    rules = new ChainBuilder(plain, 0);
    tail = undefined;
  }
  if (chain.doubt !== undefined && base !== undefined && chain.policy === 'drop') {
    say([undecidable(chain.doubt)], { kind: 'drop' }, chain.policyOrigin);
  }
  finish();
}

/**
 * What a chain at ingress or egress is about. It meets all that its device carries: VLANs of it by their
 * custom names; whether a bridge or a bond is made of it is not told here.
 */
function deviceTests({ base, hook }: BaseChain): readonly Test[] | undefined {
  if (base.hook !== 'ingress' && base.hook !== 'egress') return undefined;
  // Devices may be given to it while it runs, as a chain without any shows.
  const doubt = base.devicesDoubt ?? (base.devices.length === 0 ? 'no file tells its devices' : undefined);
  const others: Test[][] = doubt === undefined ? [] : [[undecidable(doubt)]];
  if (base.devices.length === 0) return others[0];
  const kind = hook === 'prerouting' ? 'in' : 'out';
  const own = base.devices.flatMap((device) => [device, `${device}.*`]);
  const perhaps = ['br*', 'bond*', 'team*', 'vlan*', 'vmbr*', 'virbr*'];
  const carried: Test[] = [
    { kind, names: perhaps, negated: false },
    undecidable(`whether it is carried by ${base.devices.join(', ')}`),
  ];
  return [{ kind: 'any', alternatives: [[{ kind, names: own, negated: false }], carried, ...others], negated: false }];
}

/** Chains that no packet that is forwarded meets: those at other hooks, and what only they call. */
function onlyFromElsewhere(table: TableState, jumps: Jumps): Set<string> {
  const reached = new Set<string>();
  const spread = (roots: readonly string[]): Set<string> => {
    const met = new Set<string>();
    const left = [...roots];
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const chain = table.chains.get(name);
      if (chain === undefined || met.has(name)) continue;
      met.add(name);
      for (const target of jumps.get(chain) ?? []) left.push(target);
    }
    return met;
  };
  const forwarded: string[] = [];
  const elsewhere: string[] = [];
  for (const { name, base } of table.chains.values()) {
    if (base !== undefined) (Object.hasOwn(HOOKS, base.hook) ? forwarded : elsewhere).push(name);
  }
  const met = spread(forwarded);
  for (const name of spread(elsewhere)) if (!met.has(name)) reached.add(name);
  return reached;
}

/** Why any chain may have rules that were not read. */
function doubtOf({ missing: [missing], unseen, scope }: Loader): { words: string; origin: Origin } | undefined {
  if (unseen !== undefined) return unseen;
  if (missing === undefined || scope.missing.size > 0) return undefined;
  return { words: `${missing.pattern} is not among the files`, origin: missing.origin };
}

/**
 * A file that is included and not here may hold rules for any chain. If it is where names were to be
 * defined that are defined nowhere, it is taken for definitions alone.
 */
function doubtMissing(
  loader: Loader,
  policies: Policy[],
  chains: Map<string, Chain>,
  placed: Map<string, PlacedChain>,
): void {
  const doubt = doubtOf(loader);
  if (doubt === undefined) return;
  const { words, origin } = doubt;
  const rule: PolicyRule = { tests: [], action: { kind: 'unknown', words }, origin };
  let isSaid = false;
  for (const policy of policies) {
    if (policy.hook !== 'forward') continue;
    const chain = chains.get(policy.chain);
    const from = placed.get(policy.chain);
    if (chain === undefined || from === undefined) continue;
    chains.set(policy.chain, { ...chain, rules: [rule, ...chain.rules] });
    placed.set(policy.chain, { ...from, rules: behind({ rule, from: undefined }, from.rules) });
    isSaid = true;
  }
  if (isSaid) return;
  const key = `in doubt: ${words}`;
  chains.set(key, { key, name: key, rules: [rule], origin });
  policies.push({
    name: key,
    hook: 'forward',
    priority: 0,
    purpose: 'other',
    beforeTracking: false,
    chain: key,
    end: { action: 'accept', origin },
  });
}
