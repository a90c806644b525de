import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FrrTable } from './tables.js';

/** A daemon crashed. */
export class FrrDied extends Error {}

export interface Frr {
  /** Loads lines of an frr.conf in the place of all earlier ones, and gives the table that they come to, or all that they go through. */
  load(lines: readonly string[]): Promise<readonly FrrTable[]>;
  /** The table once it has stood still for longer, after those of the lines were taken back and loaded again. */
  again(lines: readonly string[]): Promise<readonly FrrTable[]>;
  close(): void;
}

const DAEMONS = ['zebra', 'staticd'].map((name) => `/usr/lib/frr/${name}`);

/** Why FRR cannot be asked here, in words; undefined where it can. */
export function whyNoFrr(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this needs root, for network namespaces';
  const commands = ['python3', 'ip', 'vtysh'].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  );
  const missing = [...commands, ...DAEMONS.filter((path) => !existsSync(path))];
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const probe = spawnSync('unshare', ['-n', '-p', '-f', 'ip', 'tuntap', 'add', 'probe', 'mode', 'tap']);
  return probe.status === 0 ? undefined : `no network namespace with a TAP can be made: ${probe.stderr}`;
}

/** Starts FRR with those interfaces (frr.py, whose head describes the protocol). */
export function startFrr(interfaces: readonly string[]): Frr {
  const path = fileURLToPath(new URL('frr.py', import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn('python3', [path, ...interfaces]);
  child.stderr.pipe(process.stderr);
  const waiting: { resolve: (tables: readonly FrrTable[]) => void; reject: (error: Error) => void }[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const asked = waiting.shift();
    const answer = JSON.parse(line) as {
      readonly tables?: readonly FrrTable[];
      readonly error?: string;
      readonly died?: string;
    };
    if (answer.died !== undefined) asked?.reject(new FrrDied(answer.died));
    else if (answer.tables === undefined) asked?.reject(new Error(answer.error));
    else asked?.resolve(answer.tables);
  });
  child.on('exit', (code) => {
    for (const one of waiting.splice(0)) one.reject(new Error(`frr.py ended with ${code}`));
  });
  const ask = (job: unknown): Promise<readonly FrrTable[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(job)}\n`);
    });
  return {
    load: (lines) => ask({ load: lines }),
    again: (lines) => ask({ again: lines }),
    close: () => child.stdin.end(),
  };
}
