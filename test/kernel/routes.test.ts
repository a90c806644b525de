/** Random routing tables and rules: the way that the kernel takes, and the one that was foretold. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markOf, type RandomRouter, randomRouter } from './rulesets/routers.js';
import { whySkip } from './support/firewalls.js';
import { type Answer, type Judge, startJudge } from './support/judge.js';
import { describePacket, describeVerdict, formatIp, type Packet, type Verdict } from './support/packet.js';
import { difference, productSays, type Told } from './support/product.js';
import { Random } from './support/random.js';
import { SETTINGS } from './support/settings.js';

const skip = whySkip('linux-iptables', 'linux-routes') ?? false;
const PACKETS = 150;
const DUMPS = [
  ['ip', 'addr'],
  ['ip', 'route', 'show', 'table', 'all'],
  ['ip', 'rule'],
];

describe('routes', { skip }, () => {
  it('are foretold as the kernel takes them', async () => {
    const judge = startJudge();
    const failures: string[] = [];
    let compared = 0;
    try {
      for (let seed = SETTINGS.seed; seed < SETTINGS.seed + SETTINGS.rulesets && failures.length < 5; seed += 1) {
        const router = randomRouter(new Random(seed), PACKETS);
        const failure = await failureOf(judge, router);
        compared += PACKETS;
        if (failure !== undefined) {
          failures.push(`seed ${seed}: ${failure}\n(again: npm run test:kernel -- --seed ${seed} --rulesets 1 routes)`);
        }
      }
    } finally {
      judge.close();
    }
    console.log(`routes: ${compared} packets, from seed ${SETTINGS.seed}`);
    assert.ok(failures.length === 0, `\n${failures.join('\n\n')}`);
  });
});

/** Where kernel and product differ about a router, with as few of its commands as still show it. */
async function failureOf(judge: Judge, router: RandomRouter): Promise<string | undefined> {
  const first = await differencesOf(judge, router);
  const at = first.findIndex((words) => words !== undefined);
  if (at === -1) return undefined;
  if (router.packets[at] === undefined) return first[at];
  let best: RandomRouter = { ...router, packets: [router.packets[at]] };
  let words = first[at];
  // The first command stays: without any route of its own, a device is taken to have a default route.
  for (let index = 1; index < best.commands.length; ) {
    const smaller = { ...best, commands: best.commands.filter((_, other) => other !== index) };
    const [still] = await differencesOf(judge, smaller);
    if (still === undefined) index += 1;
    else {
      best = smaller;
      words = still;
    }
  }
  return words;
}

/** For each packet what differs about it, in words, with the router's own dumps. */
async function differencesOf(judge: Judge, router: RandomRouter): Promise<(string | undefined)[]> {
  const { interfaces, commands, packets, marks } = router;
  const names = interfaces.map(({ name }) => name);
  const answer = await judge.ask({
    interfaces,
    commands,
    loads: [{ tool: 'iptables-legacy-restore', input: marks }],
    packets,
    lookups: packets.map((packet) => lookupOf(packet, names)),
    dumps: DUMPS,
  });
  // Some random routes cannot be: such a router says nothing.
  if (answer.error !== undefined) return [];
  const texts = answer.dumps.map(({ out }) => out) as [string, string, string];
  const commanded = DUMPS.map((argv, at) => `root@gw:~# ${argv.join(' ')}\n${texts[at]}`);
  const files = new Map([
    ['gw/rules.v4', marks],
    ...(router.isOneFile
      ? [['gw/routing.txt', commanded.join('')] as const]
      : DUMPS.map((argv, at) => [`gw/${argv.slice(0, 2).join('-')}.txt`, texts[at] as string] as const)),
  ]);
  const told = productSays(files, names, packets);
  return packets.map((packet, at) => {
    const kernel = answer.verdicts[at] as Verdict;
    const words = difference(told[at] as Told, kernel) ?? nextHopDifference(told[at] as Told, answer, at);
    if (words === undefined) return undefined;
    const lines = [describePacket(packet, names), `mark ${markOf(packet)}`, `kernel: ${describeVerdict(kernel)}`];
    return [...lines, `ip route get: ${answer.lookups[at]}`, words, ...texts.slice(0, 3), ...commands].join('\n');
  });
}

function lookupOf(packet: Packet, names: readonly string[]): string {
  return `${formatIp(packet.dst)} from ${formatIp(packet.src)} iif ${names[packet.iface]} mark ${markOf(packet)}`;
}

/** `ip route get` also says the next hop, which no packet shows. */
function nextHopDifference({ fates }: Told, { lookups }: Answer, at: number): string | undefined {
  const line = lookups[at];
  const via = /\bvia (\S+)/.exec(line ?? '')?.[1];
  if (typeof line !== 'string' || line.startsWith('local ')) return undefined;
  const hops = fates.map(({ nextHop }) => (nextHop === undefined ? undefined : formatIp(nextHop)));
  return hops.includes(via) ? undefined : `next hop of the product: ${hops.join(', ')}`;
}
