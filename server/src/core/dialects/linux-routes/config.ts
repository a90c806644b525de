import type {
  Definition,
  DynamicProtocol,
  Interface,
  InterfaceAddress,
  NextHopLookup,
  Uncertainty,
} from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { RoutingRule, Test } from '../../model/policy.js';
import type { Ip } from '../../net/ip.js';
import { formatPrefix, type Prefix } from '../../net/prefix.js';
import { UNSEEN } from '../common/called-script.js';
import { namedInterface } from '../common/linux-interfaces.js';
import { type HostAddress, networkOf } from './prefixes.js';

/** The tables that every kernel has, by the names that iproute2 gives them. */
export const MAIN_TABLE = 'main';
export const DEFAULT_TABLE = 'default';
export const LOCAL_TABLE = 'local';
/** The claim of a recording of all tables. */
export const ALL_ROUTES = 'routes all';
const TABLE_NAMES: Readonly<Record<string, string>> = { 253: DEFAULT_TABLE, 254: MAIN_TABLE, 255: LOCAL_TABLE };

/** An interface as the formats say it, before it is converted. */
export interface LinuxInterface {
  readonly name: string;
  origin: Origin;
  readonly addresses: InterfaceAddress[];
  readonly aliases: string[];
  kind?: Interface['kind'];
  vlan?: number;
  /** The VRF device, or the bridge or the bond, that it is a part of. */
  master?: string;
  up: boolean;
  /** Why it may be down though nothing shuts it, in words. */
  mayBeDown?: string;
  description?: string;
  learnsAddress?: Interface['learnsAddress'];
  reversePath?: Interface['reversePath'];
  readonly uncertainties: Uncertainty[];
}

/** One route of one next hop. */
export interface LinuxRoute {
  /** By `tableName`. */
  readonly table: string;
  readonly type: 'unicast' | 'discard' | 'throw';
  readonly prefix: Prefix;
  readonly nextHop?: Ip;
  readonly iface?: string;
  readonly metric: number;
  /** Of several lines that say the same destination and metric the kernel keeps to the first; FRR shares. */
  readonly shares: boolean;
  readonly undecidable?: string;
  /** The VRF device whose table the next hop is looked up in, where it is not the route's own. */
  readonly nextHopTable?: string;
  readonly lookup?: NextHopLookup;
  readonly origin: Origin;
}

export interface LinuxRule {
  readonly priority: number;
  readonly tests: readonly Test[];
  /** It holds where the tests do not all hold. */
  readonly negated: boolean;
  readonly action:
    | Exclude<RoutingRule['action'], { kind: 'table' }>
    /** `VRF_TABLE`: the table of the VRF of the interface that the packet came in by. */
    | { readonly kind: 'table'; readonly table: string; readonly suppressLength?: number };
  readonly undecidable?: string;
  readonly origin: Origin;
}

/** How `ip rule` says "the table of the interface's VRF". */
export const VRF_TABLE = '[l3mdev-table]';

/** A line that switches forwarding off or on, for all interfaces, for those made later, or for one. */
export interface ForwardingSwitch {
  readonly iface: string;
  readonly on: boolean;
  readonly origin: Origin;
}

/** All that one file says, in the words of Linux. */
export interface LinuxConfig {
  readonly interfaces: Map<string, LinuxInterface>;
  readonly routes: LinuxRoute[];
  readonly rules: LinuxRule[];
  /** The rules are all that the device has: a saved `ip rule`. */
  rulesAreComplete: boolean;
  /** Tables of which the file shows what is in them, though that may be nothing. */
  readonly tables: Set<string>;
  /** The table of each VRF device. */
  readonly vrfTables: Map<string, string>;
  readonly protocols: { readonly table: string; readonly protocol: DynamicProtocol }[];
  readonly uncertainties: { readonly table: string; readonly words: string; readonly origin: Origin }[];
  readonly forwarding: ForwardingSwitch[];
  /** Why it cannot be told whether what switches forwarding off holds, in words. */
  forwardingDoubt?: string;
  /** A line may have changed all routes and rules: see `doubtAllRoutes`. */
  isInDoubt: boolean;
  /** See `Device.policyDoubt`. */
  policyDoubt?: string;
  readonly definitions: Definition[];
  readonly unread: Origin[];
  readonly claims: Set<string>;
  readonly includes: string[];
  /** Names of tables by number, from `rt_tables`. */
  readonly tableNames: ReadonlyMap<string, string>;
}

export function emptyConfig(tableNames: ReadonlyMap<string, string> = new Map()): LinuxConfig {
  return {
    interfaces: new Map(),
    routes: [],
    rules: [],
    rulesAreComplete: false,
    tables: new Set(),
    vrfTables: new Map(),
    protocols: [],
    uncertainties: [],
    forwarding: [],
    isInDoubt: false,
    definitions: [],
    unread: [],
    claims: new Set(),
    includes: [],
    tableNames,
  };
}

/** One name for each table, whether it was written as a number or as a name. */
export function tableName(config: LinuxConfig, written: string): string {
  const number = /^0x[\da-f]{1,8}$/i.test(written) ? String(Number.parseInt(written, 16)) : written;
  return TABLE_NAMES[number] ?? config.tableNames.get(number) ?? number;
}

/** The interface of that name, which the line at hand may be the first to name. */
export function interfaceOf(config: LinuxConfig, name: string, origin: Origin): LinuxInterface {
  const known = config.interfaces.get(name);
  if (known !== undefined) return known;
  const { kind, vlan } = namedInterface(name, origin);
  const iface: LinuxInterface = {
    name,
    origin,
    addresses: [],
    aliases: [],
    kind,
    ...(vlan === undefined ? {} : { vlan }),
    up: true,
    uncertainties: [],
  };
  config.interfaces.set(name, iface);
  return iface;
}

/** Notes the definition of an interface: its name, and the block that is about it. */
export function defineInterface(config: LinuxConfig, name: string, origin: Origin, block: Origin = origin): void {
  const start = origin.start + Math.max(0, origin.label.indexOf(name));
  const named: Origin = { file: origin.file, start, end: Math.min(start + name.length, origin.end), label: name };
  config.definitions.push({ kind: 'interface', name, origin: named, block });
}

/** Adds an address. With a `peer`, that is what is connected, and not the address's own network. */
export function addAddress(iface: LinuxInterface, host: HostAddress, origin: Origin, peer: HostAddress = host): void {
  const connected = networkOf(peer);
  const isThere = iface.addresses.some(
    ({ ip, prefix }) => ip === host.ip && prefix.ip === connected.ip && prefix.length === connected.length,
  );
  if (isThere) return;
  iface.addresses.push({ ip: host.ip, prefix: connected, secondary: iface.addresses.length > 0, origin });
}

/** A line about the routes of a table that may do anything to them. */
export function doubtRoutes(config: LinuxConfig, table: string, origin: Origin, why?: string): void {
  const words = why === undefined ? `"${origin.label}" is not understood` : `"${origin.label}": ${why}`;
  config.uncertainties.push({ table, words, origin });
  config.unread.push(origin);
}

/** A line that may do anything to all routes and rules; a second one does no more. */
export function doubtAllRoutes(config: LinuxConfig, origin: Origin, why: string): void {
  config.unread.push(origin);
  if (config.isInDoubt) return;
  config.isInDoubt = true;
  config.rules.push({
    priority: 0,
    tests: [],
    negated: false,
    action: { kind: 'unknown', words: `"${origin.label}": ${why}` },
    origin,
  });
}

/** Something changes the rules of the device's other files, or may; the first that does is told. */
export function doubtPolicies(config: LinuxConfig, who: string): void {
  config.policyDoubt ??= `${who} may change the rules of other files`;
}

/** A script is called that no file shows. */
export function doubtAfterCall(config: LinuxConfig, origin: Origin, who: string): void {
  doubtAllRoutes(config, origin, UNSEEN);
  doubtPolicies(config, who);
}

/**
 * Adds a route as the kernel does: what is there already with the same destination and metric stays,
 * and is first.
 */
export function addRoutes(config: LinuxConfig, routes: readonly LinuxRoute[]): void {
  const [first] = routes;
  if (first === undefined) return;
  config.tables.add(first.table);
  const index = indexOf(config);
  const key = routeKey(first);
  const twins = index.get(key);
  if (twins?.some((twin) => twin.undecidable === undefined && !twin.shares)) return;
  if (twins === undefined) index.set(key, [...routes]);
  else twins.push(...routes);
  config.routes.push(...routes);
}

/** The routes that are there already with the destination and metric of another. */
export function twinsOf(config: LinuxConfig, route: LinuxRoute): readonly LinuxRoute[] {
  return indexOf(config).get(routeKey(route)) ?? [];
}

/** Takes away the routes for which `goes` holds; returns how many. */
export function removeRoutes(config: LinuxConfig, goes: (route: LinuxRoute) => boolean): number {
  const stay = config.routes.filter((route) => !goes(route));
  const gone = config.routes.length - stay.length;
  if (gone > 0) {
    config.routes.length = 0;
    for (const route of stay) config.routes.push(route);
    INDEXES.delete(config);
  }
  return gone;
}

const INDEXES = new WeakMap<LinuxConfig, Map<string, LinuxRoute[]>>();

function indexOf(config: LinuxConfig): Map<string, LinuxRoute[]> {
  let index = INDEXES.get(config);
  if (index === undefined) {
    index = new Map();
    for (const route of config.routes) {
      const twins = index.get(routeKey(route));
      if (twins === undefined) index.set(routeKey(route), [route]);
      else twins.push(route);
    }
    INDEXES.set(config, index);
  }
  return index;
}

function routeKey({ table, prefix, metric }: LinuxRoute): string {
  return `${table} ${prefix.ip}/${prefix.length} ${metric}`;
}

/** How a route reads in a sentence. */
export function describeRoute({ prefix }: LinuxRoute): string {
  return formatPrefix(prefix);
}
