import { type Fib, type FibEntry, LAST_RESORT, type RouteAction } from '../dataplane/fib.js';
import { type Network, type Node, ownersBetween, takersAt } from '../dataplane/network.js';
import { policyWays } from '../dataplane/policy-hops.js';
import { DEFAULT_VRF, type Interface } from '../model/device.js';
import { firstIp, lastIp } from '../net/prefix.js';

/** An interface that leads to where no reviewed device is: by it packets leave, and others come in. */
export interface Outside {
  readonly node: Node;
  readonly iface: Interface;
  /** Why it may lead elsewhere, in words; absent: it surely leads there. */
  readonly doubt?: string;
}

interface Known {
  readonly all: readonly Outside[];
  readonly byNode: ReadonlyMap<Node, readonly Outside[]>;
}

const known = new WeakMap<Network, Known>();

/**
 * The interfaces that a route leads out of, to a next hop that no reviewed device has. What is behind one
 * may be the world, or a part of the site whose files are not here.
 */
export function outsidesOf(network: Network): readonly Outside[] {
  return knownOf(network, undefined).all;
}

/**
 * Whether the same interfaces lead outside: what their networks have counts as outside.
 * @param before a network of the same owners of addresses and the same wires; what leads outside of a device
 *   that is in both is found once
 */
export function sameOutsides(before: Network, network: Network): boolean {
  if (before === network) return true;
  const [a, b] = [outsidesOf(before), knownOf(network, before).all];
  return (
    a.length === b.length &&
    a.every((one, at) => {
      const other = b[at];
      return one === other || (one.node.device.name === other?.node.device.name && one.iface.name === other.iface.name);
    })
  );
}

function knownOf(network: Network, before: Network | undefined): Known {
  let found = known.get(network);
  if (found === undefined) {
    const kept = before === undefined ? undefined : known.get(before)?.byNode;
    const byNode = new Map(
      network.nodes.map((node) => [node, kept?.get(node) ?? (node.device.routes ? outsidesAt(network, node) : [])]),
    );
    found = { byNode, all: [...byNode.values()].flat() };
    known.set(network, found);
  }
  return found;
}

function outsidesAt(network: Network, node: Node): Outside[] {
  const found = new Map<Interface, Outside>();
  const add = (ifaces: readonly Interface[], doubt: string | undefined): void => {
    for (const iface of ifaces) {
      const before = found.get(iface);
      if (before !== undefined && (before.doubt === undefined || doubt !== undefined)) continue;
      found.set(iface, { node, iface, ...(doubt === undefined ? {} : { doubt }) });
    }
  };
  for (const fib of node.fibs.values()) {
    for (const entry of entriesThatCount(fib)) add(waysOf(network, node, fib.vrf, entry.action), doubtOf(entry));
  }
  for (const { action } of node.device.routingRules ?? []) {
    if (action.kind !== 'next-hops') continue;
    for (const way of policyWays(node, action.hops).ways) {
      add(waysOf(network, node, DEFAULT_VRF, way.action), way.uncertain);
    }
  }
  return [...found.values()];
}

/** Where a default route is surely there, what would only be asked behind it says nothing. */
function entriesThatCount({ entries }: Fib): readonly FibEntry[] {
  const settled = entries.find(({ prefix, uncertain }) => prefix.length === 0 && uncertain === undefined);
  return entries.filter(
    (entry) => settled === undefined || entry.prefix.length > 0 || entry.distance <= settled.distance,
  );
}

function doubtOf({ uncertain, assumption, action, distance }: FibEntry): string | undefined {
  if (uncertain !== undefined) return uncertain;
  // An assumed default route leads out of one of its ways, and nothing says of which.
  return distance === LAST_RESORT && action.kind === 'either' && action.nextHops.length > 1 ? assumption : undefined;
}

function waysOf(network: Network, node: Node, vrf: string, action: RouteAction): Interface[] {
  if (action.kind !== 'forward' && action.kind !== 'either') return [];
  const leaving = action.nextHops.filter(
    ({ iface, gateway }) => takersAt(network, node, iface, gateway).places.length === 0,
  );
  if (action.kind === 'forward') return leaving.flatMap(({ iface }) => (iface?.up === true ? [iface] : []));
  // It leads anywhere: to where no reviewed neighbour is, and rather out of a routed port than into a VLAN.
  const all = leaving.some(({ iface }) => iface === undefined)
    ? node.device.interfaces.filter(
        (iface) =>
          iface.vrf === vrf &&
          iface.up &&
          !iface.switchport &&
          iface.kind !== 'loopback' &&
          (iface.addresses.length > 0 || iface.learnsAddress !== undefined),
      )
    : leaving.flatMap(({ iface }) => iface ?? []);
  const alone = all.filter((iface) => !hasNeighbour(network, node, iface));
  const routed = alone.filter(({ kind }) => kind !== 'svi');
  return routed.length > 0 ? routed : alone;
}

function hasNeighbour(network: Network, node: Node, iface: Interface): boolean {
  return iface.addresses.some(({ prefix }) =>
    ownersBetween(network, firstIp(prefix), lastIp(prefix)).some((ip) =>
      network.owners
        .get(ip)
        ?.some(
          (place) =>
            place.node !== node &&
            place.iface.addresses.some((own) => own.prefix.ip === prefix.ip && own.prefix.length === prefix.length),
        ),
    ),
  );
}
