import type { PhraseTable } from './vocabulary.js';

/** Server groups, accounting lists and RADIUS servers: the device's own traffic. */
export const AAA: PhraseTable = {
  ignored: {
    '': `
      accounting acct-port action-type address attribute auth-port auth-type authentication authorization
      automate-tester backoff bind broadcast cache change-notice char-changes character-repetition client deadtime
      domain dscp dtls expiration format group ignore ip ipv4 ipv6 key key-wrap ldap lifetime load-balance
      lower-case mac mac-delimiter max-length min-length mode non-standard numeric-count pac port radius-server
      restrict-consecutive-letters retransmit search search-filter secret send-nat-address server server-key
      server-private single-connection special-case statistics subnet subscriber test throttle timeout tls transport
      upper-case vrf`,
  },
  unmodelled: {},
};
