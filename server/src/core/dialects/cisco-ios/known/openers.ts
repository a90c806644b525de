import type { LineContext, Words } from './vocabulary.js';

/**
 * The global commands that open a block, by the context of its body. `none` holds the exceptions:
 * commands that begin alike and open nothing.
 */
export const OPENERS: Readonly<Record<Exclude<LineContext, 'global'> | 'none', Words>> = {
  aaa: {
    aaa: 'accounting group',
    'aaa attribute': 'list',
    'aaa common-criteria': 'policy',
    'aaa server': 'radius',
    ldap: 'attribute-map server',
    radius: 'server',
    'radius-server': 'attribute',
    tacacs: 'server',
  },
  acl: {
    ip: 'access-list',
  },
  'class-map': {
    '': 'class-map',
  },
  crypto: {
    crypto: 'ca dynamic-map identity keyring pki tls-tunnel',
    'crypto gdoi': 'group',
    'crypto gkm': 'group',
    'crypto ikev2': 'authorization client cluster keyring name-mangler policy profile proposal',
    'crypto ipsec': 'profile transform-set',
    'crypto ipsec client': 'ezvpn',
    'crypto isakmp': 'client peer policy profile',
    'crypto key': 'pubkey-chain',
    'crypto map *': '#',
    'crypto ssl': 'authorization policy profile proposal',
  },
  interface: {
    '': 'interface',
  },
  line: {
    '': 'line',
  },
  none: {
    ap: `
      auth-list capwap cdp core-dump country dot11 filter fra group hyperlocation link-encryption ntp packet-dump
      remote-lan syslog tag tcp-adjust-mss tftp-downgrade`,
    'crypto pki': 'authenticate crl enroll export import',
    'ip access-list': 'commit helper log-update logging match-local-traffic persistent resequence',
    'ip vrf': 'forwarding receive select sitemap',
    'ipv6 router': 'isis',
    redundancy: 'asymmetric-routing group rii',
    'route-map *': 'in out',
    template: 'peer-policy peer-session',
    track: 'resolution timer',
    vlan: 'access-log accounting dot1q filter group internal',
  },
  'object-group': {
    '': 'object-group',
  },
  'other-block': {
    '': `
      alarm-profile app-hosting appfw application appnav-controller-group archive bba-group bfd-template
      bridge-domain call-home call-manager-fallback control-plane controller coverage credentials cwmp domain ephone
      ephone-dn ephone-dn-template ephone-hunt ephone-template ephone-type et-analytics fallback flow
      flow-sampler-map flowspec gatekeeper gateway guest-lan iphc-profile kron l2tp-class l2vpn map-class mediatrace
      module network-policy omp parameter-map pfr presence pseudowire-class redundancy remote-lan sampler sdwan
      segment-routing service-insertion service-list service-template sip-ua stackwise-virtual table-map
      telephony-service template time-range track transceiver translation-rule utd vc-class virtual-service
      voice-card voice-port vpdn-group vservice webvpn wireless wlan zone zone-pair`,
    'access-session attributes': 'filter-list',
    ap: '*',
    'device-sensor': 'filter-list',
    'device-tracking': 'policy',
    'dial-peer': 'cor voice',
    dot11: 'ssid',
    dspfarm: 'profile',
    eap: 'profile',
    ethernet: 'evc ring',
    'ethernet cfm': 'domain',
    'event manager': 'applet',
    identity: 'policy profile',
    ip: 'explicit-path flow-top-talkers',
    'ip access-list': 'role-based',
    'ip ddns': 'update',
    'ip dhcp': 'class pool',
    'ip dns': 'view view-list',
    'ip flow-aggregation': 'cache',
    'ip ips': 'signature-category',
    'ip nat': 'pool',
    'ip sla': '# monitor',
    'ip slb': 'dfp firewallfarm probe serverfarm vserver',
    'ip ssh': 'pubkey-chain',
    ipv6: 'access-list',
    'ipv6 dhcp': 'guard pool',
    'ipv6 nd': 'inspection raguard',
    'ipv6 snooping': 'policy',
    key: 'chain',
    l2: 'vfi',
    location: 'civic-location elin-location',
    mac: 'access-list',
    mgcp: 'profile',
    mka: 'policy',
    monitor: 'session',
    mpls: 'oam',
    'mpls ldp': 'label',
    parser: 'view',
    'performance monitor': 'context',
    pnp: 'profile',
    ptp: 'clock',
    rtr: '#',
    sccp: 'ccm',
    'snmp mib': 'expression',
    'snmp mib bulkstat': 'object-list schema transfer',
    'snmp mib event': 'owner trigger',
    'spanning-tree mst': 'configuration',
    switch: 'virtual',
    telemetry: 'ietf receiver transform',
    vlan: 'access-map',
    voice: 'class hunt-group register service source-group translation-profile translation-rule',
    wsma: 'agent profile',
  },
  'policy-map': {
    '': 'policy-map',
  },
  'route-map': {
    '': 'route-map',
    ip: 'policy-list',
  },
  router: {
    '': 'router',
    ipv6: 'router',
  },
  vlan: {
    '': 'vlan',
  },
  vrf: {
    ip: 'vrf',
    vrf: 'definition',
  },
};
