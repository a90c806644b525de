/**
 * Zones and VLAN maps of IOS, from random configurations: the symbolic engine against the concrete
 * evaluator, and both against the few sentences of the vendor's, said once more here without any model.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { buildNetwork, buildNode } from '../../server/src/core/dataplane/network.js';
import { ciscoIos } from '../../server/src/core/dialects/cisco-ios/index.js';
import { HeaderSpaceManager } from '../../server/src/core/headerspace/header-space.js';
import { findInterface } from '../../server/src/core/model/device.js';
import { formatIp } from '../../server/src/core/net/ip.js';
import { Protocol, TcpFlag } from '../../server/src/core/net/protocols.js';
import { evaluate } from '../../server/src/core/reachability/evaluate.js';
import type { Flow } from '../../server/src/core/reachability/flow.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';
import { askAll, headerOf } from './asking.js';
import { packets, SOURCE_NETWORK, TARGET } from './random-network.js';

const NETWORKS = 600;
const PACKETS_EACH = 10;

/** Lines of lists, and what they match. */
const TERMS: Readonly<Record<string, (flow: Flow) => boolean>> = {
  'ip any any': () => true,
  'tcp any any': ({ protocol }) => protocol === Protocol.tcp,
  'ip any host 202.114.4.119': ({ dst }) => formatIp(dst) === '202.114.4.119',
  'udp any 202.114.4.0 0.0.0.127': ({ protocol, dst }) => protocol === Protocol.udp && (dst & 255) < 128,
  'icmp any any': ({ protocol }) => protocol === Protocol.icmp,
};
/** What a class matches by, beside lists. */
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: Protocol.tcp, udp: Protocol.udp, icmp: Protocol.icmp };

type List = readonly { readonly permits: boolean; readonly term: string }[];
interface Match {
  readonly list: number | undefined;
  readonly protocol: string;
  readonly negated: boolean;
}
interface ClassMap {
  readonly all: boolean;
  readonly matches: readonly Match[];
}
type Action = 'inspect' | 'pass' | 'drop';
interface PolicyMap {
  readonly classes: readonly { readonly index: number; readonly action: Action }[];
  readonly fallback: Action | undefined;
}

const list: fc.Arbitrary<List> = fc.array(
  fc.record({ permits: fc.boolean(), term: fc.constantFrom(...Object.keys(TERMS)) }),
  { minLength: 1, maxLength: 3 },
);
const classMap: fc.Arbitrary<ClassMap> = fc.record({
  all: fc.boolean(),
  matches: fc.uniqueArray(
    fc.record({
      list: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
      protocol: fc.constantFrom(...Object.keys(PROTOCOLS)),
      negated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3, selector: matchText },
  ),
});
const action = fc.constantFrom<Action>('inspect', 'pass', 'drop');
const policyMap: fc.Arbitrary<PolicyMap> = fc.record({
  classes: fc.uniqueArray(fc.record({ index: fc.integer({ min: 0, max: 2 }), action }), {
    maxLength: 3,
    selector: ({ index }) => index,
  }),
  fallback: fc.option(action, { nil: undefined }),
});
const zone = fc.constantFrom('A', 'B', undefined);
const randomConfig = fc.record({
  lists: fc.tuple(list, list),
  classes: fc.tuple(classMap, classMap, classMap),
  policies: fc.tuple(policyMap, policyMap),
  inside: zone,
  outside: zone,
  pairs: fc.uniqueArray(
    fc.record({
      source: fc.constantFrom('A', 'B'),
      destination: fc.constantFrom('A', 'B'),
      policy: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    }),
    { maxLength: 3, selector: ({ source, destination }) => `${source}${destination}` },
  ),
  map: fc.option(
    fc.array(
      fc.record({ list: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }), forwards: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    ),
    { nil: undefined, freq: 1 },
  ),
});
type Config = typeof randomConfig extends fc.Arbitrary<infer T> ? T : never;

function matchText({ list, protocol, negated }: Match): string {
  return `match ${negated ? 'not ' : ''}${list === undefined ? `protocol ${protocol}` : `access-group name L${list}`}`;
}

function textOf({ lists, classes, policies, inside, outside, pairs, map }: Config): string {
  const member = (name: string | undefined) => (name === undefined ? [] : [` zone-member security ${name}`]);
  return [
    'zone security A',
    'zone security B',
    ...classes.flatMap(({ all, matches }, at) => [
      `class-map type inspect ${all ? 'match-all' : 'match-any'} C${at}`,
      ...matches.map((one) => ` ${matchText(one)}`),
    ]),
    ...policies.flatMap(({ classes: asked, fallback }, at) => [
      `policy-map type inspect P${at}`,
      ...asked.flatMap(({ index, action }) => [` class type inspect C${index}`, `  ${action}`]),
      ' class class-default',
      ...(fallback === undefined ? [] : [`  ${fallback}`]),
    ]),
    ...pairs.flatMap(({ source, destination, policy }) => [
      `zone-pair security ${source}${destination} source ${source} destination ${destination}`,
      ...(policy === undefined ? [] : [` service-policy type inspect P${policy}`]),
    ]),
    ...(map ?? []).flatMap(({ list, forwards }, at) => [
      `vlan access-map M ${at * 10 + 10}`,
      ...(list === undefined ? [] : [` match ip address L${list}`]),
      ` action ${forwards ? 'forward' : 'drop'}`,
    ]),
    ...(map === undefined ? [] : ['vlan filter M vlan-list 10']),
    'interface Vlan10',
    ' ip address 10.0.0.1 255.255.255.0',
    ...member(inside),
    'interface GigabitEthernet0/1',
    ' ip address 10.1.0.2 255.255.255.252',
    ...member(outside),
    ...lists.flatMap((entries, at) => [
      `ip access-list extended L${at}`,
      ...entries.map(({ permits, term }) => ` ${permits ? 'permit' : 'deny'} ${term}`),
    ]),
    'ip route 0.0.0.0 0.0.0.0 10.1.0.1',
    '',
  ].join('\n');
}

/** Whether a packet that opens a connection gets through, as the vendor says it. */
function passes(config: Config, flow: Flow): boolean {
  const permits = (at: number): boolean =>
    config.lists[at]?.find(({ term }) => TERMS[term]?.(flow) === true)?.permits ?? false;
  const { map, inside, outside } = config;
  if (map !== undefined) {
    const entry = map.find(({ list }) => list === undefined || permits(list));
    const forwards = entry === undefined ? map.every(({ list }) => list === undefined) : entry.forwards;
    if (!forwards) return false;
  }
  if (inside === undefined || outside === undefined) return inside === outside;
  const pair = config.pairs.find(({ source, destination }) => source === inside && destination === outside);
  if (pair === undefined) return inside === outside;
  const policy = pair.policy === undefined ? undefined : config.policies[pair.policy];
  if (policy === undefined) return false;
  const holds = ({ list, protocol, negated }: Match): boolean =>
    (list === undefined ? PROTOCOLS[protocol] === flow.protocol : permits(list)) !== negated;
  const chosen = policy.classes.find(({ index }) => {
    const asked = config.classes[index];
    return asked?.all === true ? asked.matches.every(holds) : asked?.matches.some(holds);
  });
  return (chosen?.action ?? policy.fallback ?? 'drop') !== 'drop';
}

/** What inspection is sure about: what begins a connection that it knows how to follow. */
function opens({ protocol, state, tcpFlags, icmpType }: Flow): boolean {
  if (state !== 'new') return false;
  if (protocol === Protocol.tcp) return tcpFlags === TcpFlag.syn;
  return protocol === Protocol.udp || (protocol === Protocol.icmp && icmpType === 8);
}

describe('zones and VLAN maps of IOS', () => {
  it('symbolic, concrete and the vendor agree, packet by packet', () => {
    const seen = { passed: 0, stopped: 0 };
    fc.assert(
      fc.property(
        randomConfig,
        fc.array(packets, { minLength: PACKETS_EACH, maxLength: PACKETS_EACH }),
        (config, flows) => {
          const { device } = ciscoIos.read(new SourceFile('r1.cfg', textOf(config)), 'r1');
          const node = buildNode(device);
          const network = buildNetwork([node]);
          const ingress = findInterface(device, 'Vlan10');
          assert.ok(ingress);
          const manager = new HeaderSpaceManager();
          const answer = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
          for (const flow of flows) {
            const header = headerOf(flow);
            const ends: readonly string[] = evaluate(network, node, ingress, flow).map((fate) => fate.disposition);
            const told = `${JSON.stringify(flow)}: ${ends.join(', ')}`;
            assert.equal(manager.contains(answer.leaves.may, header), ends.includes('leaves'), `may: ${told}`);
            const surely = ends.every((end) => end === 'leaves');
            assert.equal(manager.contains(answer.must, header), surely, `must: ${told}`);
            if (!opens(flow)) continue;
            assert.deepEqual([...new Set(ends)], [passes(config, flow) ? 'leaves' : 'denied-policy'], told);
            if (surely) seen.passed += 1;
            else seen.stopped += 1;
          }
        },
      ),
      { numRuns: NETWORKS },
    );
    for (const [sort, count] of Object.entries(seen)) assert.ok(count > NETWORKS / 5, `${sort}: ${count}`);
  });
});
