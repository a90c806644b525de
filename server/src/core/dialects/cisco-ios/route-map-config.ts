import type { Origin } from '../../model/origin.js';
import type { Ip } from '../../net/ip.js';

/** A route map in the words of IOS, by the numbers of its entries. It grows line by line. */
export interface IosRouteMap {
  readonly entries: Map<number, IosRouteMapEntry>;
  /** The entry whose lines follow. */
  open: IosRouteMapEntry | undefined;
}

export interface IosRouteMapEntry {
  readonly sequence: number;
  permits: boolean;
  /** Lists of `match ip address`; one of them must permit. Undefined: no such line. */
  lists: string[] | undefined;
  /** Interfaces of `match interface`, as written. */
  interfaces: string[] | undefined;
  /** Matches that cannot be told from the files, or are not modelled. */
  readonly doubts: Map<string, Origin>;
  /** `continue`: what follows may be asked as well. */
  continues: Origin | undefined;
  /** By their text: the same line twice is one. */
  readonly sets: Map<string, IosSet>;
  readonly origin: Origin;
}

/**
 * What an entry says about where a packet goes. `default`: only where the table has no explicit route.
 * `verify`: why a next hop may not be used.
 */
export type IosSet =
  | {
      readonly kind: 'next-hops';
      readonly hops: readonly Ip[];
      readonly isDefault: boolean;
      readonly recursive: boolean;
      readonly verify: string | undefined;
      /** Undefined: the table of the interface that the packet came in by. */
      readonly vrf: string | undefined;
      readonly origin: Origin;
    }
  /** `verify-availability` alone: the next hops are used while they answer. */
  | { readonly kind: 'verify'; readonly origin: Origin }
  | {
      readonly kind: 'interfaces';
      readonly names: readonly string[];
      readonly isDefault: boolean;
      readonly origin: Origin;
    }
  | { readonly kind: 'vrf'; readonly name: string; readonly origin: Origin }
  | { readonly kind: 'unknown'; readonly origin: Origin };
