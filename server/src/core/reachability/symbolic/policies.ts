import type { HeaderSpace, Interval } from '../../headerspace/header-space.js';
import type { Interface } from '../../model/device.js';
import type { Hook, Policy, PolicyAction, PolicyRule, Test, TranslatedAddress } from '../../model/policy.js';
import { hullsOf } from '../../model/rule-hulls.js';
import { firstIp, lastIp } from '../../net/prefix.js';
import { chainOrder, policiesAt } from '../policy-order.js';
import { type Bounds, exactly, inside, outside } from './bounds.js';
import { type Asked, holdFor } from './conditions.js';
import type { EntryPart } from './filter.js';
import { nextTouching, placeOf } from './hulls.js';
import { afterwards, anything, clipAfter, type Rewriting, sentAs, sentBounds } from './rewriting.js';
import type { Stop } from './stops.js';
import { type Lot, merged, type Tags } from './tags.js';

/** What a policy lets through, and by which rules. */
export interface PolicyUse {
  readonly policy: Policy;
  readonly parts: readonly EntryPart[];
  readonly passes: HeaderSpace;
}

/** What may still be asked; counted over a whole query. */
export interface Effort {
  left: number;
}

/** Rules that one query may ask, and edges of sets that it may make, some seconds. */
export const MOST_RULES = 1_000_000;
/** What a rule is asked of a translated header takes as much longer, for each field. */
const TRANSLATED_EFFORT = 15;
/** So many rules that are about other addresses are passed by in the time that one takes. */
const PASSED_AT_ONCE = 500;
const MOST_EDGES = 60_000_000;
/** Chains that call each other deeper than the kernel allows are not followed (NFT_JUMP_STACK_SIZE is 16). */
const DEEPEST = 64;

interface Run {
  readonly asked: Asked;
  readonly policy: Policy;
  readonly effort: Effort;
  readonly accepted: Lot[];
  readonly stops: Stop[];
  readonly parts: Map<number, EntryPart>;
  readonly order: ReadonlyMap<string, Uint32Array>;
  /** What came out at the end of chains, by what went in. */
  readonly known: Map<string, readonly Lot[]>;
}

/** The lots that come through all policies of a hook, and what the policies that filter let through. */
export function runPolicies(
  asked: Asked,
  hook: Hook,
  lots: readonly Lot[],
  effort: Effort,
  stops: Stop[],
): { readonly lots: readonly Lot[]; readonly uses: readonly PolicyUse[]; readonly approximate: boolean } {
  const { manager } = asked;
  let now = merged(manager, lots);
  const uses: PolicyUse[] = [];
  for (const policy of policiesAt(asked.device, hook, asked.ingress, asked.egress)) {
    if (now.length === 0) break;
    const isNat = policy.purpose === 'nat';
    const [skipped, open] = split(now, (lot) => isNat && !isOpenToNat(lot.tags, hook));
    const here: Asked = { ...asked, beforeTracking: policy.beforeTracking };
    // What belongs to no connection is never translated.
    const [alone, others] = isNat ? apart(here, [INVALID], open) : [[], open];
    const [entering, passing] = policy.when === undefined ? [others, []] : apart(here, policy.when, others);
    const run: Run = {
      asked: here,
      policy,
      effort,
      accepted: [...skipped, ...alone, ...passing],
      stops,
      parts: new Map(),
      order: chainOrder(asked.device, policy),
      known: new Map(),
    };
    const over = runChain(run, policy.chain, entering, 0);
    const length = asked.device.chains?.get(policy.chain)?.rules.length ?? 0;
    const end = policy.end.action === 'accept' ? accept : stop;
    for (const lot of over) end(run, lot, policy.chain, length);
    now = merged(manager, run.accepted);
    if (policy.purpose === 'filter' && hook === 'forward') {
      const parts = [...run.parts.values()].sort((a, b) => a.order - b.order);
      const passes = parts.reduce((sum, one) => manager.union(sum, one.passes), manager.empty);
      uses.push({ policy, parts, passes });
    }
  }
  return { lots: now, uses, approximate: isSpent({ asked, effort }) };
}

function isSpent({ asked, effort }: Pick<Run, 'asked' | 'effort'>): boolean {
  return effort.left < 0 || asked.manager.diagram.edgesMade > MOST_EDGES;
}

/** Translation is asked for once a direction, and never for what belongs to no connection. */
function isOpenToNat({ tracked, settled }: Tags, hook: Hook): boolean {
  return tracked && !(hook === 'postrouting' ? settled.src : settled.dst);
}

const INVALID: Test = { kind: 'state', states: ['invalid'], negated: false };

/** What of the lots all tests hold for, and the rest of them. */
function apart(asked: Asked, tests: readonly Test[], lots: readonly Lot[]): [Lot[], Lot[]] {
  const { manager } = asked;
  const those: Lot[] = [];
  const others: Lot[] = [];
  for (const { tags, bounds } of lots) {
    const held = holdFor(asked, tests, { tags, bounds });
    those.push({ tags, bounds: inside(manager, bounds, held) });
    others.push({ tags, bounds: outside(manager, bounds, held) });
  }
  return [merged(manager, those), merged(manager, others)];
}

/** Runs a chain's rules; what is left at its end, or returns before, is given back. */
function runChain(run: Run, key: string, lots: readonly Lot[], depth: number): readonly Lot[] {
  // A chain that is called again and again, by chains that are, does the same with the same packets.
  const call = `${key} ${JSON.stringify(lots)}`;
  let over = run.known.get(call);
  if (over === undefined) {
    over = runRules(run, key, lots, depth);
    run.known.set(call, over);
  }
  return over;
}

function runRules(run: Run, key: string, lots: readonly Lot[], depth: number): readonly Lot[] {
  const chain = run.asked.device.chains?.get(key);
  if (chain === undefined || depth > DEEPEST) return lots.flatMap((lot) => unknown(run, lot, key, 0));
  const { manager } = run.asked;
  const back: Lot[] = [];
  const { length } = chain.rules;
  const hulls = hullsOf(chain.rules);
  let now: readonly Lot[] = lots;
  let place = placeOf(run.asked.clip, now);
  for (let index = 0; now.length > 0; index += 1) {
    const passed = index;
    index = nextTouching(hulls, index, length, place);
    run.effort.left -= (index - passed) / PASSED_AT_ONCE;
    const rule = chain.rules.at(index);
    if (rule === undefined) break;
    let changed = false;
    const next: Lot[] = [];
    for (const lot of now) {
      run.effort.left -= 1 + TRANSLATED_EFFORT * Object.keys(lot.tags.rewriting).length;
      if (isSpent(run)) {
        // What is not followed any more may pass, and need not.
        accept(run, { tags: vague(run, lot.tags), bounds: { must: manager.empty, may: lot.bounds.may } }, key, index);
        continue;
      }
      const held = holdFor(run.asked, rule.tests, lot);
      if (held.may === manager.empty) {
        next.push(lot);
        continue;
      }
      changed = true;
      const { tags, bounds } = lot;
      next.push({ tags, bounds: outside(manager, bounds, held) });
      const acted: Lot = { tags, bounds: inside(manager, bounds, held) };
      const { on, returned } = act(run, rule, acted, key, index, depth);
      next.push(...on);
      back.push(...returned);
    }
    if (!changed) continue;
    now = merged(manager, next);
    place = placeOf(run.asked.clip, now);
  }
  return merged(manager, [...now, ...back]);
}

/** What goes on with the next rule, and what goes back to the caller. */
interface Acted {
  readonly on: readonly Lot[];
  readonly returned: readonly Lot[];
}

function act(run: Run, rule: PolicyRule, lot: Lot, chain: string, index: number, depth: number): Acted {
  const { action } = rule;
  const { tags } = lot;
  switch (action.kind) {
    case 'accept':
      accept(run, lot, chain, index);
      return { on: [], returned: [] };
    case 'drop':
      stop(run, lot, chain, index);
      return { on: [], returned: [] };
    case 'return':
      return { on: [], returned: [lot] };
    case 'jump':
      return { on: runChain(run, action.chain, [lot], depth + 1), returned: [] };
    case 'goto':
      return { on: [], returned: runChain(run, action.chain, [lot], depth + 1) };
    case 'continue':
      return { on: [lot], returned: [] };
    case 'set-mark':
    case 'copy-mark':
      return { on: [{ ...lot, tags: remarked(tags, action) }], returned: [] };
    case 'untrack':
      return { on: [run.policy.beforeTracking ? { ...lot, tags: { ...tags, tracked: false } } : lot], returned: [] };
    case 'translate':
      for (const one of translated(run, lot, action)) accept(run, one, chain, index);
      return { on: [], returned: [] };
    case 'unknown':
      return { on: unknown(run, lot, chain, index), returned: [] };
  }
}

/** It may pass the policy, be stopped, or go on; gives what goes on. */
function unknown(run: Run, lot: Lot, chain: string, index: number): Lot[] {
  const bounds: Bounds = { must: run.asked.manager.empty, may: lot.bounds.may };
  const tags = vague(run, lot.tags);
  accept(run, { tags, bounds }, chain, index);
  stop(run, { tags, bounds }, chain, index);
  return [{ tags: { ...lot.tags, mark: undefined, connectionMark: undefined }, bounds }];
}

/** What a rule that was not understood may have done to a packet. */
function vague(run: Run, tags: Tags): Tags {
  const marked: Tags = { ...tags, mark: undefined, connectionMark: undefined };
  if (run.policy.purpose !== 'nat') return marked;
  const fields = run.policy.hook === 'postrouting' ? (['src', 'srcPort'] as const) : (['dst', 'dstPort'] as const);
  return { ...marked, rewriting: afterwards(tags.rewriting, anything(fields)) };
}

function accept(run: Run, lot: Lot, chain: string, index: number): void {
  run.accepted.push(lot);
  const { manager } = run.asked;
  const order = run.order.get(chain)?.[index] ?? 0;
  const before = run.parts.get(order)?.passes ?? manager.empty;
  run.parts.set(order, { acl: chain, index, order, passes: manager.union(before, lot.bounds.may) });
}

function stop(run: Run, { bounds }: Lot, chain: string, index: number): void {
  const { asked, policy } = run;
  const { empty } = asked.manager;
  run.stops.push({
    place: { kind: 'rule', device: asked.device, policy, chain, index },
    came: bounds.may,
    passed: empty,
    isSure: bounds.must !== empty,
  });
}

/** Netfilter's arithmetic on marks: all of it on unsigned numbers of 32 bits. */
function remarked(tags: Tags, action: PolicyAction & { kind: 'set-mark' | 'copy-mark' }): Tags {
  if (action.kind === 'set-mark') {
    const key = action.target === 'mark' ? 'mark' : 'connectionMark';
    const before = action.mask === 0xffffffff ? 0 : tags[key];
    return {
      ...tags,
      [key]: before === undefined ? undefined : ((before & ~action.mask) ^ action.value) >>> 0,
    };
  }
  const [from, to] =
    action.to === 'mark' ? (['connectionMark', 'mark'] as const) : (['mark', 'connectionMark'] as const);
  const before = action.mask === 0xffffffff ? 0 : tags[to];
  const taken = tags[from];
  const value =
    before === undefined || taken === undefined ? undefined : ((before & ~action.mask) | (taken & action.mask)) >>> 0;
  return { ...tags, [to]: value };
}

/** A prefix may be put in the place of at most this many others before it is not followed address by address. */
const MOST_BLOCKS = 64;

/** The lot translated: in several, where what becomes of a packet depends on its address. */
function translated(run: Run, lot: Lot, action: PolicyAction & { kind: 'translate' }): Lot[] {
  const { asked } = run;
  const { field, address, ports } = action;
  const portField = field === 'src' ? 'srcPort' : 'dstPort';
  const portChange: Rewriting =
    ports === undefined ? {} : { [portField]: { kind: 'to', first: ports.first, last: ports.last } };
  if (address?.kind === 'prefix') return movedPrefix(asked, lot, field, address, portChange);
  const target = address === undefined ? undefined : rangeOf(asked, field, address);
  if (target === 'self') return [{ ...lot, tags: { ...lot.tags, toSelf: true } }];
  const change: Rewriting =
    target === undefined ? portChange : { ...portChange, [field]: { kind: 'to', first: target[0], last: target[1] } };
  return apply(asked, lot, field, change);
}

/** What has the wanted address and ports already counts as not translated. */
function apply(asked: Asked, lot: Lot, field: 'src' | 'dst', change: Rewriting): Lot[] {
  const { manager } = asked;
  const { bounds } = lot;
  const tags: Tags = { ...lot.tags, settled: { ...lot.tags.settled, [field]: true } };
  const wanted = Object.fromEntries(
    Object.entries(change).flatMap(([name, one]) =>
      one.kind === 'to' ? [[name, [[one.first, one.last]] as Interval[]]] : [],
    ),
  );
  const after: Tags = {
    ...tags,
    translated: { ...tags.translated, [field]: true },
    rewriting: afterwards(tags.rewriting, change),
  };
  // What is chosen anew from several may become another; what has the only choice already does not.
  if (Object.values(change).some((one) => one.kind === 'by' || one.first !== one.last))
    return [{ tags: after, bounds }];
  const alike = exactly(sentAs(manager, manager.fromBox(wanted), tags.rewriting, 'all'));
  return [
    { tags: after, bounds: outside(manager, bounds, alike) },
    { tags, bounds: inside(manager, bounds, alike) },
  ];
}

/** The addresses that one is chosen from; `self`: one of the device's own that no file says. */
function rangeOf(asked: Asked, field: 'src' | 'dst', address: TranslatedAddress): Interval | 'self' | undefined {
  switch (address.kind) {
    case 'range':
      return [address.first, address.last];
    case 'unknown':
      return [0, 0xffffffff];
    case 'interface': {
      const iface: Interface | 'unknown' | 'none' = field === 'src' ? asked.egress : asked.ingress;
      if (typeof iface === 'string') return [0, 0xffffffff];
      const own = iface.addresses.filter((one) => !one.secondary).map((one) => one.ip);
      const [first] = own;
      if (first === undefined) return field === 'src' ? [0, 0xffffffff] : 'self';
      // What is redirected goes to the first address; which one masks what goes out depends on the next hop.
      return field === 'dst' ? [first, first] : [Math.min(...own), Math.max(...own)];
    }
    case 'prefix':
      return undefined;
  }
}

/** Each block of addresses of the prefix's size moves as a whole. */
function movedPrefix(
  asked: Asked,
  lot: Lot,
  field: 'src' | 'dst',
  { prefix }: TranslatedAddress & { kind: 'prefix' },
  ports: Rewriting,
): Lot[] {
  const { manager } = asked;
  const [first, last] = clipAfter(asked.clip, lot.tags.rewriting)[field];
  const size = lastIp(prefix) - firstIp(prefix) + 1;
  const firstBlock = Math.floor(first / size) * size;
  const count = (Math.floor(last / size) * size - firstBlock) / size + 1;
  if (count > MOST_BLOCKS || (lot.tags.rewriting[field]?.kind === 'to' && first !== last)) {
    const change: Rewriting = { ...ports, [field]: { kind: 'to', first: firstIp(prefix), last: lastIp(prefix) } };
    // What is in the prefix already keeps its address.
    const own = manager.fromBox({ [field]: [[firstIp(prefix), lastIp(prefix)]] });
    const sent = sentBounds(manager, own, lot.tags.rewriting);
    const stays = inside(manager, lot.bounds, sent);
    const moves = outside(manager, lot.bounds, sent);
    return [
      ...(stays.may === manager.empty ? [] : apply(asked, { tags: lot.tags, bounds: stays }, field, ports)),
      ...(moves.may === manager.empty ? [] : apply(asked, { tags: lot.tags, bounds: moves }, field, change)),
    ];
  }
  return Array.from({ length: count }, (_, at) => firstBlock + at * size).flatMap((block) => {
    const own = manager.fromBox({ [field]: [[block, block + size - 1]] });
    const bounds = inside(manager, lot.bounds, exactly(sentAs(manager, own, lot.tags.rewriting, 'all')));
    if (bounds.may === manager.empty) return [];
    const distance = firstIp(prefix) - block;
    const change: Rewriting = distance === 0 ? ports : { ...ports, [field]: { kind: 'by', distance } };
    return apply(asked, { tags: lot.tags, bounds }, field, change);
  });
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  const first: T[] = [];
  const second: T[] = [];
  for (const one of all) (isFirst(one) ? first : second).push(one);
  return [first, second];
}
