import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ciscoIos } from '../../../server/src/core/dialects/cisco-ios/index.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';

const score = (text: string): number => ciscoIos.detect(new SourceFile('file', text)).score;

describe('files of IOS', () => {
  const files: [name: string, text: string][] = [
    [
      'a list and an interface',
      'interface Vlan210\n ip access-group A in\nip access-list extended A\n permit ip any any\n',
    ],
    ['a numbered list alone', 'access-list 101 permit ip any any\n'],
    ['a named list alone', 'ip access-list extended A\n deny ip any 202.114.4.0 0.0.0.255\n permit ip any any\n'],
    ['routes alone', 'ip route 0.0.0.0 0.0.0.0 10.0.0.1\n'],
    ['an interface alone', 'interface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\n no shutdown\n'],
    [
      'one with its indentation lost',
      'interface Vlan1\nip address 10.0.0.1 255.0.0.0\nip access-list standard A\npermit any\n',
    ],
    ['one that is indented as a whole', '    interface Vlan1\n     ip address 10.0.0.1 255.0.0.0\n'],
    ['one with CRLF', 'interface Vlan1\r\n ip address 10.0.0.1 255.0.0.0\r\n'],
    [
      'a capture',
      'core1#sh run\nBuilding configuration...\n\nCurrent configuration : 900 bytes\n!\nversion 15.2\nhostname core1\n',
    ],
    [
      'one with a long banner',
      `version 15.2\nbanner motd ^C\n${'Some text: it is here.\n'.repeat(200)}^C\nline vty 0 4\n login\n`,
    ],
    [
      'one with a certificate',
      `version 15.2\ncrypto pki certificate chain TP\ncertificate self-signed 01\n${'30820330 30820218 A0030201 02020101 300D0609\n'.repeat(100)}quit\nline vty 0 4\n`,
    ],
    ['abbreviated commands', 'int g0/1\n ip access-g A in\nacc 101 perm tcp a h 1.1.1.1 eq www\n'],
  ];
  for (const [name, text] of files) {
    it(name, () => assert.ok(score(text) > 0));
  }

  it('that are long are known by any part of them', () => {
    const text = `${'! a comment\n'.repeat(50_000)}${'access-list 101 permit ip any any\n'.repeat(50_000)}`;
    assert.ok(score(text) > 0);
  });
});

describe('files of look-alikes and of nothing like it', () => {
  const files: [name: string, text: string][] = [
    [
      'NX-OS',
      '!Command: show running-config\n!Time: Mon\nversion 9.2(3) Bios:version\nhostname n1\nfeature ospf\ninterface Vlan10\n ip address 10.0.0.1/24\n',
    ],
    [
      'NX-OS without a header',
      'feature bgp\nfeature interface-vlan\nvrf context MED\n ip route 0.0.0.0/0 10.0.0.1\ninterface Vlan10\n ip access-group A in\n ip address 10.0.0.1/24\n',
    ],
    [
      'IOS-XR',
      '!! IOS XR Configuration 6.6.2\nhostname p1\ninterface GigabitEthernet0/0/0/0\n ipv4 address 10.0.0.1 255.255.255.0\n',
    ],
    [
      'IOS-XR without a header',
      'interface GigabitEthernet0/0/0/0\n ipv4 address 10.0.0.1 255.255.255.0\n ipv4 access-group A ingress\nrouter static\n',
    ],
    [
      'ASA',
      ': Saved\nASA Version 9.12(4)\nhostname fw\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n ip address 10.0.0.1 255.255.255.0\naccess-list X extended permit ip any any\naccess-group X in interface outside\n',
    ],
    [
      'ASA without a header',
      'interface GigabitEthernet0/0\n nameif outside\n security-level 0\n ip address 10.0.0.1 255.255.255.0\naccess-group X in interface outside\n',
    ],
    [
      'EOS',
      '! device: leaf1 (vEOS, EOS-4.21.1.1F)\ntransceiver qsfp default-mode 4x10G\nhostname leaf1\ninterface Ethernet1\n   ip address 10.0.0.1/31\n',
    ],
    [
      'EOS without a header',
      'vrf instance MED\ninterface Vlan10\n   ip address 10.0.0.1/24\nip access-list MON\n   10 deny ip any 202.114.4.0/24\n',
    ],
    [
      'FRR',
      'frr version 8.4\nfrr defaults traditional\nhostname r1\ninterface eth0\n ip address 10.0.0.1/24\nip route 0.0.0.0/0 10.0.0.2\n',
    ],
    [
      'Aruba',
      'Running configuration:\n\n; J9729A Configuration Editor; Created on release #WB.16.10\nhostname "sw1"\nvlan 210\n   name "MON"\n   untagged 1-24\n   ip address 10.0.0.1 255.255.255.0\n',
    ],
    [
      'Huawei',
      'sysname core\n#\nacl number 3000\n rule 5 deny ip destination 202.114.4.0 0.0.0.255\n#\ninterface Vlanif210\n ip address 10.0.0.1 255.255.255.0\n#\nreturn\n',
    ],
    [
      'Dell',
      '! Version 9.14(2.0)\nboot system stack-unit 1 primary system: A:\ninterface Vlan 210\n ip address 10.0.0.1/24\nip access-list extended A\n seq 5 permit ip any any\n',
    ],
    ['Junos', 'system {\n    host-name r1;\n}\ninterfaces {\n    ge-0/0/0 {\n'],
    ['FortiOS', 'config system interface\n    edit "port1"\n        set ip 10.0.0.1 255.255.255.0\n    next\nend\n'],
    ['JSON', '{\n  "hostname": "core1",\n  "config": "ip access-list extended A"\n}\n'],
    [
      'YAML of a session',
      'init_prompt: |-\n  core1#\ncommands:\n  "show running-config\\n": |-\n    hostname core1\n    interface Vlan1\n     ip address 10.0.0.1 255.255.255.0\n',
    ],
    [
      'Markdown',
      '# How to block\n\nWrite this on the core switch:\n\n```\nip access-list extended A\n deny ip any any\n```\n\nThen apply it. That is all.\nIt works.\n',
    ],
    [
      'prose',
      'The interface is the thing. Access lists are read from top to bottom.\nhostname is a word.\nNo one knows.\n',
    ],
    [
      'a program',
      "import { readFileSync } from 'node:fs';\nconst text = 'ip access-list extended A';\nfunction main() {\n  return text;\n}\n",
    ],
    ['nothing', ''],
    ['a host name alone', 'hostname core1\n'],
  ];
  for (const [name, text] of files) {
    it(name, () => assert.equal(score(text), 0));
  }
});
