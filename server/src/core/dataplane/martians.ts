import { ANY_ADDRESS, ANY_SERVICE, type HeaderMatch } from '../model/header-match.js';

/**
 * Addresses that no host has (RFC 6890), as Linux sees them before it asks for a route. Source: Linux,
 * net/ipv4/route.c, `ip_route_input_slow` and `ip_route_input_rcu`. Of 0.0.0.0/8 all but the first are as good as
 * others since 5.3 (96125bf9985a).
 */

type Block = readonly [first: number, last: number];

const NOTHING: Block = [0, 0];
const LOOPBACK: Block = [0x7f000000, 0x7fffffff];
const MULTICAST: Block = [0xe0000000, 0xefffffff];
const BROADCAST: Block = [0xffffffff, 0xffffffff];

/** What is not forwarded, whatever the routes: what is for a loopback address or the broadcast stays where it is. */
export const NEVER_FORWARDED: readonly HeaderMatch[] = [
  from(NOTHING, MULTICAST, BROADCAST),
  to(NOTHING, LOOPBACK, BROADCAST),
];

/** What is forwarded with `route_localnet`, or where a daemon routes multicast packets, and else not. */
export const SELDOM_FORWARDED: readonly HeaderMatch[] = [from(LOOPBACK), to(MULTICAST)];

function from(...blocks: readonly Block[]): HeaderMatch {
  return { src: blocks.map(term), dst: ANY_ADDRESS, services: ANY_SERVICE };
}

function to(...blocks: readonly Block[]): HeaderMatch {
  return { src: ANY_ADDRESS, dst: blocks.map(term), services: ANY_SERVICE };
}

function term([first, last]: Block): HeaderMatch['src'][number] {
  return { kind: 'range', first, last };
}
