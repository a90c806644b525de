import { findNode } from '../dataplane/network.js';
import type { Origin } from '../model/origin.js';
import { formatIp } from '../net/ip.js';
import { formatPrefix } from '../net/prefix.js';
import type { Hop } from '../reachability/disposition.js';
import { translationOf } from '../review/aliases.js';
import { isPolicyEnd } from '../review/gathered.js';
import type { Review } from '../review/review.js';
import { SUGGESTED } from '../review/segments.js';
import type { Through, Verdict } from '../review/verdict.js';
import { describeFlow } from '../review/words.js';
import type { Problem, Related, Remedy } from './rule.js';

/** One verdict, and the part of it that a rule speaks of. */
export interface Case {
  readonly verdict: Verdict;
  readonly through: Through;
}

/**
 * The problems of one of the rules about reachability. Cases of one advisory at one place are one
 * problem, which names all their segments and ingresses.
 */
export function reachabilityProblems(
  review: Review,
  cases: readonly Case[],
  say: (cases: readonly [Case, ...Case[]], where: string) => string,
): Problem[] {
  const groups = new Map<string, [Case, ...Case[]]>();
  for (const one of cases) {
    const origin = primaryPlace(one);
    const name = one.verdict.aliases === undefined ? '' : aliasWords(one)?.by;
    const key = `${one.verdict.advisory.id}\n${one.verdict.flow.name}\n${name}\n${origin.file}\n${origin.start}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return {
      message: say(group, whereOf(group)),
      origin: primaryPlace(first),
      related: relatedOf(first),
      verdicts: group.map((one) => one.verdict),
      remedies: remediesOf(review, group),
    };
  });
}

/**
 * The line to edit: the first permitting entry of the filter nearest the segment, or of the device
 * where the site blocks; with no filter there, the interface by which the packets come in.
 */
export function primaryPlace({ verdict, through }: Case): Origin {
  return through.entries[0]?.origin ?? through.enforcedAt?.origin ?? verdict.member.iface.origin;
}

/** `patient-monitors (Vlan210 of core1)`, for every segment and ingress of a group. */
function whereOf(group: readonly Case[]): string {
  const bySegment = new Map<string, string[]>();
  for (const { verdict } of group) {
    const { node, iface } = verdict.member;
    const ingresses = bySegment.get(verdict.segment.name) ?? [];
    ingresses.push(`${iface.name} of ${node.device.name}`);
    bySegment.set(verdict.segment.name, ingresses);
  }
  return [...bySegment]
    .map(([name, ingresses]) => {
      const places = [...new Set(ingresses)].join(', ');
      return name === SUGGESTED ? `what looks like a segment of medical devices (${places})` : `${name} (${places})`;
    })
    .join(' and ');
}

/** Every hop of the path, then the other entries that pass a part. */
export function relatedOf({ through }: Case): Related[] {
  const hops = through.fate.hops.flatMap((hop, at): Related[] =>
    hop.origin === undefined ? [] : [{ message: describeHop(hop, at, through), origin: hop.origin }],
  );
  const [, ...others] = through.entries;
  const parts = others.map(
    ({ origin, passes }): Related => ({ message: `this entry too passes a part: ${passes}`, origin }),
  );
  const last = parts.at(-1);
  const more =
    through.furtherEntries > 0 && last !== undefined
      ? [{ ...last, message: `${through.furtherEntries} further entries pass a part` }]
      : [];
  return [...hops, ...parts, ...more];
}

function describeHop(hop: Hop, at: number, through: Through): string {
  const packet = at === 0 ? `${describeFlow(through.witness)} ` : '';
  switch (hop.step) {
    case 'enter':
      return `${packet}enters ${hop.device} by ${hop.name}`;
    case 'route':
      return `${hop.device} routes it by ${hop.name}`;
    case 'leave':
      return `it leaves ${hop.device} by ${hop.name}`;
    case 'deliver':
      return `it is delivered on ${hop.name} of ${hop.device}`;
    case 'translate':
      return `${hop.device}: ${hop.action}`;
    case 'accept':
      return `${hop.device} takes it for itself`;
    default:
      return `${hop.name} on ${hop.device}: ${hop.action}`;
  }
}

/** What might close the flow: a deny in the filter, a filter where there is none, a route to nowhere. */
function remediesOf(review: Review, group: readonly Case[]): Remedy[] {
  // Where a part is delivered inside, a deny at the segment would cut that as well. One at the edge changes
  // nothing about a doubt of what is delivered.
  const isAtEdge = group.some(({ verdict, through }) => through === verdict.leaves || through.certain);
  if (group.some(({ verdict }) => verdict.delivered !== undefined)) return isAtEdge ? atEdge(group) : [];
  const remedies: Remedy[] = [];
  const [first] = group;
  const enforcedAt = first?.through.enforcedAt;
  const entry = first?.through.entries[0]?.entry;
  const device = entry === undefined ? undefined : findNode(review.network, entry.device)?.device;
  if (entry !== undefined && isPolicyEnd(device, entry)) {
    remedies.push({ kind: 'apply-filter', device: entry.device, chain: entry.acl });
  } else if (entry !== undefined) {
    remedies.push({ kind: 'block-in-filter', device: entry.device, acl: entry.acl, index: entry.index });
  } else if (enforcedAt !== undefined) {
    remedies.push({ kind: 'apply-filter', device: enforcedAt.device, iface: enforcedAt.iface });
  } else {
    for (const { verdict } of group) {
      const { node, iface } = verdict.member;
      remedies.push({ kind: 'apply-filter', device: node.device.name, iface: iface.name });
    }
  }
  const { node, iface } = first?.verdict.member ?? {};
  if (node !== undefined && iface !== undefined && findNode(review.network, node.device.name) !== undefined) {
    remedies.push({ kind: 'null-route', device: node.device.name, vrf: iface.vrf });
  }
  return remedies;
}

/** What stops the packets where they would leave, and nowhere before. */
export function atEdge(group: readonly Case[]): Remedy[] {
  const verdicts = group.map(({ verdict }) => verdict);
  return (['filter', 'null-route'] as const).map((by) => ({ kind: 'block-at-edge', by, verdicts }));
}

/** By which other name packets reach the destinations, and which line makes it one. */
export function aliasWords({ verdict, through }: Case): { readonly name: string; readonly by: string } | undefined {
  if (verdict.aliases === undefined) return undefined;
  const alias = translationOf(verdict.aliases, through.fate) ?? verdict.aliases[0];
  const name = formatIp(through.witness.dst);
  return { name, by: alias === undefined ? 'a translation' : `"${alias.origin.label}" of ${alias.device}` };
}

/** `202.114.4.119 and 202.114.4.120`. */
export function hostWords(hosts: readonly number[]): string {
  return hosts.map(formatIp).join(' and ');
}

/** `202.114.4.0/24`. */
export function destinationWords(verdict: Verdict): string {
  return verdict.flow.destinations.map(formatPrefix).join(', ');
}
