/**
 * A workspace keeps what an edit does not touch. Whatever is typed into whichever device, it must say what
 * a workspace says that sees the files for the first time.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../server/src/core/report.js';
import { Workspace } from '../../server/src/core/workspace.js';

/** The lines of one device; those that are lists are alternatives, the first of which may be none. */
type Lines = readonly (string | readonly string[])[];

const DEVICES: Readonly<Record<string, Lines>> = {
  core1: [
    'hostname core1',
    'interface Vlan210',
    ' ip address 10.20.10.2 255.255.255.0',
    ['', ' standby 1 ip 10.20.10.1'],
    ['', ' ip access-group MON in'],
    [' ip access-group TO-MON out', ''],
    ['', ' shutdown'],
    'interface GigabitEthernet0/1',
    [' ip address 10.99.1.2 255.255.255.252', ' ip address 10.99.1.2 255.255.255.0'],
    'interface GigabitEthernet0/2',
    ' ip address 10.99.2.2 255.255.255.252',
    ['', 'interface Vlan320\n ip address 202.114.4.113 255.255.255.248'],
    ['ip route 0.0.0.0 0.0.0.0 10.99.1.1', 'ip route 0.0.0.0 0.0.0.0 10.99.1.1\nip route 0.0.0.0 0.0.0.0 10.99.2.1'],
    'ip access-list extended MON',
    ['', ' deny ip any host 202.114.4.119', ' deny ip any 202.114.4.0 0.0.0.255'],
    ' permit ip any any',
    'ip access-list extended TO-MON',
    [' permit ip any any', ' deny ip any any', ' permit tcp any any eq 515'],
  ],
  core2: [
    'hostname core2',
    'interface Vlan210',
    ' ip address 10.20.10.3 255.255.255.0',
    ['', ' ip access-group MON in'],
    'interface GigabitEthernet0/1',
    ' ip address 10.99.3.2 255.255.255.252',
    ['ip route 0.0.0.0 0.0.0.0 10.99.3.1', 'ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/1', ''],
    'ip access-list extended MON',
    ['', ' deny ip any 202.114.4.0 0.0.0.255'],
    ' permit ip any any',
  ],
  edge1: [
    'hostname edge1',
    'interface GigabitEthernet0/0',
    ' ip address 192.0.2.2 255.255.255.252',
    ['', ' ip access-group OUTSIDE in'],
    'interface GigabitEthernet0/1',
    [' ip address 10.99.1.1 255.255.255.252', ' ip address 10.99.1.3 255.255.255.248\n standby 1 ip 10.99.1.1'],
    'interface GigabitEthernet0/2',
    ' ip address 10.99.3.1 255.255.255.0',
    ['', 'ip route 0.0.0.0 0.0.0.0 192.0.2.1'],
    ['', 'ip route 10.20.0.0 255.255.0.0 10.99.1.2', 'ip route 10.20.0.0 255.255.0.0 10.99.3.2'],
    'ip access-list extended OUTSIDE',
    ['', ' permit udp any eq domain any'],
    [' deny ip any any', ' permit ip 10.0.0.0 0.255.255.255 any'],
  ],
  edge2: [
    'hostname edge2',
    'interface GigabitEthernet0/0',
    ' ip address 192.0.2.6 255.255.255.252',
    'interface GigabitEthernet0/1',
    ' ip address 10.99.2.1 255.255.255.252',
    ['ip route 0.0.0.0 0.0.0.0 192.0.2.5', 'ip route 202.114.4.0 255.255.255.0 Null0', 'router ospf 1'],
    ['', 'ip route 10.20.0.0 255.255.0.0 10.99.2.2'],
  ],
  access: [
    'hostname access',
    'interface Vlan99',
    ['', ' ip address 10.99.1.2 255.255.255.252', ' ip address 10.20.10.9 255.255.255.0'],
    'ip default-gateway 10.20.10.1',
    'interface GigabitEthernet0/5',
    ' switchport mode access',
    [' switchport access vlan 210', ' switchport access vlan 211'],
    ['', ' ip access-group PORT in'],
    'ip access-list extended PORT',
    ['', ' deny ip any 202.114.4.0 0.0.0.127'],
    ' permit ip any any',
    'ip access-list extended MAPPED',
    ['', ' permit ip any host 202.114.4.119', ' permit ip any 202.114.4.0 0.0.0.255'],
    'vlan access-map MONITORS 10',
    ' match ip address MAPPED',
    [' action drop', ' action forward'],
    ['', 'vlan filter MONITORS vlan-list 210', 'vlan filter MONITORS vlan-list all'],
  ],
  wire: [
    'hostname wire',
    'interface GigabitEthernet1/1',
    ['', ' ip access-group THROUGH in'],
    'interface GigabitEthernet1/2',
    ['', ' shutdown'],
    'ip access-list extended THROUGH',
    ['', ' deny ip any 202.114.4.0 0.0.0.127'],
    ' permit ip any any',
  ],
};

const SITE = JSON.stringify({
  segments: [
    { name: 'monitors', vlans: [210] },
    { name: 'elsewhere', subnets: ['10.20.77.0/24'] },
  ],
  links: [['core2:Gi0/1', 'edge1:Gi0/2']],
  inline: [{ device: 'wire', between: ['core1:Gi0/1', 'edge1:Gi0/1'], interfaces: ['Gi1/1', 'Gi1/2'] }],
  enforceAt: ['edge1'],
});

const NAMES = Object.keys(DEVICES);

const chosen = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      fc.tuple(...(DEVICES[name] ?? []).map((line) => fc.nat({ max: typeof line === 'string' ? 0 : line.length - 1 }))),
    ]),
  ),
) as fc.Arbitrary<Record<string, number[]>>;

/** One device gets another text, or other lists and routes alone, or its file comes or goes. */
const edit = fc.tuple(
  fc.constantFrom(...NAMES),
  chosen,
  fc.constantFrom('write', 'write lists', 'write lists', 'come or go'),
);
/** Which files are there at first. */
const there = fc.subarray(NAMES, { minLength: 1 });

/** A choice with the lists and routes of another one: the addresses, and so the neighbours, stay as they are. */
function withListsOf(name: string, choice: readonly number[], other: readonly number[]): number[] {
  return (DEVICES[name] ?? []).map((line, at) => {
    const isOfList =
      typeof line !== 'string' && line.every((one) => /^(?: ?(?:permit|deny)|ip route|router|$)/.test(one));
    return (isOfList ? other : choice)[at] ?? 0;
  });
}

function textOf(name: string, choice: readonly number[]): string {
  const lines = (DEVICES[name] ?? []).map((line, at) => (typeof line === 'string' ? line : line[choice[at] ?? 0]));
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

describe('a workspace after edits', () => {
  it('says what it says at first sight', () => {
    let findings = 0;
    fc.assert(
      fc.property(chosen, there, fc.array(edit, { minLength: 1, maxLength: 5 }), (first, names, edits) => {
        const workspace = new Workspace();
        workspace.setSite('advisory-lens.json', SITE);
        const texts = new Map(names.map((name) => [`${name}.cfg`, textOf(name, first[name] ?? [])]));
        const choices = { ...first };
        for (const [path, text] of texts) workspace.setFile(path, text);
        workspace.findings();
        let last: Workspace | undefined;
        for (const [name, choice, what] of edits) {
          const path = `${name}.cfg`;
          if (what === 'come or go' && texts.delete(path)) {
            workspace.removeFile(path);
          } else {
            const now = choice[name] ?? [];
            choices[name] = what === 'write lists' ? withListsOf(name, choices[name] ?? [], now) : now;
            texts.set(path, textOf(name, choices[name]));
            workspace.setFile(path, texts.get(path) ?? '');
          }
          const fresh = new Workspace();
          fresh.setSite('advisory-lens.json', SITE);
          // In the order in which the workspace has them: devices of one name are told by their order.
          for (const [other, text] of texts) fresh.setFile(other, text);
          assert.deepEqual(workspace.findings(), fresh.findings());
          assert.ok(workspace.replay().every(({ replays }) => replays));
          findings += workspace.findings().length;
          last = fresh;
        }
        assert.deepEqual(workspace.report(), last?.report());
      }),
      { numRuns: 100 },
    );
    assert.ok(findings > 0);
  });

  it('follows an edit in one device with the findings in another', () => {
    const core = 'hostname core\ninterface Vlan210\n ip address 10.20.10.1 255.255.255.0\n ip access-group MON in\n';
    const rest = `interface GigabitEthernet0/1\n ip address 10.99.1.2 255.255.255.252
ip route 0.0.0.0 0.0.0.0 10.99.1.1\nip access-list extended MON\n permit ip any any\n`;
    const edge = (route: string) => `hostname edge\ninterface GigabitEthernet0/1
 ip address 10.99.1.1 255.255.255.252\ninterface GigabitEthernet0/0\n ip address 192.0.2.2 255.255.255.252
ip route 0.0.0.0 0.0.0.0 192.0.2.1\n${route}`;
    const workspace = new Workspace();
    workspace.setSite('advisory-lens.json', '{"segments":[{"name":"monitors","vlans":[210]}]}');
    workspace.setFile('core.cfg', core + rest);
    workspace.setFile('edge.cfg', edge(''));
    const rules = () => workspace.findings().map(({ file, rule }) => `${file} ${rule}`);
    assert.deepEqual(rules(), ['core.cfg target-reachable']);
    workspace.setFile('edge.cfg', edge('ip route 202.114.4.0 255.255.255.0 Null0\n'));
    assert.deepEqual(rules(), []);
    workspace.setFile('edge.cfg', edge('ip route 10.20.0.0 255.255.0.0 10.99.1.2\n'));
    assert.deepEqual(rules(), ['core.cfg target-reachable', 'edge.cfg target-inbound']);
  });

  it('follows a script whose rules come to be the ones of another file, too', () => {
    const files = {
      'gw/interfaces': `auto eth0.210\niface eth0.210 inet static\n  address 10.20.10.1/24
auto wan0\niface wan0 inet static\n  address 192.0.2.2/24\n  gateway 192.0.2.1\n`,
      'gw/nftables.conf': `table ip fw {\n  chain forward {\n    type filter hook forward priority 0; policy drop;
    iifname "wan0" accept\n  }\n}\n`,
      'gw/rules.v4': '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -i wan0 -j ACCEPT\nCOMMIT\n',
    };
    const script = '#!/bin/sh\niptables -t mangle -A FORWARD -i wan0 -j ACCEPT\n';
    const nft = 'nft add table ip fw\nnft add rule ip fw forward accept\n';
    const read = (text: string) => {
      const workspace = new Workspace();
      workspace.setSite('advisory-lens.json', '{"segments":[{"name":"monitors","interfaces":["gw:eth0.210"]}]}');
      for (const [path, content] of Object.entries(files)) workspace.setFile(path, content);
      workspace.setFile('gw/up.sh', text);
      return workspace;
    };
    const words = (workspace: Workspace) => workspace.report().verdicts.map(({ verdict }) => verdict);
    const workspace = read(script);
    assert.deepEqual(words(workspace).slice(0, 1), ['blocked']);
    workspace.setFile('gw/up.sh', script + nft);
    assert.deepEqual(words(workspace), words(read(script + nft)));
    assert.deepEqual(words(workspace).slice(0, 1), ['possible']);
    workspace.setFile('gw/up.sh', script);
    assert.deepEqual(words(workspace), words(read(script)));
  });

  it('follows what comes from outside to a device that changed, past one that did not', () => {
    const floor = (name: string, octet: number, list: string) => `hostname ${name}\ninterface Vlan210
 ip address 10.20.${octet}.1 255.255.255.0\n ip access-group TO-MON out\ninterface GigabitEthernet0/0
 ip address 10.99.2.${octet} 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.99.2.100
ip access-list extended TO-MON\n ${list}\n`;
    const workspace = new Workspace();
    workspace.setSite('advisory-lens.json', '{"segments":[{"name":"monitors","vlans":[210]}]}');
    workspace.setFile(
      'edge.cfg',
      `hostname edge\ninterface GigabitEthernet0/0\n ip address 192.0.2.2 255.255.255.252
interface GigabitEthernet0/1\n ip address 10.99.1.1 255.255.255.0\nip route 0.0.0.0 0.0.0.0 192.0.2.1
ip route 10.20.0.0 255.255.0.0 10.99.1.2\n`,
    );
    workspace.setFile(
      'core.cfg',
      `hostname core\ninterface GigabitEthernet0/0\n ip address 10.99.1.2 255.255.255.0
interface GigabitEthernet0/1\n ip address 10.99.2.100 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.99.1.1
ip route 10.20.1.0 255.255.255.0 10.99.2.1\nip route 10.20.2.0 255.255.255.0 10.99.2.2\n`,
    );
    const inbound = (first: string, second: string) => {
      workspace.setFile('floor1.cfg', floor('floor1', 1, first));
      workspace.setFile('floor2.cfg', floor('floor2', 2, second));
      const [verdict] = workspace.report().verdicts.filter(({ direction }) => direction === 'to-segment');
      return [verdict?.verdict, ...(verdict?.exits ?? []).map(({ device }) => device)];
    };
    const [permit, deny] = ['permit ip any any', 'deny ip any any'];
    assert.deepEqual(inbound(deny, deny), ['blocked']);
    assert.deepEqual(inbound(permit, deny), ['reachable', 'floor1']);
    assert.deepEqual(inbound(deny, permit), ['reachable', 'floor2']);
    assert.deepEqual(inbound('permit tcp any any', permit), ['reachable', 'floor1', 'floor2']);
    assert.deepEqual(inbound(deny, deny), ['blocked']);
  });

  describe('keeps a finding, as the same object,', () => {
    const core = (name: string, octet: number, extra = '') => `hostname ${name}
${extra}interface Vlan210\n ip address 10.20.${octet}.1 255.255.255.0\n ip access-group MON in
interface GigabitEthernet0/1\n ip address 10.99.${octet}.2 255.255.255.252
ip route 0.0.0.0 0.0.0.0 10.99.${octet}.1\nip access-list extended MON\n permit ip any any\n`;
    const edge = (extra = '') => `hostname edge\n${extra}interface GigabitEthernet0/1
 ip address 10.99.1.1 255.255.255.252\ninterface GigabitEthernet0/0\n ip address 192.0.2.2 255.255.255.252
ip route 0.0.0.0 0.0.0.0 192.0.2.1\n`;
    const site = (level: string) =>
      `{"segments":[{"name":"monitors","vlans":[210]}],"rules":{"target-reachable":"${level}","target-inbound":"off"}}`;
    const there = () => {
      const workspace = new Workspace();
      workspace.setSite('advisory-lens.json', site('error'));
      workspace.setFile('core1.cfg', core('core1', 1));
      workspace.setFile('core2.cfg', core('core2', 2));
      workspace.setFile('edge.cfg', edge());
      const before = workspace.findings();
      assert.deepEqual(
        before.map(({ file, rule }) => `${file} ${rule}`),
        ['core1.cfg target-reachable', 'core2.cfg target-reachable'],
      );
      return { workspace, before };
    };

    it('where an edit changes nothing of it', () => {
      const { workspace, before } = there();
      workspace.setFile('core1.cfg', core('core1', 1, '!\n'));
      const after = workspace.findings();
      assert.notEqual(after[0], before[0]);
      assert.equal(after[0]?.line, (before[0]?.line ?? 0) + 1);
      assert.equal(after[1], before[1]);
      assert.deepEqual(workspace.fixesOf(after[1] as Finding).length, 2);
    });

    it('but not where a place of it moves in another file', () => {
      const { workspace, before } = there();
      workspace.setFile('edge.cfg', edge('!\n'));
      const [first] = workspace.findings();
      const lines = (finding: Finding | undefined) =>
        finding?.related.filter(({ file }) => file === 'edge.cfg').map(({ line }) => line) ?? [];
      assert.ok(lines(first).length > 0);
      assert.deepEqual(
        lines(first),
        lines(before[0]).map((line) => line + 1),
      );
    });

    it('but not where it has another level, or the segment another name', () => {
      const { workspace } = there();
      workspace.setSite('advisory-lens.json', site('info'));
      assert.deepEqual(new Set(workspace.findings().map(({ level }) => level)), new Set(['info']));
      workspace.setSite('advisory-lens.json', site('info').replace('monitors', 'beds'));
      assert.deepEqual(new Set(workspace.findings().map(({ segment }) => segment)), new Set(['beds']));
    });
  });
});
