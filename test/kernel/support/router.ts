import { formatIp, ip, maskOf, networkOf } from './packet.js';

/** An interface of the router under test; `addresses` with their prefix lengths. */
export interface RouterInterface {
  readonly name: string;
  readonly addresses: readonly { readonly ip: number; readonly length: number }[];
}

export interface Route {
  readonly network: number;
  readonly length: number;
  /** Absent: to nowhere. */
  readonly iface?: string;
  readonly via?: number;
}

/** A router with everything but its firewall. */
export interface Router {
  readonly interfaces: readonly RouterInterface[];
  /** Beside the connected networks. */
  readonly routes: readonly Route[];
  /** What is marked so goes by another table, which has a default route alone. */
  readonly marked?: { readonly mark: number; readonly iface: string; readonly via: number };
}

/** The router of the tests of firewalls: a ward, an office, a way out. */
export const ROUTER: Router = {
  interfaces: [
    { name: 'eth0.210', addresses: [{ ip: ip('10.20.10.1'), length: 24 }] },
    { name: 'eth0.211', addresses: [{ ip: ip('10.20.11.1'), length: 24 }] },
    { name: 'lan', addresses: [{ ip: ip('192.168.7.1'), length: 24 }] },
    { name: 'wan', addresses: [{ ip: ip('203.0.113.2'), length: 29 }] },
  ],
  routes: [
    { network: 0, length: 0, iface: 'wan', via: ip('203.0.113.1') },
    { network: ip('172.16.0.0'), length: 16, iface: 'lan', via: ip('192.168.7.254') },
    { network: ip('198.51.100.0'), length: 24 },
  ],
  marked: { mark: 0x7, iface: 'lan', via: ip('192.168.7.253') },
};

type Found =
  | { readonly kind: 'local' }
  /** `mayBeSet`: settings or a daemon may have the kernel forward it. */
  | { readonly kind: 'nowhere'; readonly mayBeSet?: true }
  | { readonly kind: 'out'; readonly iface: string };

/** Where the router sends what is for an address. */
export function routeOf(router: Router, dst: number, _in: string, _src: number, mark: number): Found {
  if (isOwn(router, dst) || isBroadcast(router, dst) || dst === 0xffffffff) return { kind: 'local' };
  // What a translation may make of a destination: addresses that no host has (net/ipv4/route.c).
  if (dst >>> 28 === 14) return { kind: 'nowhere', mayBeSet: true };
  if (dst === 0 || dst >>> 24 === 127) return { kind: 'nowhere' };
  if (router.marked !== undefined && mark === router.marked.mark) return { kind: 'out', iface: router.marked.iface };
  const connected = router.interfaces.flatMap(({ name, addresses }): Route[] =>
    addresses.map((one) => ({ network: networkOf(one.ip, one.length), length: one.length, iface: name })),
  );
  const [best] = [...connected, ...router.routes]
    .filter((route) => networkOf(dst, route.length) === route.network)
    .sort((a, b) => b.length - a.length);
  return best?.iface === undefined ? { kind: 'nowhere' } : { kind: 'out', iface: best.iface };
}

export function isOwn(router: Router, address: number): boolean {
  return router.interfaces.some(({ addresses }) => addresses.some((one) => one.ip === address));
}

/** Whether it stands for all hosts of a connected network. */
export function isBroadcast(router: Router, address: number): boolean {
  return router.interfaces.some(({ addresses }) =>
    addresses.some((one) => (networkOf(one.ip, one.length) | ~maskOf(one.length)) >>> 0 === address),
  );
}

/** What netfilter calls the kind of an address. */
export function kindOf(router: Router, address: number): 'local' | 'broadcast' | 'multicast' | 'unicast' {
  if (isOwn(router, address)) return 'local';
  if (isBroadcast(router, address)) return 'broadcast';
  return address >>> 28 === 14 ? 'multicast' : 'unicast';
}

/** The address that the router itself would use on an interface. */
export function addressOn(router: Router, iface: string): number {
  const [first] = router.interfaces.find(({ name }) => name === iface)?.addresses ?? [];
  if (first === undefined) throw new Error(`The router has no address on ${iface}.`);
  return first.ip;
}

/** Addresses that hosts do not send from, or that the kernel treats as its own matter (RFC 6890). */
export function isOrdinary(router: Router, address: number): boolean {
  const top = address >>> 24;
  if (top === 0 || top === 127 || top >= 224) return false;
  return !router.interfaces.some(({ addresses }) =>
    addresses.some((one) => {
      const inside = networkOf(address, one.length) === networkOf(one.ip, one.length);
      const host = (address & ~maskOf(one.length)) >>> 0;
      return inside && (host === 0 || host === ~maskOf(one.length) >>> 0);
    }),
  );
}

/** The router in the words of a job. */
export function jobOf(router: Router): {
  interfaces: { name: string; addresses: string[] }[];
  commands: string[];
} {
  const commands = router.routes.map(({ network, length, iface, via }) => {
    const prefix = `${formatIp(network)}/${length}`;
    if (iface === undefined) return `route add blackhole ${prefix}`;
    return `route add ${prefix} ${via === undefined ? '' : `via ${formatIp(via)} `}dev ${iface}`;
  });
  if (router.marked !== undefined) {
    const { mark, iface, via } = router.marked;
    commands.push(`rule add fwmark ${mark} lookup 100 priority 1000`);
    commands.push(`route add default via ${formatIp(via)} dev ${iface} table 100`);
  }
  return {
    interfaces: router.interfaces.map(({ name, addresses }) => ({
      name,
      addresses: addresses.map((one) => `${formatIp(one.ip)}/${one.length}`),
    })),
    commands,
  };
}
