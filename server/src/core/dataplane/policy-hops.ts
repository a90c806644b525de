import { type Device, findInterface } from '../model/device.js';
import type { PolicyHop } from '../model/policy.js';
import { formatIp, type Ip } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import { type RouteAction, routesFor } from './fib.js';
import type { Node } from './network.js';

/** What a rule's hop does with a packet. `uncertain`: why it may not be used, in words. */
export interface PolicyWay {
  readonly action: RouteAction & { readonly kind: 'forward' | 'either' | 'discard' };
  readonly uncertain?: string;
}

/**
 * The ways that the hops of a rule may be, in order: each but the last may not be used, and the last is,
 * unless `certain` is false.
 *
 * A hop that is no neighbour is passed over, or, on platforms that look it up, used by the route that
 * leads to it: it cannot be told, unless the line asks for that. One whose interface is down is passed over
 * (Cisco IOS IP Routing: Protocol-Independent Command Reference, `set ip next-hop`).
 */
export function policyWays(
  node: Node,
  hops: readonly PolicyHop[],
): { readonly ways: readonly PolicyWay[]; readonly certain: boolean } {
  const ways: PolicyWay[] = [];
  for (const hop of hops) {
    const found = hop.kind === 'iface' ? outOfInterface(node, hop) : towards(node, hop);
    for (const way of found) {
      const uncertain = hop.undecidable ?? way.uncertain;
      ways.push(uncertain === undefined ? way : { ...way, uncertain });
      if (uncertain === undefined) return { ways, certain: true };
    }
  }
  return { ways, certain: false };
}

function outOfInterface({ device }: Node, { name }: PolicyHop & { kind: 'iface' }): PolicyWay[] {
  const iface = findInterface(device, name);
  if (iface === undefined) {
    return [{ action: { kind: 'forward', nextHops: [{}] }, uncertain: `${device.name} has no interface ${name}` }];
  }
  if (!iface.up) return [];
  return [
    iface.kind === 'loopback'
      ? { action: { kind: 'discard' } }
      : { action: { kind: 'forward', nextHops: [{ iface }] } },
  ];
}

function towards({ device, fibs }: Node, { ip, vrf, recursive }: PolicyHop & { kind: 'gateway' }): PolicyWay[] {
  const fib = fibs.get(vrf);
  if (fib === undefined) return [];
  const { routes } = routesFor(fib, ip);
  const isNeighbour = routes.some(({ action }) => action.kind === 'connected');
  if (!isNeighbour && !recursive && isBehindDown(device, vrf, ip)) return [];
  const ways = routes.map((route): PolicyWay => {
    const { action, uncertain, prefix } = route;
    const doubt = uncertain === undefined ? {} : { uncertain };
    switch (action.kind) {
      case 'receive':
        return { action: { kind: 'discard' }, uncertain: `${formatIp(ip)} is an address of ${device.name} itself` };
      case 'connected':
        return action.iface.kind === 'loopback'
          ? { action: { kind: 'discard' }, ...doubt }
          : { action: { kind: 'forward', nextHops: [{ iface: action.iface, gateway: ip }] }, ...doubt };
      default:
        // Whether a default route leads to a next hop differs from release to release.
        return recursive && prefix.length > 0
          ? { action, ...doubt }
          : { action, uncertain: uncertain ?? `${formatIp(ip)} is no neighbour of ${device.name}` };
    }
  });
  const learning = device.interfaces.filter(
    (iface) => iface.learnsAddress !== undefined && iface.up && iface.vrf === vrf,
  );
  if (learning.length === 0 || ways.some((way) => way.uncertain === undefined)) return ways;
  const nextHops = learning.map((iface) => ({ iface, gateway: ip }));
  const words = `${formatIp(ip)} may be on the network that ${learning.map(({ name }) => name).join(' or ')} learns`;
  return [...ways, { action: { kind: 'either', nextHops }, uncertain: words }];
}

/** Whether it would be a neighbour if an interface were up that is down: then it is passed over for certain. */
function isBehindDown({ interfaces }: Device, vrf: string, ip: Ip): boolean {
  return interfaces.some(
    (iface) => !iface.up && iface.vrf === vrf && iface.addresses.some(({ prefix }) => prefixContains(prefix, ip)),
  );
}
