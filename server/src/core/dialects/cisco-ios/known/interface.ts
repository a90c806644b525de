import type { PhraseTable } from './vocabulary.js';

/** Interfaces of all kinds, and the service instances and circuits inside them. */
export const INTERFACE: PhraseTable = {
  ignored: {
    '': `
      abr access-expression access-session address aggregate-ports aironet ais-shut analysis-module antenna
      anti-replay-interval appletalk aps arp asp async atm authentication auto auto-ip-ring autodetect autonomic
      autoselect autostate avb backup bandwidth beacon bert bfd bgp-policy bridge-domain broadcast broadcast-key
      bstun bundle cable cablelength call carrier-delay cbr cdp cem cfm channel channel-group channel-protocol class
      class-int client clns clock clockrate cmns compress control-word cost crc cts custom-queue-list dampening
      dcd-txstart-delay dce-terminal-timing-enable debounce decnet delay device-tracking dfs dialer dialer-group
      digital-optical dlsw dot11 dot1q dot1x down-when-looped downstream dsl dsu dual-active duplex dxi eapol
      early-token-release eee encapsulation encryption energywise eou ephone errdisable esmc ethernet exit-vrf
      exit-vrrp external fair-queue fddi fdl fec fhrp flow flow-control flow-sampler flowcontrol fragment-threshold
      frame-relay framing full-duplex g709 garp glbp group-range guest-mode gvrp h323-gateway half-duplex history
      hold-queue host-reachability hssi idle-timeout if-state ignore ignore-dcd ignore-hw imc inarp
      infrastructure-client initiator interworking invert ipv6 ipx isdn isis keepalive l2-filter l2protocol
      l2protocol-tunnel label lacp lan lane lapb linecode link llc2 lldp lnm load-balance load-balancing
      load-interval locaddr-priority local-address location logging loopback loopdetect lre mab mac mac-address
      macro macsec map-group match-address max-reserved-bandwidth mbssid mdix mdns-sd media media-type mediatrace
      member mka mlacp mls mmi mobility mode monitor mop mtu multilink multilink-group multiring mvr national
      negotiation neighbor netbios network-policy nhrp nmsp nrzi-encoding ntp oam oam-pvc ospfv3 oversubscription
      pagp parent payload-encapsulation peer performance periodic physical-layer platform plim policy port-channel
      port-name port-type pos power ppp pppoa pppoe pppoe-client preamble-short preempt preferred-path
      priority-group priority-queue propagate protocol ptm ptp pulse-time pvc qos queue-set random-detect rate-limit
      rcv-queue recovered-clock redundancy remote rep replay resync-threshold rif ring-speed rmon routing rts
      rxspeed sap scrambling sdlc sdllc secondary serial service service-module service-policy session sgt
      short-slot-time signaling smds smrp sna snapshot snmp source source-bridge source-interface spanning-tree
      speed squelch srr-queue ssid stack-mib stackwise-virtual standby station-role storm-control stun subscriber
      svc switchport synchronization synchronous tag-switching tarp threshold timers timeslots track traffic-shape
      transceiver transmit-clock-internal transmit-interface transmitter-delay trust ttb tunnel tx-cos tx-queue
      tx-ring-limit txspeed ubr ubr+ udld unidirectional upstream vbr-nrt vbr-rt vc-class vccv vines
      virtual-template vlan vlan-id vlan-range voice vpdn vpn vrrp vrrpv2 vrrs vtp wanphy weighting world-mode
      wrr-queue x25 xns`,
    crypto: 'engine',
    'crypto ipsec': 'df-bit fragmentation',
    ip: `
      accounting arp authentication bandwidth-percent bfd broadcast-address cef cgmp dampening-change
      dampening-interval ddns device dhcp directed-broadcast dvmrp eigrp flow forward gratuitous-arps
      header-compression hello-interval helper-address hold-time icmp igmp information-reply irdp load-sharing
      local-proxy-arp mask-reply mcache mrm mroute-cache msdp mtu multicast nbar next-hop-self nhrp ospf pgm pim
      probe proxy-arp rarp-server redirects rgmp rip route-cache router rsvp rtp sap sdr split-horizon sticky-arp
      summary-address tcp traffic-export trigger-authentication unreachables urd virtual-reassembly vrrp`,
    'ip wccp #': 'group-listen',
    'ip wccp redirect': 'exclude',
    mpls: 'accounting bgp experimental label ldp mldp mtu netflow nhrp oam propagate-ttl tp traffic-eng',
    port: 'block group monitor network protected security storm-control',
    rewrite: 'egress ingress',
  },
  unmodelled: {
    '': `
      appfw bridge-group content-scan crypto flowspec identity lisp nat64 oer otv pfr private-vlan service-insertion
      shutdown umbrella utd vnet vrf xconnect zone-member`,
    'access-session': 'port-control',
    authentication: 'open port-control',
    backup: 'interface',
    'cts role-based': 'enforcement',
    dot1x: 'port-control',
    encapsulation: 'dot1q isl',
    ip: `
      access-group address admission audit auth-proxy inspect ips lisp mobile nat policy security slb subscriber
      unnumbered urlfilter verify vrf wccp`,
    mac: 'access-group',
    member: 'vni',
    mpls: 'ip static',
    no: 'encapsulation shutdown vrf',
    'no ip': 'access-group address nat unnumbered vrf',
    'ppp ipcp route': 'default',
    'service-policy type': 'access-control control epbr inspect packet-service',
    source: 'template',
    switchport: 'private-vlan',
    tunnel: 'protection',
    'tunnel mpls traffic-eng': 'autoroute forwarding-adjacency',
  },
};
