import { buildNode, type Node } from '../dataplane/network.js';
import type { Device, Vrf } from '../model/device.js';
import type { Reading } from '../model/reading.js';

/** Readings that are one device. */
export interface DeviceFiles {
  /** Given by the site file; absent: the device's own name. */
  readonly name?: string;
  readonly readings: readonly [Reading, ...Reading[]];
}

/** Nodes that were built before, by the readings they were built from: an unchanged file keeps its node. */
export class NodeCache {
  readonly #nodes = new WeakMap<Reading, { readonly key: readonly Reading[]; readonly node: Node }>();

  /** The nodes of the devices, each with a name of its own. */
  nodesOf(devices: readonly DeviceFiles[]): Node[] {
    const names = new Set<string>();
    return devices.map(({ name, readings }) => {
      const [first] = readings;
      const unique = uniqueName(name ?? first.device.name, first.file.path, names);
      const known = this.#nodes.get(first);
      if (known !== undefined && known.node.device.name === unique && sameReadings(known.key, readings))
        return known.node;
      const node = buildNode(
        named(
          readings.slice(1).reduce((device, one) => merge(device, one.device), first.device),
          unique,
        ),
      );
      this.#nodes.set(first, { key: readings, node });
      return node;
    });
  }
}

function sameReadings(a: readonly Reading[], b: readonly Reading[]): boolean {
  return a.length === b.length && a.every((reading, at) => reading === b[at]);
}

/** Two files may give the same host name (a backup beside its original): the later one is told by its path. */
function uniqueName(name: string, path: string, taken: Set<string>): string {
  const unique = taken.has(name.toLowerCase()) ? `${name} (${path})` : name;
  taken.add(unique.toLowerCase());
  return unique;
}

function named(device: Device, name: string): Device {
  return device.name === name ? device : { ...device, name };
}

/** One device of two files: what the later file says of the same thing counts. */
function merge(a: Device, b: Device): Device {
  const theirs = new Set(b.interfaces.map((iface) => iface.name));
  return {
    ...a,
    files: [...a.files, ...b.files],
    interfaces: [...a.interfaces.filter((iface) => !theirs.has(iface.name)), ...b.interfaces],
    vrfs: mergeVrfs(a.vrfs, b.vrfs),
    acls: new Map([...a.acls, ...b.acls]),
    vlans: [...a.vlans, ...b.vlans],
    routes: a.routes && b.routes,
    ...(b.defaultGateway === undefined ? {} : { defaultGateway: b.defaultGateway }),
    definitions: [...a.definitions, ...b.definitions],
    references: [...a.references, ...b.references],
    unread: [...a.unread, ...b.unread],
  };
}

function mergeVrfs(a: readonly Vrf[], b: readonly Vrf[]): Vrf[] {
  const merged = new Map(a.map((vrf) => [vrf.name, vrf]));
  for (const vrf of b) {
    const before = merged.get(vrf.name);
    merged.set(
      vrf.name,
      before === undefined
        ? vrf
        : {
            name: vrf.name,
            staticRoutes: [...before.staticRoutes, ...vrf.staticRoutes],
            dynamicProtocols: [...before.dynamicProtocols, ...vrf.dynamicProtocols],
            defaultNetworks: [...before.defaultNetworks, ...vrf.defaultNetworks],
            uncertainties: [...before.uncertainties, ...vrf.uncertainties],
          },
    );
  }
  return [...merged.values()];
}
