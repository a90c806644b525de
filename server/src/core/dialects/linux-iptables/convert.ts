import type { Device } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { Chain, Hook, Policy, PolicyAction, PolicyRule, Test } from '../../model/policy.js';
import { rulesetDevice } from '../common/linux-device.js';
import { resolveSet } from './ipset-match.js';
import type { Loader } from './reader.js';
import { type ChainRule, isNothing, type RuleAction, undecidable } from './rule.js';
import { type ChainState, rulesOf, type TableState } from './ruleset.js';

/** The hooks of what is forwarded, by table and chain. Source: NF_IP_PRI_* of the Linux kernel. */
const HOOKS: readonly {
  readonly table: string;
  readonly chain: string;
  readonly hook: Hook;
  readonly priority: number;
}[] = [
  { table: 'raw', chain: 'PREROUTING', hook: 'prerouting', priority: -300 },
  { table: 'mangle', chain: 'PREROUTING', hook: 'prerouting', priority: -150 },
  { table: 'nat', chain: 'PREROUTING', hook: 'prerouting', priority: -100 },
  { table: 'mangle', chain: 'FORWARD', hook: 'forward', priority: -150 },
  { table: 'filter', chain: 'FORWARD', hook: 'forward', priority: 0 },
  { table: 'security', chain: 'FORWARD', hook: 'forward', priority: 50 },
  { table: 'mangle', chain: 'POSTROUTING', hook: 'postrouting', priority: -150 },
  { table: 'nat', chain: 'POSTROUTING', hook: 'postrouting', priority: 100 },
];

/** Where connections are not known yet. */
const BEFORE_TRACKING = -200;

export function chainKey(table: string, chain: string): string {
  return `${table} ${chain}`;
}

/** What stands in a chain of the model, with the rule of the file that it comes from. */
export interface PlacedRule {
  readonly rule: PolicyRule;
  /** Absent: it is ours, and says what is not known. */
  readonly from: ChainRule | undefined;
}

/** The device in neutral words. */
export function convert(loader: Loader, name: string, files: readonly string[]): Device {
  const policies: Policy[] = [];
  const chains = new Map<string, Chain>();
  const met = new Set<string>();
  for (const table of loader.ruleset.tables.values()) {
    const reach = reachOf(table);
    for (const chain of table.chains.values()) {
      if (chain.builtIn && !isUsed(table, chain)) continue;
      if (reach.get(chain.name)?.forwarded === true) met.add(chainKey(table.name, chain.name));
      chains.set(chainKey(table.name, chain.name), convertChain(loader, table, chain, reach));
    }
  }
  for (const { table: tableName, chain: chainName, hook, priority } of HOOKS) {
    const table = loader.ruleset.tables.get(tableName);
    const chain = table?.chains.get(chainName);
    if (table === undefined || chain === undefined || !isUsed(table, chain)) continue;
    policies.push({
      name: chainKey(tableName, chainName),
      hook,
      priority,
      purpose: tableName === 'filter' ? 'filter' : tableName === 'nat' ? 'nat' : 'other',
      beforeTracking: hook === 'prerouting' && priority < BEFORE_TRACKING,
      chain: chainKey(tableName, chainName),
      end: chain.end ?? { action: 'accept', origin: chain.origin },
    });
  }
  return rulesetDevice(
    {
      name,
      dialect: 'linux-iptables',
      files,
      policies,
      chains,
      definitions: loader.definitions,
      references: loader.references.map(({ kind, name: of, use, origin }) => ({ kind, name: of, use, origin })),
      unread: loader.unread.filter(({ table, chain }) => met.has(chainKey(table, chain))).map(({ origin }) => origin),
    },
    loader.ifaces,
  );
}

function isUsed(table: TableState, chain: ChainState): boolean {
  const isDoubtful = chain.doubt !== undefined || table.doubt !== undefined || table.tailDoubt !== undefined;
  return chain.used || chain.end !== undefined || isDoubtful;
}

function rulesIn(table: TableState, name: string): readonly ChainRule[] {
  const chain = table.chains.get(name);
  return chain === undefined ? [] : rulesOf(chain);
}

/** From which hooks a chain is reached. */
interface Reach {
  forwarded: boolean;
  /** Before the routing decision (or on what the device sends). */
  before: boolean;
  /** Behind it (or on what the device takes). */
  behind: boolean;
}

/** Which chains of a table are reached from where, along jumps; each chain is looked at once for each of three questions. */
function reachOf(table: TableState): Map<string, Reach> {
  const reach = new Map<string, Reach>();
  for (const chain of table.chains.keys()) reach.set(chain, { forwarded: false, before: false, behind: false });
  const spread = (mark: keyof Reach, roots: readonly string[]): void => {
    const left = roots.filter((root) => table.chains.has(root));
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const state = reach.get(name);
      if (state === undefined || state[mark]) continue;
      state[mark] = true;
      for (const { action } of rulesIn(table, name)) if (action?.kind === 'chain') left.push(action.name);
    }
  };
  spread('forwarded', ['PREROUTING', 'FORWARD', 'POSTROUTING']);
  spread('before', ['PREROUTING', 'OUTPUT']);
  spread('behind', ['POSTROUTING', 'INPUT']);
  return reach;
}

function convertChain(loader: Loader, table: TableState, chain: ChainState, reach: Map<string, Reach>): Chain {
  const rules = placedRules(loader, table, chain, reach).map(({ rule }) => rule);
  return { key: chainKey(table.name, chain.name), name: chain.name, rules, origin: chain.origin };
}

/** The rules of a chain as the model has them, in order; those that do nothing to a packet's fate are left out. */
export function placedRules(
  loader: Loader,
  table: TableState,
  chain: ChainState,
  reach: Map<string, Reach> = reachOf(table),
): PlacedRule[] {
  const placed: PlacedRule[] = [];
  const say = (words: string): void => {
    placed.push({ rule: { tests: [], action: { kind: 'unknown', words }, origin: chain.origin }, from: undefined });
  };
  const doubt = table.doubt ?? chain.doubt;
  if (doubt !== undefined) say(doubt);
  for (const from of rulesOf(chain)) {
    if (from.action === undefined || from.never) continue;
    const tests = from.sets.length === 0 ? (from.tests as readonly Test[]) : resolved(loader, from);
    if (from.sets.length > 0 && tests.some(isNothing)) continue;
    const action = convertAction(from.action, table, chain, reach);
    placed.push({ rule: { tests, action, origin: from.origin }, from });
  }
  if (table.tailDoubt !== undefined) say(table.tailDoubt);
  if (chain.endDoubt !== undefined) {
    const action: PolicyAction = { kind: chain.end?.action === 'drop' ? 'accept' : 'drop' };
    const rule = { tests: [undecidable(chain.endDoubt)], action, origin: chain.end?.origin ?? chain.origin };
    placed.push({ rule, from: undefined });
  }
  return placed;
}

function resolved(loader: Loader, { tests }: ChainRule): Test[] {
  return tests.map((test): Test => (test.kind === 'set' ? resolveSet(test, loader.sets, loader.changedSets) : test));
}

function convertAction(
  action: RuleAction,
  table: TableState,
  chain: ChainState,
  reach: Map<string, Reach>,
): PolicyAction {
  const here = reach.get(chain.name);
  switch (action.kind) {
    case 'chain':
      return jumpTo(action.name, action.goto, table, chain);
    case 'netmap': {
      if (table.name !== 'nat' || here === undefined || here.before === here.behind) {
        return { kind: 'unknown', words: 'NETMAP where it cannot be told what it maps' };
      }
      const address = { kind: 'prefix', prefix: action.prefix } as const;
      return { kind: 'translate', field: here.before ? 'dst' : 'src', address };
    }
    case 'translate': {
      // iptables refuses a translation of the destination behind the routing decision, and the reverse.
      const misplaced = action.field === 'dst' ? here?.behind : here?.before;
      if (misplaced !== true) return action;
      return { kind: 'unknown', words: `a translation that cannot stand in ${chain.name}` };
    }
    default:
      return action;
  }
}

function jumpTo(name: string, goto: boolean, table: TableState, chain: ChainState): PolicyAction {
  const target = table.chains.get(name);
  if (target === undefined) return { kind: 'unknown', words: `chain ${name} is not in this file` };
  // iptables refuses a jump to a built-in chain.
  if (target.builtIn) return { kind: 'unknown', words: `${name} is a built-in chain` };
  if (inCircle(table, chain.name, name))
    return { kind: 'unknown', words: `the jump to ${name} goes round in a circle` };
  return { kind: goto ? 'goto' : 'jump', chain: chainKey(table.name, name) };
}

const CIRCLES = new WeakMap<TableState, Map<string, number>>();

/**
 * Whether a jump lies on a circle, which the kernel refuses: both chains are in one strongly connected
 * part of the graph of jumps.
 */
function inCircle(table: TableState, from: string, to: string): boolean {
  let parts = CIRCLES.get(table);
  if (parts === undefined) {
    parts = connectedParts(table);
    CIRCLES.set(table, parts);
  }
  return from === to || parts.get(from) === parts.get(to);
}

/** The number of each chain's strongly connected part (Tarjan), without recursion: a file may nest chains as deep as it is long. */
function connectedParts(table: TableState): Map<string, number> {
  const part = new Map<string, number>();
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const jumpsOf = (name: string): string[] =>
    rulesIn(table, name).flatMap(({ action }) =>
      action?.kind === 'chain' && table.chains.has(action.name) ? [action.name] : [],
    );
  for (const root of table.chains.keys()) {
    if (order.has(root)) continue;
    const path: { readonly name: string; readonly jumps: string[]; at: number }[] = [];
    const enter = (name: string): void => {
      order.set(name, order.size);
      low.set(name, order.size - 1);
      open.push(name);
      isOpen.add(name);
      path.push({ name, jumps: jumpsOf(name), at: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { name } = top;
      const next = top.jumps[top.at];
      top.at += 1;
      if (next !== undefined) {
        if (!order.has(next)) enter(next);
        else if (isOpen.has(next)) low.set(name, Math.min(low.get(name) as number, order.get(next) as number));
        continue;
      }
      path.pop();
      const above = path.at(-1)?.name;
      if (above !== undefined) low.set(above, Math.min(low.get(above) as number, low.get(name) as number));
      if (low.get(name) !== order.get(name)) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen.delete(member);
        part.set(member, order.get(name) as number);
        if (member === name) break;
      }
    }
  }
  return part;
}

export type { Origin };
