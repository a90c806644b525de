import type { Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
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
  const switches = nodes.filter(({ device }) => device.switched !== undefined && device.switched.length > 0);
  if (switches.length === 0) return found;
  const joins = new Joins(nodes, links);
  const onVlans = placesByVlan(nodes, links);
  for (const node of switches) {
    const asked = keptIn(askedByVlan, node, () => placesAsking(node));
    const joined = joins.of(node);
    for (const [vlan, all] of onVlans) {
      const place = asked.get(vlan);
      if (place === undefined) continue;
      const others = all.filter((one) => one.node !== node);
      const near = others.filter((one) => joined.has(one.node));
      const networks = new Set(near.flatMap(({ iface }) => networksOf(iface)));
      const reached = others.filter(
        (one) => joined.has(one.node) || networksOf(one.iface).some((network) => networks.has(network)),
      );
      for (const { iface } of near.length === 0 ? others : reached) {
        const there = found.get(iface);
        if (there === undefined) found.set(iface, [place]);
        else there.push(place);
      }
    }
  }
  return found;
}

const askedByVlan = new WeakMap<Node, ReadonlyMap<number, Place>>();

/** Where a switch asks about the packets of its VLANs, by VLAN. */
function placesAsking(node: Node): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  for (const { vlans, iface } of node.device.switched ?? []) {
    const place = { node, iface };
    for (const vlan of vlans) places.set(vlan, place);
  }
  return places;
}

/** The interfaces on a VLAN: by their own number, or linked to a port that takes what has no tag for its. */
function placesByVlan(nodes: readonly Node[], links: readonly Link[]): ReadonlyMap<number, readonly Place[]> {
  const places = new Map<number, Place[]>();
  const add = (vlan: number | undefined, place: Place): void => {
    if (vlan === undefined || place.iface.switchport) return;
    const there = places.get(vlan);
    if (there === undefined) places.set(vlan, [place]);
    else there.push(place);
  };
  for (const node of nodes) {
    for (const iface of node.device.interfaces) add(iface.vlan, { node, iface });
  }
  for (const [one, other] of links) {
    if (one.iface.vlan === undefined) add(other.iface.untaggedVlan, one);
    if (other.iface.vlan === undefined) add(one.iface.untaggedVlan, other);
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
      for (const network of networksOfNode(node)) {
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
        ...networksOfNode(node).flatMap((network) => [...(this.#byNetwork.get(network) ?? [])]),
      ]);
      this.#known.set(node, joined);
    }
    return joined;
  }
}

function networksOfNode({ device }: Node): string[] {
  return device.interfaces.flatMap((iface) => (iface.up ? networksOf(iface) : []));
}

function networksOf({ addresses }: Interface): string[] {
  return addresses.map(({ prefix }) => `${prefix.ip}/${prefix.length}`);
}
