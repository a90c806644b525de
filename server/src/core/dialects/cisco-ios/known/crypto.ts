import type { PhraseTable } from './vocabulary.js';

/**
 * Keys, proposals, profiles, maps and certificates. Which packets a crypto map takes, and the
 * routes it adds, matter; how their tunnels are negotiated does not.
 */
export const CRYPTO: PhraseTable = {
  ignored: {
    '': `
      aaa accept access-restrict accounting acl address address-pool anyconnect attribute authentication
      authorization auto auto-enroll auto-rollover auto-update automate backup backup-gateway banner block
      browser-proxy ca cdp-url certificate chain-validation client config-exchange configuration connect crl ctc
      ctcp cts database def-domain default dhcp dn dns domain dpd eap eckeypair eku encr encryption enrollment
      fingerprint firewall flow fqdn fvrf grant group group-lock group-size hash heartbeat hostname identity
      idle-time idletime include-intermediate include-local-lan initial-contact initiate initiate-mode integrity
      interface ip ip-address ip-extension ipv6 isakmp issuer-name ivrf keepalive key key-string keyring license
      lifetime local local-address match max-logins max-users mode modulus named-key nat netmask ocsp passive
      password peer pfs pki policy pool port ppk pre-shared-key prf primary profile proposal protection proxy qos
      qos-group quit reconnect redirect redundancy regenerate registration rekey remote replay responder-only
      revocation-check root route rsa rsa-pubkey rsakeypair sa save-password secondary security-association
      self-identity self-signed sequence-number serial-number server session session-limit source split-dns ssl
      status storage subject-alt-name subject-name tag template trustpoint tunnel url usage user username version
      virtual-interface virtual-template vrf wins xauth`,
    'match address': 'local',
    set: `
      group identity ikev2-profile isakmp-profile mixed-mode nat peer pfs reverse-route security-association
      security-policy session-key transform-set`,
  },
  unmodelled: {
    '': 'reverse-route',
    'aaa attribute': 'list',
    match: 'address',
    'route accept': 'any',
    'route set': 'access-list interface local remote',
    'set ip': 'access-group',
  },
};
