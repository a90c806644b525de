import type { Ip } from '../net/ip.js';

/**
 * A set of addresses. A wildcard has a 1 where the bit does not count (`0.0.0.255`), and may be
 * non-contiguous; `any` is wildcard 255.255.255.255 and a host is wildcard 0.0.0.0.
 */
export type AddressTerm =
  | { readonly kind: 'wildcard'; readonly value: Ip; readonly wildcard: Ip }
  | { readonly kind: 'range'; readonly first: Ip; readonly last: Ip };

/** Ports `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface IcmpTerm {
  readonly type: number;
  /** Absent: any code. */
  readonly code?: number;
}

/**
 * A test on the TCP flags byte. `all`: every bit of `set` is 1 and every bit of `clear` is 0.
 * `any`: at least one bit of `set` is 1, or at least one bit of `clear` is 0.
 * `established` is `any` with `set` = ACK | RST.
 */
export interface TcpFlagTest {
  readonly kind: 'all' | 'any';
  readonly set: number;
  readonly clear: number;
}

/** Protocol and what belongs to it. An absent member matches anything. */
export interface ServiceTerm {
  readonly protocol?: number;
  /** Only with a protocol that has ports. Several ranges are alternatives; an empty list matches nothing. */
  readonly srcPorts?: readonly PortRange[];
  readonly dstPorts?: readonly PortRange[];
  /** Only with ICMP. */
  readonly icmp?: readonly IcmpTerm[];
  /** Only with TCP. */
  readonly tcpFlags?: TcpFlagTest;
}

/** The state of the connection that a packet belongs to. */
export type ConnectionState = 'new' | 'established';

/**
 * What an entry of a filter matches: one of `src` and one of `dst` and one of `services`.
 * An empty list matches nothing; `ANY_ADDRESS` and `ANY_SERVICE` match everything.
 */
export interface HeaderMatch {
  readonly src: readonly AddressTerm[];
  readonly dst: readonly AddressTerm[];
  readonly services: readonly ServiceTerm[];
  /** Absent: any state. */
  readonly state?: ConnectionState;
}

export const ANY_ADDRESS: readonly AddressTerm[] = [{ kind: 'wildcard', value: 0, wildcard: 0xffffffff }];
export const ANY_SERVICE: readonly ServiceTerm[] = [{}];
export const MATCH_ANY: HeaderMatch = { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: ANY_SERVICE };
