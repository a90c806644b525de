import type { PhraseTable } from './vocabulary.js';

/** VLANs and `vlan configuration`. A suspended VLAN carries nothing; a private one has other members than its own. */
export const VLAN: PhraseTable = {
  ignored: {
    '': `
      abort apply are backupcrf bridge device-tracking ip ipv6 media mtu name parent remote-span reset ring said
      service-policy state ste stp tb-vlan1 tb-vlan2 uni-vlan vlan vtp`,
  },
  unmodelled: {
    '': 'member private-vlan shutdown',
    state: 'suspend',
  },
};

/** VRFs and their address families. Routes that go from one VRF to another are not followed. */
export const VRF: PhraseTable = {
  ignored: {
    '': `
      address-family bgp capability context exit-vrf export inter-as-hybrid maximum mdt protection rd route-target
      snmp tag vnet vnid vpn`,
  },
  unmodelled: {
    '': 'import route-replicate',
    export: 'ipv4',
  },
};
