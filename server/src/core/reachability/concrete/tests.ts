import { addressKindsOf } from '../../dataplane/address-kinds.js';
import type { Node } from '../../dataplane/network.js';
import type { Interface } from '../../model/device.js';
import type { AddressKind, Test, TrackedState } from '../../model/policy.js';
import { Protocol } from '../../net/protocols.js';
import { ICMP_ERRORS, isValidTcp, OPENING_ICMP, opensTcp } from '../../net/tracking.js';
import type { Flow } from '../flow.js';
import { askLists } from './lists.js';
import { type Answer, allOf, not, oneMatches, oneOf } from './match.js';
import type { Packet } from './packet.js';

/** Where a rule asks: on which device, between which interfaces. */
export interface Asking {
  readonly node: Node;
  readonly ingress: Interface;
  /** `unknown`: out of one that no file names; `none`: not decided yet. */
  readonly egress: Interface | 'unknown' | 'none';
  readonly beforeTracking: boolean;
}

/** Whether all tests of a rule hold for a packet. */
export function testsHold(tests: readonly Test[], packet: Packet, asking: Asking): Answer {
  let answer: Answer = 'yes';
  for (const test of tests) {
    const one = testHolds(test, packet, asking);
    if (one === 'no') return 'no';
    if (one === 'maybe') answer = 'maybe';
  }
  return answer;
}

function testHolds(test: Test, packet: Packet, asking: Asking): Answer {
  if (test.kind === 'undecidable') return 'maybe';
  const answer = plainly(test, packet, asking);
  return test.negated ? not(answer) : answer;
}

function plainly(test: Exclude<Test, { kind: 'undecidable' }>, packet: Packet, asking: Asking): Answer {
  switch (test.kind) {
    case 'header': {
      const { flow, blurred } = test.original ? packet.entered : packet;
      return oneMatches(test.matches, flow, blurred);
    }
    case 'in':
      return said(hasName(asking.ingress, test.names));
    case 'out':
      if (asking.egress === 'unknown') return 'maybe';
      return said(asking.egress !== 'none' && hasName(asking.egress, test.names));
    case 'state':
      return said(test.states.includes(trackedState(packet, asking)));
    case 'mark':
    case 'connection-mark': {
      const mark = test.kind === 'mark' ? packet.mark : packet.connectionMark;
      if (mark === undefined) return 'maybe';
      const value = (mark & test.mask) >>> 0;
      return said(test.ranges.some(({ first, last }) => first <= value && value <= last));
    }
    case 'translated':
      return said(packet.translated[test.field]);
    case 'address-kind':
      return kindHolds(test.kinds, test.field, packet, asking);
    case 'list': {
      const acl = asking.node.device.acls.get(test.acl);
      if (acl === undefined || acl.entries.count === 0) {
        if (test.empty === undefined) return 'no';
        return test.empty === 'permits' ? 'yes' : 'maybe';
      }
      const filter = { names: [test.acl], direction: 'in' as const, origin: acl.origin };
      const answers = askLists(packet, asking.node, asking.ingress, filter, undefined);
      if (answers.every(({ permits }) => permits)) return 'yes';
      return answers.some(({ permits }) => permits) ? 'maybe' : 'no';
    }
    case 'any':
      return oneOf(test.alternatives.map((tests) => allOf(tests.map((one) => testHolds(one, packet, asking)))));
  }
}

function said(holds: boolean): Answer {
  return holds ? 'yes' : 'no';
}

function hasName({ name, aliases }: Interface, names: readonly string[]): boolean {
  const all = [name, ...aliases];
  return names.some((wanted) =>
    wanted.endsWith('*') ? all.some((one) => one.startsWith(wanted.slice(0, -1))) : all.includes(wanted),
  );
}

/** What connection tracking says of the packet. */
function trackedState({ flow, tracked }: Packet, { beforeTracking }: Asking): TrackedState {
  if (!tracked) return 'untracked';
  if (beforeTracking) return 'invalid';
  return flow.state === 'new' ? stateOfNew(flow) : stateOfKnown(flow);
}

function stateOfNew(flow: Flow): TrackedState {
  if (flow.protocol === Protocol.tcp) return opensTcp(flow.tcpFlags) ? 'new' : 'invalid';
  if (flow.protocol === Protocol.icmp) return OPENING_ICMP.includes(flow.icmpType) ? 'new' : 'invalid';
  return 'new';
}

function stateOfKnown(flow: Flow): TrackedState {
  if (flow.protocol === Protocol.tcp) return isValidTcp(flow.tcpFlags) ? 'established' : 'invalid';
  if (flow.protocol === Protocol.icmp && ICMP_ERRORS.includes(flow.icmpType)) return 'related';
  return 'established';
}

function kindHolds(wanted: readonly AddressKind[], field: 'src' | 'dst', packet: Packet, { node }: Asking): Answer {
  const { ranges, complete } = addressKindsOf(node.device);
  if (wanted.includes('other')) return 'maybe';
  // Which of the addresses are its own is asked only where others are treated otherwise.
  if (!complete && wanted.includes('local') !== wanted.includes('unicast')) return 'maybe';
  const kindOf = (ip: number) => ranges.find(({ first, last }) => first <= ip && ip <= last)?.kind ?? 'unicast';
  const range = packet.blurred[field];
  if (range === undefined) return said(wanted.includes(kindOf(packet.flow[field])));
  const places = [range.first, ...ranges.flatMap(({ first, last }) => [first, last + 1])];
  const kinds = places.filter((ip) => range.first <= ip && ip <= range.last).map(kindOf);
  if (kinds.every((kind) => wanted.includes(kind))) return 'yes';
  return kinds.some((kind) => wanted.includes(kind)) ? 'maybe' : 'no';
}
