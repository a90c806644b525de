import {
  type AppliedFilter,
  DEFAULT_VRF,
  type Interface,
  type InterfaceAddress,
  type Uncertainty,
} from '../../model/device.js';
import { parseIp } from '../../net/ip.js';
import { lengthOfMask, prefixOf } from '../../net/prefix.js';
import type { IosAddress, IosConfig, IosInterface } from './config.js';
import { bypassesOf, bypassName } from './convert-bypasses.js';
import { natUncertainties } from './convert-nat.js';
import { interfaceName, parentKey } from './interface-names.js';
import { untaggedVlan } from './switched-vlans.js';

export function convertInterface(config: IosConfig, iface: IosInterface): Interface {
  const { id, description, zone, reversePath } = iface;
  const addresses = convertAddresses(iface);
  const vlan = id.kind === 'subinterface' ? iface.dot1q : id.vlan;
  const untagged = untaggedVlan(iface);
  const learnsAddress = learned(iface);
  return {
    name: id.name,
    aliases: id.aliases,
    kind: id.kind,
    ...(description === undefined ? {} : { description }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(untagged === undefined ? {} : { untaggedVlan: untagged }),
    vrf: iface.vrf ?? DEFAULT_VRF,
    up: isUp(config, iface),
    switchport: iface.switchport === true && addresses.length === 0 && learnsAddress === undefined,
    ...(zone === undefined ? {} : { zone: zone.name }),
    addresses,
    virtualAddresses: [...iface.routerGroups.values()].flatMap(({ primary, secondaries, shutdown }) =>
      shutdown || primary === undefined ? [] : [primary, ...secondaries],
    ),
    ...(learnsAddress === undefined ? {} : { learnsAddress }),
    // What is routed there and is not its own is dropped (Cisco, "Interface and Hardware Component Configuration
    // Guide", chapter on virtual interfaces).
    ...(id.kind === 'loopback' ? { holdsNoHosts: true } : {}),
    // CEF has both for its own, and a directed broadcast goes no further (RFC 2644).
    ...(iface.directedBroadcast ? {} : { takesNetworkEnds: true }),
    filters: convertFilters(config, iface),
    ...(reversePath === undefined ? {} : { reversePath }),
    uncertainties: uncertainties(config, iface),
    origin: iface.origin,
  };
}

/**
 * A subinterface goes down with its interface, a port channel with the last of its ports, a tunnel
 * with the interface that it begins at, and the interface of a VLAN with the VLAN, which must be active
 * on the switch ("Understand the SVI Autostate Exclude Feature", Cisco).
 *
 * A VLAN that the file takes away or never names may come from VTP, and a tunnel whose destination has
 * no route would be down: both count as up, since neither is in the file for certain.
 */
export function isUp(config: IosConfig, iface: IosInterface): boolean {
  if (iface.shutdown) return false;
  const vlan = iface.id.kind === 'svi' && iface.id.vlan !== undefined ? config.vlans.get(iface.id.vlan) : undefined;
  if (vlan !== undefined && (vlan.shutdown || vlan.suspended) && iface.autostate) return false;
  const source = sourceOfTunnel(config, iface);
  // A tunnel in a tunnel has its own source; two that name each other are no configuration.
  if (source !== undefined && source.tunnelSource === undefined) return isUp(config, source);
  const parentName = parentKey(iface.id.key);
  const parent = parentName === undefined ? undefined : config.interfaces.get(parentName);
  if (parent !== undefined) return isUp(config, parent);
  if (iface.id.kind !== 'port-channel') return true;
  const ports = [...config.interfaces.values()].filter(
    ({ channel }) => channel !== undefined && iface.id.key === `port-channel${channel}`,
  );
  return ports.length === 0 || ports.some((port) => !port.shutdown);
}

function sourceOfTunnel(config: IosConfig, { tunnelSource }: IosInterface): IosInterface | undefined {
  if (tunnelSource === undefined) return undefined;
  const ip = parseIp(tunnelSource);
  if (ip === undefined) return config.interfaces.get(interfaceName(tunnelSource).key);
  return [...config.interfaces.values()].find(
    ({ primary, secondaries }) => primary?.ip === ip || secondaries.some((address) => address.ip === ip),
  );
}

function convertAddresses(iface: IosInterface): readonly InterfaceAddress[] {
  const convert = ({ ip, mask, origin }: IosAddress, secondary: boolean): InterfaceAddress => ({
    ip,
    prefix: prefixOf(ip, lengthOfMask(mask) ?? 32),
    secondary,
    origin,
  });
  const primary = iface.primary === undefined ? [] : [convert(iface.primary, false)];
  return [...primary, ...iface.secondaries.map((address) => convert(address, true))];
}

/**
 * An unnumbered interface borrows an address that its lender owns, and has no network: it routes, and
 * what lives behind it is not in the file. So it stands here with those that learn their address.
 */
function learned(iface: IosInterface): Interface['learnsAddress'] {
  const { learned: how, unnumbered, pppDefaultRoute } = iface;
  if (how !== undefined) {
    return { word: how.word, mayLearnDefaultRoute: how.word === 'dhcp' || pppDefaultRoute, origin: how.origin };
  }
  if (unnumbered === undefined) return undefined;
  return { word: `unnumbered ${unnumbered.lender}`, mayLearnDefaultRoute: pppDefaultRoute, origin: unnumbered.origin };
}

function convertFilters(config: IosConfig, iface: IosInterface): readonly AppliedFilter[] {
  const filters: AppliedFilter[] = [];
  for (const direction of ['in', 'out'] as const) {
    const group = iface.accessGroups[direction];
    if (group === undefined) continue;
    const past = bypassesOf(config, iface, direction).map((bypass) => bypassName(iface, bypass, direction));
    filters.push({ names: [...past, ...group.names], direction, origin: group.origin });
  }
  return filters;
}

function uncertainties(config: IosConfig, iface: IosInterface): readonly Uncertainty[] {
  const found: Uncertainty[] = [];
  const { bridgeGroup } = iface;
  found.push(...iface.features);
  for (const { name, direction, origin } of iface.servicePolicies) {
    if (!dropsPackets(config, name, new Set())) continue;
    found.push({ effect: 'may-drop', direction, words: `service-policy ${name}: its drops are not modelled`, origin });
  }
  const { groupEnforcement } = config;
  if (groupEnforcement !== undefined) {
    const words = 'cts role-based enforcement: security groups are not modelled';
    found.push({ effect: 'may-drop', direction: 'out', words, origin: groupEnforcement });
  }
  if (bridgeGroup !== undefined) {
    found.push({
      effect: 'may-reroute',
      direction: 'in',
      words: `${bridgeGroup.label}: bridging is not modelled`,
      origin: bridgeGroup,
    });
  }
  return [...found, ...natUncertainties(config, iface)];
}

/** Whether a policy map, or one inside it, drops whole classes. */
function dropsPackets(config: IosConfig, name: string, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const policy = config.policyMaps.get(name);
  return policy !== undefined && (policy.drops || policy.children.some((child) => dropsPackets(config, child, seen)));
}
