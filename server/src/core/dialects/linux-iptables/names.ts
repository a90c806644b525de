/**
 * Names that iptables takes for numbers. Protocols and services are those of Debian's /etc/protocols
 * and /etc/services; iptables' own come first, which is why `icmpv6` and `mh` are here.
 */
const PROTOCOLS = table(`hopopt:0 icmp:1 igmp:2 ggp:3 ipencap:4 st:5 tcp:6 egp:8 igp:9 pup:12 udp:17 hmp:20
  xns-idp:22 rdp:27 iso-tp4:29 dccp:33 xtp:36 ddp:37 idpr-cmtp:38 ipv6:41 ipv6-route:43 ipv6-frag:44 idrp:45 rsvp:46
  gre:47 esp:50 ah:51 skip:57 ipv6-icmp:58 icmpv6:58 ipv6-nonxt:59 ipv6-opts:60 rspf:73 vmtp:81 eigrp:88 ospf:89
  ax.25:93 ipip:94 etherip:97 encap:98 pim:103 ipcomp:108 vrrp:112 l2tp:115 isis:124 sctp:132 fc:133
  mobility-header:135 ipv6-mh:135 mh:135 udplite:136 mpls-in-ip:137 manet:138 hip:139 shim6:140 wesp:141 rohc:142`);

const SERVICES = table(`tcpmux:1 echo:7 discard:9 systat:11 daytime:13 netstat:15 qotd:17 chargen:19 ftp-data:20 ftp:21
  ssh:22 telnet:23 smtp:25 mail:25 time:37 whois:43 tacacs:49 domain:53 bootps:67 bootpc:68 tftp:69 gopher:70 finger:79
  http:80 www:80 kerberos:88 kerberos5:88 krb5:88 iso-tsap:102 acr-nema:104 dicom:104 pop3:110 pop-3:110 sunrpc:111
  portmapper:111 auth:113 ident:113 nntp:119 ntp:123 epmap:135 loc-srv:135 netbios-ns:137 netbios-dgm:138
  netbios-ssn:139 imap2:143 imap:143 snmp:161 snmp-trap:162 snmptrap:162 xdmcp:177 bgp:179 irc:194 qmtp:209 ipx:213
  ldap:389 svrloc:427 https:443 snpp:444 microsoft-ds:445 kpasswd:464 submissions:465 ssmtp:465 smtps:465 urd:465
  isakmp:500 biff:512 exec:512 login:513 who:513 shell:514 syslog:514 printer:515 talk:517 ntalk:518 route:520
  router:520 gdomap:538 uucp:540 klogin:543 kshell:544 dhcpv6-client:546 dhcpv6-server:547 rtsp:554 nntps:563
  submission:587 ipp:631 ldaps:636 ldp:646 domain-s:853 rsync:873 ftps-data:989 ftps:990 telnets:992 imaps:993
  pop3s:995 socks:1080 proofd:1093 openvpn:1194 rmiregistry:1099 ms-sql-s:1433 ms-sql-m:1434 l2f:1701 l2tp:1701
  pptp:1723 radius:1812 radius-acct:1813 nfs:2049 cvspserver:2401 mysql:3306 ms-wbt-server:3389 svn:3690 epmd:4369
  ipsec-nat-t:4500 sip:5060 sip-tls:5061 mdns:5353 xmpp-client:5222 xmpp-server:5269 postgresql:5432 amqps:5671
  amqp:5672 x11:6000 redis:6379 ircd:6667 http-alt:8080 webcache:8080 bacula-dir:9101 bacula-fd:9102 bacula-sd:9103
  munin:4949 zabbix-agent:10050 zabbix-trapper:10051 git:9418 webmin:10000 nrpe:5666 syslog-tls:6514 afs3-fileserver:7000
  iscsi-target:3260 cfengine:5308 puppet:8140 distcc:3632 daap:3689 freeciv:5556 nut:3493`);

/** Type and code; a type alone is any code of it. Source: `iptables -p icmp -h`. */
const ICMP_TYPES = new Map<string, readonly [type: number, code?: number]>([
  ['echo-reply', [0]],
  ['pong', [0]],
  ['destination-unreachable', [3]],
  ['network-unreachable', [3, 0]],
  ['host-unreachable', [3, 1]],
  ['protocol-unreachable', [3, 2]],
  ['port-unreachable', [3, 3]],
  ['fragmentation-needed', [3, 4]],
  ['source-route-failed', [3, 5]],
  ['network-unknown', [3, 6]],
  ['host-unknown', [3, 7]],
  ['network-prohibited', [3, 9]],
  ['host-prohibited', [3, 10]],
  ['tos-network-unreachable', [3, 11]],
  ['tos-host-unreachable', [3, 12]],
  ['communication-prohibited', [3, 13]],
  ['host-precedence-violation', [3, 14]],
  ['precedence-cutoff', [3, 15]],
  ['source-quench', [4]],
  ['redirect', [5]],
  ['network-redirect', [5, 0]],
  ['host-redirect', [5, 1]],
  ['tos-network-redirect', [5, 2]],
  ['tos-host-redirect', [5, 3]],
  ['echo-request', [8]],
  ['ping', [8]],
  ['router-advertisement', [9]],
  ['router-solicitation', [10]],
  ['time-exceeded', [11]],
  ['ttl-exceeded', [11]],
  ['ttl-zero-during-transit', [11, 0]],
  ['ttl-zero-during-reassembly', [11, 1]],
  ['parameter-problem', [12]],
  ['ip-header-bad', [12, 0]],
  ['required-option-missing', [12, 1]],
  ['timestamp-request', [13]],
  ['timestamp-reply', [14]],
  ['address-mask-request', [17]],
  ['address-mask-reply', [18]],
]);

/** The number of a protocol by name or number; 0 is every protocol (`all`, `ip`). Undefined where it is none. */
export function protocolOf(text: string): number | undefined {
  const small = text.toLowerCase();
  if (small === 'all' || small === 'ip') return 0;
  const named = PROTOCOLS.get(small);
  if (named !== undefined) return named;
  const value = /^\d{1,3}$/.test(small) ? Number(small) : Number.NaN;
  return value <= 255 ? value : undefined;
}

export function serviceOf(name: string): number | undefined {
  return SERVICES.get(name);
}

/** `any`: every message; undefined: not known. */
export function icmpTypeOf(text: string): 'any' | readonly [type: number, code?: number] | undefined {
  const small = text.toLowerCase();
  if (small === 'any') return 'any';
  const known = ICMP_TYPES.get(small);
  if (known !== undefined) return known;
  // getopt's cousin: iptables takes the beginning of a name where only one name begins so.
  const numbers = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(small);
  if (numbers !== null) {
    const type = Number(numbers[1]);
    const code = numbers[2] === undefined ? undefined : Number(numbers[2]);
    if (type > 255 || (code !== undefined && code > 255)) return undefined;
    // Type 255 is how the kernel writes "any".
    if (type === 255) return 'any';
    return code === undefined ? [type] : [type, code];
  }
  const fitting = small.length < 2 ? [] : [...ICMP_TYPES].filter(([name]) => name.startsWith(small));
  const values = new Set(fitting.map(([, value]) => value.join('/')));
  return values.size === 1 ? fitting[0]?.[1] : undefined;
}

function table(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(/\s+/).map((entry): [string, number] => {
      const at = entry.lastIndexOf(':');
      return [entry.slice(0, at), Number(entry.slice(at + 1))];
    }),
  );
}
