import type { Device } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { AddressKind } from '../model/policy.js';
import type { Ip } from '../net/ip.js';
import { lastIp, type Prefix } from '../net/prefix.js';

/** The addresses of a device by their kinds, as its own table of local addresses has them. */
export interface AddressKinds {
  /** Disjoint kinds' ranges; what is in none of them is `unicast`. Earlier ones win. */
  readonly ranges: readonly { readonly kind: AddressKind; readonly first: Ip; readonly last: Ip }[];
  /** False where an interface has addresses that no file says: what is `local` cannot be told then. */
  readonly complete: boolean;
}

const known = new WeakMap<Device, AddressKinds>();

/**
 * How netfilter's `addrtype` and nftables' `fib … type` see addresses: only the table `local` is asked,
 * so all that is not the device's own, a broadcast or a multicast address is unicast, routed or not.
 * Source: Linux, net/ipv4/fib_frontend.c, `__inet_dev_addr_type`.
 */
export function addressKindsOf(device: Device): AddressKinds {
  return keptIn(known, device, () => findKinds(device));
}

function findKinds(device: Device): AddressKinds {
  const ranges: { kind: AddressKind; first: Ip; last: Ip }[] = [
    { kind: 'broadcast', first: 0, last: 0x00ffffff },
    { kind: 'broadcast', first: 0xffffffff, last: 0xffffffff },
    { kind: 'multicast', first: 0xe0000000, last: 0xefffffff },
    { kind: 'local', first: 0x7f000000, last: 0x7fffffff },
  ];
  for (const { addresses, up } of device.interfaces) {
    if (!up) continue;
    for (const { ip, prefix } of addresses) {
      ranges.push({ kind: 'local', first: ip, last: ip });
      for (const broadcast of broadcastsOf(prefix)) {
        ranges.push({ kind: 'broadcast', first: broadcast, last: broadcast });
      }
    }
  }
  const complete = device.interfaces.every(
    (iface) => !iface.up || iface.kind === 'loopback' || iface.addresses.length > 0,
  );
  return { ranges, complete };
}

/** A network's last address is its broadcast; older kernels take its first one as one too. */
function broadcastsOf(prefix: Prefix): Ip[] {
  return prefix.length >= 31 ? [] : [lastIp(prefix)];
}

/** The addresses of the kinds, as sorted ranges. */
export function addressesOfKinds(
  { ranges }: AddressKinds,
  kinds: readonly AddressKind[],
): readonly { readonly first: Ip; readonly last: Ip }[] {
  const cuts = [...new Set([0, ...ranges.flatMap(({ first, last }) => [first, last + 1])])]
    .filter((cut) => cut <= 0xffffffff)
    .sort((a, b) => a - b);
  const found: { first: Ip; last: Ip }[] = [];
  for (const [at, first] of cuts.entries()) {
    const kind = ranges.find((range) => range.first <= first && first <= range.last)?.kind ?? 'unicast';
    if (kinds.includes(kind)) found.push({ first, last: (cuts[at + 1] ?? 0x100000000) - 1 });
  }
  return found;
}
