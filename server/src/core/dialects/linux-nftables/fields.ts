import { Protocol } from '../../net/protocols.js';
import type { ValueType } from './names.js';

/** What of a packet, or of what is known of it, a comparison looks at. */
export interface Field {
  readonly what:
    | 'src'
    | 'dst'
    | 'original-src'
    | 'original-dst'
    | 'protocol'
    | 'original-protocol'
    | 'source-port'
    | 'destination-port'
    | 'original-source-port'
    | 'original-destination-port'
    | 'icmp-type'
    | 'icmp-code'
    | 'flags'
    | 'in'
    | 'out'
    | 'mark'
    | 'connection-mark'
    | 'state'
    | 'status'
    | 'src-kind'
    | 'dst-kind'
    /** It has one value for all packets that are asked about. */
    | 'constant'
    /** No packet of IPv4 has it. */
    | 'never'
    | 'undecidable';
  readonly type: ValueType;
  /** The packet must be of one of these protocols, or the comparison does not hold, whatever it asks. */
  readonly protocols?: readonly number[];
  /** The packet must belong to a connection. */
  readonly tracked?: boolean;
  /** Of `constant`. */
  readonly value?: number;
  /** The bits of `constant` that are known; absent: all. */
  readonly known?: number;
  /** As the ruleset says it. */
  readonly words: string;
}

export const DCCP = 33;
export const UDPLITE = 136;
export const PORT_PROTOCOLS: readonly number[] = [Protocol.tcp, Protocol.udp, Protocol.sctp];

const header = (words: string, what: Field['what'], type: ValueType, ...protocols: number[]): [string, Field] => [
  words,
  protocols.length === 0 ? { what, type, words } : { what, type, words, protocols },
];
const tracked = (words: string, what: Field['what'], type: ValueType): [string, Field] => [
  words,
  { what, type, words, tracked: true },
];
const constant = (words: string, type: ValueType, value: number, known?: number): [string, Field] => [
  words,
  { what: 'constant', type, value, words, ...(known === undefined ? {} : { known }) },
];

const ETHER_IP = 0x0800;
const FAMILY_IPV4 = 2;
/** The bits of a fragment: more of them follow, and where it belongs. */
const FRAGMENT_BITS = 0x3fff;

/** Fields of two words, and of one. What the kernel takes them for: nft(8), "PRIMARY EXPRESSIONS", "PAYLOAD EXPRESSIONS". */
export const FIELDS: ReadonlyMap<string, Field> = new Map([
  header('ip saddr', 'src', 'address'),
  header('ip daddr', 'dst', 'address'),
  header('ip protocol', 'protocol', 'protocol'),
  constant('ip version', 'number', 4),
  // Packets are whole, but whether they may be cut is not known.
  constant('ip frag-off', 'number', 0, FRAGMENT_BITS),
  header('meta l4proto', 'protocol', 'protocol'),
  constant('meta nfproto', 'family', FAMILY_IPV4),
  constant('meta protocol', 'ether-type', ETHER_IP),
  constant('ether type', 'ether-type', ETHER_IP),
  header('meta mark', 'mark', 'mark'),
  header('meta iif', 'in', 'name'),
  header('meta iifname', 'in', 'name'),
  header('meta oif', 'out', 'name'),
  header('meta oifname', 'out', 'name'),
  // A packet that came to another's address of the link, or to all of them, is not routed (ip_forward() of the kernel).
  constant('meta pkttype', 'packet-type', 0),
  header('tcp sport', 'source-port', 'port', Protocol.tcp),
  header('tcp dport', 'destination-port', 'port', Protocol.tcp),
  header('udp sport', 'source-port', 'port', Protocol.udp),
  header('udp dport', 'destination-port', 'port', Protocol.udp),
  header('sctp sport', 'source-port', 'port', Protocol.sctp),
  header('sctp dport', 'destination-port', 'port', Protocol.sctp),
  header('udplite sport', 'source-port', 'port', UDPLITE),
  header('udplite dport', 'destination-port', 'port', UDPLITE),
  header('dccp sport', 'source-port', 'port', DCCP),
  header('dccp dport', 'destination-port', 'port', DCCP),
  // Without a protocol of its own: whatever stands where TCP and UDP have their ports.
  header('th sport', 'source-port', 'port'),
  header('th dport', 'destination-port', 'port'),
  header('tcp flags', 'flags', 'flags', Protocol.tcp),
  header('icmp type', 'icmp-type', 'icmp-type', Protocol.icmp),
  header('icmp code', 'icmp-code', 'icmp-code', Protocol.icmp),
  header('ct state', 'state', 'state'),
  tracked('ct status', 'status', 'status'),
  tracked('ct mark', 'connection-mark', 'mark'),
  tracked('ct original saddr', 'original-src', 'address'),
  tracked('ct original daddr', 'original-dst', 'address'),
  tracked('ct original ip saddr', 'original-src', 'address'),
  tracked('ct original ip daddr', 'original-dst', 'address'),
  tracked('ct original protocol', 'original-protocol', 'protocol'),
  tracked('ct original proto-src', 'original-source-port', 'port'),
  tracked('ct original proto-dst', 'original-destination-port', 'port'),
  tracked('ct protocol', 'original-protocol', 'protocol'),
  // What is asked about goes the way that its connection began.
  ['ct direction', { what: 'constant', type: 'direction', value: 0, words: 'ct direction', tracked: true }],
  ['ct l3proto', { what: 'constant', type: 'family', value: FAMILY_IPV4, words: 'ct l3proto', tracked: true }],
]);

/** What may stand without `meta` before it. Source: nft(8), "META EXPRESSIONS". */
export const META_ALONE = new Set(
  `mark iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid nftrace rtclassid ibriport obriport
  ibrname obrname pkttype cpu cgroup protocol l4proto nfproto priority length hour day time random`.split(/\s+/),
);
/** Headers that IPv4 does not have. */
export const NOT_IPV4 = new Set(['ip6', 'icmpv6', 'arp', 'exthdr', 'hbh', 'frag', 'dst', 'mh', 'srh']);
/** Headers with fields that are not told, and the protocols that they are of. */
export const OTHER_HEADERS: ReadonlyMap<string, number | undefined> = new Map([
  ['tcp', Protocol.tcp],
  ['udp', Protocol.udp],
  ['sctp', Protocol.sctp],
  ['udplite', UDPLITE],
  ['dccp', DCCP],
  ['icmp', Protocol.icmp],
  ['igmp', 2],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['comp', 108],
  ['ip', undefined],
  ['ether', undefined],
  ['vlan', undefined],
  ['th', undefined],
]);

/**
 * A field that is in a header of any protocol, for packets of these: `th dport` behind `meta l4proto tcp` is
 * the port of TCP.
 */
export function fieldOf(field: Field, protocols: readonly number[] | undefined): Field {
  const isLoose = field.protocols === undefined && (field.what === 'source-port' || field.what === 'destination-port');
  if (!isLoose || protocols === undefined || !protocols.every((one) => PORT_PROTOCOLS.includes(one))) return field;
  return { ...field, protocols };
}
