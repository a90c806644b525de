import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Device } from '../../../server/src/core/model/device.js';
import { deviceOf, entriesOf, interfaceOf, linesIn, read } from './support/read.js';

const CONFIG = [
  'hostname core1',
  '!',
  'vlan 210',
  ' name MONITORS',
  '!',
  'object-group network N',
  ' host 202.114.4.119',
  '!',
  'interface GigabitEthernet0/1',
  ' description uplink',
  ' ip address 10.0.0.1 255.255.255.0',
  '!',
  'interface Vlan210',
  ' ip address 10.20.10.1 255.255.255.0',
  ' ip access-group A in',
  '!',
  'ip access-list extended A',
  ' remark the monitors',
  ' deny   ip any object-group N',
  ' permit ip any any',
  '!',
  'ip route 0.0.0.0 0.0.0.0 10.0.0.254',
  'access-list 5 permit 10.0.0.0 0.255.255.255',
  '!',
  'router bgp 65001',
  ' neighbor 10.0.0.254 remote-as 65002',
  ' address-family ipv4 vrf X',
  ' exit-address-family',
  '!',
  'line vty 0 4',
  ' access-class 5 in',
  'end',
  '',
].join('\n');

/** What a device holds, without where its lines stand. */
function gist(device: Device): unknown {
  const entries = (name: string): unknown =>
    Array.from({ length: device.acls.get(name)?.entries.count ?? 0 }, (_, index) => {
      const { action, match } = device.acls.get(name)?.entries.aceAt(index) ?? {};
      return { action, match };
    });
  return JSON.parse(
    JSON.stringify({ ...device, acls: [...device.acls.keys()].map((name) => [name, entries(name)]) }, (key, value) =>
      key === 'origin' || key === 'block' ? undefined : value,
    ),
  );
}

describe('the same configuration, otherwise written', () => {
  const forms: [name: string, text: string][] = [
    ['with CRLF', CONFIG.replaceAll('\n', '\r\n')],
    ['with CR alone', CONFIG.replaceAll('\n', '\r')],
    ['with tabs', CONFIG.replace(/^ /gm, '\t')],
    ['with a BOM', `\ufeff${CONFIG}`],
    ['with NULs at its end', `${CONFIG}\0\0`],
    ['without a final line end', CONFIG.trimEnd()],
    ['with blanks at the ends of lines', CONFIG.replaceAll('\n', '  \n')],
    ['with twice the blanks', CONFIG.replaceAll(' ', '  ')],
    ['with no-break spaces', CONFIG.replaceAll(' ', '\u00a0')],
    ['without separators', CONFIG.replaceAll('!\n', '')],
    ['with its indentation lost', CONFIG.replace(/^ +/gm, '')],
    ['with its indentation lost and without separators', CONFIG.replace(/^ +/gm, '').replaceAll('!\n', '')],
    ['indented as a whole', CONFIG.replace(/^/gm, '    ')],
    ['with blank lines between', CONFIG.replaceAll('\n', '\n\n')],
    [
      'in capital letters',
      CONFIG.replace(/^ *(?:hostname|interface|ip|permit|deny|access-list|router|line)/gm, (word) =>
        word.toUpperCase(),
      ),
    ],
    ['typed at a prompt', CONFIG.replace(/^(?=[^!])/gm, 'core1(config)#')],
    [
      'captured from a terminal',
      `core1#show running-config\nBuilding configuration...\n\nCurrent configuration : 4318 bytes\n${CONFIG}\ncore1#\n`,
    ],
    [
      'captured behind another command, and compressed',
      `core1#show version\nROM: System Bootstrap\nUncompressed configuration from 1234 bytes to 4318 bytes\n${CONFIG}`,
    ],
    [
      'with a pager in it',
      CONFIG.replace(' ip access-group', ` --More-- ${'\b'.repeat(9)}         ${'\b'.repeat(9)} ip access-group`),
    ],
    [
      'with a pager that went back to the line start',
      CONFIG.replace(' ip access-group', ' --More-- \r          \r ip access-group'),
    ],
  ];
  for (const [name, text] of forms) {
    it(name, () => {
      assert.deepEqual(gist(deviceOf(text)), gist(deviceOf(CONFIG)));
      assert.deepEqual(linesIn('unknown', text), []);
    });
  }
});

describe('blocks', () => {
  it('end at a global command, not at a comment', () => {
    const text = 'interface Vlan1\n!\nip access-group A in\nip routing\nip access-group B in\n';
    assert.deepEqual(
      interfaceOf(text, 'Vlan1').filters.map(({ names }) => names[0]),
      ['A'],
    );
  });

  it('keep a line that is not indented as the others are', () => {
    const text = 'interface Vlan1\n description x\nip access-group A in\n   shutdown\n';
    const { filters, up } = interfaceOf(text, 'Vlan1');
    assert.deepEqual([filters.length, up], [1, false]);
  });

  it('of other subjects keep their lines to themselves', () => {
    const text = 'hostname core1\nip dhcp pool P\n host 10.0.0.5 255.0.0.0\n network 10.0.0.0 255.0.0.0\n vrf X\n';
    const device = deviceOf(text);
    assert.deepEqual([device.name, device.vrfs.length], ['core1', 1]);
  });

  it('have depths', () => {
    const { statements } = read(
      'router bgp 1\n neighbor 1.1.1.1 remote-as 2\n address-family ipv4\n  network 10.0.0.0\n !\nhostname x\n',
    );
    assert.deepEqual([...statements.depths], [0, 1, 1, 2, 0, 0]);
  });
});

describe('abbreviated commands', () => {
  it('mean what the whole ones mean', () => {
    const whole = [
      'hostname core1',
      'interface Vlan210',
      ' description monitors',
      ' ip address 10.20.10.1 255.255.255.0',
      ' ip access-group A in',
      ' no shutdown',
      'interface GigabitEthernet0/0.210',
      ' encapsulation dot1Q 210',
      ' vrf forwarding X',
      ' ip address negotiated',
      'ip access-list extended A',
      ' permit tcp any any eq www',
      'access-list 101 deny ip any any',
      'ip route 0.0.0.0 0.0.0.0 10.0.0.254 tag 5 track 6',
      'router ospf 1',
      'vlan 210',
      ' name MONITORS',
      'object-group network N',
      ' host 10.0.0.1',
      'no ip routing',
      '',
    ].join('\n');
    const short = [
      'host core1',
      'int Vlan210',
      ' desc monitors',
      ' ip add 10.20.10.1 255.255.255.0',
      ' ip access-g A i',
      ' no sh',
      'inter GigabitEthernet0/0.210',
      ' enc dot 210',
      ' vrf f X',
      ' ip addr nego',
      'ip access-l e A',
      ' p tcp a a eq www',
      'acc 101 de ip a a',
      'ip ro 0.0.0.0 0.0.0.0 10.0.0.254 ta 5 tr 6',
      'router os 1',
      'vl 210',
      ' na MONITORS',
      'obj net N',
      ' h 10.0.0.1',
      'no ip routi',
      '',
    ].join('\n');
    assert.deepEqual(gist(deviceOf(short)), gist(deviceOf(whole)));
  });
});

const HIDDEN = 'ip access-list extended A\n deny ip any any\n';
const REST = 'hostname after\nip access-list extended A\n permit ip any any\n';

describe('free text', () => {
  const texts: [name: string, text: string][] = [
    ['a banner with ^C', `banner motd ^C\n${HIDDEN}^C\n`],
    ['a banner with ^C on one line', `banner motd ^C ${'deny ip any any'} ^C\n`],
    ['a banner with the control character', `banner login \x03\n${HIDDEN}\x03\n`],
    ['a banner with #', `banner exec #Hello\n${HIDDEN}bye # and no more\n`],
    ['a banner with a letter', `banner motd Z\n${HIDDEN}Z\n`],
    ['a banner with !', `banner motd !\n${HIDDEN}!\n`],
    ['a banner without a kind', `banner @\n${HIDDEN}@\n`],
    ['a banner that ends in a line of text', `banner incoming ^C\n${HIDDEN}no more^C\n`],
    ['a banner with a caret in it', `banner motd ^C\n /^\\ \n${HIDDEN}^C\n`],
    ['a macro', `macro name UPLINK\n${HIDDEN}@\n`],
    ['a menu', `menu M title ^C\n${HIDDEN}^C\n`],
    ['a failed login', `aaa authentication fail-message ^C\n${HIDDEN}^C\n`],
    [
      'a certificate',
      'crypto pki certificate chain TP\n certificate self-signed 01\n  30820330 30820218 A0030201 02020101\n  DEADBEEF\n  \tquit\n',
    ],
    [
      'a certificate with its indentation lost',
      'crypto pki certificate chain TP\ncertificate ca 01\n30820330 30820218 A0030201 02020101\nDEADBEEF\nquit\n',
    ],
    [
      'a public key',
      'ip ssh pubkey-chain\n  username admin\n   key-string\n    AAAAB3NzaC1yc2EAAAADAQABAAABAQ+/AB==\n    permitAAAAB3Nza\n   exit\n',
    ],
    [
      'an event manager applet',
      'event manager applet SAVE\n event timer watchdog time 60\n action 1.0 cli command "enable"\n action 2.0 cli command "ip access-list extended A"\n action 2.1 cli command "deny ip any any"\n',
    ],
    ['an alias', 'alias exec deny ip access-list extended A\n'],
    ['a scheduled command', 'kron policy-list SAVE\n cli write memory\n'],
  ];
  for (const [name, text] of texts) {
    it(`${name} is skipped, and nothing behind it`, () => {
      const device = deviceOf(text + REST);
      assert.equal(device.name, 'after');
      assert.deepEqual(entriesOf(text + REST), ['permit ip any any']);
      assert.deepEqual(linesIn('unknown', text + REST), []);
    });
  }

  const unclosed: [name: string, text: string][] = [
    ['a banner', 'banner motd ^C\nno text\n'],
    ['a banner with another delimiter', 'banner motd ~ hello\n'],
    ['a banner without a text', 'banner login\n'],
    ['a macro', 'macro name UPLINK\n'],
    ['a certificate', 'crypto pki certificate chain TP\n certificate self-signed 01\n  30820330 30820218 A0030201\n'],
    [
      'a certificate that is kept elsewhere',
      'crypto pki certificate chain TP\n certificate self-signed 01 nvram:x.cer\n',
    ],
  ];
  for (const [name, text] of unclosed) {
    it(`${name} that does not end hides nothing`, () =>
      assert.deepEqual(entriesOf(text + REST), ['permit ip any any']));
  }
});

describe('terminal captures', () => {
  it('skip the output of other commands', () => {
    const text = `core1>enable\ncore1#show version\nCisco IOS Software, Version 15.2\nip access-list extended X\ncore1#sh run\n${CONFIG}core1#show ip route\nGateway of last resort is 10.0.0.254\nip route 9.0.0.0 255.0.0.0 10.0.0.1\ncore1#exit\n`;
    assert.deepEqual(gist(deviceOf(text)), gist(deviceOf(CONFIG)));
    assert.deepEqual(linesIn('unknown', text), []);
  });

  it('do not let a line that looks like a prompt hide the configuration behind it', () => {
    const text = 'hostname core1\ncore1#show version\nip access-list extended A\n permit ip any any\n';
    assert.deepEqual(entriesOf(text), ['permit ip any any']);
  });
});

describe('references', () => {
  it('say what names a list without filtering forwarded packets', () => {
    const text = [
      'line vty 0 4',
      ' access-class 5 in',
      'snmp-server community S3CRET RO 10',
      'ip nat inside source list NATTED interface Gi0/1 overload',
      'route-map R permit 10',
      ' match ip address 101 LIST2',
      'ip http access-class 7',
      'ntp access-group peer 8',
      'router rip',
      ' distribute-list 9 in',
      'interface Vlan1',
      ' ip igmp access-group 12',
      'crypto map M 10 ipsec-isakmp',
      ' match address VPN',
      'class-map match-any C',
      ' match access-group name QOS',
      '',
    ].join('\n');
    const references = deviceOf(text).references.filter(({ kind }) => kind === 'acl');
    assert.deepEqual(
      references.map(({ name, use, origin }) => [name, use, text.slice(origin.start, origin.end)]),
      ['5', '10', 'NATTED', '101', 'LIST2', '7', '8', '9', '12', 'VPN', 'QOS'].map((name) => [name, 'other', name]),
    );
    assert.equal(JSON.stringify(deviceOf(text)).includes('S3CRET'), false, 'no secret is kept');
  });

  it('say what entries name', () => {
    const text = 'ip access-list extended A\n permit object-group S any object-group N time-range T\n';
    assert.deepEqual(
      deviceOf(text).references.map(({ kind, name }) => [kind, name]),
      [
        ['object-group', 'S'],
        ['object-group', 'N'],
        ['time-range', 'T'],
      ],
    );
  });
});
