import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { Network, Node } from '../dataplane/network.js';
import { type HeaderSpace, HeaderSpaceManager, type Interval } from '../headerspace/header-space.js';
import { type Ip, MAX_IP } from '../net/ip.js';
import { firstIp, lastIp, type Prefix } from '../net/prefix.js';
import { type Fate, passes } from '../reachability/disposition.js';
import { evaluate } from '../reachability/evaluate.js';
import type { Flow } from '../reachability/flow.js';
import { type Query, type Reach, reach } from '../reachability/reach.js';
import type { Bounds } from '../reachability/symbolic/bounds.js';
import type { Clip } from '../reachability/symbolic/boxes.js';
import { KeptWalks } from '../reachability/symbolic/kept-walks.js';
import type { Stop } from '../reachability/symbolic/stops.js';
import { CUT_SHORT_WORDS } from '../reachability/words.js';
import { type Alias, fatesAt, flowToAliases } from './aliases.js';
import { blocksOf } from './blocks.js';
import { Gathered } from './gathered.js';
import { headersOf, toInterval, witnessPreferences } from './headers.js';
import { countedFates, countsFor, type End, inboundQuestion, isPrivate, PRIVATE_WORDS } from './inbound.js';
import type { Member, Segment } from './segments.js';
import type { Through, Verdict } from './verdict.js';

/**
 * What is kept of the walks from outside, which meet many devices, by the devices that a verdict met: one
 * question leads to all hosts of a segment, and mostly one device has changed since it was asked before.
 */
const keptWalks = new WeakMap<Verdict['touched'], KeptWalks>();

/**
 * Answers one query: may packets of the flow, entering at the member, get where they want to go?
 * @param before an answer to the same query, in a network of the same owners of addresses and the same wires
 */
export function judge(
  network: Network,
  advisory: Advisory,
  flow: AdvisoryFlow,
  segment: Segment,
  member: Member,
  enforceAt: readonly string[] = [],
  before?: Verdict,
): Verdict {
  const isInbound = flow.direction === 'to-segment';
  const kept = isInbound ? ((before && keptWalks.get(before.touched)) ?? new KeptWalks()) : undefined;
  const manager = kept?.manager ?? new HeaderSpaceManager();
  const { settled, ...question } = questionOf(manager, network, flow, segment, member);
  const { headers, clip } = question;
  kept?.start(new Set(network.nodes), headers, identityOf(question, segment));
  const gathered = new Gathered(network, manager, flow, headers, enforceAt);
  const touched = new Set<Node>([member.node]);
  let chunks = 0;
  let through: HeaderSpace = manager.empty;
  let stops: readonly Stop[] = [];
  const isKept = reach(
    manager,
    { network, node: member.node, ingress: member.iface, ...question, touched, ...(kept && { kept }) },
    (found) => {
      const one = settled(found);
      chunks += 1;
      through = manager.union(one.leaves.may, one.delivered.may);
      stops = one.stops;
      gathered.add(one);
    },
  );
  const ask = (packet: Flow): Fate[] =>
    countedFates(flow, segment, evaluate(network, member.node, member.iface, packet));
  const leaves = gathered.through('leaves', ask);
  const delivered = gathered.through('delivered', ask);
  const word = gathered.certain
    ? 'reachable'
    : leaves === undefined && delivered === undefined
      ? 'blocked'
      : 'possible';
  // Where the sets of all that gets through are not there at once, what is stopped is not listed.
  const stopped = chunks === 1 && isKept ? manager.subtract(headers, through) : manager.empty;
  const blocks = blocksOf(manager, stopped, clip, stops, witnessPreferences(flow));
  const parts = [leaves, delivered].filter((part) => part !== undefined);
  const isExact = chunks === 1 && isKept && !gathered.approximate && !gathered.cutShort;
  if (kept?.finish(isExact) === true) keptWalks.set(touched, kept);
  return {
    advisory,
    flow,
    segment,
    member,
    word,
    ...(leaves === undefined ? {} : { leaves }),
    ...(delivered === undefined ? {} : { delivered }),
    exits: gathered.exits,
    blockedBy: blocks.map(({ block }) => block),
    assumptions: [
      ...new Set([
        ...assumedFirst(segment, gathered),
        ...(member.doubt === undefined || word === 'blocked' ? [] : [member.doubt]),
        ...(word === 'possible' &&
        flow.direction === 'to-segment' &&
        parts.every(({ witness }) => isPrivate(witness.src))
          ? [PRIVATE_WORDS]
          : []),
        ...parts.flatMap((part) => part.fate.assumptions.map((one) => one.words)),
        ...(parts.length === 0 ? blocks : []).flatMap((one) => assumedOf(ask(one.flow))),
      ]),
    ],
    touched,
  };
}

/**
 * Answers the same for packets to other names of the flow's destinations, which devices translate on the
 * way: do packets that are sent there arrive at the destinations?
 * @returns undefined where nothing does
 */
export function judgeAliases(
  network: Network,
  advisory: Advisory,
  flow: AdvisoryFlow,
  segment: Segment,
  member: Member,
  aliases: readonly Alias[],
): Verdict | undefined {
  const manager = new HeaderSpaceManager();
  const renamed = flowToAliases(flow, aliases);
  const target = flow.destinations.map(toInterval);
  const headers = manager.subtract(headersOf(manager, renamed, member), manager.fromBox({ dst: target }));
  const touched = new Set<Node>([member.node]);
  const query = { network, node: member.node, ingress: member.iface, headers, clip: clipOf(renamed, member), touched };
  const gathered = new Gathered(network, manager, renamed, headers, []);
  reach(manager, { ...query, arrivingAt: target }, (one) => gathered.add(one));
  const ask = (packet: Flow): Fate[] => fatesAt(flow, evaluate(network, member.node, member.iface, packet));
  const hostsBy = hostsReached(manager, query, flow);
  const withHosts = (outcome: 'leaves' | 'delivered'): Through | undefined => {
    const through = gathered.through(outcome, ask);
    return through === undefined ? undefined : { ...through, ...hostsBy[outcome] };
  };
  const leaves = withHosts('leaves');
  const delivered = withHosts('delivered');
  const parts = [leaves, delivered].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return {
    advisory,
    flow,
    segment,
    member,
    aliases,
    word: gathered.certain ? 'reachable' : 'possible',
    ...(leaves === undefined ? {} : { leaves }),
    ...(delivered === undefined ? {} : { delivered }),
    exits: gathered.exits,
    blockedBy: [],
    assumptions: [
      ...new Set([
        ...assumedFirst(segment, gathered),
        ...parts.flatMap((part) => part.fate.assumptions.map((one) => one.words)),
      ]),
    ],
    touched,
  };
}

type Hosts = Pick<Through, 'hosts' | 'possibleHosts'>;

/** The hosts of the flow at which packets of a query arrive, one question for each. */
function hostsReached(
  manager: HeaderSpaceManager,
  query: Query,
  { hosts }: AdvisoryFlow,
): { readonly leaves: Hosts; readonly delivered: Hosts } {
  const found = { leaves: new Set<Ip>(), delivered: new Set<Ip>() };
  const possible = { leaves: new Set<Ip>(), delivered: new Set<Ip>() };
  for (const host of hosts) {
    reach(manager, { ...query, arrivingAt: [toInterval(host)] }, (one) => {
      for (const outcome of ['leaves', 'delivered'] as const) {
        if (one[outcome].must !== manager.empty) found[outcome].add(host.ip);
        if (one[outcome].may !== manager.empty) possible[outcome].add(host.ip);
      }
    });
  }
  const of = (outcome: 'leaves' | 'delivered'): Hosts => ({
    hosts: [...found[outcome]],
    possibleHosts: [...possible[outcome]],
  });
  return { leaves: of('leaves'), delivered: of('delivered') };
}

/** Whether the answer to the query is "blocked": all that a proof asks, without packets, paths and words. */
export function isBlocked(network: Network, flow: AdvisoryFlow, segment: Segment, member: Member): boolean {
  const manager = new HeaderSpaceManager();
  const { settled: _, ...question } = questionOf(manager, network, flow, segment, member);
  const query = {
    network,
    node: member.node,
    ingress: member.iface,
    ...question,
    touched: new Set<Node>(),
  };
  let isBlocked = true;
  reach(manager, query, ({ must, leaves, delivered }) => {
    isBlocked &&= [must, leaves.may, delivered.may].every((set) => set === manager.empty);
  });
  return isBlocked;
}

/** A query, as the symbolic engine takes it. */
interface Question {
  readonly headers: HeaderSpace;
  readonly clip: Clip;
  readonly counts?: (place: End) => boolean;
  readonly arrivingAt?: readonly Interval[];
  /** What surely holds of an answer, where it is not sure that the packets are the ones asked about. */
  readonly settled: (found: Reach) => Reach;
}

function questionOf(
  manager: HeaderSpaceManager,
  network: Network,
  flow: AdvisoryFlow,
  segment: Segment,
  member: Member,
): Question {
  if (flow.direction === 'to-destinations') {
    return { headers: headersOf(manager, flow, member), clip: clipOf(flow, member), settled: (found) => found };
  }
  const { headers, foreign, dst, arrivingAt } = inboundQuestion(manager, network, flow, segment, member);
  const sure = member.doubt === undefined ? foreign : manager.empty;
  const surely = ({ must, may }: Bounds): Bounds => ({ must: manager.intersect(must, sure), may });
  const counts = countsFor(flow, segment);
  return {
    headers,
    clip: { src: [0, MAX_IP], dst },
    ...(counts && { counts }),
    ...(arrivingAt && { arrivingAt }),
    settled: (found) => ({
      ...found,
      must: manager.intersect(found.must, sure),
      leaves: surely(found.leaves),
      delivered: surely(found.delivered),
    }),
  };
}

/** All that an answer hangs on beside the headers and the devices. */
function identityOf({ clip, arrivingAt }: Omit<Question, 'settled'>, { members }: Segment): unknown[] {
  const ends = members.flatMap(({ remote, iface }) => (remote ? iface : []));
  return [...clip.src, ...clip.dst, ...(arrivingAt ?? []).flat(), ...ends];
}

/** What is taken for granted where a packet gets nowhere. */
function assumedOf(fates: readonly Fate[]): string[] {
  const stopped = fates.filter(({ disposition }) => !passes(disposition));
  return stopped.flatMap(({ assumptions }) => assumptions.map(({ words }) => words));
}

function assumedFirst(segment: Segment, { approximate, cutShort }: Gathered): string[] {
  return [
    ...(segment.suggested ? ['no site file names the device VLANs; they are taken from names and descriptions'] : []),
    ...(cutShort ? [CUT_SHORT_WORDS] : []),
    ...(approximate ? ['a filter is too intricate to hold whole; what was not told apart counts as possible'] : []),
  ];
}

export function clipOf(flow: AdvisoryFlow, member: Member): Clip {
  return { src: hull(member.sources), dst: hull(flow.destinations) };
}

function hull(prefixes: readonly Prefix[]): Interval {
  if (prefixes.length === 0) return [0, MAX_IP];
  return [Math.min(...prefixes.map(firstIp)), Math.max(...prefixes.map(lastIp))];
}
