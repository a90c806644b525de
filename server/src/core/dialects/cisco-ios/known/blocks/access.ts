import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks of access circuits and sessions (controllers, dial-in, modems, SSL gateways, wireless), and
 * of the control plane and its policies.
 */
export const ACCESS: PhraseTable = {
  ignored: {
    '': `
      aaa aal5snap ac accept-dialin accept-dialout access-class acl active alarm ap ap-group apn au-4
      authen-before-forward band banner base bert broadcast-ssid browser cable cablelength call category cem-group
      channel-group client clock controller crc cut-through data default-group-policy description diagnostic dialer
      dialin dialout disable dl domain-lookup dot11 dot11ac dot11ax dsl-mode dsu equipment exp facility fdl flex
      force-local-chap framing ft gateway grant group handover host hostgroup idle-timeout ignore inherit
      initiate-to inservice ip is-member isdn keepalive l2f l2tp lbo lcp ldap line line-mode linecode link local
      local-switching login-message loopback lte mac-filtering max-users mode modem mtu national operating operation
      overhead oversubscription peer policy pool port port-forward pppoe pri-group profile protocol pvc radio rate
      request-dialin request-dialout rf-profile router security service-policy serving session session-limit
      sessions shutdown signaling sim slot source source-ip sra srv ssid ssl subslot tdm-group terminate-from test
      text-color threshold timeslot title title-color training trustpoint tunnel url url-list user-profile vdsl
      vendor-id virtual-host virtual-template vlan vpdn vpn wireless wlan yellow`,
    'service-policy': 'input output',
  },
  unmodelled: {},
};
