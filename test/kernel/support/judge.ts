import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Packet, Verdict } from './packet.js';

/** One file of a router, and the tool that loads it. */
export interface Load {
  readonly tool: string;
  readonly args?: readonly string[];
  readonly input: string;
}

export interface Job {
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** Lines for `ip -batch`, run when the interfaces are up. */
  readonly commands?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly loads?: readonly Load[];
  readonly packets?: readonly Packet[];
  /** Arguments of `ip route get`. */
  readonly lookups?: readonly string[];
  /** Commands whose output is asked for, run when all is loaded. */
  readonly dumps?: readonly (readonly string[])[];
}

export interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Answer {
  /** What could not be set up, in the tool's words; all else is empty then. */
  readonly error?: string;
  readonly verdicts: readonly Verdict[];
  /** What `ip route get` prints; null where it finds no way. */
  readonly lookups: readonly (string | null)[];
  readonly dumps: readonly Output[];
}

export interface Judge {
  ask(job: Job): Promise<Answer>;
  close(): void;
}

const NEEDED = ['python3', 'ip', 'nft', 'ipset', 'iptables-legacy-restore', 'iptables-nft-restore'];

/** Why the kernel cannot be asked here, in words; undefined where it can. */
export function whyNoJudge(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this needs root, for network namespaces';
  const missing = NEEDED.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const probe = spawnSync('unshare', ['-n', 'ip', 'tuntap', 'add', 'probe', 'mode', 'tap']);
  if (probe.status !== 0) return `no network namespace with a TAP can be made: ${probe.stderr}`;
  return undefined;
}

/** Starts the judging process (judge.py, whose head describes the protocol). */
export function startJudge(): Judge {
  const path = fileURLToPath(new URL('../judge.py', import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn('python3', [path]);
  child.stderr.pipe(process.stderr);
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.resolve(readAnswer(JSON.parse(line))));
  child.on('exit', (code) => {
    for (const one of waiting.splice(0)) one.reject(new Error(`judge.py ended with ${code}`));
  });
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ ...job, packets: (job.packets ?? []).map(columnsOf) })}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

function columnsOf(packet: Packet): readonly number[] {
  return [
    packet.iface,
    packet.src,
    packet.dst,
    packet.protocol,
    packet.srcPort,
    packet.dstPort,
    packet.icmpType,
    packet.icmpCode,
    packet.tcpFlags,
    packet.established ? 1 : 0,
  ];
}

interface WireAnswer {
  readonly error?: string;
  readonly verdicts?: readonly (readonly (string | number)[])[];
  readonly lookups?: readonly (string | null)[];
  readonly dumps?: readonly Output[];
}

function readAnswer(wire: WireAnswer): Answer {
  return {
    ...(wire.error === undefined ? {} : { error: wire.error }),
    verdicts: (wire.verdicts ?? []).map(readVerdict),
    lookups: wire.lookups ?? [],
    dumps: wire.dumps ?? [],
  };
}

function readVerdict([kind, first, ...rest]: readonly (string | number)[]): Verdict {
  if (kind === 'forwarded') {
    const [src, dst, srcPort, dstPort] = rest as [number, number, number, number];
    return { kind, iface: String(first), src, dst, srcPort, dstPort };
  }
  if (kind === 'rejected') return { kind, how: String(first) };
  return kind === 'local' ? { kind } : { kind: 'dropped' };
}
