import { formatIp, hasPorts, TCP, UDP } from '../support/packet.js';
import type { Base, Chain, Outcome, Rule, Ruleset, Table, World } from '../support/reference.js';
import { addressOn } from '../support/router.js';
import type { Aim } from './aim.js';
import { hasConnection, MARK_MASKS, MARKS } from './iptables-matches.js';
import { translateDestination, translateSource } from './iptables-targets.js';
import { DESTINATION, MARK, SOURCE, TCP_PORT } from './nft-fields.js';
import { disjoint, find, keyOf, Names, randomKey, randomMatch, textOf } from './nft-matches.js';

type Forwarding = 'prerouting' | 'forward' | 'postrouting';

/** A piece of a rule: it goes on with the next piece, breaks the rule off, or decides. */
interface Piece {
  readonly text: string;
  run(world: World): Outcome | 'next' | 'break';
}

interface Place {
  readonly table: string;
  readonly hook: Forwarding;
  readonly priority: number;
  readonly translates: boolean;
  /** The chains that may be called: those made before. */
  readonly callable: readonly string[];
}

/** A random firewall in the language of nftables. */
export function randomNftables(aim: Aim): Ruleset & { readonly text: string } {
  const { random } = aim;
  const names = random.chance(40) ? ['inet fw', 'ip more'] : [random.pick(['inet fw', 'ip fw'])];
  const defines: string[] = [];
  const epilogue: string[] = [];
  const used = new Set<string>();
  const tables = names.map((name): Table => {
    const known = new Names(name);
    const chains = randomChains(aim, known, name, used);
    defines.push(...known.defines);
    epilogue.push(...known.epilogue);
    return { name, chains, prelude: known.prelude };
  });
  const ruleset: Ruleset = { language: 'nftables', tables, sets: '', defines, epilogue, isCommands: random.chance(25) };
  return { ...ruleset, text: printNftables(ruleset) };
}

/** The file that `nft -f` takes: tables in blocks, or commands one by one. */
export function printNftables({ tables, defines = [], epilogue = [], isCommands = false }: Ruleset): string {
  const lines = ['flush ruleset', '', ...defines];
  for (const { name, chains, prelude } of tables) {
    lines.push('', `table ${name} {`, ...prelude);
    // Chains that are called stand before their callers, as nft itself lists some of them; either order is taken.
    if (!isCommands) for (const chain of chains) lines.push(...printChain(chain));
    lines.push('}');
    if (!isCommands) continue;
    for (const chain of chains) {
      lines.push(`add chain ${name} ${chain.name}${chain.base === undefined ? '' : ` { ${headOf(chain.base)} }`}`);
      // `add` may be left out.
      for (const rule of chain.rules)
        lines.push(`${chain.rules.length > 2 ? 'add ' : ''}rule ${name} ${chain.name} ${rule.text}`);
    }
  }
  return [...lines, ...epilogue, ''].join('\n');
}

function printChain({ name, base, rules }: Chain): string[] {
  const head = base === undefined ? [] : [`    ${headOf(base)}`];
  return [`  chain ${name} {`, ...head, ...rules.map((rule) => `    ${rule.text}`), '  }'];
}

function headOf({ hook, priority, translates, policy }: Base): string {
  const names = PRIORITY_NAMES[hook as Forwarding];
  const name = names.find(([, value]) => value === priority)?.[0] ?? nearName(names, priority);
  return `type ${translates ? 'nat' : 'filter'} hook ${hook} priority ${name}; policy ${policy};`;
}

const PRIORITY_NAMES: Readonly<Record<Forwarding, readonly (readonly [string, number])[]>> = {
  prerouting: [
    ['raw', -300],
    ['mangle', -150],
    ['dstnat', -100],
    ['filter', 0],
  ],
  forward: [
    ['filter', 0],
    ['security', 50],
  ],
  postrouting: [
    ['mangle', -150],
    ['srcnat', 100],
    ['security', 50],
  ],
};

function nearName(names: readonly (readonly [string, number])[], priority: number): string {
  const near = names.find(([, value]) => Math.abs(value - priority) <= 10);
  if (near === undefined) return String(priority);
  const distance = priority - near[1];
  return `${near[0]} ${distance < 0 ? '-' : '+'} ${Math.abs(distance)}`;
}

interface Kind {
  readonly name: string;
  readonly hook: Forwarding;
  readonly priorities: readonly number[];
  readonly translates: boolean;
  readonly percent: number;
}

const KINDS: readonly Kind[] = [
  { name: 'early', hook: 'prerouting', priorities: [-300, -290, -201], translates: false, percent: 20 },
  { name: 'marks', hook: 'prerouting', priorities: [-150, -199, -110], translates: false, percent: 30 },
  { name: 'pre', hook: 'prerouting', priorities: [0, -50, -99, 10], translates: false, percent: 15 },
  { name: 'nat-in', hook: 'prerouting', priorities: [-100, -90, 0], translates: true, percent: 35 },
  { name: 'forward', hook: 'forward', priorities: [0, 0, -5, 5], translates: false, percent: 95 },
  { name: 'later', hook: 'forward', priorities: [10, 50, 100], translates: false, percent: 30 },
  { name: 'post', hook: 'postrouting', priorities: [-150, 0, 50, 200], translates: false, percent: 20 },
  { name: 'nat-out', hook: 'postrouting', priorities: [100, 90, 0], translates: true, percent: 35 },
];

function randomChains(aim: Aim, names: Names, table: string, used: Set<string>): Chain[] {
  return KINDS.flatMap((kind): Chain[] => {
    if (!aim.random.chance(kind.percent)) return [];
    // Which of two chains of one priority runs first is nobody's promise.
    const free = kind.priorities.filter((one) => !used.has(`${kind.hook} ${kind.translates} ${one}`));
    if (free.length === 0) return [];
    const priority = aim.random.pick(free);
    used.add(`${kind.hook} ${kind.translates} ${priority}`);
    return chainsOf(aim, names, table, kind, priority);
  });
}

/** A base chain and those that only it calls. */
function chainsOf(aim: Aim, names: Names, table: string, kind: Kind, priority: number): Chain[] {
  const { random } = aim;
  const { hook, translates } = kind;
  const filters = kind.name === 'forward';
  const most = filters ? 10 : 4;
  const called: Chain[] = [];
  const place = (): Place => ({ table, hook, priority, translates, callable: called.map(({ name }) => name) });
  const rules = () => random.list(0, most, () => randomRule(aim, names, place()));
  for (let left = random.between(0, filters ? 4 : 2); left > 0; left -= 1) {
    called.push({ name: names.next(`${kind.name}-`), rules: rules() });
  }
  const policy = random.chance(filters ? 50 : translates ? 0 : 5) ? 'drop' : 'accept';
  const base: Base = { hook, priority, translates, policy };
  return [...called, { name: kind.name, base, rules: rules() }];
}

function randomRule(aim: Aim, names: Names, place: Place): Rule {
  const { random } = aim;
  const pieces: Piece[] = [];
  // nft refuses a rule that asks one packet for two protocols.
  const add = (piece: Piece): void => {
    const all = [...pieces, piece];
    const demanded = new Set(all.flatMap(demands));
    if (demanded.size < 2 && all.filter(({ text }) => INEQUALITY.test(text)).length < 2) pieces.push(piece);
  };
  for (let left = random.pick([0, 1, 1, 2, 2, 3]); left > 0; left -= 1) {
    const part = randomMatch(aim, names);
    add({ text: part.text, run: (world: World) => (part.holds(world) ? 'next' : 'break') });
  }
  if (random.chance(20)) add({ text: 'counter', run: () => 'next' });
  if (random.chance(5)) add({ text: 'log prefix "a drop: { "', run: () => 'next' });
  if (!place.translates && random.chance(place.hook === 'forward' ? 10 : 60)) {
    add(marking(aim, place));
    if (random.chance(50)) return ruleOf(pieces);
  }
  add(verdict(aim, names, place));
  return ruleOf(pieces.length > 0 ? pieces : [decides('counter', { kind: 'continue' })]);
}

/**
 * nft 1.0.6 makes one comparison of two that stand side by side in four bytes of a header, of `!=` too, which
 * then holds where either of them does. What it says of such a rule depends on its release.
 */
const INEQUALITY = /\b(?:[sd]port|icmp (?:type|code)) != /;

/** The protocols that a piece of a rule asks for. */
function demands({ text }: Piece): string[] {
  if (text.includes('tcp reset')) return ['tcp'];
  const whole =
    /^(?:meta l4proto|ip protocol) (?:== )?(tcp|udp|sctp|icmp)(?: [ds]nat.*| redirect.*| masquerade.*)?$/.exec(text);
  if (whole !== null) return [whole[1] as string];
  const fields = [...text.matchAll(/\b(tcp|udp|sctp|icmp|th) (?:dport|sport|flags|type|code)\b/g)];
  if (fields.length > 0) return fields.map((match) => match[1] as string);
  return /\b(?:meta l4proto|ip protocol)\b/.test(text) ? [`some of ${text}`] : [];
}

function ruleOf(pieces: readonly Piece[]): Rule {
  return {
    text: pieces.map((piece) => piece.text).join(' '),
    run(world) {
      for (const piece of pieces) {
        const answer = piece.run(world);
        if (answer === 'break') return { kind: 'continue' };
        if (answer !== 'next') return answer;
      }
      return { kind: 'continue' };
    },
  };
}

function decides(text: string, outcome: Outcome): Piece {
  return { text, run: () => outcome };
}

/** A verdict without a condition, as it stands alone or in a verdict map. */
function plain(aim: Aim, place: Place): Piece {
  const { random } = aim;
  const choice = random.between(1, 100);
  if (place.callable.length > 0 && choice <= 30) {
    const kind = random.chance(75) ? 'jump' : 'goto';
    const chain = random.pick(place.callable);
    return decides(`${kind} ${chain}`, { kind, chain });
  }
  if (choice <= 38) return decides('return', { kind: 'return' });
  if (choice <= 41) return decides('continue', { kind: 'continue' });
  if (choice <= 75 || place.translates) return decides('accept', { kind: 'accept' });
  return decides('drop', { kind: 'drop' });
}

function verdict(aim: Aim, names: Names, place: Place): Piece {
  const { random } = aim;
  if (place.translates && random.chance(75)) return place.hook === 'prerouting' ? dnat(aim, place) : snat(aim, place);
  if (random.chance(20)) return verdictMap(aim, names, place);
  if (place.hook === 'forward' && random.chance(10)) {
    const how = random.pick(['', ' with icmp type host-prohibited', ' with icmpx type admin-prohibited']);
    if (how.includes('icmpx') && place.table.startsWith('ip ')) return decides('reject', { kind: 'drop' });
    return decides(`reject${how}`, { kind: 'drop' });
  }
  if (place.hook === 'forward' && random.chance(4)) {
    // It holds for TCP alone, as if `meta l4proto tcp` stood before it.
    const run = ({ packet }: World) => (packet.protocol === TCP ? ({ kind: 'drop' } as const) : 'break');
    return { text: 'reject with tcp reset', run };
  }
  return plain(aim, place);
}

function verdictMap(aim: Aim, names: Names, place: Place): Piece {
  const { random } = aim;
  const fields = randomKey(aim);
  const pairs = disjoint(aim, fields, 1, 5).map((element) => [element, plain(aim, place)] as const);
  const run = (world: World) => {
    const found = find(world, fields, pairs);
    return found === undefined || found === 'absent' ? 'break' : found.run(world);
  };
  const list = `{ ${pairs.map(([element, piece]) => `${textOf(element)} : ${piece.text}`).join(', ')} }`;
  const calls = pairs.some(([, piece]) => piece.text.startsWith('jump') || piece.text.startsWith('goto'));
  const nameable = !calls && fields.every((field) => field.type !== 'fib_addrtype');
  if (random.chance(60) || !nameable) return { text: `${keyOf(fields)} vmap ${list}`, run };
  const name = names.next('vmap');
  const ranges = pairs.some(([element]) => element.some((span) => span.first !== span.last));
  const type = fields.map((field) => field.type).join(' . ');
  names.prelude.push(
    `  map ${name} {`,
    `    type ${type} : verdict`,
    ...(ranges ? ['    flags interval'] : []),
    `    elements = ${list}`,
    '  }',
  );
  return { text: `${keyOf(fields)} vmap @${name}`, run };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** What changes marks, or exempts from tracking where that has not been yet. */
function marking(aim: Aim, place: Place): Piece {
  const { random } = aim;
  const value = random.pick(MARKS);
  const mask = random.pick(MARK_MASKS);
  const does = (text: string, effect: (world: World) => void): Piece => ({
    text,
    run(world) {
      effect(world);
      return 'next';
    },
  });
  const set = (text: string, change: (mark: number) => number) =>
    does(text, (world) => {
      world.mark = change(world.mark) >>> 0;
    });
  if (place.hook === 'prerouting' && place.priority < -200 && random.chance(40)) {
    return does('notrack', (world) => {
      if (world.tracked === 'none') world.tracked = 'untracked';
    });
  }
  switch (random.between(1, 9)) {
    case 1:
      return set(`meta mark set meta mark | ${hex(value)}`, (mark) => mark | value);
    case 2:
      return set(`meta mark set mark and ${hex(value)}`, (mark) => mark & value);
    case 3:
      return set(`meta mark set meta mark ^ ${hex(value)}`, (mark) => mark ^ value);
    case 4:
      return does(`ct mark set ${hex(value)}`, (world) => {
        if (hasConnection(world)) world.connectionMark = value;
      });
    case 5: {
      const masked = mask === 0xffffffff ? '' : ` & ${hex(mask)}`;
      return does(`ct mark set meta mark${masked}`, (world) => {
        if (hasConnection(world)) world.connectionMark = (world.mark & mask) >>> 0;
      });
    }
    case 6:
      return {
        text: 'meta mark set ct mark',
        run(world) {
          if (!hasConnection(world)) return 'break';
          world.mark = world.connectionMark;
          return 'next';
        },
      };
    case 7: {
      const field = random.pick([TCP_PORT, SOURCE, DESTINATION, MARK]);
      const pairs = disjoint(aim, [field], 1, 4).map((element) => [element, random.pick(MARKS)] as const);
      return {
        text: `meta mark set ${field.text} map { ${pairs.map(([one, to]) => `${textOf(one)} : ${hex(to)}`).join(', ')} }`,
        run(world) {
          const found = find(world, [field], pairs);
          if (found === undefined || found === 'absent') return 'break';
          world.mark = found;
          return 'next';
        },
      };
    }
    default:
      return set(`meta mark set ${hex(value)}`, () => value);
  }
}

/** `tcp dport 80 dnat to A:P`: ports may be given only behind a protocol that has them. */
function service(aim: Aim): { readonly port: number; readonly guard: string; has(world: World): boolean } | undefined {
  const { random } = aim;
  if (!random.chance(40)) return undefined;
  const port = Math.max(1, aim.port());
  return random.pick([
    { port, guard: 'meta l4proto tcp', has: ({ packet }: World) => packet.protocol === TCP },
    { port, guard: 'ip protocol udp', has: ({ packet }: World) => packet.protocol === UDP },
    { port, guard: 'meta l4proto { tcp, udp }', has: ({ packet }: World) => [TCP, UDP].includes(packet.protocol) },
    { port, guard: 'meta l4proto { tcp, udp, sctp }', has: ({ packet }: World) => hasPorts(packet.protocol) },
  ]);
}

function guarded(wanted: ReturnType<typeof service>, text: string, run: (world: World) => Outcome): Piece {
  if (wanted === undefined) return { text, run };
  return { text: `${wanted.guard} ${text}`, run: (world) => (wanted.has(world) ? run(world) : 'break') };
}

function dnat(aim: Aim, place: Place): Piece {
  const { random } = aim;
  const to = place.table.startsWith('inet') ? 'dnat ip to' : 'dnat to';
  const wanted = service(aim);
  const port = wanted === undefined ? '' : `:${wanted.port}`;
  if (random.chance(20)) {
    const text = wanted === undefined ? 'redirect' : `redirect to ${port}`;
    return guarded(wanted, text, (world) =>
      translateDestination(world, addressOn(world.router, world.in), wanted?.port),
    );
  }
  if (random.chance(25)) return mapped(aim, to, translateDestination);
  const address = aim.address();
  return guarded(wanted, `${to} ${formatIp(address)}${port}`, (world) =>
    translateDestination(world, address, wanted?.port),
  );
}

function snat(aim: Aim, place: Place): Piece {
  const { random } = aim;
  const to = place.table.startsWith('inet') ? 'snat ip to' : 'snat to';
  const wanted = service(aim);
  const port = wanted === undefined ? '' : `:${wanted.port}`;
  if (random.chance(40)) {
    const text = wanted === undefined ? 'masquerade' : `masquerade to ${port}`;
    return guarded(wanted, text, (world) =>
      translateSource(world, addressOn(world.router, world.out as string), wanted?.port),
    );
  }
  if (random.chance(25)) return mapped(aim, to, translateSource);
  const address = aim.address();
  return guarded(wanted, `${to} ${formatIp(address)}${port}`, (world) => translateSource(world, address, wanted?.port));
}

function mapped(aim: Aim, to: string, translate: typeof translateSource): Piece {
  const field = aim.random.pick([TCP_PORT, SOURCE, DESTINATION]);
  const pairs = disjoint(aim, [field], 1, 4).map((element) => [element, aim.address()] as const);
  const list = pairs.map(([element, address]) => `${textOf(element)} : ${formatIp(address)}`).join(', ');
  return {
    text: `${to} ${field.text} map { ${list} }`,
    run(world) {
      const found = find(world, [field], pairs);
      return found === undefined || found === 'absent' ? 'break' : translate(world, found, undefined);
    },
  };
}
