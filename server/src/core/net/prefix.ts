import IPCIDR from 'ip-cidr';
import { formatIp, type Ip, parseIp } from './ip.js';

/** A network of addresses: the lowest one and the number of fixed leading bits. */
export interface Prefix {
  readonly ip: Ip;
  readonly length: number;
}

/** The network mask of a prefix length: 24 gives 255.255.255.0. */
export function maskOf(length: number): Ip {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** The prefix length of a contiguous network mask; undefined for any other number. */
export function lengthOfMask(mask: Ip): number | undefined {
  const length = Math.clz32(~mask >>> 0);
  return maskOf(length) === mask ? length : undefined;
}

export function prefixOf(ip: Ip, length: number): Prefix {
  return { ip: (ip & maskOf(length)) >>> 0, length };
}

export function firstIp(prefix: Prefix): Ip {
  return prefix.ip;
}

export function lastIp(prefix: Prefix): Ip {
  return (prefix.ip | ~maskOf(prefix.length)) >>> 0;
}

export function prefixContains(prefix: Prefix, ip: Ip): boolean {
  return (ip & maskOf(prefix.length)) >>> 0 === prefix.ip;
}

export function prefixCovers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && prefixContains(outer, inner.ip);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix.ip)}/${prefix.length}`;
}

/** The fewest prefixes that together are exactly the addresses `first` to `last`, in order. */
export function prefixesOfRange(first: Ip, last: Ip): Prefix[] {
  const prefixes: Prefix[] = [];
  let at = first;
  while (at <= last) {
    let length = 32;
    while (length > 0) {
      const wider = prefixOf(at, length - 1);
      if (wider.ip !== at || lastIp(wider) > last) break;
      length -= 1;
    }
    prefixes.push({ ip: at, length });
    at = lastIp({ ip: at, length }) + 1;
  }
  return prefixes;
}

/**
 * Reads a prefix or a single address as settings and advisories write them: `202.114.4.0/24`,
 * `202.114.4.119`. Host bits may be set, as in `10.20.10.1/24`. Undefined for anything else.
 *
 * It costs about 20 µs, which is why configurations are read by `parseIpAt` and never by this.
 */
export function parsePrefix(text: string): Prefix | undefined {
  if (parseIp(text) !== undefined) return { ip: parseIp(text) as Ip, length: 32 };
  if (!IPCIDR.isValidCIDR(text)) return undefined;
  const cidr = new IPCIDR(text);
  const ip = parseIp(cidr.start());
  const length = Number(text.slice(text.indexOf('/') + 1));
  return ip === undefined ? undefined : { ip, length };
}
