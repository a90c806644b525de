import type { Device, Interface, InterfaceAddress, Vrf } from '../model/device.js';

/**
 * One device of two files. Interfaces of one name are one, and what both files say of it is true of it,
 * as when one file has its addresses and another its rules.
 */
export function join(a: Device, b: Device): Device {
  const theirs = new Map(b.interfaces.map((iface) => [iface.name, iface]));
  const known = new Set(a.interfaces.map((iface) => iface.name));
  const policies = [...(a.policies ?? []), ...(b.policies ?? [])];
  const routingRules = [...(a.routingRules ?? []), ...(b.routingRules ?? [])].sort(
    (one, other) => (one.priority ?? 0) - (other.priority ?? 0),
  );
  return {
    ...a,
    files: [...new Set([...a.files, ...b.files])],
    interfaces: [
      ...a.interfaces.map((iface) => joinInterface(iface, theirs.get(iface.name))),
      ...b.interfaces.filter((iface) => !known.has(iface.name)),
    ],
    vrfs: joinVrfs(a.vrfs, b.vrfs),
    acls: new Map([...a.acls, ...b.acls]),
    vlans: [...a.vlans, ...b.vlans],
    ...(a.switched === undefined && b.switched === undefined
      ? {}
      : { switched: [...(a.switched ?? []), ...(b.switched ?? [])] }),
    ...(policies.length === 0 ? {} : { policies }),
    ...(a.chains === undefined && b.chains === undefined
      ? {}
      : { chains: new Map([...(a.chains ?? []), ...(b.chains ?? [])]) }),
    ...(routingRules.length === 0 ? {} : { routingRules }),
    routes: a.routes && b.routes,
    ...(a.tablesAreWhole || b.tablesAreWhole ? { tablesAreWhole: true } : {}),
    ...(a.takesBroadcasts || b.takesBroadcasts ? { takesBroadcasts: true } : {}),
    ...(a.refusesMartians || b.refusesMartians ? { refusesMartians: true } : {}),
    ...(a.policyDoubt === undefined && b.policyDoubt === undefined
      ? {}
      : { policyDoubt: a.policyDoubt ?? b.policyDoubt }),
    ...(b.defaultGateway === undefined ? {} : { defaultGateway: b.defaultGateway }),
    definitions: [...a.definitions, ...b.definitions],
    references: [...a.references, ...b.references],
    unread: [...a.unread, ...b.unread],
  };
}

function joinInterface(a: Interface, b: Interface | undefined): Interface {
  if (b === undefined) return a;
  // Where only one file configures it, the other merely names it.
  const [main, other] = isConfigured(b) && !isConfigured(a) ? [b, a] : [a, b];
  const vlan = main.vlan ?? other.vlan;
  const description = main.description ?? other.description;
  const zone = main.zone ?? other.zone;
  const learnsAddress = main.learnsAddress ?? other.learnsAddress;
  const reversePath = main.reversePath ?? other.reversePath;
  return {
    ...main,
    aliases: [...new Set([...main.aliases, ...other.aliases])],
    ...(vlan === undefined ? {} : { vlan }),
    ...(description === undefined ? {} : { description }),
    ...(zone === undefined ? {} : { zone }),
    ...(learnsAddress === undefined ? {} : { learnsAddress }),
    ...(reversePath === undefined ? {} : { reversePath }),
    vrf: main.vrf === other.vrf || !isConfigured(other) ? main.vrf : other.vrf,
    up: main.up && other.up,
    switchport: main.switchport || other.switchport,
    addresses: joinAddresses(main.addresses, other.addresses),
    virtualAddresses: [...main.virtualAddresses, ...other.virtualAddresses],
    filters: [...main.filters, ...other.filters],
    uncertainties: [...main.uncertainties, ...other.uncertainties],
  };
}

function isConfigured(iface: Interface): boolean {
  return iface.addresses.length > 0 || iface.learnsAddress !== undefined || iface.description !== undefined;
}

function joinAddresses(a: readonly InterfaceAddress[], b: readonly InterfaceAddress[]): InterfaceAddress[] {
  const known = new Set(a.map(({ ip }) => ip));
  return [...a, ...b.filter(({ ip }) => !known.has(ip))];
}

/** One device of two files, of which the later one counts where both configure the same interface. */
export function override(a: Device, b: Device): Device {
  const theirs = new Set(b.interfaces.map((iface) => iface.name));
  return join({ ...a, interfaces: a.interfaces.filter((iface) => !theirs.has(iface.name)) }, b);
}

function joinVrfs(a: readonly Vrf[], b: readonly Vrf[]): Vrf[] {
  const joined = new Map(a.map((vrf) => [vrf.name, vrf]));
  for (const vrf of b) {
    const before = joined.get(vrf.name);
    joined.set(
      vrf.name,
      before === undefined
        ? vrf
        : {
            name: vrf.name,
            ...(before.isWhole || vrf.isWhole ? { isWhole: true } : {}),
            staticRoutes: [...before.staticRoutes, ...vrf.staticRoutes],
            dynamicProtocols: [...before.dynamicProtocols, ...vrf.dynamicProtocols],
            ...(before.leaks === undefined && vrf.leaks === undefined
              ? {}
              : { leaks: [...(before.leaks ?? []), ...(vrf.leaks ?? [])] }),
            defaultNetworks: [...before.defaultNetworks, ...vrf.defaultNetworks],
            uncertainties: [...before.uncertainties, ...vrf.uncertainties],
          },
    );
  }
  return [...joined.values()];
}
