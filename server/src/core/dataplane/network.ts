import type { Device, Interface } from '../model/device.js';
import type { Ip } from '../net/ip.js';
import { buildFibs, type Fib, virtualAddresses } from './fib.js';

/** A device with its routing tables. */
export interface Node {
  readonly device: Device;
  readonly fibs: ReadonlyMap<string, Fib>;
}

/** An interface of a device of the network. */
export interface Place {
  readonly node: Node;
  readonly iface: Interface;
}

/** All reviewed devices and how they join. */
export interface Network {
  readonly nodes: readonly Node[];
  /** Who has an address, by address. */
  readonly owners: ReadonlyMap<Ip, readonly Place[]>;
}

export function buildNode(device: Device): Node {
  return { device, fibs: buildFibs(device) };
}

export function buildNetwork(nodes: readonly Node[]): Network {
  const owners = new Map<Ip, Place[]>();
  for (const node of nodes) {
    for (const iface of node.device.interfaces) {
      if (!iface.up) continue;
      // A virtual address may be any of the interfaces' that share it.
      for (const ip of new Set([...iface.addresses, ...virtualAddresses(iface)].map((address) => address.ip))) {
        const places = owners.get(ip);
        if (places === undefined) owners.set(ip, [{ node, iface }]);
        else places.push({ node, iface });
      }
    }
  }
  return { nodes, owners };
}

export function findNode(network: Network, device: string): Node | undefined {
  const wanted = device.toLowerCase();
  return (
    network.nodes.find((node) => node.device.name === device) ??
    network.nodes.find((node) => node.device.name.toLowerCase() === wanted)
  );
}

/**
 * The interfaces that take what `from` sends out of `iface` to `gateway`: those that own the address
 * and share a network with the interface. Several, where the files of several sites use one address.
 */
export function neighboursAt(
  network: Network,
  from: Node,
  iface: Interface | undefined,
  gateway: Ip,
): readonly Place[] {
  const owners = network.owners.get(gateway);
  if (owners === undefined || iface === undefined) return [];
  return owners.filter(
    (place) =>
      place.node !== from &&
      place.iface.addresses.some((theirs) =>
        iface.addresses.some(
          (ours) => ours.prefix.ip === theirs.prefix.ip && ours.prefix.length === theirs.prefix.length,
        ),
      ),
  );
}

const sortedOwners = new WeakMap<Network, readonly Ip[]>();

/** The addresses from `first` to `last` that devices of the network own, in order. */
export function ownersBetween(network: Network, first: Ip, last: Ip): readonly Ip[] {
  let all = sortedOwners.get(network);
  if (all === undefined) {
    all = [...network.owners.keys()].sort((a, b) => a - b);
    sortedOwners.set(network, all);
  }
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle] as Ip) < first) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < all.length && (all[end] as Ip) <= last) end += 1;
  return all.slice(low, end);
}
