/** Whatever a file holds, every question about it has an answer, and no answer holds a secret. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Workspace } from '../../server/src/core/workspace.js';

const FOLDER = new URL('../../examples/hospital/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const SITE = read('advisory-lens.json');
const FILES = ['core1.cfg', 'edge1.cfg', 'clinic1.cfg'].map((name) => ({ name, text: read(name) }));

/** Everything that can be asked about a set of files, as one text. */
function askEverything(files: readonly { readonly name: string; readonly text: string }[], site: string): string {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', site);
  for (const { name, text } of files) workspace.setFile(name, text);
  const answers: unknown[] = [workspace.siteProblems(), workspace.findings(), workspace.report()];
  for (const { name, text } of files) {
    answers.push(workspace.fileSummary(name), workspace.symbols(name));
    const lines = text.split('\n').length;
    for (let line = 1; line <= lines; line += 7) {
      for (const column of [1, 4, 20]) {
        answers.push(workspace.hover(name, line, column), workspace.definition(name, line, column));
        answers.push(workspace.references(name, line, column));
      }
    }
  }
  return JSON.stringify(answers);
}

const scrap = fc.constantFrom(
  '\n',
  ' ',
  '!',
  '\0',
  '\u001b[31m',
  '\uFEFF',
  '\uD800',
  '^C',
  'no ',
  '__proto__',
  '999',
  '\r',
);

/** Beginnings of files, each for another reader, and what they could be made long with. */
const BEGINNINGS = {
  'a script of iptables': '#!/bin/sh\niptables -A FORWARD -j DROP\nip route add default via 192.0.2.1\n',
  'a script of nft': '#!/bin/sh\nnft add rule ip a b drop\n',
  'a dump of iptables': '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ACCEPT\n',
  'a ruleset of nftables': '#!/usr/sbin/nft -f\ntable inet f {\n chain c {\n',
  ifupdown: 'auto eth0\niface eth0 inet static\n address 10.0.0.1/24\n',
  'Cisco IOS': 'hostname a\nip access-list extended X\n permit ip any any\n',
};
const PIECES = ['IP', 'nft', '$IP', 'NAME=a$IP', '-t  ', 'ip -4 ', '\n', '\r', '(', '<<E\n', '{ ', '"', '\\\n'];

/** In time that is the square of its length, one of these takes minutes. */
describe('one piece again and again', () => {
  for (const [name, beginning] of Object.entries(BEGINNINGS)) {
    it(`has an answer: ${name}`, () => {
      for (const piece of PIECES) {
        const workspace = new Workspace();
        const long = piece.repeat(300_000 / piece.length);
        for (const text of [`${beginning}${long}\n`, `${beginning}$${long}\n`]) {
          workspace.setFile('gw/file', text);
          assert.ok(Array.isArray(workspace.findings()), JSON.stringify(piece));
          assert.ok(Array.isArray(workspace.symbols('gw/file')), JSON.stringify(piece));
        }
      }
    });
  }
});

/** What asks about a VLAN times the VLANs is more than there is time and room for. */
describe('a switch with maps and lists on ports beyond all measure', () => {
  const many = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at + 1));
  const port = (at: number) =>
    `interface GigabitEthernet${Math.floor(at / 99)}/0/${at % 99}
 switchport mode trunk\n switchport trunk allowed vlan ${at % 4000}-4094\n ip access-group X in\n`;
  const filter = (at: number) => `vlan filter M${at % 7} vlan-list ${at % 4094}-4094\n`;
  const vlan = (at: number) => `interface Vlan${at}\n ip address 10.${at >> 8}.${at & 255}.1 255.255.255.0\n`;
  const ENTRIES = many(1000, (at) => `vlan access-map M1 ${at}\n match ip address X\n action drop\n`);
  const SWITCHES = {
    'ports and VLANs': [...many(3000, port), ...many(4094, vlan)],
    'filters of one map': [...many(9000, filter), ...ENTRIES],
    'as many as are told apart': [...many(70, port), ...many(70, filter), ...ENTRIES],
    'private VLANs': ['vlan 1-4094\n private-vlan isolated\n', ...many(1900, filter), ...many(90, port)],
  };
  for (const [name, lines] of Object.entries(SWITCHES)) {
    it(`may stop packets, and is no proof: ${name}`, () => {
      const workspace = new Workspace();
      workspace.setSite('advisory-lens.json', '{"segments":[{"name":"monitors","subnets":["172.16.0.0/24"]}]}');
      workspace.setFile(
        'core.cfg',
        `hostname core\ninterface Vlan210\n ip address 172.16.0.1 255.255.255.0\ninterface Gi0/1
 ip address 192.0.2.2 255.255.255.252\nip route 0.0.0.0 0.0.0.0 192.0.2.1\n`,
      );
      const list = 'ip access-list extended X\n permit ip any any\n';
      workspace.setFile('access.cfg', `hostname access\nno ip routing\n${list}${lines.join('')}`);
      const words = workspace.report().verdicts.map(({ verdict }) => verdict);
      assert.equal(words[0], 'possible');
    });
  }
});

describe('the whole way from a text to its answers', () => {
  it('throws at no truncation and no mutation', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), scrap), { maxLength: 8 }),
        (file, cut, changes) => {
          let text = file.text.slice(0, Math.ceil(file.text.length * (cut < 0.3 ? 1 : cut)));
          for (const [place, removed, added] of changes) {
            const at = Math.floor(place * text.length);
            text = text.slice(0, at) + added + text.slice(at + removed);
          }
          askEverything([...FILES.filter((one) => one !== file), { name: file.name, text }], SITE);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('throws at no mutation of the site file, and judges nothing that it does not understand', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), scrap, (place, removed, added) => {
        const at = Math.floor(place * SITE.length);
        const site = SITE.slice(0, at) + added + SITE.slice(at + removed);
        const workspace = new Workspace();
        workspace.setSite('advisory-lens.json', site);
        for (const { name, text } of FILES) workspace.setFile(name, text);
        const report = workspace.report();
        if (workspace.siteProblems().length > 0) assert.deepEqual([report.verdicts, report.findings], [[], []]);
      }),
      { numRuns: 60 },
    );
  });

  it('lets no secret of a configuration out', () => {
    const canary = 'Canary7Secret';
    const lines = [
      `enable secret 5 ${canary}`,
      `enable password ${canary}`,
      `username admin privilege 15 secret 9 ${canary}`,
      `snmp-server community ${canary} RO 10`,
      `tacacs-server key 7 ${canary}`,
      `radius-server host 10.1.1.1 key ${canary}`,
      `crypto isakmp key ${canary} address 0.0.0.0`,
      `ntp authentication-key 1 md5 ${canary} 7`,
      `key chain K\n key 1\n  key-string ${canary}`,
      `line vty 0 4\n password 7 ${canary}`,
      `interface Tunnel9\n tunnel key 7\n ip ospf message-digest-key 1 md5 ${canary}\n standby 1 authentication md5 key-string ${canary}`,
      `router bgp 65000\n neighbor 10.1.1.1 password ${canary}`,
    ];
    const text = `${lines.join('\n!\n')}\n!\n${read('core1.cfg')}`;
    const answers = askEverything([{ name: 'core1.cfg', text }], SITE);
    assert.ok(answers.includes('target-reachable'), 'the file was judged');
    assert.ok(!answers.includes(canary));
  });
});
