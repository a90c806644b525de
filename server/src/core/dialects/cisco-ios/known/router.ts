import type { PhraseTable } from './vocabulary.js';

/** Routing processes and their address families: that a process runs is modelled, how it is tuned is not. */
export const ROUTER: PhraseTable = {
  ignored: {
    '': `
      action activate address-family adjacency adjacency-check advertise advertisement-interval af-interface
      affinity-map aggregate-address aggregate-timer allow allow-default allowas-in area area-password as-override
      as-path authentication authentication-key auto-cost auto-discover-rlocs auto-summary bandwidth
      bandwidth-percent bfd bgp capability cluster-id compatible cost dampening dampening-change dampening-interval
      database-mapping default default-information default-metric default-originate disable-advertisement
      disable-connected-check discard-route distance distribute distribute-list dmzlink-bw domain-id domain-password
      domain-tag dynamic-eid ebgp-multihop eid-record eid-table eigrp encapsulation etr event-log event-log-size
      exit-af-interface exit-af-topology exit-dynamic-eid exit-eid-table exit-instance-id exit-locator-set
      exit-peer-policy exit-peer-session exit-router-lisp exit-service-ethernet exit-service-family
      exit-service-ipv4 exit-service-ipv6 exit-sf-interface exit-site exit-topology exit-vrf export external
      fall-over fast-convergence fast-flood fast-reroute filter-list flash-update-threshold forward graceful-restart
      ha-mode hello hello-interval hello-padding high-availability hold-time hostname ignore ignore-attached-bit
      ignore-lsp-errors import inherit input-queue instance instance-id ip ipv4 ipv4-interface ipv6 ipv6-interface
      is-type isis ispf itr label limit link-down loc-reach local-as local-rib-criteria location locator-set
      locator-table log-adj-changes log-adjacency-changes log-neighbor-changes log-neighbor-warnings loose-bind
      lsp-full lsp-gen-interval lsp-mtu lsp-password lsp-purge lsp-refresh-interval manet map-cache map-cache-limit
      map-server max-area-addresses max-lsp-lifetime max-metric maximum maximum-paths maximum-prefix
      maximum-secondary-paths metric metric-style microloop mobility mode mpls multi-path multi-topology mvpn
      neighbor net network next-hop-self next-hop-unchanged nexthop nhrp nsf nsr nssa offset offset-list
      output-delay partition-avoidance passive-interface password prc-interval prefix-list prefix-suppression
      priority process-min-time protocol proxy-eid proxy-etr proxy-itr queue-depth rd redistribute remote-as
      remote-locator-set remote-rloc-probe remove-private-as replace-as retransmit-interval rewrite-evpn-rt-asn rib
      route-export route-map route-reflector-client route-target router-id scope segment-routing send-community
      send-label service set-attached-bit set-overload-bit sf-interface sgt shutdown site site-id slow-peer snmp
      soft-reconfiguration soo spf-interval split-horizon stub summary summary-address summary-metric summary-prefix
      suppress synchronization table-map template timers topology topology-id traffic-eng traffic-engineering
      traffic-share translate-update transport ttl-security unsuppress-map update update-source use-petr
      validate-update-source variance version vrf warning weight`,
    use: 'external-metrics petr',
  },
  unmodelled: {
    'address-family ipv4': 'flowspec',
    'address-family vpnv4': 'flowspec',
  },
};
