import { TcpFlag } from './protocols.js';

/**
 * What netfilter's connection tracking makes of a packet. The bits of PSH, ECE and CWR do not count.
 * Source: Linux, net/netfilter/nf_conntrack_proto_tcp.c (`tcp_valid_flags`, and `tcp_conntracks` for a
 * connection that is not known, with `nf_conntrack_tcp_loose` at its default of 1).
 */
const { fin, syn, rst, psh, ack, urg } = TcpFlag;
const VALID = new Set([syn, syn | urg, syn | ack, rst, rst | ack, fin | ack, fin | ack | urg, ack, ack | urg]);
const OPENING = new Set([syn, syn | urg, ack, ack | urg]);

/** Whether a TCP packet with these flags can belong to a connection at all. */
export function isValidTcp(flags: number): boolean {
  return VALID.has(flags & ~psh);
}

/** Whether a TCP packet with these flags, of no known connection, opens one: a SYN, or one picked up in its middle. */
export function opensTcp(flags: number): boolean {
  return OPENING.has(flags & ~psh);
}

/**
 * ICMP types that open an exchange. Others of no known one are invalid.
 * Source: Linux, net/netfilter/nf_conntrack_proto_icmp.c, `icmp_pkt_to_tuple` and `valid_new`.
 */
export const OPENING_ICMP: readonly number[] = [8, 13, 15, 17];
/** ICMP types that report an error of another connection: `related` where that is known. */
export const ICMP_ERRORS: readonly number[] = [3, 4, 5, 11, 12];
