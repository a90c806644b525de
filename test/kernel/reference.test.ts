/** The generators' own reading of their rules against the kernel: they must mean what they write. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Aim } from './rulesets/aim.js';
import { printIptables, randomIptables } from './rulesets/iptables.js';
import { printNftables, randomNftables } from './rulesets/nftables.js';
import { startJudge, whyNoJudge } from './support/judge.js';
import { describePacket, describeVerdict } from './support/packet.js';
import { Random } from './support/random.js';
import { referenceVerdict } from './support/reference.js';
import { jobOf, ROUTER } from './support/router.js';
import { SETTINGS } from './support/settings.js';

const skip = whyNoJudge();

describe('the reference', { skip }, () => {
  it('agrees with the kernel', async () => {
    const judge = startJudge();
    const names = ROUTER.interfaces.map(({ name }) => name);
    const seen: Record<string, number> = {};
    let bad = 0;
    for (let index = 0; index < SETTINGS.rulesets; index += 1) {
      const aim = new Aim(new Random(SETTINGS.seed + index));
      const nft = process.env.LANG_NFT === '1';
      const ruleset = nft ? randomNftables(aim) : randomIptables(aim);
      const packets = Array.from({ length: SETTINGS.packets }, () => aim.packet());
      const text = nft ? printNftables(ruleset) : printIptables(ruleset);
      const loads = [
        ...(ruleset.sets === '' ? [] : [{ tool: 'ipset', args: ['restore'], input: `${ruleset.sets}\n` }]),
        nft
          ? { tool: 'nft', args: ['-f', '-'], input: text }
          : { tool: index % 2 ? 'iptables-legacy-restore' : 'iptables-nft-restore', input: text },
      ];
      const answer = await judge.ask({ ...jobOf(ROUTER), loads, packets });
      if (answer.error) {
        console.log(SETTINGS.seed + index, answer.error.slice(0, 300));
        if (process.env.SHOW) console.log(text, ruleset.sets);
        bad += 1;
        if (bad > 30) break;
        continue;
      }
      for (const [at, packet] of packets.entries()) {
        const ours = referenceVerdict(ruleset, ROUTER, packet);
        const theirs = answer.verdicts[at]!;
        seen[theirs.kind] = (seen[theirs.kind] ?? 0) + 1;
        const a = describeVerdict(ours),
          b = describeVerdict(theirs.kind === 'rejected' ? { kind: 'dropped' } : theirs);
        if (a !== b) {
          bad += 1;
          console.log(
            `seed ${SETTINGS.seed + index} packet ${at}: ${describePacket(packet, names)}\n  reference ${a}\n  kernel ${b}`,
          );
          if (process.env.SHOW) console.log(text, ruleset.sets);
          break;
        }
      }
      if (bad > 30) break;
    }
    console.log(seen, SETTINGS.seed);
    judge.close();
    assert.equal(bad, 0);
  });
});
