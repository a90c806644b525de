import { formatPrefix } from '../net/prefix.js';
import { isPrivate } from '../review/inbound.js';
import { SUGGESTED } from '../review/segments.js';
import type { Verdict } from '../review/verdict.js';
import { type Case, primaryPlace, relatedOf } from './reachability-problems.js';
import type { Problem, Rule } from './rule.js';

/**
 * A packet from outside opens a connection to a device segment. It comes in by an interface that leads
 * to where no reviewed device is: a default route, or a next hop that none of them has.
 *
 * The message says who can: the network that the advisory names, or only others.
 *
 * The finding stands at the line to edit: the entry that permits the packet, in the filter of the path
 * that is nearest to the segment. Where no filter is on the path, it stands at the interface by which
 * the packet comes in. One finding names all segments that are open through that line.
 *
 * ## Why it matters
 *
 * The monitor takes firmware from whoever offers it, and CVE-2024-12248 is a flaw that one UDP packet
 * uses. A connection that the monitor opens is one direction; this is the other.
 *
 * What lies behind the interface may be the internet, or a firewall whose configuration is not here. Add
 * that file, and the question is asked at its outside instead.
 *
 * Answers to connections that the monitors opened do not count. A filter that admits those alone
 * (`established`, a stateful inspection) is a block. Private addresses may be of the site itself: if only
 * they get through, the verdict is `possible`, and there is no finding.
 *
 * ## How to fix
 *
 * Deny at the edge what nobody inside has asked for, or admit by name those who need to reach the
 * segment, such as the maker's remote service. What these are is known to the site alone, and no fix is
 * offered.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "target-inbound": "info" }`.
 */
export const targetInbound: Rule = {
  id: 'target-inbound',
  level: 'warning',
  check: (review) => {
    const groups = new Map<string, [Case, ...Case[]]>();
    for (const one of review.verdicts.flatMap((verdict) => caseOf(verdict) ?? [])) {
      const { file, start } = primaryPlace(one);
      const key = `${one.verdict.advisory.id}\n${one.verdict.flow.name}\n${file}\n${start}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
    return [...groups.values()].map(problemOf);
  },
};

function caseOf(verdict: Verdict): Case | undefined {
  if (verdict.flow.direction !== 'to-segment' || verdict.word === 'blocked') return undefined;
  const through = verdict.delivered ?? verdict.leaves;
  if (through === undefined) return undefined;
  const isOnlyPrivate = !through.certain && isPrivate(through.witness.src);
  return isOnlyPrivate ? undefined : { verdict, through };
}

function problemOf(group: [Case, ...Case[]]): Problem {
  // What is sure is said before what may be, and whom the advisory names before others.
  const [first] = [...group].sort((a, b) => weight(b) - weight(a)) as [Case, ...Case[]];
  const { verdict, through } = first;
  const { id } = verdict.advisory;
  const named = (verdict.flow.sources ?? []).map(formatPrefix).join(', ');
  const among = through.fromNamed ? `${named} of ${id} among them` : `though none from ${named} of ${id}`;
  const who = `Packets from outside${named === '' ? '' : `, ${among},`}`;
  const can = through.certain ? 'can' : 'may';
  const why = through.certain
    ? ''
    : `, where ${verdict.member.doubt ?? through.fate.assumptions[0]?.words ?? 'the files do not tell'}`;
  return {
    message: `${who} ${can} open connections to ${segmentWords(group)}: they come in by ${whereWords(group)}${why}. Admit only answers, and those who must reach the segment.`,
    origin: primaryPlace(first),
    related: relatedOf(first),
    verdicts: group.map((one) => one.verdict),
    remedies: [],
  };
}

function weight({ through }: Case): number {
  return (through.certain ? 2 : 0) + (through.fromNamed ? 1 : 0);
}

function segmentWords(group: readonly Case[]): string {
  const names = new Set(group.map(({ verdict }) => verdict.segment.name));
  return [...names]
    .map((name) => (name === SUGGESTED ? 'what looks like a segment of medical devices' : name))
    .join(' and ');
}

function whereWords(group: readonly Case[]): string {
  const places = group.map(({ verdict: { member } }) => `${member.iface.name} of ${member.node.device.name}`);
  return [...new Set(places)].join(', ');
}
