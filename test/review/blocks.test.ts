import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Workspace } from '../../server/src/core/workspace.js';

const CORE = `hostname core
interface Vlan210
 ip address 10.20.10.1 255.255.255.0
interface Vlan900
 ip address 10.0.0.1 255.255.255.0
ip route 202.114.4.0 255.255.255.128 10.0.0.2
ip route 202.114.4.128 255.255.255.128 10.0.0.3
`;

/** Edges whose denies stand at the same place of lists of the same name. */
function edge(name: string, host: number, denied: string): string {
  return `hostname ${name}
interface Inside
 ip address 10.0.0.${host} 255.255.255.0
 ip access-group BLOCK in
interface Outside
 ip address 192.0.2.${host} 255.255.255.0
ip route 0.0.0.0 0.0.0.0 192.0.2.1
ip access-list extended BLOCK
 deny ip any ${denied} 0.0.0.127
 permit ip any any
`;
}

function blockedBy(...files: readonly (readonly [string, string])[]): string[] {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', '{ "segments": [{ "name": "monitors", "vlans": [210] }] }');
  workspace.setFile('core.cfg', CORE);
  for (const [path, text] of files) workspace.setFile(path, text);
  const [verdict] = workspace.report().verdicts.filter(({ direction }) => direction === undefined);
  return (verdict?.blockedBy ?? []).map(({ device, name, line }) => `${device} ${name} ${line}`);
}

describe('the places that stop packets', () => {
  it('are two where two devices do, though their lists are alike', () => {
    const blocks = blockedBy(['a.cfg', edge('edgeA', 2, '202.114.4.0')], ['b.cfg', edge('edgeB', 3, '202.114.4.128')]);
    assert.deepEqual(blocks.sort(), ['edgeA BLOCK 9', 'edgeB BLOCK 9']);
  });

  it('are two where both would stop all, and each stops what comes to it', () => {
    const all = (name: string, host: number) => edge(name, host, '202.114.4.0').replace('0.0.0.127', '0.0.0.255');
    assert.deepEqual(blockedBy(['a.cfg', all('edgeA', 2)], ['b.cfg', all('edgeB', 3)]).sort(), [
      'edgeA BLOCK 9',
      'edgeB BLOCK 9',
    ]);
  });

  it('are one where one does', () => {
    const core = CORE.replace(/ 10\.0\.0\.3$/m, ' 10.0.0.2');
    assert.deepEqual(blockedBy(['core.cfg', core], ['a.cfg', edge('edgeA', 2, '202.114.4.0')]), ['edgeA BLOCK 9']);
  });

  it('are those on each of several equal-cost ways, though each would do', () => {
    const core = CORE.replace(/^ip route .*$/gm, '').concat(
      'ip route 202.114.4.0 255.255.255.0 10.0.0.2\nip route 202.114.4.0 255.255.255.0 10.0.0.3\n',
    );
    const all = (name: string, host: number) => edge(name, host, '202.114.4.0').replace('0.0.0.127', '0.0.0.255');
    assert.deepEqual(blockedBy(['core.cfg', core], ['a.cfg', all('edgeA', 2)], ['b.cfg', all('edgeB', 3)]), [
      'edgeA BLOCK 9',
      'edgeB BLOCK 9',
    ]);
  });

  it('are told apart by what routes a packet: its port, its source', () => {
    const core = `${CORE.replace(/^ip route .*$/gm, '')}ip route 202.114.4.0 255.255.255.0 Null0
ip access-list extended PRINT
 permit tcp any any eq 515
ip access-list extended LOW
 permit ip 10.20.10.0 0.0.0.127 any
route-map AWAY permit 10
 match ip address PRINT
 set interface Null0
route-map AWAY permit 20
 match ip address LOW
 set interface Null0
interface Vlan210
 ip policy route-map AWAY
`;
    const lines = core.split('\n');
    assert.deepEqual(blockedBy(['core.cfg', core]), [
      `core set interface Null0 ${lines.indexOf('route-map AWAY permit 10') + 3}`,
      `core set interface Null0 ${lines.indexOf('route-map AWAY permit 20') + 3}`,
      `core 202.114.4.0/24 to nowhere ${lines.indexOf('ip route 202.114.4.0 255.255.255.0 Null0') + 1}`,
    ]);
  });

  it('are all entries of a list that deny some, in order, and none that others stand before', () => {
    const core = `${CORE}ip access-list extended MONITORS
 deny tcp any 202.114.4.0 0.0.0.255 eq 515
 deny tcp any 202.114.4.0 0.0.0.255
 deny tcp any host 202.114.4.119
 permit ip any 192.0.2.0 0.0.0.255
 deny ip any any
interface Vlan210
 ip access-group MONITORS in
`;
    const line = core.split('\n').indexOf('ip access-list extended MONITORS') + 1;
    assert.deepEqual(
      blockedBy(['core.cfg', core]),
      [1, 2, 5].map((at) => `core MONITORS ${line + at}`),
    );
  });

  it('come last where they may not stop what comes there', () => {
    const core = `${CORE.replace(/^ip route .*$/gm, '')}ip route 202.114.4.0 255.255.255.0 Null0
ip access-list extended MONITORS
 deny tcp any any time-range WORK
 permit ip any any
interface Vlan210
 ip access-group MONITORS in
`;
    const lines = core.split('\n');
    assert.deepEqual(blockedBy(['core.cfg', core]), [
      `core 202.114.4.0/24 to nowhere ${lines.indexOf('ip route 202.114.4.0 255.255.255.0 Null0') + 1}`,
      `core MONITORS ${lines.indexOf(' deny tcp any any time-range WORK') + 1}`,
    ]);
  });

  it('are the list as a whole where it has more entries than can be asked', () => {
    const permits = (count: number) => Array.from({ length: count }, (_, at) => ` permit udp any any eq ${at + 1}\n`);
    const blocks = (count: number) => {
      const core = `${CORE}ip access-list extended MONITORS
 deny tcp any any time-range WORK
 permit ip any any
ip access-list extended OUT
${permits(count).join('')} deny ip any any
interface Vlan210
 ip access-group MONITORS in
interface Vlan900
 ip access-group OUT out
`;
      const lines = core.split('\n');
      return blockedBy(['core.cfg', core]).map((place) => lines[Number(place.split(' ').at(-1)) - 1]);
    };
    const doubted = ' deny tcp any any time-range WORK';
    assert.deepEqual(blocks(10), [' deny ip any any', doubted]);
    assert.deepEqual(blocks(25_000), [' ip access-group OUT out', doubted]);
  });
});
