import type { Acl } from '../../model/acl.js';
import { formatIp } from '../../net/ip.js';
import { maskOf, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { Span } from '../../text/span.js';
import { readIp } from '../common/words.js';
import type { Reading } from '../dialect.js';
import { SEQUENCE_STEP } from './edited-list.js';
import { lineStart, nextLineStart } from './file-lines.js';
import { maskSpan, type WrittenEntry, writtenEntry } from './written-entry.js';

/** `host 202.114.4.119`, `202.114.4.0 0.0.0.255`. */
export function writeAddress({ ip, length }: Prefix): string {
  if (length === 0) return 'any';
  return length === 32 ? `host ${formatIp(ip)}` : `${formatIp(ip)} ${formatIp(~maskOf(length) >>> 0)}`;
}

/** The device lines `deny` and `permit` up by blanks; `access-list` lines are mostly typed by hand. */
export function writeDeny(destination: Prefix, isBlock: boolean): string {
  return `deny ${isBlock ? '  ' : ''}ip any ${writeAddress(destination)}`;
}

export function denyBefore(
  reading: Reading,
  aclName: string,
  beforeIndex: number,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const { file, device } = reading;
  const acl = device.acls.get(aclName);
  if (acl === undefined || acl.kind !== 'extended' || destinations.length === 0) return undefined;
  if (beforeIndex >= acl.entries.count) return undefined;
  const atEnd = acl.entries.isImplicit(beforeIndex);
  // A list of nothing but the implicit entry has lines that are no model for another.
  if (atEnd && beforeIndex === 0) return undefined;
  const model = writtenEntry(file, acl, atEnd ? beforeIndex - 1 : beforeIndex);
  const numbers = freeNumbers(file, acl, beforeIndex, destinations.length);
  if (numbers === undefined) return undefined;
  const start = `${model.indent}${model.prefix}`;
  const lines = destinations.map((destination, at) => {
    const number = numbers.free[at] === undefined ? '' : `${numbers.free[at]} `;
    return `${start}${number}${writeDeny(destination, model.prefix === '')}`;
  });
  const remarkNumber = numbers.free[0] !== undefined && numbersRemarks(file, acl, model) ? `${numbers.free[0]} ` : '';
  const written = [`${start}${remarkNumber}remark ${remark}`, ...lines];
  const edits = numbers.renumbered.map(({ span, number }) => edit(file, span.start, span.end, String(number)));
  if (atEnd) return [...edits, edit(file, acl.end, acl.end, written.map((line) => file.lineEnd + line).join(''))];
  const place = aboveRemarks(file, lineStart(file, model.span.start), model.prefix);
  return [edit(file, place, place, written.map((line) => line + file.lineEnd).join('')), ...edits];
}

export function moveBefore(
  reading: Reading,
  aclName: string,
  index: number,
  beforeIndex: number,
): TextEdit[] | undefined {
  const { file, device } = reading;
  const acl = device.acls.get(aclName);
  if (acl === undefined || acl.kind === 'doubtful' || index <= beforeIndex || index >= acl.entries.count)
    return undefined;
  if (acl.entries.isImplicit(index)) return undefined;
  const moved = writtenEntry(file, acl, index);
  const target = writtenEntry(file, acl, beforeIndex);
  const numbers = freeNumbers(file, acl, beforeIndex, 1);
  // A number that the moved entry has would be its second one, and none where the others have one is the last.
  if (numbers === undefined || numbers.renumbered.some(({ span }) => span.start === moved.sequence?.start))
    return undefined;
  if ((moved.sequence === undefined) !== (numbers.free[0] === undefined)) return undefined;
  const number = numbers.free[0] === undefined ? '' : `${numbers.free[0]} `;
  const text = `${target.indent}${target.prefix}${number}${file.text.slice(moved.body, moved.span.end)}`;
  const place = aboveRemarks(file, lineStart(file, target.span.start), target.prefix);
  return [
    edit(file, place, place, text + file.lineEnd),
    ...numbers.renumbered.map(({ span, number: renumbered }) => edit(file, span.start, span.end, String(renumbered))),
    removeLine(file, moved),
  ];
}

export function correctMask(
  reading: Reading,
  aclName: string,
  index: number,
  side: 'src' | 'dst',
): TextEdit[] | undefined {
  const { file, device } = reading;
  const acl = device.acls.get(aclName);
  if (acl === undefined || index >= acl.entries.count || acl.entries.isImplicit(index)) return undefined;
  const span = maskSpan(file, acl, index, side);
  const mask = span === undefined ? undefined : readIp(file.text, span.start, span.end);
  if (span === undefined || mask === undefined) return undefined;
  return [edit(file, span.start, span.end, formatIp(~mask >>> 0))];
}

function edit(file: SourceFile, start: number, end: number, newText: string): TextEdit {
  return { file: file.path, start, end, newText };
}

function removeLine(file: SourceFile, { span }: WrittenEntry): TextEdit {
  const start = lineStart(file, span.start);
  const end = nextLineStart(file, span.end);
  // The last line of a file may have no line end: then the one before it goes.
  const takesBefore = end === file.text.length && !file.text.endsWith('\n') && start > 0;
  const before = file.text.charCodeAt(start - 2) === 13 ? 2 : 1;
  return edit(file, takesBefore ? start - before : start, end, '');
}

/**
 * Whether a remark bears the number of its entry, as IOS XE writes it ("10 remark x", "10 permit ..."),
 * which also prints the numbers of entries; IOS before it prints neither, and has a remark belong to the
 * entry that is typed next. A list that numbers its entries numbers its remarks too, unless it has one
 * without a number.
 *
 * Source: the examples of the Ansible collection cisco.ios, module ios_acls, and its issues 695 and 1044.
 */
function numbersRemarks(file: SourceFile, acl: Acl, { prefix }: WrittenEntry): boolean {
  return prefix === '' && !/^[ \t]*remark[ \t]/im.test(file.text.slice(acl.origin.start, acl.end));
}

/** The line start at or above `at` that leaves remarks with the entry below them. */
function aboveRemarks(file: SourceFile, at: number, prefix: string): number {
  let place = at;
  while (place > 0) {
    const above = lineStart(file, place - 1);
    const text = file.text.slice(above, place).trim();
    const own = prefix === '' ? text : text.startsWith(prefix.trim()) ? text.slice(prefix.length) : '';
    if (!/^(?:\d+\s+)?remark(?:\s|$)/i.test(own)) return place;
    place = above;
  }
  return place;
}

interface FreeNumbers {
  /** One for each new entry; empty where the list is written without numbers. */
  readonly free: readonly number[];
  /** Numbers that must make room. */
  readonly renumbered: readonly {
    readonly span: { readonly start: number; readonly end: number };
    readonly number: number;
  }[];
}

/**
 * Sequence numbers for `wanted` entries before `beforeIndex`. Undefined where some entries have
 * numbers and others have not, and which those are is only in the device.
 */
function freeNumbers(file: SourceFile, acl: Acl, beforeIndex: number, wanted: number): FreeNumbers | undefined {
  const { entries } = acl;
  const last = entries.isImplicit(entries.count - 1) ? entries.count - 2 : entries.count - 1;
  let hasNumbers = false;
  let lacksNumbers = false;
  for (let index = 0; index <= last; index += 1) {
    if (entries.sequenceAt(index) === undefined) lacksNumbers = true;
    else hasNumbers = true;
  }
  if (!hasNumbers) return { free: [], renumbered: [] };
  if (lacksNumbers) return undefined;
  const below = beforeIndex === 0 ? 0 : (entries.sequenceAt(beforeIndex - 1) as number);
  const above = beforeIndex > last ? below + SEQUENCE_STEP * (wanted + 1) : (entries.sequenceAt(beforeIndex) as number);
  const step = Math.floor((above - below) / (wanted + 1));
  if (step >= 1) return { free: Array.from({ length: wanted }, (_, at) => below + step * (at + 1)), renumbered: [] };
  const free = Array.from({ length: wanted }, (_, at) => below + at + 1);
  const renumbered: { span: { start: number; end: number }; number: number }[] = [];
  let used = below + wanted;
  for (let index = beforeIndex; index <= last && (entries.sequenceAt(index) as number) <= used; index += 1) {
    const { sequence } = writtenEntry(file, acl, index);
    if (sequence === undefined) return undefined;
    used += SEQUENCE_STEP;
    renumbered.push({ span: sequence, number: used });
    for (const span of remarkNumbers(file, sequence)) renumbered.push({ span, number: used });
  }
  return { free, renumbered };
}

/** The numbers of the remarks that stand above an entry and bear its number. */
function remarkNumbers(file: SourceFile, sequence: Span): Span[] {
  const number = file.text.slice(sequence.start, sequence.end);
  const spans: Span[] = [];
  let place = lineStart(file, sequence.start);
  while (place > 0) {
    const above = lineStart(file, place - 1);
    const found = /^([ \t]*)(\d+)[ \t]+remark(?:\s|$)/i.exec(file.text.slice(above, place));
    if (found?.[2] !== number) break;
    const start = above + (found[1] as string).length;
    spans.push({ start, end: start + number.length });
    place = above;
  }
  return spans;
}
