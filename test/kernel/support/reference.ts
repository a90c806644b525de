/**
 * A third opinion: what random rules mean, as the generators that write them mean it. It shares no
 * code with the product, knows no syntax, and must agree with the kernel before the product is asked.
 */
import { hasPorts, ICMP, type Packet, TCP, type Verdict } from './packet.js';
import { isOwn, type Router, routeOf } from './router.js';

/** A packet inside the router. */
export interface World {
  readonly router: Router;
  readonly packet: Packet;
  src: number;
  dst: number;
  srcPort: number;
  dstPort: number;
  mark: number;
  connectionMark: number;
  /** `none` before connection tracking has seen it. */
  tracked: 'none' | 'new' | 'established' | 'invalid' | 'untracked';
  dstTranslated: boolean;
  srcTranslated: boolean;
  readonly in: string;
  out: string | undefined;
}

export type Outcome =
  | { readonly kind: 'continue' | 'accept' | 'drop' | 'return' }
  /** Translated: the chain is done, and so are other chains that translate at this hook. */
  | { readonly kind: 'translated' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export interface Rule {
  /** As it is written in the file, without `-A CHAIN`. */
  readonly text: string;
  run(world: World): Outcome;
}

export type Hook = 'prerouting' | 'forward' | 'postrouting' | 'input' | 'output';

export interface Base {
  readonly hook: Hook;
  readonly priority: number;
  readonly translates: boolean;
  readonly policy: 'accept' | 'drop';
}

export interface Chain {
  readonly name: string;
  readonly base?: Base;
  readonly rules: readonly Rule[];
}

export interface Table {
  /** `filter`; `inet fw`. */
  readonly name: string;
  readonly chains: readonly Chain[];
  /** Lines of nftables that stand before the chains: sets, maps. */
  readonly prelude: readonly string[];
}

export interface Ruleset {
  readonly language: 'iptables' | 'nftables';
  readonly tables: readonly Table[];
  /** An ipset file, empty where there are no sets. */
  readonly sets: string;
  /** Lines of nftables that stand before the tables, and behind them. */
  readonly defines?: readonly string[];
  readonly epilogue?: readonly string[];
  /** Chains and rules are written as commands, not in blocks. */
  readonly isCommands?: boolean;
}

const TRACKING = -200;
/** Where all chains that translate run, whatever their own priorities: those order them among each other. */
const TRANSLATION = { prerouting: -100, postrouting: 100 } as const;

/** The fate of a packet, as the ruleset's generator means it. */
export function referenceVerdict(ruleset: Ruleset, router: Router, packet: Packet): Verdict {
  const world: World = {
    router,
    packet,
    src: packet.src,
    dst: packet.dst,
    srcPort: packet.srcPort,
    dstPort: packet.dstPort,
    mark: 0,
    connectionMark: 0,
    tracked: 'none',
    dstTranslated: false,
    srcTranslated: false,
    in: router.interfaces[packet.iface]?.name as string,
    out: undefined,
  };
  if (!passes(ruleset, world, 'prerouting')) return { kind: 'dropped' };
  const route = routeOf(router, world.dst, world.in, world.src, world.mark);
  if (route.kind === 'local') return { kind: 'local', broadcast: !isOwn(router, world.dst) };
  if (route.kind === 'nowhere') return { kind: 'dropped', ...(route.mayBeSet && { mayBeSet: true }) };
  world.out = route.iface;
  if (!passes(ruleset, world, 'forward') || !passes(ruleset, world, 'postrouting')) return { kind: 'dropped' };
  const ports = hasPorts(packet.protocol);
  return {
    kind: 'forwarded',
    iface: world.out,
    src: world.src,
    dst: world.dst,
    srcPort: ports ? world.srcPort : 0,
    dstPort: ports ? world.dstPort : 0,
  };
}

function passes(ruleset: Ruleset, world: World, hook: 'prerouting' | 'forward' | 'postrouting'): boolean {
  const all = ruleset.tables.flatMap((table) =>
    table.chains.flatMap((chain) => (chain.base?.hook === hook ? [{ table, chain, base: chain.base }] : [])),
  );
  const at = (base: Base) => (base.translates && hook !== 'forward' ? TRANSLATION[hook] : base.priority);
  const order = all.sort((a, b) => at(a.base) - at(b.base) || a.base.priority - b.base.priority);
  let translated = false;
  for (const { table, chain, base } of order) {
    if (hook === 'prerouting' && world.tracked === 'none' && at(base) > TRACKING) track(world);
    if (base.translates && (translated || world.tracked !== 'new')) continue;
    const answer = walk(table, chain, world, 0);
    if (answer === 'drop') return false;
    if (answer === 'end' && base.policy === 'drop') return false;
    if (answer === 'translated') translated = true;
  }
  if (world.tracked === 'none') track(world);
  return true;
}

/** What the rules of a chain and of those it calls decide; `end`: nothing. */
function walk(table: Table, chain: Chain, world: World, depth: number): 'accept' | 'drop' | 'end' | 'translated' {
  if (depth > 16) throw new Error('The generator made chains that call each other in a ring.');
  for (const rule of chain.rules) {
    const outcome = rule.run(world);
    switch (outcome.kind) {
      case 'continue':
        break;
      case 'return':
        return 'end';
      case 'jump':
      case 'goto': {
        const called = table.chains.find((one) => one.name === outcome.chain);
        if (called === undefined) throw new Error(`The generator made no chain ${outcome.chain}.`);
        const answer = walk(table, called, world, depth + 1);
        if (answer !== 'end' || outcome.kind === 'goto') return answer;
        break;
      }
      default:
        return outcome.kind;
    }
  }
  return 'end';
}

/** Lets connection tracking see the packet, unless a rule has exempted it. */
function track(world: World): void {
  world.tracked = world.packet.established ? 'established' : isTrackable(world.packet) ? 'new' : 'invalid';
}

/**
 * Whether the first packet of a connection may look so. For TCP, a SYN, or (the kernel is `loose`) an ACK of a
 * connection that began before; for ICMP, requests that have replies.
 */
function isTrackable(packet: Packet): boolean {
  if (packet.protocol === TCP) return [0x02, 0x22, 0x10, 0x30].includes(packet.tcpFlags & 0x37);
  if (packet.protocol === ICMP) return [8, 13, 15, 17].includes(packet.icmpType);
  return true;
}
