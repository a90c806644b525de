import type { Origin } from '../../model/origin.js';

/** What a switch does with packets before they are routed, in the words of IOS. */
export interface IosLayer2 {
  /** VLAN access maps by name. */
  readonly maps: Map<string, IosAccessMap>;
  /** The entry whose lines follow, its map, and the row of the line that opened it. */
  open: { readonly row: number; readonly map: IosAccessMap; readonly entry: IosMapEntry } | undefined;
  /** VLANs whose hosts may be in other VLANs, by whose maps they are asked. */
  readonly privateVlans: Set<number>;
}

export interface IosAccessMap {
  /** By number. */
  readonly entries: Map<number, IosMapEntry>;
  /** The highest number that was given. */
  last: number;
  /** A line that names the map or stands in one of its entries, and was not understood: what it makes of them is not known. */
  unread: string | undefined;
}

export interface IosMapEntry {
  /** IPv4 lists: a packet that one of them permits is of the entry. */
  readonly lists: Set<string>;
  /** Lines that match something else than IPv4: by MAC addresses, or lines that were not understood. */
  readonly others: Set<string>;
  /** Undefined where no line says: then it is forwarded. */
  action: 'forward' | 'drop' | 'redirect' | undefined;
  readonly origin: Origin;
}

/** What a port is on a switch. Undefined where no line says. */
export interface IosPort {
  mode: 'access' | 'trunk' | undefined;
  accessVlan: number | undefined;
  voiceVlan: number | undefined;
  /** The VLAN of what a trunk carries without a tag. */
  nativeVlan: number | undefined;
  /** VLANs that a trunk carries; undefined: all. */
  allowed: Set<number> | undefined;
}

export function emptyLayer2(): IosLayer2 {
  return { maps: new Map(), open: undefined, privateVlans: new Set() };
}

export function emptyPort(): IosPort {
  return { mode: undefined, accessVlan: undefined, voiceVlan: undefined, nativeVlan: undefined, allowed: undefined };
}
