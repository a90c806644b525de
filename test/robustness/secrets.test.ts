/** Wherever a line with a secret stands, and however it is taken, no answer quotes the secret. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatJson } from '../../server/src/cli/formats/json.js';
import { formatPretty } from '../../server/src/cli/formats/pretty/index.js';
import { Workspace } from '../../server/src/core/workspace.js';

const CANARY = 'Canary7Secret';
const SECRETS = [
  'password 7 #',
  'no-such-command password #',
  'snmp-server community # RO',
  'remark password is #',
  'description password #',
  'key #',
  'bridge-group 1 password #',
  'ip nat inside source static tcp 10.1.1.1 1 10.2.2.2 2 password #',
  'ip verify unicast password #',
  'ip inspect password # in',
  'service-policy password # in',
  'ip route 0.0.0.0 0.0.0.0 198.51.100.9 name password #',
  'ip policy route-map password #',
  'ip route 202.114.4.0 255.255.255.0 password #',
  '10 permit ip any any password #',
  'permit tcp any any secret #',
  'standby 1 authentication #',
  'tacacs-server host 10.1.1.1 key #',
  'enable secret 5 #',
].map((line) => line.replace('#', CANARY));

const PLACES = ['first', 'ingress', 'exit', 'list', 'last', 'process', 'banner'] as const;
type Place = (typeof PLACES)[number];

function configuration(place: Place, secrets: readonly string[]): string {
  const at = (here: Place, indent = ''): string[] => (here === place ? secrets.map((line) => indent + line) : []);
  return [
    'hostname core1',
    ...at('first'),
    'banner motd ^',
    ...at('banner'),
    '^',
    'interface Vlan210',
    ' description patient monitors',
    ' ip address 10.20.10.1 255.255.255.0',
    ' ip access-group IN in',
    ...at('ingress', ' '),
    'interface GigabitEthernet0/0',
    ' ip address 198.51.100.2 255.255.255.252',
    ...at('exit', ' '),
    'ip access-list extended IN',
    ...at('list', ' '),
    ' permit ip any any',
    'ip route 0.0.0.0 0.0.0.0 198.51.100.1',
    ...at('last'),
    'router ospf 1',
    ...at('process', ' '),
    'end',
    '',
  ].join('\n');
}

/** Everything that the program says of a file: what goes into an editor, a terminal, a report. */
function everythingSaid(text: string): string {
  const file = 'core1.cfg';
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', '{"segments": [{"name": "monitors", "vlans": [210]}]}');
  workspace.setFile(file, text);
  const report = workspace.report();
  assert.notDeepEqual(report.verdicts, [], 'the file was judged');
  // The edits of a fix hold what the file holds, to be written there; their titles hold names alone.
  const titles = report.findings.flatMap(({ fixes }) => fixes.map(({ title }) => title));
  const said: unknown[] = [titles, workspace.symbols(file)];
  said.push({ ...report, findings: report.findings.map((finding) => ({ ...finding, fixes: [] })) });
  said.push(formatJson(report, []));
  said.push(
    formatPretty(report, {
      sourceOf: () => workspace.source(file),
      colour: false,
      width: 160,
      notAnalysed: { files: 0, binaries: 0 },
    }),
  );
  const packet = { protocol: 'tcp', source: '10.20.10.5', destination: '202.114.4.119', destinationPort: 515 } as const;
  said.push(workspace.trace('core1:Vlan210', packet));
  for (let line = 1; line <= text.split('\n').length; line += 1) {
    for (const column of [1, 3, 12])
      said.push(workspace.hover(file, line, column), workspace.vlanAt(file, line, column));
  }
  return JSON.stringify(said);
}

describe('no secret is said', () => {
  for (const place of PLACES) {
    it(`of lines at the place "${place}"`, () => {
      for (const secrets of [SECRETS, ...SECRETS.map((line) => [line])]) {
        const said = everythingSaid(configuration(place, secrets));
        const at = said.indexOf(CANARY);
        assert.equal(
          at,
          -1,
          `${secrets.length === 1 ? secrets : 'all'}: ${said.slice(Math.max(0, at - 120), at + 40)}`,
        );
      }
    });
  }

  it('as a name for the VLAN that it describes', () => {
    const workspace = new Workspace();
    const text = configuration('first', []);
    const line = text.split('\n').indexOf('interface Vlan210') + 1;
    const named = (description: string) => {
      workspace.setFile('core1.cfg', text.replace('patient monitors', description));
      return workspace.vlanAt('core1.cfg', line, 3);
    };
    assert.deepEqual(named('monitors'), { vlan: 210, name: 'monitors' });
    assert.deepEqual(named(`monitors, psk ${CANARY}`), { vlan: 210 });
  });
});

describe('a name in a hover', () => {
  it('is no Markdown: a picture would be fetched from wherever it is', () => {
    const name = 'x`![](https://192.0.2.1/p.png)`y';
    const text = configuration('first', []).replaceAll(' IN', ` ${name}`);
    const workspace = new Workspace();
    workspace.setFile('core1.cfg', text);
    const line = text.split('\n').indexOf(' permit ip any any') + 1;
    const markdown = workspace.hover('core1.cfg', line, 3)?.markdown ?? '';
    assert.ok(markdown.includes('192.0.2.1'), 'the list is named');
    assert.equal(markdown.split('`').length, 3, markdown);
    const site = JSON.stringify({ segments: [{ name: '![](https://192.0.2.1/q.png)', vlans: [210] }] });
    workspace.setSite('advisory-lens.json', site);
    const ofSegment =
      workspace.hover('core1.cfg', text.split('\n').indexOf('interface Vlan210') + 1, 3)?.markdown ?? '';
    assert.ok(ofSegment.includes('192.0.2.1'), 'the segment is named');
    assert.ok(!ofSegment.includes('!['), ofSegment);
  });
});
