import type { RewrittenField } from '../model/device.js';
import {
  type AddressTerm,
  ANY_ADDRESS,
  type HeaderMatch,
  type PortRange,
  type ServiceTerm,
} from '../model/header-match.js';
import { type Ip, MAX_IP } from '../net/ip.js';
import { hasPorts, Protocol } from '../net/protocols.js';
import type { Flow } from './flow.js';

/** Whether a header match holds for one packet: the plain meaning of every term, field by field. */
export function matches(match: HeaderMatch, flow: Flow): boolean {
  return (
    match.dst.some((term) => addressMatches(term, flow.dst)) &&
    match.src.some((term) => addressMatches(term, flow.src)) &&
    match.services.some((service) => serviceMatches(service, flow)) &&
    (match.state === undefined || match.state === flow.state)
  );
}

/**
 * As `matches`, for a packet whose named fields may have been changed to anything: whether the match
 * holds whatever they are now, for none of it, or for some.
 */
export function matchesApartFrom(
  match: HeaderMatch,
  flow: Flow,
  fields: readonly RewrittenField[],
): 'yes' | 'no' | 'maybe' {
  const free = (field: RewrittenField) => fields.includes(field);
  const relaxed: HeaderMatch = {
    ...match,
    src: free('src') && match.src.length > 0 ? ANY_ADDRESS : match.src,
    dst: free('dst') && match.dst.length > 0 ? ANY_ADDRESS : match.dst,
    services: match.services.map((service) => {
      const { srcPorts, dstPorts, ...rest } = service;
      return {
        ...rest,
        ...(srcPorts === undefined ? {} : { srcPorts: free('srcPort') ? widened(srcPorts) : srcPorts }),
        ...(dstPorts === undefined ? {} : { dstPorts: free('dstPort') ? widened(dstPorts) : dstPorts }),
      };
    }),
  };
  if (!matches(relaxed, flow)) return 'no';
  const sameAddresses = isAny(match.src, free('src')) && isAny(match.dst, free('dst'));
  const samePorts = match.services.some(
    (service) =>
      !(free('srcPort') && service.srcPorts !== undefined) &&
      !(free('dstPort') && service.dstPorts !== undefined) &&
      serviceMatches(service, flow),
  );
  return sameAddresses && samePorts ? 'yes' : 'maybe';
}

function widened(ranges: readonly PortRange[]): readonly PortRange[] {
  return ranges.length === 0 ? ranges : [{ first: 0, last: 65535 }];
}

/** Whether a changed address cannot make a difference to these terms. */
function isAny(terms: readonly AddressTerm[], changed: boolean): boolean {
  return !changed || terms.some((term) => term.kind === 'wildcard' && term.wildcard === MAX_IP);
}

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
