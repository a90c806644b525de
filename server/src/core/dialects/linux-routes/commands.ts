import { StatementState } from '../../text/statements.js';
import { programAt } from '../common/run-by.js';
import { applyRoute, applyRule, type Saying, samePrefix, tableOfRoute } from './apply.js';
import {
  addAddress,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  MAIN_TABLE,
  removeRoutes,
  tableName,
} from './config.js';
import { applySetting } from './forwarding.js';
import { applyLink } from './link-commands.js';
import { classfulLength, isIpv6, networkOf, readHost, readLength } from './prefixes.js';
import { type ReadRoute, readLegacyRoute, readRouteWords } from './route-words.js';
import { readRuleWords } from './rule-words.js';

/** What a script took away that it had not added: another file may have. */
export type Deletions = (() => void)[];

export interface Command extends Saying {
  readonly deletions: Deletions;
}

/**
 * Does what one command of a shell does to addresses, links, routes and rules.
 * @returns undefined where the command is about something else
 */
export function applyCommand(command: Command, all: readonly string[]): StatementState | undefined {
  const words = withoutPrefix(all);
  if (words.some(isUnresolved)) return applyUnresolved(command, words);
  const [program, ...rest] = words;
  const name = program?.slice(program.lastIndexOf('/') + 1);
  if (name === 'ip') return applyIp(command, rest);
  if (name === 'route') return applyLegacy(command, rest);
  if (name === 'ifconfig') return applyIfconfig(command, rest);
  if (name === 'vconfig') return applyVconfig(command, rest);
  if (name === 'brctl') return applyBrctl(command, rest);
  if (name === 'sysctl') return applySysctl(command, rest);
  return undefined;
}

/** Words before a command that a shell, or a unit's file, has beside those that run it. */
const PREFIXES = new Set(['busybox', 'then', 'else', 'do', 'eval', '-']);

/** The words from the program's name on. */
export function withoutPrefix(words: readonly string[]): readonly string[] {
  let from = words[0]?.startsWith('-/') === true ? 1 : 0;
  for (;;) {
    const at = programAt((place) => words[place] ?? '', words.length, from);
    if (!PREFIXES.has(words[at] ?? '')) return at === 0 ? words : words.slice(at);
    from = at + 1;
  }
}

function isUnresolved(word: string): boolean {
  return word.includes('$') || word.includes('`');
}

/** A command with words that are not known: what it does to routes and rules may be anything. */
function applyUnresolved({ config, origin }: Command, words: readonly string[]): StatementState | undefined {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'route' && /^(?:add|del)/.test(rest[0] ?? '')) {
    doubtRoutes(config, MAIN_TABLE, origin);
    return StatementState.unmodelled;
  }
  if (name !== 'ip' && !isUnresolved(name)) {
    return /^(?:ifconfig|vconfig|brctl|sysctl)$/.test(name) ? StatementState.unmodelled : undefined;
  }
  const at = rest.findIndex((word) => !word.startsWith('-'));
  if (rest.slice(0, Math.max(at, 0)).includes('-6')) return StatementState.ignored;
  const object = at === -1 ? undefined : objectOf(rest[at] as string);
  if (object === undefined || /^(?:s|sh|show|l|ls|list|g|get)$/.test(rest[at + 1] ?? 'show')) return undefined;
  if (object === 'route') doubtRoutes(config, MAIN_TABLE, origin);
  else if (object === 'rule') applyRule({ config, origin }, 'unknown', 0);
  else config.unread.push(origin);
  return StatementState.unmodelled;
}

/** The object of an `ip` command, which may be abbreviated. Source: ip(8); the first that fits is taken. */
function objectOf(word: string): string | undefined {
  const objects = ['address', 'addrlabel', 'route', 'rule', 'neighbor', 'neighbour', 'link', 'tunnel', 'netns'];
  return word === '' ? undefined : objects.find((object) => object.startsWith(word));
}

function applyIp(command: Command, words: readonly string[]): StatementState | undefined {
  let at = 0;
  for (; words[at]?.startsWith('-') === true; at += 1) {
    const option = words[at] as string;
    if (option === '-6' || option === '-M' || option === '-B') return StatementState.ignored;
    if (option === '-f' || option === '-family') {
      at += 1;
      if (words[at] !== 'inet') return StatementState.ignored;
    }
    // Another namespace is another device.
    if (option === '-n' || option === '-netns') return StatementState.unmodelled;
    if (option === '-b' || option === '-batch') return StatementState.unmodelled;
  }
  const object = objectOf(words[at] ?? '');
  const rest = words.slice(at + 1);
  if (object === 'route') return applyRouteCommand(command, rest);
  if (object === 'rule') return applyRuleCommand(command, rest);
  if (object === 'address') return applyAddressCommand(command, rest);
  if (object === 'link') return applyLink(command, rest);
  if (object === 'tunnel' && rest[0] === 'add' && rest[1] !== undefined) {
    interfaceOf(command.config, rest[1], command.origin).kind = 'tunnel';
    return StatementState.modelled;
  }
  return object === 'netns' && rest[0] === 'exec' ? StatementState.unmodelled : StatementState.ignored;
}

/** Whether a word is a verb or the beginning of one. */
function isVerb(word: string | undefined, ...verbs: readonly string[]): boolean {
  return word !== undefined && word !== '' && verbs.some((verb) => verb.startsWith(word));
}

function applyRouteCommand(command: Command, words: readonly string[]): StatementState {
  const [verb] = words;
  if (verb === undefined || isVerb(verb, 'show', 'list', 'get', 'save', 'help')) return StatementState.ignored;
  if (isVerb(verb, 'add', 'append', 'prepend')) return applyRoute(command, readRouteWords(words, 1));
  if (isVerb(verb, 'change', 'chg', 'replace')) return applyRoute(command, readRouteWords(words, 1), true);
  if (isVerb(verb, 'delete')) return deleteRoute(command, readRouteWords(words, 1));
  if (isVerb(verb, 'flush')) return flushRoutes(command, words);
  doubtRoutes(command.config, MAIN_TABLE, command.origin);
  return StatementState.unmodelled;
}

function deleteRoute({ config, origin, undecidable, deletions }: Command, read: ReadRoute): StatementState {
  if (read === 'ipv6') return StatementState.ignored;
  if (read === 'unknown') {
    doubtRoutes(config, MAIN_TABLE, origin);
    return StatementState.unmodelled;
  }
  const table = tableOfRoute(config, read);
  const prefix = networkOf(read.destination);
  const [hop] = read.nextHops;
  const goes = (route: LinuxConfig['routes'][number]): boolean =>
    route.table === table &&
    samePrefix(route.prefix, prefix) &&
    (hop?.via === undefined || hop.via === route.nextHop) &&
    (hop?.iface === undefined || hop.iface === route.iface);
  if (undecidable !== undefined) {
    for (const [at, route] of config.routes.entries()) {
      if (goes(route)) config.routes[at] = { ...route, undecidable };
    }
    if (config.routes.some(goes)) return StatementState.modelled;
  } else if (removeRoutes(config, goes) > 0) return StatementState.modelled;
  // What it takes away stands elsewhere, unless the script puts something in its place.
  deletions.push(() => {
    const isReplaced = config.routes.some((route) => route.table === table && samePrefix(route.prefix, prefix));
    if (!isReplaced) doubtRoutes(config, table, origin, 'what it takes away is in another file or in none');
  });
  return StatementState.unmodelled;
}

function flushRoutes({ config, origin }: Command, words: readonly string[]): StatementState {
  if (words[1] === 'cache' || words.includes('cache')) return StatementState.ignored;
  const at = words.indexOf('table');
  const table = tableName(config, at === -1 ? MAIN_TABLE : (words[at + 1] ?? ''));
  const isPlain = words.length === (at === -1 ? 1 : 3) && !words.includes('all');
  if (isPlain && removeRoutes(config, (route) => route.table === table) >= 0 && table !== MAIN_TABLE) {
    config.tables.add(table);
    return StatementState.modelled;
  }
  doubtRoutes(config, table, origin, 'which routes it takes away is not modelled');
  return StatementState.unmodelled;
}

function applyRuleCommand(command: Command, words: readonly string[]): StatementState {
  const { config, origin } = command;
  const [verb] = words;
  if (verb === undefined || isVerb(verb, 'show', 'list', 'lst', 'save', 'help')) return StatementState.ignored;
  const read = readRuleWords(words, 1);
  if (isVerb(verb, 'add')) return applyRule(command, read);
  if (read === 'ipv6') return StatementState.ignored;
  if (isVerb(verb, 'delete') && read !== 'unknown') {
    const { priority } = read;
    const wanted = JSON.stringify(read.tests);
    const at = config.rules.findIndex((rule) => {
      if (priority !== undefined && rule.priority !== priority) return false;
      const sameTable =
        rule.action.kind !== 'table' ||
        read.action.kind !== 'table' ||
        rule.action.table === tableName(config, read.action.table);
      return priority !== undefined || (JSON.stringify(rule.tests) === wanted && sameTable);
    });
    if (at !== -1 && command.undecidable === undefined) {
      config.rules.splice(at, 1);
      return StatementState.modelled;
    }
    // Clearing away what an earlier run left is how such scripts begin.
    if (at === -1) return StatementState.ignored;
  }
  return applyRule({ config, origin }, 'unknown', 0);
}

function applyAddressCommand(command: Command, words: readonly string[]): StatementState {
  const { config, origin } = command;
  const [verb] = words;
  if (verb === undefined || isVerb(verb, 'show', 'list', 'lst', 'save', 'help')) return StatementState.ignored;
  const at = words.indexOf('dev');
  const device = at === -1 ? undefined : words[at + 1];
  if (isVerb(verb, 'flush')) {
    const iface = device === undefined ? undefined : config.interfaces.get(device);
    if (iface !== undefined && command.undecidable === undefined) iface.addresses.length = 0;
    return StatementState.modelled;
  }
  const written = words[1] === 'local' ? words[2] : words[1];
  if (written === undefined || isIpv6(written)) return StatementState.ignored;
  const host = readHost(written);
  if (host === undefined || device === undefined) {
    config.unread.push(origin);
    return StatementState.unmodelled;
  }
  if (isVerb(verb, 'add', 'change', 'replace')) {
    const peerAt = words.findIndex((word) => word === 'peer' || word === 'remote');
    const peer = peerAt === -1 ? undefined : readHost(words[peerAt + 1] ?? '');
    addAddress(interfaceOf(config, device, origin), host, origin, peer);
    return StatementState.modelled;
  }
  const iface = config.interfaces.get(device);
  const gone = iface?.addresses.findIndex(({ ip }) => ip === host.ip) ?? -1;
  if (gone !== -1 && command.undecidable === undefined) iface?.addresses.splice(gone, 1);
  return StatementState.modelled;
}

function applyLegacy(command: Command, words: readonly string[]): StatementState {
  const isIpRoute2 =
    words.includes('via') || (words.includes('dev') && !words.some((word) => /^(?:-|gw$|netmask$)/.test(word)));
  if (words.includes('inet6')) return StatementState.ignored;
  if (words[0] === 'add' || words[0] === 'replace') {
    const legacy = isIpRoute2 ? 'unknown' : readLegacyRoute(words, 1);
    // The file may be one of `ip -batch`, which knows `route add` too.
    const read = legacy === 'unknown' ? readRouteWords(words, 1) : legacy;
    return applyRoute(command, read, words[0] === 'replace');
  }
  if (words[0] === 'del' || words[0] === 'delete') return deleteRoute(command, readLegacyRoute(words, 1));
  return StatementState.ignored;
}

function applyIfconfig(command: Command, words: readonly string[]): StatementState {
  const [written, ...rest] = words;
  if (written === undefined || written.startsWith('-')) return StatementState.ignored;
  const name = written.replace(/:.*$/, '');
  const iface = interfaceOf(command.config, name, command.origin);
  const host = readHost(rest[0] === 'inet' || rest[0] === 'add' ? (rest[1] ?? '') : (rest[0] ?? ''));
  if (rest.includes('down') && name === written) iface.up = false;
  if (rest.includes('up')) iface.up = true;
  if (host === undefined) return StatementState.modelled;
  const maskAt = rest.indexOf('netmask');
  const mask = maskAt === -1 ? undefined : readLength(rest[maskAt + 1] ?? '');
  const hasLength = rest.some((word) => word.includes('/') && readHost(word) !== undefined);
  iface.up = true;
  addAddress(
    iface,
    { ip: host.ip, length: hasLength ? host.length : (mask ?? classfulLength(host.ip)) },
    command.origin,
  );
  return StatementState.modelled;
}

function applyVconfig({ config, origin }: Command, words: readonly string[]): StatementState {
  const [verb, parent, id] = words;
  if (verb !== 'add' || parent === undefined || !/^\d{1,4}$/.test(id ?? '')) return StatementState.ignored;
  interfaceOf(config, parent, origin);
  const iface = interfaceOf(config, `${parent}.${id}`, origin);
  iface.kind = 'subinterface';
  iface.vlan = Number(id);
  // `vconfig set_name_type VLAN_PLUS_VID_NO_PAD` has it so.
  if (!config.interfaces.has(`vlan${id}`)) iface.aliases.push(`vlan${id}`);
  return StatementState.modelled;
}

function applyBrctl({ config, origin }: Command, words: readonly string[]): StatementState {
  const [verb, bridge, port] = words;
  if (bridge === undefined) return StatementState.ignored;
  if (verb === 'addbr') interfaceOf(config, bridge, origin).kind = 'other';
  else if (verb === 'addif' && port !== undefined) interfaceOf(config, port, origin).master = bridge;
  else return StatementState.ignored;
  return StatementState.modelled;
}

function applySysctl({ config, origin, undecidable }: Command, words: readonly string[]): StatementState {
  let state: StatementState = StatementState.ignored;
  for (const word of words) {
    const equals = word.indexOf('=');
    if (word.startsWith('-') || equals === -1) continue;
    const key = word.slice(0, equals);
    // Whether forwarding is switched off under a condition cannot be told: taken as not.
    if (undecidable !== undefined && word.endsWith('=0')) continue;
    if (applySetting(config, key, word.slice(equals + 1), origin) === StatementState.modelled) {
      state = StatementState.modelled;
    }
  }
  return state;
}
