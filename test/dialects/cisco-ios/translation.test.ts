/**
 * Random configurations with translation, policy routing and VRFs: both engines say the same of them, and
 * an edit within a list reads as the whole file does.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { buildNetwork, buildNode } from '../../../server/src/core/dataplane/network.js';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import { type HeaderSpace, HeaderSpaceManager } from '../../../server/src/core/headerspace/header-space.js';
import { findInterface } from '../../../server/src/core/model/device.js';
import { evaluate } from '../../../server/src/core/reachability/evaluate.js';
import { CUT_SHORT_WORDS } from '../../../server/src/core/reachability/words.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { askAll, headerOf } from '../../reachability/asking.js';
import { packets, SOURCE_NETWORK, TARGET } from '../../reachability/random-network.js';
import { deviceOf, read } from './support/read.js';

const BASE = `hostname r1
vrf definition OTHER
 rd 1:1
 address-family ipv4
  route-target import 1:2
vrf definition LENT
 rd 1:2
 address-family ipv4
  route-target export 1:2
interface Inside
 ip address 10.0.0.1 255.255.255.0
interface Gi0/1
 ip address 10.1.0.2 255.255.255.0
interface Gi0/2
 ip address 10.2.0.2 255.255.255.0
interface Gi0/3
 vrf forwarding OTHER
 ip address 10.3.0.2 255.255.255.0
interface Gi0/4
 vrf forwarding LENT
 ip address 10.4.0.2 255.255.255.0
ip nat pool ONE 10.9.0.7 10.9.0.7 prefix-length 24
ip nat pool MANY 10.9.0.16 10.9.0.31 prefix-length 24
ip access-list extended HALF
 permit ip 10.0.0.0 0.0.0.127 any
ip access-list extended WEB
 permit tcp any host 202.114.4.119
 deny udp any any
 permit ip any host 202.114.4.120
ip access-list extended EMPTY
route-map NAT deny 10
 match ip address WEB
route-map NAT permit 20
 match ip address HALF
route-map OUT1 permit 10
 match ip address HALF WEB
 match interface Gi0/1
ip access-list extended OUT
 deny ip host 10.9.0.7 host 202.114.4.119
 deny tcp 10.0.0.0 0.0.0.63 any
 deny ip any host 10.8.0.8
 permit ip any any
`;

const TRANSLATIONS = [
  'ip nat inside source list HALF pool ONE',
  'ip nat inside source list HALF pool MANY overload',
  'ip nat inside source list WEB interface Gi0/1 overload',
  'ip nat inside source list EMPTY pool ONE',
  'ip nat inside source list HALF pool NOWHERE',
  'ip nat inside source route-map NAT pool ONE',
  'ip nat inside source route-map OUT1 interface Gi0/2 overload',
  'ip nat inside source static 10.0.0.7 10.9.0.7',
  'ip nat inside source static 10.0.0.7 10.9.0.8 extendable',
  'ip nat inside source static tcp 10.0.0.7 80 10.9.0.7 8080',
  'ip nat inside source static network 10.0.0.0 10.9.0.0 /28',
  'ip nat outside source static 10.8.0.8 202.114.4.119',
  'ip nat outside source static 202.114.4.119 202.114.4.120',
  'ip nat outside source static network 10.8.0.0 202.114.4.112 /28',
  'ip nat outside source list WEB pool MANY',
  'ip nat inside source list HALF vrf OTHER pool ONE',
  'ip nat inside destination list HALF pool ONE',
  'ip nat inside source list HALF somewhere',
];
const ROUTES = [
  'ip route 0.0.0.0 0.0.0.0 10.1.0.1',
  'ip route 202.114.4.128 255.255.255.128 10.2.0.1',
  'ip route 202.114.4.118 255.255.255.254 Null0',
  'ip route vrf OTHER 0.0.0.0 0.0.0.0 10.1.0.1 global',
  'ip route vrf OTHER 202.114.4.0 255.255.255.0 10.5.0.1 global',
  'ip route 10.5.0.0 255.255.0.0 10.2.0.1',
  'ip route vrf LENT 202.114.4.0 255.255.255.128 10.4.0.1',
  'router ospf 1',
  'router bgp 1\n address-family ipv4 vrf OTHER\n address-family ipv4 vrf LENT\n  redistribute static',
];
const MATCHES = [
  '',
  ' match ip address WEB',
  ' match ip address HALF WEB',
  ' match ip address NONE',
  ' match length 1 9',
];
const SETS = [
  '',
  ' set ip next-hop 10.2.0.1',
  ' set ip next-hop 10.7.0.1 10.2.0.1',
  ' set ip next-hop recursive 10.5.0.1',
  ' set ip next-hop verify-availability 10.2.0.1 1 track 1',
  ' set ip default next-hop 10.2.0.1',
  ' set interface Null0',
  ' set interface Gi0/2',
  ' set default interface Null0',
  ' set vrf OTHER',
  ' set global',
  ' continue',
];
const SIDES = ['', ' ip nat inside', ' ip nat outside', ' ip nat enable'];

const entries = fc.array(
  fc.tuple(
    fc.constantFrom('permit', 'permit', 'deny'),
    fc.constantFrom(...MATCHES),
    fc.subarray(SETS, { maxLength: 2 }),
  ),
  { maxLength: 3 },
);
const configurations = fc
  .record({
    translations: fc.subarray(TRANSLATIONS, { maxLength: 4 }),
    routes: fc.subarray(ROUTES),
    entries,
    inside: fc.constantFrom(' ip nat inside', ...SIDES),
    outside: fc.tuple(fc.constantFrom(' ip nat outside', ...SIDES), fc.constantFrom(' ip nat outside', ...SIDES)),
    routesByPolicy: fc.boolean(),
    vrf: fc.constantFrom('', '', '', ' vrf forwarding OTHER\n ip address 10.0.0.1 255.255.255.0'),
    filters: fc.boolean(),
  })
  .map(({ translations, routes, entries: map, inside, outside, routesByPolicy, vrf, filters }) =>
    [
      BASE,
      `interface Inside\n${vrf}\n${inside}\n${routesByPolicy ? ' ip policy route-map PBR' : ''}`,
      `interface Gi0/1\n${outside[0]}\n${filters ? ' ip access-group OUT out' : ''}`,
      `interface Gi0/2\n${outside[1]}`,
      ...map.map(([action, match, sets], at) =>
        [`route-map PBR ${action} ${at * 10 + 10}`, match, ...sets.filter((set) => set !== '')].join('\n'),
      ),
      ...translations,
      ...routes,
      '',
    ].join('\n'),
  );

const RUNS = 300;
const UNREAD = /^not understood: ip nat /;

describe('translation, policy routing and VRFs of IOS', () => {
  it('symbolic agrees with concrete on random configurations', () => {
    const seen = { through: 0, stopped: 0, translated: 0, exact: 0 };
    fc.assert(
      fc.property(configurations, fc.array(packets, { minLength: 6, maxLength: 6 }), (text, flows) => {
        const node = buildNode(deviceOf(text));
        const network = buildNetwork([node]);
        const ingress = findInterface(node.device, 'Inside');
        assert.ok(ingress);
        const manager = new HeaderSpaceManager();
        const answer = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
        if (answer.cutShort || answer.approximate) return;
        for (const flow of flows) {
          const fates = evaluate(network, node, ingress, flow);
          if (fates.some(({ assumptions }) => assumptions.some(({ words }) => words === CUT_SHORT_WORDS))) continue;
          const holds = (set: HeaderSpace) => manager.contains(set, headerOf(flow));
          const words = fates.map(({ disposition }) => disposition);
          const told = `${text}\n${JSON.stringify(flow)}: ${words.join(', ')}`;
          // To what an unread line translates is not known, and then whether a list permits that and where it goes
          // are two questions to the symbolic engine.
          const isExact = !fates.some(({ assumptions }) => assumptions.some(({ words }) => UNREAD.test(words)));
          const isSo = (may: boolean, is: boolean) => (isExact ? may === is : may || !is);
          assert.ok(isSo(holds(answer.leaves.may), words.includes('leaves')), `may leave: ${told}`);
          assert.ok(isSo(holds(answer.delivered.may), words.includes('delivered')), `may be delivered: ${told}`);
          if (isExact) seen.exact += 1;
          const surely = words.every((word) => word === 'leaves' || word === 'delivered');
          assert.ok(!holds(answer.must) || surely, `must: ${told}`);
          seen[words.some((word) => word === 'leaves' || word === 'delivered') ? 'through' : 'stopped'] += 1;
          if (fates.some((fate) => fate.flow.src !== flow.src || fate.flow.dst !== flow.dst)) seen.translated += 1;
        }
      }),
      { numRuns: RUNS },
    );
    for (const [sort, count] of Object.entries(seen)) assert.ok(count > RUNS / 10, `${sort}: ${count}`);
  });

  it('an edit within a list moves the rules behind it', () => {
    const many = Array.from({ length: 300 }, (_, at) => ` permit tcp any host 198.51.100.${at % 250} eq ${at}`);
    const text = `ip access-list extended LONG\n${many.join('\n')}\n${BASE}interface Inside
 ip nat inside
 ip policy route-map PBR
interface Gi0/1
 ip nat outside
route-map PBR permit 10
 match ip address LONG
 set ip next-hop 10.2.0.1
ip nat inside source list LONG pool MANY overload
`;
    const line = many[150] as string;
    const edited = text.replace(line, `${line} log`);
    const again = ciscoIos.reread?.(read(text), new SourceFile('core1.cfg', edited), 'core1');
    assert.ok(again, 'an edit within a list is read by itself');
    const fresh = deviceOf(edited);
    assert.deepEqual(again.device.policies, fresh.policies);
    assert.deepEqual([...(again.device.chains ?? [])], [...(fresh.chains ?? [])]);
    assert.deepEqual(again.device.routingRules, fresh.routingRules);
  });
});
