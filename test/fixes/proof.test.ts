/**
 * Every fix that is offered for a random configuration does what its proof says, held against the
 * concrete evaluator, which has no part in the proof: packets of the segment to the destinations are
 * stopped, and every other packet has the fate that it had.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Fix, PacketInput } from '../../server/src/core/report.js';
import { Workspace } from '../../server/src/core/workspace.js';

const SITE = '{"segments": [{"name": "monitors", "vlans": [210]}]}';
const CONFIGURATIONS = 300;

const source = fc.constantFrom(
  'any',
  'host 10.20.10.5',
  'host 10.20.10.6',
  '10.20.10.0 0.0.0.255',
  '10.20.10.128 0.0.0.127',
  '10.20.10.0 0.0.0.254',
  '10.20.0.0 0.0.255.255',
);
const destination = fc.constantFrom(
  'any',
  'any',
  '202.114.4.0 0.0.0.255',
  '202.114.4.0 255.255.255.0',
  'host 202.114.4.119',
  'host 202.114.4.120',
  '202.114.4.0 0.0.0.127',
  '202.114.0.0 0.0.255.255',
  'host 198.51.100.7',
);
const port = fc.constantFrom('', '', ' eq 515', ' range 511 520', ' neq 80', ' gt 1023', ' eq www 443');
const entry = fc
  .record({
    action: fc.constantFrom('permit', 'permit', 'deny'),
    protocol: fc.constantFrom('ip', 'ip', 'tcp', 'udp', 'icmp'),
    source,
    destination,
    port,
    option: fc.constantFrom('', '', '', '', ' log', ' established', ' time-range NIGHT'),
  })
  .map((one) => {
    const hasPorts = one.protocol === 'tcp' || one.protocol === 'udp';
    const option = one.option === ' established' && one.protocol !== 'tcp' ? '' : one.option;
    return `${one.action} ${one.protocol} ${one.source} ${one.destination}${hasPorts ? one.port : ''}${option}`;
  });

interface List {
  readonly entries: readonly string[];
  readonly style: 'named' | 'sequenced' | 'numbered';
  readonly remarks: boolean;
}

/** Lists as sites write them, with the two mistakes that random entries seldom make together. */
const mistaken = fc.constantFrom(
  ['deny ip any 202.114.4.0 255.255.255.0', 'permit ip any any'],
  ['permit ip 10.20.10.0 0.0.0.255 any', 'deny ip any 202.114.4.0 0.0.0.255'],
);
const list: fc.Arbitrary<List> = fc.record({
  entries: fc.oneof(
    { weight: 5, arbitrary: fc.uniqueArray(entry, { minLength: 1, maxLength: 7 }) },
    { weight: 1, arbitrary: mistaken },
  ),
  style: fc.constantFrom('named', 'sequenced', 'numbered'),
  remarks: fc.boolean(),
});

function writeList(name: string, number: number, { entries, style, remarks }: List): { name: string; lines: string[] } {
  const remark = remarks ? ['remark what it is for'] : [];
  if (style === 'numbered') {
    return { name: String(number), lines: [...remark, ...entries].map((one) => `access-list ${number} ${one}`) };
  }
  const lines = entries.map((one, at) => (style === 'sequenced' ? ` ${(at + 1) * 10} ${one}` : ` ${one}`));
  return { name, lines: [`ip access-list extended ${name}`, ...remark.map((one) => ` ${one}`), ...lines] };
}

const configuration = fc
  .record({
    inward: fc.option(list),
    outward: fc.option(list, { freq: 3 }),
    defaultRoute: fc.constantFrom('', 'ip route 0.0.0.0 0.0.0.0 192.0.2.1', 'ip route 0.0.0.0 0.0.0.0 192.0.2.1'),
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
  })
  .map(({ inward, outward, defaultRoute, lineEnd }) => {
    const into = inward === null ? undefined : writeList('MONITORS-IN', 110, inward);
    const out = outward === null ? undefined : writeList('WAN-OUT', 120, outward);
    return [
      'hostname r1',
      '!',
      'interface Vlan210',
      ' ip address 10.20.10.1 255.255.255.0',
      ...(into === undefined ? [] : [` ip access-group ${into.name} in`]),
      '!',
      'interface GigabitEthernet0/0',
      ' ip address 192.0.2.2 255.255.255.252',
      ...(out === undefined ? [] : [` ip access-group ${out.name} out`]),
      '!',
      defaultRoute,
      '!',
      ...(into?.lines ?? []),
      '!',
      ...(out?.lines ?? []),
      '!',
      'end',
      '',
    ].join(lineEnd);
  });

const packet: fc.Arbitrary<PacketInput> = fc
  .record({
    protocol: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp', 'gre'),
    source: fc.constantFrom('10.20.10.5', '10.20.10.6', '10.20.10.7', '10.20.10.200'),
    destination: fc.constantFrom(
      '202.114.4.1',
      '202.114.4.119',
      '202.114.4.120',
      '202.114.5.1',
      '198.51.100.7',
      '8.8.8.8',
    ),
    sourcePort: fc.constantFrom(80, 1023, 40_000),
    destinationPort: fc.constantFrom(80, 443, 511, 515, 521, 1024),
    state: fc.constantFrom('new' as const, 'established' as const),
  })
  .map(({ sourcePort, destinationPort, ...rest }) =>
    rest.protocol === 'tcp' || rest.protocol === 'udp' ? { ...rest, sourcePort, destinationPort } : rest,
  );

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', SITE);
  workspace.setFile('r1.cfg', text);
  return workspace;
}

/** The text with a fix applied, by lines and columns as an editor would. */
function applied(text: string, fix: Fix): string {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const offset = (line: number, column: number) => (starts[line - 1] as number) + column - 1;
  return fix.edits
    .map((edit) => ({
      start: offset(edit.startLine, edit.startColumn),
      end: offset(edit.endLine, edit.endColumn),
      newText: edit.newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end), text);
}

const isTarget = (one: PacketInput) => one.destination.startsWith('202.114.4.');
/** What a mask in a wildcard's place denied by mistake, and may release: addresses that end in 0. */
const mayBeReleased = (fix: Fix, one: PacketInput) => fix.id === 'correct-mask' && one.destination.endsWith('.0');

describe('a fix', () => {
  it('stops what it is for, and changes nothing else', () => {
    const offered = new Map<string, number>();
    fc.assert(
      fc.property(configuration, fc.array(packet, { minLength: 30, maxLength: 30 }), (text, packets) => {
        const before = workspaceOf(text);
        for (const finding of before.findings()) {
          for (const fix of before.fixesOf(finding)) {
            offered.set(fix.id, (offered.get(fix.id) ?? 0) + 1);
            const fixed = applied(text, fix);
            const after = workspaceOf(fixed);
            for (const one of packets) {
              const is = after.trace('monitors', one);
              const was = before.trace('monitors', one);
              const told = `${fix.id}: ${JSON.stringify(one)}\n${fixed}`;
              const fates = is.alternatives ?? [is.disposition];
              if (isTarget(one) && one.state === 'new') {
                assert.ok(!fates.includes('leaves') && !fates.includes('delivered'), told);
              } else if (!isTarget(one) && !mayBeReleased(fix, one)) {
                assert.deepEqual(fates, was.alternatives ?? [was.disposition], told);
              }
            }
            assert.equal(fixed.includes('\r\n'), text.includes('\r\n'), 'the line ends stay');
            assert.equal(/[^\r]\n/.test(fixed), /[^\r]\n/.test(text), 'the line ends stay');
          }
        }
      }),
      { numRuns: CONFIGURATIONS },
    );
    for (const id of ['block-in-filter', 'apply-filter', 'null-route', 'move-block-up', 'correct-mask']) {
      assert.ok((offered.get(id) ?? 0) > 0, `${id} was offered at least once: ${JSON.stringify([...offered])}`);
    }
  });
});
