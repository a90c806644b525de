import { formatIp } from '../net/ip.js';
import { hasPorts, Protocol, protocolName } from '../net/protocols.js';
import type { Fate, Hop } from '../reachability/disposition.js';
import type { Flow } from '../reachability/flow.js';
import type { ReportHop, ReportPacket, ReportSegment, ReportVerdict } from '../report.js';
import { redact, redactQuoted } from '../text/redact.js';
import type { Places } from './places.js';
import { type Segment, subnetsOf } from './segments.js';
import { mainPart, type Verdict } from './verdict.js';

export function reportSegment(segment: Segment): ReportSegment {
  return {
    name: segment.name,
    members: segment.members.map((member) => ({
      device: member.node.device.name,
      interface: member.iface.name,
      ...(member.iface.vlan === undefined ? {} : { vlan: member.iface.vlan }),
      subnets: subnetsOf(member),
    })),
  };
}

export function reportVerdict(verdict: Verdict, places: Places): ReportVerdict {
  const main = mainPart(verdict);
  const hosts =
    main === undefined ? [] : verdict.word === 'reachable' ? main.through.hosts : main.through.possibleHosts;
  const { node, iface } = verdict.member;
  return {
    advisory: verdict.advisory.id,
    flow: verdict.flow.name,
    ...(verdict.flow.direction === 'to-segment' ? { direction: verdict.flow.direction } : {}),
    segment: verdict.segment.name,
    device: node.device.name,
    interface: iface.name,
    ...(verdict.aliases === undefined
      ? {}
      : {
          translatedBy: verdict.aliases.map(({ device, origin }) => ({
            device,
            name: redact(origin.label),
            file: origin.file,
            line: places.line(origin.file, origin),
          })),
        }),
    verdict: verdict.word,
    ...(main === undefined ? {} : { outcome: verdict.leaves === undefined ? 'delivered' : 'leaves' }),
    hosts: [...new Set(hosts)].sort((a, b) => a - b).map(formatIp),
    exits: verdict.exits.map((exit) => ({
      device: exit.device,
      ...(exit.iface === undefined ? {} : { interface: exit.iface.name }),
      ...(exit.nextHop === undefined ? {} : { nextHop: formatIp(exit.nextHop) }),
    })),
    witness: main?.through.witnessed === true ? reportPacket(main.through.witness) : null,
    trace: main === undefined ? [] : reportHops(main.through.fate, places),
    blockedBy: verdict.blockedBy.map((block) => {
      const origin = block.origin ?? iface.origin;
      return { device: block.device, name: block.name, file: origin.file, line: places.line(origin.file, origin) };
    }),
    assumptions: verdict.assumptions.map((words) => redact(words)),
  };
}

export function reportHops(fate: Fate, places: Places): ReportHop[] {
  return fate.hops.map((hop) => reportHop(hop, places));
}

function reportHop({ device, step, name, action, origin }: Hop, places: Places): ReportHop {
  const place = origin === undefined ? {} : { file: origin.file, line: places.line(origin.file, origin) };
  return { device, step, name, action: redactQuoted(action), ...place };
}

export function reportPacket(flow: Flow): ReportPacket {
  return {
    protocol: protocolName(flow.protocol),
    source: formatIp(flow.src),
    ...(hasPorts(flow.protocol) ? { sourcePort: flow.srcPort } : {}),
    destination: formatIp(flow.dst),
    ...(hasPorts(flow.protocol) ? { destinationPort: flow.dstPort } : {}),
    ...(flow.protocol === Protocol.icmp ? { icmpType: flow.icmpType, icmpCode: flow.icmpCode } : {}),
  };
}
