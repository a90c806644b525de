import type { IcmpTerm } from '../../model/header-match.js';

/** The protocols that an extended list names. `ip` is any. */
export const PROTOCOLS: Readonly<Record<string, number | undefined>> = {
  ahp: 51,
  eigrp: 88,
  esp: 50,
  gre: 47,
  icmp: 1,
  igmp: 2,
  igrp: 9,
  ip: undefined,
  ipinip: 4,
  nos: 94,
  ospf: 89,
  pcp: 108,
  pim: 103,
  sctp: 132,
  tcp: 6,
  udp: 17,
};
export const PROTOCOL_NAMES = Object.keys(PROTOCOLS);

const type = (number: number): IcmpTerm => ({ type: number });
const message = (number: number, code: number): IcmpTerm => ({ type: number, code });

/**
 * The ICMP messages that IOS names. Some are a whole type, most are one code of it. From "Cisco IOS
 * Security Command Reference", `access-list (IP extended)`, with the numbers of RFC 792, 950, 1108,
 * 1191, 1256, 1393, 1475 and 1812.
 */
export const ICMP_MESSAGES: Readonly<Record<string, IcmpTerm>> = {
  'administratively-prohibited': message(3, 13),
  'alternate-address': type(6),
  'conversion-error': type(31),
  'dod-host-prohibited': message(3, 10),
  'dod-net-prohibited': message(3, 9),
  echo: type(8),
  'echo-reply': type(0),
  'general-parameter-problem': message(12, 0),
  'host-isolated': message(3, 8),
  'host-precedence-unreachable': message(3, 14),
  'host-redirect': message(5, 1),
  'host-tos-redirect': message(5, 3),
  'host-tos-unreachable': message(3, 12),
  'host-unknown': message(3, 7),
  'host-unreachable': message(3, 1),
  'information-reply': type(16),
  'information-request': type(15),
  'mask-reply': type(18),
  'mask-request': type(17),
  'mobile-redirect': type(32),
  'net-redirect': message(5, 0),
  'net-tos-redirect': message(5, 2),
  'net-tos-unreachable': message(3, 11),
  'net-unreachable': message(3, 0),
  'network-unknown': message(3, 6),
  'no-room-for-option': message(12, 2),
  'option-missing': message(12, 1),
  'packet-too-big': message(3, 4),
  'parameter-problem': type(12),
  'port-unreachable': message(3, 3),
  'precedence-unreachable': message(3, 15),
  'protocol-unreachable': message(3, 2),
  'reassembly-timeout': message(11, 1),
  redirect: type(5),
  'router-advertisement': type(9),
  'router-solicitation': type(10),
  'source-quench': type(4),
  'source-route-failed': message(3, 5),
  'time-exceeded': type(11),
  'timestamp-reply': type(14),
  'timestamp-request': type(13),
  traceroute: type(30),
  'ttl-exceeded': message(11, 0),
  unreachable: type(3),
};
export const ICMP_NAMES = Object.keys(ICMP_MESSAGES);
