/** Advisories of a site's own, in both directions. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Workspace } from '../../server/src/core/workspace.js';

const CONFIG = `hostname r1
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.252
 ip access-group OUTSIDE-IN in
interface Vlan210
 ip address 10.20.10.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 192.0.2.1
ip access-list extended OUTSIDE-IN
 permit tcp host 198.51.100.7 any eq 8443
 permit tcp host 198.51.100.8 any eq 22
 deny ip any any
`;

function judged(flow: object): Workspace {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', '{"segments":[{"name":"a","vlans":[210]}],"advisories":["own.json"]}');
  workspace.setAdvisoryFile('own.json', JSON.stringify({ id: 'OWN-1', flows: [{ name: 'one', ...flow }] }));
  workspace.setFile('r1.cfg', CONFIG);
  return workspace;
}

const words = (workspace: Workspace) =>
  workspace
    .report()
    .verdicts.map(({ direction, interface: iface, verdict }) => `${direction ?? ''} ${iface} ${verdict}`);

describe('an advisory about packets to the segment', () => {
  it('asks at the interfaces that lead outside', () => {
    assert.deepEqual(words(judged({ direction: 'to-segment' })), ['to-segment GigabitEthernet0/0 reachable']);
  });

  it('asks of its ports alone', () => {
    const of = (port: number) => words(judged({ direction: 'to-segment', protocol: 'tcp', ports: [port] }));
    assert.deepEqual(of(8443), ['to-segment GigabitEthernet0/0 reachable']);
    assert.deepEqual(of(80), ['to-segment GigabitEthernet0/0 blocked']);
  });

  it('says whether those that it names get in', () => {
    const messageFor = (source: string) =>
      judged({ direction: 'to-segment', sources: [source] })
        .findings()
        .map(({ message }) => message)[0] ?? '';
    assert.match(messageFor('198.51.100.7'), /198\.51\.100\.7\/32 of OWN-1 among them/);
    assert.match(messageFor('198.51.100.9'), /though none from 198\.51\.100\.9\/32/);
  });

  it('has no destinations, and the other way round', () => {
    for (const flow of [
      { direction: 'to-segment', destinations: ['198.51.100.0/24'] },
      { destinations: ['198.51.100.0/24'], sources: ['198.51.100.0/24'] },
      { direction: 'to-segment', sources: ['198.51.100.0/24'], hosts: ['203.0.113.1'] },
      { direction: 'sideways', destinations: ['198.51.100.0/24'] },
    ]) {
      const workspace = judged(flow);
      assert.equal(workspace.siteProblems().length, 1, JSON.stringify(flow));
      assert.deepEqual(workspace.findings(), []);
    }
  });
});
