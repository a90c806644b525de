import type { Ip } from '../net/ip.js';
import type { Prefix } from '../net/prefix.js';
import type { Acl } from './acl.js';
import type { Origin } from './origin.js';
import type { Chain, Policy, RoutingRule } from './policy.js';

/** The name of the routing table that an interface is in unless its configuration says otherwise. */
export const DEFAULT_VRF = 'default';

export interface InterfaceAddress {
  readonly ip: Ip;
  /** The connected network. */
  readonly prefix: Prefix;
  readonly secondary: boolean;
  readonly origin: Origin;
}

/** An address that routers share (HSRP, VRRP, GLBP): one of them answers for it, and which is not in the files. */
export interface VirtualAddress {
  readonly ip: Ip;
  readonly origin: Origin;
}

/**
 * A filter that an interface applies. Several names are one list after another, with one implicit
 * entry at the end of the last (an IOS common ACL and the interface's own).
 */
export interface AppliedFilter {
  readonly names: readonly string[];
  readonly direction: 'in' | 'out';
  readonly origin: Origin;
}

/** A header field that a rewriting feature may change. */
export type RewrittenField = 'src' | 'srcPort' | 'dst' | 'dstPort';

/**
 * Something configured on an interface that matters to a packet's fate and is not modelled.
 *
 * - `may-drop`: packets that cross the interface in `direction` may be dropped.
 * - `may-reroute`: packets that come in may be forwarded past the routing table.
 * - `may-rewrite`: between an interface that has it for `in` and one that has it for `out`, the
 *   fields may be changed before the egress filter sees them.
 */
export interface Uncertainty {
  readonly effect: 'may-drop' | 'may-reroute' | 'may-rewrite';
  readonly direction: 'in' | 'out' | 'both';
  /** Only for `may-rewrite`. */
  readonly fields?: readonly RewrittenField[];
  /** In the words of the report: "zone-member security INSIDE: zone policies are not modelled". */
  readonly words: string;
  readonly origin: Origin;
}

export type InterfaceKind = 'physical' | 'subinterface' | 'svi' | 'loopback' | 'tunnel' | 'port-channel' | 'other';

export interface Interface {
  /** As the configuration writes it. */
  readonly name: string;
  /** Other names it answers to (an ASA's nameif; the long and the short form). Compared without case. */
  readonly aliases: readonly string[];
  readonly kind: InterfaceKind;
  readonly description?: string;
  /** The VLAN whose packets enter here: an SVI's number or a subinterface's tag. */
  readonly vlan?: number;
  /** On a port of a switch: the VLAN of what comes in without a tag. */
  readonly untaggedVlan?: number;
  readonly vrf: string;
  /** False where the configuration shuts it down. */
  readonly up: boolean;
  /** A layer-2 port: it switches and has no addresses. */
  readonly switchport: boolean;
  readonly zone?: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly virtualAddresses: readonly VirtualAddress[];
  /** It takes an address from the network (`dhcp`, `negotiated`), and with it perhaps a default route. */
  readonly learnsAddress?: { readonly word: string; readonly mayLearnDefaultRoute: boolean; readonly origin: Origin };
  /** It takes what is sent to the first and the last address of its networks for itself, as IOS does. */
  readonly takesNetworkEnds?: true;
  /** No host is on its networks: what is sent there comes back, and is dropped. */
  readonly holdsNoHosts?: true;
  readonly filters: readonly AppliedFilter[];
  /** Reverse-path check on what comes in: the source must have a route (`strict`: back out of this interface). */
  readonly reversePath?: { readonly mode: 'strict' | 'loose'; readonly origin: Origin };
  readonly uncertainties: readonly Uncertainty[];
  readonly origin: Origin;
}

/** The distance of a route that is configured and never used. */
export const NEVER_INSTALLED = Number.POSITIVE_INFINITY;

/** A static route. It leads to a next hop, out of an interface, both, or nowhere (`discard`). */
export interface StaticRoute {
  readonly prefix: Prefix;
  readonly nextHop?: Ip;
  /** Name of the egress interface, as written. */
  readonly iface?: string;
  readonly discard: boolean;
  /** Administrative distance, or metric: of the routes of one prefix, the least are used. */
  readonly distance: number;
  /** Why it may be absent while configured ("track 5"); absent: it is there whenever it resolves. */
  readonly undecidable?: string;
  /** It stays in the table when its interface goes down. */
  readonly permanent: boolean;
  /** The next hop is looked up in this VRF instead of the route's own. */
  readonly nextHopVrf?: string;
  /** How the next hop is looked up; absent: as IOS does, for which `NextHopLookup` says what differs. */
  readonly lookup?: NextHopLookup;
  /** Whether a default route may lead to the next hop, where `lookup` does not say; absent: it may. */
  readonly overDefault?: 'unknown';
  readonly origin: Origin;
}

/** What a router that is more careful than IOS asks of a next hop before it takes a static route. */
export interface NextHopLookup {
  /** Whether the default route may lead to it. `unknown`: that hangs on what no file says. */
  readonly overDefault: 'yes' | 'no' | 'unknown';
  /**
   * Whether the interface that the route names must be the one that leads to the next hop. IOS takes the
   * next hop to be there.
   */
  readonly asksInterface: boolean;
}

/** A routing process whose routes are not computed; it may carry any prefix. */
export interface DynamicProtocol {
  /** As the vendor says it: `OSPF 1`, `BGP 65001`. */
  readonly name: string;
  /** The least administrative distance of its routes: a static route above it may give way to them. */
  readonly distance: number;
  /** Its routes may lead out of interfaces of other tables, as what BGP imports from them does. */
  readonly leavesTable?: true;
  readonly origin: Origin;
}

/** Routes that a table takes from another one of the same device. */
export interface RouteLeak {
  /** `Vrf.name` of the table that lends. */
  readonly from: string;
  readonly connected: boolean;
  readonly statics: 'none' | 'but-default' | 'all';
  /** Of the routes here. */
  readonly distance: number;
  /** Why some or all of them may not be taken, in words; absent: all are. */
  readonly undecidable?: string;
  readonly origin: Origin;
}

export interface Vrf {
  readonly name: string;
  readonly staticRoutes: readonly StaticRoute[];
  readonly dynamicProtocols: readonly DynamicProtocol[];
  /** What other tables of the device lend to this one. */
  readonly leaks?: readonly RouteLeak[];
  /** IOS `ip default-network`: a network of the table whose route becomes the default. */
  readonly defaultNetworks: readonly { readonly prefix: Prefix; readonly origin: Origin }[];
  /** The files say all routes of the table, though it has none: a recording of it. */
  readonly isWhole?: true;
  /** Lines about this table's routes that were not understood; each may add or change a route. */
  readonly uncertainties: readonly { readonly words: string; readonly origin: Origin }[];
}

export interface Vlan {
  readonly id: number;
  readonly name?: string;
  readonly origin: Origin;
}

/** VLANs that a device switches and does not route, and asks the same about. */
export interface SwitchedVlans {
  readonly vlans: ReadonlySet<number>;
  /** By which their packets come in and go out, for the policies that name it; none of the device's interfaces. */
  readonly iface: Interface;
}

/** What a name stands for. */
export type DefinitionKind =
  | 'acl'
  | 'object-group'
  | 'interface'
  | 'vlan'
  | 'vrf'
  | 'route-map'
  | 'time-range'
  | 'chain'
  | 'set';

export interface Definition {
  readonly kind: DefinitionKind;
  readonly name: string;
  /** The span of the name itself; `block` is the whole definition. */
  readonly origin: Origin;
  readonly block: Origin;
}

export interface Reference {
  readonly kind: DefinitionKind;
  readonly name: string;
  /** `filter`: it decides about forwarded packets; `other`: a vty, SNMP, NAT, a route-map and the like. */
  readonly use: 'filter' | 'other';
  readonly origin: Origin;
}

/** One router, switch or firewall, in neutral words. */
export interface Device {
  readonly name: string;
  readonly dialect: string;
  readonly files: readonly string[];
  readonly interfaces: readonly Interface[];
  readonly vrfs: readonly Vrf[];
  readonly acls: ReadonlyMap<string, Acl>;
  readonly vlans: readonly Vlan[];
  /** VLANs about whose packets it asks something as it switches them; absent: none. No VLAN is in two of them. */
  readonly switched?: readonly SwitchedVlans[];
  /** What it does with all that it forwards; absent: nothing beyond the filters of its interfaces. */
  readonly policies?: readonly Policy[];
  /** By key. */
  readonly chains?: ReadonlyMap<string, Chain>;
  /**
   * How a routing table is chosen for what comes in, in order; absent: the table of the interface that
   * the packet came in by.
   */
  readonly routingRules?: readonly RoutingRule[];
  /** False on a device that only switches (`no ip routing`). */
  readonly routes: boolean;
  /** The files say every routing table that has routes: one that they do not show is empty. */
  readonly tablesAreWhole?: true;
  /**
   * It takes what is sent to the broadcast address of one of its networks for itself, as Linux does. Absent:
   * it sends it out there, as far as anyone knows.
   */
  readonly takesBroadcasts?: true;
  /** It forwards nothing from or to addresses that no host has, as Linux does. Absent: as far as its routes lead. */
  readonly refusesMartians?: true;
  /** Why its policies may not be all that decides, in words: something else changes them. */
  readonly policyDoubt?: string;
  /** The gateway of a device that does not route (`ip default-gateway`). */
  readonly defaultGateway?: { readonly ip: Ip; readonly origin: Origin };
  readonly definitions: readonly Definition[];
  readonly references: readonly Reference[];
  /** Lines inside filters, policies, NAT or routes that were not understood, in file order. */
  readonly unread: readonly Origin[];
}

/**
 * Whether the device's files hold any routing at all; one that holds none is assumed to have a default
 * route. The gateway of a device that routes is none: it has no effect there, and most files with one
 * are of switches whose platform leaves routing off without a line that says so. Nor does a table count
 * that no interface is in: what comes in is looked up elsewhere.
 */
export function hasRouting(device: Device): boolean {
  const used = new Set([DEFAULT_VRF, ...device.interfaces.map((iface) => iface.vrf)]);
  return (
    (!device.routes && device.defaultGateway !== undefined) ||
    device.vrfs.some(
      (vrf) =>
        used.has(vrf.name) &&
        (vrf.isWhole === true ||
          vrf.staticRoutes.length > 0 ||
          vrf.dynamicProtocols.length > 0 ||
          vrf.defaultNetworks.length > 0 ||
          vrf.uncertainties.length > 0),
    )
  );
}

/** Whether two interfaces have addresses on one network. */
export function shareNetwork(a: Interface, b: Interface): boolean {
  return a.addresses.some(({ prefix }) =>
    b.addresses.some((other) => other.prefix.ip === prefix.ip && other.prefix.length === prefix.length),
  );
}

const interfaceNames = new WeakMap<readonly Interface[], ReadonlyMap<string, Interface>>();

/** The interface of that name or alias, without regard to case. */
export function findInterface({ interfaces }: Pick<Device, 'interfaces'>, name: string): Interface | undefined {
  let byName = interfaceNames.get(interfaces);
  if (byName === undefined) {
    byName = indexOfNames(interfaces);
    interfaceNames.set(interfaces, byName);
  }
  return byName.get(name.toLowerCase());
}

/** Of several with one name the first counts. */
function indexOfNames(interfaces: readonly Interface[]): ReadonlyMap<string, Interface> {
  const byName = new Map<string, Interface>();
  for (const iface of interfaces) {
    for (const name of [iface.name, ...iface.aliases]) {
      const key = name.toLowerCase();
      if (!byName.has(key)) byName.set(key, iface);
    }
  }
  return byName;
}
