import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { redact, redactQuoted, secretSpans } from '../../server/src/core/text/redact.js';

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
    'enable pass #',
    'enable sec 5 #',
    'username bob pass 7 #',
    'username bob privilege 15 sec 5 #',
    'snmp-server comm # rw',
    'snmp comm # rw',
    'snmp-s host 10.1.1.1 #',
    'snmp mib community-map # engineid 80',
    ' server 10.1.1.1 server-key 7 #',
    ' client 10.1.1.1 vrf V server-key 0 #',
    'aaa pod server auth-type any server-key #',
    '  key-s 7 #',
    ' local-key #',
    '  challenge-password #',
    'crypto pki export foo pem url tftp: 3des #',
    'crypto pki import foo pkcs12 tftp: #',
    'crypto key import rsa foo pem terminal #',
    ' pre-shared-key address 192.0.2.1 255.255.255.255 key #',
    ' authentication remote pre-share key 6 #',
    ' passw #',
    ' ppp chap pass 0 #',
    ' neigh 10.1.1.1 pass 7 #',
    ' ip ospf message-digest 1 md5 #',
    ' ip ospf message-d 1 md5 7 #',
    ' area 0 virtual-link 192.0.2.1 message-digest-key 1 md5 #',
    ' area 0 authentication ipsec spi 256 md5 #',
    ' ospfv3 encryption ipsec spi 500 esp aes-cbc 128 # sha1 #',
    '  set session-key outbound esp 300 cipher # authenticator #',
    ' stand 1 auth #',
    ' ip nhrp auth #',
    ' glbp 1 authentication text #',
    ' vrrp 1 authentication #',
    'ntp authenticate-key 1 md5 #',
    'ntp authenti 1 md5 #',
    'ip ftp pass #',
    'ip http client password 0 #',
    ' path ftp:user:#@192.0.2.1',
    ' path scp://user:#/with@signs@192.0.2.1/x',
    ' action 1.0 cli command "copy run ftp://u:#@192.0.2.1/x"',
    ' action 1.0 cli command "enable secret #"',
    ' action 3 cli command "#" pattern "Password"',
    'event manager environment _email #',
    'chat-script foo ogin: bob word: #',
    ' description pwd: #',
    ' description user admin pass #',
    ' description Passwort: #',
    ' description "password":"#"',
    'banner motd ^C password is # ^C',
    '  sap pmk # mode-list gcm',
    'license smart register idtoken #',
    'cts sxp default password 7 #',
    'mpls ldp neighbor 192.0.2.1 password #',
    'ip msdp password peer 192.0.2.1 #',
    ' etr map-server 192.0.2.1 key #',
    'l2tp tunnel password 7 #',
    ' security wpa psk set-key ascii 0 #',
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

  for (const [line, secret] of [
    [' unheard-of 7 0822455D0A16', '0822455D0A16'],
    ['  30820241 308201AA A0030201 02020101', '308201AA'],
    ['  4F6A1B2C 00112233 8899AABB CC', '8899AABB'],
    ['Q2FuYXJ5S2V5MTIz4bCd==', 'Q2FuYXJ5S2V5MTIz4bCd'],
  ] as const) {
    it(`hides what looks like a key in: ${line}`, () => assert.ok(!redact(line).includes(secret), redact(line)));
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
    '  pass log',
    ' timeout 5 sec 3',
    ' permit tcp any any eq 7 1024',
    ' ip ospf authentication message-digest',
    ' 10 deny ip 10.7.0.0 0.0.255.255 host 202.114.4.119',
    'crypto key generate rsa modulus 2048',
    'source http://[2001:db8::1]:8080/a',
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

  it('quoted in a sentence, hides what is quoted and keeps the rest', () => {
    const sentence = 'KEY on core1: "password 7 s3cret" was not understood, nor "10 permit ip any any". Mend it.';
    assert.equal(redactQuoted(sentence), 'KEY on core1: "password 7 <removed>". Mend it.');
    assert.equal(redactQuoted('Key rooms reach it: " 5.'), 'Key rooms reach it: " 5.');
    const doubt = 'not understood: ip route 192.0.2.0 password s3cret';
    assert.equal(
      redactQuoted(`Key rooms may reach it: ${doubt}. Deny it.`, [doubt]),
      'Key rooms may reach it: not understood: ip route 192.0.2.0 password <removed>. Deny it.',
    );
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
