import * as fc from 'fast-check';
import {
  buildNetwork,
  buildNode,
  type Network,
  type Node,
  type Wiring,
} from '../../server/src/core/dataplane/network.js';
import { AceTable } from '../../server/src/core/model/ace-table.js';
import type { AceAction, Acl } from '../../server/src/core/model/acl.js';
import {
  DEFAULT_VRF,
  type Device,
  type Interface,
  NEVER_INSTALLED,
  type StaticRoute,
} from '../../server/src/core/model/device.js';
import type { AddressTerm, HeaderMatch, PortRange, ServiceTerm } from '../../server/src/core/model/header-match.js';
import type { Origin } from '../../server/src/core/model/origin.js';
import type { Chain, Policy } from '../../server/src/core/model/policy.js';
import { parseIp } from '../../server/src/core/net/ip.js';
import { type Prefix, prefixOf } from '../../server/src/core/net/prefix.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';

/** Constants that entries, routes and packets share, so that they meet at each other's boundaries. */
const SOURCES = ['10.0.0.0', '10.0.0.1', '10.0.0.7', '10.0.0.128', '10.0.0.254', '10.0.0.255'].map(ip);
const TARGETS = [
  '202.114.4.0',
  '202.114.4.118',
  '202.114.4.119',
  '202.114.4.120',
  '202.114.4.128',
  '202.114.4.255',
].map(ip);
const PORTS = [0, 1, 79, 80, 81, 511, 515, 520, 1023, 1024, 65_535];

export function ip(text: string): number {
  return parseIp(text) as number;
}

export const SOURCE_NETWORK: Prefix = { ip: ip('10.0.0.0'), length: 24 };
export const TARGET: Prefix = { ip: ip('202.114.4.0'), length: 24 };

const near = (values: readonly number[], low: number, high: number) =>
  fc
    .tuple(fc.constantFrom(...values), fc.integer({ min: -1, max: 1 }))
    .map(([value, by]) => Math.min(high, Math.max(low, value + by)));

const sourceIp = near(SOURCES, SOURCE_NETWORK.ip, SOURCE_NETWORK.ip + 255);
const targetIp = near(TARGETS, TARGET.ip, TARGET.ip + 255);
const port = near(PORTS, 0, 65_535);

/** Wildcards of all shapes: hosts, networks, any, masks in a wildcard's place, and bits strewn about. */
const wildcard = fc.oneof(
  fc.constantFrom(0, 0xff, 0x7f, 0xffff, 0xffffffff, 0xffffff00, 0xff000000),
  fc.integer({ min: 0, max: 0xff }),
  fc.integer({ min: 0, max: 0xffffffff }),
);

function terms(address: fc.Arbitrary<number>): fc.Arbitrary<readonly AddressTerm[]> {
  const term = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wildcard' as const), value: address, wildcard }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(address, address)
        .map(([a, b]): AddressTerm => ({ kind: 'range', first: Math.min(a, b), last: Math.max(a, b) })),
    },
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([{ kind: 'wildcard' as const, value: 0, wildcard: 0xffffffff }]) },
    { weight: 4, arbitrary: fc.tuple(term) },
    { weight: 1, arbitrary: fc.array(term, { maxLength: 3 }) },
  );
}

const range: fc.Arbitrary<PortRange> = fc
  .tuple(port, port)
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const ranges = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(range) },
  { weight: 1, arbitrary: fc.array(range, { maxLength: 3 }) },
);

const service: fc.Arbitrary<ServiceTerm> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ protocol: fc.constantFrom(1, 6, 17, 47, 132) }) },
  {
    weight: 4,
    arbitrary: fc.record(
      { protocol: fc.constantFrom(6, 17), srcPorts: ranges, dstPorts: ranges },
      { requiredKeys: ['protocol'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      protocol: fc.constant(6),
      tcpFlags: fc.record({
        kind: fc.constantFrom('any' as const, 'all' as const),
        set: fc.integer({ min: 0, max: 63 }),
        clear: fc.integer({ min: 0, max: 63 }),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      protocol: fc.constant(1),
      icmp: fc.array(
        fc.record({ type: fc.constantFrom(0, 3, 8), code: fc.constantFrom(0, 1, 255) }, { requiredKeys: ['type'] }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
);

export const match: fc.Arbitrary<HeaderMatch> = fc.record(
  {
    src: terms(sourceIp),
    dst: terms(targetIp),
    services: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(service) },
      { weight: 1, arbitrary: fc.array(service, { maxLength: 3 }) },
    ),
    state: fc.constantFrom('new' as const, 'established' as const),
  },
  { requiredKeys: ['src', 'dst', 'services'] },
);

interface EntrySpec {
  readonly action: AceAction;
  readonly match: HeaderMatch;
  readonly undecidable: boolean;
}

const entry: fc.Arbitrary<EntrySpec> = fc.record({
  action: fc.oneof(
    { weight: 4, arbitrary: fc.constant<AceAction>('permit') },
    { weight: 4, arbitrary: fc.constant<AceAction>('deny') },
    { weight: 1, arbitrary: fc.constant<AceAction>('unknown') },
  ),
  match,
  undecidable: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** The entries of a list; an empty one permits everything, as IOS has it. */
const entries = fc.array(entry, { maxLength: 8 });

let serial = 0;
export function origin(label: string): Origin {
  serial += 1;
  return { file: 'random.cfg', start: serial, end: serial, label };
}

const SOURCE = new SourceFile('random.cfg', '');

export function aclOf(name: string, specs: readonly EntrySpec[]): Acl {
  const table = new AceTable(SOURCE);
  for (const spec of specs) {
    serial += 1;
    table.push({
      action: spec.action,
      match: spec.match,
      start: serial,
      end: serial,
      ...(spec.undecidable ? { undecidable: `time-range ${serial}` } : {}),
    });
  }
  if (specs.length > 0) table.pushImplicitDeny(origin(name));
  return { name, kind: 'extended', origin: origin(name), entries: table, end: 0 };
}

const nextHops = fc.constantFrom('10.1.0.1', '10.2.0.1', '10.9.9.9', '10.1.0.77').map(ip);
const route: fc.Arbitrary<StaticRoute> = fc
  .record({
    base: fc.oneof(targetIp, nextHops, fc.constant(0)),
    length: fc.constantFrom(0, 8, 24, 25, 30, 32),
    nextHop: nextHops,
    way: fc.constantFrom('hop' as const, 'iface' as const, 'both' as const, 'null' as const),
    iface: fc.constantFrom('up1', 'up2', 'down', 'missing'),
    distance: fc.constantFrom(1, 1, 5, NEVER_INSTALLED),
    undecidable: fc.constantFrom(undefined, undefined, undefined, 'track 1'),
    permanent: fc.constantFrom(false, false, true),
  })
  .map(({ base, length, nextHop, way, iface, distance, undecidable, permanent }) => ({
    prefix: prefixOf(base, length),
    ...(way === 'hop' || way === 'both' ? { nextHop } : {}),
    ...(way === 'iface' || way === 'both' ? { iface } : {}),
    discard: way === 'null',
    distance,
    permanent,
    ...(undecidable === undefined ? {} : { undecidable }),
    origin: origin('ip route'),
  }));

/** A way on for whatever comes. */
const onward = (way: Pick<StaticRoute, 'iface' | 'nextHop'>): StaticRoute => ({
  prefix: { ip: 0, length: 0 },
  ...way,
  discard: false,
  distance: 1,
  permanent: false,
  origin: origin('ip route'),
});

export function iface(
  name: string,
  address: string | undefined,
  more: Partial<Interface> = {},
  length = 24,
): Interface {
  const own = address === undefined ? undefined : ip(address);
  return {
    name,
    aliases: [],
    kind: 'physical',
    vrf: DEFAULT_VRF,
    up: true,
    switchport: false,
    addresses:
      own === undefined
        ? []
        : [{ ip: own, prefix: prefixOf(own, length), secondary: false, origin: origin(`ip address ${name}`) }],
    virtualAddresses: [],
    filters: [],
    uncertainties: [],
    origin: origin(`interface ${name}`),
    ...more,
  };
}

/** A switch that asks policies about VLANs, with the lists of another device. */
export function switchOf(
  near: Device,
  vlans: readonly number[],
  policies: readonly Policy[],
  chains: readonly Chain[],
): Device {
  const names = vlans.map((vlan) => `VLAN ${vlan}`);
  const { routingRules: _, ...rest } = near;
  return {
    ...rest,
    name: 'access',
    interfaces: [],
    vrfs: [],
    routes: false,
    policies: policies.map((policy) => ({
      ...policy,
      when: [{ kind: policy.hook === 'postrouting' ? 'out' : 'in', names, negated: false }, ...(policy.when ?? [])],
    })),
    chains: new Map(chains.map((chain) => [chain.key, chain])),
    switched: vlans.map((vlan) => ({
      vlans: new Set([vlan]),
      iface: iface(`VLAN ${vlan}`, undefined, { switchport: true }),
    })),
  };
}

const accessMap: fc.Arbitrary<{ policies: Policy[]; chains: Chain[] }> = fc
  .record({
    entries: fc.array(
      fc.record({
        acl: fc.constantFrom('A', 'B', 'C', 'none'),
        negated: fc.boolean(),
        doubt: fc.constantFrom(false, false, false, true),
        kind: fc.constantFrom('accept' as const, 'drop' as const),
      }),
      { maxLength: 3 },
    ),
    hook: fc.constantFrom('prerouting' as const, 'postrouting' as const),
    action: fc.constantFrom('accept' as const, 'drop' as const),
  })
  .map(({ entries: specs, hook, action }) => ({
    policies: [
      {
        name: `map ${hook}`,
        hook,
        priority: 0,
        purpose: 'other',
        beforeTracking: false,
        chain: 'map',
        end: { action, origin: origin('vlan filter') },
      },
    ],
    chains: [
      {
        key: 'map',
        name: 'map',
        origin: origin('vlan access-map'),
        rules: specs.map(({ acl, negated, doubt, kind }) => ({
          tests: [
            { kind: 'list', acl, negated, empty: 'undecidable' },
            ...(doubt ? [{ kind: 'undecidable' as const, words: 'port' }] : []),
          ],
          action: { kind },
          origin: origin('entry'),
        })),
      },
    ],
  }));

/** What lies on a wire: a link beside the subnets, and a firewall that does not route. */
const wiring: fc.Arbitrary<Wiring> = fc.record({
  links: fc.constantFrom<Wiring['links']>([], [['near:up2', 'far:up2']], [['far:up1', 'near:up1']]),
  inline: fc
    .constantFrom<readonly [string, string?]>(
      ['near:up1', 'far:up1'],
      ['far:up1', 'near:up1'],
      ['near:up2', 'far:up2'],
      ['near:in'],
      ['near:up2'],
      ['far:down'],
    )
    .chain((between) => fc.constantFrom([], [{ device: 'wire', between, interfaces: ['a', 'b'] as const }])),
});

/**
 * A router with a segment and two ways on, a second router at the end of one of them, a device that
 * may stand on a wire, and a switch that may have the VLANs of the segment and of a wire.
 */
export const networks: fc.Arbitrary<{ network: Network; node: Node; ingress: Interface }> = fc
  .record({
    lists: fc.tuple(entries, entries, entries, entries),
    applied: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    routes: fc.oneof(
      { weight: 3, arbitrary: fc.array(route, { maxLength: 5 }) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(['10.1.0.1'], ['10.1.0.77'], ['10.2.0.1'], ['10.1.0.1', '10.2.0.9'])
          .map((hops) => hops.map((hop) => onward({ nextHop: ip(hop) }))),
      },
    ),
    dynamic: fc.constantFrom(false, false, false, true),
    unread: fc.constantFrom(false, false, false, false, false, true),
    doubt: fc.constantFrom(undefined, undefined, undefined, 'may-drop' as const, 'may-reroute' as const),
    reversePath: fc.constantFrom(undefined, undefined, 'strict' as const),
    routesPackets: fc.constantFrom(true, true, true, true, true, false),
    delivers: fc.constantFrom(false, false, false, true),
    /** Whether the second router is one of those that packets go to. */
    isTarget: fc.constantFrom(false, false, false, true),
    farRoutes: fc.oneof(fc.array(route, { maxLength: 3 }), fc.constant([onward({ iface: 'up2' })])),
    wiring,
    /** Whether the second router shares a next hop with one that no file is of. */
    shares: fc.boolean(),
    wireFilters: fc.tuple(fc.boolean(), fc.boolean()),
    /** The VLANs of a switch: of the segment, and of the wire between the routers. */
    switching: fc.constantFrom<readonly number[]>([], [], [210], [900], [210, 900]),
    accessMap,
  })
  .map((spec) => {
    const filter = (at: number, name: string, direction: 'in' | 'out') =>
      spec.applied[at] === true ? [{ names: [name], direction, origin: origin(name) }] : [];
    const doubts =
      spec.doubt === undefined
        ? []
        : [{ effect: spec.doubt, direction: 'both' as const, words: spec.doubt, origin: origin(spec.doubt) }];
    const ingress = iface('in', '10.0.0.1', {
      vlan: 210,
      filters: filter(0, 'A', 'in'),
      uncertainties: doubts,
      ...(spec.reversePath === undefined ? {} : { reversePath: { mode: spec.reversePath, origin: origin('verify') } }),
    });
    const inside = spec.delivers ? [iface('inside', '202.114.4.1', { filters: filter(1, 'B', 'out') })] : [];
    const near: Device = {
      name: 'near',
      dialect: 'none',
      files: ['random.cfg'],
      interfaces: [
        ingress,
        iface('up1', '10.1.0.2', { vlan: 900, filters: filter(1, 'B', 'out') }),
        iface('up2', '10.2.0.2', { filters: filter(2, 'C', 'out') }),
        iface('down', '10.3.0.2', { up: false }),
        ...inside,
      ],
      vrfs: [
        {
          name: DEFAULT_VRF,
          staticRoutes: spec.routes,
          dynamicProtocols: spec.dynamic ? [{ name: 'OSPF 1', distance: 110, origin: origin('router ospf 1') }] : [],
          defaultNetworks: [],
          uncertainties: spec.unread ? [{ words: 'unread', origin: origin('ip route ?') }] : [],
        },
      ],
      acls: new Map(spec.lists.slice(0, 3).map((list, at) => ['ABC'.charAt(at), aclOf('ABC'.charAt(at), list)])),
      vlans: [],
      routes: spec.routesPackets,
      definitions: [],
      references: [],
      unread: [],
    };
    const far: Device = {
      ...near,
      name: 'far',
      interfaces: [
        iface('up1', '10.1.0.1', {
          vlan: 900,
          filters: filter(3, 'D', 'in'),
          virtualAddresses: spec.shares ? [{ ip: ip('10.1.0.77'), origin: origin('standby 1 ip') }] : [],
        }),
        // On no network of the first router; only a link joins them.
        iface('up2', '10.2.0.1', {}, 30),
        iface('down', '10.6.0.1', { up: false }),
        ...(spec.isTarget ? [iface('target', '202.114.4.119', {}, 32)] : []),
      ],
      vrfs: [
        {
          name: DEFAULT_VRF,
          staticRoutes: spec.farRoutes,
          dynamicProtocols: [],
          defaultNetworks: [],
          uncertainties: [],
        },
      ],
      acls: new Map([['D', aclOf('D', spec.lists[3])]]),
      routes: true,
    };
    const listed = (at: 0 | 1, direction: 'in' | 'out') =>
      spec.wireFilters[at] ? [{ names: ['B'], direction, origin: origin('B') }] : [];
    const wire: Device = {
      ...near,
      name: 'wire',
      interfaces: [
        iface('a', undefined, { filters: listed(0, 'in') }),
        iface('b', undefined, { filters: [...listed(1, 'in'), ...listed(0, 'out')] }),
      ],
      vrfs: [],
      routes: true,
    };
    const node = buildNode(near);
    const { policies, chains } = spec.accessMap;
    const access = spec.switching.length === 0 ? [] : [buildNode(switchOf(near, spec.switching, policies, chains))];
    const network = buildNetwork([node, buildNode(far), buildNode(wire), ...access], spec.wiring);
    return { network, node, ingress };
  });

/** Packets of the segment to the target, at the boundaries of the entries' own constants. */
export const packets = fc
  .record({
    src: sourceIp,
    dst: targetIp,
    protocol: fc.constantFrom(1, 6, 6, 6, 17, 17, 47, 132),
    srcPort: port,
    dstPort: port,
    icmpType: fc.constantFrom(0, 3, 8),
    icmpCode: fc.constantFrom(0, 1, 255),
    tcpFlags: fc.integer({ min: 0, max: 63 }),
    state: fc.constantFrom('new' as const, 'established' as const),
  })
  .map((flow) => ({
    ...flow,
    ...([6, 17, 132].includes(flow.protocol) ? {} : { srcPort: 0, dstPort: 0 }),
    ...(flow.protocol === 1 ? {} : { icmpType: 0, icmpCode: 0 }),
    ...(flow.protocol === 6 ? {} : { tcpFlags: 0 }),
  }));
