import type { AdvisoryFlow } from '../advisories/advisory.js';
import { findNode, type Network } from '../dataplane/network.js';
import type { Box, HeaderSpace, HeaderSpaceManager } from '../headerspace/header-space.js';
import type { Device } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import type { Ip } from '../net/ip.js';
import type { Fate, FilterEntry, Hop } from '../reachability/disposition.js';
import type { Flow } from '../reachability/flow.js';
import type { FilterUse, Reach } from '../reachability/reach.js';
import type { Bounds } from '../reachability/symbolic/bounds.js';
import { toFlow, toInterval, witnessPreferences } from './headers.js';
import { NamedEntries } from './named-entries.js';
import type { PassingEntry, Through, VerdictExit } from './verdict.js';
import { describeBox } from './words.js';

type Outcome = 'leaves' | 'delivered';

/** A header for each part of the set, the gravest first. */
interface Candidate {
  readonly rank: number;
  readonly flow: Flow;
}

/** What the chunks of a query had, in plain data: their sets do not outlive them. */
export class Gathered {
  certain = false;
  approximate = false;
  cutShort = false;
  readonly exits: VerdictExit[] = [];
  readonly #network: Network;
  readonly #manager: HeaderSpaceManager;
  readonly #flow: AdvisoryFlow;
  /** Everything that is asked about. */
  readonly #headers: HeaderSpace;
  readonly #candidates = new Map<Outcome, Candidate>();
  readonly #hosts = { leaves: new Set<Ip>(), delivered: new Set<Ip>() };
  readonly #possibleHosts = { leaves: new Set<Ip>(), delivered: new Set<Ip>() };
  readonly #certain = { leaves: false, delivered: false };
  readonly #fromNamed = { leaves: false, delivered: false };
  readonly #enforceAt: readonly string[];
  /** By filter. */
  readonly #entries = { leaves: new Map<string, NamedEntries>(), delivered: new Map<string, NamedEntries>() };

  /** @param enforceAt names of the devices where the site blocks */
  constructor(
    network: Network,
    manager: HeaderSpaceManager,
    flow: AdvisoryFlow,
    headers: HeaderSpace,
    enforceAt: readonly string[],
  ) {
    this.#enforceAt = enforceAt.map((name) => name.toLowerCase());
    this.#network = network;
    this.#headers = headers;
    this.#manager = manager;
    this.#flow = flow;
  }

  add(chunk: Reach): void {
    const manager = this.#manager;
    if (chunk.must !== manager.empty) this.certain = true;
    if (chunk.approximate) this.approximate = true;
    if (chunk.cutShort) this.cutShort = true;
    for (const { outcome, device, iface, nextHop } of chunk.exits) {
      const same = this.exits.some((one) => one.device === device && one.iface === iface && one.nextHop === nextHop);
      if (same) continue;
      this.exits.push({
        outcome,
        device,
        ...(iface === undefined ? {} : { iface }),
        ...(nextHop === undefined ? {} : { nextHop }),
      });
    }
    this.#addPart('leaves', this.#settled(chunk.leaves, chunk.delivered, chunk.must), chunk.filters);
    this.#addPart('delivered', chunk.delivered, chunk.filters);
  }

  /** What surely gets through, by ways of which it cannot be told whether they leave, counts as leaving. */
  #settled(leaves: Bounds, delivered: Bounds, must: HeaderSpace): Bounds {
    const manager = this.#manager;
    const either = manager.subtract(must, manager.union(leaves.must, delivered.must));
    return { may: leaves.may, must: manager.union(leaves.must, manager.intersect(either, leaves.may)) };
  }

  #addPart(outcome: Outcome, { must, may }: Bounds, filters: readonly FilterUse[]): void {
    const manager = this.#manager;
    if (may === manager.empty) return;
    if (must !== manager.empty) this.#certain[outcome] = true;
    const hostBox: Box = { dst: this.#flow.hosts.map(toInterval) };
    const hosts = manager.fromBox(hostBox);
    for (const host of this.#flow.hosts) {
      const one = manager.fromBox({ dst: [toInterval(host)] });
      if (manager.overlaps(must, one)) this.#hosts[outcome].add(host.ip);
      if (manager.overlaps(may, one)) this.#possibleHosts[outcome].add(host.ip);
    }
    const named = manager.fromBox({ src: (this.#flow.sources ?? []).map(toInterval) });
    if (manager.overlaps(must === manager.empty ? may : must, named)) this.#fromNamed[outcome] = true;
    const ranked = [manager.intersect(must, hosts), must, manager.intersect(may, hosts), may];
    const rank = ranked.findIndex((set) => set !== manager.empty);
    if (rank < (this.#candidates.get(outcome)?.rank ?? ranked.length)) {
      const header = manager.pick(ranked[rank] as HeaderSpace, witnessPreferences(this.#flow));
      if (header !== undefined) this.#candidates.set(outcome, { rank, flow: toFlow(header) });
    }
    // The entries of interest are those of what surely gets through, where anything does.
    const relevant = must === manager.empty ? may : must;
    for (const use of filters) this.#addEntries(outcome, use, relevant);
  }

  #addEntries(outcome: Outcome, use: FilterUse, relevant: HeaderSpace): void {
    const manager = this.#manager;
    const key = filterOf(use.device, use.filter);
    let entries = this.#entries[outcome].get(key);
    if (entries === undefined) {
      entries = new NamedEntries();
      this.#entries[outcome].set(key, entries);
    }
    // Mostly all that a filter passes gets through, and then each of its parts does.
    const isWhole = use.passes === relevant;
    for (const { acl, index, order, passes } of use.parts) {
      if (entries.has(order) || (!isWhole && !manager.overlaps(passes, relevant))) continue;
      entries.add(order, () => ({ acl, index, words: this.#partWords(manager.intersect(passes, relevant)) }));
    }
  }

  /** What a part holds, in words: its first box, and whether there is more. What every packet of the query has is left out. */
  #partWords(part: HeaderSpace): string {
    const [box, more] = this.#manager.boxes(part, 2);
    if (box === undefined) return 'nothing';
    const [asked] = this.#manager.boxes(this.#headers, 1);
    const { src, ...rest } = box;
    // What is left of all that is outside is a list of ranges that says nothing.
    const isAsked = this.#flow.direction === 'to-segment' && (src?.length ?? 0) > 1;
    const words = describeBox(isAsked || JSON.stringify(src) === JSON.stringify(asked?.src) ? rest : box);
    return more === undefined ? words : `${words}, and more`;
  }

  through(outcome: Outcome, ask: (flow: Flow) => Fate[]): Through | undefined {
    const candidate = this.#candidates.get(outcome);
    if (candidate === undefined) return undefined;
    const fates = ask(candidate.flow);
    const arriving = fates.find((one) => one.disposition === outcome);
    const fate = arriving ?? (fates[0] as Fate);
    const enforcing = this.#enforcing(fate);
    const ownHops = enforcing === undefined ? fate.hops : fate.hops.filter(({ device }) => device === enforcing.device);
    const filter = nearestFilter(this.#network, ownHops, this.#flow.direction);
    const place = filter === undefined ? enforcing : undefined;
    return {
      certain: this.#certain[outcome],
      hosts: sorted(this.#hosts[outcome]),
      possibleHosts: sorted(this.#possibleHosts[outcome]),
      witness: candidate.flow,
      fate,
      witnessed: arriving !== undefined,
      entries: filter === undefined ? [] : this.#entriesOf(outcome, filter),
      furtherEntries: (filter && this.#entriesAt(outcome, filter)?.further) ?? 0,
      fromNamed: this.#fromNamed[outcome],
      ...(place === undefined ? {} : { enforcedAt: place }),
    };
  }

  /** Where the path meets the first of the devices at which the site blocks. */
  #enforcing({ hops }: Fate): Through['enforcedAt'] {
    const met = hops.find(({ step, device }) => step === 'enter' && this.#enforceAt.includes(device.toLowerCase()));
    return met?.origin === undefined ? undefined : { device: met.device, iface: met.name, origin: met.origin };
  }

  /** The entries of a filter that pass a part, the first ones in the order of evaluation. */
  #entriesOf(outcome: Outcome, filter: FilterEntry): PassingEntry[] {
    const { device, filter: name } = filter;
    const node = findNode(this.#network, device);
    return (this.#entriesAt(outcome, filter)?.named ?? []).flatMap(({ acl, index, words }) => {
      const origin = node === undefined ? undefined : entryOrigin(node.device, name, acl, index);
      return origin === undefined ? [] : [{ entry: { device, filter: name, acl, index }, origin, passes: words }];
    });
  }

  #entriesAt(outcome: Outcome, { device, filter }: FilterEntry): NamedEntries | undefined {
    return this.#entries[outcome].get(filterOf(device, filter));
  }
}

/**
 * The filter on the path that is nearest the segment, by the entry that decides there. Of several
 * policies of one device, the first in which a rule decides comes before those whose end lets through.
 */
function nearestFilter(
  network: Network,
  hops: readonly Hop[],
  direction: AdvisoryFlow['direction'],
): FilterEntry | undefined {
  const met = hops.flatMap(({ entry }) => entry ?? []);
  const entries = direction === 'to-segment' ? met.reverse() : met;
  const [first] = entries;
  if (first === undefined) return undefined;
  const device = findNode(network, first.device)?.device;
  return entries.find((entry) => entry.device === first.device && !isPolicyEnd(device, entry)) ?? first;
}

/** Whether it is no rule that lets through, but the end of a policy behind all its rules. */
export function isPolicyEnd(device: Device | undefined, { acl, index }: FilterEntry): boolean {
  return device?.chains?.get(acl)?.rules.length === index;
}

function filterOf(device: string, filter: string): string {
  return `${device}\n${filter}`;
}

/** The line of an entry of a list, of a rule of a chain, or of a policy's end. */
function entryOrigin(device: Device, filter: string, list: string, index: number): Origin | undefined {
  const acl = device.acls.get(list);
  if (acl !== undefined) return acl.entries.originAt(index);
  const rules = device.chains?.get(list)?.rules ?? [];
  return rules.at(index)?.origin ?? device.policies?.find((policy) => policy.name === filter)?.end.origin;
}

function sorted(addresses: ReadonlySet<Ip>): Ip[] {
  return [...addresses].sort((a, b) => a - b);
}
