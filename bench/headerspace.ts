/**
 * Times `firstMatch` on made-up lists: `node --import tsx bench/headerspace.ts [entries]`.
 *
 * The adversarial lists all touch what is asked about; the realistic ones mostly do not.
 */
import {
  type Box,
  firstMatch,
  HeaderSpaceManager,
  type Interval,
  type MatchRule,
} from '../server/src/core/headerspace/header-space.js';

const SRC = 0x0a140a00;
const DST = 0xca720400;
const ANY_ADDRESS: Interval = [0, 0xffffffff];

type Random = (below: number) => number;

/** Mulberry32: small, seeded, good enough to draw lists from. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function subPrefix(random: Random, network: number, shortest: number): Interval {
  const length = shortest + random(33 - shortest);
  const size = 2 ** (32 - length);
  const first = network + random(2 ** (32 - shortest) / size) * size;
  return [first, first + size - 1];
}

function subRange(random: Random, first: number, count: number): Interval {
  const one = random(count);
  const other = random(count);
  return [first + Math.min(one, other), first + Math.max(one, other)];
}

function host(random: Random, network: number): Interval {
  const ip = network + random(256);
  return [ip, ip];
}

function narrowPorts(random: Random): Interval {
  const first = random(65536);
  return [first, Math.min(65535, first + random(16))];
}

function widePorts(random: Random): Interval {
  return subRange(random, 0, 65536);
}

interface Shape {
  readonly src: (random: Random) => Interval;
  readonly dst: (random: Random) => Interval;
  readonly ports: (random: Random) => Interval;
  /** Both ports are drawn, not the destination's alone. */
  readonly bothPorts?: boolean;
  /** No rule matches any protocol, so that hardly any covers a cell. */
  readonly portsOnly?: boolean;
  readonly permits?: (random: Random, index: number, count: number) => boolean;
  readonly last?: MatchRule;
  readonly withinSrc?: Interval;
  readonly withinDst?: Interval;
}

function ruleOf(shape: Shape, random: Random, index: number, count: number): MatchRule {
  const kind = random(shape.portsOnly === true ? 4 : 5);
  const box: Box = {
    src: [shape.src(random)],
    dst: [shape.dst(random)],
    ...(kind === 4 ? {} : { protocol: [kind < 3 ? [6, 6] : [17, 17]], dstPort: [shape.ports(random)] }),
    ...(kind !== 4 && shape.bothPorts === true ? { srcPort: [shape.ports(random)] } : {}),
  };
  return { permits: shape.permits?.(random, index, count) ?? random(2) === 0, boxes: [box] };
}

const prefixes: Shape = {
  src: (random) => subPrefix(random, SRC, 24),
  dst: (random) => subPrefix(random, DST, 24),
  ports: widePorts,
};
const ranges: Shape = {
  src: (random) => subRange(random, SRC, 256),
  dst: (random) => subRange(random, DST, 256),
  ports: widePorts,
};
const anyRule = (permits: boolean): MatchRule => ({ permits, boxes: [{}] });
const scattered = (random: Random, network: number): Interval[] => {
  const at = random(65536);
  return Array.from({ length: 1024 }, (_, index) => [network + index * 16384 + at, network + index * 16384 + at + 3]);
};

const SHAPES: Readonly<Record<string, Shape>> = {
  'prefixes, wide ports': prefixes,
  'prefixes, narrow ports': { ...prefixes, ports: narrowPorts },
  'prefixes, both ports wide': { ...prefixes, bothPorts: true },
  'prefixes, both ports narrow': { ...prefixes, ports: narrowPorts, bothPorts: true },
  'only ports: prefixes, wide': { ...prefixes, portsOnly: true },
  'only ports: prefixes, narrow': { ...prefixes, portsOnly: true, ports: narrowPorts },
  'only ports: prefixes, both wide': { ...prefixes, portsOnly: true, bothPorts: true },
  'only ports: prefixes, both narrow': { ...prefixes, portsOnly: true, ports: narrowPorts, bothPorts: true },
  'only ports: ranges, narrow': { ...ranges, portsOnly: true, ports: narrowPorts },
  'only ports: ranges, both wide': { ...ranges, portsOnly: true, bothPorts: true },
  'only ports: everywhere, ranges': {
    src: (random) => subRange(random, 0, 2 ** 32),
    dst: (random) => subRange(random, 0, 2 ** 32),
    ports: narrowPorts,
    portsOnly: true,
    withinSrc: ANY_ADDRESS,
    withinDst: ANY_ADDRESS,
  },
  'hosts, wide ports': { ...prefixes, src: (random) => host(random, SRC), dst: (random) => host(random, DST) },
  'hosts, narrow ports': {
    src: (random) => host(random, SRC),
    dst: (random) => host(random, DST),
    ports: narrowPorts,
  },
  'ranges, wide ports': {
    ...prefixes,
    src: (random) => subRange(random, SRC, 256),
    dst: (random) => subRange(random, DST, 256),
  },
  'ranges, both ports wide': {
    bothPorts: true,
    ports: widePorts,
    src: (random) => subRange(random, SRC, 256),
    dst: (random) => subRange(random, DST, 256),
  },
  'all deny, last permits any': { ...prefixes, permits: () => false, last: anyRule(true) },
  'all permit, last denies any': { ...prefixes, permits: () => true, last: anyRule(false) },
  'narrow denies, last permits any': { ...prefixes, ports: narrowPorts, permits: () => false, last: anyRule(true) },
  'narrow permits, last denies any': { ...prefixes, ports: narrowPorts, permits: () => true, last: anyRule(false) },
  'source 10/8, ranges': {
    ...prefixes,
    src: (random) => subRange(random, 0x0a000000, 1 << 24),
    withinSrc: [0x0a000000, 0x0affffff],
  },
  'everywhere, prefixes': {
    src: (random) => subPrefix(random, 0, 8),
    dst: (random) => subPrefix(random, 0, 8),
    ports: widePorts,
    withinSrc: ANY_ADDRESS,
    withinDst: ANY_ADDRESS,
  },
  'everywhere, ranges': {
    src: (random) => subRange(random, 0, 2 ** 32),
    dst: (random) => subRange(random, 0, 2 ** 32),
    ports: widePorts,
    withinSrc: ANY_ADDRESS,
    withinDst: ANY_ADDRESS,
  },
};

interface Timing {
  readonly name: string;
  readonly entries: number;
  readonly ms: number;
  readonly chunks: number;
  readonly parts: number;
  readonly nodes: number;
  readonly heapMb: number;
}

function time(name: string, rules: readonly MatchRule[], box: Box): Timing {
  const manager = new HeaderSpaceManager();
  const started = performance.now();
  let chunks = 0;
  let parts = 0;
  let nodes = 0;
  firstMatch(manager, rules, manager.fromBox(box), (chunk) => {
    chunks += 1;
    parts += process.argv.includes('--no-parts') ? 0 : chunk.parts.size;
    nodes = Math.max(nodes, manager.nodeCount);
  });
  const ms = performance.now() - started;
  return { name, entries: rules.length, ms, chunks, parts, nodes, heapMb: process.memoryUsage().rss / 2 ** 20 };
}

function print(timing: Timing): void {
  console.log(
    `${timing.name.padEnd(36)} ${String(timing.entries).padStart(7)} ${timing.ms.toFixed(1).padStart(9)} ms ` +
      `${String(timing.chunks).padStart(5)} chunks ${String(timing.parts).padStart(8)} parts ` +
      `${String(timing.nodes).padStart(8)} nodes ${timing.heapMb.toFixed(0).padStart(5)} MB rss`,
  );
}

/** Hosts and ports all over 10.0.0.0/8, one in ten towards what is asked about. */
function realistic(count: number): MatchRule[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, index): MatchRule => {
    if (index === count - 1) return anyRule(true);
    const touches = random(10) === 0;
    const port = [22, 53, 80, 123, 443, 515, 2049, 8080][random(8)] as number;
    return {
      permits: random(3) > 0,
      boxes: [
        {
          src: [touches ? host(random, SRC) : host(random, 0x0a000000 + random(65536) * 256)],
          dst: [touches ? subPrefix(random, DST, 24) : host(random, 0xc0a80000)],
          protocol: [[6, 6]],
          dstPort: [[port, port]],
        },
      ],
    };
  });
}

function wildcards(count: number): MatchRule[] {
  const random = randomFrom(11);
  return Array.from(
    { length: count },
    (): MatchRule => ({
      permits: random(2) === 0,
      boxes: [
        {
          src: scattered(random, 0x0a000000),
          dst: scattered(random, 0xca000000),
          protocol: [[6, 6]],
          dstPort: [widePorts(random)],
        },
      ],
    }),
  );
}

const wanted = Number(process.argv[2] ?? 10_000);
const only = process.argv[3];
const query: Box = { src: [[SRC, SRC + 255]], dst: [[DST, DST + 255]], state: [[0, 0]] };

for (let run = 0; run < 3; run += 1) print(time('realistic', realistic(2000), query));
print(time('realistic', realistic(100_000), query));
print(time('scattered wildcards', wildcards(20), {}));
if (only === undefined) print(time('scattered wildcards', wildcards(200), {}));
for (const [name, shape] of Object.entries(SHAPES)) {
  if (only !== undefined && !name.includes(only)) continue;
  const random = randomFrom(1);
  const rules = Array.from({ length: wanted }, (_, index) => ruleOf(shape, random, index, wanted));
  if (shape.last !== undefined) rules[wanted - 1] = shape.last;
  print(
    time(name, rules, {
      ...query,
      src: [shape.withinSrc ?? [SRC, SRC + 255]],
      dst: [shape.withinDst ?? [DST, DST + 255]],
    }),
  );
}
