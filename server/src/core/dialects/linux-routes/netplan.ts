import type { Origin } from '../../model/origin.js';
import { redact } from '../../text/redact.js';
import { StatementState } from '../../text/statements.js';
import { applyRoute, applyRule } from './apply.js';
import {
  addAddress,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxInterface,
  MAIN_TABLE,
  tableName,
} from './config.js';
import type { Lines } from './lines.js';
import { isIpv6, readHost } from './prefixes.js';
import { readRouteWords } from './route-words.js';
import { readRuleWords } from './rule-words.js';
import { readYaml, type YamlEntry, type YamlMap, type YamlNode } from './yaml.js';

/** The kinds of interfaces, and what each is in the model. */
const SECTIONS: Readonly<Record<string, LinuxInterface['kind']>> = {
  ethernets: 'physical',
  wifis: 'physical',
  modems: 'tunnel',
  vlans: 'subinterface',
  bridges: 'other',
  bonds: 'port-channel',
  tunnels: 'tunnel',
  vrfs: 'other',
  'dummy-devices': 'other',
  'virtual-ethernets': 'other',
  'nm-devices': 'other',
};

interface Walk {
  readonly lines: Lines;
  readonly config: LinuxConfig;
}

/** Netplan's YAML. Source: netplan documentation, "YAML configuration". */
export function readNetplan(lines: Lines, config: LinuxConfig): void {
  const walk: Walk = { lines, config };
  const root = readYaml(lines.file);
  for (const entry of root.kind === 'map' ? root.entries : []) {
    if (entry.key !== 'network' || entry.value.kind !== 'map') {
      mark(walk, entry, StatementState.unknown);
      continue;
    }
    markKey(walk, entry, StatementState.modelled);
    const sections = entry.value.entries.filter(({ key, value }) => key in SECTIONS && value.kind === 'map');
    for (const one of entry.value.entries) {
      if (!sections.includes(one)) mark(walk, one, one.key in SECTIONS ? doubtful(walk, one) : StatementState.ignored);
    }
    // A VRF says where the routes of its interfaces go, so it is read before them.
    for (const one of sections) if (one.key === 'vrfs') readVrfs(walk, one.value as YamlMap);
    for (const one of sections) {
      markKey(walk, one, StatementState.modelled);
      for (const device of (one.value as YamlMap).entries) readDevice(walk, device, one.key);
    }
  }
  if (root.kind !== 'map' && root.kind !== 'scalar')
    mark(walk, { key: '', start: root.start, end: root.end, value: root }, StatementState.unknown);
  lines.finish('#');
}

/** What is not understood where interfaces and routes stand may be anything. */
function doubtful({ lines, config }: Walk, { start, end, value }: YamlEntry): StatementState {
  if (value.kind === 'scalar' && value.text === '') return StatementState.ignored;
  doubtRoutes(config, MAIN_TABLE, originOf(lines, start, Math.max(end, start)));
  return StatementState.unmodelled;
}

function originOf(lines: Lines, start: number, end: number): Origin {
  const row = lines.file.lineIndexAt(start);
  const last = lines.file.lineIndexAt(end);
  const label = row === last ? lines.text(row).trim() : lines.file.text.slice(start, end).replace(/\s*\n\s*/g, ', ');
  return { file: lines.file.path, start, end, label: redact(label.replace(/^- /, '')) };
}

/** Marks the lines of an entry, the key's and all of its value's. */
function mark({ lines }: Walk, { start, value, end }: YamlEntry, state: StatementState): void {
  markSpan(lines, start, Math.max(end, value.end), state);
}

function markKey({ lines }: Walk, { start }: YamlEntry, state: StatementState): void {
  markSpan(lines, start, start, state);
}

function markSpan(lines: Lines, start: number, end: number, state: StatementState): void {
  const first = lines.file.lineIndexAt(start);
  const last = lines.file.lineIndexAt(Math.max(start, end));
  for (let row = first; row <= last && row < lines.count; row += 1) {
    const text = lines.text(row);
    if (text.trim() !== '' && !text.trimStart().startsWith('#')) lines.mark(row, state, Math.min(255, depthOf(text)));
  }
}

function depthOf(text: string): number {
  return Math.ceil((text.length - text.trimStart().length) / 2);
}

/** Of a key that is there twice the last one counts. */
function lastOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.filter((entry) => entry.key === key).at(-1)?.value;
}

function scalarOf(map: YamlMap, key: string): string | undefined {
  const value = lastOf(map, key);
  return value?.kind === 'scalar' && value.text !== '' && value.text !== 'null' && value.text !== '~'
    ? value.text
    : undefined;
}

function mapOf(map: YamlMap, key: string): YamlMap | undefined {
  const value = lastOf(map, key);
  return value?.kind === 'map' ? value : undefined;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:true|yes|on|y|1)$/i.test(text);
}

function readVrfs({ lines, config }: Walk, section: YamlMap): void {
  for (const { key, value } of section.entries) {
    if (value.kind !== 'map') continue;
    const table = scalarOf(value, 'table');
    config.vrfTables.set(key, table === undefined ? `vrf ${key}` : tableName(config, table));
    const members = lastOf(value, 'interfaces');
    for (const item of members?.kind === 'list' ? members.items : []) {
      if (item.kind === 'scalar') interfaceOf(config, item.text, originOf(lines, item.start, item.end)).master = key;
    }
  }
}

function readDevice(walk: Walk, device: YamlEntry, section: string): void {
  const { lines, config } = walk;
  const { key: id, value, start, end } = device;
  if (value.kind !== 'map') {
    const isEmpty = value.kind === 'scalar' && (value.text === '' || value.text === '{}');
    mark(walk, device, isEmpty ? StatementState.modelled : doubtful(walk, device));
    if (id !== '') interfaceOf(config, id, originOf(lines, start, end));
    return;
  }
  markKey(walk, device, StatementState.modelled);
  const match = mapOf(value, 'match');
  const matched = match === undefined ? undefined : scalarOf(match, 'name');
  const isGlob = matched !== undefined && /[*?[]/.test(matched);
  const name = scalarOf(value, 'set-name') ?? (matched !== undefined && !isGlob ? matched : id);
  const origin = originOf(lines, start, end);
  const iface = interfaceOf(config, name, origin);
  iface.origin = origin;
  if (name !== id && !iface.aliases.includes(id)) iface.aliases.push(id);
  if (section !== 'ethernets' || iface.kind === 'subinterface') iface.kind = SECTIONS[section] ?? 'other';
  const block: Origin = { ...origin, end: Math.max(end, value.end) };
  config.definitions.push({ kind: 'interface', name, origin: { ...origin, label: id }, block });
  const unnamed =
    isGlob && scalarOf(value, 'set-name') === undefined ? `match ${matched} names no one interface` : undefined;
  for (const entry of value.entries) {
    // Readers of routes and rules mark the lines inside.
    markSpan(
      lines,
      entry.start,
      Math.max(entry.end, entry.value.end),
      readKey(walk, iface, value, section, entry, unnamed),
    );
    if (entry.key === 'routes' || entry.key === 'routing-policy') readEach(walk, iface, entry, section, unnamed);
  }
}

const MATTERS = new Set([
  'routes',
  'routing-policy',
  'addresses',
  'gateway4',
  'interfaces',
  'dhcp4',
  'id',
  'table',
  '',
]);

function readKey(
  walk: Walk,
  iface: LinuxInterface,
  device: YamlMap,
  section: string,
  entry: YamlEntry,
  unnamed: string | undefined,
): StatementState {
  const { lines, config } = walk;
  const { key, value, start, end } = entry;
  if (value.kind === 'unread') return MATTERS.has(key) || key === '<<' ? doubtful(walk, entry) : StatementState.unknown;
  const text = value.kind === 'scalar' ? value.text : '';
  const origin = originOf(lines, start, Math.max(end, value.kind === 'scalar' ? value.end : end));
  if (key === 'addresses') return readAddresses(walk, iface, value);
  if (key === 'dhcp4') {
    if (!isTrue(text)) return StatementState.modelled;
    const overrides = mapOf(device, 'dhcp4-overrides');
    const usesRoutes = overrides === undefined || !/^(?:false|no|off)$/i.test(scalarOf(overrides, 'use-routes') ?? '');
    iface.learnsAddress = { word: 'dhcp4', mayLearnDefaultRoute: usesRoutes, origin };
    return StatementState.modelled;
  }
  if (key === 'gateway4') {
    if (unnamed !== undefined) {
      doubtRoutes(config, MAIN_TABLE, origin, unnamed);
      return StatementState.unmodelled;
    }
    return applyRoute({ config, origin }, readRouteWords(['default', 'via', text, 'dev', iface.name], 0));
  }
  if (key === 'id' && section === 'vlans') {
    if (!/^\d{1,4}$/.test(text)) return StatementState.unmodelled;
    iface.vlan = Number(text);
    return StatementState.modelled;
  }
  if (key === 'link' && section === 'vlans') {
    interfaceOf(config, nameOf(config, text), origin);
    return StatementState.modelled;
  }
  if (key === 'interfaces') {
    for (const item of value.kind === 'list' ? value.items : []) {
      if (item.kind !== 'scalar') continue;
      interfaceOf(config, nameOf(config, item.text), originOf(lines, item.start, item.end)).master = iface.name;
    }
    return StatementState.modelled;
  }
  if (key === 'activation-mode') {
    if (text === 'off') iface.up = false;
    else if (text === 'manual') iface.mayBeDown = `"${origin.label}": ${iface.name} is brought up by hand`;
    return StatementState.modelled;
  }
  return /^(?:match|set-name|table|routes|routing-policy|dhcp4-overrides)$/.test(key)
    ? StatementState.modelled
    : StatementState.ignored;
}

/** The name of the interface that an id stands for, where `set-name` or a match gave it another. */
function nameOf(config: LinuxConfig, id: string): string {
  if (config.interfaces.has(id)) return id;
  for (const { name, aliases } of config.interfaces.values()) if (aliases.includes(id)) return name;
  return id;
}

function readAddresses(walk: Walk, iface: LinuxInterface, value: YamlNode): StatementState {
  const { lines, config } = walk;
  let state: StatementState = StatementState.modelled;
  for (const item of value.kind === 'list' ? value.items : [value]) {
    // `- 10.0.0.1/24: {label: ...}`
    const written = item.kind === 'map' ? (item.entries[0]?.key ?? '') : item.kind === 'scalar' ? item.text : '';
    if (isIpv6(written) || (written === '' && item.kind === 'scalar')) continue;
    const host = written.includes('/') ? readHost(written) : undefined;
    const origin = originOf(lines, item.start, item.kind === 'map' ? (item.entries[0]?.end ?? item.end) : item.end);
    if (host === undefined) {
      config.unread.push(origin);
      state = StatementState.unmodelled;
    } else addAddress(iface, host, { ...origin, label: written });
  }
  return state;
}

function readEach(
  walk: Walk,
  iface: LinuxInterface,
  entry: YamlEntry,
  section: string,
  unnamed: string | undefined,
): void {
  const { lines, config } = walk;
  if (entry.value.kind === 'unread') return;
  for (const item of entry.value.kind === 'list' ? entry.value.items : []) {
    const origin = originOf(lines, item.start, item.end);
    let state: StatementState;
    if (item.kind !== 'map' || item.entries.some(({ value }) => value.kind !== 'scalar')) {
      doubtRoutes(config, MAIN_TABLE, origin);
      state = StatementState.unmodelled;
    } else if (entry.key === 'routes') state = readRoute(walk, iface, item, origin, section, unnamed);
    else state = readRule(walk, iface, item, origin, section);
    markSpan(lines, item.start, item.end, state);
  }
}

/** One of `routes`, in the words of `ip route`. */
function readRoute(
  { config }: Walk,
  iface: LinuxInterface,
  item: YamlMap,
  origin: Origin,
  section: string,
  unnamed: string | undefined,
): StatementState {
  const to = scalarOf(item, 'to') ?? '';
  const via = scalarOf(item, 'via');
  const type = scalarOf(item, 'type') ?? 'unicast';
  const metric = scalarOf(item, 'metric');
  const table = scalarOf(item, 'table') ?? tableOf(config, iface, section);
  if (isIpv6(to) || (via !== undefined && isIpv6(via) && to === 'default')) return StatementState.ignored;
  if (unnamed !== undefined && type === 'unicast') {
    doubtRoutes(config, MAIN_TABLE, origin, unnamed);
    return StatementState.unmodelled;
  }
  const words = [type, to];
  if (type === 'unicast') {
    if (via !== undefined) words.push('via', via);
    // A route of a VRF itself leads to its next hop by whichever of its interfaces is on the way.
    if (section !== 'vrfs') words.push('dev', iface.name);
  }
  if (metric !== undefined) words.push('metric', metric);
  if (table !== undefined) words.push('table', table);
  return applyRoute({ config, origin }, readRouteWords(words, 0));
}

function tableOf(config: LinuxConfig, iface: LinuxInterface, section: string): string | undefined {
  const table = config.vrfTables.get(section === 'vrfs' ? iface.name : (iface.master ?? ''));
  return table?.startsWith('vrf ') === true ? undefined : table;
}

/** One of `routing-policy`, in the words of `ip rule`. */
function readRule(
  { config }: Walk,
  iface: LinuxInterface,
  item: YamlMap,
  origin: Origin,
  section: string,
): StatementState {
  const words: string[] = [];
  const names: Readonly<Record<string, string>> = {
    from: 'from',
    to: 'to',
    table: 'lookup',
    priority: 'pref',
    mark: 'fwmark',
    'type-of-service': 'tos',
  };
  let hasTable = false;
  for (const { key, value } of item.entries) {
    const name = names[key];
    const text = value.kind === 'scalar' ? value.text : '';
    if (name === undefined) words.push(key, text);
    else words.push(name, text);
    if (key === 'table') hasTable = true;
  }
  const table = tableOf(config, iface, section);
  if (!hasTable && table !== undefined) words.push('lookup', table);
  return applyRule({ config, origin }, readRuleWords(words, 0));
}
