import { protocolNumber } from '../../net/protocols.js';
import { PROTOCOLS, SERVICES } from '../common/service-names.js';

/** Further names of protocols. */
const OWN_PROTOCOLS: Readonly<Record<string, number>> = {
  comp: 108,
  icmpv6: 58,
  ip: 0,
};

/** Source: nft(8), "ICMP TYPE TYPE". */
const ICMP_TYPES: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

/** Source: nft(8), "ICMP CODE TYPE". */
const ICMP_CODES: Readonly<Record<string, number>> = {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'frag-needed': 4,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13,
};

/** Source: nft(8), "CONNTRACK EXPRESSIONS". */
export const CT_STATES: Readonly<Record<string, number>> = {
  invalid: 1,
  established: 2,
  related: 4,
  new: 8,
  untracked: 64,
};
const CT_STATUS: Readonly<Record<string, number>> = {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
};
const TCP_FLAGS: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  cwr: 128,
};
const ETHER_TYPES: Readonly<Record<string, number>> = {
  ip: 0x0800,
  arp: 0x0806,
  ip6: 0x86dd,
  vlan: 0x8100,
  '8021q': 0x8100,
  '8021ad': 0x88a8,
};
/** Numbers of the kernel's kinds of addresses. Source: nft(8), "FIB EXPRESSIONS"; rtnetlink(7). */
export const ADDRESS_TYPES: Readonly<Record<string, number>> = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
};
const PACKET_TYPES: Readonly<Record<string, number>> = {
  host: 0,
  unicast: 0,
  broadcast: 1,
  multicast: 2,
  other: 3,
};

/** What values a field has, and so how their words are read. */
export type ValueType =
  | 'address'
  | 'port'
  | 'protocol'
  | 'name'
  | 'mark'
  | 'state'
  | 'status'
  | 'flags'
  | 'icmp-type'
  | 'icmp-code'
  | 'ether-type'
  | 'family'
  | 'address-type'
  | 'direction'
  | 'packet-type'
  | 'number';

const TABLES: Readonly<Partial<Record<ValueType, Readonly<Record<string, number>>>>> = {
  'icmp-type': ICMP_TYPES,
  'icmp-code': ICMP_CODES,
  state: CT_STATES,
  status: CT_STATUS,
  flags: TCP_FLAGS,
  'ether-type': ETHER_TYPES,
  family: { ipv4: 2, ipv6: 10 },
  'address-type': ADDRESS_TYPES,
  direction: { original: 0, reply: 1 },
  'packet-type': PACKET_TYPES,
};

/** The number of bits of a value; prefixes and what lies beyond go by it. */
export function bitsOf(type: ValueType): number {
  switch (type) {
    case 'port':
    case 'ether-type':
      return 16;
    case 'protocol':
    case 'flags':
    case 'icmp-type':
    case 'icmp-code':
    case 'family':
    case 'direction':
    case 'packet-type':
      return 8;
    default:
      return 32;
  }
}

/** Whether values are sets of bits, of which a packet has one or more. */
export function isBitmask(type: ValueType): boolean {
  return type === 'state' || type === 'status' || type === 'flags';
}

/** The number that a word means as a value of a type; undefined where it is none. */
export function numberOf(type: ValueType, word: string): number | undefined {
  const plain = plainNumber(word);
  if (plain !== undefined) return plain < 2 ** bitsOf(type) ? plain : undefined;
  if (type === 'port') return SERVICES.get(word);
  const table = TABLES[type];
  if (table !== undefined) return Object.hasOwn(table, word) ? table[word] : undefined;
  if (type === 'protocol') {
    const small = word.toLowerCase();
    if (Object.hasOwn(OWN_PROTOCOLS, small)) return OWN_PROTOCOLS[small];
    return PROTOCOLS.get(small) ?? protocolNumber(small);
  }
  return undefined;
}

/** `80`, `0x50`; undefined for anything else, and for what has more than 32 bits. */
export function plainNumber(word: string): number | undefined {
  const first = word.charCodeAt(0);
  if (first < 48 || first > 57 || word.length > 12) return undefined;
  if (first === 48 && (word.charCodeAt(1) | 32) === 120) {
    return /^0x[\da-f]{1,8}$/i.test(word) ? Number.parseInt(word.slice(2), 16) : undefined;
  }
  let value = 0;
  for (let at = 0; at < word.length; at += 1) {
    const digit = word.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value <= 0xffffffff ? value : undefined;
}
