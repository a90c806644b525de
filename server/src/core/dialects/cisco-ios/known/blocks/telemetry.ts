import type { PhraseTable } from '../vocabulary.js';

/** Flow records and exporters, telemetry subscriptions, capture sessions and performance monitors. */
export const TELEMETRY: PhraseTable = {
  ignored: {
    '': `
      account account-on-resolution active-timeout application audit cache cache-timeout class collect config count
      data-type destination dscp encapsulate encoding erspan-id export export-protocol exporter field filter flow
      flow-sampler granularity header-type history inactive-timeout input interval ip ipv6 limit match mode mtu
      object operation option origin output peer policy rate react reacts receiver record sampler sampling session
      shutdown sort-by source source-address source-vrf specified statistics stream target template top
      traffic-monitor transport ttl update-policy url vlan vrf xpath`,
  },
  unmodelled: {},
};
