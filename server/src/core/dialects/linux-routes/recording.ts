import { StatementState } from '../../text/statements.js';
import { applyRoute, applyRule, routesOf, type Saying, tableOfRoute } from './apply.js';
import {
  ALL_ROUTES,
  addAddress,
  addRoutes,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxInterface,
  LOCAL_TABLE,
  MAIN_TABLE,
  tableName,
} from './config.js';
import { type Lines, wordsOf } from './lines.js';
import { applyType } from './link-commands.js';
import { readHost } from './prefixes.js';
import { type RouteWords, readRouteWords } from './route-words.js';
import { readRuleWords } from './rule-words.js';

/** A line that begins a route, as `ip route` prints it. */
const ROUTE =
  /^(?:default|(?:(?:unicast|blackhole|unreachable|prohibit|throw|local|broadcast|multicast|anycast) )?(?:default|\d{1,3}(?:\.\d{1,3}){0,3}(?:\/\d{1,2})?))(?: |$)/;
const RULE = /^(\d{1,10}):\s+((?:not )?from .*)$/;
const LINK = /^\d+: ([^\s:@]+)(?:@(\S+?))?: <([A-Z\d_,-]*)>(.*)$/;
const BRIEF = /^(\S+?)(?:@(\S+))?\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING)(?:\s+(.*))?$/;
/** A prompt, and what was typed behind it: `root@gw1:~# ip route show table 100`, `$ ip -br a`. */
const TYPED = /^(?:.{0,100}?[#$%>]|#+|\$|\+)\s*((?:sudo\s+)?(?:\/\S*\/)?ip\s.*)$/;
const PROMPT = /^(?:\[?[\w.-]+@[\w.-]+[^#$]{0,80}\]?[#$](?:\s|$)|[#$] ?\S)/;

/** What was asked for: the table of the routes that follow, and whether all of them do. */
interface Asked {
  readonly table: string;
  readonly object: string;
  readonly isWhole: boolean;
}

/** What `ip route`, `ip rule`, `ip addr` and `ip link` printed, with prompts around it or without. */
export function readRecording(lines: Lines, config: LinuxConfig): void {
  let asked: Asked | undefined;
  let iface: LinuxInterface | undefined;
  /** The head of a route whose next hops follow, each on a line of its own. */
  let multipath: RouteWords | undefined;
  let foreign = false;
  const kernel: Saying[] = [];
  for (let row = 0; row < lines.count; row += 1) {
    const line = lines.text(row);
    const text = line.trim();
    if (text === '') {
      if (lines.isTooLong(row))
        doubtRoutes(config, MAIN_TABLE, { ...lines.origin(row), label: 'a line too long to read' });
      continue;
    }
    const typed = TYPED.exec(text)?.[1];
    if (typed !== undefined) {
      asked = askedOf(config, typed);
      foreign = asked === undefined;
      multipath = undefined;
      if (asked !== undefined) noteAsked(config, asked);
      lines.mark(row, StatementState.ignored);
      continue;
    }
    if (PROMPT.test(text)) {
      // The output of another command follows, until a line that can only be ours.
      asked = undefined;
      foreign = true;
      lines.mark(row, StatementState.ignored);
      continue;
    }
    const words = wordsOf(text);
    if (multipath !== undefined && words[0] === 'nexthop') {
      const read = readRouteWords(['0/0', ...words], 0);
      if (typeof read === 'string')
        doubtRoutes(config, tableOfRoute(config, withTable(multipath, asked)), lines.origin(row));
      else {
        const one = { ...multipath, nextHops: read.nextHops, ...undecidableOf(read, multipath) };
        const origin = lines.origin(row);
        const routes = routesOf({ config, origin }, withTable(one, asked));
        for (const { iface: name } of routes) if (name !== undefined) interfaceOf(config, name, origin);
        // The next hops of one route share its packets.
        config.routes.push(...routes);
        config.tables.add(tableOfRoute(config, withTable(one, asked)));
      }
      lines.mark(row, typeof read === 'string' ? StatementState.unmodelled : StatementState.modelled, 1);
      continue;
    }
    const link = LINK.exec(text);
    if (link !== null) {
      foreign = false;
      iface = readLinkLine(config, lines, row, link);
      lines.mark(row, StatementState.modelled);
      continue;
    }
    const rule = RULE.exec(text);
    if (rule !== null) {
      foreign = false;
      config.rulesAreComplete = true;
      config.claims.add('rules');
      const read = readRuleWords(wordsOf(rule[2] as string), 0);
      const origin = typeof read === 'string' ? lines.origin(row) : lines.plainOrigin(row);
      lines.mark(row, applyRule({ config, origin }, read, Number(rule[1])));
      continue;
    }
    if (foreign && asked === undefined) {
      lines.mark(row, StatementState.ignored);
      continue;
    }
    if (iface !== undefined && line.charCodeAt(0) <= 32) {
      lines.mark(row, readDetail(config, lines, row, iface, words), 1);
      continue;
    }
    if (ROUTE.test(text)) {
      iface = undefined;
      const read = readRouteWords(words, 0);
      multipath = undefined;
      if (typeof read !== 'string' && hasNoWay(read) && read.type === 'unicast') multipath = read;
      lines.mark(row, readRouteLine(config, lines, row, words, asked, kernel));
      continue;
    }
    const brief = BRIEF.exec(text);
    if (brief !== null) {
      lines.mark(row, readBrief(config, lines, row, brief));
      continue;
    }
    if (/^[\da-f:]*:[\da-f:]*(?:\/\d+)? |^(?:unreachable|blackhole|local|multicast|anycast) [\da-f:]*:/.test(text)) {
      lines.mark(row, StatementState.ignored);
    } else if (asked?.object === 'route' && !text.startsWith('#')) {
      doubtRoutes(config, tableInDoubt(config, words, asked), lines.origin(row));
      lines.mark(row, StatementState.unknown);
    }
  }
  addKernelRoutes(config, kernel);
  lines.finish('#');
}

function hasNoWay({ nextHops }: RouteWords): boolean {
  return nextHops.every(({ via, iface }) => via === undefined && iface === undefined);
}

function undecidableOf(...all: readonly RouteWords[]): { undecidable?: string } {
  const why = all.find(({ undecidable }) => undecidable !== undefined)?.undecidable;
  return why === undefined ? {} : { undecidable: why };
}

/** Of all tables, `ip` names each but the main one. */
function withTable(words: RouteWords, asked: Asked | undefined): RouteWords {
  const isNamed = words.table !== undefined || asked === undefined || asked.table === 'all';
  return isNamed ? words : { ...words, table: asked.table };
}

/** The table of a route that is not understood. */
function tableInDoubt(config: LinuxConfig, words: readonly string[], asked: Asked | undefined): string {
  if (asked !== undefined && asked.table !== 'all') return asked.table;
  const named = words.indexOf('table');
  return named === -1 ? MAIN_TABLE : tableName(config, words[named + 1] ?? MAIN_TABLE);
}

/** What a command asks for; undefined for one that is not about addresses, routes and rules. */
function askedOf(config: LinuxConfig, typed: string): Asked | undefined {
  const words = wordsOf(typed.replace(/^sudo\s+/, '')).slice(1);
  let at = 0;
  while (words[at]?.startsWith('-') === true) {
    if (words[at] === '-6') return undefined;
    at += words[at] === '-f' || words[at] === '-n' ? 2 : 1;
  }
  const written = words[at] ?? '';
  const object = ['address', 'route', 'rule', 'link'].find((name) => written !== '' && name.startsWith(written));
  if (object === undefined) return undefined;
  const rest = words.slice(at + 1).filter((word) => !/^(?:show|list|ls|lst|sh|s|l)$/.test(word));
  let table: string | undefined;
  for (const name of ['table', 'vrf']) {
    const index = rest.indexOf(name);
    if (index !== -1) {
      table = name === 'vrf' ? `vrf ${rest[index + 1] ?? ''}` : tableName(config, rest[index + 1] ?? MAIN_TABLE);
      rest.splice(index, 2);
    }
  }
  if (rest[0] === 'get') return undefined;
  return { table: table ?? MAIN_TABLE, object, isWhole: rest.length === 0 };
}

function noteAsked(config: LinuxConfig, { object, table, isWhole }: Asked): void {
  if (!isWhole) return;
  if (object === 'rule') {
    config.claims.add('rules');
    config.rulesAreComplete = true;
  } else if (object === 'address') config.claims.add('addresses');
  else if (object === 'route' && table !== 'all' && table !== LOCAL_TABLE) {
    config.claims.add(`routes ${table}`);
    config.tables.add(table);
  } else if (object === 'route' && table === 'all') {
    config.claims.add(`routes ${MAIN_TABLE}`);
    config.claims.add(ALL_ROUTES);
  }
}

function readRouteLine(
  config: LinuxConfig,
  lines: Lines,
  row: number,
  words: readonly string[],
  asked: Asked | undefined,
  kernel: Saying[],
): StatementState {
  const read = readRouteWords(words, 0);
  if (typeof read === 'string') {
    if (read === 'ipv6') return StatementState.ignored;
    doubtRoutes(config, tableInDoubt(config, words, asked), lines.origin(row));
    return StatementState.unmodelled;
  }
  const origin = lines.plainOrigin(row);
  const whole = withTable(read, asked);
  if (hasNoWay(read) && read.type === 'unicast') return StatementState.modelled;
  const table = tableOfRoute(config, whole);
  if (asked === undefined) config.claims.add(`routes ${table}`);
  // The tables of routes are named only where all of them are printed.
  if (asked === undefined && table === LOCAL_TABLE) config.claims.add(ALL_ROUTES);
  const [hop] = whole.nextHops;
  const own = whole.src === undefined ? undefined : readHost(whole.src);
  // What is printed of a link says the interface's address, and the route is there because of it.
  if (whole.proto === 'kernel' && whole.scope === 'link' && hop?.iface !== undefined && hop.via === undefined) {
    const iface = interfaceOf(config, hop.iface, origin);
    if (own !== undefined && whole.destination.length < 32) {
      addAddress(iface, { ip: own.ip, length: whole.destination.length }, origin);
      config.tables.add(table);
      if (table === MAIN_TABLE) kernel.push({ config, origin });
      return StatementState.modelled;
    }
    if (own !== undefined) addAddress(iface, { ip: own.ip, length: 32 }, origin);
  }
  if (table === LOCAL_TABLE) {
    const isOwn = whole.type === 'local' && whole.destination.length === 32 && hop?.iface !== undefined;
    if (!isOwn || hop?.iface === 'lo') return StatementState.ignored;
    const iface = interfaceOf(config, hop.iface as string, origin);
    if (!iface.addresses.some(({ ip }) => ip === whole.destination.ip)) addAddress(iface, whole.destination, origin);
    return StatementState.modelled;
  }
  return applyRoute({ config, origin }, whole);
}

/**
 * A saved main table that holds nothing but the device's own links has no default route, which is
 * something else than a file without routes. So its links stand there as routes.
 */
function addKernelRoutes(config: LinuxConfig, links: readonly Saying[]): void {
  if (config.routes.some(({ table }) => table === MAIN_TABLE)) return;
  for (const iface of config.interfaces.values()) {
    for (const { prefix, origin } of iface.addresses) {
      if (!links.some((link) => link.origin === origin)) continue;
      const route = { table: MAIN_TABLE, type: 'unicast', prefix, iface: iface.name, metric: 0 } as const;
      addRoutes(config, [{ ...route, shares: true, origin }]);
    }
  }
}

function readLinkLine(config: LinuxConfig, lines: Lines, row: number, link: RegExpExecArray): LinuxInterface {
  const [, name = '', , flags = '', rest = ''] = link;
  const origin = lines.origin(row);
  const iface = interfaceOf(config, name, origin);
  const { start, label } = origin;
  const at = start + label.indexOf(name);
  const named = { ...origin, start: at, end: at + name.length, label: name };
  config.definitions.push({ kind: 'interface', name, origin: named, block: origin });
  iface.origin = origin;
  const set = new Set(flags.split(','));
  iface.up = set.has('UP');
  if (set.has('MASTER') && set.has('NOARP') && !config.vrfTables.has(name)) config.vrfTables.set(name, `vrf ${name}`);
  const words = wordsOf(rest);
  const master = words[words.indexOf('master') + 1];
  if (words.includes('master') && master !== undefined) iface.master = master;
  return iface;
}

/** A line below an interface: its addresses, and what `-d` adds. */
function readDetail(
  config: LinuxConfig,
  lines: Lines,
  row: number,
  iface: LinuxInterface,
  words: readonly string[],
): StatementState {
  const [first, second = ''] = words;
  if (first === 'inet') {
    const host = readHost(second);
    if (host === undefined) return StatementState.unknown;
    const origin = lines.origin(row);
    const peerAt = words.indexOf('peer');
    const peer = peerAt === -1 ? undefined : readHost(words[peerAt + 1] ?? '');
    addAddress(iface, host, origin, peer);
    return StatementState.modelled;
  }
  if (first === 'alias' && second !== '') {
    iface.description = words.slice(1).join(' ');
    return StatementState.modelled;
  }
  if (first === 'altname' && second !== '') {
    iface.aliases.push(second);
    return StatementState.modelled;
  }
  if (first === 'vlan' || first === 'vrf') {
    applyType(config, iface, first, words.slice(1));
    return StatementState.modelled;
  }
  // What `-d` and `-s` add: the link's kind and its settings, and counters.
  if (/^[a-z]+$/.test(first ?? '') && first !== 'link') applyType(config, iface, first as string, []);
  return StatementState.ignored;
}

/** A line of `ip -br addr` or `ip -br link`. */
function readBrief(config: LinuxConfig, lines: Lines, row: number, brief: RegExpExecArray): StatementState {
  const [, name = '', , state = '', rest = ''] = brief;
  const origin = lines.origin(row);
  const words = wordsOf(rest);
  const iface = interfaceOf(config, name, origin);
  const flags = words.find((word) => word.startsWith('<'));
  if (flags !== undefined) iface.up = /[<,]UP[,>]/.test(flags);
  // Without a carrier the state is DOWN as well; then it may be the cable alone.
  else if (state === 'DOWN') iface.mayBeDown ??= `"${origin.label}": it was down when this was saved`;
  for (const word of words) {
    const host = word.includes('/') ? readHost(word) : undefined;
    if (host !== undefined) addAddress(iface, host, origin);
  }
  return StatementState.modelled;
}
