import type { PhraseTable } from './vocabulary.js';

/** Routing processes and their address families: that a process runs is modelled, how it is tuned is not. */
export const ROUTER: PhraseTable = {
  ignored: {
    '': `
      action activate address-family adjacency adjacency-check advertise advertisement-interval af-interface
      affinity-map aggregate-address allow area area-password authentication auto-cost auto-summary bandwidth
      bandwidth-percent bfd bgp capability cluster-id compatible cost dampening dampening-change dampening-interval
      database-mapping default default-information default-metric discard-route distance distribute
      distribute-list domain-id domain-password domain-tag dynamic-eid eid-table eigrp encapsulation etr event-log
      event-log-size exit-af-interface exit-af-topology exit-dynamic-eid exit-eid-table exit-instance-id
      exit-locator-set exit-peer-policy exit-peer-session exit-service-ethernet exit-service-family
      exit-service-ipv4 exit-service-ipv6 exit-sf-interface exit-topology exit-vrf export fast-convergence
      fast-flood fast-reroute flash-update-threshold graceful-restart hello hello-interval hello-padding
      high-availability hold-time hostname ignore ignore-attached-bit import inherit input-queue instance
      instance-id ip ipv4 ipv6 is-type isis ispf itr limit link-down loc-reach local-as location locator-set
      locator-table log-adj-changes log-adjacency-changes log-neighbor-changes log-neighbor-warnings lsp-full
      lsp-gen-interval lsp-mtu lsp-password lsp-refresh-interval manet map-cache map-cache-limit map-server
      max-area-addresses max-lsp-lifetime max-metric maximum maximum-paths maximum-prefix metric metric-style
      microloop mobility mode mpls multi-topology neighbor net network next-hop-self nsf nsr nssa offset offset-list
      output-delay partition-avoidance passive-interface prc-interval prefix-suppression proxy-etr proxy-itr
      queue-depth rd redistribute remote-locator-set remote-rloc-probe route-export route-map route-target router-id
      scope segment-routing service set-attached-bit set-overload-bit sf-interface sgt shutdown site site-id snmp
      soft-reconfiguration spf-interval split-horizon stub summary summary-address summary-metric summary-prefix
      suppress synchronization table-map template timers topology traffic-eng traffic-engineering traffic-share
      ttl-security update use-petr validate-update-source variance version vrf warning weight`,
    'address-family': '*',
    use: 'petr',
  },
  unmodelled: {
    'address-family ipv4': 'flowspec',
    'address-family vpnv4': 'flowspec',
  },
};
