import * as fc from 'fast-check';
import { buildNetwork, buildNode, type Network, type Node } from '../../server/src/core/dataplane/network.js';
import { DEFAULT_VRF, type Device, type Interface } from '../../server/src/core/model/device.js';
import type {
  Chain,
  Hook,
  Policy,
  PolicyAction,
  PolicyHop,
  PolicyRule,
  RoutingRule,
  Test,
} from '../../server/src/core/model/policy.js';
import { prefixOf } from '../../server/src/core/net/prefix.js';
import { iface, ip, match, origin, switchOf } from './random-network.js';

/** Devices with policies of every kind: chains that call each other, marks, translations, choices of tables. */

const negated = fc.boolean();
const markMask = fc.constantFrom(0xffffffff, 0xff, 0x1, 0x6);

const plainTest: fc.Arbitrary<Test> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('header' as const),
      matches: fc.array(match, { minLength: 1, maxLength: 2 }),
      original: fc.constantFrom(false, false, false, true),
      negated,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('in' as const, 'out' as const),
      names: fc.constantFrom(['in'], ['up1'], ['up*'], ['lan', 'up2'], ['none']),
      negated,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('state' as const),
      states: fc.uniqueArray(fc.constantFrom('new', 'established', 'related', 'invalid', 'untracked' as const), {
        minLength: 1,
        maxLength: 3,
      }),
      negated,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('mark' as const, 'connection-mark' as const),
      mask: markMask,
      ranges: fc.constantFrom([{ first: 0, last: 0 }], [{ first: 1, last: 2 }], [{ first: 6, last: 6 }]),
      negated,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('translated' as const),
      field: fc.constantFrom('src' as const, 'dst' as const),
      negated,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('address-kind' as const),
      field: fc.constantFrom('src' as const, 'dst' as const),
      kinds: fc.constantFrom(['local' as const], ['unicast' as const], ['broadcast' as const, 'multicast' as const]),
      negated,
    }),
  },
);

function testsOf(doubts: boolean): fc.Arbitrary<Test[]> {
  const any: fc.Arbitrary<Test> = fc.record({
    kind: fc.constant('any' as const),
    alternatives: fc.array(fc.array(plainTest, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
    negated,
  });
  const undecidable: fc.Arbitrary<Test> = fc.constant({ kind: 'undecidable', words: 'limit' });
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: plainTest },
      { weight: 1, arbitrary: any },
      { weight: doubts ? 1 : 0, arbitrary: undecidable },
    ),
    { maxLength: 2 },
  );
}

const address = fc.constantFrom(
  { kind: 'range' as const, first: ip('202.114.4.119'), last: ip('202.114.4.119') },
  { kind: 'range' as const, first: ip('10.9.0.7'), last: ip('10.9.0.7') },
  { kind: 'range' as const, first: ip('202.114.4.118'), last: ip('202.114.4.121') },
  { kind: 'range' as const, first: ip('10.0.0.1'), last: ip('10.0.0.1') },
  { kind: 'prefix' as const, prefix: prefixOf(ip('10.9.0.0'), 28) },
  { kind: 'prefix' as const, prefix: prefixOf(ip('202.114.4.0'), 24) },
  { kind: 'interface' as const },
  ...['0.0.0.7', '127.0.0.1', '224.0.0.5', '255.255.255.255'].map((text) => ({
    kind: 'range' as const,
    first: ip(text),
    last: ip(text),
  })),
  { kind: 'range' as const, first: ip('126.255.255.250'), last: ip('127.0.0.3') },
  { kind: 'prefix' as const, prefix: prefixOf(ip('223.255.255.240'), 27) },
);
/** What IOS translates to: addresses that the file says. */
const plainAddress = fc.constantFrom(
  { kind: 'range' as const, first: ip('202.114.4.119'), last: ip('202.114.4.119') },
  { kind: 'range' as const, first: ip('10.9.0.7'), last: ip('10.9.0.7') },
  { kind: 'range' as const, first: ip('202.114.4.118'), last: ip('202.114.4.121') },
  { kind: 'prefix' as const, prefix: prefixOf(ip('10.9.0.0'), 28) },
);
const ports = fc.constantFrom({ first: 515, last: 515 }, { first: 1000, last: 1010 }, { first: 0, last: 65_535 });

function actionOf(
  purpose: Policy['purpose'],
  hook: Hook,
  calls: readonly string[],
  doubts: boolean,
): fc.Arbitrary<PolicyAction> {
  const others: fc.Arbitrary<PolicyAction>[] = [
    fc.constantFrom<PolicyAction>({ kind: 'accept' }, { kind: 'accept' }, { kind: 'return' }, { kind: 'continue' }),
    fc.record({
      kind: fc.constant('set-mark' as const),
      target: fc.constantFrom('mark' as const, 'connection-mark' as const),
      mask: markMask,
      value: fc.constantFrom(0, 1, 6, 0x80000001),
    }),
    fc.record({
      kind: fc.constant('copy-mark' as const),
      to: fc.constantFrom('mark' as const, 'connection-mark' as const),
      mask: markMask,
    }),
  ];
  if (purpose !== 'nat') others.push(fc.constant({ kind: 'drop' }), fc.constant({ kind: 'untrack' }));
  if (doubts) others.push(fc.constant({ kind: 'unknown', words: 'an unread rule' }));
  if (calls.length > 0) {
    const call = fc.record({
      kind: fc.constantFrom('jump' as const, 'goto' as const),
      chain: fc.constantFrom(...calls),
    });
    others.push(call, call);
  }
  // Translations of both fields, one after the other, as IOS has them.
  if (purpose === 'other' && hook !== 'forward') {
    const field = fc.constantFrom('src' as const, 'dst' as const);
    others.push(fc.record({ kind: fc.constant('translate' as const), field, address: plainAddress }));
  }
  if (purpose === 'nat') {
    const field = hook === 'postrouting' ? ('src' as const) : ('dst' as const);
    others.push(
      fc.record({ kind: fc.constant('translate' as const), field: fc.constant(field), address }),
      fc.record({ kind: fc.constant('translate' as const), field: fc.constant(field), address, ports }),
      fc.record({ kind: fc.constant('translate' as const), field: fc.constant(field), ports }),
    );
  }
  return fc.oneof(...others);
}

function ruleOf(action: fc.Arbitrary<PolicyAction>, doubts: boolean): fc.Arbitrary<PolicyRule> {
  return fc.record({ tests: testsOf(doubts), action }).map((rule) => ({ ...rule, origin: origin('rule') }));
}

/** A policy with its chains: the first may call the second and third, the second the third. */
function policyOf(at: number, doubts: boolean): fc.Arbitrary<{ policy: Policy; chains: Chain[] }> {
  return fc
    .record({
      hook: fc.constantFrom<Hook>('prerouting', 'forward', 'postrouting'),
      purpose: fc.constantFrom<Policy['purpose']>('filter', 'nat', 'other'),
      priority: fc.integer({ min: -2, max: 2 }),
      beforeTracking: fc.constantFrom(false, false, true),
      when: fc.option(testsOf(doubts), { nil: undefined, freq: 2 }),
      action: fc.constantFrom('accept' as const, 'accept' as const, 'drop' as const),
    })
    .chain(({ hook, purpose: wanted, priority, beforeTracking, when, action }) => {
      const purpose = hook === 'forward' && wanted === 'nat' ? 'filter' : wanted;
      const keys = [0, 1, 2].map((one) => `p${at} c${one}`);
      const rules = (calls: readonly string[]) =>
        fc.array(ruleOf(actionOf(purpose, hook, calls, doubts), doubts), { maxLength: 5 });
      return fc.tuple(rules(keys.slice(1)), rules(keys.slice(2)), rules([])).map((all) => ({
        policy: {
          name: `p${at}`,
          hook,
          priority,
          purpose,
          beforeTracking: beforeTracking && hook === 'prerouting' && purpose !== 'nat',
          chain: keys[0] as string,
          ...(when === undefined ? {} : { when }),
          end: { action: purpose === 'nat' ? ('accept' as const) : action, origin: origin(`p${at}`) },
        },
        chains: all.map(
          (list, one): Chain => ({
            key: keys[one] as string,
            name: keys[one] as string,
            rules: list,
            origin: origin('chain'),
          }),
        ),
      }));
    });
}

/** Neighbours, what only a route leads to, what nothing leads to, the device itself, and interfaces. */
function hopOf(doubts: boolean): fc.Arbitrary<PolicyHop> {
  const undecidable = doubts ? fc.constantFrom(undefined, undefined, 'track 1') : fc.constant(undefined);
  const gateway = fc.constantFrom(
    ...['10.1.0.1', '10.2.0.1', '10.2.0.9', '10.9.9.9'],
    ...(doubts ? ['202.114.4.129', '10.1.0.2'] : []),
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(gateway, fc.constantFrom(DEFAULT_VRF, DEFAULT_VRF, 'table 100'), fc.boolean(), undecidable)
        .map(
          ([text, vrf, recursive, words]): PolicyHop => ({
            kind: 'gateway',
            ip: ip(text),
            vrf,
            recursive,
            ...(words === undefined ? {} : { undecidable: words }),
          }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('up1', 'up2', 'in', ...(doubts ? ['none'] : [])), undecidable).map(
        ([name, words]): PolicyHop => ({
          kind: 'iface',
          name,
          ...(words === undefined ? {} : { undecidable: words }),
        }),
      ),
    },
  );
}

function routingRulesOf(doubts: boolean): fc.Arbitrary<RoutingRule[]> {
  const action: fc.Arbitrary<RoutingRule['action']> = fc.oneof(
    fc.record({ kind: fc.constant('table' as const), vrf: fc.constantFrom(DEFAULT_VRF, 'table 100') }),
    fc.constant({ kind: 'table' as const, vrf: 'table 100', isLast: true as const }),
    fc.constant({ kind: 'table' as const, vrf: DEFAULT_VRF, suppressLength: 0 }),
    fc.constant({ kind: 'table' as const, vrf: DEFAULT_VRF, suppressLength: 0, suppressDiscards: true as const }),
    fc.constant({ kind: 'discard' as const }),
    fc.record({ kind: fc.constant('next-hops' as const), hops: fc.array(hopOf(doubts), { maxLength: 3 }) }),
    doubts ? fc.constant({ kind: 'unknown' as const, words: 'unread' }) : fc.constant({ kind: 'discard' as const }),
  );
  return fc.array(
    fc.record({ tests: testsOf(doubts), action }).map((rule) => ({ ...rule, origin: origin('ip rule') })),
    { maxLength: 4 },
  );
}

export function policyNetworks(doubts: boolean): fc.Arbitrary<{ network: Network; node: Node; ingress: Interface }> {
  return fc
    .record({
      policies: fc.tuple(...[0, 1, 2, 3].map((at) => policyOf(at, doubts))),
      rules: fc.option(routingRulesOf(doubts), { nil: undefined }),
      delivers: fc.boolean(),
      farOwns: fc.boolean(),
      refusesMartians: fc.constantFrom<{ refusesMartians?: true }>({}, { refusesMartians: true }),
      switching: fc.constantFrom<readonly number[]>([], [], [210], [900], [210, 900]),
      asked: policyOf(4, doubts),
    })
    .map(({ policies, rules, delivers, farOwns, refusesMartians, switching, asked }) => {
      const route = (text: string, length: number, nextHop: string) => ({
        prefix: prefixOf(ip(text), length),
        nextHop: ip(nextHop),
        discard: false,
        distance: 1,
        permanent: false,
        origin: origin('route'),
      });
      const table = (name: string, staticRoutes: ReturnType<typeof route>[]) => ({
        name,
        staticRoutes,
        dynamicProtocols: [],
        defaultNetworks: [],
        uncertainties: [],
      });
      const ingress = iface('in', '10.0.0.1', { vlan: 210 });
      const chains = new Map(policies.flatMap((one) => one.chains.map((chain) => [chain.key, chain] as const)));
      const near: Device = {
        name: 'near',
        dialect: 'none',
        files: ['random.cfg'],
        interfaces: [
          ingress,
          iface('up1', '10.1.0.2', { vlan: 900 }),
          iface('up2', '10.2.0.2'),
          ...(delivers ? [iface('lan', '202.114.4.1')] : []),
        ],
        vrfs: [
          table(DEFAULT_VRF, [route('0.0.0.0', 0, '10.1.0.1'), route('202.114.4.128', 25, '10.2.0.1')]),
          { ...table('table 100', [route('202.114.4.118', 31, '10.2.0.1')]) },
        ],
        acls: new Map(),
        vlans: [],
        policies: policies.map((one) => one.policy),
        chains,
        ...(rules === undefined ? {} : { routingRules: rules }),
        routes: true,
        ...refusesMartians,
        definitions: [],
        references: [],
        unread: [],
      };
      const { routingRules: _, ...rest } = near;
      const far: Device = {
        ...rest,
        name: 'far',
        interfaces: [
          iface('up1', '10.1.0.1', { vlan: 900 }),
          iface('up2', '10.8.0.1'),
          ...(farOwns ? [iface('in', '202.114.4.119')] : []),
        ],
        vrfs: [table(DEFAULT_VRF, [route('0.0.0.0', 0, '10.8.0.9')])],
      };
      const node = buildNode(near);
      const access = switching.length === 0 ? [] : [buildNode(switchOf(near, switching, [asked.policy], asked.chains))];
      return { network: buildNetwork([node, buildNode(far), ...access]), node, ingress };
    });
}
