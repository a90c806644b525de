import { formatIp, hasPorts, maskOf, SCTP, TCP, UDP } from '../support/packet.js';
import type { Outcome, World } from '../support/reference.js';
import { addressOn } from '../support/router.js';
import type { Aim } from './aim.js';
import { hasConnection, MARK_MASKS, MARKS } from './iptables-matches.js';

/** A target: as it is written behind `-j`, with its options, and what it does. */
export interface Target {
  readonly text: string;
  /** The protocol that iptables demands of a rule with this target. */
  readonly protocol?: number;
  run(world: World): Outcome;
}

const CONTINUE: Outcome = { kind: 'continue' };
const TRANSLATED: Outcome = { kind: 'translated' };

/** What a table lets its rules do at one of its hooks. */
export function randomTarget(aim: Aim, table: string, hook: 'prerouting' | 'forward' | 'postrouting'): Target {
  const { random } = aim;
  if (table === 'nat') {
    if (random.chance(20)) return simple(random.pick(['ACCEPT', 'RETURN']));
    return hook === 'prerouting' ? destination(aim) : source(aim);
  }
  const choice = random.between(1, 100);
  if (table === 'filter' || table === 'security') {
    if (choice <= 45) return simple('ACCEPT');
    if (choice <= 65) return simple('DROP');
    if (choice <= 75 && table === 'filter') return reject(aim);
    if (choice <= 85) return simple('RETURN');
    return choice <= 95 ? simple('LOG', '--log-prefix "says: -j ACCEPT " --log-level 6') : { ...simple('CONTINUE') };
  }
  if (table === 'raw') {
    if (choice <= 35) return { text: random.pick(['-j CT --notrack', '-j NOTRACK']), run: untrack };
    if (choice <= 50) return simple('DROP');
    if (choice <= 70) return simple('ACCEPT');
    return choice <= 85 ? simple('RETURN') : setMark(aim);
  }
  if (choice <= 60) return setMark(aim);
  if (choice <= 75) return connectionMark(aim);
  if (choice <= 85) return simple('ACCEPT');
  return choice <= 90 ? simple('DROP') : simple('RETURN');
}

/** A target that only decides; `CONTINUE` is a rule without one. */
export function simple(word: string, options = ''): Target {
  const kinds = { ACCEPT: 'accept', DROP: 'drop', REJECT: 'drop', RETURN: 'return' } as const;
  const kind = kinds[word as keyof typeof kinds] ?? 'continue';
  const text = word === 'CONTINUE' ? '' : `-j ${word}${options === '' ? '' : ` ${options}`}`;
  return { text, run: () => ({ kind }) };
}

function reject(aim: Aim): Target {
  if (aim.random.chance(30)) return { ...simple('REJECT', '--reject-with tcp-reset'), protocol: TCP };
  const how = aim.random.pick(['icmp-port-unreachable', 'icmp-admin-prohibited', 'icmp-host-prohibited']);
  return simple('REJECT', aim.random.chance(30) ? '' : `--reject-with ${how}`);
}

function untrack(world: World): Outcome {
  if (world.tracked === 'none') world.tracked = 'untracked';
  return CONTINUE;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function setMark(aim: Aim): Target {
  const { random } = aim;
  const value = random.pick(MARKS);
  const mask = random.pick(MARK_MASKS);
  const set = (change: (mark: number) => number) => (world: World) => {
    world.mark = change(world.mark) >>> 0;
    return CONTINUE;
  };
  switch (random.between(1, 5)) {
    case 1:
      return {
        text: `-j MARK --set-xmark ${hex(value)}/${hex(mask)}`,
        run: set((mark) => (mark & ~mask) ^ value),
      };
    case 2:
      return { text: `-j MARK --or-mark ${hex(value)}`, run: set((mark) => mark | value) };
    case 3:
      return { text: `-j MARK --and-mark ${hex(value)}`, run: set((mark) => mark & value) };
    case 4:
      return {
        text: `-j MARK --set-mark ${hex(value)}/${hex(mask)}`,
        run: set((mark) => (mark & ~(value | mask)) ^ value),
      };
    default:
      return { text: `-j MARK --set-mark ${value}`, run: set(() => value) };
  }
}

/** Where there is no connection, there is no mark of it, and the target does nothing. */
function connectionMark(aim: Aim): Target {
  const { random } = aim;
  const value = random.pick(MARKS);
  const mask = random.pick(MARK_MASKS);
  const full = mask === 0xffffffff;
  const on = (change: (world: World) => void) => (world: World) => {
    if (hasConnection(world)) change(world);
    return CONTINUE;
  };
  switch (random.between(1, 3)) {
    case 1:
      return {
        text: `-j CONNMARK --set-xmark ${hex(value)}/${hex(mask)}`,
        run: on((world) => {
          world.connectionMark = ((world.connectionMark & ~mask) ^ value) >>> 0;
        }),
      };
    case 2:
      return {
        text: `-j CONNMARK --save-mark${full ? '' : ` --nfmask ${hex(mask)} --ctmask ${hex(mask)}`}`,
        run: on((world) => {
          world.connectionMark = ((world.connectionMark & ~mask) ^ (world.mark & mask)) >>> 0;
        }),
      };
    default:
      return {
        text: `-j CONNMARK --restore-mark${full ? '' : ` --nfmask ${hex(mask)} --ctmask ${hex(mask)}`}`,
        run: on((world) => {
          world.mark = ((world.mark & ~mask) ^ (world.connectionMark & mask)) >>> 0;
        }),
      };
  }
}

/** The effect of a translation of the destination, in whatever language it was written. */
export function translateDestination(world: World, address: number | undefined, port: number | undefined): Outcome {
  const before = [world.dst, world.dstPort];
  if (address !== undefined) world.dst = address;
  if (port !== undefined && hasPorts(world.packet.protocol)) world.dstPort = port;
  if (world.dst !== before[0] || world.dstPort !== before[1]) world.dstTranslated = true;
  return TRANSLATED;
}

/** The same of the source. */
export function translateSource(world: World, address: number | undefined, port: number | undefined): Outcome {
  const before = [world.src, world.srcPort];
  if (address !== undefined) world.src = address;
  if (port !== undefined && hasPorts(world.packet.protocol)) world.srcPort = port;
  if (world.src !== before[0] || world.srcPort !== before[1]) world.srcTranslated = true;
  return TRANSLATED;
}

function portOf(aim: Aim): { port: number; protocol: number } | undefined {
  if (!aim.random.chance(50)) return undefined;
  return { port: Math.max(1, aim.port()), protocol: aim.random.pick([TCP, TCP, UDP, SCTP]) };
}

function destination(aim: Aim): Target {
  const { random } = aim;
  const service = portOf(aim);
  const demands = service === undefined ? {} : { protocol: service.protocol };
  if (random.chance(15)) {
    return {
      text: service === undefined ? '-j REDIRECT' : `-j REDIRECT --to-ports ${service.port}`,
      ...(service === undefined ? {} : { protocol: service.protocol }),
      run: (world) => translateDestination(world, addressOn(world.router, world.in), service?.port),
    };
  }
  if (random.chance(15)) {
    const length = random.pick([16, 24, 28, 30]);
    const network = (aim.address() & maskOf(length)) >>> 0;
    return {
      text: `-j NETMAP --to ${formatIp(network)}/${length}`,
      run: (world) => translateDestination(world, ((world.dst & ~maskOf(length)) | network) >>> 0, undefined),
    };
  }
  if (service !== undefined && random.chance(15)) {
    return {
      text: `-j DNAT --to-destination :${service.port}`,
      ...demands,
      run: (world) => translateDestination(world, undefined, service.port),
    };
  }
  const address = aim.address();
  return {
    text: `-j DNAT --to-destination ${formatIp(address)}${service === undefined ? '' : `:${service.port}`}`,
    ...demands,
    run: (world) => translateDestination(world, address, service?.port),
  };
}

function source(aim: Aim): Target {
  const { random } = aim;
  const service = portOf(aim);
  const demands = service === undefined ? {} : { protocol: service.protocol };
  if (random.chance(35)) {
    return {
      text: service === undefined ? '-j MASQUERADE' : `-j MASQUERADE --to-ports ${service.port}`,
      ...demands,
      run: (world) => translateSource(world, addressOn(world.router, world.out as string), service?.port),
    };
  }
  if (random.chance(15)) {
    const length = random.pick([16, 24, 28, 30]);
    const network = (aim.address() & maskOf(length)) >>> 0;
    return {
      text: `-j NETMAP --to ${formatIp(network)}/${length}`,
      run: (world) => translateSource(world, ((world.src & ~maskOf(length)) | network) >>> 0, undefined),
    };
  }
  const address = aim.address();
  return {
    text: `-j SNAT --to-source ${formatIp(address)}${service === undefined ? '' : `:${service.port}`}`,
    ...demands,
    run: (world) => translateSource(world, address, service?.port),
  };
}
