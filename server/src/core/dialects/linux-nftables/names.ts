import { protocolNumber } from '../../net/protocols.js';

/** Ports by the names that nft prints and people write. Source: /etc/services of Debian's netbase. */
const SERVICES: Record<string, number> = {};
for (const pair of `tcpmux=1 echo=7 discard=9 systat=11 daytime=13 netstat=15 qotd=17 chargen=19 ftp-data=20 ftp=21
  fsp=21 ssh=22 telnet=23 smtp=25 mail=25 time=37 whois=43 nicname=43 tacacs=49 domain=53 bootps=67 bootpc=68 tftp=69
  gopher=70 finger=79 http=80 www=80 kerberos=88 iso-tsap=102 acr-nema=104 dicom=104 pop3=110 sunrpc=111 portmapper=111
  auth=113 nntp=119 ntp=123 epmap=135 netbios-ns=137 netbios-dgm=138 netbios-ssn=139 imap2=143 imap=143 snmp=161
  snmp-trap=162 snmptrap=162 cmip-man=163 cmip-agent=164 mailq=174 xdmcp=177 bgp=179 smux=199 qmtp=209 z3950=210
  ipx=213 ptp-event=319 ptp-general=320 pawserv=345 zserv=346 rpc2portmap=369 codaauth2=370 clearcase=371 ldap=389
  svrloc=427 https=443 snpp=444 microsoft-ds=445 kpasswd=464 submissions=465 smtps=465 ssmtp=465 urd=465 saft=487
  isakmp=500 rtsp=554 nqs=607 asf-rmcp=623 qmqp=628 ipp=631 ldaps=636 kerberos-adm=749 domain-s=853 rsync=873
  ftps-data=989 ftps=990 telnets=992 imaps=993 pop3s=995 exec=512 biff=512 login=513 who=513 shell=514 syslog=514
  printer=515 talk=517 ntalk=518 route=520 gdomap=538 uucp=540 klogin=543 kshell=544 dhcpv6-client=546
  dhcpv6-server=547 afpovertcp=548 nntps=563 socks=1080 proofd=1093 rootd=1094 openvpn=1194 rmiregistry=1099
  lotusnote=1352 ms-sql-s=1433 ms-sql-m=1434 ingreslock=1524 datametrics=1645 radius=1812 radius-acct=1813
  radacct=1813 l2f=1701 l2tp=1701 cisco-sccp=2000 nfs=2049 gnunet=2086 rtcm-sc104=2101 gsigatekeeper=2119
  gris=2135 cvspserver=2401 venus=2430 mon=2583 zebrasrv=2600 zebra=2601 bgpd=2605 ospfd=2604 isisd=2608 dict=2628
  f5-globalsite=2792 gsiftp=2811 gds-db=3050 icpv2=3130 isns=3205 iscsi-target=3260 mysql=3306 ms-wbt-server=3389
  nut=3493 distcc=3632 daap=3689 svn=3690 subversion=3690 suucp=4031 sysrqd=4094 sieve=4190 epmd=4369 remctl=4373
  f5-iquery=4353 ntske=4460 ipsec-nat-t=4500 iax=4569 mtn=4691 radmin-port=4899 sip=5060 sip-tls=5061
  xmpp-client=5222 xmpp-server=5269 cfengine=5308 mdns=5353 postgresql=5432 freeciv=5556 amqps=5671 amqp=5672
  x11=6000 gnutella-svc=6346 gnutella-rtr=6347 redis=6379 ircd=6667 ircs-u=6697 bacula-dir=9101 bacula-fd=9102
  bacula-sd=9103 git=9418 zabbix-agent=10050 zabbix-trapper=10051 amanda=10080 hkp=11371
  http-alt=8080 webcache=8080 tproxy=8081 omniorb=8088 puppet=8140 fido=60179`.split(/\s+/)) {
  const [name = '', port] = pair.split('=');
  SERVICES[name] = Number(port);
}

/** Further names of protocols. Source: /etc/protocols of Debian's netbase. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  ip: 0,
  hopopt: 0,
  ggp: 3,
  ipencap: 4,
  st: 5,
  egp: 8,
  igp: 9,
  pup: 12,
  hmp: 20,
  'xns-idp': 22,
  rdp: 27,
  'iso-tp4': 29,
  dccp: 33,
  xtp: 36,
  ddp: 37,
  'idpr-cmtp': 38,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  idrp: 45,
  rsvp: 46,
  skip: 57,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  rspf: 73,
  vmtp: 81,
  ospfigp: 89,
  'ax.25': 93,
  ipip: 94,
  etherip: 97,
  encap: 98,
  ipcomp: 108,
  comp: 108,
  l2tp: 115,
  isis: 124,
  fc: 133,
  'mobility-header': 135,
  udplite: 136,
  'mpls-in-ip': 137,
  manet: 138,
  hip: 139,
  shim6: 140,
  wesp: 141,
  rohc: 142,
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
  port: SERVICES,
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
  const table = TABLES[type];
  if (table !== undefined) return Object.hasOwn(table, word) ? table[word] : undefined;
  if (type === 'protocol') {
    const small = word.toLowerCase();
    if (Object.hasOwn(PROTOCOLS, small)) return PROTOCOLS[small];
    return protocolNumber(small);
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
