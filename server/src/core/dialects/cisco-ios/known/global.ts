import type { PhraseTable } from './vocabulary.js';

/**
 * Global configuration, after the command references of IOS 12.4 and 15 and of IOS XE 16 and 17
 * (Cisco IOS Master Command List, All Releases).
 */
export const GLOBAL: PhraseTable = {
  ignored: {
    '': `
      aaa aal2-profile access-session accounting alarm alarm-contact alarm-facility alarm-profile alias ap apollo
      appletalk application aqm-register-fnf archive arp async-bootp atm authentication auto autonomic avb banner
      bba-group beep bfd bfd-template boot boot-end-marker boot-start-marker bridge-domain bstun buffers
      busy-message cable call call-home call-manager-fallback card ccm-manager cdp cef chassis chat-script cip cisp
      class-map clid clns clock cmns cns coap config-register connect control-plane controller coverage cpd
      credentials cwmp decnet device-classifier device-sensor device-tracking diagnostic dial-control-mib dial-peer
      dialer dialer-list dialplan dlsw dnsix-dmdp dnsix-nat dot11 dot1x downward-compatible-config dspfarm
      dying-gasp eap eee enable endpoint-tracker energywise ephone ephone-dn ephone-dn-template ephone-hunt
      ephone-template ephone-type epm errdisable errdisable-timeout esmc et-analytics ethernet event exception
      facility-alarm fhrp file flow flow-sampler-map frame-relay ftp-server gatekeeper gateway gnmi-yang gnxi grpc
      guest-lan gw-accounting gw-type-prefix hostname hw-module hw-switch identity install interface iox ipc
      iphc-profile ipv6 ipx isdn isis issu kerberos key kron l2protocol l2protocol-tunnel l2tp l2tp-class lacp ldap
      license line lldp lnm location logging login mab mac mac-address-table macro map-class map-list mdns-sd
      media-proxy media-termination mediatrace memory memory-size menu metadata mgcp microcode mka mls mmi mobility
      modem modemcap module monitor mop mta multilink mvr mvrp nat66 nbar netconf netconf-yang network-clock
      network-clock-participate network-clock-select network-policy nls nmsp ntp num-exp object-group onep
      parameter-map parser partition password performance platform pnp policy-map port-channel power ppp pptp
      presence printer priority-list priority-queue privilege process process-max-time profinet pseudowire-class ptp
      pxe qos queue-list radius radius-server rcv-queue redun-management redundancy remote-lan rep resource
      resource-pool restconf rif rmon route-map route-tag router rsrb rtr sampler scada-gw sccp scheduler scripting
      sdlc sdm security segment-routing service service-list service-routing sgcp shell sip-ua snmp snmp-server sntp
      source-bridge spanning-tree spd srr-queue sscop stack-mac stack-power stackwise-virtual standby stun
      subscriber switch switch-profile syscon table-map tacacs tacacs-server tag-switching tarp tclquit tdm
      telemetry telephony-service tftp-server time-range tn3270-server track transceiver translate translation-rule
      trapflags ttycap udld upgrade username vc-class version vines virtual-profile virtual-service virtual-template
      vlan vmps voice voice-card voice-port voip-incoming vpdn vpdn-group vrf vrrp vstack vtp vty-async wanphy
      warm-reboot webvpn wireless wlan wrr-queue wsma x25 x28 x29 xns xot`,
    'access-list': 'compiled dynamic-extended',
    'access-list *': 'remark',
    analysis: 'module',
    bridge: 'mac-address-table',
    cluster: `
      commander-address discovery enable holdtime management-only management-vlan member outside-interface run
      standby-group timer`,
    crypto: `
      ace ca call certificate connect ctcp eli engine identity ikev2 isakmp key keyring logging mib pki provisioning
      ssl tls tls-tunnel vpn xauth`,
    'crypto ipsec': 'df-bit fragmentation ike ipv6-deny nat-transparency optional security-association transform-set',
    'crypto map *': 'gdoi isakmp isakmp-profile local-address redundancy',
    'crypto map * client': 'accounting authentication configuration',
    cts: `
      authorization cache credentials dot1x environment-data keystore logging manual policy-server refresh server
      sgt sxp`,
    'cts role-based': 'counters device l2-vrf monitor sgt-caching sgt-map',
    define: 'interface-range',
    dot1q: 'tunneling',
    fabric: 'buffer-reserve required switching-mode timer',
    ip: `
      accounting accounting-list accounting-threshold accounting-transits address-pool alias amt arp as-path bgp
      bgp-community bootp cache-invalidate-delay casa cdp cef classless community-list ddns device dfp dhcp
      dhcp-client dhcp-relay dhcp-server director dns domain domain-list domain-lookup domain-name domain-retry drp
      dvmrp explicit-path extcommunity-list extcommunity-set finger flow flow-aggregation flow-cache flow-capture
      flow-egress flow-export flow-top-talkers forward-protocol ftp gdp gratuitous-arp gratuitous-arps
      hello-interval host host-list host-routing hp-host http icmp identd igmp imep irdp kerberos
      large-community-list local mcache mfib mls mpacket mrib mrm mroute mroute-cache msdp multicast
      multicast-routing name-server nbar netmask-format nhrp options ospf pgm pim policy-list port-map prefix-list
      probe radius rarp-server rcmd reflexive-list rip route-cache router-id routing rpf rsvp rtcp rtp sap scp sctp
      sdr sftp sla sntp source source-interface source-route spd ssh ssl sticky-arp subnet-zero subscriber tacacs
      tcp telnet tftp tos traffic-export trigger-authentication udp vrf wccp`,
    'ip access-list': 'commit helper log-update logging match-local-traffic persistent resequence',
    'ip audit': 'attack info local notify params po signature',
    'ip inspect': 'alert-off audit-trail dns-timeout hashtable-size log max-incomplete one-minute tcp udp waas',
    'ip ips': 'config log memory notify po sdf',
    'ip nat': 'log portmap service settings translation',
    'ip route': 'profile static',
    'ip verify': 'drop-rate',
    l2: 'router-id',
    link: 'state',
    mpls: 'bgp experimental export flow ipv6 label ldp load-balance mldp netflow oam prefix-map traffic-eng ttl-dec',
    'mpls ip': 'default-route encapsulate propagate-ttl ttl-expiration',
    'no ip nat': 'log portmap service settings translation',
    system: 'env ignore mtu',
  },
  unmodelled: {
    '': `
      access-list app-hosting appfw appnav-controller-group bridge content-scan domain flowspec l2vpn lisp nat64 oer
      omp otv pfr sdwan service-chain service-insertion service-template svclc template utd vservice vxlan zone
      zone-pair`,
    'class-map type': 'access-control inspect stack',
    crypto: 'dynamic-map gdoi gkm map',
    'crypto ipsec': 'client profile',
    'cts role-based': 'enforcement permissions',
    fallback: 'profile',
    firewall: 'autostate module multiple-vlan-interfaces vlan-group',
    ip: `
      access-list admission audit auth-proxy default-gateway default-network inspect ips mobile nat route security
      slb urlfilter verify`,
    l2: 'vfi',
    mpls: 'ip static',
    no: 'access-list interface object-group',
    'no ip': 'access-list classless default-gateway default-network nat route routing vrf',
    'no vrf': 'definition',
    'policy-map type': 'access-control epbr inspect packet-service',
    router: 'lisp mobile',
    'segment-routing': 'traffic-eng',
    vlan: 'access-map filter',
  },
};
