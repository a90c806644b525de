import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { redact, secretSpans } from '../../server/src/core/text/redact.js';

describe('redact', () => {
  for (const line of [
    'enable secret 9 $9$abc$#',
    'enable secret #',
    'enable password level 15 7 #',
    'username bob privilege 15 password 0 #',
    'username bob secret 5 $1$ab$#',
    ' password 7 #',
    ' password #',
    'passwd # encrypted',
    'snmp-server community # RO 10',
    'snmp-server host 10.1.1.1 version 2c #',
    'snmp-server user u g v3 auth md5 # priv aes 128 #',
    'tacacs-server key 7 #',
    'radius-server host 10.1.1.1 auth-port 1812 acct-port 1813 key #',
    ' key 7 #',
    ' key #',
    '  key-string 7 #',
    'crypto isakmp key # address 192.0.2.1',
    ' pre-shared-key local #',
    'key config-key password-encrypt #',
    'ntp authentication-key 1 md5 # 7',
    ' ip ospf message-digest-key 1 md5 7 #',
    ' ip ospf authentication-key #',
    ' neighbor 10.0.0.1 password 7 #',
    ' standby 1 authentication md5 key-string #',
    ' standby 1 authentication #',
    ' vrrp 1 authentication text #',
    ' ip nhrp authentication #',
    ' ppp pap sent-username u password 0 #',
    ' wpa-psk ascii 0 #',
    'vtp password #',
    'archive ftp://bob:#@192.0.2.9/config',
    'set psksecret ENC #',
    'secret "$9$#"; ## SECRET-DATA',
    'set password=#',
    `${'A'.repeat(30)}#${'b'.repeat(30)}=`,
  ]) {
    it(`hides what stands at # in: ${line}`, () => {
      const secret = 's3cr3tW0rd';
      assert.ok(!redact(line.replaceAll('#', secret)).includes(secret), redact(line.replaceAll('#', secret)));
    });
  }

  for (const line of [
    'service password-encryption',
    'service password encryption',
    'key chain OSPF',
    ' key 1',
    'crypto key generate rsa modulus 2048',
    'username bob privilege 15',
    'username bob nopassword',
    'aaa authentication login default group tacacs+ local enable',
    ' ip ospf authentication message-digest',
    ' ip ospf authentication key-chain OSPF',
    'ip access-list extended KEY-SERVERS',
    ' 10 permit tcp 10.20.10.0 0.0.0.255 host 202.114.4.119 eq 515',
    ' deny ip any 202.114.4.0 0.0.0.255 log',
    'interface GigabitEthernet0/0/1.210',
    ' ip access-group MONITORS-IN in',
    'ip route 0.0.0.0 0.0.0.0 198.51.100.1 name key-customer',
    '',
  ]) {
    it(`leaves as it is: ${line}`, () => {
      assert.equal(redact(line), line);
    });
  }

  it('keeps what stands before the secret', () => {
    assert.equal(redact('username bob secret 9 $9$x'), 'username bob secret 9 <removed>');
    assert.equal(redact('snmp-server community public RO'), 'snmp-server community <removed>');
  });

  it('a line too long to be read is hidden from there on', () => {
    assert.ok(!redact(`${'a '.repeat(20_000)}password s3cret`).includes('s3cret'));
  });

  it('gives spans in order, inside the line, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (line) => {
        let at = 0;
        for (const { start, end } of secretSpans(line)) {
          assert.ok(start >= at && end > start && end <= line.length);
          at = end;
        }
      }),
    );
  });

  it('hides any word behind the name of a secret', () => {
    const word = fc.stringMatching(/^[!-~]{1,20}$/);
    const before = fc.constantFrom('password ', 'enable secret ', ' key-string 7 ', 'set pre-shared-key ', 'key 0 ');
    fc.assert(
      fc.property(before, word, (name, secret) => {
        const shown = redact(name + secret);
        assert.ok(shown === `${name}<removed>` || shown === `${name.trimEnd()} <removed>`, shown);
      }),
    );
  });
});
