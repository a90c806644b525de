import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks of the device's own services: archives, DHCP pools, probes, key chains, calls home,
 * schedules, clocks, event policies, guests, stacks and redundancy.
 */
export const SERVICES: PhraseTable = {
  ignored: {
    '': `
      absolute accept accept-lifetime accounting action activate active add add-command address address-range alert
      alert-group alert-group-config announce announce-timeout anonymous-id anonymous-reporting-only
      app-default-gateway app-resource app-vnic archive area attribute authentication auto-sync boolean bootfile
      capability carrier-delay category cdp chap char-changes class cli client-id client-identifier client-name
      clock collect commands condition contact-email-addr correlate count cpu crypto cryptographic-algorithm
      data-pattern day debounce default default-gateway default-router default-state delay destination device-role
      dhcp disconnect dns dns-server domain domain-id domain-name dscp dual-active duration eap elin enable ethernet
      event exec execute-on expression file file-system filter finish-time flush format frequency from ftp gateway
      get guest guest-interface guest-ipaddress hardware-address hidekeys history hops-of-statistics-kept host
      hostname hours-of-statistics-kept http http-proxy https icmp-echo icmp-jitter import inactive-timeout insert
      instance interval ip ip-address iterations key key-string lease lifetime limit link-address lldp load
      local-priority log logging login lower-case macsec-cipher-suite mail-server main-cpu management-interface map
      match max-length maximum memory message metadata method min-length minutes mode name name-server0 name-server1
      netbios-name-server netbios-node-type netmask network network-clock next-server notify ntp numeric-count
      object object-list option origin owner pap parent-profile passphrase password path path-echo path-jitter
      percentage periodic phone-number pki-trustpoint policy policy-list poll port power power-supply precedence
      preference prefix prefix-delegation primary-key priority priority1 priority2 privilege probe profile provision
      provisioning ptp queue-limit rate-limit reaction-configuration recovery redundancy relay remark remote
      reporting request-data-size resource retire retries retry revision rollback route route-tag run-opts
      samples-of-history-kept schema script secret send-lifetime sender server service set show shutdown site-id
      snmp source source-interface source-ip source-ip-address source-port special-case ssh standby start start-time
      state statistics statistics-distribution-interval street-address sub-option subnet subscribe
      subscribe-to-alert-group switch switchover sync syslog syslog-throttling system tag tcp-connect test threshold
      time time-period timeout timer timers tls tos track traffic-keys transfer transport trigger trunk type
      udp-echo udp-jitter update upper-case url user username utilization verify-data version video view
      virtual-machine vlan vnic vrf write-memory`,
  },
  unmodelled: {},
};
