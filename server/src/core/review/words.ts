import type { Box, Interval } from '../headerspace/header-space.js';
import { formatIp } from '../net/ip.js';
import { formatPrefix, prefixesOfRange } from '../net/prefix.js';
import { protocolName } from '../net/protocols.js';
import type { Flow } from '../reachability/flow.js';

/** More parts of a list than this are counted and not named. */
const MOST_PARTS = 3;

/** What a box holds, in words: `tcp to 202.114.4.119 port 515`. */
export function describeBox(box: Box): string {
  const protocol = box.protocol === undefined ? 'any protocol' : protocols(box.protocol);
  const source = box.src === undefined ? '' : ` from ${list(box.src, undefined)}`;
  const destination = box.dst === undefined ? '' : ` to ${list(box.dst, undefined)}`;
  return `${protocol}${source}${ports(box.srcPort, ' with source port')}${destination}${ports(box.dstPort, ' port')}`;
}

/** With a few protocols less than all, what is missing says more than what is there. */
function protocols(intervals: readonly Interval[]): string {
  const missing: number[] = [];
  let next = 0;
  for (const [first, last] of [...intervals, [256, 256] as const]) {
    for (; next < first && missing.length <= MOST_PARTS; next += 1) missing.push(next);
    next = last + 1;
  }
  if (missing.length === 0) return 'any protocol';
  return missing.length <= MOST_PARTS
    ? `any protocol but ${missing.map(protocolName).join(', ')}`
    : list(intervals, protocolName);
}

function ports(intervals: readonly Interval[] | undefined, words: string): string {
  return intervals === undefined || isAll(intervals, 65535) ? '' : `${words} ${list(intervals, String)}`;
}

function isAll(intervals: readonly Interval[], maximum: number): boolean {
  return intervals.some(([first, last]) => first === 0 && last === maximum);
}

/** A list of numbers, or of addresses where no name for a number is given. */
function list(intervals: readonly Interval[], name: ((value: number) => string) | undefined): string {
  const named = intervals.slice(0, MOST_PARTS).map(([first, last]) => {
    if (name === undefined) return addresses(first, last);
    return first === last ? name(first) : `${name(first)} to ${name(last)}`;
  });
  const rest = intervals.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

function addresses(first: number, last: number): string {
  if (first === last) return formatIp(first);
  const [prefix, ...others] = prefixesOfRange(first, last);
  return prefix !== undefined && others.length === 0 ? formatPrefix(prefix) : `${formatIp(first)} to ${formatIp(last)}`;
}

/** A packet, in words: `tcp 10.20.10.5:40000 to 202.114.4.119:515`. */
export function describeFlow(flow: Flow): string {
  const withPorts = flow.srcPort !== 0 || flow.dstPort !== 0;
  const source = withPorts ? `${formatIp(flow.src)}:${flow.srcPort}` : formatIp(flow.src);
  const destination = withPorts ? `${formatIp(flow.dst)}:${flow.dstPort}` : formatIp(flow.dst);
  return `${protocolName(flow.protocol)} ${source} to ${destination}`;
}
