import type { Node } from '../../dataplane/network.js';
import type { Interface, RewrittenField } from '../../model/device.js';
import type {
  Hook,
  Policy,
  PolicyAction,
  PolicyRule,
  Range,
  Rules,
  Test,
  TranslatedAddress,
} from '../../model/policy.js';
import { formatIp } from '../../net/ip.js';
import { firstIp, lastIp } from '../../net/prefix.js';
import type { FilterEntry, Hop } from '../disposition.js';
import { policiesAt } from '../policy-order.js';
import { CUT_SHORT_WORDS } from '../words.js';
import { type Packet, withField } from './packet.js';
import { type Asking, testsHold } from './tests.js';
import { assume, firstOfEach, mayStep, step, type Told, type Walk } from './walk.js';

/** Chains that call each other deeper than this are not followed; the kernel allows 16. */
const DEEPEST = 64;
/** Beyond as many that a packet may have, marks are no longer told apart. */
const MOST_MARKS = 64;

const INVALID: Test = { kind: 'state', states: ['invalid'], negated: false };

/** Every answer that the policies of a hook may give. */
export function askPolicies(walk: Walk, node: Node, hook: Hook, egress: Interface | 'unknown' | 'none'): Told[] {
  let answers: Told[] = [{ permits: true, walk }];
  for (const policy of policiesAt(node.device, hook, walk.ingress, egress)) {
    answers = answers.flatMap((answer) => (answer.permits ? askPolicy(answer.walk, node, policy, egress) : [answer]));
  }
  return answers;
}

interface Asked {
  readonly node: Node;
  readonly policy: Policy;
  readonly asking: Asking;
  /** What became of packets in chains, by both; hops and assumptions are those since the chain. */
  readonly known: Map<string, readonly Outcome[]>;
}

function askPolicy(walk: Walk, node: Node, policy: Policy, egress: Interface | 'unknown' | 'none'): Told[] {
  const { tracked, settled } = walk.packet;
  const isDone = policy.hook === 'postrouting' ? settled.src : settled.dst;
  const { beforeTracking } = policy;
  const asked: Asked = {
    node,
    policy,
    asking: { node, ingress: walk.ingress, egress, beforeTracking },
    known: new Map(),
  };
  // What belongs to no connection is never translated.
  const isAlone = !tracked || testsHold([INVALID], walk.packet, asked.asking) === 'yes';
  if (policy.purpose === 'nat' && (isAlone || isDone)) return [{ permits: true, walk }];
  const concerns = policy.when === undefined ? 'yes' : testsHold(policy.when, walk.packet, asked.asking);
  if (concerns === 'no') return [{ permits: true, walk }];
  if (concerns === 'yes') return runPolicy(asked, walk);
  const why = policy.when?.find((test) => test.kind === 'undecidable')?.words;
  const words = `${policy.name} on ${node.device.name} may be asked or not${why === undefined ? '' : `: ${why}`}`;
  const doubtful = assume(walk, { words, origin: policy.end.origin });
  return [...runPolicy(asked, doubtful), { permits: true, walk: doubtful }];
}

function runPolicy(asked: Asked, walk: Walk): Told[] {
  const { node, policy } = asked;
  return runChain(asked, walk, policy.chain, 0).map((outcome): Told => {
    if (outcome.kind === 'decided') return { permits: outcome.permits, walk: outcome.walk };
    const permits = policy.end.action === 'accept';
    if (permits && policy.purpose !== 'filter') return { permits, walk: outcome.walk };
    const rules = node.device.chains?.get(policy.chain)?.rules.length ?? 0;
    const hop = hopOf(asked, policy.chain, rules, permits ? 'accepted' : 'dropped', 'its policy', policy.end.origin);
    return { permits, walk: step(outcome.walk, hop) };
  });
}

/** How a chain lets go of a packet: it was decided, or it fell out at the end. */
type Outcome =
  | { readonly kind: 'decided'; readonly permits: boolean; readonly walk: Walk }
  | { readonly kind: 'over'; readonly walk: Walk };

function runChain(asked: Asked, walk: Walk, key: string, depth: number): Outcome[] {
  const chain = asked.node.device.chains?.get(key);
  if (chain === undefined || depth > DEEPEST) {
    const lost = assume(walk, { words: `${key} on ${asked.node.device.name} is not followed` });
    return anything(lost, asked, hopOf(asked, key, 0, 'may be dropped', 'it', asked.policy.end.origin));
  }
  // A chain that is called again and again, by chains that are, does the same with the same packet.
  const call = `${key} ${JSON.stringify(walk.packet)}`;
  const known = asked.known.get(call);
  if (known !== undefined) return known.map((outcome) => again(walk, outcome));
  const outcomes = runRules(asked, walk, chain.rules, key, depth);
  const { hops, assumptions } = walk;
  const tails = outcomes.map((outcome): Outcome => {
    const tail = {
      hops: outcome.walk.hops.slice(hops.length),
      assumptions: outcome.walk.assumptions.slice(assumptions.length),
    };
    return { ...outcome, walk: { ...outcome.walk, ...tail } };
  });
  asked.known.set(call, tails);
  return outcomes;
}

/** What became of the same packet before, behind what was met on the way here. */
function again(walk: Walk, outcome: Outcome): Outcome {
  const { packet, hops, assumptions } = outcome.walk;
  const here: Walk = { ...walk, packet, hops: [...walk.hops, ...hops] };
  return { ...outcome, walk: assumptions.reduce(assume, here) };
}

function runRules(asked: Asked, start: Walk, rules: Rules, key: string, depth: number): Outcome[] {
  let going: readonly Walk[] = [start];
  const outcomes: Outcome[] = [];
  for (let index = nextOf(rules, 0, going); index < rules.length; index = nextOf(rules, index + 1, going)) {
    const rule = rules.at(index) as PolicyRule;
    const { tests } = rule;
    // Most rules hold for nothing that is on its way here.
    let next: Walk[] | undefined;
    for (let at = 0; at < going.length; at += 1) {
      const walk = going[at] as Walk;
      const holds = testsHold(tests, walk.packet, asked.asking);
      if (holds === 'no') {
        next?.push(walk);
        continue;
      }
      next ??= going.slice(0, at);
      if (!mayStep(walk)) {
        outcomes.push(...eitherEnd(assume(walk, { words: CUT_SHORT_WORDS }), asked));
        return distinct(outcomes);
      }
      const doubted = holds === 'yes' ? walk : assume(walk, doubtOf(asked, rule));
      const acted = act(asked, doubted, rule, key, index, depth);
      // What may not hold goes on as it was, beside what the rule lets go on: on that assumption where it may stop.
      if (holds === 'maybe') next.push(acted.some((one) => one.kind === 'decided' && !one.permits) ? doubted : walk);
      for (const one of acted) {
        if (one.kind === 'on') next.push(one.walk);
        else outcomes.push(one);
      }
    }
    if (next === undefined) continue;
    going = distinctWalks(next);
    if (going.length === 0) break;
  }
  for (const walk of going) outcomes.push({ kind: 'over', walk });
  return distinct(outcomes);
}

/** The next rule that is not plainly about others than all of the packets. */
function nextOf(rules: Rules, from: number, going: readonly Walk[]): number {
  if (rules.nextAbout === undefined) return from;
  let next = rules.length;
  for (const { packet } of going) {
    const { flow, blurred } = packet;
    if (blurred.src !== undefined || blurred.dst !== undefined) return from;
    next = Math.min(next, rules.nextAbout(from, flow.src, flow.dst));
  }
  return next;
}

/** One of each kind of packet: what differs only in how it came there goes the same way on. */
function distinctWalks(walks: readonly Walk[]): readonly Walk[] {
  if (walks.length <= 1) return walks;
  const keyOf = ({ packet }: Walk) => JSON.stringify(packet);
  const all = firstOfEach(walks, keyOf);
  const marks = new Set(all.map(({ packet }) => `${packet.mark} ${packet.connectionMark}`));
  if (marks.size <= MOST_MARKS) return all;
  const unmarked = all.map((walk) => ({
    ...walk,
    packet: { ...walk.packet, mark: undefined, connectionMark: undefined },
  }));
  return firstOfEach(unmarked, keyOf);
}

function distinct(outcomes: readonly Outcome[]): Outcome[] {
  if (outcomes.length <= 1) return [...outcomes];
  return firstOfEach(outcomes, ({ kind, walk, ...rest }) => {
    const by = kind === 'decided' ? walk.hops.at(-1)?.origin : undefined;
    return JSON.stringify([kind, rest, walk.packet, by?.file, by?.start]);
  });
}

type Acted = Outcome | { readonly kind: 'on'; readonly walk: Walk };

function act(asked: Asked, walk: Walk, rule: PolicyRule, key: string, index: number, depth: number): Acted[] {
  const { action, origin } = rule;
  const decided = (permits: boolean): Outcome => ({
    kind: 'decided',
    permits,
    walk: step(walk, hopOf(asked, key, index, permits ? 'accepted' : 'dropped', `"${origin.label}"`, origin)),
  });
  const goesOn = (packet: Packet): Acted[] => [{ kind: 'on', walk: { ...walk, packet } }];
  switch (action.kind) {
    case 'accept':
      return [decided(true)];
    case 'drop':
      return [decided(false)];
    case 'return':
      return [{ kind: 'over', walk }];
    case 'jump':
      return runChain(asked, walk, action.chain, depth + 1).map((one) =>
        one.kind === 'over' ? { ...one, kind: 'on' } : one,
      );
    case 'goto':
      return runChain(asked, walk, action.chain, depth + 1);
    case 'continue':
      return goesOn(walk.packet);
    case 'set-mark':
    case 'copy-mark':
      return goesOn(marked(walk.packet, action));
    case 'untrack':
      return goesOn(asked.policy.beforeTracking ? { ...walk.packet, tracked: false } : walk.packet);
    case 'translate':
      return [translated(asked, walk, action, rule)];
    case 'unknown':
      return anything(
        assume(walk, { words: action.words, origin }),
        asked,
        hopOf(asked, key, index, 'may be dropped', `"${origin.label}"`, origin),
      ).map((one) => (one.kind === 'over' ? { ...one, kind: 'on' } : one));
  }
}

/** It may pass, be stopped, or go on; a policy that translates may have changed it. */
function anything(walk: Walk, asked: Asked, dropped: Hop): Outcome[] {
  const unmarked: Packet = { ...walk.packet, mark: undefined, connectionMark: undefined };
  return [...eitherEnd(walk, asked, step(walk, dropped)), { kind: 'over', walk: { ...walk, packet: unmarked } }];
}

/** It may pass, changed in any way that the policy has, or be stopped. */
function eitherEnd(walk: Walk, { policy }: Asked, stopped: Walk = walk): Outcome[] {
  const unmarked: Packet = { ...walk.packet, mark: undefined, connectionMark: undefined };
  const changed = policy.purpose === 'nat' ? blurredBy(policy.hook, unmarked) : unmarked;
  return [
    { kind: 'decided', permits: true, walk: { ...walk, packet: changed } },
    { kind: 'decided', permits: false, walk: stopped },
  ];
}

function blurredBy(hook: Hook, packet: Packet): Packet {
  const [address, port] = hook === 'postrouting' ? (['src', 'srcPort'] as const) : (['dst', 'dstPort'] as const);
  return withField(withField(packet, address, { first: 0, last: 0xffffffff }), port, { first: 0, last: 65_535 });
}

function doubtOf({ node }: Asked, rule: PolicyRule): { words: string; origin: PolicyRule['origin'] } {
  const test = rule.tests.find((one) => one.kind === 'undecidable');
  const why = test === undefined ? `"${rule.origin.label}" may hold or not` : test.words;
  return { words: `${why} on ${node.device.name}`, origin: rule.origin };
}

function marked(packet: Packet, action: PolicyAction & { kind: 'set-mark' | 'copy-mark' }): Packet {
  const target = action.kind === 'set-mark' ? action.target : action.to;
  const [own, other] =
    target === 'mark' ? (['mark', 'connectionMark'] as const) : (['connectionMark', 'mark'] as const);
  const all = action.mask === 0xffffffff;
  const kept = packet[own];
  if (kept === undefined && !all) return packet;
  const base = all ? 0 : ((kept ?? 0) & ~action.mask) >>> 0;
  if (action.kind === 'set-mark') return { ...packet, [own]: (base ^ action.value) >>> 0 };
  const taken = packet[other];
  return { ...packet, [own]: taken === undefined ? undefined : (base | (taken & action.mask)) >>> 0 };
}

function translated(
  asked: Asked,
  walk: Walk,
  { field, address, ports }: PolicyAction & { kind: 'translate' },
  rule: PolicyRule,
): Outcome {
  const { packet } = walk;
  const portField = field === 'src' ? 'srcPort' : 'dstPort';
  const target = address === undefined ? undefined : targetOf(asked, packet, field, address);
  const toSelf = target === 'self';
  let now: Packet = toSelf ? { ...packet, toSelf } : packet;
  if (target !== undefined && target !== 'self') now = withField(now, field, target);
  if (ports !== undefined) now = withField(now, portField, ports);
  // A packet that already has what it is translated to counts as not translated, whatever its other fields are.
  const isSame =
    !toSelf && isUnchanged(packet, now, field) && (ports === undefined || isUnchanged(packet, now, portField));
  const settled = { ...packet.settled, [field]: true };
  const named = { ...now, settled, translated: { ...packet.translated, [field]: !isSame } };
  const hop: Hop = {
    device: asked.node.device.name,
    step: 'translate',
    name: asked.policy.name,
    action: wordsOf(named, field, toSelf, rule.origin.label),
    origin: rule.origin,
  };
  return {
    kind: 'decided',
    permits: true,
    walk: step({ ...walk, packet: isSame ? { ...packet, settled } : named }, hop),
  };
}

/** Whether a field surely has the value that it had; one that nobody has touched has, whatever that is. */
function isUnchanged(before: Packet, after: Packet, field: RewrittenField): boolean {
  const [was, is] = [before.blurred[field], after.blurred[field]];
  return was === is && before.flow[field] === after.flow[field];
}

function wordsOf({ flow, blurred }: Packet, field: 'src' | 'dst', toSelf: boolean, label: string): string {
  const side = field === 'src' ? 'source' : 'destination';
  const to = toSelf || blurred[field] !== undefined ? '' : ` to ${formatIp(flow[field])}`;
  return `${side} translated${to} by "${label}"`;
}

function targetOf(
  { asking }: Asked,
  packet: Packet,
  field: 'src' | 'dst',
  address: TranslatedAddress,
): Range | 'self' | undefined {
  switch (address.kind) {
    case 'range':
      return address;
    case 'unknown':
      return { first: 0, last: 0xffffffff };
    case 'prefix': {
      const first = firstIp(address.prefix);
      const last = lastIp(address.prefix);
      if (packet.blurred[field] !== undefined) return { first, last };
      const host = packet.flow[field] % (last - first + 1);
      return { first: first + host, last: first + host };
    }
    case 'interface': {
      const iface = field === 'src' ? asking.egress : asking.ingress;
      const anywhere = { first: 0, last: 0xffffffff };
      if (typeof iface === 'string') return anywhere;
      const own = iface.addresses.filter((one) => !one.secondary).map((one) => one.ip);
      const [first] = own;
      if (first === undefined) return field === 'src' ? anywhere : 'self';
      return field === 'dst' ? { first, last: first } : { first: Math.min(...own), last: Math.max(...own) };
    }
  }
}

/** A policy that filters at the place where packets are forwarded names the rule that decides; so does every stop. */
function hopOf(
  { node, policy }: Asked,
  chain: string,
  index: number,
  does: 'accepted' | 'dropped' | 'may be dropped',
  by: string,
  origin: Hop['origin'],
): Hop {
  const names = policy.purpose === 'filter' && policy.hook === 'forward';
  const entry: FilterEntry = { device: node.device.name, filter: policy.name, acl: chain, index };
  return {
    device: node.device.name,
    step: 'policy',
    name: chain,
    action: `${does} by ${by}`,
    ...(origin === undefined ? {} : { origin }),
    ...(names || does !== 'accepted' ? { entry } : {}),
  };
}
