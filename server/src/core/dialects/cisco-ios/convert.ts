import type { Acl } from '../../model/acl.js';
import {
  DEFAULT_VRF,
  type Definition,
  type Device,
  NEVER_INSTALLED,
  type StaticRoute,
  type Vlan,
  type Vrf,
} from '../../model/device.js';
import { hasAddress, type IosAccessList, type IosConfig, type IosRoute } from './config.js';
import { AclConverter } from './convert-acl.js';
import { bypassLists } from './convert-bypasses.js';
import { convertInterface } from './convert-interface.js';
import { leaksOf } from './convert-leaks.js';
import { convertNat, natRoutes } from './convert-nat.js';
import { convertPolicies } from './convert-policies.js';
import { convertPolicyRouting } from './convert-policy-routing.js';
import { convertProcess } from './convert-process.js';
import { resolveGroups } from './groups.js';
import { interfaceName } from './interface-names.js';
import type { Reader } from './reader.js';

/** The device in neutral words. It also settles the states of the lines of lists. */
export function convert(reader: Reader, fallbackName: string, converter = aclConverterOf(reader)): Device {
  const { config, file } = reader;
  const written = convertAcls(config, converter);
  const acls = new Map([...written, ...bypassLists(config, file, written, converter.inOrder)]);
  const { defaultGateway } = config;
  const nat = convertNat(config);
  const routingRules = convertPolicyRouting(config, nat.routingRules);
  return {
    name: config.hostname ?? fallbackName,
    dialect: 'cisco-ios',
    files: [file.path],
    interfaces: [...config.interfaces.values()].map((iface) => convertInterface(config, iface)),
    vrfs: convertVrfs(config),
    acls,
    vlans: [...config.vlans.values()].map(
      ({ id, name, origin }): Vlan => ({ id, ...(name === undefined ? {} : { name }), origin }),
    ),
    ...convertPolicies(config, nat),
    ...(routingRules === undefined ? {} : { routingRules }),
    routes: config.routing,
    ...(defaultGateway === undefined ? {} : { defaultGateway }),
    definitions: [...config.definitions, ...aclDefinitions(config)].sort((a, b) => a.origin.start - b.origin.start),
    references: config.references,
    unread: [...config.unread].sort((a, b) => a.start - b.start),
  };
}

/** What turns the lists of a file into tables, once the file is known whole. */
export function aclConverterOf(reader: Reader): AclConverter {
  return new AclConverter(reader, resolveGroups(reader.config));
}

function convertAcls(config: IosConfig, converter: AclConverter): ReadonlyMap<string, Acl> {
  const byName = new Map<string, [IosAccessList, ...IosAccessList[]]>();
  for (const list of config.accessLists.values()) {
    const others = byName.get(list.name);
    if (others === undefined) byName.set(list.name, [list]);
    else others.push(list);
  }
  return new Map([...byName].map(([name, lists]) => [name, converter.convert(lists)]));
}

function aclDefinitions(config: IosConfig): readonly Definition[] {
  return [...config.accessLists.values()].map(({ name, nameOrigin, origin, end }) => ({
    kind: 'acl',
    name,
    origin: nameOrigin,
    block: { ...origin, end },
  }));
}

function convertVrfs(config: IosConfig): readonly Vrf[] {
  const names = new Set([DEFAULT_VRF, ...config.vrfs.keys()]);
  for (const { vrf } of config.interfaces.values()) if (vrf !== undefined) names.add(vrf);
  for (const { vrf } of config.routes.values()) names.add(vrf);
  for (const { vrf } of config.processes.values()) names.add(vrf);
  for (const { vrf } of config.routeDoubts) names.add(vrf);
  return [...names].map((name) => convertVrf(config, name));
}

function convertVrf(config: IosConfig, name: string): Vrf {
  const staticRoutes: StaticRoute[] = natRoutes(config, name);
  for (const route of config.routes.values()) if (route.vrf === name) staticRoutes.push(convertRoute(config, route));
  const dynamicProtocols = [...config.processes.values()]
    .filter((process) => process.vrf === name)
    .map((process) => convertProcess(config, process));
  for (const iface of config.interfaces.values()) {
    if ((iface.vrf ?? DEFAULT_VRF) !== name) continue;
    // A process that only interfaces name is started by them.
    for (const process of iface.processes) {
      if (dynamicProtocols.some((known) => known.name === process.name)) continue;
      dynamicProtocols.push(convertProcess(config, process));
    }
  }
  const imports = config.vrfs.get(name)?.imports;
  if (imports !== undefined && !dynamicProtocols.some(isBgp)) {
    // Route targets and imports are carried out by BGP, in whichever tables it has neighbours.
    const process = [...config.processes.values()].find(isBgp);
    if (process !== undefined) dynamicProtocols.push(convertProcess(config, { name: process.name, origin: imports }));
  }
  for (const [source, { into, origin }] of config.routeSources) {
    if (into === 'all' || name === DEFAULT_VRF) dynamicProtocols.push(convertProcess(config, { name: source, origin }));
  }
  const leaks = leaksOf(config, name);
  const takesFromOthers =
    imports !== undefined || (name === DEFAULT_VRF && [...config.vrfs.values()].some((vrf) => vrf.exportsToGlobal));
  return {
    name,
    staticRoutes,
    ...(leaks.length === 0 ? {} : { leaks }),
    dynamicProtocols: dynamicProtocols.map((process) =>
      (takesFromOthers && isBgp(process)) || isOverlay(config, process) ? { ...process, leavesTable: true } : process,
    ),
    defaultNetworks: name === DEFAULT_VRF ? config.defaultNetworks : [],
    uncertainties: config.routeDoubts.filter(({ vrf }) => vrf === name).map(({ words, origin }) => ({ words, origin })),
  };
}

/** What carries packets to its peers inside others, over whichever interface. */
function isOverlay({ routeSources }: IosConfig, { name }: { readonly name: string }): boolean {
  return name.startsWith('LISP') || routeSources.get(name)?.into === 'all';
}

function isBgp({ name }: { readonly name: string }): boolean {
  return name.startsWith('BGP');
}

function convertRoute(config: IosConfig, route: IosRoute): StaticRoute {
  const key = route.iface === undefined ? undefined : interfaceName(route.iface).key;
  // Named as the interface's own block names it, where the file has one.
  const iface = key === undefined ? undefined : (config.interfaces.get(key)?.id.name ?? route.iface);
  const isWatched = config.bfdRoutes.some((watched) => watched.key === key && watched.nextHop === route.nextHop);
  const undecidable = route.undecidable ?? (isWatched ? 'its BFD session' : undefined) ?? doubtOfInterface(key, config);
  return {
    prefix: route.prefix,
    ...(route.nextHop === undefined ? {} : { nextHop: route.nextHop }),
    ...(iface === undefined ? {} : { iface }),
    discard: route.discard,
    // IOS never installs a route of distance 255.
    distance: route.distance === 255 ? NEVER_INSTALLED : route.distance,
    ...(undecidable === undefined ? {} : { undecidable }),
    permanent: route.permanent,
    // Cisco documents it neither way. Engines that were held to devices take such a route for absent
    // (github.com/batfish/batfish, issue 6785).
    ...(route.nextHop === undefined || iface !== undefined ? {} : { overDefault: 'unknown' as const }),
    ...(route.global ? { nextHopVrf: DEFAULT_VRF } : {}),
    origin: route.origin,
  };
}

/** A device has no route out of an interface that does no IP; another release may take it. */
function doubtOfInterface(key: string | undefined, config: IosConfig): string | undefined {
  const iface = key === undefined ? undefined : config.interfaces.get(key);
  if (iface === undefined) return undefined;
  return hasAddress(iface) ? undefined : `${iface.id.name} has no address`;
}
