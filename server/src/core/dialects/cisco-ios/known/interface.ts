import type { PhraseTable } from './vocabulary.js';

/** Interfaces of all kinds, and the service instances and circuits inside them. */
export const INTERFACE: PhraseTable = {
  ignored: {
    '': `
      abis access-expression access-session address aggregate-ports ais-shut analysis-module anti-replay-interval
      appletalk aps arp async atm authentication auto auto-ip-ring autodetect autohangup autonomic autoselect
      autostate avb backup bandwidth bert bfd bgp-policy bridge-domain broadcast bundle cable cablelength call
      carrier-delay cdp cem channel-group channel-protocol class class-int client clns clock cmns compress
      connectors control-word cost cpp crc custom-queue-list dampening dcd-txstart-delay dce-terminal-timing-enable
      debounce decnet delay device-tracking dialer dialer-group dlsw dot1q dot1x down-when-looped downstream dsl dsu
      duplex dxi eapol early-token-release eee efm encapsulation energywise eou ephone errdisable esmc ethernet exec
      external fair-queue fddi fdl fec fhrp flex flex-mode flow flow-control flow-sampler flowcontrol frame-relay
      framing full-duplex g709 garp glbp gre group-range gvrp half-duplex history hold-queue host-reachability hsrp
      hssi icmp idle-timeout ignore ignore-dcd ignore-hw interface-type invert ipv6 ipx isdn isis keepalive
      l2protocol l2protocol-tunnel lacp lan lan-name lane lapb linecode link llc2 lldp lnm load-balancing
      load-interval locaddr-priority local-address location logging loopback lre mac mac-address macro macsec
      match-address mdix media media-type mediatrace mka mls mmi mode monitor mop mtu multilink multilink-group mvr
      name national negotiation netbios netflow nmsp no-key nrzi-encoding ntp nv operation oversubscription pagp
      peer performance periodic physical-layer platform policy port-channel port-name port-type portchannel power
      ppp pppoa pppoe pppoe-client preempt priority-group priority-queue propagate protocol ptm ptp pulse-time pxe
      qos queue-set queueing radius random-detect rate-limit rcv-queue recovered-clock remote rep replay reset
      resync-threshold rif ring-speed rmon routing rps rxspeed sap sdlc sdllc secondary serial service
      service-module service-policy session sgt smds smrp sna snapshot snmp source source-bridge source-interface
      spanning-tree speed squelch stack-mib stackwise-virtual standby storm-control subscriber svc switch switchport
      synchronization synchronous tag-switching tarp threshold timers timeslots track transceiver
      transmit-clock-internal transmit-interface transmitter-delay trunk trust ttb tunnel tx-cos tx-queue
      tx-ring-limit txspeed udld unidirectional upstream vbr-nrt vbr-rt vc-class vines virtual-template vlan vlan-id
      vlan-range voice vpdn vpn vrrp vrrpv2 vrrs vtp wanphy weighting wired wlan wrr-queue x25 xns`,
    arp: '*',
    crypto: 'engine',
    'crypto ipsec': 'df-bit fragmentation',
    cts: '*',
    ip: `
      accounting arp authentication bandwidth-percent bfd broadcast-address cef cgmp dampening-change
      dampening-interval ddns dhcp directed-broadcast dvmrp eigrp flow forward gratuitous-arps header-compression
      hello-interval helper-address hold-time icmp igmp information-reply irdp load-sharing local-proxy-arp
      mask-reply mcache mrm mroute-cache msdp mtu multicast nbar next-hop-self nhrp ospf pgm pim probe proxy-arp
      rarp-server redirects rgmp rip route-cache router rsvp rtp sap sdr split-horizon sticky-arp summary-address
      tcp traffic-export trigger-authentication unreachables virtual-reassembly vrrp`,
    'ip dhcp': 'client relay server smart-relay snooping',
    'ip dhcp client': '*',
    'ip wccp #': 'exclude',
    'ip wccp redirect': 'exclude',
    mpls: 'accounting bgp experimental label ldp mldp mtu netflow oam propagate-ttl tp traffic-eng',
    port: 'block group monitor network protected security storm-control',
    'ppp ipcp': '*',
    rewrite: 'egress ingress',
  },
  unmodelled: {
    '': `
      appfw bridge-group content-scan crypto flowspec identity lisp mab member nat64 oer otv pfr private-vlan pvc
      service-insertion shutdown utd vnet vrf xconnect zone-member`,
    'access-session': 'port-control',
    authentication: 'open port-control',
    'backup interface': '*',
    'cts role-based': 'enforcement',
    dot1x: 'port-control',
    encapsulation: 'dot1q isl',
    ip: `
      access-group address admission auth-proxy inspect ips lisp mobile nat policy security slb subscriber
      unnumbered urlfilter verify vrf wccp`,
    mac: 'access-group',
    mpls: 'ip static',
    'ppp ipcp route': 'default',
    'service-policy type': 'access-control control epbr inspect packet-service',
    source: 'template',
    switchport: 'private-vlan',
    tunnel: 'protection',
    'tunnel mpls traffic-eng': 'autoroute forwarding-adjacency',
  },
};
