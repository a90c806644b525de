import type { PhraseTable } from './vocabulary.js';

/**
 * The bodies of all other blocks, in one vocabulary: archives, probes, DHCP pools, flow monitors,
 * voice, controllers, IPv6 and MAC access lists, and what else takes no part in forwarding; and of
 * zone pairs, VLAN maps and templates, whose bodies matter.
 */
export const OTHER_BLOCK: PhraseTable = {
  ignored: {
    '': `
      aal5snap access access-class access-list account accounting action activate active add address address-range
      admin-state after-hours alert alert-group ani announce answer-address application archive area associate
      associate-ccm audio audit authentication authorization auto auto-line auto-network-detect auto-reg-ephone
      automatic bandwidth base bearer-cap bind bootfile browser buffer bundle button byte cable cablelength cache
      cadence call call-block call-forward caller-id calling-number cas-custom category channel class clid client
      client-id client-identifier client-name clock cnf-file codec collect comfort-noise compand-type condition
      config connect connection connection-reuse contact-email-addr continuity-check cor corlist cos count cptone
      create credentials crypto customer-id data-pattern date-format debounce default default-router delay deny
      destination destination-pattern device-role dhcp diagnostic dial-type dialin dialout digit-strip
      direct-inward-dial disable disable-eadi disconnect dns domain domain-name dscp dsp dsu dtmf-relay dual-active
      duration e164 echo-cancel elin enable encapsulate encapsulation encoding encryption enforce erspan-id evaluate
      event exclude execute-on exp export export-protocol expression fac facility fallback-dn fax fax-relay fdl file
      file-system filter flow flush forward-digits fragment framing frequency from from-ring ftp gain get grant
      group guard h225 h245 h323 h323-gateway hardware-address hidekeys history hold-alert hops-of-statistics-kept
      host hours-of-statistics-kept http huntstop icmp-echo icmp-jitter ignore impedance import incoming inherit
      input insert instance interdigit interface interval ip ipv6 is-member isdn iterations keepalive key key-string
      l2tp label lease limit line linecode link load local localhost location log logging login loopback loss-plan
      lpcor mac macsec-cipher-suite mail-server mailbox maintain managed-config-flag match max-conferences max-conn
      max-dn max-ephones max-forwards max-pool maximum media member memory mep metadata metric mgcp mip mode modem
      moh monitor monitoring mpls mtp mtu multicast multilink music music-threshold mwi name nat netbios-name-server
      netbios-node-type netmask network network-clock network-locale next-server night-service notify
      nte-end-digit-delay ntp object operating option outbound outbound-proxy outgoing output paging paramspace
      password path path-jitter pattern peer percentage period periodic permit phone-display pickup-group pin
      playout-delay policy poll pool port power pppoe precedence preemption prefer preference prefix
      prefix-delegation presence pri-group primary-key priority privacy privilege profile progress_ind protocol
      provision proxy ptp rate reaction-configuration receive record recovery redirect refuse register registrar
      registration rel1xx remark remote request request-data-size reset restrict retire retired retries retry ring
      role route route-tag router router-preference rtp rule sampler samples-of-history-kept sccp schema script
      sdspfarm secondary secondary-dialtone security send-lifetime sequence server service service-policy session
      set shutdown signal signaling sip sip-server snmp soft-key softkeys source source-interface source-ip
      source-port speed speed-dial srst srtp srv state station statistics statistics-distribution-interval store
      stream street-address subnet subscribe supplementary-service switch switchback syslog system tcp-connect
      tdm-group tech-prefix terminate-from threshold time time-format time-zone timeout timeouts timers timing tos
      track tracking traffic-keys transceiver transfer transfer-digit-length transfer-mode transfer-park
      transfer-pattern transfer-system translate translate-outgoing translation-profile transport trunk trust
      trusted trusted-port type udp-echo udp-jitter update url usage user user-locale username vad verify-data
      version video video-screen view virtual-template vlan vmwi voice voice-class voicemail voip vpdn vrf web
      write-memory xpath zone`,
    '#': 'deny permit remark',
  },
  unmodelled: {
    '': 'access-group inspect service-insertion utd',
    action: 'drop redirect',
    'service-policy type': 'inspect',
  },
};
