/**
 * Times `firstMatch` on made-up lists:
 *
 *     node --import tsx bench/headerspace.ts [entries = 10000] [part of a list's name]
 *
 * In the adversarial lists every entry touches what is asked about; in the realistic one in ten.
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
  /** Absent: a coin decides. */
  readonly permits?: boolean;
  readonly last?: MatchRule;
  readonly withinSrc?: Interval;
  readonly withinDst?: Interval;
}

function ruleOf(shape: Shape, random: Random): MatchRule {
  const kind = random(shape.portsOnly === true ? 4 : 5);
  const box: Box = {
    src: [shape.src(random)],
    dst: [shape.dst(random)],
    ...(kind === 4 ? {} : { protocol: [kind < 3 ? [6, 6] : [17, 17]], dstPort: [shape.ports(random)] }),
    ...(kind !== 4 && shape.bothPorts === true ? { srcPort: [shape.ports(random)] } : {}),
  };
  return { permits: shape.permits ?? random(2) === 0, boxes: [box] };
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
  'all deny, last permits any': { ...prefixes, permits: false, last: anyRule(true) },
  'all permit, last denies any': { ...prefixes, permits: true, last: anyRule(false) },
  'narrow denies, last permits any': { ...prefixes, ports: narrowPorts, permits: false, last: anyRule(true) },
  'narrow permits, last denies any': { ...prefixes, ports: narrowPorts, permits: true, last: anyRule(false) },
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

function report(name: string, rules: readonly MatchRule[], box: Box): void {
  const manager = new HeaderSpaceManager();
  const started = performance.now();
  let chunks = 0;
  let parts = 0;
  let nodes = 0;
  firstMatch(manager, rules, manager.fromBox(box), (chunk) => {
    chunks += 1;
    parts += chunk.parts.size;
    nodes = Math.max(nodes, manager.nodeCount);
  });
  const ms = performance.now() - started;
  const rssMb = process.memoryUsage().rss / 2 ** 20;
  console.log(
    `${name.padEnd(36)} ${String(rules.length).padStart(7)} ${ms.toFixed(1).padStart(9)} ms ` +
      `${String(chunks).padStart(5)} chunks ${String(parts).padStart(7)} parts ` +
      `${String(nodes).padStart(7)} nodes ${rssMb.toFixed(0).padStart(5)} MB`,
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

/** Entries of 1024 stretches of four addresses on either side, as non-contiguous wildcards give. */
function scattered(count: number): MatchRule[] {
  const random = randomFrom(11);
  const stretches = (network: number): Interval[] => {
    const offset = random(16380);
    return Array.from({ length: 1024 }, (_, at): Interval => {
      const first = network + at * 16384 + offset;
      return [first, first + 3];
    });
  };
  return Array.from(
    { length: count },
    (): MatchRule => ({
      permits: random(2) === 0,
      boxes: [
        { src: stretches(0x0a000000), dst: stretches(0xca000000), protocol: [[6, 6]], dstPort: [widePorts(random)] },
      ],
    }),
  );
}

const entries = Number(process.argv[2] ?? 10_000);
const wanted = process.argv[3] ?? '';
const query = (src: Interval, dst: Interval): Box => ({ src: [src], dst: [dst], state: [[0, 0]] });
const subnets = query([SRC, SRC + 255], [DST, DST + 255]);

if ('realistic'.includes(wanted)) {
  // The first run is cold, as a command is; the others are warm, as an editor is.
  for (let run = 0; run < 3; run += 1) report('realistic', realistic(2000), subnets);
  report('realistic', realistic(100_000), subnets);
  report('realistic, everywhere', realistic(100_000), {});
}
if ('scattered addresses, everywhere'.includes(wanted)) {
  report('scattered addresses, everywhere', scattered(20), {});
}
for (const [name, shape] of Object.entries(SHAPES)) {
  if (!name.includes(wanted)) continue;
  const random = randomFrom(1);
  const rules = Array.from({ length: entries }, () => ruleOf(shape, random));
  if (shape.last !== undefined) rules[entries - 1] = shape.last;
  report(name, rules, query(shape.withinSrc ?? [SRC, SRC + 255], shape.withinDst ?? [DST, DST + 255]));
}
