import { SCTP, TCP } from '../support/packet.js';
import type { Chain, Rule, Ruleset, Table } from '../support/reference.js';
import type { Aim } from './aim.js';
import { type IpSet, randomSets } from './ipsets.js';
import { type Part, randomParts } from './iptables-matches.js';
import { randomTarget, type Target } from './iptables-targets.js';
import { respelt } from './spelling.js';

type Forwarding = 'prerouting' | 'forward' | 'postrouting';

const TABLES = {
  raw: { priority: -300, hooks: ['prerouting'] },
  mangle: { priority: -150, hooks: ['prerouting', 'forward', 'postrouting'] },
  nat: { priority: -100, hooks: ['prerouting', 'postrouting'] },
  filter: { priority: 0, hooks: ['forward'] },
  security: { priority: 50, hooks: ['forward'] },
} as const satisfies Record<string, { priority: number; hooks: readonly Forwarding[] }>;

/** How often a table is in a file, in percent. */
const PRESENT = { raw: 35, mangle: 45, nat: 55, filter: 95, security: 10 };
const SOURCE_TRANSLATION = 100;

/** A random firewall in the language of iptables. */
export function randomIptables(aim: Aim): Ruleset {
  const sets = randomSets(aim);
  const tables = Object.entries(TABLES).flatMap(([name, { priority, hooks }]) =>
    aim.random.chance(PRESENT[name as keyof typeof PRESENT]) ? [randomTable(aim, sets, name, priority, hooks)] : [],
  );
  return { language: 'iptables', tables, sets: sets.flatMap((set) => set.lines).join('\n') };
}

/** The file that `iptables-restore` takes. */
export function printIptables({ tables }: Ruleset): string {
  return tables.map((table) => printTable(table).join('\n')).join('\n');
}

function printTable({ name, chains }: Table): string[] {
  return [
    `*${name}`,
    ...chains.map(
      (chain) => `:${chain.name} ${chain.base === undefined ? '-' : chain.base.policy.toUpperCase()} [0:0]`,
    ),
    ...chains.flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name} ${rule.text}`.trimEnd())),
    'COMMIT',
    '',
  ];
}

function randomTable(
  aim: Aim,
  sets: readonly IpSet[],
  name: string,
  priority: number,
  hooks: readonly Forwarding[],
): Table {
  const chains = hooks.flatMap((hook) => chainsAt(aim, sets, name, priority, hook));
  return { name, chains: [...chains, ...otherChains(aim, name)], prelude: [] };
}

/** The base chain at a hook and the chains that only it calls: what a chain may do hangs on the hook. */
function chainsAt(aim: Aim, sets: readonly IpSet[], table: string, priority: number, hook: Forwarding): Chain[] {
  const { random } = aim;
  const translates = table === 'nat';
  const drops = table === 'filter' ? 50 : translates ? 0 : 5;
  const names = random
    .list(0, table === 'filter' ? 5 : 2, () => '')
    .map((_, at) => `${table}-${hook.slice(0, 4)}-${at}`);
  const most = table === 'filter' ? 9 : 4;
  const rulesOf = (callable: readonly string[], base: boolean) =>
    random.list(0, most, () => randomRule(aim, sets, table, hook, callable, base)).filter((rule) => rule !== undefined);
  const called = names.map((name, at): Chain => ({ name, rules: rulesOf(names.slice(at + 1), false) }));
  const policy = random.chance(drops) ? 'drop' : 'accept';
  const base = {
    hook,
    priority: translates && hook === 'postrouting' ? SOURCE_TRANSLATION : priority,
    translates,
    policy,
  } as const;
  return [{ name: hook.toUpperCase(), base, rules: rulesOf(names, true) }, ...called];
}

function randomRule(
  aim: Aim,
  sets: readonly IpSet[],
  table: string,
  hook: Forwarding,
  callable: readonly string[],
  base: boolean,
): Rule | undefined {
  const { random } = aim;
  // In a chain that others call, iptables lets a rule ask for what is not known there.
  const free = !base && random.chance(20);
  const asks = { in: hook !== 'postrouting' || free, out: hook !== 'prerouting' || free };
  const { parts, protocol } = randomParts(aim, sets, asks);
  const target: Target =
    callable.length > 0 && random.chance(30)
      ? callOf(random.pick(callable), random.chance(25))
      : randomTarget(aim, table, hook);
  if (target.protocol === undefined || target.protocol === protocol) return ruleOf(aim, parts, target);
  if (parts.some((part) => part.text.includes('-p '))) return undefined;
  const demanded = target.protocol;
  const name = demanded === TCP ? 'tcp' : demanded === SCTP ? 'sctp' : 'udp';
  const part: Part = { text: `-p ${name}`, holds: ({ packet }) => packet.protocol === demanded };
  return ruleOf(aim, [part, ...parts], target);
}

function callOf(chain: string, goes: boolean): Target {
  return { text: `${goes ? '-g' : '-j'} ${chain}`, run: () => ({ kind: goes ? 'goto' : 'jump', chain }) };
}

function ruleOf(aim: Aim, parts: readonly Part[], target: Target): Rule {
  return {
    text: respelt(aim.random, [...parts.map((part) => part.text), target.text].join(' ')),
    run: (world) => (parts.every((part) => part.holds(world)) ? target.run(world) : { kind: 'continue' }),
  };
}

/** Chains that no forwarded packet meets. */
function otherChains(aim: Aim, table: string): Chain[] {
  if (table !== 'filter') return [];
  const policy = aim.random.pick(['accept', 'drop'] as const);
  const drop: Rule = { text: '-p tcp --dport 22 -j DROP', run: () => ({ kind: 'drop' }) };
  return (['input', 'output'] as const).map((hook) => ({
    name: hook.toUpperCase(),
    base: { hook, priority: 0, translates: false, policy: hook === 'input' ? policy : 'accept' },
    rules: aim.random.chance(50) ? [drop] : [],
  }));
}
