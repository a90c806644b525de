import { spawnSync } from 'node:child_process';

/** Times of the work and of its floor, in milliseconds, taken in turns so that a busy machine slows both. */
export interface Pair {
  readonly work: readonly number[];
  readonly floor: readonly number[];
}

/** Runs work and floor in turns, `rounds` times after `warmUps` that do not count. Each gives its own time. */
export function inTurns(work: () => number, floor: () => number, rounds: number, warmUps = 1): Pair {
  const times: { work: number[]; floor: number[] } = { work: [], floor: [] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const [floorMs, workMs] = [floor(), work()];
    if (round < 0) continue;
    times.floor.push(floorMs);
    times.work.push(workMs);
  }
  return times;
}

/** The time that some work takes, in milliseconds. */
export function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The least of the values that the given share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Runs Node and gives what it printed. @throws where it ends with a code that is not expected. */
export function runNode(args: readonly string[], cwd: string, expected: readonly number[] = [0]): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  });
  if (error !== undefined) throw error;
  if (status === null || !expected.includes(status)) throw new Error(`node ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}
