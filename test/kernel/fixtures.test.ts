/** The pages of fixtures about Linux firewalls: what they say of packets, judged by the kernel. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { protocolNumber, TcpFlag } from '../../server/src/core/net/protocols.js';
import { type ExpectedPacket, readPacket } from '../fixtures/support/expectations.js';
import { type Fixture, readFixtures } from '../fixtures/support/suites.js';
import { whySkip } from './support/firewalls.js';
import { type Load, startJudge } from './support/judge.js';
import { describeVerdict, ip, type Packet, type Verdict } from './support/packet.js';
import { jobOf, ROUTER } from './support/router.js';

const skip = whySkip() ?? false;
const FOLDERS = ['linux-iptables', 'linux-nftables'] as const;
/** Cases of files that the tools themselves refuse, whole or in part, or on kernels that lack a module. */
const REFUSED: ReadonlySet<string> = new Set([
  'traversal.md § What no file tells may go either way',
  'matches.md § Two families in one rule, which nft refuses, hold for nothing',
  'matches.md § What cannot be told',
  'matches.md § What only the hour, the sender or a counter knows',
  'traversal.md § A table that sleeps, tables of other families, and chains at other hooks decide nothing',
  'traversal.md § Handles, as a listing shows them',
  'traversal.md § A circle of jumps, or a chain that is nowhere, is no word on anything',
]);
/** The router of these tests has a TAP where the case has a VLAN of an interface. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'traversal.md § A chain at ingress concerns its device and the VLANs on it',
]);
const NAMES = ROUTER.interfaces.map(({ name }) => name);

describe('fixtures of Linux firewalls', { skip }, () => {
  for (const folder of FOLDERS) {
    it(`${folder}: the kernel does what the pages say`, async () => {
      const root = fileURLToPath(new URL(`../fixtures/${folder}/`, import.meta.url));
      const judge = startJudge();
      const failures: string[] = [];
      let judged = 0;
      try {
        for (const fixture of readFixtures(root)) {
          const loads = loadsOf(fixture);
          const expected = fixture.packets.map(readPacket).filter(isAsked);
          if (loads === undefined || expected.length === 0 || ELSEWHERE.has(fixture.name)) continue;
          const { error, verdicts } = await judge.ask({ ...jobOf(ROUTER), loads, packets: expected.map(packetOf) });
          if (error !== undefined && !REFUSED.has(fixture.name)) failures.push(`${fixture.name}: ${error}`);
          for (const [at, verdict] of verdicts.entries()) {
            const one = expected[at] as ExpectedPacket;
            judged += 1;
            if (isSo(one, verdict)) continue;
            const words = `${JSON.stringify(one.packet)} = ${one.dispositions.join(' | ')}`;
            failures.push(`${fixture.name}: ${words}; the kernel: ${describeVerdict(verdict)}`);
          }
        }
      } finally {
        judge.close();
      }
      console.log(`fixtures of ${folder}: ${judged} packets judged`);
      assert.deepEqual(failures, []);
      assert.ok(judged >= 50, 'few packets were judged');
    });
  }
});

/** How the files of a case are loaded; undefined where one of them is for another tool, or for several. */
function loadsOf({ files }: Fixture): readonly Load[] | undefined {
  // The router is the one whose addresses and routes a case names, where it names them.
  const rules = files.filter(({ path }) => basename(path) !== 'ip.txt');
  const loads = rules.map(({ path, text }): Load | undefined => {
    if (path.endsWith('.v4')) return { tool: 'iptables-nft-restore', input: text };
    if (basename(path) === 'nftables.conf') return { tool: 'nft', args: ['-f', '-'], input: text };
    if (path.endsWith('.ipset')) return { tool: 'ipset', args: ['restore'], input: text };
    return undefined;
  });
  return loads.includes(undefined)
    ? undefined
    : (loads as Load[]).sort((a, b) => Number(b.tool === 'ipset') - Number(a.tool === 'ipset'));
}

/** What comes in by an interface that the router has, and is said for certain. */
function isAsked({ from, dispositions }: ExpectedPacket): boolean {
  return dispositions.length === 1 && NAMES.includes(ifaceOf(from));
}

function ifaceOf(from: string): string {
  return from.slice(from.indexOf(':') + 1);
}

function packetOf({ from, packet }: ExpectedPacket): Packet {
  const flags = packet.tcpFlags ?? ['syn'];
  return {
    iface: NAMES.indexOf(ifaceOf(from)),
    src: ip(packet.source),
    dst: ip(packet.destination),
    protocol: protocolNumber(packet.protocol) ?? assert.fail(packet.protocol),
    srcPort: packet.sourcePort ?? 0,
    dstPort: packet.destinationPort ?? 0,
    icmpType: packet.icmpType ?? 8,
    icmpCode: packet.icmpCode ?? 0,
    tcpFlags: flags.reduce((sum, name) => sum | TcpFlag[name as keyof typeof TcpFlag], 0),
    established: packet.state === 'established',
  };
}

function isSo({ dispositions: [claim] }: ExpectedPacket, { kind }: Verdict): boolean {
  switch (claim) {
    case 'leaves':
    case 'delivered':
      return kind === 'forwarded';
    case 'accepted':
      return kind === 'local';
    default:
      return kind === 'dropped' || kind === 'rejected';
  }
}
