import { lengthOfMask, prefixOf } from '../../net/prefix.js';
import { Protocol } from '../../net/protocols.js';
import { StatementState } from '../../text/statements.js';
import { keywordOf, type Words } from '../common/words.js';
import type { IosDynamicNat, IosNatAddress, IosNatPool, IosNatRule, IosStaticNat } from './nat-config.js';
import { portOf } from './port-names.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import { portNames } from './services.js';

/** Reads the global `ip nat ...` statements; the words stand behind `nat`. */
export function readNatStatement(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  const kind = keywordOf(words.take() ?? '', [
    'inside',
    'outside',
    'source',
    'pool',
    'translation',
    'log',
    'service',
  ] as const);
  if (kind === undefined || words.done || kind === 'translation' || kind === 'log' || kind === 'service') {
    return NOT_MINE;
  }
  if (kind === 'pool') return readPool(reader, negated);
  const at = words.stop;
  const what = kind === 'source' ? 'source' : keywordOf(words.take() ?? '', ['source', 'destination'] as const);
  if (what === undefined) {
    words.rewind(at);
    return NOT_MINE;
  }
  if (reader.context !== 'global') reader.leave();
  if (negated) {
    remove(reader);
    return StatementState.modelled;
  }
  const isStatic = words.accept('static', 2);
  if (kind === 'source') {
    referAll(words, reader);
    doubt(reader, 'enable', true, isStatic);
    return StatementState.unmodelled;
  }
  const rule = isStatic ? readStatic(reader, kind, what) : readDynamic(reader, kind, what);
  if (rule !== undefined) {
    reader.config.nat.rules.push(rule);
    return StatementState.modelled;
  }
  words.rewind(at);
  referAll(words, reader);
  doubt(reader, 'inside-outside', what === 'source', true);
  reader.noteUnread();
  return StatementState.unknown;
}

/** `no ip nat ...` takes the statement away that begins with the same words. */
function remove(reader: Reader): void {
  const text = plain(reader.line().replace(/^(?:no|default)\s+/i, ''));
  const isNamed = ({ origin }: { readonly origin: { readonly label: string } }): boolean => {
    const own = plain(origin.label);
    return own === text || own.startsWith(`${text} `);
  };
  for (const list of [reader.config.nat.rules, reader.config.nat.doubts]) {
    for (let at = list.length - 1; at >= 0; at -= 1) if (isNamed(list[at] as IosNatRule)) list.splice(at, 1);
  }
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

function doubt(reader: Reader, between: 'inside-outside' | 'enable', source: boolean, destination: boolean): void {
  reader.config.nat.doubts.push({ between, source, destination, origin: reader.lineOrigin() });
}

/** Notes what a statement that is not read further names. */
function referAll(words: Words, reader: Reader): void {
  while (words.next()) {
    if (words.is('list', 1) && words.next()) reader.refer('acl');
    else if (words.is('route-map', 6) && words.next()) reader.refer('route-map');
    else if (words.is('vrf') && words.next()) reader.refer('vrf');
  }
}

/** `[tcp|udp] LOCAL [PORT] GLOBAL|interface IF [PORT]`, `network LOCAL GLOBAL /LENGTH|MASK`, and options. */
function readStatic(reader: Reader, side: 'inside' | 'outside', what: string): IosStaticNat | undefined {
  const { words } = reader;
  if (what !== 'source') return undefined;
  const isNetwork = words.accept('network', 1);
  const protocol = words.accept('tcp', 1) ? Protocol.tcp : words.accept('udp', 1) ? Protocol.udp : undefined;
  const own = takeAddress(words, protocol);
  const alias = own === undefined ? undefined : takeAddress(words, protocol);
  if (own?.ip === undefined || alias === undefined) return undefined;
  let length = 32;
  if (isNetwork) {
    const written = words.take();
    const mask = written?.startsWith('/') ? Number(written.slice(1)) : lengthOfMask(words.ip() ?? -1);
    if (mask === undefined || !(mask >= 0 && mask <= 32) || alias.ip === undefined || protocol !== undefined) {
      return undefined;
    }
    length = mask;
  }
  const options = takeOptions(reader);
  if (options === undefined) return undefined;
  const base = (address: IosNatAddress): IosNatAddress =>
    address.ip === undefined ? address : { ...address, ip: prefixOf(address.ip, length).ip };
  const { overload: _, ...rest } = options;
  return {
    kind: 'static',
    side,
    protocol,
    own: base(own),
    alias: base(alias),
    length,
    ...rest,
    origin: reader.lineOrigin(),
  };
}

function takeAddress(words: Words, protocol: number | undefined): IosNatAddress | undefined {
  let iface: string | undefined;
  const ip = words.takeIp();
  if (ip === undefined) {
    iface = words.accept('interface', 3) ? takeInterface(words) : undefined;
    if (iface === undefined) return undefined;
  }
  if (protocol === undefined) return { ip, iface, port: undefined };
  const port = words.takeNumber() ?? (words.next() ? portOf(words.word(), portNames(protocol)) : undefined);
  return port === undefined ? undefined : { ip, iface, port };
}

/** `GigabitEthernet0/0`, and `GigabitEthernet 0/0`. */
function takeInterface(words: Words): string | undefined {
  const name = words.take();
  if (name === undefined || /\d/.test(name)) return name;
  const number = words.take();
  return number === undefined ? undefined : name + number;
}

/** `list|route-map NAME pool|interface NAME [overload]`, and options. */
function readDynamic(reader: Reader, side: 'inside' | 'outside', what: string): IosDynamicNat | undefined {
  const { words } = reader;
  const kind = words.accept('list', 1) ? 'list' : words.accept('route-map', 6) ? 'route-map' : undefined;
  if (kind === undefined || !words.next()) return undefined;
  const condition = { kind, name: words.word() } as const;
  const { start } = words;
  const targetKind = words.accept('pool', 1) ? 'pool' : words.accept('interface', 3) ? 'interface' : undefined;
  const target = targetKind === 'interface' ? takeInterface(words) : words.take();
  if (targetKind === undefined || target === undefined) return undefined;
  if ((side === 'outside' || what === 'destination') && targetKind !== 'pool') return undefined;
  if (side === 'outside' && what === 'destination') return undefined;
  const options = takeOptions(reader);
  if (options === undefined || options.routeMap !== undefined) return undefined;
  const end = words.stop;
  words.rewind(start);
  if (words.next()) reader.refer(kind === 'list' ? 'acl' : 'route-map');
  words.rewind(end);
  return {
    kind: 'dynamic',
    side,
    field: what === 'source' ? 'source' : 'destination',
    condition,
    target: { kind: targetKind, name: target },
    overload: options.overload,
    vrf: options.vrf,
    matchInVrf: options.matchInVrf,
    origin: reader.lineOrigin(),
  };
}

interface NatOptions {
  readonly vrf: string | undefined;
  readonly matchInVrf: boolean;
  readonly routeMap: string | undefined;
  readonly overload: boolean;
  readonly addRoute: boolean;
}

/** Options that change nothing about where a packet goes: aliases in ARP, payloads, redundancy. */
const WITHOUT_EFFECT = ['extendable', 'forced', 'no-alias', 'no-payload', 'reversible'] as const;

/** What may stand at the end of a statement; undefined where something is not understood. */
function takeOptions(reader: Reader): NatOptions | undefined {
  const { words } = reader;
  let vrf: string | undefined;
  let matchInVrf = false;
  let routeMap: string | undefined;
  let overload = false;
  let addRoute = false;
  while (words.next()) {
    if (words.is('vrf', 1)) {
      if (!words.next()) return undefined;
      vrf = words.word();
      reader.refer('vrf');
    } else if (words.is('match-in-vrf', 5)) {
      matchInVrf = true;
    } else if (words.is('route-map', 6)) {
      if (!words.next()) return undefined;
      routeMap = words.word();
      reader.refer('route-map');
    } else if (words.is('overload', 1)) {
      overload = true;
    } else if (words.is('add-route', 3)) {
      addRoute = true;
    } else if (words.is('mapping-id', 7) || words.is('redundancy', 3)) {
      if (!words.next()) return undefined;
    } else if (keywordOf(words.word(), WITHOUT_EFFECT) === undefined) {
      return undefined;
    }
  }
  return { vrf, matchInVrf, routeMap, overload, addRoute };
}

/**
 * `ip nat pool NAME FIRST LAST netmask MASK|prefix-length N [type rotary|match-host] ...`; without
 * addresses it opens a block of `address FIRST LAST` lines.
 */
function readPool(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const name = words.take();
  if (name === undefined) return NOT_MINE;
  if (reader.context !== 'global') reader.leave();
  if (negated) {
    config.nat.pools.delete(name);
    return StatementState.modelled;
  }
  const first = words.takeIp();
  const last = first === undefined ? undefined : words.takeIp();
  if (first !== undefined && last === undefined) return unreadPool(reader, name);
  if (first !== undefined && last !== undefined) {
    config.nat.pools.set(name, { ranges: [{ first: Math.min(first, last), last: Math.max(first, last) }] });
    return StatementState.modelled;
  }
  if (!words.accept('netmask', 1) && !words.accept('prefix-length', 2)) return unreadPool(reader, name);
  const pool: IosNatPool = config.nat.pools.get(name) ?? { ranges: [] };
  config.nat.pools.set(name, pool);
  reader.enter('other-block');
  config.nat.open = { row: reader.row, pool };
  return StatementState.modelled;
}

/** A pool that is not understood is none that is known: what takes its addresses from it may take any. */
function unreadPool(reader: Reader, name: string): LineResult {
  reader.config.nat.pools.delete(name);
  reader.noteUnread();
  return StatementState.unknown;
}

/** Reads `address FIRST LAST` in the block of a pool. */
export function readPoolLine(reader: Reader): LineResult {
  const { open } = reader.config.nat;
  if (open === undefined || open.row !== reader.openerRow) return NOT_MINE;
  const negated = reader.begin();
  const { words } = reader;
  if (!words.accept('address', 1)) return NOT_MINE;
  const first = words.takeIp();
  const last = first === undefined ? undefined : words.takeIp();
  if (first === undefined || last === undefined) return NOT_MINE;
  const { ranges } = open.pool;
  if (negated) {
    const at = ranges.findIndex((range) => range.first === first && range.last === last);
    if (at !== -1) ranges.splice(at, 1);
  } else {
    ranges.push({ first: Math.min(first, last), last: Math.max(first, last) });
  }
  return StatementState.modelled;
}
