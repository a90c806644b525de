import { type Device, findInterface, type Interface, shareNetwork } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { Hook } from '../model/policy.js';
import type { Ip } from '../net/ip.js';
import { buildFibs, type Fib, virtualAddresses } from './fib.js';
import { switchesOf } from './switches.js';

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

/** Two interfaces at one wire, which no configuration shows. */
export type Link = readonly [Place, Place];

/** A device on a wire that passes on what it lets through, without routing: a transparent firewall. */
export interface Inline {
  readonly node: Node;
  /** The wire's ends. With one end it stands before all that the interface sends and gets. */
  readonly between: readonly [Place, Place?];
  /** Its own interfaces: towards the first end, and away from it. */
  readonly sides: readonly [Interface, Interface];
}

/** What the site file says of wires, by names; an end is `DEVICE:INTERFACE`. */
export interface Wiring {
  readonly links: readonly (readonly [string, string])[];
  readonly inline: readonly {
    readonly device: string;
    readonly between: readonly [string, string?];
    readonly interfaces: readonly [string, string];
  }[];
}

/** All reviewed devices and how they join. */
export interface Network {
  readonly nodes: readonly Node[];
  /** Who has an address, by address. */
  readonly owners: ReadonlyMap<Ip, readonly Place[]>;
  readonly links: readonly Link[];
  readonly inline: readonly Inline[];
  /** Switches that may lie between an interface and what else is on its VLAN. */
  readonly switches: ReadonlyMap<Interface, readonly Place[]>;
}

const NO_WIRING: Wiring = { links: [], inline: [] };

export function buildNode(device: Device): Node {
  return { device, fibs: buildFibs(device) };
}

/** An address and the interface that has it. */
interface Owned {
  readonly ip: Ip;
  readonly place: Place;
}

const known = new WeakMap<Node, readonly Owned[]>();

/** Found once a node: after an edit most nodes of a network are as they were. */
function ownedBy(node: Node): readonly Owned[] {
  return keptIn(known, node, () =>
    node.device.interfaces.flatMap((iface): Owned[] => {
      if (!iface.up) return [];
      const place = { node, iface };
      // A virtual address may be any of the interfaces' that share it.
      const all = new Set([...iface.addresses, ...virtualAddresses(iface)].map((address) => address.ip));
      return [...all].map((ip) => ({ ip, place }));
    }),
  );
}

/**
 * Whether next hops lead into the same devices in both networks: the same interfaces have the same
 * addresses and are on the same networks.
 */
export function sameOwners(a: Network, b: Network): boolean {
  return (
    a === b ||
    (a.nodes.length === b.nodes.length && a.nodes.every((node, at) => ownsTheSame(node, b.nodes[at] as Node)))
  );
}

function ownsTheSame(a: Node, b: Node): boolean {
  if (a === b) return true;
  const [ours, theirs] = [ownedBy(a), ownedBy(b)];
  return (
    a.device.name === b.device.name &&
    ours.length === theirs.length &&
    ours.every(({ ip, place: { iface } }, at) => {
      const other = theirs[at] as Owned;
      return ip === other.ip && iface.name === other.place.iface.name && onSameNetworks(iface, other.place.iface);
    })
  );
}

/** Who is a neighbour depends on them. */
function onSameNetworks(a: Interface, b: Interface): boolean {
  return (
    a.addresses.length === b.addresses.length &&
    a.addresses.every(({ prefix }, at) => {
      const other = b.addresses[at]?.prefix;
      return prefix.ip === other?.ip && prefix.length === other.length;
    })
  );
}

/** @param wiring what of it names no interface of the nodes is left out */
export function buildNetwork(nodes: readonly Node[], wiring: Wiring = NO_WIRING): Network {
  const owners = new Map<Ip, Place[]>();
  for (const node of nodes) {
    for (const { ip, place } of ownedBy(node)) {
      const places = owners.get(ip);
      if (places === undefined) owners.set(ip, [place]);
      else places.push(place);
    }
  }
  const links = linksOf(nodes, wiring);
  return { nodes, owners, links, inline: inlineOf(nodes, wiring), switches: switchesOf(nodes, links) };
}

function linksOf(nodes: readonly Node[], { links }: Wiring): Link[] {
  return links.flatMap(([a, b]): Link[] => {
    const one = findPlace(nodes, a);
    const other = findPlace(nodes, b);
    return one === undefined || other === undefined ? [] : [[one, other]];
  });
}

function inlineOf(nodes: readonly Node[], { inline }: Wiring): Inline[] {
  return inline.flatMap(({ device, between: [a, b], interfaces: [towards, away] }): Inline[] => {
    const node = findNode({ nodes }, device);
    const near = findPlace(nodes, a);
    const far = b === undefined ? undefined : findPlace(nodes, b);
    const first = node === undefined ? undefined : findInterface(node.device, towards);
    const second = node === undefined ? undefined : findInterface(node.device, away);
    if (node === undefined || near === undefined || first === undefined || second === undefined) return [];
    if (b !== undefined && far === undefined) return [];
    return [{ node, between: far === undefined ? [near] : [near, far], sides: [first, second] }];
  });
}

/** The interface that `DEVICE:INTERFACE` names. */
export function findPlace(nodes: readonly Node[], name: string): Place | undefined {
  const colon = name.indexOf(':');
  const node = findNode({ nodes }, name.slice(0, Math.max(0, colon)));
  const iface = node === undefined ? undefined : findInterface(node.device, name.slice(colon + 1));
  return node === undefined || iface === undefined ? undefined : { node, iface };
}

export function findNode(network: Pick<Network, 'nodes'>, device: string): Node | undefined {
  const wanted = device.toLowerCase();
  return (
    network.nodes.find((node) => node.device.name === device) ??
    network.nodes.find((node) => node.device.name.toLowerCase() === wanted)
  );
}

/**
 * The interfaces that take what `from` sends out of `iface` to `gateway`: those that own the address and
 * are linked to the interface, else those that own it and share a network with it. Several, where the
 * files of several sites use one address.
 */
export function neighboursAt(
  network: Network,
  from: Node,
  iface: Interface | undefined,
  gateway: Ip,
): readonly Place[] {
  const owners = network.owners.get(gateway)?.filter((place) => place.node !== from) ?? [];
  if (owners.length === 0 || iface === undefined) return [];
  const peers = peersOf(network, iface).map((peer) => peer.iface);
  const linked = owners.filter((place) => peers.includes(place.iface));
  if (linked.length > 0) return linked;
  return owners.filter((place) => shareNetwork(place.iface, iface));
}

/** What lies at the other ends of an interface's links. */
export function peersOf({ links }: Network, iface: Interface): readonly Place[] {
  return links.flatMap(([a, b]) => [...(a.iface === iface ? [b] : []), ...(b.iface === iface ? [a] : [])]);
}

/** Who takes what is sent to a next hop. */
export interface Takers {
  /** One of them, and it cannot be told which; none: it leaves for a device that no file is of. */
  readonly places: readonly Place[];
  /**
   * Why it may leave all the same: the address is `shared`, and no file is of the router that may answer
   * for it; or it is `unnamed`, and whether the other end takes it depends on what is there.
   */
  readonly mayLeave?: 'shared' | 'unnamed';
}

/** Who takes what `from` sends out of `iface`; without a gateway, the other end of its link. */
export function takersAt(network: Network, from: Node, iface: Interface | undefined, gateway: Ip | undefined): Takers {
  if (gateway === undefined) {
    const places = iface === undefined ? [] : peersOf(network, iface);
    return places.length === 0 ? { places } : { places, mayLeave: 'unnamed' };
  }
  const places = neighboursAt(network, from, iface, gateway);
  const [only, ...others] = places;
  const isShared = only !== undefined && others.length === 0 && only.iface.addresses.every(({ ip }) => ip !== gateway);
  return isShared ? { places, mayLeave: 'shared' } : { places };
}

/** What lies on a wire. */
export type Crossing =
  /** One way through an inline device, which everything passes. */
  | { readonly kind: 'inline'; readonly node: Node; readonly ingress: Interface; readonly egress: Interface }
  /** A switch, which some of it may pass; the policies of these hooks are asked. */
  | { readonly kind: 'switch'; readonly node: Node; readonly iface: Interface; readonly hooks: readonly Hook[] };

/**
 * What lies on the wire, in order. The switches are on the side of the hosts.
 * @param from absent: from a host on the wire
 * @param to absent: to a host on the wire, or to a device that no file is of
 */
export function crossingsOf(network: Network, from: Interface | undefined, to: Interface | undefined): Crossing[] {
  const { inline, switches } = network;
  if (inline.length === 0 && switches.size === 0) return [];
  const [inlines, switched] = [inlineBetween(network, from, to), switchedBetween(network, from, to)];
  return from === undefined ? [...switched, ...inlines] : [...inlines, ...switched];
}

function switchedBetween({ switches }: Network, from: Interface | undefined, to: Interface | undefined): Crossing[] {
  const at = (end: Interface | undefined) => (end === undefined ? [] : (switches.get(end) ?? []));
  const places = new Map([...at(from), ...at(to)].map((place) => [place.iface, place.node]));
  const hooks: Hook[] = [
    ...(to === undefined ? [] : ['prerouting' as const]),
    ...(from === undefined ? [] : ['postrouting' as const]),
  ];
  return [...places].map(([iface, node]) => ({ kind: 'switch', node, iface, hooks }));
}

function inlineBetween({ inline }: Network, from: Interface | undefined, to: Interface | undefined): Crossing[] {
  const away = ({ node, sides: [ingress, egress] }: Inline): Crossing => ({ kind: 'inline', node, ingress, egress });
  const towards = ({ node, sides: [egress, ingress] }: Inline): Crossing => ({ kind: 'inline', node, ingress, egress });
  const at = (end: Interface | undefined) =>
    inline.filter(({ between: [near, far] }) => far === undefined && near.iface === end);
  const joining = (a: Interface | undefined, b: Interface | undefined) =>
    inline.filter(({ between: [near, far] }) => far !== undefined && near.iface === a && far.iface === b);
  return [
    ...at(from).map(away),
    ...joining(from, to).map(away),
    ...joining(to, from).reverse().map(towards),
    ...at(to).reverse().map(towards),
  ];
}

const sortedOwners = new WeakMap<Network, readonly Ip[]>();

/** The addresses from `first` to `last` that devices of the network own, in order. */
export function ownersBetween(network: Network, first: Ip, last: Ip): readonly Ip[] {
  const all = keptIn(sortedOwners, network, () => [...network.owners.keys()].sort((a, b) => a - b));
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
