import { DEFAULT_VRF } from '../../model/device.js';
import type { Ip } from '../../net/ip.js';
import { lengthOfMask, prefixOf } from '../../net/prefix.js';
import { StatementState } from '../../text/statements.js';
import type { Words } from '../common/words.js';
import type { IosConfig, IosRoute } from './config.js';
import { interfaceName, isInterfaceType } from './interface-names.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** Reads `ip route ...`; the words stand behind `route`. */
export function readRoute(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  let vrf = DEFAULT_VRF;
  if (words.accept('vrf', 2)) {
    if (!words.next()) return StatementState.unknown;
    vrf = words.word();
    reader.refer('vrf');
  }
  if (words.accept('static', 4)) return readBfd(reader, negated);
  if (words.accept('profile') || words.accept('topology')) return NOT_MINE;
  const ip = words.takeIp();
  const mask = ip === undefined ? undefined : words.takeIp();
  const length = mask === undefined ? undefined : lengthOfMask(mask);
  if (ip === undefined || length === undefined) return doubt(reader, vrf);
  const prefix = prefixOf(ip, length);
  if (negated && words.done) {
    for (const [key, route] of config.routes) {
      if (route.vrf === vrf && route.prefix.ip === prefix.ip && route.prefix.length === length)
        config.routes.delete(key);
    }
    return StatementState.modelled;
  }
  const target = readTarget(words);
  if (target === undefined) return doubt(reader, vrf);
  const options = readOptions(words);
  if (options === undefined) return doubt(reader, vrf);
  if (options.multicast) return StatementState.ignored;
  const key = [vrf, prefix.ip, length, target.ifaceKey, target.nextHop, options.global, target.dhcp].join(' ');
  if (negated) {
    config.routes.delete(key);
    return StatementState.modelled;
  }
  if (target.dhcp && target.iface === undefined) {
    config.routeDoubts.push({ vrf, words: `${reader.line()}: the next hop is learned`, origin: reader.lineOrigin() });
    return StatementState.unmodelled;
  }
  // A device refuses host bits in a route ("%Inconsistent address and mask").
  const inconsistent = prefix.ip === ip ? undefined : 'its address has bits outside its mask';
  const route: IosRoute = {
    vrf,
    prefix,
    nextHop: target.nextHop,
    iface: target.iface,
    discard: target.discard,
    distance: options.distance,
    undecidable: options.track ?? (target.dhcp ? 'dhcp' : inconsistent),
    permanent: options.permanent,
    global: options.global,
    origin: reader.lineOrigin(),
  };
  // The same path again only changes its attributes.
  config.routes.set(key, route);
  return StatementState.modelled;
}

/** A route that was not understood, or a removal of something unknown, leaves its table uncertain. */
function doubt(reader: Reader, vrf: string): LineResult {
  reader.config.routeDoubts.push({ vrf, words: `not understood: ${reader.line()}`, origin: reader.lineOrigin() });
  reader.noteUnread();
  return StatementState.unknown;
}

interface RouteTarget {
  readonly nextHop: Ip | undefined;
  readonly iface: string | undefined;
  readonly ifaceKey: string | undefined;
  readonly discard: boolean;
  readonly dhcp: boolean;
}

function readTarget(words: Words): RouteTarget | undefined {
  const nextHop = words.takeIp();
  if (nextHop !== undefined) return { nextHop, iface: undefined, ifaceKey: undefined, discard: false, dhcp: false };
  if (!words.next()) return undefined;
  if (words.is('dhcp'))
    return { nextHop: undefined, iface: undefined, ifaceKey: undefined, discard: false, dhcp: true };
  let written = words.word();
  if (isInterfaceType(written)) {
    const at = words.stop;
    const number = words.take();
    if (number === undefined || !/^\d/.test(number) || number.includes('.', number.indexOf('.') + 1)) words.rewind(at);
    else written += number;
  }
  const { name, key } = interfaceName(written);
  if (key.startsWith('null'))
    return { nextHop: undefined, iface: undefined, ifaceKey: key, discard: true, dhcp: false };
  if (!/\d/.test(name)) return undefined;
  const through = words.takeIp();
  const dhcp = through === undefined && words.accept('dhcp');
  return { nextHop: through, iface: name, ifaceKey: key, discard: false, dhcp };
}

interface RouteOptions {
  readonly distance: number;
  readonly permanent: boolean;
  readonly global: boolean;
  readonly multicast: boolean;
  readonly track: string | undefined;
}

/** What may follow a route's next hop, in any order; undefined where something is not understood. */
function readOptions(words: Words): RouteOptions | undefined {
  let distance = 1;
  let permanent = false;
  let global = false;
  let multicast = false;
  let track: string | undefined;
  while (words.next()) {
    const number = words.number();
    if (number !== undefined) {
      if (number < 1 || number > 255) return undefined;
      distance = number;
    } else if (words.is('tag', 1) && !words.is('t')) {
      if (words.takeNumber() === undefined) return undefined;
    } else if (words.is('track', 2)) {
      const object = words.takeNumber();
      if (object === undefined) return undefined;
      track = `track ${object}`;
    } else if (words.is('permanent', 1)) {
      permanent = true;
    } else if (words.is('multicast', 1)) {
      multicast = true;
    } else if (words.is('global', 1)) {
      global = true;
    } else if (words.is('name', 1)) {
      if (!takeName(words)) return undefined;
    } else {
      return undefined;
    }
  }
  return { distance, permanent, global, multicast, track };
}

/** A name is one word, or several in quotes. */
function takeName(words: Words): boolean {
  if (!words.next()) return false;
  if (!words.word().startsWith('"')) return true;
  while (!/.+"$|^[^"]+"$/.test(words.word()) && words.next());
  return true;
}

/** `ip route static bfd IF NEXTHOP`: routes over that pair are there only while its session is up. */
function readBfd(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.accept('bfd')) return NOT_MINE;
  const iface = words.take();
  const nextHop = words.takeIp();
  if (iface === undefined || nextHop === undefined) return NOT_MINE;
  if (!negated) config.bfdRoutes.push({ key: interfaceName(iface).key, nextHop, origin: reader.lineOrigin() });
  return negated ? StatementState.ignored : StatementState.modelled;
}

/** Reads `ip default-gateway A`. */
export function readDefaultGateway(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const ip = words.takeIp();
  if (negated) config.defaultGateway = undefined;
  else if (ip === undefined || !words.done) return StatementState.unknown;
  else config.defaultGateway = { ip, origin: reader.lineOrigin() };
  return StatementState.modelled;
}

/** Reads `ip default-network N`, whose network is classful. */
export function readDefaultNetwork(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const ip = words.takeIp();
  if (ip === undefined) return negated ? StatementState.ignored : doubt(reader, DEFAULT_VRF);
  const prefix = prefixOf(ip, ip < 0x80000000 ? 8 : ip < 0xc0000000 ? 16 : 24);
  const at = config.defaultNetworks.findIndex((network) => network.prefix.ip === prefix.ip);
  if (negated) {
    if (at !== -1) config.defaultNetworks.splice(at, 1);
    return StatementState.modelled;
  }
  // Of a subnet it makes a static route to the major network instead of a default.
  if (prefix.ip !== ip) return doubt(reader, DEFAULT_VRF);
  if (at === -1) config.defaultNetworks.push({ prefix, origin: reader.lineOrigin() });
  return StatementState.modelled;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  bgp: 'BGP',
  eigrp: 'EIGRP',
  igrp: 'IGRP',
  isis: 'IS-IS',
  lisp: 'LISP',
  mobile: 'Mobile',
  odr: 'ODR',
  ospf: 'OSPF',
  ospfv3: 'OSPFv3',
  rip: 'RIP',
};

/** Reads `router ospf 1 vrf X` and the like. */
export function readRouterHeader(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.next()) return StatementState.unknown;
  const written = words.word().toLowerCase();
  const protocol =
    PROTOCOLS[written] ??
    Object.entries(PROTOCOLS).find(([word]) => written.length > 1 && word.startsWith(written))?.[1];
  const label = protocol ?? written;
  const id = words.take();
  const isTag = id !== undefined && protocol !== 'RIP' && !words.is('vrf');
  const name = isTag ? `${label} ${id}` : label;
  if (id !== undefined && !isTag) words.back();
  if (negated) {
    reader.leave();
    for (const [key, process] of config.processes) if (process.name === name) config.processes.delete(key);
    return StatementState.modelled;
  }
  const vrf = words.accept('vrf') ? (words.take() ?? DEFAULT_VRF) : DEFAULT_VRF;
  reader.enter('router');
  config.openBgpTable = undefined;
  reader.process = name;
  // A named EIGRP process gets its number, and its tables, from its address families, and OSPFv3 is
  // of IPv6 but for one for IPv4.
  if (protocol === 'EIGRP' && !/^\d+$/.test(id ?? '')) reader.process = 'EIGRP';
  else if (protocol === 'OSPFv3') reader.process = name;
  else addProcess(reader, name, vrf);
  return protocol === undefined ? StatementState.unmodelled : StatementState.modelled;
}

function addProcess(reader: Reader, name: string, vrf: string): void {
  const key = `${name} ${vrf}`;
  if (reader.config.processes.has(key)) return;
  reader.config.processes.set(key, { name, vrf, origin: reader.lineOrigin() });
}

/** Reads the lines of a routing process that put it into a VRF, and those that set its distance. */
export function readRouterLine(reader: Reader): LineResult {
  const { words } = reader;
  const negated = reader.begin();
  const { process } = reader;
  if (process === undefined) return NOT_MINE;
  if (process.startsWith('BGP') && noteBgpLine(reader, negated)) return StatementState.modelled;
  if (negated) return NOT_MINE;
  if (words.accept('eid-table') && words.accept('vrf') && words.next()) {
    addProcess(reader, process, words.word());
    return StatementState.modelled;
  }
  if (words.accept('mpls') && words.accept('ldp') && words.accept('autoconfig', 4)) {
    reader.config.labelsByProcess = reader.lineOrigin();
    return StatementState.modelled;
  }
  if (words.accept('distance', 4)) {
    reader.config.ownDistances.add(process);
    return StatementState.modelled;
  }
  if (words.accept('address-family', 7)) {
    reader.config.openBgpTable = undefined;
    if (!words.accept('ipv4')) return NOT_MINE;
    let vrf = DEFAULT_VRF;
    let number: string | undefined;
    while (words.next()) {
      if (words.is('vrf') && words.next()) {
        vrf = words.word();
        reader.refer('vrf');
      } else if (words.is('autonomous-system', 2)) {
        number = words.take();
      }
    }
    addProcess(reader, number === undefined ? process : `${process} ${number}`, vrf);
    if (process.startsWith('BGP') && vrf !== DEFAULT_VRF) openBgpTable(reader.config, vrf);
    return StatementState.modelled;
  }
  if (words.accept('vrf') && process.startsWith('IS-IS') && words.next()) {
    reader.refer('vrf');
    reader.config.processes.delete(`${process} ${DEFAULT_VRF}`);
    addProcess(reader, process, words.word());
    return StatementState.modelled;
  }
  return NOT_MINE;
}

function openBgpTable(config: IosConfig, vrf: string): void {
  const table = config.bgpTables.get(vrf) ?? {
    connected: undefined,
    statics: undefined,
    takesDefault: false,
    doubt: undefined,
    picks: undefined,
  };
  config.bgpTables.set(vrf, table);
  config.openBgpTable = table;
}

/** Notes what the address family of a VRF takes up from its table; the words stand at the line's first. */
function noteBgpLine(reader: Reader, negated: boolean): boolean {
  const { words } = reader;
  const table = reader.config.openBgpTable;
  if (table === undefined) return false;
  const at = words.stop;
  const origin = negated ? undefined : reader.lineOrigin();
  if (words.accept('redistribute', 6)) {
    const which = words.accept('connected', 1) ? 'connected' : words.accept('static', 2) ? 'statics' : undefined;
    if (which !== undefined) {
      table[which] = origin;
      while (words.next()) if (words.is('route-map', 6)) table.doubt = reader.lineOrigin();
      return true;
    }
    // With the routes of a process come the connected networks that it runs on.
    table.picks ??= origin;
  } else if (words.accept('default-information', 9)) {
    table.takesDefault = !negated;
    return true;
  } else if (words.accept('network', 3) && !negated) {
    table.picks ??= origin;
  }
  words.rewind(at);
  return false;
}
