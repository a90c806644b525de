import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { Box, Header, HeaderSpace, HeaderSpaceManager, Interval } from '../headerspace/header-space.js';
import type { Interface } from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { firstIp, lastIp, type Prefix } from '../net/prefix.js';
import { hasPorts, Protocol, TcpFlag } from '../net/protocols.js';
import type { Flow } from '../reachability/flow.js';
import { stateInterval } from '../reachability/symbolic/boxes.js';
import type { Member } from './segments.js';

/** The headers of the first packets that real hosts of the member would send to the flow's destinations. */
export function headersOf(manager: HeaderSpaceManager, flow: AdvisoryFlow, member: Member): HeaderSpace {
  const box: Box = {
    dst: flow.destinations.map(toInterval),
    ...(member.sources.length === 0 ? {} : { src: member.sources.map(toInterval) }),
    ...openingBox(flow),
  };
  const nobody = member.sources.length === 0 ? NO_HOSTS : [];
  const unreal = [...nobody, ...(member.remote ? [] : unrealHosts(member.iface))];
  return manager.subtract(manager.fromBox(box), manager.fromBox({ src: unreal }));
}

/** The packets of a flow that open a connection, from and to anywhere. */
export function openingBox(flow: AdvisoryFlow): Box {
  return {
    ...(flow.protocol === undefined ? {} : { protocol: [[flow.protocol, flow.protocol]] }),
    ...(flow.dstPorts === undefined
      ? {}
      : { dstPort: flow.dstPorts.map(({ first, last }): Interval => [first, last]) }),
    // A connection is opened by a SYN. The flags do not count for other protocols, and so are fixed for all.
    tcpFlags: [[TcpFlag.syn, TcpFlag.syn]],
    state: [stateInterval('new')],
  };
}

/** Addresses on the interface's networks that no host of them has. */
export function unrealHosts({ addresses, virtualAddresses }: Interface): Interval[] {
  const own = [
    ...addresses.flatMap(({ ip, prefix }) => unrealSources(ip, prefix)),
    ...virtualAddresses.map(({ ip }) => ip),
  ];
  return own.map((ip): Interval => [ip, ip]);
}

/**
 * Sources that no host sends and no router forwards: this network, loopback, multicast, and what is reserved.
 * Source: RFC 1812, section 5.3.7.
 */
export const NO_HOSTS: readonly Interval[] = [
  [0, 0x00ffffff],
  [0x7f000000, 0x7fffffff],
  [0xe0000000, 0xffffffff],
];

/** Addresses of a network that no host of it has: the router's own, the network's, the broadcast. */
function unrealSources(own: Ip, prefix: Prefix): Ip[] {
  return prefix.length >= 31 ? [own] : [own, firstIp(prefix), lastIp(prefix)];
}

export function toInterval(prefix: Prefix): Interval {
  return [firstIp(prefix), lastIp(prefix)];
}

/** A member of a set of headers as a packet. Fields that its protocol does not have are 0. */
export function toFlow(header: Header): Flow {
  const ports = hasPorts(header.protocol);
  const icmp = header.protocol === Protocol.icmp;
  return {
    src: header.src,
    dst: header.dst,
    protocol: header.protocol,
    srcPort: ports ? header.srcPort : 0,
    dstPort: ports ? header.dstPort : 0,
    icmpType: icmp ? header.icmp >>> 8 : 0,
    icmpCode: icmp ? header.icmp & 255 : 0,
    tcpFlags: header.protocol === Protocol.tcp ? header.tcpFlags : 0,
    state: header.state === 0 ? 'new' : 'established',
  };
}

export function toHeader(flow: Flow): Header {
  return {
    src: flow.src,
    dst: flow.dst,
    protocol: flow.protocol,
    srcPort: flow.srcPort,
    dstPort: flow.dstPort,
    icmp: flow.icmpType * 256 + flow.icmpCode,
    tcpFlags: flow.protocol === Protocol.tcp ? flow.tcpFlags : TcpFlag.syn,
    state: flow.state === 'new' ? 0 : 1,
  };
}

/** What a witness is chosen by, among packets that serve as well: it should look like a real one. */
export function witnessPreferences(flow: AdvisoryFlow): Box[] {
  const { protocol, dstPort } = flow.usual ?? { protocol: Protocol.tcp, dstPort: 443 };
  return [
    { protocol: [[protocol, protocol]] },
    ...(flow.sources === undefined ? [] : [{ src: flow.sources.map(toInterval) }, { src: flow.hosts.map(toInterval) }]),
    // Of the addresses that are no hosts' own, those of a network and its broadcast are the least likely.
    {
      dst: flow.destinations
        .filter((one) => one.length < 31)
        .map((one): Interval => [firstIp(one) + 1, lastIp(one) - 1]),
    },
    ...flow.hosts.map((host): Box => ({ dst: [toInterval(host)] })),
    { dstPort: [[dstPort, dstPort]] },
    { srcPort: [[49_152, 65_535]] },
  ];
}
