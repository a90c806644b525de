import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks below IPv4, and beside it: device tracking and first-hop security for IPv6, spanning tree,
 * overlays and pseudowires, connectivity checks, IPv6 and MAC access lists, table maps.
 */
export const LAYER2: PhraseTable = {
  ignored: {
    '': `
      address-family admin-state affinity allocate aps-channel authentication auto-route-target autodiscovery
      autoroute binding-sid bridge-domain candidate-paths channel color common confidentiality-offset
      connected-prefix-sid-map constraints continuity-check control-word copy cos customer-id dampening data-glean
      default default-gateway default-originate delay-protection delay-restore deny destination-glean device-role
      discriminator dynamic echo encapsulation enforce ethernet evaluate evi exclude explicit explicit-null export
      flooding-suppression forward fragment global-block guard hello hop-limit include-icv-indicator inclusion-list
      index instance interface interval interworking ip isis key-server l2 label level limit load-balance local
      local-install logging macsec-cipher-suite maintain managed-config-flag map match medium medium-type-wired
      medium-type-wireless mep metric mip mode monitoring mtu multicast name nd neighbor oam oam-mode on-demand
      open-ring other-config-flag pcc pce peer permit pim policy port0 port1 preemption prefer preference
      preferred-path prefix-glean profile protocol pseudowire rd redundancy remark replication-type restrict
      revision revision-control role route-target router-id router-preference rpl sak-rekey security-level
      segment-list send-secure-announcements sender-id sequence set-attributes signaling sr-label-preferred state
      statistics status tlv tracking trust trusted trusted-port tunnel uni ve vlan vpls-id vpn`,
    '#': 'deny permit remark',
    mac: 'aging-time learning limit static',
    monitor: 'service',
  },
  unmodelled: {
    '': 'xconnect',
    member: 'vni',
  },
};
