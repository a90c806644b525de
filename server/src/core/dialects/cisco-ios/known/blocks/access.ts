import type { PhraseTable } from '../vocabulary.js';

/**
 * Blocks of access circuits and sessions (controllers, dial-in, modems, SSL gateways, wireless), and
 * of the control plane and its policies.
 */
export const ACCESS: PhraseTable = {
  ignored: {
    '': `
      aaa aaa-override aal5snap ac accept-dialin accept-dialout access-class accounting-list acl acl-policy active
      alarm ap ap-group ap-profile apn arp-caching assisted-roaming asymmetric-routing atm au-4 aug
      authen-before-forward authentication autoresponse band band-select banner base bert broadcast-ssid browser
      cable cablelength call category cbr ccx cem-group central channel-group channel-scan channelization
      channelized chd cifs-url-list citrix client clock cookie coverage crc cut-through data default-group-policy
      dhcp-tlv-caching diagnostic dialer dialin dialout disable dl dns-server domain-lookup dot11ac dot11ax dot1q
      ds0-group ds3 dsl-mode dsu dtim e1 encapsulation equipment exclusionlist exp facility fdl filter flex
      flex-profile force-local-chap frame-relay framing ft functions gateway grant group guest-mode handover heading
      hide-url-bar host hostgroup http-redirect http-tlv-caching hyperlocation idle-timeout ignore inherit
      initiate-to inservice ip ipv4 ipv6 is-member isdn keepalive l2f l2tp lbo lcp ldap line-mode line-term linecode
      link load-balance local local-site local-switching login-message login-photo logo loopback lte mac-filtering
      mask-urls max-users mbssid mgmtuser mobility mode modem mtu multicast nac national native-vlan-id nbns-list
      oam-pvc operating operation overhead oversubscription passive-client peer peer-blocking policy policy-tag pool
      port port-forward pppoe preamble pri-group profile protocol pvc radio radius-profiling rate request-dialin
      request-dialout rf-profile rf-tag secondary-color security sequencing service-policy serving session
      session-limit session-timeout sessions shutdown signaling sim site-tag slot smart-tunnel source source-ip sra
      srv ssid ssl sso-server static-ip sts-1 subslot svc t1 tdm-group terminate-from test text-color threshold
      timeslot title title-color training trustpoint tug-2 tug-3 tunnel ubr umbrella-param-map
      universal-admin-domain url url-list url-text user-profile vbr-nrt vbr-rt vdsl vendor-id virtual-host
      virtual-template vlan vlan-id vlan-name vpdn vpn vtg wgb wmm wpa-psk yellow`,
  },
  unmodelled: {},
};
