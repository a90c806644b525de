import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Workspace } from '../../server/src/core/workspace.js';

const TEXT = `hostname core1
vlan 210
 name PATIENT-MONITORS
!
vlan 220-221,230
!
vlan 220
 name PUMPS
!
interface Vlan230
 description guests
 ip address 10.20.30.1 255.255.255.0
interface GigabitEthernet0/1
 switchport access vlan 230
!
`;

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace();
  workspace.setFile('core1.cfg', text);
  return workspace;
}

describe('VLANs of a file', () => {
  it('stand in the outline, with their names', () => {
    const vlans = workspaceOf(TEXT)
      .symbols('core1.cfg')
      .filter(({ kind }) => kind === 'vlan');
    assert.deepEqual(
      vlans.map(({ name, detail, nameRange }) => `${name} ${detail} ${nameRange.line}:${nameRange.column}`),
      ['210 VLAN PATIENT-MONITORS 2:6', '220 VLAN PUMPS 5:6', '221 VLAN 5:6', '230 VLAN 5:14', '220 VLAN PUMPS 7:6'],
    );
  });

  const places: readonly (readonly [string, number, number, unknown])[] = [
    ['on its line', 2, 1, { vlan: 210, name: 'PATIENT-MONITORS' }],
    ['on its number', 2, 7, { vlan: 210, name: 'PATIENT-MONITORS' }],
    ['on a line of its block', 3, 4, { vlan: 210, name: 'PATIENT-MONITORS' }],
    ['on a list, which could be any', 5, 1, undefined],
    ['on a range of a list', 5, 8, undefined],
    ['on a number of a list', 5, 15, { vlan: 230 }],
    ['on a block that comes again', 8, 3, { vlan: 220, name: 'PUMPS' }],
    ['in its interface', 11, 2, { vlan: 230, name: 'guests' }],
    ['in an interface without one', 13, 3, undefined],
    ['on a line of the device', 1, 3, undefined],
  ];
  for (const [name, line, column, expected] of places) {
    it(`are told ${name}`, () => assert.deepEqual(workspaceOf(TEXT).vlanAt('core1.cfg', line, column), expected));
  }
});
