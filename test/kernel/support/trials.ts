import type { Job, Judge, Load, Output } from './judge.js';
import { describePacket, describeVerdict, type Packet, type Verdict } from './packet.js';
import { difference, type Files, productSays, traceAnswers, traceDifference } from './product.js';
import { type Ruleset, referenceVerdict } from './reference.js';
import { jobOf, ROUTER } from './router.js';
import { shrunk } from './shrink.js';

/** A random firewall in the forms in which it is loaded and read. */
export interface Form {
  readonly loads: readonly Load[];
  /** As they are written. */
  readonly files: Files;
  /** A file of which the product reads what this command prints, when all is loaded, instead of what was written. */
  readonly saved?: { readonly path: string; readonly argv: readonly string[] };
}

export interface Trial {
  readonly name: string;
  readonly ruleset: Ruleset;
  readonly packets: readonly Packet[];
  /** Undefined where this ruleset cannot be written so. */
  formOf(ruleset: Ruleset): Form | undefined;
  /** The ruleset's own meaning must be the kernel's; where another tool has translated it, nearly always. */
  readonly isMeant: boolean;
  /** There are dialects that read it. */
  readonly isRead: boolean;
}

const NAMES = ROUTER.interfaces.map(({ name }) => name);
/** How many packets of each ruleset are asked about through the command's own way too. */
const TRACED = 10;
let routing: Promise<Files> | undefined;

/** The router's own files, as its own commands print them. */
export function routingFiles(judge: Judge): Promise<Files> {
  routing ??= judge
    .ask({
      ...jobOf(ROUTER),
      dumps: [
        ['ip', 'addr'],
        ['ip', 'route', 'show', 'table', 'all'],
        ['ip', 'rule'],
      ],
    })
    .then(({ error, dumps }) => {
      if (error !== undefined) throw new Error(error);
      const texts = dumps.map(({ out }) => out) as [string, string, string];
      return new Map([
        ['gw/ip-addr.txt', texts[0]],
        ['gw/ip-route.txt', texts[1]],
        ['gw/ip-rule.txt', texts[2]],
      ]);
    });
  return routing;
}

export interface Outcome {
  readonly verdicts: readonly Verdict[];
  /** What went wrong, in words with all that is needed to see it again; undefined where all agree. */
  readonly failure?: string;
  /** The kernel does otherwise than the ruleset means, as another tool has translated it. */
  readonly strays?: boolean;
}

/** Loads a firewall, sends its packets, and compares what became of them with what was foretold. */
export async function runTrial(judge: Judge, trial: Trial): Promise<Outcome | undefined> {
  const form = trial.formOf(trial.ruleset);
  if (form === undefined) return undefined;
  const { error, verdicts, dumps } = await judge.ask(jobFor(form, trial.packets));
  // Some translations are not even valid.
  if (error !== undefined && !trial.isMeant) return undefined;
  if (error !== undefined) return { verdicts: [], failure: `${trial.name}: ${error}\n${textOf(form)}` };
  const routes = await routingFiles(judge);
  const differs = differences(trial, readOf(form, dumps), routes, trial.packets, verdicts);
  const at = differs.findIndex((words) => words !== undefined);
  if (at === -1) return { verdicts, strays: !trial.isMeant && straysFrom(trial, verdicts) };
  const packet = trial.packets[at] as Packet;
  const check = async (ruleset: Ruleset): Promise<string | undefined> => {
    const smaller = trial.formOf(ruleset);
    if (smaller === undefined) return undefined;
    const answer = await judge.ask(jobFor(smaller, [packet]));
    if (answer.error !== undefined) return undefined;
    const read = readOf(smaller, answer.dumps);
    const [words] = differences({ ...trial, ruleset }, read, routes, [packet], answer.verdicts);
    return words;
  };
  const small = await shrunk(trial.ruleset, async (ruleset) => (await check(ruleset)) !== undefined);
  const words = (await check(small)) ?? differs[at];
  const told = textOf(trial.formOf(small) ?? form);
  const more = differs.filter((one) => one !== undefined).length - 1;
  return {
    verdicts,
    failure: `${trial.name}, packet ${at} (and ${more} more): ${describePacket(packet, NAMES)}\n${words}\n${told}`,
  };
}

function jobFor(form: Form, packets: readonly Packet[]): Job {
  return { ...jobOf(ROUTER), loads: form.loads, packets, dumps: form.saved === undefined ? [] : [form.saved.argv] };
}

/** The form with the files that the product is to read. */
function readOf(form: Form, dumps: readonly Output[]): Form {
  const [dump] = dumps;
  if (form.saved === undefined || dump === undefined) return form;
  return { ...form, files: new Map([...form.files, [form.saved.path, dump.out]]) };
}

function straysFrom({ ruleset, packets }: Trial, verdicts: readonly Verdict[]): boolean {
  return packets.some((packet, at) => !isMeantSo(ruleset, packet, verdicts[at] as Verdict));
}

function isMeantSo(ruleset: Ruleset, packet: Packet, kernel: Verdict): boolean {
  const stopped = kernel.kind === 'rejected' ? ({ kind: 'dropped' } as const) : kernel;
  return describeVerdict(referenceVerdict(ruleset, ROUTER, packet)) === describeVerdict(stopped);
}

function differences(
  trial: Trial,
  form: Form,
  routes: Files,
  packets: readonly Packet[],
  verdicts: readonly Verdict[],
): (string | undefined)[] {
  const files = new Map([...form.files, ...routes]);
  const told = trial.isRead ? productSays(files, NAMES, packets) : [];
  const traced = trial.isRead ? traceAnswers(files, NAMES, packets.slice(0, TRACED)) : [];
  return packets.map((packet, at) => {
    const kernel = verdicts[at] as Verdict;
    const found: string[] = [];
    const meant = referenceVerdict(trial.ruleset, ROUTER, packet);
    if (trial.isMeant && !isMeantSo(trial.ruleset, packet, kernel)) found.push(`reference: ${describeVerdict(meant)}`);
    // The product has no word for a broadcast, which a translation may make: it takes it for a host's address.
    const isBroadcast = meant.kind === 'local' && meant.broadcast === true;
    // Nor does it know the settings by which the kernel forwards to addresses that no host has.
    // A known connection may have been translated, or marked, by its first packet: nobody asked that one.
    const isOpen =
      isBroadcast ||
      (meant.kind === 'dropped' && meant.mayBeSet === true) ||
      (packet.established && /nat|redirect|masquerade|connmark|ct mark/i.test(textOf(form)));
    const other = told[at] === undefined || isOpen ? undefined : difference(told[at], kernel);
    if (other !== undefined) found.push(other);
    const answer = traced[at];
    const words = answer === undefined || isOpen ? undefined : traceDifference(answer, packet, kernel);
    if (words !== undefined) found.push(words);
    return found.length === 0 ? undefined : [`kernel: ${describeVerdict(kernel)}`, ...found].join('\n');
  });
}

function textOf({ loads }: Form): string {
  return loads.map(({ tool, args = [], input }) => `--- ${[tool, ...args].join(' ')}\n${input}`).join('\n');
}
