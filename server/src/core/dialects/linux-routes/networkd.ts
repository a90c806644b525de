import { redact } from '../../text/redact.js';
import { StatementState } from '../../text/statements.js';
import { applyRoute, applyRule } from './apply.js';
import {
  addAddress,
  defineInterface,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxInterface,
  MAIN_TABLE,
  tableName,
} from './config.js';
import { applySetting } from './forwarding.js';
import type { Lines } from './lines.js';
import { isIpv6, readHost } from './prefixes.js';
import { readRouteWords } from './route-words.js';
import { readRuleWords } from './rule-words.js';

interface Section {
  readonly name: string;
  readonly row: number;
  /** Rows of the section, with key and value. */
  readonly entries: { readonly key: string; readonly value: string; readonly row: number }[];
}

/** Units of systemd-networkd. Source: systemd.network(5), systemd.netdev(5), systemd.link(5), networkd.conf(5). */
export function readNetworkd(lines: Lines, config: LinuxConfig): void {
  const sections = sectionsOf(lines);
  const valueNamed = (section: string, key: string): string | undefined =>
    sections
      .filter(({ name }) => name === section)
      .flatMap(({ entries }) => entries)
      .filter((one) => one.key === key)
      .at(-1)?.value;
  if (sections.some(({ name }) => name === 'NetDev')) readNetDev(lines, config, sections, valueNamed);
  else if (sections.some(({ name }) => name === 'Match')) readNetwork(lines, config, sections);
  else readDaemon(lines, config, sections);
  for (const { name, row } of sections) {
    lines.mark(row, KNOWN_SECTIONS.test(name) ? StatementState.modelled : StatementState.ignored);
  }
  lines.finish('#;');
}

const KNOWN_SECTIONS = /^(?:Match|Network|Address|Route|RoutingPolicyRule|Link|NetDev|VLAN|VRF)$/;

function sectionsOf(lines: Lines): Section[] {
  const sections: Section[] = [];
  for (let row = 0; row < lines.count; row += 1) {
    const text = lines.text(row).trim();
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const header = /^\[([\w-]+)\]$/.exec(text)?.[1];
    if (header !== undefined) {
      sections.push({ name: header, row, entries: [] });
      continue;
    }
    const equals = text.indexOf('=');
    const section = sections.at(-1);
    if (equals === -1 || section === undefined) continue;
    const key = text.slice(0, equals).trim();
    section.entries.push({ key, value: text.slice(equals + 1).trim(), row });
    lines.mark(row, StatementState.ignored, 1);
  }
  return sections;
}

function readNetDev(
  lines: Lines,
  config: LinuxConfig,
  sections: readonly Section[],
  valueNamed: (section: string, key: string) => string | undefined,
): void {
  const name = valueNamed('NetDev', 'Name');
  const kind = valueNamed('NetDev', 'Kind');
  const section = sections.find((one) => one.name === 'NetDev');
  if (name === undefined || section === undefined) return;
  const row = section.entries.find(({ key }) => key === 'Name')?.row ?? section.row;
  const origin = lines.origin(row);
  const iface = interfaceOf(config, name, origin);
  defineInterface(config, name, origin);
  for (const entry of sections.flatMap(({ entries }) => entries)) {
    if (/^(?:Name|Kind|Id|Table|Description)$/.test(entry.key)) lines.mark(entry.row, StatementState.modelled, 1);
  }
  const description = valueNamed('NetDev', 'Description');
  if (description !== undefined) iface.description = redact(description);
  if (kind === 'vlan') {
    iface.kind = 'subinterface';
    const id = valueNamed('VLAN', 'Id');
    if (id !== undefined && /^\d{1,4}$/.test(id)) iface.vlan = Number(id);
  } else if (kind === 'vrf') {
    iface.kind = 'other';
    const table = valueNamed('VRF', 'Table') ?? valueNamed('VRF', 'TableId');
    config.vrfTables.set(name, table === undefined ? `vrf ${name}` : tableName(config, table));
  } else if (kind === 'bond') iface.kind = 'port-channel';
  else if (kind === 'bridge' || kind === 'dummy' || kind === 'veth') iface.kind = 'other';
  else if (kind !== undefined && /^(?:wireguard|gre|ipip|sit|vti|tun|tap|vxlan|xfrm)$/.test(kind))
    iface.kind = 'tunnel';
}

/** A `.network` or a `.link` unit: what it matches by names has all that it says. */
function readNetwork(lines: Lines, config: LinuxConfig, sections: readonly Section[]): void {
  const match = sections.find(({ name }) => name === 'Match') as Section;
  const names = match.entries.filter(({ key }) => key === 'Name').flatMap(({ value }) => value.split(/\s+/));
  const literal = names.filter((name) => name !== '' && !/[*?[!]/.test(name));
  const isNamed = literal.length > 0 && literal.length === names.length;
  for (const { row } of match.entries)
    lines.mark(row, isNamed ? StatementState.modelled : StatementState.unmodelled, 1);
  const isLink = sections.every(({ name }) => name === 'Match' || name === 'Link' || name === 'SR-IOV');
  const origin = lines.origin(match.entries.find(({ key }) => key === 'Name')?.row ?? match.row);
  if (isLink) {
    readLinkUnit(lines, config, sections, isNamed ? literal : []);
    return;
  }
  const ifaces = isNamed ? literal.map((name) => interfaceOf(config, name, origin)) : [];
  for (const iface of ifaces) {
    defineInterface(config, iface.name, origin, blockOf(lines, origin));
  }
  const unnamed = isNamed
    ? undefined
    : `[Match] does not name the interface (${lines.text(match.entries[0]?.row ?? match.row).trim()})`;
  // What an interface is a part of says into which table its routes go, wherever the line stands.
  for (const { key, value } of sections.filter(({ name }) => name === 'Network').flatMap(({ entries }) => entries)) {
    if (key !== 'VRF') continue;
    for (const iface of ifaces) iface.master = value;
    if (!config.vrfTables.has(value)) config.vrfTables.set(value, `vrf ${value}`);
  }
  for (const section of sections) {
    if (section.name === 'Network' || section.name === 'Address') {
      for (const entry of section.entries) lines.mark(entry.row, readEntry(lines, config, ifaces, unnamed, entry), 1);
    } else if (section.name === 'Link') {
      for (const entry of section.entries) lines.mark(entry.row, readLinkEntry(ifaces, origin, entry), 1);
    } else if (section.name === 'Route') readRoute(lines, config, ifaces, unnamed, section);
    else if (section.name === 'RoutingPolicyRule') readRule(lines, config, section);
    else if (section.name === 'DHCPv4' || section.name === 'DHCP') readDhcp(lines, ifaces, section);
  }
}

function blockOf(lines: Lines, origin: ReturnType<Lines['origin']>): ReturnType<Lines['origin']> {
  const { text } = lines.file;
  return { ...origin, start: 0, end: text.trimEnd().length };
}

type Entry = Section['entries'][number];

function readEntry(
  lines: Lines,
  config: LinuxConfig,
  ifaces: readonly LinuxInterface[],
  unnamed: string | undefined,
  { key, value, row }: Entry,
): StatementState {
  const origin = lines.origin(row);
  const isOn = /^(?:yes|true|on|1|ipv4|both)$/i.test(value);
  if (key === 'Address') {
    if (isIpv6(value)) return StatementState.ignored;
    const host = readHost(value);
    if (host === undefined) return StatementState.unmodelled;
    for (const iface of ifaces) addAddress(iface, host, origin);
    return ifaces.length > 0 ? StatementState.modelled : StatementState.unmodelled;
  }
  if (key === 'Gateway') {
    if (isIpv6(value) || value.startsWith('_'))
      return value === '_dhcp4' ? StatementState.modelled : StatementState.ignored;
    if (unnamed !== undefined) return doubt(config, origin, unnamed);
    for (const iface of ifaces) {
      applyRoute(
        { config, origin },
        readRouteWords(['default', 'via', value, 'dev', iface.name, ...tableWords(config, iface)], 0),
      );
    }
    return StatementState.modelled;
  }
  if (key === 'DHCP') {
    if (!isOn) return StatementState.modelled;
    for (const iface of ifaces) iface.learnsAddress = { word: 'DHCP', mayLearnDefaultRoute: true, origin };
    if (unnamed !== undefined) return doubt(config, origin, unnamed);
    return StatementState.modelled;
  }
  if (key === 'VLAN') {
    for (const name of value.split(/\s+/)) if (name !== '') interfaceOf(config, name, origin).kind = 'subinterface';
    return StatementState.modelled;
  }
  if (key === 'Bridge' || key === 'Bond' || key === 'VRF') {
    for (const iface of ifaces) iface.master = value;
    return StatementState.modelled;
  }
  if (key === 'IPForward' || key === 'IPv4Forwarding') {
    if (/^ipv6$/i.test(value)) return StatementState.ignored;
    // `IPForward=no` leaves the kernel's setting as it is; `IPv4Forwarding=` is the interface's own.
    if (key === 'IPForward') {
      if (isOn) applySetting(config, 'net.ipv4.ip_forward', '1', origin);
      return StatementState.modelled;
    }
    for (const { name } of ifaces) applySetting(config, `net/ipv4/conf/${name}/forwarding`, isOn ? '1' : '0', origin);
    return StatementState.modelled;
  }
  if (key === 'IPv4ReversePathFilter') {
    for (const iface of ifaces) {
      if (/^strict$/i.test(value)) iface.reversePath = { mode: 'strict', origin };
    }
    return StatementState.modelled;
  }
  if (key === 'Description') {
    for (const iface of ifaces) iface.description = redact(value);
    return StatementState.modelled;
  }
  return key === 'IPMasquerade' && isOn ? StatementState.unmodelled : StatementState.ignored;
}

/** What an interface in a VRF routes goes into the VRF's table. */
function tableWords(config: LinuxConfig, { master }: LinuxInterface): string[] {
  return master !== undefined && config.vrfTables.has(master) ? ['vrf', master] : [];
}

function doubt(config: LinuxConfig, origin: ReturnType<Lines['origin']>, why: string): StatementState {
  doubtRoutes(config, MAIN_TABLE, origin, why);
  return StatementState.unmodelled;
}

function readLinkEntry(
  ifaces: readonly LinuxInterface[],
  origin: ReturnType<Lines['origin']>,
  { key, value }: Entry,
): StatementState {
  if (key === 'ActivationPolicy') {
    for (const iface of ifaces) {
      if (value === 'down' || value === 'always-down') iface.up = false;
      else if (value === 'manual')
        iface.mayBeDown = `"${origin.label}" is brought up by hand (ActivationPolicy=manual)`;
    }
    return StatementState.modelled;
  }
  if (key === 'Unmanaged' && /^(?:yes|true|on|1)$/i.test(value)) return StatementState.unmodelled;
  return StatementState.ignored;
}

function readLinkUnit(lines: Lines, config: LinuxConfig, sections: readonly Section[], names: readonly string[]): void {
  for (const entry of sections.filter(({ name }) => name === 'Link').flatMap(({ entries }) => entries)) {
    const name = entry.key === 'Name' ? entry.value : names[0];
    if (name === undefined || name === '' || !/^(?:Name|Description|Alias)$/.test(entry.key)) continue;
    const iface = interfaceOf(config, name, lines.origin(entry.row));
    if (entry.key === 'Name') defineInterface(config, name, lines.origin(entry.row));
    else iface.description = redact(entry.value);
    lines.mark(entry.row, StatementState.modelled, 1);
  }
}

function readDhcp(lines: Lines, ifaces: readonly LinuxInterface[], { entries }: Section): void {
  for (const { key, value, row } of entries) {
    if (!/^(?:UseRoutes|UseGateway)$/.test(key) || !/^(?:no|false|off|0)$/i.test(value)) continue;
    for (const iface of ifaces) {
      if (iface.learnsAddress !== undefined)
        iface.learnsAddress = { ...iface.learnsAddress, mayLearnDefaultRoute: false };
    }
    lines.mark(row, StatementState.modelled, 1);
  }
}

/** A `[Route]` in the words of `ip route`. */
function readRoute(
  lines: Lines,
  config: LinuxConfig,
  ifaces: readonly LinuxInterface[],
  unnamed: string | undefined,
  { entries, row }: Section,
): void {
  const last = new Map<string, string>();
  const hops: string[] = [];
  for (const { key, value } of entries) {
    last.set(key, value);
    if (key === 'MultiPathRoute') hops.push(value);
  }
  const gateway = last.get('Gateway');
  const destination = last.get('Destination') ?? 'default';
  const type = last.get('Type') ?? 'unicast';
  const marks = (state: StatementState) => {
    for (const { row: at, key } of entries) {
      const matters =
        /^(?:Gateway|Destination|Type|Table|Metric|MultiPathRoute|GatewayOnLink|NextHop|TypeOfService)$/.test(key);
      lines.mark(at, matters ? state : StatementState.ignored, 1);
    }
  };
  if (isIpv6(destination) || (gateway !== undefined && isIpv6(gateway) && destination === 'default')) {
    marks(StatementState.ignored);
    return;
  }
  if (gateway?.startsWith('_dhcp') === true) {
    marks(StatementState.modelled);
    return;
  }
  const [firstEntry, lastEntry] = [entries[0], entries.at(-1)];
  const at = entries.find(({ key }) => key === 'Destination' || key === 'Gateway')?.row ?? firstEntry?.row ?? row;
  const label = entries.map(({ row: one }) => lines.text(one).trim()).join(' ');
  const start = lines.origin(firstEntry?.row ?? row).start;
  const end = lines.origin(lastEntry?.row ?? row).end;
  const origin = { ...lines.origin(at), start, end, label: redact(`[Route] ${label}`) };
  if (unnamed !== undefined && type === 'unicast') {
    doubt(config, origin, unnamed);
    marks(StatementState.unmodelled);
    return;
  }
  let state: StatementState = StatementState.modelled;
  for (const iface of ifaces.length === 0 ? [undefined] : ifaces) {
    const dev = iface === undefined ? [] : ['dev', iface.name];
    const table = last.get('Table');
    const words = [type === 'unicast' ? 'unicast' : type, destination];
    if (type === 'unicast') {
      if (gateway !== undefined && gateway !== '') words.push('via', gateway);
      if (hops.length === 0) words.push(...dev);
    }
    if (table !== undefined) words.push('table', table);
    else if (iface !== undefined) words.push(...tableWords(config, iface));
    if (last.has('Metric')) words.push('metric', last.get('Metric') as string);
    if (last.has('TypeOfService')) words.push('tos', last.get('TypeOfService') as string);
    for (const hop of type === 'unicast' ? hops : []) {
      const [address = '', name] = (hop.split(/\s+/)[0] ?? '').split('@');
      words.push('nexthop', 'via', address, 'dev', name ?? iface?.name ?? '');
    }
    const read = last.has('NextHop') ? 'unknown' : readRouteWords(words, 0);
    const became = applyRoute({ config, origin }, read);
    if (became !== StatementState.modelled) state = became;
  }
  marks(state);
}

/** A `[RoutingPolicyRule]` in the words of `ip rule`. */
function readRule(lines: Lines, config: LinuxConfig, { entries, row }: Section): void {
  const words: string[] = [];
  const names: Readonly<Record<string, string>> = {
    From: 'from',
    To: 'to',
    IncomingInterface: 'iif',
    OutgoingInterface: 'oif',
    FirewallMark: 'fwmark',
    Priority: 'pref',
    Table: 'lookup',
    TypeOfService: 'tos',
    IPProtocol: 'ipproto',
    SourcePort: 'sport',
    DestinationPort: 'dport',
    SuppressPrefixLength: 'suppress_prefixlength',
    SuppressInterfaceGroup: 'suppress_ifgroup',
    User: 'uidrange',
    L3MasterDevice: 'l3mdev',
  };
  for (const { key, value } of entries) {
    const name = names[key];
    if (key === 'InvertRule' && /^(?:yes|true|on|1)$/i.test(value)) words.unshift('not');
    else if (key === 'Type') words.push(value === 'table' ? 'unicast' : value);
    else if (key === 'L3MasterDevice') words.push('l3mdev');
    else if (name !== undefined) words.push(name, value);
  }
  if (entries.some(({ key, value }) => key === 'Family' && value === 'ipv6')) return;
  const label = `[RoutingPolicyRule] ${entries.map(({ row: at }) => lines.text(at).trim()).join(' ')}`;
  const start = lines.origin(entries[0]?.row ?? row).start;
  const end = lines.origin(entries.at(-1)?.row ?? row).end;
  const origin = { ...lines.origin(row), start, end, label: redact(label) };
  const state = applyRule({ config, origin }, readRuleWords(words, 0));
  for (const { row: at } of entries) lines.mark(at, state, 1);
}

/** `networkd.conf`: what holds for all interfaces. */
function readDaemon(lines: Lines, config: LinuxConfig, sections: readonly Section[]): void {
  for (const { key, value, row } of sections
    .filter(({ name }) => name === 'Network')
    .flatMap(({ entries }) => entries)) {
    if (key !== 'IPv4Forwarding' && key !== 'IPForward') continue;
    const isOn = /^(?:yes|true|on|1|ipv4|both)$/i.test(value);
    lines.mark(
      row,
      applySetting(config, 'net.ipv4.ip_forward', isOn ? '1' : '0', lines.origin(row)) ?? StatementState.ignored,
      1,
    );
  }
}
