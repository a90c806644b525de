/**
 * Ports and protocols by the names that Linux has for them, which the tools of its firewalls print and take.
 * Source: /etc/services and /etc/protocols of Debian's netbase, with older names of the same that people write.
 */

export const SERVICES: ReadonlyMap<string, number> =
  table(`tcpmux=1 echo=7 discard=9 systat=11 daytime=13 netstat=15 qotd=17 chargen=19 ftp-data=20 fsp=21 ftp=21 ssh=22
  telnet=23 mail=25 smtp=25 time=37 nicname=43 whois=43 tacacs=49 domain=53 bootps=67 bootpc=68 tftp=69 gopher=70
  finger=79 http=80 www=80 kerberos=88 kerberos5=88 krb5=88 iso-tsap=102 acr-nema=104 dicom=104 pop-3=110 pop3=110
  portmapper=111 sunrpc=111 auth=113 ident=113 nntp=119 ntp=123 epmap=135 loc-srv=135 netbios-ns=137
  netbios-dgm=138 netbios-ssn=139 imap=143 imap2=143 snmp=161 snmp-trap=162 snmptrap=162 cmip-man=163
  cmip-agent=164 mailq=174 xdmcp=177 bgp=179 irc=194 smux=199 qmtp=209 z3950=210 ipx=213 ptp-event=319
  ptp-general=320 pawserv=345 zserv=346 rpc2portmap=369 codaauth2=370 clearcase=371 ldap=389 svrloc=427 https=443
  snpp=444 microsoft-ds=445 kpasswd=464 smtps=465 ssmtp=465 submissions=465 urd=465 saft=487 isakmp=500 biff=512
  exec=512 login=513 who=513 shell=514 syslog=514 printer=515 talk=517 ntalk=518 route=520 router=520 gdomap=538
  uucp=540 klogin=543 kshell=544 dhcpv6-client=546 dhcpv6-server=547 afpovertcp=548 rtsp=554 nntps=563
  submission=587 nqs=607 asf-rmcp=623 qmqp=628 ipp=631 ldaps=636 ldp=646 kerberos-adm=749 domain-s=853 rsync=873
  ftps-data=989 ftps=990 telnets=992 imaps=993 pop3s=995 socks=1080 proofd=1093 rootd=1094 rmiregistry=1099
  openvpn=1194 lotusnote=1352 ms-sql-s=1433 ms-sql-m=1434 ingreslock=1524 datametrics=1645 l2f=1701 l2tp=1701
  pptp=1723 radius=1812 radacct=1813 radius-acct=1813 cisco-sccp=2000 nfs=2049 gnunet=2086 rtcm-sc104=2101
  gsigatekeeper=2119 gris=2135 cvspserver=2401 venus=2430 mon=2583 zebrasrv=2600 zebra=2601 ospfd=2604 bgpd=2605
  isisd=2608 dict=2628 f5-globalsite=2792 gsiftp=2811 gds-db=3050 icpv2=3130 isns=3205 iscsi-target=3260
  mysql=3306 ms-wbt-server=3389 nut=3493 distcc=3632 daap=3689 subversion=3690 svn=3690 suucp=4031 sysrqd=4094
  sieve=4190 f5-iquery=4353 epmd=4369 remctl=4373 ntske=4460 ipsec-nat-t=4500 iax=4569 mtn=4691 radmin-port=4899
  munin=4949 sip=5060 sip-tls=5061 xmpp-client=5222 xmpp-server=5269 cfengine=5308 mdns=5353 postgresql=5432
  freeciv=5556 nrpe=5666 amqps=5671 amqp=5672 x11=6000 gnutella-svc=6346 gnutella-rtr=6347 redis=6379
  syslog-tls=6514 ircd=6667 ircs-u=6697 afs3-fileserver=7000 http-alt=8080 webcache=8080 tproxy=8081 omniorb=8088
  puppet=8140 bacula-dir=9101 bacula-fd=9102 bacula-sd=9103 git=9418 webmin=10000 zabbix-agent=10050
  zabbix-trapper=10051 amanda=10080 hkp=11371 fido=60179`);

export const PROTOCOLS: ReadonlyMap<string, number> =
  table(`hopopt=0 icmp=1 igmp=2 ggp=3 ipencap=4 st=5 tcp=6 egp=8 igp=9 pup=12 udp=17 hmp=20 xns-idp=22 rdp=27 iso-tp4=29
  dccp=33 xtp=36 ddp=37 idpr-cmtp=38 ipv6=41 ipv6-route=43 ipv6-frag=44 idrp=45 rsvp=46 gre=47 esp=50 ah=51
  skip=57 ipv6-icmp=58 ipv6-nonxt=59 ipv6-opts=60 rspf=73 vmtp=81 eigrp=88 ospf=89 ospfigp=89 ax.25=93 ipip=94
  etherip=97 encap=98 pim=103 ipcomp=108 vrrp=112 l2tp=115 isis=124 sctp=132 fc=133 mobility-header=135
  udplite=136 mpls-in-ip=137 manet=138 hip=139 shim6=140 wesp=141 rohc=142`);

function table(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(/\s+/).map((pair): [string, number] => {
      const [name = '', number] = pair.split('=');
      return [name, Number(number)];
    }),
  );
}
