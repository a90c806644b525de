import type { Node } from '../dataplane/network.js';
import { type HeaderSpace, HeaderSpaceManager } from '../headerspace/header-space.js';
import type { Acl } from '../model/acl.js';
import type { Interface } from '../model/device.js';
import type { AddressTerm } from '../model/header-match.js';
import { formatIp, MAX_IP, parseIp } from '../net/ip.js';
import { formatPrefix, lengthOfMask, prefixOf } from '../net/prefix.js';
import { boxesOf, NO_CLIP } from '../reachability/symbolic/boxes.js';
import { headersOf } from '../review/headers.js';
import type { Review } from '../review/review.js';
import { mainPart, outbound, type Verdict } from '../review/verdict.js';
import { describeBox, describeFlow } from '../review/words.js';
import { redact } from '../text/redact.js';
import type { SourceFile } from '../text/source-file.js';
import type { Span } from '../text/span.js';

/** What is said of a place, as Markdown. */
export interface Hover extends Span {
  readonly markdown: string;
}

/** On a mask its prefix; on an entry the packets it decides; on an interface its verdicts. */
export function hoverAt(review: Review, node: Node, source: SourceFile, offset: number): Hover | undefined {
  return (
    maskHover(source, offset) ??
    entryHover(review, node, source, offset) ??
    interfaceHover(review, node, source, offset)
  );
}

function wordAt(source: SourceFile, offset: number): (Span & { readonly text: string }) | undefined {
  const isWord = (at: number) => /[\d.]/.test(source.text.charAt(at));
  let start = offset;
  let end = offset;
  while (start > 0 && isWord(start - 1)) start -= 1;
  while (end < source.text.length && isWord(end)) end += 1;
  return start === end ? undefined : { start, end, text: source.text.slice(start, end) };
}

/** A mask reads as a prefix length; a wildcard, as the addresses it leaves open. */
function maskHover(source: SourceFile, offset: number): Hover | undefined {
  const word = wordAt(source, offset);
  const mask = word === undefined ? undefined : parseIp(word.text);
  if (word === undefined || mask === undefined) return undefined;
  const before = /(\d+\.\d+\.\d+\.\d+)[ \t]+$/.exec(source.text.slice(Math.max(0, word.start - 40), word.start));
  const address = before === null ? undefined : parseIp(before[1] as string);
  if (address === undefined) return undefined;
  const asMask = mask === 0 ? undefined : lengthOfMask(mask);
  const asWildcard = lengthOfMask((MAX_IP ^ mask) >>> 0);
  const said = [
    ...(asMask === undefined ? [] : [`as a subnet mask, ${formatPrefix(prefixOf(address, asMask))}`]),
    ...(asWildcard === undefined
      ? [`as a wildcard, ${2 ** bitCount(mask)} addresses that do not follow each other`]
      : [`as a wildcard, ${formatPrefix(prefixOf(address, asWildcard))}`]),
  ];
  return {
    start: word.start,
    end: word.end,
    markdown: `\`${word.text}\` after ${formatIp(address)}: ${said.join('; ')}.`,
  };
}

function bitCount(value: number): number {
  let count = 0;
  for (let bits = value; bits !== 0; bits &= bits - 1) count += 1;
  return count;
}

function entryHover(review: Review, node: Node, source: SourceFile, offset: number): Hover | undefined {
  for (const acl of node.device.acls.values()) {
    if (acl.origin.file !== source.path) continue;
    const index = acl.entries.indexAt(offset);
    if (index === undefined) continue;
    const { start, end } = acl.entries.originAt(index);
    return { start, end, markdown: describeEntry(review, node, acl, index) };
  }
  return undefined;
}

/** The packets that reach the entry and that it decides, for each segment that comes through the list. */
function describeEntry(review: Review, node: Node, acl: Acl, index: number): string {
  const applied = node.device.interfaces.filter((iface) =>
    iface.filters.some((filter) => filter.direction === 'in' && filter.names.includes(acl.name)),
  );
  const verdicts = outbound(review.verdicts).filter((verdict) => applied.includes(verdict.member.iface));
  const lines = verdicts.map((verdict) => `- ${decidedFor(verdict, acl, index)}`);
  const head = `**${acl.entries.actionAt(index)}**, entry ${index + 1} of ${code(acl.name)}`;
  const undecidable = acl.entries.undecidableAt(index);
  const doubt =
    undecidable === undefined ? [] : [`It cannot be told whether it matches: ${plain(redact(undecidable))}.`];
  if (lines.length === 0)
    return [head, ...doubt, termsInWords(acl, index), 'No segment comes in through this list.'].join('\n\n');
  return [head, ...doubt, termsInWords(acl, index), lines.join('\n')].join('\n\n');
}

function decidedFor(verdict: Verdict, acl: Acl, index: number): string {
  const manager = new HeaderSpaceManager();
  const { entries } = acl;
  let left = headersOf(manager, verdict.flow, verdict.member);
  const matched = (at: number): HeaderSpace => manager.fromBoxes(boxesOf(entries.matchAt(at), NO_CLIP) ?? []);
  const [destination] = verdict.flow.destinations;
  const name = `${plain(verdict.segment.name)}, towards ${destination === undefined ? plain(verdict.advisory.id) : formatPrefix(destination)}`;
  const first = destination?.ip ?? 0;
  for (const before of entries.touching(0, MAX_IP, first, (first + 2 ** (32 - (destination?.length ?? 0)) - 1) >>> 0)) {
    if (before >= index || left === manager.empty) break;
    if (entries.undecidableAt(before) === undefined) left = manager.subtract(left, matched(before));
  }
  const decided = manager.intersect(left, matched(index));
  if (decided === manager.empty) return `${name}: it decides nothing.`;
  const boxes = manager.boxes(decided, 3).map(describeBox);
  return `${name}: it decides ${boxes.join('; ')}${boxes.length === 3 ? '; ...' : ''}.`;
}

/** What the entry says, with its masks as prefixes. */
function termsInWords(acl: Acl, index: number): string {
  const { src, dst } = acl.entries.matchAt(index);
  return `From ${terms(src)} to ${terms(dst)}.`;
}

function terms(list: readonly AddressTerm[]): string {
  const named = list.slice(0, 4).map((term) => {
    if (term.kind === 'range') return `${formatIp(term.first)} to ${formatIp(term.last)}`;
    if (term.wildcard === MAX_IP) return 'anywhere';
    const length = lengthOfMask((MAX_IP ^ term.wildcard) >>> 0);
    return length === undefined
      ? `${formatIp(term.value)} with wildcard ${formatIp(term.wildcard)}`
      : formatPrefix(prefixOf(term.value, length));
  });
  return list.length > 4 ? `${named.join(', ')} and ${list.length - 4} more` : named.join(', ');
}

function interfaceHover(review: Review, node: Node, source: SourceFile, offset: number): Hover | undefined {
  const iface = node.device.interfaces.find(
    ({ origin }) => origin.file === source.path && origin.start <= offset && offset <= origin.end,
  );
  if (iface === undefined) return undefined;
  const { start, end } = iface.origin;
  return { start, end, markdown: describeInterface(review, iface) };
}

function describeInterface(review: Review, iface: Interface): string {
  const networks = iface.addresses.map(({ prefix }) => formatPrefix(prefix)).join(', ');
  const head = `**${plain(iface.name)}**${networks === '' ? '' : `, ${networks}`}${iface.up ? '' : ', shut down'}`;
  const lines = review.verdicts
    .filter((verdict) => verdict.member.iface === iface)
    .map((verdict) => {
      const main = mainPart(verdict);
      const how = main === undefined ? '' : `: ${describeFlow(main.through.witness)} ${outcome(main.outcome)}`;
      return `- ${plain(verdict.advisory.id)}, ${plain(verdict.segment.name)}${verdict.flow.direction === 'to-segment' ? ' from outside' : ''}: **${verdict.word}**${how}`;
    });
  return lines.length === 0 ? `${head}\n\nIn no segment under review.` : `${head}\n\n${lines.join('\n')}`;
}

function outcome(word: 'leaves' | 'delivered'): string {
  return word === 'leaves' ? 'leaves the reviewed network' : 'is delivered inside';
}

/** A name that is no Markdown: one that was would fetch its pictures from anywhere. */
function plain(name: string): string {
  return name.replace(/[\\`*_[\]<>!&~]/g, '\\$&').replace(/\s+/g, ' ');
}

function code(name: string): string {
  return `\`${name.replace(/`/g, "'")}\``;
}
