/**
 * IPv4 addresses as unsigned 32-bit numbers.
 *
 * JavaScript's bit operators give signed results, so every value that leaves this file has been
 * through `>>> 0`.
 */
export type Ip = number;

/** The highest address, and the wildcard that matches any address. */
export const MAX_IP: Ip = 0xffffffff;

/** Reads `10.20.10.5`; anything else, leading zeros included, is undefined. */
export function parseIp(text: string): Ip | undefined {
  return parseIpAt(text, 0, text.length);
}

/** As `parseIp`, on `text.slice(start, end)` without making that string. */
export function parseIpAt(text: string, start: number, end: number): Ip | undefined {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (octet === 0) return undefined;
      octet = octet === -1 ? code - 48 : octet * 10 + code - 48;
      if (octet > 255) return undefined;
    } else if (code === 46 && octet !== -1 && dots < 3) {
      address = address * 256 + octet;
      octet = -1;
      dots += 1;
    } else {
      return undefined;
    }
  }
  return dots === 3 && octet !== -1 ? address * 256 + octet : undefined;
}

export function formatIp(ip: Ip): string {
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;
}
