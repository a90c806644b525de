import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks of the device's own services: archives, DHCP pools, probes, key chains, calls home,
 * schedules, clocks, event policies, guests, stacks and redundancy.
 */
export const SERVICES: PhraseTable = {
  ignored: {
    '': `
      absolute accept accept-ao-mismatch accept-lifetime accounting action activate active add add-command address
      address-range alert alert-group alert-group-config announce announce-timeout anonymous-id
      anonymous-reporting-only app-default-gateway app-resource app-vnic area attribute authentication auto-sync
      boolean bootfile building ca-cert cache-timeout capability carrier-delay category cdp chap char-changes city
      civic class cli client-id client-identifier client-name clock clock-port collect commands condition
      contact-email-addr correlate count country county cpu cryptographic-algorithm data-pattern day debounce
      default default-gateway default-router default-state delay delay-req destination device-role dhcp disconnect
      division dns dns-server domain domain-id domain-name dscp dual-active duration eap elin enable ethernet event
      exec execute-on expression file file-system filter finish-time floor flush format frequency from ftp gateway
      get guest guest-interface guest-ipaddress hardware-address hidekeys history hops-of-statistics-kept host
      hostname hours-of-statistics-kept http http-proxy https icmp-echo icmp-jitter import inactive-timeout
      include-tcp-options index insert instance interval ip ip-address iterations key key-hash key-string landmark
      leading-street-dir lease lifetime limit link-address lldp load local-priority log logging login lower-case
      macsec-cipher-suite mail-server main-cpu management-interface map match max-length maximum memory message
      metadata method min-length minutes mode name name-server0 name-server1 neighborhood netbios-name-server
      netbios-node-type netmask network network-clock next-address next-server notifies notify ntp number
      numeric-count object object-list option origin owner pap parent-profile passphrase password path path-echo
      path-jitter percentage periodic phone-number pki-trustpoint policy policy-list poll port post-code
      postal-community-name power power-supply precedence preference prefix prefix-delegation primary-key priority
      priority1 priority2 privilege probe profile provision provisioning ptp queue-limit rate-limit
      reaction-configuration recovery recv-id redundancy relay relay-major relay-minor remark remote remove
      reporting request-data-size resource restrict retire retries retry revision rollback room route route-tag
      run-opts samples-of-history-kept schema script seat secret send-id send-lifetime sender server service set
      shutdown site-id snmp sort-by source source-interface source-ip source-ip-address source-port special-case ssh
      standby start start-time state statistics statistics-distribution-interval street-address street-group
      sub-option subnet subscribe subscribe-to-alert-group switchover sync syslog syslog-throttling system tag
      tcp-connect test threshold time time-period timeout timer timers tls tlv tod top tos track traffic-keys
      transfer transport trigger trunk type udp-echo udp-jitter update upper-case url user username utilization
      verify-data version video view virtual-machine vlan vnic vrf write-memory`,
  },
  unmodelled: {},
};
