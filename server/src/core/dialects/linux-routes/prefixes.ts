import { type Ip, parseIp } from '../../net/ip.js';
import { lengthOfMask, maskOf, type Prefix, prefixOf } from '../../net/prefix.js';

/** An address with the network that it stands in. */
export interface HostAddress {
  readonly ip: Ip;
  readonly length: number;
}

/** Whether a word is an IPv6 address or prefix; names and IPv4 hold no colon. */
export function isIpv6(word: string): boolean {
  return word.includes(':');
}

/** `10.20.10.1/24`, `10.20.10.1/255.255.255.0`, `10.20.10.1`; undefined for anything else. */
export function readHost(word: string): HostAddress | undefined {
  const slash = word.indexOf('/');
  const ip = parseIp(slash === -1 ? word : word.slice(0, slash));
  const length = slash === -1 ? 32 : readLength(word.slice(slash + 1));
  return ip === undefined || length === undefined ? undefined : { ip, length };
}

/** A prefix length in digits, or as a mask. */
export function readLength(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word) <= 32 ? Number(word) : undefined;
  const mask = parseIp(word);
  return mask === undefined ? undefined : lengthOfMask(mask);
}

/** What iproute2 takes for a destination: `default`, `10/8`, `10.1/16`, `0/1`, `10.0.0.0/8`, `10.0.0.1`. */
export function readDestination(word: string): HostAddress | undefined {
  if (word === 'default' || word === 'any' || word === 'all') return { ip: 0, length: 0 };
  const slash = word.indexOf('/');
  if (slash === -1) return readHost(word);
  const address = word.slice(0, slash);
  const missing = 4 - address.split('.').length;
  return readHost(missing > 0 && missing < 4 ? `${address}${'.0'.repeat(missing)}${word.slice(slash)}` : word);
}

export function networkOf({ ip, length }: HostAddress): Prefix {
  return prefixOf(ip, length);
}

/** Whether bits are set behind the prefix: the kernel takes no route to such a destination. */
export function hasHostBits({ ip, length }: HostAddress): boolean {
  return (ip & ~maskOf(length)) !== 0;
}

/** The network of an address of which no mask is said, by its class. */
export function classfulLength(ip: Ip): number {
  const first = ip >>> 24;
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
