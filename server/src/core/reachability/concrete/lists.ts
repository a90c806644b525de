import type { Node } from '../../dataplane/network.js';
import type { AppliedFilter, Interface } from '../../model/device.js';
import type { Assumption, FilterEntry, Hop } from '../disposition.js';
import { filterKey, switchesOnlyWords } from '../words.js';
import { type Answer, matchesBlurred } from './match.js';
import type { Packet } from './packet.js';

/** One way a filter may answer. */
export interface ListAnswer {
  readonly permits: boolean;
  readonly hop?: Hop;
  readonly assumption?: Assumption;
}

/** What an applied filter answers. On a device that does not route, it sees only what is addressed to it. */
export function askFilter(
  packet: Packet,
  node: Node,
  iface: Interface,
  filter: AppliedFilter,
  blurredBy: Assumption | undefined,
): ListAnswer[] {
  const answers = askLists(packet, node, iface, filter, blurredBy);
  if (node.device.routes || answers.every((answer) => answer.permits)) return answers;
  return [...answers, { permits: true, assumption: { words: switchesOnlyWords(node.device) } }];
}

/**
 * First match wins. An entry that may or may not match answers, and so do those behind it, up to
 * the first that surely matches. A list that is not defined, or is empty, permits.
 */
export function askLists(
  { flow, blurred }: Packet,
  { device }: Node,
  iface: Interface,
  filter: AppliedFilter,
  blurredBy: Assumption | undefined,
): ListAnswer[] {
  const isBlurred = Object.keys(blurred).length > 0;
  const answers: ListAnswer[] = [];
  const lists = filter.names
    .map((name) => device.acls.get(name))
    .filter((acl) => acl !== undefined && acl.entries.count > 0);
  const base = {
    device: device.name,
    step: filter.direction === 'in' ? ('filter-in' as const) : ('filter-out' as const),
  };
  if (lists.length === 0) {
    const defined = filter.names.some((name) => device.acls.has(name));
    const action = defined ? 'permitted: the list is empty' : 'permitted: the list is not defined';
    return [{ permits: true, hop: { ...base, name: filter.names.join(' '), action, origin: filter.origin } }];
  }
  for (const [at, acl] of lists.entries()) {
    if (acl === undefined) continue;
    const { entries } = acl;
    // Where the header is known, the entries whose addresses do not hold are passed over.
    const next = (from: number): number => (isBlurred ? from : entries.nextHolding(from, flow.src, flow.dst));
    for (let index = next(0); index < entries.count; index = next(index + 1)) {
      const last = at === lists.length - 1;
      if (entries.isImplicit(index) && !last) continue;
      const touched: Answer = matchesBlurred(entries.matchAt(index), flow, blurred);
      if (touched === 'no') continue;
      const { origin, action, undecidable, implicit } = entries.aceAt(index);
      const entry: FilterEntry = {
        device: device.name,
        filter: filterKey(iface.name, filter.direction),
        acl: acl.name,
        index,
      };
      const hop = (permits: boolean): Hop => ({
        ...base,
        name: acl.name,
        action: `${permits ? 'permitted' : 'denied'} by ${implicit ? 'the implicit deny' : `"${origin.label}"`}`,
        origin,
        entry,
      });
      const doubt = undecidable ?? (action === 'unknown' ? `"${origin.label}" was not understood` : undefined);
      const assumption = doubt ?? (touched === 'maybe' ? (blurredBy?.words ?? 'an address is translated') : undefined);
      const told = assumption === undefined ? {} : { assumption: { words: `${acl.name}: ${assumption}`, origin } };
      if (action !== 'deny') answers.push({ permits: true, hop: hop(true), ...told });
      if (action !== 'permit') answers.push({ permits: false, hop: hop(false), ...told });
      if (touched === 'yes' && doubt === undefined) return answers;
    }
  }
  return answers;
}
