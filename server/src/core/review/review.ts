import type { Advisory } from '../advisories/advisory.js';
import type { Network } from '../dataplane/network.js';
import type { Interface } from '../model/device.js';
import type { Reading } from '../model/reading.js';
import type { Prefix } from '../net/prefix.js';
import type { SourceFile } from '../text/source-file.js';
import { judge } from './judge.js';
import { resolveSegments, type Segment, suggestSegment, type Unmatched } from './segments.js';
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
  const kept =
    before !== undefined && sameOwners(before.network, network) && sameWires(before.network, network)
      ? before.verdicts
      : [];
  const verdicts: Verdict[] = [];
  for (const advisory of advisories) {
    for (const flow of advisory.flows) {
      for (const segment of segments) {
        for (const member of segment.members) {
          const known = kept.find(
            (verdict) =>
              verdict.advisory === advisory &&
              verdict.flow === flow &&
              verdict.segment.name === segment.name &&
              verdict.member.iface === member.iface &&
              samePrefixes(verdict.member.sources, member.sources) &&
              [...verdict.touched].every((node) => network.nodes.includes(node)),
          );
          verdicts.push(
            known === undefined ? judge(network, advisory, flow, segment, member) : { ...known, segment, member },
          );
        }
      }
    }
  }
  const wiring = site === undefined ? [] : unmatchedWiring(network, site);
  return { ...input, segments, unmatched: [...unmatched, ...wiring], verdicts };
}

/** Whether the same addresses have owners: then the same next hops lead into the same devices. */
function sameOwners(a: Network, b: Network): boolean {
  if (a === b) return true;
  if (a.owners.size !== b.owners.size) return false;
  for (const [ip, places] of a.owners) {
    const theirs = b.owners.get(ip);
    if (theirs?.length !== places.length) return false;
    const same = places.every(
      (place, at) =>
        theirs[at]?.node.device.name === place.node.device.name &&
        theirs[at]?.iface.name === place.iface.name &&
        samePrefixes(networksOf(theirs[at]?.iface), networksOf(place.iface)),
    );
    if (!same) return false;
  }
  return true;
}

/** On which networks an interface is: who is a neighbour depends on them. */
function networksOf(iface: Interface | undefined): Prefix[] {
  return (iface?.addresses ?? []).map(({ prefix }) => prefix);
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
