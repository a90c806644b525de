import {
  DEFAULT_VRF,
  type Device,
  type Interface,
  type StaticRoute,
  type Uncertainty,
  type Vrf,
} from '../../model/device.js';
import type { RoutingRule, Test } from '../../model/policy.js';
import { prefixContains } from '../../net/prefix.js';
import { namedInterface } from '../common/linux-interfaces.js';
import { VRF_PRIORITY } from './apply.js';
import {
  ALL_ROUTES,
  DEFAULT_TABLE,
  type LinuxConfig,
  type LinuxInterface,
  type LinuxRoute,
  type LinuxRule,
  LOCAL_TABLE,
  MAIN_TABLE,
  VRF_TABLE,
} from './config.js';
import { convertForwarding } from './convert-forwarding.js';
import { type ThrownBack, thrownBack } from './thrown.js';

/** What one file says, in the words that all vendors share. */
export function convert(config: LinuxConfig, file: string, name: string, dialect: string): Device {
  const tables = new Tables(config);
  const thrown = thrownBack(config);
  const routingRules = convertRules(config, tables, thrown);
  return {
    name,
    dialect,
    files: [file],
    interfaces: convertInterfaces(config, tables),
    vrfs: convertTables(config, tables, thrown, routingRules !== undefined),
    acls: new Map(),
    vlans: [],
    ...convertForwarding(config),
    ...(routingRules === undefined ? {} : { routingRules }),
    routes: true,
    takesBroadcasts: true,
    refusesMartians: true,
    ...(config.policyDoubt === undefined ? {} : { policyDoubt: config.policyDoubt }),
    ...(config.claims.has(ALL_ROUTES) ? { tablesAreWhole: true } : {}),
    definitions: config.definitions,
    references: [],
    unread: config.unread,
  };
}

/** How the model names the tables: the main one is the default VRF's, and that of a VRF device has its name. */
class Tables {
  readonly #config: LinuxConfig;
  readonly #devices = new Map<string, string>();

  constructor(config: LinuxConfig) {
    this.#config = config;
    for (const [device, table] of config.vrfTables) this.#devices.set(table, device);
  }

  vrfOf(table: string): string {
    if (table === MAIN_TABLE) return DEFAULT_VRF;
    if (table.startsWith('vrf ')) return table.slice(4);
    return this.#devices.get(table) ?? `table ${table}`;
  }

  /** Whether the table is that of a VRF, whose interfaces are on its own links. */
  isOfVrf(table: string): boolean {
    return table.startsWith('vrf ') || this.#devices.has(table);
  }

  /** The VRF that an interface is in. */
  vrfOfInterface({ master }: LinuxInterface): string {
    return master !== undefined && this.#config.vrfTables.has(master) ? master : DEFAULT_VRF;
  }
}

function convertInterfaces(config: LinuxConfig, tables: Tables): Interface[] {
  const vlansOfBridges = bridgedVlans(config);
  return [...config.interfaces.values()].map((iface) => {
    const { name, origin, aliases, description, learnsAddress, reversePath, mayBeDown } = iface;
    const isPort = iface.master !== undefined && !config.vrfTables.has(iface.master) && iface.addresses.length === 0;
    const vlan = iface.vlan ?? vlansOfBridges.get(name);
    const isBridged = isPort && iface.master !== undefined && vlansOfBridges.has(iface.master);
    const uncertainties: Uncertainty[] =
      mayBeDown === undefined
        ? iface.uncertainties
        : [...iface.uncertainties, { effect: 'may-drop', direction: 'both', words: mayBeDown, origin }];
    const { vlan: _, ...plain } = namedInterface(name, origin);
    return {
      ...plain,
      aliases,
      kind: iface.kind ?? plain.kind,
      ...(vlan === undefined || isBridged ? {} : { vlan }),
      ...(description === undefined ? {} : { description }),
      vrf: tables.vrfOfInterface(iface),
      up: iface.up,
      switchport: isPort,
      addresses: iface.addresses,
      ...(learnsAddress === undefined ? {} : { learnsAddress }),
      ...(reversePath === undefined ? {} : { reversePath }),
      uncertainties,
    };
  });
}

/** A bridge over the ports of one VLAN is where the packets of that VLAN come in. */
function bridgedVlans(config: LinuxConfig): ReadonlyMap<string, number> {
  const vlans = new Map<string, number | undefined>();
  for (const { master, vlan } of config.interfaces.values()) {
    if (master === undefined || vlan === undefined || config.vrfTables.has(master)) continue;
    const bridge = config.interfaces.get(master);
    if (bridge === undefined || bridge.vlan !== undefined || bridge.kind === 'port-channel') continue;
    vlans.set(master, vlans.has(master) && vlans.get(master) !== vlan ? undefined : vlan);
  }
  return new Map([...vlans].filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function convertTables(config: LinuxConfig, tables: Tables, thrown: ThrownBack, hasRules: boolean): Vrf[] {
  const vrfs = new Map<
    string,
    { -readonly [Key in keyof Vrf]: Vrf[Key] extends readonly (infer One)[] ? One[] : Vrf[Key] }
  >();
  const vrfOf = (table: string) => {
    const name = tables.vrfOf(table);
    let vrf = vrfs.get(name);
    if (vrf === undefined) {
      vrf = { name, staticRoutes: [], dynamicProtocols: [], defaultNetworks: [], uncertainties: [] };
      vrfs.set(name, vrf);
    }
    return vrf;
  };
  for (const table of config.tables) if (table !== LOCAL_TABLE) vrfOf(table);
  if (hasRules) vrfOf(DEFAULT_TABLE);
  for (const route of config.routes) {
    if (route.table === LOCAL_TABLE) continue;
    if (route.type === 'throw' && (hasRules || route.table !== MAIN_TABLE)) {
      if (thrown.has(route.table)) continue;
      const words = `"${route.origin.label}": what is asked behind the table is in no file`;
      vrfOf(route.table).uncertainties.push({ words, origin: route.origin });
    } else vrfOf(route.table).staticRoutes.push(convertRoute(config, tables, route));
  }
  for (const { table, protocol } of config.protocols) vrfOf(table).dynamicProtocols.push(protocol);
  for (const { table, words, origin } of config.uncertainties) vrfOf(table).uncertainties.push({ words, origin });
  if (config.claims.has(`routes ${MAIN_TABLE}`)) vrfOf(MAIN_TABLE).isWhole = true;
  return [...vrfs.values()];
}

function convertRoute(config: LinuxConfig, tables: Tables, route: LinuxRoute): StaticRoute {
  const { prefix, nextHop, iface, metric, origin, table, nextHopTable, lookup } = route;
  const undecidable = route.undecidable ?? downWords(config, route);
  const nextHopVrf =
    nextHopTable !== undefined
      ? tables.vrfOf(nextHopTable)
      : table !== MAIN_TABLE && !tables.isOfVrf(table)
        ? DEFAULT_VRF
        : undefined;
  return {
    prefix,
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(iface === undefined ? {} : { iface }),
    discard: route.type !== 'unicast',
    distance: metric,
    ...(undecidable === undefined ? {} : { undecidable }),
    permanent: false,
    ...(nextHopVrf === undefined || nextHop === undefined || iface !== undefined ? {} : { nextHopVrf }),
    ...(lookup === undefined ? {} : { lookup }),
    origin,
  };
}

/** A route goes with the interface that it leads out of. */
function downWords(config: LinuxConfig, { nextHop, iface }: LinuxRoute): string | undefined {
  if (iface !== undefined) return config.interfaces.get(iface)?.mayBeDown;
  if (nextHop === undefined) return undefined;
  for (const { mayBeDown, addresses } of config.interfaces.values()) {
    if (mayBeDown !== undefined && addresses.some(({ prefix }) => prefixContains(prefix, nextHop))) return mayBeDown;
  }
  return undefined;
}

/** The rules in the order in which they are asked; undefined where the file says nothing about them. */
function convertRules(config: LinuxConfig, tables: Tables, thrown: ThrownBack): RoutingRule[] | undefined {
  const members = vrfMembers(config);
  const [someOrigin] = [...config.rules.map((rule) => rule.origin), ...members.values()].flatMap((one) =>
    'names' in one ? [one.origin] : [one],
  );
  if (someOrigin === undefined) return config.rulesAreComplete ? [] : undefined;
  const rules = [...config.rules];
  if (!config.rulesAreComplete) {
    const always = (priority: number, table: string): LinuxRule => ({
      priority,
      tests: [],
      negated: false,
      action: { kind: 'table', table },
      origin: { ...someOrigin, label: `from all lookup ${table}` },
    });
    if (
      config.vrfTables.size > 0 &&
      !rules.some(({ action }) => action.kind === 'table' && action.table === VRF_TABLE)
    ) {
      rules.push(always(VRF_PRIORITY, VRF_TABLE));
    }
    rules.push(always(32766, MAIN_TABLE), always(32767, DEFAULT_TABLE));
  }
  return rules
    .map((rule, order) => ({ rule, order }))
    .sort((a, b) => a.rule.priority - b.rule.priority || a.order - b.order)
    .flatMap(({ rule }) => convertRule(tables, thrown, members, rule));
}

type Members = ReadonlyMap<string, { readonly names: readonly string[]; readonly origin: LinuxRule['origin'] }>;

function vrfMembers(config: LinuxConfig): Members {
  const members = new Map<string, { names: string[]; origin: LinuxRule['origin'] }>();
  for (const { name, master, origin } of config.interfaces.values()) {
    if (master === undefined || !config.vrfTables.has(master)) continue;
    const known = members.get(master);
    if (known === undefined) members.set(master, { names: [name], origin });
    else known.names.push(name);
  }
  return members;
}

function convertRule(tables: Tables, thrown: ThrownBack, members: Members, rule: LinuxRule): RoutingRule[] {
  const { priority, origin, undecidable } = rule;
  const asked: Test[] = rule.negated ? [{ kind: 'any', alternatives: [rule.tests], negated: true }] : [...rule.tests];
  if (undecidable !== undefined) asked.push({ kind: 'undecidable', words: undecidable });
  const { action } = rule;
  if (action.kind !== 'table') return [{ tests: asked, action, priority, origin }];
  const { table, suppressLength } = action;
  if (table === VRF_TABLE) {
    if (members.size === 0) {
      const words = `"${origin.label}": which interfaces are in which VRF is in no file`;
      return [{ tests: asked, action: { kind: 'unknown', words }, priority, origin }];
    }
    return [...members].map(([device, { names }]) => ({
      tests: [...asked, { kind: 'in', names, negated: false }],
      action: { kind: 'table', vrf: device },
      priority,
      origin,
    }));
  }
  return [
    {
      tests: [...asked, ...(thrown.get(table) ?? [])],
      action: {
        kind: 'table',
        vrf: tables.vrfOf(table),
        ...(suppressLength === undefined ? {} : { suppressLength }),
      },
      priority,
      origin,
    },
  ];
}
