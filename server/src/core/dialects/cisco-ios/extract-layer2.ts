import { StatementState } from '../../text/statements.js';
import type { IosAccessMap, IosLayer2, IosMapEntry, IosPort } from './layer2-config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import { vlanList } from './vlan-list.js';

/** A device numbers entries by tens where it numbers them itself. */
const STEP = 10;

/** Reads `vlan access-map NAME [NUMBER]`; the words stand behind `access-map`. */
export function readAccessMap(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const { maps } = config.layer2;
  const name = words.take();
  if (name === undefined) return NOT_MINE;
  const number = words.takeNumber();
  const map: IosAccessMap = maps.get(name) ?? { entries: new Map(), last: 0, unread: undefined };
  if (!words.done) {
    map.unread ??= reader.line();
    maps.set(name, map);
    return NOT_MINE;
  }
  if (negated) {
    reader.leave();
    if (number === undefined) maps.delete(name);
    else map.entries.delete(number);
    return StatementState.modelled;
  }
  const at = number ?? map.last + STEP;
  map.last = Math.max(map.last, at);
  const entry: IosMapEntry = map.entries.get(at) ?? {
    lists: new Set(),
    others: new Set(),
    action: undefined,
    origin: reader.lineOrigin(),
  };
  map.entries.set(at, entry);
  maps.set(name, map);
  reader.enter('other-block');
  config.layer2.open = { row: reader.openerRow, map, entry };
  return StatementState.modelled;
}

/** Reads a line of an entry of a VLAN access map. */
export function readAccessMapLine(reader: Reader): LineResult {
  const open = openEntry(reader);
  if (open === undefined) return NOT_MINE;
  const state = readEntryLine(reader, open.entry);
  if (state === NOT_MINE && reader.isDeeper()) spoilAccessMap(reader);
  return state;
}

/** The line at hand, which may be part of an entry, was not understood: what the map does is not known. */
export function spoilAccessMap(reader: Reader): void {
  const open = openEntry(reader);
  if (open !== undefined) open.map.unread ??= reader.line();
}

function openEntry({ config, openerRow }: Reader): IosLayer2['open'] {
  const { open } = config.layer2;
  return open?.row === openerRow ? open : undefined;
}

function readEntryLine(reader: Reader, entry: IosMapEntry): LineResult {
  const negated = reader.begin();
  const { words } = reader;
  if (words.accept('action', 2)) return readAction(reader, entry, negated);
  if (!words.accept('match', 2)) return NOT_MINE;
  const line = words.rest();
  if (words.accept('ip') && words.accept('address', 3)) {
    while (words.next()) {
      if (negated) {
        entry.lists.delete(words.word());
        continue;
      }
      entry.lists.add(words.word());
      reader.refer('acl', 'filter');
    }
    return StatementState.modelled;
  }
  if (negated) entry.others.delete(line);
  else entry.others.add(line);
  return /^ipv6\s/i.test(line) ? StatementState.ignored : StatementState.unmodelled;
}

function readAction(reader: Reader, entry: IosMapEntry, negated: boolean): LineResult {
  const { words } = reader;
  const action = words.accept('forward', 1)
    ? 'forward'
    : words.accept('drop', 1)
      ? 'drop'
      : words.accept('redirect', 1)
        ? 'redirect'
        : undefined;
  if (negated) {
    entry.action = undefined;
    return StatementState.modelled;
  }
  // Dropped packets may be logged, and forwarded ones copied to a port that captures.
  if (action === 'drop') words.accept('log');
  else if (action === 'forward') words.accept('capture', 3);
  if (action === undefined || (action !== 'redirect' && !words.done)) {
    spoilAccessMap(reader);
    return StatementState.unknown;
  }
  entry.action = action;
  return action === 'redirect' ? StatementState.unmodelled : StatementState.modelled;
}

/** Notes what a line behind `switchport` says of the VLANs that a port carries. */
export function notePort({ words }: Reader, port: IosPort, negated: boolean): void {
  if (words.accept('mode', 2)) {
    if (negated) port.mode = undefined;
    else port.mode = words.accept('access', 1) ? 'access' : words.accept('trunk', 1) ? 'trunk' : undefined;
  } else if (words.accept('access', 2)) {
    port.accessVlan = vlanOf(words, negated);
  } else if (words.accept('voice', 2)) {
    port.voiceVlan = vlanOf(words, negated);
  } else if (words.accept('trunk', 2)) {
    if (words.accept('native', 1)) port.nativeVlan = vlanOf(words, negated);
    else if (words.accept('allowed', 1) && words.accept('vlan', 1)) {
      port.allowed = negated ? undefined : allowedBy(words, port.allowed);
    }
  }
}

function vlanOf(words: Reader['words'], negated: boolean): number | undefined {
  return !negated && words.accept('vlan', 1) ? words.takeNumber() : undefined;
}

/** What is not read counts as all: a port that carries more VLANs takes only from what surely passes. */
function allowedBy(words: Reader['words'], before: Set<number> | undefined): Set<number> | undefined {
  if (words.accept('none')) return new Set();
  const isAdded = words.accept('add');
  const isRemoved = !isAdded && words.accept('remove', 3);
  const list = vlanList(words.rest());
  if (list === undefined) return undefined;
  const vlans = new Set(list);
  if (isAdded) return before === undefined ? undefined : new Set([...before, ...vlans]);
  if (isRemoved) return before === undefined ? undefined : new Set([...before].filter((one) => !vlans.has(one)));
  return vlans;
}
