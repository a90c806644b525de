/** IANA numbers of the protocols that carry ports or types; the others matter by number only. */
export const Protocol = { icmp: 1, tcp: 6, udp: 17, sctp: 132 } as const;

/** Whether packets of this protocol carry ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === Protocol.tcp || protocol === Protocol.udp || protocol === Protocol.sctp;
}

const NAMES = new Map<number, string>([
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipip'],
  [6, 'tcp'],
  [17, 'udp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [94, 'nos'],
  [103, 'pim'],
  [108, 'pcp'],
  [112, 'vrrp'],
  [132, 'sctp'],
]);

/** The short name of a protocol number, or the number itself in digits. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/** The number of a protocol that is written by its short name or in digits (0 to 255); else undefined. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) {
    const value = Number(text);
    return value <= 255 ? value : undefined;
  }
  const wanted = text.toLowerCase();
  for (const [value, name] of NAMES) if (name === wanted) return value;
  return undefined;
}

/** Bits of the TCP flags byte, as on the wire. */
export const TcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;
