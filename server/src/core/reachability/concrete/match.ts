import type { RewrittenField } from '../../model/device.js';
import type { AddressTerm, HeaderMatch, PortRange, ServiceTerm } from '../../model/header-match.js';
import type { Range } from '../../model/policy.js';
import { type Ip, MAX_IP } from '../../net/ip.js';
import { hasPorts, Protocol } from '../../net/protocols.js';
import type { Flow } from '../flow.js';
import type { Blurred } from './packet.js';

/** Whether something holds: surely, surely not, or it cannot be told. */
export type Answer = 'yes' | 'no' | 'maybe';

/** Whether a header match holds for one packet: the plain meaning of every term, field by field. */
export function matches(match: HeaderMatch, flow: Flow): boolean {
  return (
    match.dst.some((term) => addressMatches(term, flow.dst)) &&
    match.src.some((term) => addressMatches(term, flow.src)) &&
    match.services.some((service) => serviceMatches(service, flow)) &&
    (match.state === undefined || match.state === flow.state)
  );
}

/** Whether one of several matches holds for a packet. Tens of thousands of rules ask it of each packet. */
export function oneMatches(all: readonly HeaderMatch[], flow: Flow, blurred: Blurred): Answer {
  let answer: Answer = 'no';
  for (const match of all) {
    const one = matchesBlurred(match, flow, blurred);
    if (one === 'yes') return 'yes';
    if (one === 'maybe') answer = 'maybe';
  }
  return answer;
}

/**
 * As `matches`, for a packet of which some fields may have any value of a range: whether the match
 * holds whatever they are, for none of it, or for some.
 */
export function matchesBlurred(match: HeaderMatch, flow: Flow, blurred: Blurred): Answer {
  if (isPlain(blurred)) return matches(match, flow) ? 'yes' : 'no';
  if (match.state !== undefined && match.state !== flow.state) return 'no';
  const addresses = [addressAnswer(match.src, flow, blurred, 'src'), addressAnswer(match.dst, flow, blurred, 'dst')];
  return allOf([...addresses, servicesAnswer(match.services, flow, blurred)]);
}

function isPlain(blurred: Blurred): boolean {
  for (const _ in blurred) return false;
  return true;
}

/** Whether all hold. */
export function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

/** Whether one of them holds. */
export function oneOf(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

export function not(answer: Answer): Answer {
  return answer === 'maybe' ? answer : answer === 'yes' ? 'no' : 'yes';
}

function addressAnswer(terms: readonly AddressTerm[], flow: Flow, blurred: Blurred, field: 'src' | 'dst'): Answer {
  const range = blurred[field];
  if (range === undefined) return terms.some((term) => addressMatches(term, flow[field])) ? 'yes' : 'no';
  const ranges = terms.flatMap((term) => rangesOf(term, range));
  return rangeAnswer(range, ranges);
}

/** The values of a term around a range; a wildcard with gaps is looked at address by address where the range is small. */
function rangesOf(term: AddressTerm, { first, last }: Range): Range[] {
  if (term.kind === 'range') return [term];
  const { value, wildcard } = term;
  const low = (value & ~wildcard) >>> 0;
  const isBlock = ((wildcard + 1) & wildcard) === 0 || wildcard === MAX_IP;
  if (isBlock) return [{ first: low, last: (low | wildcard) >>> 0 }];
  const found: Range[] = [];
  for (let address = first; address <= last && address < first + MOST_ADDRESSES; address += 1) {
    if (addressMatches(term, address)) found.push({ first: address, last: address });
  }
  // Too many to look at each: some may be in it, and not all are taken to be.
  return last - first < MOST_ADDRESSES ? found : [{ first, last: first }];
}

const MOST_ADDRESSES = 4096;

/** Whether a value that is somewhere in `range` is in one of the ranges. */
function rangeAnswer({ first, last }: Range, ranges: readonly Range[]): Answer {
  let next = first;
  let touches = false;
  for (const one of [...ranges].sort((a, b) => a.first - b.first)) {
    if (one.last < first || one.first > last) continue;
    touches = true;
    if (one.first > next) return 'maybe';
    next = Math.max(next, one.last + 1);
  }
  if (!touches) return 'no';
  return next > last ? 'yes' : 'maybe';
}

function servicesAnswer(services: readonly ServiceTerm[], flow: Flow, blurred: Blurred): Answer {
  const ports = (list: readonly PortRange[] | undefined, field: RewrittenField & ('srcPort' | 'dstPort')): Answer => {
    const range = blurred[field];
    if (list === undefined || range === undefined) return 'yes';
    return rangeAnswer(range, list);
  };
  return oneOf(
    services.map((service) => {
      const { srcPorts, dstPorts, ...rest } = service;
      const known: ServiceTerm = {
        ...rest,
        ...(srcPorts === undefined ? {} : { srcPorts: blurred.srcPort === undefined ? srcPorts : ANY_PORT }),
        ...(dstPorts === undefined ? {} : { dstPorts: blurred.dstPort === undefined ? dstPorts : ANY_PORT }),
      };
      if (!serviceMatches(known, flow)) return 'no';
      return allOf([ports(srcPorts, 'srcPort'), ports(dstPorts, 'dstPort')]);
    }),
  );
}

const ANY_PORT: readonly PortRange[] = [{ first: 0, last: 65_535 }];

function addressMatches(term: AddressTerm, ip: Ip): boolean {
  return term.kind === 'range' ? term.first <= ip && ip <= term.last : ((ip ^ term.value) & ~term.wildcard) === 0;
}

function serviceMatches(service: ServiceTerm, flow: Flow): boolean {
  if (service.protocol !== undefined && service.protocol !== flow.protocol) return false;
  if (service.srcPorts !== undefined && !portMatches(service.srcPorts, flow.protocol, flow.srcPort)) return false;
  if (service.dstPorts !== undefined && !portMatches(service.dstPorts, flow.protocol, flow.dstPort)) return false;
  if (service.icmp !== undefined) {
    const code = (wanted: number | undefined) => wanted === undefined || wanted === flow.icmpCode;
    if (flow.protocol !== Protocol.icmp) return false;
    if (!service.icmp.some((term) => term.type === flow.icmpType && code(term.code))) return false;
  }
  if (service.tcpFlags !== undefined) {
    const { kind, set, clear } = service.tcpFlags;
    if (flow.protocol !== Protocol.tcp) return false;
    const up = flow.tcpFlags & set;
    const down = ~flow.tcpFlags & clear;
    if (kind === 'all' ? up !== set || down !== clear : up === 0 && down === 0) return false;
  }
  return true;
}

function portMatches(ranges: readonly PortRange[], protocol: number, port: number): boolean {
  return hasPorts(protocol) && ranges.some((range) => range.first <= port && port <= range.last);
}
