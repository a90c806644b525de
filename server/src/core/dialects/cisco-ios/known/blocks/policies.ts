import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks that change what passes: zone pairs, VLAN maps, interface and service templates, service
 * chains, load balancers. Most of their lines say where and how; a few decide.
 */
export const POLICIES: PhraseTable = {
  ignored: {
    '': `
      absolute-timer access-session advanced aggregation-type alert alert-on all-interfaces allow-mode api-key
      app-name application-inspect appnav-controller appnav-controller-group audit-trail authentication backoff
      border channel-unreachable-timer class collector consent content-length content-type-verification custom-page
      device-tracking dns-timeout dnscrypt dot1x enabled enforcement engine enterprise-prefix event-action
      exclusive-domain expire-time expiry faildetect global gtp holddown hub inactivity-timer inservice
      intercept-https-enable interface-template jitter keepalive learn link-group linksec lisp list lldp
      load-balance load-interval local-domain logout-window-disabled loss mab master match max-header-length
      max-http-conns max-incomplete max-login-attempts max-range-utilization max-uri-length max-xmit-utilization
      maxconns mls monitor-interval monitor-period mos mpls multi-tenancy nat node-discovery one-minute organization
      orgid parameter path-preference pattern periodic periodic-interval policy-rules port-misuse predictor prefixes
      probe real reassign replicate request-method resolve resolver retired secret serverfarm service service-node
      service-node-group session sessions sgt signature site-prefixes sleeping-client smart-probes source
      spanning-tree storm-control strict-http subscriber success-window-enable switchport tag tcp threat
      threat-inspection throughput timeout timer token traffic-class transfer-encoding trunk tunnel udp udp-timeout
      unreachable virtual virtual-ip vlan vpn vrf vserver watch-list web-filter weight zone zone-mismatch`,
    action: 'capture forward',
    voice: 'vlan',
  },
  unmodelled: {
    '': 'access-group inspect service-insertion utd',
    'access-session': 'port-control',
    action: 'drop redirect',
    redirect: 'url',
    'service-policy type': 'control inspect',
  },
};
