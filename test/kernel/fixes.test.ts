/**
 * Proved fixes, held against the kernel: the fixed file loads, what the advisory warns of is stopped, and
 * whatever goes elsewhere goes on as before.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReportEdit } from '../../server/src/core/report.js';
import { applyEdits } from '../../server/src/core/text/edit.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';
import { Workspace } from '../../server/src/core/workspace.js';
import { Aim } from './rulesets/aim.js';
import { printIptables, randomIptables } from './rulesets/iptables.js';
import { printNftables, randomNftables } from './rulesets/nftables.js';
import { hasDialects, whySkip } from './support/firewalls.js';
import { type Judge, type Load, startJudge } from './support/judge.js';
import { describePacket, describeVerdict, ip, networkOf, type Packet, type Verdict } from './support/packet.js';
import type { Files } from './support/product.js';
import { Random } from './support/random.js';
import { jobOf, ROUTER } from './support/router.js';
import { SETTINGS } from './support/settings.js';
import { routingFiles } from './support/trials.js';

const skip = whySkip() ?? false;
const RULESETS = Math.ceil(SETTINGS.rulesets / 4);
const PACKETS = 300;
const TARGET = ip('202.114.4.0');
const WARD = ip('10.20.10.0');
const SITE = JSON.stringify({ segments: [{ name: 'ward', interfaces: ['gw:eth0.210'] }] });
const NAMES = ROUTER.interfaces.map(({ name }) => name);

const LANGUAGES = [
  {
    dialect: 'linux-iptables',
    path: 'gw/rules.v4',
    random: randomIptables,
    print: printIptables,
    load: (input: string): Load => ({ tool: 'iptables-nft-restore', input }),
  },
  {
    dialect: 'linux-nftables',
    path: 'gw/nftables.conf',
    random: randomNftables,
    print: printNftables,
    load: (input: string): Load => ({ tool: 'nft', args: ['-f', '-'], input }),
  },
] as const;

for (const { dialect, path, random, print, load } of LANGUAGES) {
  describe(`fixes of ${dialect}`, { skip: skip || (hasDialects(dialect) ? false : `no dialect ${dialect}`) }, () => {
    it('stop in the kernel what they say, and nothing else', async () => {
      const judge = startJudge();
      const failures: string[] = [];
      const tried = new Map<string, number>();
      try {
        const routes = await routingFiles(judge);
        for (let seed = SETTINGS.seed; seed < SETTINGS.seed + RULESETS && failures.length < 5; seed += 1) {
          const aim = new Aim(new Random(seed));
          const ruleset = random(aim);
          // Sets stand in a file of their own, which no fix touches.
          const sets = ruleset.sets === '' ? [] : [{ tool: 'ipset', args: ['restore'], input: `${ruleset.sets}\n` }];
          const files: Files = new Map([
            [path, print(ruleset)],
            ...sets.map(({ input }): [string, string] => ['gw/ipset.save', input]),
            ...routes,
          ]);
          const packets = Array.from({ length: PACKETS }, () => aimed(aim));
          const before = await verdicts(judge, [...sets, load(files.get(path) as string)], packets);
          for (const { id, edits, isOfNames } of fixesOf(files)) {
            if (!edits.every(({ file }) => file === path)) continue;
            // It keeps what lives inside within reach, and stops what leaves alone.
            if (id === 'block-at-edge') continue;
            const kind = isOfNames ? `${id} of other names` : id;
            tried.set(kind, (tried.get(kind) ?? 0) + 1);
            const fixed = edited(path, files.get(path) as string, edits);
            const after = await verdicts(judge, [...sets, load(fixed)], packets);
            const words = typeof after === 'string' ? after : wrongOf(packets, isOfNames, before as Verdict[], after);
            if (words !== undefined) {
              failures.push(`seed ${seed}, ${id}: ${words}\n${fixed}\n(again: --seed ${seed} --rulesets 1 fixes)`);
            }
          }
        }
      } finally {
        judge.close();
      }
      console.log(`fixes of ${dialect}, from seed ${SETTINGS.seed}: ${JSON.stringify(Object.fromEntries(tried))}`);
      assert.ok(failures.length === 0, `\n${failures.join('\n\n')}`);
      if (RULESETS >= 50) assert.ok(tried.size > 0, 'no fix was offered');
    });
  });
}

/** Half of the packets are the ones that the advisory warns of. */
function aimed(aim: Aim): Packet {
  const packet = aim.packet();
  if (aim.random.chance(50)) return packet;
  const src = WARD + aim.random.between(2, 254);
  return { ...packet, iface: 0, src, dst: TARGET + aim.random.between(0, 255), established: false };
}

/** What opens a connection from the ward; a packet picked up in its middle is no question of the advisory. */
function opens({ iface, src, established, protocol, tcpFlags }: Packet): boolean {
  if (protocol === 6 && tcpFlags !== 2) return false;
  return iface === 0 && !established && networkOf(src, 24) === WARD;
}

function isTarget(address: number): boolean {
  return networkOf(address, 24) === TARGET;
}

async function verdicts(
  judge: Judge,
  loads: readonly Load[],
  packets: readonly Packet[],
): Promise<readonly Verdict[] | string> {
  const answer = await judge.ask({ ...jobOf(ROUTER), loads, packets });
  return answer.error ?? answer.verdicts;
}

interface Offered {
  readonly id: string;
  readonly edits: readonly ReportEdit[];
  /** The finding is about packets to other addresses, which a translation sends to the target. */
  readonly isOfNames: boolean;
}

function fixesOf(files: Files): Offered[] {
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', SITE);
  for (const [path, text] of files) workspace.setFile(path, text);
  return workspace.findings().flatMap((finding) => {
    const sent = / to (\d+\.\d+\.\d+\.\d+)/.exec(finding.related[0]?.message ?? '')?.[1];
    const isOfNames = sent !== undefined && !isTarget(ip(sent));
    return workspace.fixesOf(finding).map(({ id, edits }) => ({ id, edits, isOfNames }));
  });
}

function edited(path: string, text: string, edits: readonly ReportEdit[]): string {
  const file = new SourceFile(path, text);
  const spans = edits.map(({ startLine, startColumn, endLine, endColumn, newText }) => ({
    file: path,
    start: file.offsetAt({ line: startLine, column: startColumn }),
    end: file.offsetAt({ line: endLine, column: endColumn }),
    newText,
  }));
  return applyEdits(text, spans);
}

/** Where it goes. Whether the sender hears of a drop is not the fix's business, and the kernel limits its answers. */
function outcomeOf(verdict: Verdict): string {
  return describeVerdict(verdict.kind === 'rejected' ? { kind: 'dropped' } : verdict);
}

/** What the fix does not stop, or stops besides, in words. */
function wrongOf(
  packets: readonly Packet[],
  isOfNames: boolean,
  before: readonly Verdict[],
  after: readonly Verdict[],
): string | undefined {
  for (const [at, packet] of packets.entries()) {
    const was = before[at] as Verdict;
    const is = after[at] as Verdict;
    const words = `${describePacket(packet, NAMES)}: ${describeVerdict(was)}, now ${describeVerdict(is)}`;
    const wasTranslated = was.kind === 'forwarded' && isTarget(was.dst) && !isTarget(packet.dst);
    if (opens(packet) && (isOfNames ? wasTranslated : isTarget(packet.dst))) {
      if (is.kind === 'forwarded') return `not stopped: ${words}`;
    } else if (!isTarget(packet.dst) && !wasTranslated) {
      if (outcomeOf(was) !== outcomeOf(is)) return `changed: ${words}`;
    }
  }
  return undefined;
}
