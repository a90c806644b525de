import type { Ip } from '../net/ip.js';
import type { Prefix } from '../net/prefix.js';
import type { HeaderMatch, PortRange } from './header-match.js';
import type { Origin } from './origin.js';

/**
 * Where on a packet's way through a device a policy runs: before the routing decision, after it on
 * what is forwarded (never on what the device takes for itself), or last, on the way out.
 */
export type Hook = 'prerouting' | 'forward' | 'postrouting';

/**
 * What a device does with every packet that it forwards, whichever interfaces it crosses: a chain of
 * netfilter that hangs at a hook, a policy between zones, a table of address translations.
 *
 * A drop in any policy is final. An acceptance ends only the policy that says it; the policies behind
 * it still run.
 */
export interface Policy {
  /** As the vendor names it, and unlike all others of the device: `filter FORWARD`, `inet fw forward`. */
  readonly name: string;
  readonly hook: Hook;
  /** Policies of one hook run from the lowest number up, and those of one number in the order given. */
  readonly priority: number;
  /**
   * What it is for. A `nat` policy translates addresses: once one has translated a packet's source or
   * destination, no other `nat` policy of the hook is asked about it, and none is about what belongs to no
   * connection (`invalid`, `untracked`). A finding names the rules of
   * `filter` policies alone; `other` ones still may drop.
   */
  readonly purpose: 'filter' | 'nat' | 'other';
  /** It runs before the device knows of connections: no packet belongs to one there. */
  readonly beforeTracking: boolean;
  /**
   * What it is about; absent: everything. A packet that the tests do not hold for passes it by, and meets
   * none of its rules.
   */
  readonly when?: readonly Test[];
  /** Key of the chain that it starts in. */
  readonly chain: string;
  /** What becomes of a packet that no rule has decided about. */
  readonly end: { readonly action: 'accept' | 'drop'; readonly origin: Origin };
}

/** Rules in order. The first one that holds and ends something decides; the others only act on the way. */
export interface Chain {
  /** Unlike all others of the device: `filter FORWARD`, `inet fw medical`. */
  readonly key: string;
  /** As the vendor says it: `FORWARD`. */
  readonly name: string;
  readonly rules: Rules;
  readonly origin: Origin;
}

/** Rules in order. An array is one; of a long chain each may be made only when it is asked for, and anew each time. */
export interface Rules extends Iterable<PolicyRule> {
  readonly length: number;
  at(index: number): PolicyRule | undefined;
  /** Present where they were reckoned as the rules were read. */
  readonly hulls?: RuleHulls;
  /** What the rules do, all of them together. Absent: each one's action says. */
  readonly acts?: ReadonlySet<PolicyAction['kind']>;
  /**
   * The first position from `from` on of a rule that does not plainly ask for another source or destination
   * than these of the present header; `length` where there is none. Absent: the tests of each rule say.
   */
  nextAbout?(from: number, src: Ip, dst: Ip): number;
}

/**
 * By position in the chain, the addresses outside of which a rule holds for no packet, as its header is at
 * this place. A rule whose first address is beyond the last one holds for nothing.
 */
export interface RuleHulls {
  readonly srcFirst: Uint32Array;
  readonly srcLast: Uint32Array;
  readonly dstFirst: Uint32Array;
  readonly dstLast: Uint32Array;
}

export interface PolicyRule {
  /** All of them must hold. None: the rule holds for everything. */
  readonly tests: readonly Test[];
  readonly action: PolicyAction;
  readonly origin: Origin;
}

/** What the device's connection tracking says of a packet. */
export type TrackedState = 'new' | 'established' | 'related' | 'invalid' | 'untracked';

/** What a test of an address's kind asks for, as the device's routing table has it. */
export type AddressKind = 'local' | 'broadcast' | 'multicast' | 'unicast' | 'unspecified' | 'other';

/** A question about a packet. `negated`: it holds where the rest does not. */
export type Test =
  /**
   * One of the matches holds for the header as it is at this place; with `original`, for the header as
   * it was when the packet came into the device (before any translation).
   */
  | {
      readonly kind: 'header';
      readonly matches: readonly HeaderMatch[];
      readonly original: boolean;
      readonly negated: boolean;
    }
  /**
   * The interface by which the packet came in, or is about to go out, has one of the names. A name with
   * `*` at its end stands for all that begin so. Before the routing decision nothing is known of the
   * way out: there no name is the one of an `out` test.
   */
  | { readonly kind: 'in' | 'out'; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'state'; readonly states: readonly TrackedState[]; readonly negated: boolean }
  /** `(mark & mask)` lies in one of the ranges. Marks are unsigned 32-bit numbers, 0 on what comes in. */
  | {
      readonly kind: 'mark' | 'connection-mark';
      readonly mask: number;
      readonly ranges: readonly PortRange[];
      readonly negated: boolean;
    }
  /** The connection's destination (or source) has been translated. */
  | { readonly kind: 'translated'; readonly field: 'src' | 'dst'; readonly negated: boolean }
  /** The kind of the packet's present address, asked of the device's own addresses and networks. */
  | {
      readonly kind: 'address-kind';
      readonly field: 'src' | 'dst';
      readonly kinds: readonly AddressKind[];
      readonly negated: boolean;
    }
  /**
   * The list permits the packet (an access list that is used as a condition). One that is not defined, or has
   * no entries, permits nothing; with `empty`, everything, or it cannot be told what it permits.
   */
  | {
      readonly kind: 'list';
      readonly acl: string;
      readonly negated: boolean;
      readonly empty?: 'permits' | 'undecidable';
    }
  /** One of the alternatives holds, each of which is a list of tests that must all hold. */
  | { readonly kind: 'any'; readonly alternatives: readonly (readonly Test[])[]; readonly negated: boolean }
  /** It cannot be told from the files whether it holds; why, in words: "limit rate 5/second". */
  | { readonly kind: 'undecidable'; readonly words: string };

/** Values `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** To what an address is translated. */
export type TranslatedAddress =
  /** One of these addresses; the device chooses. */
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  /** The prefix is put in the place of the address's first bits; its other bits stay. */
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  /** An address of the interface by which the packet goes out (masquerade), or came in (redirect). */
  | { readonly kind: 'interface' }
  /** It cannot be told from the files; why, in words. */
  | { readonly kind: 'unknown'; readonly words: string };

export type PolicyAction =
  /** The packet passes this policy. */
  | { readonly kind: 'accept' }
  /** The packet is stopped, with or without an answer to its sender. */
  | { readonly kind: 'drop' }
  /** The chain's rules are asked; behind their end, or a `return`, it goes on with the next rule here. */
  | { readonly kind: 'jump'; readonly chain: string }
  /** As `jump`, but behind the chain's end it goes on where the caller of the present chain would. */
  | { readonly kind: 'goto'; readonly chain: string }
  /** Back to the caller; in the first chain of a policy, to the policy's end. */
  | { readonly kind: 'return' }
  /** Nothing that matters to the packet's fate: it is logged, counted. */
  | { readonly kind: 'continue' }
  /** mark = (mark & ~mask) ^ value. */
  | {
      readonly kind: 'set-mark';
      readonly target: 'mark' | 'connection-mark';
      readonly mask: number;
      readonly value: number;
    }
  /** The bits of `mask` of the other mark are taken over: `to` 'mark' restores, 'connection-mark' saves. */
  | { readonly kind: 'copy-mark'; readonly to: 'mark' | 'connection-mark'; readonly mask: number }
  /** The packet belongs to no connection from here on, and is not translated. */
  | { readonly kind: 'untrack' }
  /**
   * Its source or destination is translated, and the policy is done. Ports are translated only where
   * they are given and the protocol has them.
   */
  | {
      readonly kind: 'translate';
      readonly field: 'src' | 'dst';
      readonly address?: TranslatedAddress;
      readonly ports?: Range;
    }
  /**
   * It was not understood, or cannot be told: the packet may be stopped, may pass this policy, or go on
   * with the next rule, its marks changed. Why, in words.
   */
  | { readonly kind: 'unknown'; readonly words: string };

/** Where a rule sends a packet by itself. */
export type PolicyHop =
  /**
   * To an address that is on a network of the table `vrf`, or, with `recursive`, that a route of it leads to.
   * `undecidable`: why it may be passed over while it is there ("track 5").
   */
  | {
      readonly kind: 'gateway';
      readonly ip: Ip;
      readonly vrf: string;
      readonly recursive: boolean;
      readonly undecidable?: string;
    }
  /** Out of an interface that is up, to whoever is on its link. */
  | { readonly kind: 'iface'; readonly name: string; readonly undecidable?: string };

/**
 * One rule of a choice of routing tables: the first that holds and finds a route decides. A table that
 * has no route for the destination passes the choice on to the next rule.
 */
export interface RoutingRule {
  readonly tests: readonly Test[];
  readonly action: /**
   * `Vrf.name` of the table. With `suppressLength`, routes of that prefix length or shorter do not count, and
   * with `suppressDiscards` not even those of them that lead nowhere: the kernel asks `suppress_prefixlength`
   * only of what it found a way for (net/core/fib_rules.c, fib_rules_lookup). With `isLast`, what the table has
   * no route for has none at all, and no further rule is asked.
   */
    | {
        readonly kind: 'table';
        readonly vrf: string;
        readonly suppressLength?: number;
        readonly suppressDiscards?: true;
        readonly isLast?: true;
      }
    | { readonly kind: 'discard' }
    /** Past all tables: the first of the hops that can be used takes the packet. Where none can, the next rule is asked. */
    | { readonly kind: 'next-hops'; readonly hops: readonly PolicyHop[] }
    | { readonly kind: 'unknown'; readonly words: string };
  /** Where the device numbers its rules: those of several files go by it, and equal ones stay in order. */
  readonly priority?: number;
  readonly origin: Origin;
}
