import type { Origin } from '../../model/origin.js';
import { parseIp } from '../../net/ip.js';
import { redact } from '../../text/redact.js';
import { StatementState } from '../../text/statements.js';
import { calledScript, isReviewed, isSettings, labelled, takesOutput, UNSEEN } from '../common/called-script.js';
import { HARMLESS } from '../common/harmless.js';
import type { Surroundings } from '../dialect.js';
import { applyCommand, type Deletions, withoutPrefix } from './commands.js';
import {
  addAddress,
  addRoutes,
  doubtAfterCall,
  doubtPolicies,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxInterface,
  MAIN_TABLE,
} from './config.js';
import { isFirewall, mayOpen } from './firewall-calls.js';
import { applySetting } from './forwarding.js';
import { Lines, wordsOf } from './lines.js';
import { classfulLength, isIpv6, readHost, readLength } from './prefixes.js';
import { splitCommands } from './shell-words.js';

/** No chain of files that take each other in is longer. */
const DEEPEST_SOURCE = 8;
const MOST_FILES = 200;

interface Stanza {
  readonly iface: LinuxInterface;
  readonly isIpv4: boolean;
  readonly method: string;
  readonly origin: Origin;
  end: number;
  address?: { readonly written: string; readonly origin: Origin };
  netmask?: string;
  gateway?: { readonly ip: number; readonly origin: Origin };
  metric: number;
}

interface Walk {
  readonly config: LinuxConfig;
  readonly around: Surroundings | undefined;
  readonly deletions: Deletions;
  /** Interfaces that are brought up when the device starts. */
  readonly auto: Set<string>;
  readonly stanzas: Stanza[];
  readonly seen: Set<string>;
}

/** The interfaces of ifupdown, and of ifupdown2. Source: interfaces(5). */
export function readInterfaces(lines: Lines, config: LinuxConfig, around?: Surroundings): void {
  const walk: Walk = {
    config,
    around,
    deletions: [],
    auto: new Set(),
    stanzas: [],
    seen: new Set([lines.file.path]),
  };
  readFile(walk, lines, 0);
  finish(walk);
  for (const settle of walk.deletions) settle();
}

function readFile(walk: Walk, lines: Lines, depth: number): void {
  let stanza: Stanza | undefined;
  /** In a block that is about no IPv4 interface. */
  let skips = false;
  for (let row = 0; row < lines.count; ) {
    const first = row;
    let text = lines.text(row).trim();
    row += 1;
    while (text.endsWith('\\') && row < lines.count && row - first < 50) {
      text = `${text.slice(0, -1)} ${lines.text(row).trim()}`;
      row += 1;
    }
    if (text === '' || text.startsWith('#')) continue;
    const words = wordsOf(text);
    const [keyword = ''] = words;
    let state: StatementState;
    let isInside = false;
    if (keyword === 'iface') {
      stanza = openStanza(walk, lines, first, words);
      skips = stanza === undefined;
      state = stanza === undefined ? StatementState.ignored : StatementState.modelled;
    } else if (keyword === 'auto' || keyword.startsWith('allow-')) {
      // What is plugged in while the device starts comes up with it.
      for (const name of words.slice(1)) walk.auto.add(name.replace(/^\//, ''));
      stanza = undefined;
      skips = false;
      state = StatementState.modelled;
    } else if (keyword === 'source' || keyword === 'source-directory') {
      state = readSource(walk, lines, first, words, depth);
      stanza = undefined;
      skips = false;
    } else if (keyword === 'mapping' || keyword === 'rename' || keyword.startsWith('no-')) {
      stanza = undefined;
      skips = true;
      state = keyword === 'mapping' ? StatementState.unmodelled : StatementState.ignored;
    } else if (stanza !== undefined) {
      isInside = true;
      stanza.end = lines.start(row - 1) + lines.text(row - 1).length;
      state = readOption(walk, stanza, lines, first, text, words);
    } else state = skips ? StatementState.ignored : StatementState.unknown;
    for (let each = first; each < row; each += 1) lines.mark(each, state, isInside || skips ? 1 : 0);
  }
  lines.finish('#');
}

function openStanza(
  { config, stanzas, auto }: Walk,
  lines: Lines,
  row: number,
  words: readonly string[],
): Stanza | undefined {
  const [, written, family = 'inet', method = 'static'] = words;
  if (written === undefined || family === 'inet6' || family === 'can' || family === 'ipx') return undefined;
  const origin = lines.origin(row);
  // `eth0:1` is another address of eth0.
  const name = written.replace(/:.*$/, '');
  if (name !== written && auto.has(written)) auto.add(name);
  const iface = interfaceOf(config, name, origin);
  if (iface.origin.file !== origin.file || !iface.origin.label.startsWith('iface')) iface.origin = origin;
  const stanza: Stanza = { iface, isIpv4: true, method, origin, end: origin.end, metric: 0 };
  stanzas.push(stanza);
  if (method === 'loopback') iface.kind = 'loopback';
  else if (method === 'dhcp' || method === 'bootp') {
    iface.learnsAddress = { word: method, mayLearnDefaultRoute: true, origin };
  } else if (method === 'ppp' || method === 'wvdial' || method === 'tunnel') {
    iface.kind = 'tunnel';
    if (method !== 'tunnel') iface.learnsAddress = { word: method, mayLearnDefaultRoute: true, origin };
  }
  return stanza;
}

const UP_COMMANDS = new Set(['up', 'post-up', 'pre-up']);
const DOWN_COMMANDS = new Set(['down', 'pre-down', 'post-down']);
/** Options that say nothing about where packets go. */
const IRRELEVANT =
  /^(?:dns-|wpa-|wireless|bond|slaves$|bridge|vlan-(?:protocol|aware)|mtu$|hwaddress$|hostname$|broadcast$|network$|scope$|link-|ethernet-|leasetime$|lease$|client$|vendor$|pointopoint-|accept_ra|autoconf|privext|ethtool|dad-|endpoint$|local$|mode$|ttl$|provider$|unit$|options$|alias$|metric$|mstpctl-|clag|vxlan|lacp|inherits$|description$|addr-gen|request_prefix|preferred-lifetime|script$|timeout$|label$|ipv6)/;

function readOption(
  walk: Walk,
  stanza: Stanza,
  lines: Lines,
  row: number,
  text: string,
  words: readonly string[],
): StatementState {
  const { config } = walk;
  const { iface } = stanza;
  const [keyword = '', value] = words;
  const origin = lines.origin(row);
  if (UP_COMMANDS.has(keyword)) return readUp(walk, stanza, origin, text.slice(keyword.length));
  if (DOWN_COMMANDS.has(keyword)) return StatementState.ignored;
  if (value === undefined) return IRRELEVANT.test(keyword) ? StatementState.ignored : StatementState.unknown;
  if (keyword === 'address') {
    if (isIpv6(value)) return StatementState.ignored;
    settleAddress(stanza);
    stanza.address = { written: value, origin };
    return StatementState.modelled;
  }
  if (keyword === 'netmask') {
    stanza.netmask = value;
    return StatementState.modelled;
  }
  if (keyword === 'gateway') {
    const ip = parseIp(value);
    if (ip === undefined) {
      if (isIpv6(value)) return StatementState.ignored;
      doubtRoutes(config, MAIN_TABLE, origin);
      return StatementState.unmodelled;
    }
    stanza.gateway = { ip, origin };
    return StatementState.modelled;
  }
  if (keyword === 'metric' && /^\d{1,9}$/.test(value)) {
    stanza.metric = Number(value);
    return StatementState.modelled;
  }
  if (keyword === 'pointopoint') {
    const peer = readHost(value);
    const own = readHost(stanza.address?.written ?? '');
    if (peer === undefined || own === undefined) return StatementState.unmodelled;
    addAddress(iface, own, origin, { ip: peer.ip, length: 32 });
    return StatementState.modelled;
  }
  if (keyword === 'vlan-raw-device' || keyword === 'vlan_raw_device') {
    iface.kind = 'subinterface';
    walk.auto.add(value);
    return StatementState.modelled;
  }
  if ((keyword === 'vlan-id' || keyword === 'vlan_id') && /^\d{1,4}$/.test(value)) {
    iface.kind = 'subinterface';
    iface.vlan = Number(value);
    return StatementState.modelled;
  }
  if (/^bridge[-_]ports$/.test(keyword) || /^(?:bond[-_]slaves|slaves)$/.test(keyword)) {
    iface.kind = keyword.startsWith('bridge') ? 'other' : 'port-channel';
    for (const port of words.slice(1)) {
      if (port === 'none' || port === 'regex' || port === 'glob' || /[*[]/.test(port)) continue;
      interfaceOf(config, port, origin).master = iface.name;
      walk.auto.add(port);
    }
    return StatementState.modelled;
  }
  if (keyword === 'bond-master' || keyword === 'bond_master') {
    iface.master = value;
    return StatementState.modelled;
  }
  if (keyword === 'vrf') {
    iface.master = value;
    if (!config.vrfTables.has(value)) config.vrfTables.set(value, `vrf ${value}`);
    return StatementState.modelled;
  }
  if (keyword === 'vrf-table') {
    config.vrfTables.set(iface.name, /^\d+$/.test(value) ? value : `vrf ${iface.name}`);
    return StatementState.modelled;
  }
  if (keyword === 'ip-forward')
    return (
      applySetting(
        config,
        `net.ipv4.conf.${iface.name}.forwarding`,
        /^(?:on|yes|1)$/.test(value) ? '1' : '0',
        origin,
      ) ?? StatementState.ignored
    );
  if (keyword === 'address-virtual') {
    for (const word of words.slice(2)) {
      const host = readHost(word);
      if (host !== undefined) addAddress(iface, host, origin);
    }
    return StatementState.modelled;
  }
  if (keyword === 'alias' || keyword === 'description') {
    iface.description = redact(
      words
        .slice(1)
        .join(' ')
        .replace(/^"(.*)"$/, '$1'),
    );
    return StatementState.modelled;
  }
  return IRRELEVANT.test(keyword) ? StatementState.ignored : StatementState.unknown;
}

function readUp(walk: Walk, { iface }: Stanza, origin: Origin, text: string): StatementState {
  const variables = new Map([
    ['IFACE', iface.name],
    ['LOGICAL', iface.name],
  ]);
  let state: StatementState = StatementState.ignored;
  let isFirst = true;
  if (takesOutput(text, HARMLESS)) {
    doubtAfterCall(walk.config, labelled(origin, ''), `a script that ${origin.file} calls`);
    state = StatementState.unmodelled;
  }
  for (const { words, into, after } of splitCommands(text, variables)) {
    if (/^(?:true|:|exit)$/.test(words[0] ?? '')) continue;
    const called = withoutPrefix(withoutBlocks(words));
    const name = (called[0] ?? '').replace(/^.*\//, '');
    const script = isFirewall(name) ? undefined : calledScript(called, HARMLESS);
    // Another one does no more.
    const isInDoubt = walk.config.isInDoubt && walk.config.policyDoubt !== undefined;
    const isUnseen =
      script !== undefined &&
      !isSettings(script) &&
      (isInDoubt || !isReviewed(script, origin.file, walk.around, HARMLESS));
    const about = labelled(origin, script === undefined ? name : script.path);
    if (isUnseen) doubtAfterCall(walk.config, about, `"${about.label}"`);
    else if (mayOpen(called)) doubtPolicies(walk.config, `"${about.label}"`);
    const condition =
      after === '||' || (after === '&&' && !isFirst && !/^(?:ip|route)$/.test(words[0] ?? ''))
        ? { undecidable: 'it is run only where the command before it does so' }
        : {};
    isFirst = false;
    const key = /^\/proc\/sys\/(net\/.*)$/.exec(into ?? '')?.[1];
    const became =
      words[0] === 'echo' && key !== undefined
        ? applySetting(walk.config, key, words[1] ?? '', origin)
        : applyCommand({ config: walk.config, origin, deletions: walk.deletions, ...condition }, words);
    if (became === StatementState.unmodelled || (became !== undefined && state === StatementState.ignored))
      state = became;
    else if (state === StatementState.ignored && (isUnseen || isFirewall(called[0] ?? '')))
      state = StatementState.unmodelled;
  }
  return state;
}

/** The words of a command behind those that open a block, and variables that are set for it. */
function withoutBlocks(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !/^(?:if|then|else|elif|while|until|do|\{|!|[A-Za-z_]\w*=.*)$/s.test(word));
  return at === -1 ? [] : words.slice(at);
}

/** The files that a line takes in are read in its place. */
function readSource(walk: Walk, lines: Lines, row: number, words: readonly string[], depth: number): StatementState {
  const { around, config, seen } = walk;
  const { file } = lines;
  const pattern = words[1] ?? '';
  const isFolder = words[0] === 'source-directory';
  // A pattern may match nothing, as the one of Debian's own file does; a file that is named is there.
  const isNamed = !isFolder && !/[*?[]/.test(pattern);
  const missing = (): StatementState => {
    if (isNamed) doubtRoutes(config, MAIN_TABLE, lines.origin(row), UNSEEN);
    return StatementState.unmodelled;
  };
  if (around === undefined || depth >= DEEPEST_SOURCE) return missing();
  const glob = isFolder ? `${pattern.replace(/\/$/, '')}/*` : pattern;
  const near = /^\/etc\/network\/(.+)$/.exec(glob)?.[1];
  const onDevice = around.find(glob);
  // A device's folder may hold what is in /etc/network.
  const found = onDevice.length > 0 || near === undefined ? onDevice : around.find(near);
  for (const one of found) {
    const name = one.path.slice(one.path.lastIndexOf('/') + 1);
    // Of a folder only names of letters, digits, hyphens and underscores count.
    if (one.path === file.path || seen.has(one.path) || seen.size > MOST_FILES || (isFolder && !/^[\w-]+$/.test(name)))
      continue;
    seen.add(one.path);
    config.includes.push(one.path);
    readFile(walk, new Lines(one), depth + 1);
  }
  if (found.length > 0) return StatementState.modelled;
  return isNamed ? missing() : StatementState.ignored;
}

function settleAddress(stanza: Stanza): void {
  const { iface, address, netmask } = stanza;
  if (address === undefined) return;
  delete stanza.address;
  const host = readHost(address.written);
  if (host === undefined) return;
  const given = address.written.includes('/') ? host.length : readLength(netmask ?? '');
  // Without a mask, ifupdown goes by the class of the address.
  addAddress(iface, { ip: host.ip, length: given ?? classfulLength(host.ip) }, address.origin);
}

function finish({ config, stanzas, auto }: Walk): void {
  for (const stanza of stanzas) {
    const { iface, gateway, metric, origin, end } = stanza;
    settleAddress(stanza);
    const block: Origin = { ...origin, end };
    const start = origin.start + origin.label.indexOf(iface.name);
    const name: Origin = { file: origin.file, start, end: start + iface.name.length, label: iface.name };
    config.definitions.push({ kind: 'interface', name: iface.name, origin: name, block });
    if (gateway === undefined) continue;
    addRoutes(config, [
      {
        table: iface.master !== undefined ? (config.vrfTables.get(iface.master) ?? MAIN_TABLE) : MAIN_TABLE,
        type: 'unicast',
        prefix: { ip: 0, length: 0 },
        nextHop: gateway.ip,
        iface: iface.name,
        metric,
        shares: false,
        origin: gateway.origin,
      },
    ]);
  }
  for (const { iface, origin, end } of stanzas) {
    if (auto.has(iface.name) || iface.kind === 'loopback') continue;
    const words = `"${origin.label}" is not brought up by itself (no "auto ${iface.name}")`;
    iface.mayBeDown = words;
    for (const [at, route] of config.routes.entries()) {
      const { file, start } = route.origin;
      if (file === origin.file && start > origin.start && start < end)
        config.routes[at] = { ...route, undecidable: words };
    }
  }
}
