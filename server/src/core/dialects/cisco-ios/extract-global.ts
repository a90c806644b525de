import { StatementState } from '../../text/statements.js';
import { keywordOf } from '../common/words.js';
import { readNamedHeader, readNumberedLine } from './extract-acl.js';
import { readCryptoMap } from './extract-crypto.js';
import { readInterfaceHeader, readRangeDefinition } from './extract-interface.js';
import { readAccessMap } from './extract-layer2.js';
import { readNatStatement } from './extract-nat.js';
import { readGroupHeader } from './extract-object-groups.js';
import { readPolicyMapHeader } from './extract-policies.js';
import { readRouteMapHeader } from './extract-route-map.js';
import { readDefaultGateway, readDefaultNetwork, readRoute, readRouterHeader } from './extract-routing.js';
import { readVrf } from './extract-vrf.js';
import { notePortMap, readInspectClass, readInspectPolicy, readZone, readZonePair } from './extract-zones.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import { vlanList } from './vlan-list.js';

/** Reads a global command. */
export function readGlobalLine(reader: Reader): LineResult {
  const { words } = reader;
  words.set(reader.text, reader.at, reader.end);
  const isNo = words.accept('no');
  const isDefault = !isNo && words.accept('default', 3);
  const negated = isNo || isDefault;
  const from = words.stop;
  if (!words.next()) return NOT_MINE;
  words.back();
  const result = readCommand(reader, negated, isDefault);
  if (result === NOT_MINE) words.rewind(from);
  return result;
}

function readCommand(reader: Reader, negated: boolean, isDefault: boolean): LineResult {
  const { words } = reader;
  // The first letter tells most commands apart before any word is compared.
  switch (reader.text.charCodeAt(words.start) | 32) {
    case LETTER.a:
      return readNumberedLine(reader, negated);
    case LETTER.d:
      return readRangeDefinition(reader, negated);
    case LETTER.h:
      return readHostname(reader, negated);
    case LETTER.i:
      if (words.accept('ip')) return readIpCommand(reader, negated);
      return readInterfaceHeader(reader, isDefault ? 'default' : negated ? 'no' : 'plain');
    case LETTER.o:
      return words.accept('object-group', 3) ? readGroupHeader(reader, negated) : NOT_MINE;
    case LETTER.c:
      if (words.accept('class-map', 7)) return readInspectClass(reader, negated);
      return readCryptoMap(reader, negated) || readEnforcement(reader, negated);
    case LETTER.p:
      return words.accept('policy-map', 8) ? readPolicyMap(reader, negated) : NOT_MINE;
    case LETTER.r:
      if (words.accept('router', 6)) return readRouterHeader(reader, negated);
      return words.accept('route-map', 6) ? readRouteMapHeader(reader, negated) : NOT_MINE;
    case LETTER.t:
      return words.accept('time-range', 5) ? readTimeRange(reader, negated) : NOT_MINE;
    case LETTER.v:
      if (words.accept('vlan', 2)) return readVlan(reader, negated);
      if (words.accept('version', 3)) return readVersion(reader, negated);
      return words.accept('vrf', 2) && words.accept('definition', 1) ? readVrf(reader, negated) : NOT_MINE;
    case LETTER.z:
      if (words.accept('zone')) return readZone(reader, negated);
      return words.accept('zone-pair', 6) ? readZonePair(reader, negated) : NOT_MINE;
    default:
      return NOT_MINE;
  }
}

const LETTER = { a: 97, c: 99, d: 100, h: 104, i: 105, o: 111, p: 112, r: 114, t: 116, v: 118, z: 122 } as const;

function readPolicyMap(reader: Reader, negated: boolean): LineResult {
  const result = readInspectPolicy(reader, negated);
  return result === NOT_MINE ? readPolicyMapHeader(reader, negated) : result;
}

/** Notes `version 15.2`; in the block of a routing process it is that protocol's. */
function readVersion({ words, config, context }: Reader, negated: boolean): LineResult {
  if (context !== 'global' || negated) return NOT_MINE;
  const version = words.take();
  if (version !== undefined && /^\d+\.\d/.test(version)) config.version = version;
  return NOT_MINE;
}

function readIpCommand(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  if (words.accept('access-list', 5)) return readNamedHeader(reader, negated);
  if (words.accept('nat')) return readNatStatement(reader, negated);
  if (words.accept('default-gateway', 9)) return globalLine(reader, readDefaultGateway(reader, negated));
  if (words.accept('default-network', 9)) return globalLine(reader, readDefaultNetwork(reader, negated));
  if (words.accept('routing', 2) && words.done) {
    reader.config.routing = !negated;
    return globalLine(reader, StatementState.modelled);
  }
  words.back();
  if (words.accept('port-map', 6)) {
    notePortMap(reader);
    return NOT_MINE;
  }
  if (words.accept('route', 2)) return globalLine(reader, readRoute(reader, negated));
  return words.accept('vrf', 2) && !words.done ? readVrf(reader, negated) : NOT_MINE;
}

/** A global command of one line ends the block that stands before it. */
function globalLine(reader: Reader, result: LineResult): LineResult {
  if (result !== NOT_MINE && reader.context !== 'global') reader.leave();
  return result;
}

function readHostname(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.accept('hostname', 2)) return NOT_MINE;
  const name = words.rest();
  // `host 10.0.0.5 255.0.0.0` is of a DHCP pool.
  if (!negated && words.next() && (words.ip() !== undefined || !words.done)) return NOT_MINE;
  config.hostname = negated || name === '' ? undefined : name.replace(/^"(.*)"$/, '$1');
  return globalLine(reader, StatementState.modelled);
}

/** `cts role-based enforcement`, on the whole switch or on some VLANs. */
function readEnforcement(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (reader.context === 'interface') return NOT_MINE;
  if (!words.accept('cts') || !words.accept('role-based', 4) || !words.accept('enforcement', 3)) return NOT_MINE;
  config.groupEnforcement = negated ? undefined : reader.lineOrigin();
  return globalLine(reader, StatementState.unmodelled);
}

function readTimeRange(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  if (negated || !words.next()) return NOT_MINE;
  const { start, stop } = words;
  reader.enter('other-block');
  reader.define('time-range', words.word(), start, stop);
  return StatementState.unmodelled;
}

/** `vlan 10,20-30`, `vlan 210 name X` as the VLAN database has it, and `vlan filter`. */
function readVlan(reader: Reader, negated: boolean): LineResult {
  const { words } = reader;
  if (words.accept('database', 2)) {
    reader.enter('vlan');
    return StatementState.ignored;
  }
  if (words.accept('filter', 3)) return readVlanFilter(reader, negated);
  if (words.accept('access-map', 8)) return readAccessMap(reader, negated);
  const at = words.stop;
  const list = /^([\d,\s-]*\d)(?:\s+(.*))?$/.exec(words.rest().slice(0, 4000));
  const ids = list === null ? undefined : vlanList(list[1] as string);
  if (list === null || ids === undefined) {
    words.rewind(at);
    return NOT_MINE;
  }
  const inDatabase = reader.context === 'vlan' && list[2] !== undefined;
  if (!inDatabase) reader.enter('vlan');
  reader.vlans = ids;
  if (words.next()) words.back();
  if (negated) for (const id of ids) reader.config.vlans.delete(id);
  else addVlans(reader, list[1] as string, words.start);
  if (list[2] !== undefined) {
    const name = /\bname\s+(\S+)/i.exec(list[2])?.[1];
    const state = /\bstate\s+(active|suspend)/i.exec(list[2])?.[1]?.toLowerCase();
    for (const id of ids) {
      const vlan = reader.config.vlans.get(id);
      if (vlan === undefined) continue;
      if (name !== undefined) vlan.name = name;
      if (state !== undefined) vlan.suspended = state === 'suspend';
    }
  }
  return StatementState.modelled;
}

/** Adds the VLANs of a list that begins at `from`. A number that stands alone is a name of its own. */
function addVlans(reader: Reader, list: string, from: number): void {
  const { vlans } = reader.config;
  let at = from;
  for (const part of list.split(',')) {
    const start = at + part.length - part.trimStart().length;
    const end = at + part.trimEnd().length;
    const ids = vlanList(part) ?? [];
    for (const id of ids) {
      const isNew = !vlans.has(id);
      if (isNew) vlans.set(id, { id, name: undefined, shutdown: false, suspended: false, origin: reader.lineOrigin() });
      if (isNew || ids.length === 1) reader.define('vlan', String(id), start, end);
    }
    at += part.length + 1;
  }
}

/** Reads `name X`, `shutdown` and `state suspend` of a VLAN, and the lines of the VLAN database. */
export function readVlanLine(reader: Reader): LineResult {
  const negated = reader.begin();
  const { words } = reader;
  if (words.accept('vlan', 2)) return readVlan(reader, negated);
  const vlans = reader.vlans.flatMap((id) => reader.config.vlans.get(id) ?? []);
  if (words.accept('shutdown', 4) && words.done) {
    for (const vlan of vlans) vlan.shutdown = !negated;
    return StatementState.modelled;
  }
  if (words.accept('state', 4)) {
    const state = negated ? 'active' : keywordOf(words.take() ?? '', ['active', 'suspend'] as const);
    if (state === undefined) return NOT_MINE;
    for (const vlan of vlans) vlan.suspended = state === 'suspend';
    return StatementState.modelled;
  }
  if (words.accept('private-vlan', 3)) {
    if (!negated) for (const { id } of vlans) reader.config.layer2.privateVlans.add(id);
    return StatementState.unmodelled;
  }
  if (!words.accept('name', 2)) return NOT_MINE;
  const name = words.rest();
  for (const vlan of vlans) vlan.name = negated || name === '' ? undefined : name;
  return StatementState.modelled;
}

/** `vlan filter MAP vlan-list 210,220`: packets of these VLANs may be dropped by the map. */
function readVlanFilter(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const map = words.take();
  if (map === undefined || !words.accept('vlan-list', 2)) return StatementState.unknown;
  const list = words.rest();
  const vlans = list.toLowerCase() === 'all' ? 'all' : new Set(vlanList(list) ?? []);
  if (negated) {
    const at = config.vlanFilters.findIndex((filter) => filter.map === map);
    if (at !== -1) config.vlanFilters.splice(at, 1);
  } else {
    config.vlanFilters.push({ map, vlans, origin: reader.lineOrigin() });
  }
  return globalLine(reader, StatementState.modelled);
}
