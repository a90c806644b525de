import { type Interface, shareNetwork } from '../model/device.js';
import type { Link, Node, Place } from './network.js';

/**
 * The switches that may lie between an interface and what else is on its VLAN, by interface: those that have
 * the VLAN and ask something about its packets.
 *
 * Sites number their VLANs alike. A switch that is joined to one of the devices on a VLAN, by a network or by
 * a link of the site file, is taken to switch that one's VLAN and no other site's; one that is joined to none
 * of them, everybody's.
 */
export function switchesOf(nodes: readonly Node[], links: readonly Link[]): ReadonlyMap<Interface, readonly Place[]> {
  const found = new Map<Interface, Place[]>();
  const switches = nodes.flatMap((node) =>
    (node.device.switched ?? []).map(({ vlans, iface }) => ({ vlans, place: { node, iface } })),
  );
  if (switches.length === 0) return found;
  const joins = new Joins(nodes, links);
  for (const [vlan, all] of placesByVlan(nodes)) {
    for (const { vlans, place } of switches) {
      if (!vlans.has(vlan)) continue;
      const others = all.filter(({ node }) => node !== place.node);
      const joined = joins.of(place.node);
      const near = others.filter(({ node }) => joined.has(node));
      for (const { iface } of others) {
        if (near.length > 0 && !near.some((one) => one.iface === iface || shareNetwork(one.iface, iface))) continue;
        const there = found.get(iface);
        if (there === undefined) found.set(iface, [place]);
        else there.push(place);
      }
    }
  }
  return found;
}

function placesByVlan(nodes: readonly Node[]): ReadonlyMap<number, readonly Place[]> {
  const places = new Map<number, Place[]>();
  for (const node of nodes) {
    for (const iface of node.device.interfaces) {
      if (iface.vlan === undefined || iface.switchport) continue;
      const there = places.get(iface.vlan);
      if (there === undefined) places.set(iface.vlan, [{ node, iface }]);
      else there.push({ node, iface });
    }
  }
  return places;
}

/** Which devices are on a network together, or linked. */
class Joins {
  readonly #links: readonly Link[];
  readonly #byNetwork = new Map<string, Set<Node>>();
  readonly #known = new Map<Node, ReadonlySet<Node>>();

  constructor(nodes: readonly Node[], links: readonly Link[]) {
    this.#links = links;
    for (const node of nodes) {
      for (const network of networksOf(node)) {
        const there = this.#byNetwork.get(network);
        if (there === undefined) this.#byNetwork.set(network, new Set([node]));
        else there.add(node);
      }
    }
  }

  of(node: Node): ReadonlySet<Node> {
    let joined = this.#known.get(node);
    if (joined === undefined) {
      const linked = this.#links.filter((ends) => ends.some((end) => end.node === node));
      joined = new Set([
        ...linked.flatMap((ends) => ends.map((end) => end.node)),
        ...networksOf(node).flatMap((network) => [...(this.#byNetwork.get(network) ?? [])]),
      ]);
      this.#known.set(node, joined);
    }
    return joined;
  }
}

function networksOf({ device }: Node): string[] {
  return device.interfaces.flatMap(({ up, addresses }) =>
    up ? addresses.map(({ prefix }) => `${prefix.ip}/${prefix.length}`) : [],
  );
}
