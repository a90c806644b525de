import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks that change what passes: zone pairs, VLAN maps, interface and service templates, service
 * chains, load balancers. Most of their lines say where and how; a few decide.
 */
export const POLICIES: PhraseTable = {
  ignored: {
    '': `
      absolute-timer advanced alert alert-on all-interfaces application-inspect appnav-controller audit-trail
      authentication border class device-tracking dot1x enabled enforcement engine event-action faildetect global
      gtp hub inactivity-timer inservice keepalive linksec lldp load-balance mab master match max-incomplete
      maxconns mls monitor-interval mpls nat one-minute parameter path-preference pattern periodic predictor probe
      real reassign replicate retired serverfarm session sessions signature source spanning-tree storm-control
      subscriber switchport tag tcp threat timeout timer trunk tunnel udp virtual vlan voice vrf web-filter weight
      zone zone-mismatch`,
    'access-session': '*',
    action: 'capture forward',
  },
  unmodelled: {
    '': 'access-group inspect service-insertion utd',
    'access-session': 'port-control',
    action: 'drop redirect',
    redirect: 'url',
    'service-policy type': 'control inspect',
  },
};
