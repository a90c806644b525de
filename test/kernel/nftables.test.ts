/** Random firewalls of nftables: the kernel, and what was foretold. */
import { describe, it } from 'node:test';
import { Aim } from './rulesets/aim.js';
import { printNftables, randomNftables } from './rulesets/nftables.js';
import { hasDialects, runTrials, whySkip } from './support/firewalls.js';
import { Random } from './support/random.js';
import { SETTINGS } from './support/settings.js';

const isRead = hasDialects('linux-nftables', 'linux-routes');
const skip = whySkip() ?? false;

describe('nftables', { skip }, () => {
  it('is foretold as the kernel does it', async () => {
    await runTrials('nftables', (seed) => {
      const aim = new Aim(new Random(seed));
      const ruleset = randomNftables(aim);
      const packets = Array.from({ length: SETTINGS.packets }, () => aim.packet());
      return {
        name: `seed ${seed}`,
        ruleset,
        packets,
        formOf(one) {
          const text = printNftables(one);
          return {
            loads: [{ tool: 'nft', args: ['-f', '-'], input: text }],
            files: new Map([['gw/nftables.conf', text]]),
            // What was written and what nft lists of it take turns.
            ...(seed % 2 === 0 ? {} : { saved: { path: 'gw/nftables.conf', argv: ['nft', 'list', 'ruleset'] } }),
          };
        },
        isMeant: true,
        isRead,
      };
    });
  });
});
