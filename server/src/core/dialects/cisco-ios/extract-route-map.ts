import { DEFAULT_VRF } from '../../model/device.js';
import type { Ip } from '../../net/ip.js';
import { StatementState } from '../../text/statements.js';
import type { Words } from '../common/words.js';
import { knownLine } from './known-lines.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import type { IosRouteMap, IosRouteMapEntry, IosSet } from './route-map-config.js';

const SEQUENCE_STEP = 10;

/** Reads `route-map NAME [permit|deny] [NUMBER]`; the words stand behind `route-map`. */
export function readRouteMapHeader(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.next()) return NOT_MINE;
  const name = words.word();
  const { start, stop } = words;
  const permits = !words.accept('deny', 1);
  if (permits) words.accept('permit', 1);
  const sequence = words.takeNumber();
  if (negated) {
    reader.leave();
    if (sequence === undefined) config.routeMaps.delete(name);
    else config.routeMaps.get(name)?.entries.delete(sequence);
    return StatementState.modelled;
  }
  reader.enter('route-map');
  reader.routeMap = name;
  let map = config.routeMaps.get(name);
  if (map === undefined) {
    map = { entries: new Map(), open: undefined };
    config.routeMaps.set(name, map);
    reader.define('route-map', name, start, stop);
  }
  map.open = openEntry(reader, map, sequence, permits);
  return StatementState.modelled;
}

/** Without a number, the only entry is meant, or the first one is made. */
function openEntry(reader: Reader, map: IosRouteMap, written: number | undefined, permits: boolean): IosRouteMapEntry {
  const known = [...map.entries.keys()];
  const sequence = written ?? (known.length === 1 ? (known[0] as number) : Math.max(0, ...known) + SEQUENCE_STEP);
  let entry = map.entries.get(sequence);
  if (entry === undefined) {
    entry = {
      sequence,
      permits,
      lists: undefined,
      interfaces: undefined,
      doubts: new Map(),
      continues: undefined,
      sets: new Map(),
      origin: reader.lineOrigin(),
    };
    map.entries.set(sequence, entry);
  }
  entry.permits = permits;
  return entry;
}

/** Reads a line of a route map. */
export function readRouteMapLine(reader: Reader): LineResult {
  const { words, config, routeMap } = reader;
  const negated = reader.begin();
  const entry = routeMap === undefined ? undefined : config.routeMaps.get(routeMap)?.open;
  if (entry === undefined) return NOT_MINE;
  if (words.accept('match', 3)) return readMatch(reader, entry, negated);
  if (words.accept('set', 3)) return readSet(reader, entry, negated);
  if (words.accept('continue', 4)) {
    entry.continues = negated ? undefined : reader.lineOrigin();
    return StatementState.modelled;
  }
  return NOT_MINE;
}

function readMatch(reader: Reader, entry: IosRouteMapEntry, negated: boolean): LineResult {
  const { words } = reader;
  const at = words.stop;
  if (words.accept('ip') && words.accept('address', 3) && !words.accept('prefix-list', 3)) {
    const names: string[] = [];
    while (words.next()) {
      names.push(words.word());
      if (!negated) reader.refer('acl');
    }
    if (!negated) entry.lists = [...(entry.lists ?? []), ...names];
    else entry.lists = names.length === 0 ? undefined : without(entry.lists, names);
    return StatementState.modelled;
  }
  words.rewind(at);
  if (words.accept('interface', 3)) {
    const names = words.rest().split(/\s+(?=[a-z])/i);
    if (!negated) entry.interfaces = [...(entry.interfaces ?? []), ...names];
    else entry.interfaces = without(entry.interfaces, names);
    return StatementState.modelled;
  }
  words.rewind(at);
  const text = textOf(words);
  if (negated) entry.doubts.delete(text);
  else entry.doubts.set(text, reader.lineOrigin());
  return NOT_MINE;
}

function without(names: string[] | undefined, taken: readonly string[]): string[] | undefined {
  const left = (names ?? []).filter((name) => !taken.includes(name));
  return left.length === 0 ? undefined : left;
}

function textOf(words: Words): string {
  return words.rest().replace(/\s+/g, ' ').toLowerCase();
}

function readSet(reader: Reader, entry: IosRouteMapEntry, negated: boolean): LineResult {
  const { words } = reader;
  const text = textOf(words);
  if (negated) {
    for (const key of [...entry.sets.keys()]) if (key === text || key.startsWith(`${text} `)) entry.sets.delete(key);
    return NOT_MINE;
  }
  // What is known and not modelled colours a packet or a route, and says nothing about where a packet goes.
  const known = knownLine('route-map', `set ${text}`);
  if (known === 'ignored') return NOT_MINE;
  const set = takeSet(reader);
  entry.sets.set(text, set ?? { kind: 'unknown', origin: reader.lineOrigin() });
  if (set !== undefined) return StatementState.modelled;
  return known === undefined ? NOT_MINE : StatementState.unmodelled;
}

/** A line of a route map that is not known may say anything about where a packet goes. */
export function spoilEntry(reader: Reader): void {
  const { config, routeMap } = reader;
  const entry = routeMap === undefined ? undefined : config.routeMaps.get(routeMap)?.open;
  const origin = reader.lineOrigin();
  entry?.sets.set(origin.label, { kind: 'unknown', origin });
}

/** Undefined where it is not understood. */
function takeSet(reader: Reader): IosSet | undefined {
  const { words } = reader;
  const origin = reader.lineOrigin();
  if (words.accept('vrf')) {
    if (!words.next()) return undefined;
    reader.refer('vrf');
    return words.done ? { kind: 'vrf', name: words.word(), origin } : undefined;
  }
  if (words.accept('global')) return words.done ? { kind: 'vrf', name: DEFAULT_VRF, origin } : undefined;
  if (words.accept('interface', 3)) return { kind: 'interfaces', names: takeNames(words), isDefault: false, origin };
  if (words.accept('default', 3)) {
    if (!words.accept('interface', 3)) return undefined;
    return { kind: 'interfaces', names: takeNames(words), isDefault: true, origin };
  }
  if (!words.accept('ip')) return undefined;
  let vrf: string | undefined;
  if (words.accept('global')) vrf = DEFAULT_VRF;
  else if (words.accept('vrf')) {
    if (!words.next()) return undefined;
    vrf = words.word();
    reader.refer('vrf');
  }
  const isDefault = words.accept('default', 3);
  if (!words.accept('next-hop', 4)) return undefined;
  const verifies = words.accept('verify-availability', 3);
  if (verifies && words.done) return { kind: 'verify', origin };
  const recursive = !verifies && words.accept('recursive', 1);
  if (recursive && words.accept('vrf')) {
    if (!words.next()) return undefined;
    vrf = words.word();
  } else if (recursive && words.accept('global')) vrf = DEFAULT_VRF;
  const hops = takeIps(words);
  if (hops.length === 0) return undefined;
  let verify: string | undefined;
  if (verifies) {
    words.takeNumber();
    const object = words.accept('track', 2) ? words.takeNumber() : undefined;
    verify = object === undefined ? 'verify-availability' : `track ${object}`;
  }
  return words.done ? { kind: 'next-hops', hops, isDefault, recursive, verify, vrf, origin } : undefined;
}

function takeIps(words: Words): Ip[] {
  const ips: Ip[] = [];
  for (let ip = words.takeIp(); ip !== undefined; ip = words.takeIp()) ips.push(ip);
  return ips;
}

/** `Null0`, `Serial0/0 Serial0/1`, `Serial 0/0`. */
function takeNames(words: Words): string[] {
  const names: string[] = [];
  for (let name = words.take(); name !== undefined; name = words.take()) {
    const before = names.at(-1);
    if (before !== undefined && !/\d/.test(before)) names[names.length - 1] = before + name;
    else names.push(name);
  }
  return names;
}
