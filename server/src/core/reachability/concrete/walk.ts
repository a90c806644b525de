import type { Network, Node } from '../../dataplane/network.js';
import type { Interface, Uncertainty } from '../../model/device.js';
import type { Assumption, Fate, Hop } from '../disposition.js';
import { CUT_SHORT_WORDS } from '../words.js';
import type { Packet } from './packet.js';

/** One packet on its way, as the concrete evaluator follows it. */
export interface Walk {
  readonly network: Network;
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly assumptions: readonly Assumption[];
  /** Where it came in before, and with which header. */
  readonly visited: readonly { readonly iface: Interface; readonly header: string }[];
  /** What may still be followed; counted over all branches. */
  readonly steps: { left: number };
  /** By which it came into the device where it is. */
  readonly ingress: Interface;
  /** Set when the packet came in where addresses are rewritten on the way out. */
  readonly rewrite?: Uncertainty;
  /** What made the header uncertain. */
  readonly blurredBy?: Assumption;
  /** Its destination may have been changed after its route was chosen. */
  readonly redirected: boolean;
}

/** One way in which a question may be answered. */
export interface Told {
  readonly permits: boolean;
  readonly walk: Walk;
}

export function step(walk: Walk, hop: Hop): Walk {
  return { ...walk, hops: [...walk.hops, hop] };
}

export function assume(walk: Walk, { words, origin }: Assumption): Walk {
  if (walk.assumptions.some((one) => one.words === words)) return walk;
  return { ...walk, assumptions: [...walk.assumptions, origin === undefined ? { words } : { words, origin }] };
}

/** Takes a step, if there is one left. */
export function mayStep({ steps }: Walk): boolean {
  if (steps.left >= 0) steps.left -= 1;
  return steps.left >= 0;
}

/** An end of the walk. */
export function end(walk: Walk, fate: Omit<Fate, 'hops' | 'assumptions' | 'flow' | 'blurred'>): Fate {
  const { hops, assumptions, packet } = walk;
  return { ...fate, hops, assumptions, flow: packet.flow, blurred: packet.blurred };
}

/** Where the steps are spent, the packet may leave, and need not. */
export function cutShort(walk: Walk, node: Node): Fate[] {
  const cut = assume(walk, { words: CUT_SHORT_WORDS });
  const device = node.device.name;
  return [end(cut, { device, disposition: 'leaves' }), end(cut, { device, disposition: 'no-route' })];
}

/** The first of those with one key. */
export function firstOfEach<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const key = keyOf(one);
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
