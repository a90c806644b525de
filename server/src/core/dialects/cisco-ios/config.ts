import type { Definition, DynamicProtocol, Reference, Uncertainty } from '../../model/device.js';
import type { AddressTerm, ServiceTerm } from '../../model/header-match.js';
import type { Origin } from '../../model/origin.js';
import type { Ip } from '../../net/ip.js';
import type { Prefix } from '../../net/prefix.js';
import type { EntryLines } from './entry-lines.js';
import type { InterfaceName } from './interface-names.js';
import { emptyLayer2, emptyPort, type IosLayer2, type IosPort } from './layer2-config.js';
import { emptyNat, type IosNat } from './nat-config.js';
import type { IosRouteMap } from './route-map-config.js';
import { emptyZones, type IosZones } from './zone-config.js';

/**
 * A configuration in the words of IOS, as the device holds it after the last line: what a `no` form
 * took away is gone. It grows line by line, so its members are not readonly.
 */
export interface IosConfig {
  hostname: string | undefined;
  /** Of the release that wrote the file: `15.2`. */
  version: string | undefined;
  /** By `InterfaceName.key`. */
  readonly interfaces: Map<string, IosInterface>;
  /** What `define interface-range` gave names to, as written. */
  readonly interfaceRanges: Map<string, string>;
  /** By `accessListKey`. */
  readonly accessLists: Map<string, IosAccessList>;
  readonly networkGroups: Map<string, IosNetworkGroup>;
  readonly serviceGroups: Map<string, IosServiceGroup>;
  /** By number. */
  readonly vlans: Map<number, IosVlan>;
  readonly vrfs: Map<string, IosVrf>;
  /** By VRF: its address family of BGP. */
  readonly bgpTables: Map<string, IosBgpTable>;
  /** The one whose lines follow. */
  openBgpTable: IosBgpTable | undefined;
  /** By what makes IOS take a second route for the same one. */
  readonly routes: Map<string, IosRoute>;
  readonly routeMaps: Map<string, IosRouteMap>;
  readonly policyMaps: Map<string, IosPolicyMap>;
  /** By name, the entries by their numbers. */
  readonly cryptoMaps: Map<string, Map<number, IosCryptoMap>>;
  readonly dynamicCryptoMaps: Map<string, Map<number, IosCryptoMap>>;
  /** What else brings routes into tables: IPsec, an SD-WAN, performance routing. */
  readonly routeSources: Map<string, { readonly into: 'all' | 'global'; readonly origin: Origin }>;
  /** A line by which labels are given out on whichever interface a process runs. */
  labelsByProcess: Origin | undefined;
  /** By name and VRF. */
  readonly processes: Map<string, IosProcess>;
  /** Names of the processes with `distance` lines. */
  readonly ownDistances: Set<string>;
  routing: boolean;
  defaultGateway: { readonly ip: Ip; readonly origin: Origin } | undefined;
  readonly defaultNetworks: { readonly prefix: Prefix; readonly origin: Origin }[];
  readonly nat: IosNat;
  readonly zoneFirewall: IosZones;
  readonly layer2: IosLayer2;
  readonly vlanFilters: {
    readonly map: string;
    readonly vlans: ReadonlySet<number> | 'all';
    readonly origin: Origin;
  }[];
  /** Routes that `ip route static bfd` watches, as `interface key` and next hop. */
  readonly bfdRoutes: { readonly key: string; readonly nextHop: Ip; readonly origin: Origin }[];
  /** `cts role-based enforcement`: the switch may drop by security groups whatever it forwards. */
  groupEnforcement: Origin | undefined;
  /** Lines about routes that were not understood, by VRF. */
  readonly routeDoubts: { readonly vrf: string; readonly words: string; readonly origin: Origin }[];
  readonly definitions: Definition[];
  readonly references: Reference[];
  readonly unread: Origin[];
}

export interface IosInterface {
  readonly id: InterfaceName;
  origin: Origin;
  description: string | undefined;
  shutdown: boolean;
  /** False: an SVI does not follow the state of its VLAN. */
  autostate: boolean;
  vrf: string | undefined;
  primary: IosAddress | undefined;
  secondaries: IosAddress[];
  /** Groups of routers that share an address, by protocol and number: `vrrp 5`. */
  readonly routerGroups: Map<string, IosRouterGroup>;
  /** The VRRPv3 group whose lines follow. */
  openRouterGroup: IosRouterGroup | undefined;
  /** `ip address dhcp`, `negotiated` or `pool`. */
  learned: { readonly word: string; readonly origin: Origin } | undefined;
  unnumbered: { readonly lender: string; readonly origin: Origin } | undefined;
  readonly accessGroups: { in: IosAccessGroup | undefined; out: IosAccessGroup | undefined };
  /** Undefined where no line says. */
  switchport: boolean | undefined;
  readonly port: IosPort;
  dot1q: number | undefined;
  /** The interface, or its address, that a tunnel begins at, as written. */
  tunnelSource: string | undefined;
  /** The number of the port channel that it is part of. */
  channel: number | undefined;
  zone: { readonly name: string; readonly origin: Origin } | undefined;
  nat: { inside: Origin | undefined; outside: Origin | undefined; enable: Origin | undefined };
  policyRouteMap: { readonly name: string; readonly origin: Origin } | undefined;
  reversePath: { readonly mode: 'strict' | 'loose'; readonly origin: Origin } | undefined;
  /** `ppp ipcp route default`: the far end of the link becomes the default route. */
  pppDefaultRoute: boolean;
  bridgeGroup: Origin | undefined;
  /** `ip directed-broadcast`: packets to the broadcast address of its networks go out there. */
  directedBroadcast: boolean;
  /** Lines that may drop packets or lead them away, and are not modelled. */
  readonly features: Uncertainty[];
  /** `vrf receive`: VRFs that have the interface's networks, too. */
  readonly receivedBy: { readonly vrf: string; readonly origin: Origin }[];
  /** Lines by which packets may go past the lists of the interface. */
  readonly bypasses: IosBypass[];
  readonly servicePolicies: { readonly name: string; readonly direction: 'in' | 'out'; readonly origin: Origin }[];
  /** Routing processes that the interface itself names (`ip ospf 1 area 0`). */
  readonly processes: Omit<DynamicProtocol, 'distance'>[];
}

export interface IosBypass {
  readonly direction: 'in' | 'out' | 'both';
  /** Only what this crypto map takes; absent: anything. */
  readonly cryptoMap?: string;
  readonly origin: Origin;
}

/** One entry of a crypto map. */
export interface IosCryptoMap {
  /** `match address`. */
  list: string | undefined;
  /** The dynamic map that the entry stands for. */
  dynamic: string | undefined;
}

export interface IosAddress {
  readonly ip: Ip;
  readonly mask: Ip;
  readonly origin: Origin;
}

/** HSRP, VRRP or GLBP on an interface. */
export interface IosRouterGroup {
  primary: IosVirtualAddress | undefined;
  secondaries: IosVirtualAddress[];
  shutdown: boolean;
}

export interface IosVirtualAddress {
  readonly ip: Ip;
  readonly origin: Origin;
}

export interface IosAccessGroup {
  /** The common list first, where there is one. */
  readonly names: readonly string[];
  readonly origin: Origin;
}

/**
 * `doubtful`: not a kind that IOS applies as these two (`ip access-list fqdn`, or no kind written);
 * its entries are read as extended ones, and none of them is certain.
 */
export type IosAccessListKind = 'standard' | 'extended' | 'doubtful';

export interface IosAccessList {
  readonly name: string;
  readonly nameOrigin: Origin;
  readonly kind: IosAccessListKind;
  /** Its first line. */
  readonly origin: Origin;
  /** Its lines in file order; they are read when all object groups are known. */
  readonly lines: EntryLines;
  /** The end of its last line. */
  end: number;
}

/** A standard and an extended list may bear one name in a file, whatever a device makes of that. */
export function accessListKey(kind: IosAccessListKind, name: string): string {
  return `${kind} ${name}`;
}

export type IosNetworkMember =
  | { readonly kind: 'address'; readonly term: AddressTerm }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'unread' };

export interface IosNetworkGroup {
  /** By their text: the same member twice is one. */
  readonly members: Map<string, IosNetworkMember>;
}

export type IosServiceMember =
  | { readonly kind: 'service'; readonly terms: readonly ServiceTerm[] }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'unread' };

export interface IosServiceGroup {
  /** By their text: the same member twice is one. */
  readonly members: Map<string, IosServiceMember>;
}

export interface IosVlan {
  readonly id: number;
  name: string | undefined;
  /** `shutdown` and `state suspend`: the switch carries nothing in it. */
  shutdown: boolean;
  suspended: boolean;
  readonly origin: Origin;
}

export interface IosVrf {
  readonly origin: Origin;
  /** A line by which BGP brings routes of other tables into this one. */
  imports: Origin | undefined;
  /** `export ipv4 ... map`: BGP brings routes of this table into the global one. */
  exportsToGlobal: boolean;
  /** Route targets of IPv4, with the lines that name them. */
  readonly importTargets: Map<string, Origin>;
  readonly exportTargets: Set<string>;
  hasDistinguisher: boolean;
  /** `import map` and `export map`: they pick among routes, and may mark them otherwise. */
  importMap: Origin | undefined;
  exportMap: Origin | undefined;
  /** The address family whose lines follow is not IPv4's. */
  isOtherFamily: boolean;
}

/** What BGP takes up from the table of a VRF, to lend it to others. */
export interface IosBgpTable {
  connected: Origin | undefined;
  statics: Origin | undefined;
  /** `default-information originate`. */
  takesDefault: boolean;
  /** A route map: which of these routes it takes up is not computed. */
  doubt: Origin | undefined;
  /** Single networks, or a routing process with the networks that it runs on: any route may be taken up. */
  picks: Origin | undefined;
}

export function emptyVrf(origin: Origin): IosVrf {
  return {
    origin,
    imports: undefined,
    exportsToGlobal: false,
    importTargets: new Map(),
    exportTargets: new Set(),
    hasDistinguisher: false,
    importMap: undefined,
    exportMap: undefined,
    isOtherFamily: false,
  };
}

export interface IosRoute {
  readonly vrf: string;
  readonly prefix: Prefix;
  readonly nextHop: Ip | undefined;
  /** As written. */
  readonly iface: string | undefined;
  readonly discard: boolean;
  readonly distance: number;
  readonly undecidable: string | undefined;
  readonly permanent: boolean;
  /** `global`: the next hop is looked up outside the VRF. */
  readonly global: boolean;
  readonly origin: Origin;
}

export interface IosPolicyMap {
  /** Whether it drops all packets of one of its classes. */
  drops: boolean;
  /** Policies that it applies to its classes. */
  readonly children: string[];
}

export interface IosProcess {
  readonly name: string;
  readonly vrf: string;
  readonly origin: Origin;
}

export function emptyConfig(): IosConfig {
  return {
    hostname: undefined,
    version: undefined,
    interfaces: new Map(),
    interfaceRanges: new Map(),
    accessLists: new Map(),
    networkGroups: new Map(),
    serviceGroups: new Map(),
    vlans: new Map(),
    vrfs: new Map(),
    bgpTables: new Map(),
    openBgpTable: undefined,
    routes: new Map(),
    routeMaps: new Map(),
    policyMaps: new Map(),
    cryptoMaps: new Map(),
    dynamicCryptoMaps: new Map(),
    routeSources: new Map(),
    labelsByProcess: undefined,
    processes: new Map(),
    ownDistances: new Set(),
    routing: true,
    defaultGateway: undefined,
    defaultNetworks: [],
    zoneFirewall: emptyZones(),
    layer2: emptyLayer2(),
    nat: emptyNat(),
    vlanFilters: [],
    bfdRoutes: [],
    groupEnforcement: undefined,
    routeDoubts: [],
    definitions: [],
    references: [],
    unread: [],
  };
}

export function emptyInterface(id: InterfaceName, origin: Origin): IosInterface {
  return {
    id,
    origin,
    description: undefined,
    shutdown: false,
    autostate: true,
    vrf: undefined,
    primary: undefined,
    secondaries: [],
    routerGroups: new Map(),
    openRouterGroup: undefined,
    learned: undefined,
    unnumbered: undefined,
    accessGroups: { in: undefined, out: undefined },
    switchport: undefined,
    port: emptyPort(),
    dot1q: undefined,
    tunnelSource: undefined,
    channel: undefined,
    zone: undefined,
    nat: { inside: undefined, outside: undefined, enable: undefined },
    policyRouteMap: undefined,
    reversePath: undefined,
    pppDefaultRoute: false,
    bridgeGroup: undefined,
    directedBroadcast: false,
    features: [],
    receivedBy: [],
    bypasses: [],
    servicePolicies: [],
    processes: [],
  };
}

/** Whether an interface has an address, learns one, or borrows it. */
export function hasAddress({ primary, learned, unnumbered }: IosInterface): boolean {
  return primary !== undefined || learned !== undefined || unnumbered !== undefined;
}
