import type { Origin } from '../../model/origin.js';
import type { Ip } from '../../net/ip.js';

/** Address translation in the words of IOS. It grows line by line, so its members are not readonly. */
export interface IosNat {
  /** The statements, in the order of the file. */
  readonly rules: IosNatRule[];
  readonly pools: Map<string, IosNatPool>;
  /** Statements of which no more is known than what they may rewrite. */
  readonly doubts: IosNatDoubt[];
  /** The pool whose `address` lines follow, and the row of the line that opened its block. */
  open: { readonly row: number; readonly pool: IosNatPool } | undefined;
}

interface IosNatStatement {
  /** `inside` and `outside`: where the hosts are whose addresses are translated. */
  readonly side: 'inside' | 'outside';
  readonly vrf: string | undefined;
  /** Inside and outside are both in the VRF. */
  readonly matchInVrf: boolean;
  readonly origin: Origin;
}

/** An address, and a port of a protocol of it. */
export interface IosNatAddress {
  /** Absent: the address of the interface. */
  readonly ip: Ip | undefined;
  readonly iface: string | undefined;
  readonly port: number | undefined;
}

/** `ip nat inside|outside source static`: what hosts have themselves, and what the other side knows them by. */
export interface IosStaticNat extends IosNatStatement {
  readonly kind: 'static';
  readonly protocol: number | undefined;
  /** Of the host: inside local, or outside global. */
  readonly own: IosNatAddress;
  /** Its other name: inside global, or outside local. */
  readonly alias: IosNatAddress;
  /** The length of the network that is translated host by host; 32 for one address. */
  readonly length: number;
  readonly routeMap: string | undefined;
  /** With `ip nat outside`: a route to the alias leads to the host. */
  readonly addRoute: boolean;
}

/** `ip nat inside|outside source list|route-map`, and `ip nat inside destination list`. */
export interface IosDynamicNat extends IosNatStatement {
  readonly kind: 'dynamic';
  readonly field: 'source' | 'destination';
  readonly condition: { readonly kind: 'list' | 'route-map'; readonly name: string };
  readonly target: { readonly kind: 'pool' | 'interface'; readonly name: string };
  readonly overload: boolean;
}

export type IosNatRule = IosStaticNat | IosDynamicNat;

export interface IosNatPool {
  /** From the first address to the last of each range. */
  readonly ranges: { readonly first: Ip; readonly last: Ip }[];
}

export interface IosNatDoubt {
  /** `enable`: of the interfaces with `ip nat enable` alone. */
  readonly between: 'inside-outside' | 'enable';
  readonly source: boolean;
  readonly destination: boolean;
  readonly origin: Origin;
}

export function emptyNat(): IosNat {
  return { rules: [], pools: new Map(), doubts: [], open: undefined };
}
