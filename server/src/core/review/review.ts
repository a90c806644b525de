import type { Advisory } from '../advisories/advisory.js';
import { type Network, type Node, sameOwners } from '../dataplane/network.js';
import type { Interface } from '../model/device.js';
import type { Reading } from '../model/reading.js';
import { isAmong } from '../reachability/symbolic/kept-walks.js';
import type { SourceFile } from '../text/source-file.js';
import { aliasesOf } from './aliases.js';
import { outsideMembers } from './inbound.js';
import { judge, judgeAliases } from './judge.js';
import { sameOutsides } from './outside.js';
import { type Member, resolveSegments, type Segment, suggestSegment, type Unmatched } from './segments.js';
import type { Site } from './site-file.js';
import type { Verdict } from './verdict.js';
import { sameWires, unmatchedWiring } from './wiring.js';

/** Everything that rules and fixes may look at: the files as read, the network, and the answers. */
export interface Review {
  readonly site: Site | undefined;
  readonly advisories: readonly Advisory[];
  readonly network: Network;
  /** By path. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Every file of the set by path, configurations or not. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly segments: readonly Segment[];
  readonly unmatched: readonly Unmatched[];
  readonly verdicts: readonly Verdict[];
  /** The answers about packets to other names of the destinations: those only that are not "blocked". */
  readonly byOtherNames: readonly Verdict[];
}

export interface ReviewInput {
  readonly site: Site | undefined;
  readonly advisories: readonly Advisory[];
  readonly network: Network;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly files: ReadonlyMap<string, SourceFile>;
}

/**
 * Asks every query: each flow of each advisory, from each member of each segment.
 * @param before an earlier review; what it says of devices that are still the same is kept
 */
export function review(input: ReviewInput, before?: Review): Review {
  const { site, network, advisories } = input;
  const suggested = site === undefined ? suggestSegment(network) : undefined;
  const { segments, unmatched } =
    site === undefined
      ? { segments: suggested === undefined ? [] : [suggested], unmatched: [] }
      : resolveSegments(network, site.segments);
  const kept = keptVerdicts(network, before);
  const nodes = new Set(network.nodes);
  const enforceAt = (site?.enforceAt ?? []).map(({ value }) => value);
  const verdicts: Verdict[] = [];
  const byOtherNames: Verdict[] = [];
  for (const advisory of advisories) {
    for (const flow of advisory.flows) {
      const aliases = flow.direction === 'to-destinations' ? aliasesOf(network, flow) : [];
      for (const segment of segments) {
        const members = flow.direction === 'to-segment' ? outsideMembers(network, flow, segment) : segment.members;
        for (const member of members) {
          const before = kept
            .get(member.iface)
            ?.find(
              (verdict) =>
                verdict.advisory === advisory && verdict.flow === flow && verdict.segment.name === segment.name,
            );
          verdicts.push(
            before !== undefined && stillHolds(before, segment, member, nodes)
              ? { ...before, segment, member }
              : judge(network, advisory, flow, segment, member, enforceAt, before),
          );
          const named =
            aliases.length === 0 ? undefined : judgeAliases(network, advisory, flow, segment, member, aliases);
          if (named !== undefined) byOtherNames.push(named);
        }
      }
    }
  }
  const wiring = site === undefined ? [] : unmatchedWiring(network, site);
  return { ...input, segments, unmatched: [...unmatched, ...wiring], verdicts, byOtherNames };
}

/** The verdicts of an earlier review that may still hold, by the interface that packets come in by. */
function keptVerdicts(network: Network, before: Review | undefined): ReadonlyMap<Interface, readonly Verdict[]> {
  const kept = new Map<Interface, Verdict[]>();
  if (before === undefined) return kept;
  if (!sameOwners(before.network, network) || !sameWires(before.network, network)) return kept;
  if (!sameOutsides(before.network, network)) return kept;
  for (const verdict of before.verdicts) {
    const there = kept.get(verdict.member.iface);
    if (there === undefined) kept.set(verdict.member.iface, [verdict]);
    else there.push(verdict);
  }
  return kept;
}

/** Whether a verdict says what would be said of the same flow now. */
function stillHolds(verdict: Verdict, segment: Segment, member: Member, nodes: ReadonlySet<Node>): boolean {
  const { flow, member: before, touched } = verdict;
  return (
    before.doubt === member.doubt &&
    JSON.stringify(before.otherNames) === JSON.stringify(member.otherNames) &&
    samePrefixes(before.sources, member.sources) &&
    (flow.direction === 'to-destinations' || sameHosts(verdict.segment, segment)) &&
    isAmong(touched, nodes)
  );
}

/** Whether packets to a segment go to the same hosts, and arrive at the same interfaces. */
function sameHosts(a: Segment, b: Segment): boolean {
  return (
    a.members.length === b.members.length &&
    a.members.every((member, at) => {
      const other = b.members[at];
      return member.iface === other?.iface && samePrefixes(member.sources, other.sources);
    })
  );
}

function samePrefixes(
  a: readonly { readonly ip: number; readonly length: number }[],
  b: readonly { readonly ip: number; readonly length: number }[],
): boolean {
  return a.length === b.length && a.every((prefix, at) => prefix.ip === b[at]?.ip && prefix.length === b[at]?.length);
}

/** The file of that path, where it was read as a configuration. */
export function sourceOf(review: Review, path: string): SourceFile | undefined {
  return review.readings.get(path)?.file;
}
