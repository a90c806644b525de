/** Random firewalls of iptables, and the same translated to nftables: the kernel, and what was foretold. */
import { describe, it } from 'node:test';
import { Aim } from './rulesets/aim.js';
import { printIptables, randomIptables } from './rulesets/iptables.js';
import { translatable, translateToNftables } from './rulesets/translate.js';
import { hasDialects, runTrials, whySkip } from './support/firewalls.js';
import { Random } from './support/random.js';
import type { Ruleset } from './support/reference.js';
import { SETTINGS } from './support/settings.js';
import type { Form, Trial } from './support/trials.js';

const isRead = hasDialects('linux-iptables', 'linux-routes');
const skip = whySkip() ?? false;
const skipTranslated = skip || (whySkip('linux-nftables') ?? false);

/** The backends of iptables take turns, and so do what was written and what the tool saves of it. */
const BACKENDS = ['iptables-nft', 'iptables-legacy'];

function trialOf(seed: number, formOf: (ruleset: Ruleset) => Form | undefined, isTranslated: boolean): Trial {
  const aim = new Aim(new Random(seed));
  const all = randomIptables(aim);
  const ruleset = isTranslated ? translatable(all) : all;
  const packets = Array.from({ length: SETTINGS.packets }, () => aim.packet());
  return { name: `seed ${seed}`, ruleset, packets, formOf, isMeant: !isTranslated, isRead };
}

describe('iptables', { skip }, () => {
  it('is foretold as the kernel does it', async () => {
    await runTrials('iptables', (seed) =>
      trialOf(
        seed,
        (ruleset) => {
          const text = printIptables(ruleset);
          const backend = BACKENDS[seed % 2];
          const sets = ruleset.sets === '' ? [] : [{ tool: 'ipset', args: ['restore'], input: `${ruleset.sets}\n` }];
          return {
            loads: [...sets, { tool: `${backend}-restore`, input: text }],
            ...(seed % 4 < 2 ? {} : { saved: { path: 'gw/rules.v4', argv: [`${backend}-save`] } }),
            files: new Map([
              ['gw/rules.v4', text],
              ...sets.map(({ input }): [string, string] => ['gw/ipset.save', input]),
            ]),
          };
        },
        false,
      ),
    );
  });
});

describe('iptables, translated to nftables', { skip: skipTranslated }, () => {
  it('is foretold as the kernel does it', async () => {
    await runTrials('translated', (seed) =>
      trialOf(
        seed,
        (ruleset) => {
          const text = translateToNftables(ruleset);
          if (text === undefined) return undefined;
          return {
            loads: [{ tool: 'nft', args: ['-f', '-'], input: text }],
            files: new Map([['gw/nftables.conf', text]]),
          };
        },
        true,
      ),
    );
  });
});
