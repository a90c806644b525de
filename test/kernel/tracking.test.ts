/** What connection tracking makes of every first packet: the kernel, and what all evaluators take for granted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPENING_ICMP, opensTcp } from '../../server/src/core/net/tracking.js';
import { whySkip } from './support/firewalls.js';
import { startJudge } from './support/judge.js';
import { ICMP, ip, type Packet, TCP } from './support/packet.js';
import { jobOf, ROUTER } from './support/router.js';

const skip = whySkip() ?? false;
const INVALID_ONLY = [
  '*filter',
  ':FORWARD ACCEPT [0:0]',
  '-A FORWARD -m conntrack --ctstate INVALID -j DROP',
  'COMMIT',
  '',
];

async function newOnes(packets: readonly Packet[]): Promise<boolean[]> {
  const judge = startJudge();
  try {
    const loads = [{ tool: 'iptables-legacy-restore', input: INVALID_ONLY.join('\n') }];
    const { error, verdicts } = await judge.ask({ ...jobOf(ROUTER), loads, packets });
    assert.equal(error, undefined);
    return verdicts.map(({ kind }) => kind === 'forwarded');
  } finally {
    judge.close();
  }
}

const PACKET: Packet = {
  iface: 0,
  src: ip('10.20.10.5'),
  dst: ip('202.114.4.119'),
  protocol: TCP,
  srcPort: 40000,
  dstPort: 515,
  icmpType: 0,
  icmpCode: 0,
  tcpFlags: 0,
  established: false,
};

describe('connection tracking', { skip }, () => {
  it('takes the TCP flags of a first packet as foretold', async () => {
    const all = Array.from({ length: 64 }, (_, flags) => flags);
    const kernel = await newOnes(all.map((tcpFlags) => ({ ...PACKET, tcpFlags })));
    assert.deepEqual(
      kernel,
      all.map((flags) => opensTcp(flags)),
    );
  });

  it('takes the ICMP type of a first packet as foretold', async () => {
    const all = Array.from({ length: 256 }, (_, type) => type);
    const kernel = await newOnes(all.map((icmpType) => ({ ...PACKET, protocol: ICMP, icmpType })));
    assert.deepEqual(
      all.filter((type) => kernel[type]),
      all.filter((type) => OPENING_ICMP.includes(type)),
    );
  });
});
