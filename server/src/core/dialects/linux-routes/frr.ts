import type { NextHopLookup } from '../../model/device.js';
import { parseIp } from '../../net/ip.js';
import { lengthOfMask } from '../../net/prefix.js';
import { redact } from '../../text/redact.js';
import { StatementState } from '../../text/statements.js';
import {
  addAddress,
  addRoutes,
  defineInterface,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxInterface,
  type LinuxRoute,
  MAIN_TABLE,
  removeRoutes,
  tableName,
} from './config.js';
import { type Lines, wordsOf } from './lines.js';
import { isIpv6, networkOf, readHost } from './prefixes.js';

/** FRR's least administrative distances. Source: FRR documentation, "Zebra", Administrative Distance. */
const PROTOCOLS: Readonly<Record<string, readonly [name: string, distance: number]>> = {
  bgp: ['BGP', 20],
  ospf: ['OSPF', 110],
  rip: ['RIP', 120],
  isis: ['IS-IS', 115],
  eigrp: ['EIGRP', 90],
  babel: ['Babel', 100],
  openfabric: ['OpenFabric', 115],
};
/** Lines of the first level that have nothing to do with where packets go, or only by a protocol's routes. */
const IRRELEVANT =
  /^(?:no )?(?:frr|hostname|domainname|log|service|password|enable|username|banner|debug|line|route-map|access-list|ipv6|key|bfd|mpls|agentx|end|exit|exit-vrf|zebra|bgp|fpm|dump|segment-routing|traffic-eng|vni|password|nexthop-group|rpki|allow-external-route-update|router-id|ip (?:prefix-list|access-list|as-path|community-list|large-community-list|extcommunity-list|nht|router-id|ssmpingd|multicast|pim|igmp|msdp|mroute|ospf|name-server|zebra)|Building|Current configuration|ip ipv6)\b|^(?:[\w.-]+[#>]|%)/;
/** Lines that open a block. */
const OPENER =
  /^(?:interface|router|vrf|route-map|line|bfd|key chain|segment-routing|pbr-map|nexthop-group|rpki|l2vpn|mpls ldp)\b/;

interface Walk {
  readonly lines: Lines;
  readonly config: LinuxConfig;
  /** Every way of every destination so far. */
  readonly ways: Set<string>;
  iface?: LinuxInterface | undefined;
  /** The table of the VRF that a `vrf` block is about. */
  vrf?: string | undefined;
  /** Index of the routing process whose block is open, in `config.protocols`. */
  process?: number | undefined;
  isOpen: boolean;
  /** Whether next hops may be reached over the default route, by VRF. */
  readonly overDefault: ReadonlyMap<string, OverDefault>;
  /** The same where no line says it. */
  readonly overDefaultOtherwise: OverDefault;
}

type OverDefault = NextHopLookup['overDefault'];

/** FRR's integrated configuration, and those of its single daemons. */
export function readFrr(lines: Lines, config: LinuxConfig): void {
  const walk: Walk = { lines, config, ways: new Set(), isOpen: false, ...findOverDefault(lines) };
  for (let row = 0; row < lines.count; row += 1) {
    const line = lines.text(row);
    const text = line.trim();
    if (lines.isTooLong(row))
      doubtRoutes(config, MAIN_TABLE, { ...lines.origin(row), label: 'a line too long to read' });
    if (text === '' || text.startsWith('!') || text.startsWith('#')) continue;
    const isIndented = line.charCodeAt(0) <= 32;
    const state = readLine(walk, row, text, isIndented);
    lines.mark(row, state, isIndented && walk.isOpen ? 1 : 0);
  }
  lines.finish('!#');
}

/**
 * `ip nht resolve-via-default` and its `no` count wherever they stand, for routes above them too. Without
 * them it hangs on the release and its profile: FRR 8.4 does not use the default route; later ones do in the
 * profile `traditional`.
 * Sources: FRR documentation, "Zebra", Nexthop Tracking; FRR's zebra, ZEBRA_IP_NHT_RESOLVE_VIA_DEFAULT.
 */
function findOverDefault(lines: Lines): Pick<Walk, 'overDefault' | 'overDefaultOtherwise'> {
  const overDefault = new Map<string, OverDefault>();
  let release: number | undefined;
  let profile = 'traditional';
  let vrf = 'default';
  for (let row = 0; row < lines.count; row += 1) {
    const text = lines.text(row).trim();
    const version = /^frr version (\d+)\.(\d+)/.exec(text);
    if (version !== null) release = Number(version[1]) * 100 + Number(version[2]);
    profile = /^frr defaults (\S+)/.exec(text)?.[1] ?? profile;
    const block = /^vrf (\S+)/.exec(text)?.[1];
    if (block !== undefined) vrf = block;
    else if (/^(?:exit-vrf|exit|end|interface|router)\b/.test(text)) vrf = 'default';
    const line = /^(no )?ip nht resolve-via-default$/.exec(text);
    if (line !== null) overDefault.set(tableOfVrf(vrf), line[1] === undefined ? 'yes' : 'no');
  }
  return { overDefault, overDefaultOtherwise: overDefaultIn(release, profile) };
}

function overDefaultIn(release: number | undefined, profile: string): OverDefault {
  if (release === undefined || profile !== 'traditional') return 'unknown';
  if (release < 805) return 'no';
  return release >= 1000 ? 'yes' : 'unknown';
}

function readLine(walk: Walk, row: number, text: string, isIndented: boolean): StatementState {
  const { lines, config } = walk;
  const isNo = text.startsWith('no ');
  const words = wordsOf(isNo ? text.slice(3) : text);
  const [first = '', second = ''] = words;
  if (!isIndented && OPENER.test(text)) return openBlock(walk, row, words);
  if (first === 'exit' || first === 'exit-vrf' || first === 'end') {
    if (first !== 'exit' || walk.process === undefined || !isIndented) leave(walk);
    return StatementState.ignored;
  }
  if (first === 'ip' && second === 'route') return readRoute(walk, row, words, isNo);
  if (first === 'ip' && second === 'forwarding') {
    config.forwarding.push({ iface: 'all', on: !isNo, origin: lines.origin(row) });
    return StatementState.modelled;
  }
  if (first === 'ip' && second === 'import-table') {
    doubtRoutes(config, MAIN_TABLE, lines.origin(row), 'what it takes from another table is not modelled');
    return StatementState.unmodelled;
  }
  if (first === 'ip' && second === 'protocol') {
    if (!/^(?:static|any|connected|kernel)$/.test(words[2] ?? '') || isNo) return StatementState.ignored;
    doubtRoutes(config, walk.vrf ?? MAIN_TABLE, lines.origin(row), 'the routes that it refuses are not modelled');
    return StatementState.unmodelled;
  }
  if (walk.iface !== undefined && (isIndented || /^(?:ip address|shutdown|description|vrf)\b/.test(text))) {
    return readInterfaceLine(walk, walk.iface, row, words, isNo);
  }
  if (walk.process !== undefined && isIndented) return readProcessLine(walk, walk.process, words, isNo);
  if (isIndented && walk.isOpen) return StatementState.ignored;
  return IRRELEVANT.test(text) ? StatementState.ignored : StatementState.unknown;
}

function leave(walk: Walk): void {
  walk.iface = undefined;
  walk.vrf = undefined;
  walk.process = undefined;
  walk.isOpen = false;
}

function openBlock(walk: Walk, row: number, words: readonly string[]): StatementState {
  const { lines, config } = walk;
  const [first, second = ''] = words;
  leave(walk);
  walk.isOpen = true;
  const at = words.indexOf('vrf', 2);
  const vrf = at === -1 ? undefined : words[at + 1];
  if (first === 'vrf') {
    walk.vrf = tableOfVrf(second);
    config.tables.add(walk.vrf);
    return StatementState.modelled;
  }
  if (first === 'interface' && second !== '') {
    const origin = lines.origin(row);
    walk.iface = interfaceOf(config, second, origin);
    defineInterface(config, second, origin);
    if (vrf !== undefined) enslave(config, walk.iface, vrf);
    return StatementState.modelled;
  }
  if (first === 'router') {
    const known = PROTOCOLS[second];
    if (known === undefined) return StatementState.ignored;
    const [name, distance] = known;
    const number = /^\d[\d.]*$/.test(words[2] ?? '') ? ` ${words[2]}` : '';
    const protocol = { name: `${name}${number}`, distance, origin: lines.origin(row) };
    walk.process = config.protocols.length;
    config.protocols.push({ table: vrf === undefined ? MAIN_TABLE : tableOfVrf(vrf), protocol });
    return StatementState.modelled;
  }
  return first === 'pbr-map' ? StatementState.unmodelled : StatementState.ignored;
}

function tableOfVrf(vrf: string): string {
  return vrf === 'default' ? MAIN_TABLE : `vrf ${vrf}`;
}

function enslave(config: LinuxConfig, iface: LinuxInterface, vrf: string): void {
  if (vrf === 'default') return;
  iface.master = vrf;
  if (!config.vrfTables.has(vrf)) config.vrfTables.set(vrf, tableOfVrf(vrf));
}

function readInterfaceLine(
  { lines, config }: Walk,
  iface: LinuxInterface,
  row: number,
  words: readonly string[],
  isNo: boolean,
): StatementState {
  const [first, second, third = ''] = words;
  if (first === 'ip' && second === 'address') {
    if (isIpv6(third)) return StatementState.ignored;
    const host = readHost(third);
    if (host === undefined) return StatementState.unknown;
    if (isNo) {
      const at = iface.addresses.findIndex(({ ip }) => ip === host.ip);
      if (at !== -1) iface.addresses.splice(at, 1);
    } else {
      const peer = words[3] === 'peer' ? readHost(words[4] ?? '') : undefined;
      addAddress(iface, host, lines.origin(row), peer);
    }
    return StatementState.modelled;
  }
  if (first === 'shutdown') {
    iface.up = isNo;
    return StatementState.modelled;
  }
  if (first === 'description' && !isNo) {
    iface.description = redact(words.slice(1).join(' '));
    return StatementState.modelled;
  }
  if (first === 'vrf' && second !== undefined && !isNo) {
    enslave(config, iface, second);
    return StatementState.modelled;
  }
  if (first === 'pbr-policy' && !isNo) {
    const origin = lines.origin(row);
    const words = `${origin.label}: policy routing is not modelled`;
    iface.uncertainties.push({ effect: 'may-reroute', direction: 'in', words, origin });
    return StatementState.unmodelled;
  }
  return StatementState.ignored;
}

/** `distance 180`, `distance bgp 20 200 200`: the least counts. */
function readProcessLine({ config }: Walk, at: number, words: readonly string[], isNo: boolean): StatementState {
  if (words[0] !== 'distance' || isNo) return StatementState.ignored;
  const numbers = words.filter((word) => /^\d{1,3}$/.test(word)).map(Number);
  const process = config.protocols[at];
  if (process === undefined || numbers.length === 0) return StatementState.ignored;
  const distance = Math.min(...numbers);
  config.protocols[at] = { ...process, protocol: { ...process.protocol, distance } };
  return StatementState.modelled;
}

/** Source: FRR documentation, "STATIC". */
function readRoute(walk: Walk, row: number, words: readonly string[], isNo: boolean): StatementState {
  const { lines, config } = walk;
  const route = routeOf(walk, row, words);
  if (route === undefined) {
    doubtRoutes(config, walk.vrf ?? MAIN_TABLE, lines.origin(row));
    return StatementState.unmodelled;
  }
  // The same next hop again, with another distance, takes the place of the first.
  const way = wayOf(route);
  if (walk.ways.delete(way)) removeRoutes(config, (one) => wayOf(one) === way);
  // 255 is the distance of what is never used.
  if (isNo || route.metric >= 255) return StatementState.modelled;
  walk.ways.add(way);
  addRoutes(config, [route]);
  return StatementState.modelled;
}

function wayOf({ table, prefix, nextHop, iface, type }: LinuxRoute): string {
  return `${table} ${prefix.ip}/${prefix.length} ${nextHop} ${iface} ${type}`;
}

function routeOf(
  { lines, config, vrf, overDefault, overDefaultOtherwise }: Walk,
  row: number,
  words: readonly string[],
): LinuxRoute | undefined {
  let at = 2;
  let host = readHost(words[at] ?? '');
  at += 1;
  if (host !== undefined && !words[2]?.includes('/')) {
    const mask = parseIp(words[at] ?? '');
    const length = mask === undefined ? undefined : lengthOfMask(mask);
    host = length === undefined ? undefined : { ip: host.ip, length };
    at += 1;
  }
  if (host === undefined) return undefined;
  let table = vrf ?? MAIN_TABLE;
  let nextHopTable: string | undefined;
  let nextHop: number | undefined;
  let iface: string | undefined;
  let isDiscard = false;
  let asksInterface = true;
  let metric = 1;
  let undecidable: string | undefined;
  for (; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (/^(?:blackhole|reject|null0)$/i.test(word)) isDiscard = true;
    else if (word === 'onlink') asksInterface = false;
    else if (word === 'bfd' || word === 'segments') {
      undecidable = `"${words.slice(at).join(' ')}"`;
      break;
    } else if (/^(?:tag|label|color)$/.test(word) && next !== undefined) at += 1;
    else if (word === 'vrf' && next !== undefined) {
      table = tableOfVrf(next);
      at += 1;
    } else if (word === 'nexthop-vrf' && next !== undefined) {
      nextHopTable = tableOfVrf(next);
      at += 1;
    } else if (word === 'table' && next !== undefined) {
      table = tableName(config, next);
      at += 1;
    } else if (/^\d{1,3}$/.test(word)) metric = Number(word);
    else if (parseIp(word) !== undefined && nextHop === undefined && iface === undefined) nextHop = parseIp(word);
    else if (iface === undefined && !isDiscard) iface = word;
    else return undefined;
  }
  if (nextHop === undefined && iface === undefined && !isDiscard) return undefined;
  // FRR clears the bits outside of the mask.
  return {
    table,
    type: isDiscard ? 'discard' : 'unicast',
    prefix: networkOf(host),
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(iface === undefined ? {} : { iface }),
    metric,
    shares: true,
    lookup: { overDefault: overDefault.get(table) ?? overDefaultOtherwise, asksInterface },
    ...(undecidable === undefined ? {} : { undecidable }),
    ...(nextHopTable === undefined ? {} : { nextHopTable }),
    origin: lines.plainOrigin(row),
  };
}
