import type { PhraseTable } from './vocabulary.js';

/** Server groups, accounting lists and RADIUS servers: the device's own traffic. */
export const AAA: PhraseTable = {
  ignored: {
    '': `
      accounting acct-port action-type address attribute auth-port auth-type authentication authorization
      automate-tester backoff bind broadcast cache client deadtime domain dscp dtls format group ignore ip ipv4 ipv6
      key key-wrap ldap load-balance mac mode non-standard pac port radius-server retransmit search search-filter
      secret server server-key server-private single-connection statistics subnet subscriber test throttle timeout
      tls transport vrf`,
  },
  unmodelled: {},
};
