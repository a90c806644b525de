import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildFibs, type Fib, type FibEntry, routesFor } from '../../server/src/core/dataplane/fib.js';
import { DEFAULT_VRF } from '../../server/src/core/model/device.js';
import { formatIp, type Ip, parseIp } from '../../server/src/core/net/ip.js';
import { type Prefix, prefixContains, prefixOf } from '../../server/src/core/net/prefix.js';
import { deviceOf } from '../dialects/cisco-ios/support/read.js';

/**
 * Static routes whose next hops lie in each other's networks, held against a device that is played
 * event by event: its table is a set of routes, and again and again one route, picked at random, is
 * looked at anew. It shares no code with the table that is tested.
 */

interface Route {
  readonly prefix: Prefix;
  readonly nextHop: Ip | 'nowhere';
  readonly distance: number;
}

const LINKS = [
  { name: 'GigabitEthernet0/0', own: '192.0.2.2', prefix: network('192.0.2.0', 24) },
  { name: 'GigabitEthernet0/1', own: '198.51.100.2', prefix: network('198.51.100.0', 24) },
  { name: 'GigabitEthernet0/2', own: '10.1.1.2', prefix: network('10.1.1.0', 24) },
];
const NETWORKS = [
  network('0.0.0.0', 0),
  network('10.0.0.0', 8),
  ...[1, 2, 3, 4].map((second) => network(`10.${second}.0.0`, 16)),
  ...[1, 2, 3].flatMap((second) => [network(`10.${second}.1.0`, 24), network(`10.${second}.1.64`, 26)]),
];
const HOSTS = [1, 2, 3, 4].flatMap((second) => [`10.${second}.1.1`, `10.${second}.1.65`, `10.${second}.9.1`]).map(ip);
const DESTINATIONS = [...HOSTS, ip('10.9.9.9'), ip('203.0.113.9')];

const route: fc.Arbitrary<Route> = fc.record({
  prefix: fc.constantFrom(...NETWORKS),
  nextHop: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...HOSTS) },
    { weight: 2, arbitrary: fc.constantFrom(ip('192.0.2.1'), ip('198.51.100.1')) },
    { weight: 1, arbitrary: fc.constant('nowhere' as const) },
  ),
  distance: fc.constantFrom(1, 1, 1, 20),
});
const routes = fc.uniqueArray(route, {
  maxLength: 7,
  selector: ({ prefix, nextHop }) => `${prefix.ip}/${prefix.length} ${nextHop}`,
});

test('what a device may settle on is what the table says may be', () => {
  let circles = 0;
  fc.assert(
    fc.property(routes, fc.infiniteStream(fc.nat(1_000_000)), (table, dice) => {
      const fib = fibOf(table);
      for (const resolves of [resolvesToTheEnd, resolvesByOneStep, resolvesButOverDefault]) {
        for (let run = 0; run < 4; run += 1) {
          for (const state of playedStates(table, resolves, dice)) {
            for (const dst of DESTINATIONS) agrees(fib, dst, forwarded(state, dst), table);
          }
        }
      }
      if (fib.entries.some(({ uncertain }) => uncertain?.includes('in a circle'))) circles += 1;
    }),
    { numRuns: 400 },
  );
  assert.ok(circles > 3, `${circles} tables had a circle with a way out of it`);
});

test('where no next hop leads back, all routes are certain but those over the default route', () => {
  let recursive = 0;
  fc.assert(
    fc.property(routes, (table) => {
      fc.pre(!mayLeadBack(table));
      const doubts = fibOf(table).entries.flatMap(({ uncertain }) => uncertain ?? []);
      const hasDefault = table.some(({ prefix }) => prefix.length === 0);
      assert.deepEqual(
        doubts.filter((words) => !hasDefault || !words.includes('over the default route')),
        [],
      );
      if (table.some(({ nextHop }) => nextHop !== 'nowhere' && linkOf(nextHop) === undefined)) recursive += 1;
    }),
    { numRuns: 400 },
  );
  assert.ok(recursive > 3, `${recursive} tables had a route over a route`);
});

test('two routes over each other and nothing else are not there', () => {
  const fib = fibOf([
    { prefix: network('10.2.0.0', 16), nextHop: ip('10.3.1.1'), distance: 1 },
    { prefix: network('10.3.0.0', 16), nextHop: ip('10.2.1.1'), distance: 1 },
  ]);
  assert.deepEqual(routesFor(fib, ip('10.2.9.9')), { routes: [], certain: false });
});

test('a way out of a circle leaves all of it open: there, not there, or dropped', () => {
  const fib = fibOf([
    { prefix: network('10.2.0.0', 16), nextHop: ip('10.3.1.1'), distance: 1 },
    { prefix: network('10.3.0.0', 16), nextHop: ip('10.2.1.1'), distance: 1 },
    { prefix: network('0.0.0.0', 0), nextHop: ip('192.0.2.1'), distance: 1 },
  ]);
  const { routes: found } = routesFor(fib, ip('10.2.9.9'));
  assert.deepEqual(
    found.map(({ prefix, action, uncertain }) => [prefix.length, action.kind, uncertain]),
    [
      [16, 'either', 'the next hop of 10.2.0.0/16 leads in a circle over other static routes'],
      [16, 'discard', 'the next hop of 10.2.0.0/16 leads in a circle over other static routes'],
      [0, 'forward', undefined],
    ],
  );
});

test('a route whose next hop is behind a route that may be gone has each way that it may have', () => {
  const device = deviceOf(`${links()}
ip route 10.3.0.0 255.255.0.0 10.2.1.1
ip route 10.2.0.0 255.255.0.0 192.0.2.1 track 1
ip route 10.0.0.0 255.0.0.0 198.51.100.1
`);
  const { routes: found } = routesFor(buildFibs(device).get(DEFAULT_VRF) as Fib, ip('10.3.9.9'));
  assert.deepEqual(
    found.map((entry) => [entry.prefix.length, ...exitsOf(entry), entry.uncertain]),
    [
      [16, 'GigabitEthernet0/0>192.0.2.1', 'track 1'],
      [16, 'GigabitEthernet0/1>198.51.100.1', 'track 1'],
      [8, 'GigabitEthernet0/1>198.51.100.1', undefined],
    ],
  );
});

test('long chains and large circles are read at once', () => {
  const hop = (at: number) => `10.${at >>> 8}.${at & 255}.1`;
  const line = (at: number, to: string) => `ip route 10.${at >>> 8}.${at & 255}.0 255.255.255.0 ${to}`;
  const count = 20_000;
  const chain = Array.from({ length: count }, (_, at) => line(at, at === 0 ? '192.0.2.1' : hop(at - 1)));
  const inChain = buildFibs(deviceOf(`${links(2)}\n${chain.join('\n')}\n`)).get(DEFAULT_VRF) as Fib;
  const last = routesFor(inChain, ip(hop(count - 1)));
  assert.deepEqual(last.routes.flatMap(exitsOf), ['GigabitEthernet0/0>192.0.2.1']);
  assert.equal(last.certain, true);
  const circle = Array.from({ length: count }, (_, at) => line(at, hop((at + 1) % count)));
  const text = `${links(2)}\nip route 0.0.0.0 0.0.0.0 192.0.2.1\n${circle.join('\n')}\n`;
  const inCircle = routesFor(buildFibs(deviceOf(text)).get(DEFAULT_VRF) as Fib, ip(hop(7)));
  assert.deepEqual(
    inCircle.routes.map(({ uncertain }) => uncertain !== undefined),
    [true, true, false],
  );
});

function ip(text: string): Ip {
  return parseIp(text) as Ip;
}

function network(text: string, length: number): Prefix {
  return prefixOf(ip(text), length);
}

function links(count = LINKS.length): string {
  return LINKS.slice(0, count)
    .map(({ name, own }) => `interface ${name}\n ip address ${own} 255.255.255.0\n!`)
    .join('\n');
}

function maskText(length: number): string {
  return formatIp(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);
}

function fibOf(table: readonly Route[]): Fib {
  const lines = table.map(
    ({ prefix, nextHop, distance }) =>
      `ip route ${formatIp(prefix.ip)} ${maskText(prefix.length)} ${nextHop === 'nowhere' ? 'Null0' : formatIp(nextHop)} ${distance}`,
  );
  // The last line keeps a table without routes from getting a default route that is assumed.
  const text = [links(), ...lines, 'ip route 192.168.255.255 255.255.255.255 Null0', ''].join('\n');
  return buildFibs(deviceOf(text)).get(DEFAULT_VRF) as Fib;
}

/** What a route of the played table has: the ends that its packets come to. */
type State = ReadonlyMap<Route, ReadonlySet<string>>;
type Resolves = (state: State, route: Route) => ReadonlySet<string> | undefined;

/** The tables that a device has once it had time to settle; more than one, where it never does. */
function* playedStates(table: readonly Route[], resolves: Resolves, dice: Iterator<number>): Generator<State> {
  const state = new Map<Route, ReadonlySet<string>>();
  for (let round = 0; round < SETTLING_ROUNDS + 3; round += 1) {
    // Every route gets its turn in every round, in an order of its own.
    const left = [...table];
    while (left.length > 0) {
      const [picked] = left.splice((dice.next().value as number) % left.length, 1) as [Route];
      const found = resolves(state, picked);
      if (found === undefined) state.delete(picked);
      else state.set(picked, found);
      if (round >= SETTLING_ROUNDS) yield new Map(state);
    }
  }
}

/** More than the longest chain of routes. */
const SETTLING_ROUNDS = 9;

function linkOf(dst: Ip): string | undefined {
  return LINKS.find(({ prefix }) => prefixContains(prefix, dst))?.name;
}

/** The installed routes that decide for a destination; `link` where a connected network does. */
function bestOf(installed: Iterable<Route>, dst: Ip): readonly Route[] | 'link' {
  const holding = [...installed].filter(({ prefix }) => prefixContains(prefix, dst));
  const length = Math.max(-1, ...holding.map(({ prefix }) => prefix.length));
  const link = LINKS.find(({ prefix }) => prefixContains(prefix, dst));
  if (link !== undefined && link.prefix.length >= length) return 'link';
  const longest = holding.filter(({ prefix }) => prefix.length === length);
  const distance = Math.min(...longest.map((one) => one.distance));
  return longest.filter((one) => one.distance === distance);
}

/** A device that follows next hops to the end, and takes no route that would lead back to itself. */
function resolvesToTheEnd(state: State, route: Route): ReadonlySet<string> | undefined {
  const installed = new Set([...state.keys(), route]);
  const ends = new Set<string>();
  const walk = (at: Route, path: readonly Route[]): void => {
    if (at.nextHop === 'nowhere') {
      ends.add('drop');
      return;
    }
    const best = bestOf(installed, at.nextHop);
    if (best === 'link') ends.add(`${linkOf(at.nextHop)}>${formatIp(at.nextHop)}`);
    else for (const next of best) if (!path.includes(next)) walk(next, [...path, next]);
  };
  walk(route, [route]);
  return ends.size === 0 ? undefined : ends;
}

/** A device that looks at the one route to the next hop, and copies what that one has now. */
function resolvesByOneStep(state: State, route: Route): ReadonlySet<string> | undefined {
  if (route.nextHop === 'nowhere') return new Set(['drop']);
  const best = bestOf(new Set([...state.keys(), route]), route.nextHop);
  if (best === 'link') return new Set([`${linkOf(route.nextHop)}>${formatIp(route.nextHop)}`]);
  if (best.some(({ prefix: { ip: first, length } }) => first === route.prefix.ip && length === route.prefix.length)) {
    return undefined;
  }
  const ends = new Set(best.flatMap((next) => [...(state.get(next) ?? [])]));
  return ends.size === 0 ? undefined : ends;
}

/** The same, of a device that never takes the default route for the one to a next hop. */
function resolvesButOverDefault(state: State, route: Route): ReadonlySet<string> | undefined {
  const best = route.nextHop === 'nowhere' ? 'link' : bestOf(new Set([...state.keys(), route]), route.nextHop);
  return best !== 'link' && best[0]?.prefix.length === 0 ? undefined : resolvesByOneStep(state, route);
}

function forwarded(state: State, dst: Ip): ReadonlySet<string> {
  const best = bestOf(state.keys(), dst);
  if (best === 'link') return new Set([`${linkOf(dst)}>connected`]);
  const ends = new Set(best.flatMap((one) => [...(state.get(one) as ReadonlySet<string>)]));
  // Equal routes share the packets, and those that go to nowhere do not count beside others.
  if (ends.size > 1) ends.delete('drop');
  return ends.size === 0 ? new Set(['none']) : ends;
}

function exitsOf({ action }: FibEntry): readonly string[] {
  if (action.kind === 'discard') return ['drop'];
  if (action.kind === 'receive' || action.kind === 'connected') return [`${action.iface.name}>connected`];
  return action.nextHops.map((hop) => `${hop.iface?.name}>${hop.gateway === undefined ? '' : formatIp(hop.gateway)}`);
}

function agrees(fib: Fib, dst: Ip, played: ReadonlySet<string>, table: readonly Route[]): void {
  const { routes: possible, certain } = routesFor(fib, dst);
  const claimed = new Set([...possible.flatMap(exitsOf), ...(certain ? [] : ['none'])]);
  const words = `${formatIp(dst)} over ${JSON.stringify(table)}: played ${[...played]}, claimed ${[...claimed]}`;
  // A way out by an interface that is not named may be any.
  const any = claimed.has('undefined>');
  for (const end of played) assert.ok(claimed.has(end) || (any && end !== 'none'), words);
  if (certain && possible.length === 1) assert.deepEqual([...played].sort(), [...claimed].sort(), words);
}

/** Whether some route's next hop may lead to that route again, if all routes were there. */
function mayLeadBack(table: readonly Route[]): boolean {
  const after = (one: Route) =>
    table.filter(({ prefix }) => one.nextHop !== 'nowhere' && prefixContains(prefix, one.nextHop));
  return table.some((start) => {
    const seen = new Set<Route>();
    const queue = [...after(start)];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...after(next));
    }
    return seen.has(start);
  });
}
