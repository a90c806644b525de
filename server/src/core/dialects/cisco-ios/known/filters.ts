import type { PhraseTable } from './vocabulary.js';

/** IPv4 access lists. The reader models their entries: one that it cannot read always matters. */
export const ACL: PhraseTable = {
  ignored: {
    '': 'remark',
    '#': 'remark',
    'set ip': 'qos-group',
  },
  unmodelled: {
    '': 'deny dynamic evaluate permit',
    '#': 'deny dynamic evaluate permit',
    no: '# deny dynamic evaluate permit',
  },
};

/** Object groups: all but their descriptions says which addresses or services belong. */
export const OBJECT_GROUP: PhraseTable = {
  ignored: {},
  unmodelled: {
    '': 'group-object host security-group',
    no: 'group-object host range security-group',
  },
};

/** Route maps. Most pick and colour routes; a few, in policy routing, say where a packet goes. */
export const ROUTE_MAP: PhraseTable = {
  ignored: {
    '': 'continue description match',
    set: `
      aigp-metric as-path atm automatic-tag clns comm-list community cos dampening extcomm-list extcommunity ipv6
      large-comm-list large-community level local-preference metric metric-type mpls-label nlri origin qos-group tag
      traffic-index weight`,
    'set ip': 'address df dscp precedence tos',
  },
  unmodelled: {
    set: 'default global interface ip service-insertion vrf',
  },
};
