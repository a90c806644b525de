import type { Box, Interval } from '../../headerspace/header-space.js';
import type { AddressTerm, HeaderMatch, PortRange, ServiceTerm, TcpFlagTest } from '../../model/header-match.js';
import { type Ip, MAX_IP } from '../../net/ip.js';
import { Protocol } from '../../net/protocols.js';

/** The addresses that a question is about; what a match says outside of them does not matter. */
export interface Clip {
  readonly src: Interval;
  readonly dst: Interval;
}

export const NO_CLIP: Clip = { src: [0, MAX_IP], dst: [0, MAX_IP] };

/** A wildcard that falls apart into more intervals than this is taken as a whole, and said to be undecidable. */
const MAX_INTERVALS = 65_536;
const MAX_TCP_FLAGS = 63;

/**
 * The headers that a match holds for, inside the clip, as boxes whose union they are. Undefined
 * where they would be too many intervals to write down.
 */
export function boxesOf(match: HeaderMatch, clip: Clip): Box[] | undefined {
  const src = addressIntervals(match.src, clip.src);
  const dst = addressIntervals(match.dst, clip.dst);
  if (src === undefined || dst === undefined) return undefined;
  if (src.length === 0 || dst.length === 0) return [];
  const state = match.state === undefined ? undefined : [stateInterval(match.state)];
  return match.services.map((service) => boxOf(src, dst, service, state));
}

/** Whether a box is all of the clip. */
export function isWholeClip(box: Box, { src, dst }: Clip): boolean {
  return isWhole(box.src, src) && isWhole(box.dst, dst) && Object.keys(box).length === 2;
}

function isWhole(intervals: readonly Interval[] | undefined, [first, last]: Interval): boolean {
  const only = intervals?.[0];
  return only !== undefined && intervals?.length === 1 && only[0] === first && only[1] === last;
}

export function stateInterval(state: 'new' | 'established'): Interval {
  return state === 'new' ? [0, 0] : [1, 1];
}

function addressIntervals(terms: readonly AddressTerm[], clip: Interval): Interval[] | undefined {
  const [only] = terms;
  if (terms.length === 1 && only?.kind === 'wildcard' && isContiguous(only.wildcard)) {
    return blockWithin(only.value, only.wildcard, clip);
  }
  const intervals: Interval[] = [];
  for (const term of terms) {
    if (term.kind === 'range') {
      const first = Math.max(term.first, clip[0]);
      const last = Math.min(term.last, clip[1]);
      if (first <= last) intervals.push([first, last]);
    } else if (!pushWildcard(intervals, term.value, term.wildcard, clip)) {
      return undefined;
    }
  }
  return intervals;
}

/** Whether the wildcard bits all stand at the bottom, as nearly all do. */
function isContiguous(wildcard: Ip): boolean {
  return (wildcard & (wildcard + 1)) === 0;
}

/** The addresses of a contiguous wildcard that lie in `[first, last]`. */
function blockWithin(value: Ip, wildcard: Ip, [first, last]: Interval): Interval[] {
  const from = (value & ~wildcard) >>> 0;
  const low = Math.max(from, first);
  const high = Math.min(from + wildcard, last);
  return low <= high ? [[low, high]] : [];
}

/**
 * Adds the addresses of a wildcard that lie in `[first, last]`. The wildcard bits at the bottom make
 * each interval; every other wildcard bit below what the clip's addresses share doubles their number.
 */
function pushWildcard(intervals: Interval[], value: Ip, wildcard: Ip, [first, last]: Interval): boolean {
  const sharedLength = Math.clz32((first ^ last) >>> 0);
  const shared = sharedLength === 0 ? 0 : (0xffffffff << (32 - sharedLength)) >>> 0;
  if (((value ^ first) & shared & ~wildcard) !== 0) return true;
  const base = ((value & ~wildcard) | (first & shared & wildcard)) >>> 0;
  const open = (wildcard & ~shared) >>> 0;
  const blockBits = 32 - Math.clz32(~open & (open + 1)) - 1;
  const blockLength = blockBits < 0 ? 32 : blockBits;
  const block = blockLength === 32 ? MAX_IP : 2 ** blockLength - 1;
  const scattered = (open & ~block) >>> 0;
  let count = 1;
  for (let bits = scattered; bits !== 0; bits &= bits - 1) {
    count *= 2;
    if (count > MAX_INTERVALS) return false;
  }
  // Counting with carries that jump over the bits outside of `scattered` visits its subsets in order.
  let subset = 0;
  do {
    const from = (base | subset) >>> 0;
    const low = Math.max(from, first);
    const high = Math.min(from + block, last);
    if (low <= high) intervals.push([low, high]);
    subset = (((subset | ~scattered) + 1) & scattered) >>> 0;
  } while (subset !== 0);
  return true;
}

type Intervals = readonly Interval[];

// Field by field: a list may have 100,000 entries, and spreading objects into each other took four times as long.
function boxOf(src: Intervals, dst: Intervals, service: ServiceTerm, state: Intervals | undefined): Box {
  const box: { -readonly [Field in keyof Box]: Box[Field] } = { src, dst };
  const protocol = service.protocol === undefined ? impliedProtocol(service) : [single(service.protocol)];
  if (protocol !== undefined) box.protocol = protocol;
  if (service.srcPorts !== undefined) box.srcPort = portIntervals(service.srcPorts);
  if (service.dstPorts !== undefined) box.dstPort = portIntervals(service.dstPorts);
  if (service.icmp !== undefined) {
    box.icmp = service.icmp.map(
      ({ type, code }): Interval => (code === undefined ? [type * 256, type * 256 + 255] : single(type * 256 + code)),
    );
  }
  if (service.tcpFlags !== undefined) box.tcpFlags = flagIntervals(service.tcpFlags);
  if (state !== undefined) box.state = state;
  return box;
}

function single(value: number): Interval {
  return [value, value];
}

/** A test on a field that only some protocols have is a test for these protocols too. */
function impliedProtocol(service: ServiceTerm): Intervals | undefined {
  if (service.tcpFlags !== undefined) return [single(Protocol.tcp)];
  if (service.icmp !== undefined) return [single(Protocol.icmp)];
  if (service.srcPorts === undefined && service.dstPorts === undefined) return undefined;
  return [single(Protocol.tcp), single(Protocol.udp), single(Protocol.sctp)];
}

function portIntervals(ranges: readonly PortRange[]): Interval[] {
  return ranges.map(({ first, last }): Interval => [first, last]);
}

function flagIntervals({ kind, set, clear }: TcpFlagTest): Interval[] {
  const intervals: Interval[] = [];
  for (let flags = 0; flags <= MAX_TCP_FLAGS; flags += 1) {
    const up = flags & set;
    const down = ~flags & clear;
    if (kind === 'all' ? up === set && down === clear : up !== 0 || down !== 0) intervals.push([flags, flags]);
  }
  return intervals;
}
