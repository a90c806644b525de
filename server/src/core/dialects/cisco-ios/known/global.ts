import type { PhraseTable } from './vocabulary.js';

/**
 * Global configuration, after the command references of IOS 12.4 and 15 and of IOS XE 16 and 17
 * (Cisco IOS Master Command List, All Releases), and what stands around a configuration in a
 * terminal capture.
 */
export const GLOBAL: PhraseTable = {
  ignored: {
    '': `
      --more-- aaa aal2-profile access-session accounting alarm alarm-contact alarm-facility alarm-profile alias ap
      apollo appletalk application archive arp async-bootp atm authentication auto autonomic autoupgrade avb banner
      bba-group beep bfd bfd-template boot boot-end-marker boot-start-marker bridge-domain bstun buffers
      busy-message cable call call-home call-manager-fallback ccm-manager cdp cef chat-script cisp class-map clid
      clns clock cmd cmns cns coap config-register connect context control-plane controller copy coverage
      credentials cwmp debug decnet device-classifier device-sensor device-tracking diagnostic dial-control-mib
      dial-peer dialer dialer-list dialplan dlsw dnsix-dmdp dnsix-nat dot1x downward-compatible-config dspfarm
      dying-gasp eap eee enable endpoint-tracker energywise environment ephone ephone-dn ephone-dn-template
      ephone-hunt ephone-template ephone-type errdisable errdisable-timeout erspan-id et-analytics ethernet event
      exception facility-alarm fhrp file flow flow-sampler-map frame-relay gatekeeper gateway gnmi gnxi grpc
      gw-accounting gw-type-prefix hostname hw-module hw-switch identity interface iox ipc iphc-profile ipv6 ipx
      isdn isis issu kerberos key kron l2-filter l2protocol l2protocol-tunnel l2tp l2tp-class lacp ldap led license
      line lldp lnm load-interval location logging login logout mac mac-address-table macro map-class map-list
      media-proxy media-termination mediatrace memory memory-size menu metadata mgcp microcode mka mls mmi mobility
      modem modemcap module monitor mop more mta multilink mvr mvrp nat66 nbar netbios netconf netconf-yang
      network-clock network-clock-participate network-clock-select network-policy nmsp nsf ntp num-exp object-group
      object-tracking onep parameter-map parser partition password performance persistent-data platform pnp
      policy-list policy-map power ppp pptp presence printer priority-list privilege process process-max-time
      pseudowire-class ptp pxe qos queue-list radius radius-server rcapi redundancy rep resource resource-pool
      restconf retry rif rmon route-map route-tag router rpc rsrb rtp rtr sampler scada-gw sccp scheduler scripting
      sdlc sdm security service service-list service-routing sgcp shell show sip-ua snmp snmp-server source-bridge
      spanning-tree spd sscop ssh stack-mac stack-power stackwise-virtual standby stun subscriber switch
      switch-profile syscon table-map tacacs tacacs-server tag-switching tarp tbridge tclquit tdm telemetry
      telephony-service tftp-server time-range tn3270-server track transceiver translate translation-rule ttycap
      tunnel-group udld unified-snmp upgrade username vc-class version vines virtual-profile virtual-service
      virtual-template vlan voice voice-card voice-port voip-incoming vpdn vpdn-group vrf vrrp vstack vtp vty-async
      wanphy warm-reboot webvpn wireless wlan write wsma x25 x28 x29 xns xot`,
    'access-list': 'compiled dynamic-extended',
    'access-list *': 'remark',
    bridge: 'mac-address-table',
    building: 'configuration...',
    conf: 't',
    config: 't',
    configure: 'memory network replace terminal',
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
    current: 'configuration',
    ip: `
      accounting accounting-list accounting-threshold accounting-transits address-pool alias amt arp as-path bgp
      bgp-community bootp cache-invalidate-delay cdp cef classless community-list ddns device dfp dhcp dhcp-client
      dhcp-relay dhcp-server director dns domain domain-list domain-lookup domain-name domain-retry drp dvmrp
      explicit-path extcommunity-list extcommunity-set finger flow flow-aggregation flow-cache flow-capture
      flow-egress flow-export flow-top-talkers forward-protocol ftp gdp gratuitous-arp gratuitous-arps
      hello-interval host host-list host-routing hp-host http icmp identd igmp imep irdp kerberos
      large-community-list local mcache mfib mls mpacket mrib mrm mroute mroute-cache msdp multicast
      multicast-routing name-server nbar netmask-format nhrp options ospf pgm pim port-map prefix-list probe radius
      rarp-server rcmd reflexive-list route-cache router-id routing rpf rsvp rtcp rtp sap scp sctp sdr sla sntp
      source source-interface source-route spd ssh ssl sticky-arp subnet-zero subscriber tacacs tcp telnet tftp tos
      traffic-export trigger-authentication udp vrf wccp`,
    'ip access-list': 'commit helper log-update logging match-local-traffic persistent resequence',
    'ip inspect': 'alert-off audit-trail dns-timeout hashtable-size log max-incomplete one-minute tcp udp waas',
    'ip ips': 'config log memory notify',
    'ip nat': 'log portmap service settings translation',
    'ip route': 'profile static',
    'ip verify': 'drop-rate',
    l2: 'router-id',
    last: 'configuration',
    load: 'for',
    mpls: 'bgp experimental export flow ipv6 label ldp load-balance mldp netflow oam prefix-map traffic-eng ttl-dec',
    'mpls ip': 'default-route encapsulate propagate-ttl ttl-expiration',
    nvram: 'config',
    terminal: 'length width',
    time: 'source',
    user: 'access',
    using: '*',
  },
  unmodelled: {
    '': `
      access-list app-hosting appfw appnav-controller-group bridge content-scan domain flowspec l2vpn lisp nat64 oer
      omp otv pfr sdwan service-chain service-insertion service-template template utd vservice vxlan zone zone-pair`,
    'class-map type': 'access-control inspect stack',
    crypto: 'dynamic-map gdoi gkm map',
    'crypto ipsec': 'client profile',
    'cts role-based': 'enforcement permissions',
    ip: `
      access-list admission auth-proxy default-gateway default-network inspect ips mobile nat route security slb
      urlfilter verify`,
    'ip vrf': 'select',
    l2: 'vfi',
    mpls: 'ip static',
    'no ip': 'classless routing',
    'policy-map type': 'access-control epbr inspect packet-service',
    router: 'lisp mobile',
    vlan: 'access-map filter',
  },
};
