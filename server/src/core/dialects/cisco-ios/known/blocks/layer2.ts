import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks below IPv4, and beside it: device tracking and first-hop security for IPv6, spanning tree,
 * overlays and pseudowires, connectivity checks, IPv6 and MAC access lists, table maps.
 */
export const LAYER2: PhraseTable = {
  ignored: {
    '': `
      admin-state authentication auto-route-target autodiscovery bridge-domain channel common confidentiality-offset
      continuity-check control-word cos customer-id default default-gateway default-originate delay-restore deny
      device-role discriminator echo encapsulation enforce ethernet evaluate evi exclude export flooding-suppression
      forward fragment guard hello hop-limit include-icv-indicator instance interface interval interworking ip isis
      key-server l2 l2vpn label level limit load-balance local mac macsec-cipher-suite maintain managed-config-flag
      map match medium mep metric mip mode monitor monitoring mtu multicast name nd neighbor oam oam-mode
      other-config-flag peer permit pim preemption prefer preferred-path prefix-glean protocol rd redundancy remark
      replication-type restrict revision role route-target router-id router-preference sak-rekey security-level
      send-secure-announcements sequence signaling state statistics status tlv tracking transceiver trust trusted
      trusted-port tunnel uni ve vlan vpls-id vpn`,
    '#': 'deny permit remark',
  },
  unmodelled: {
    '': 'xconnect',
    member: 'vni',
  },
};
