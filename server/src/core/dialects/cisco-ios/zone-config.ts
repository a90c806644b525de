import type { Origin } from '../../model/origin.js';

/** The zone-based firewall in the words of IOS. It grows line by line, so its members are not readonly. */
export interface IosZones {
  /** Lines `zone security NAME`, by name. */
  readonly zones: Map<string, Origin>;
  readonly pairs: Map<string, IosZonePair>;
  /** Class maps and policy maps of type `inspect`; those for one application are not among them. */
  readonly classes: Map<string, IosInspectClass>;
  readonly policies: Map<string, IosInspectPolicy>;
  /** Applications whose ports `ip port-map` changes, in small letters. */
  readonly mapped: Set<string>;
  /** A line about a pair that was not understood: any zones may have it. */
  unread: Origin | undefined;
  /** The block whose lines follow, and the row of the line that opened it. */
  open: { readonly row: number; readonly block: IosZoneBlock } | undefined;
}

export type IosZoneBlock =
  | { readonly kind: 'pair'; readonly pair: IosZonePair }
  | { readonly kind: 'class'; readonly map: IosInspectClass }
  | { readonly kind: 'policy'; readonly map: IosInspectPolicy };

export interface IosZonePair {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  policy: { readonly name: string; readonly origin: Origin } | undefined;
  /** A line of its block that was not understood, as written. */
  unread: string | undefined;
  readonly origin: Origin;
}

export interface IosInspectClass {
  readonly name: string;
  /** All matches must hold; else one of them. */
  all: boolean;
  /** By their text: the same line twice is one. */
  readonly matches: Map<string, IosMatch>;
}

export interface IosMatch {
  readonly kind: 'list' | 'protocol' | 'class' | 'unread';
  readonly name: string;
  readonly negated: boolean;
}

export interface IosInspectPolicy {
  readonly name: string;
  /** By name, in order; `class-default` is asked last, wherever it stands. */
  readonly classes: Map<string, IosPolicyClass>;
  /** The class whose actions follow. */
  open: IosPolicyClass | undefined;
  readonly origin: Origin;
}

export interface IosPolicyClass {
  readonly name: string;
  action: 'inspect' | 'pass' | 'drop' | undefined;
  /** A line of the class that may drop more, as written. */
  unread: string | undefined;
  readonly origin: Origin;
}

export const CLASS_DEFAULT = 'class-default';

export function emptyZones(): IosZones {
  return {
    zones: new Map(),
    pairs: new Map(),
    classes: new Map(),
    policies: new Map(),
    mapped: new Set(),
    unread: undefined,
    open: undefined,
  };
}
