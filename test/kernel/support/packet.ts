import { TcpFlag } from '../../../server/src/core/net/protocols.js';

/** Index of an interface of the router under test, and the header of a packet that comes in by it. */
export interface Packet {
  readonly iface: number;
  readonly src: number;
  readonly dst: number;
  readonly protocol: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly tcpFlags: number;
  /** It belongs to a connection on which both sides have spoken, in its first direction, never translated. */
  readonly established: boolean;
}

/** What becomes of a packet. Ports are 0 where the protocol has none. */
export type Verdict =
  | {
      readonly kind: 'forwarded';
      readonly iface: string;
      readonly src: number;
      readonly dst: number;
      readonly srcPort: number;
      readonly dstPort: number;
    }
  /** `broadcast`: what a network's last address stands for, which the router takes and does not send on. */
  | { readonly kind: 'local'; readonly broadcast?: boolean }
  | { readonly kind: 'rejected'; readonly how: string }
  /** `mayBeSet`: settings or a daemon may have the kernel forward it. */
  | { readonly kind: 'dropped'; readonly mayBeSet?: true };

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const SCTP = 132;

export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP;
}

export function ip(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export function formatIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/** The first address of the prefix of that length which holds the address. */
export function networkOf(address: number, length: number): number {
  return (address & maskOf(length)) >>> 0;
}

export function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

export function describePacket(packet: Packet, names: readonly string[]): string {
  const words = [`in ${names[packet.iface]}`, `${formatIp(packet.src)} -> ${formatIp(packet.dst)}`];
  words.push(`protocol ${packet.protocol}`);
  if (hasPorts(packet.protocol)) words.push(`ports ${packet.srcPort} -> ${packet.dstPort}`);
  if (packet.protocol === ICMP) words.push(`type ${packet.icmpType} code ${packet.icmpCode}`);
  if (packet.protocol === TCP) {
    const flags = Object.entries(TcpFlag).filter(([, bit]) => (packet.tcpFlags & bit) !== 0);
    words.push(`flags ${flags.map(([name]) => name).join('+') || 'none'}`);
  }
  words.push(packet.established ? 'established' : 'new');
  return words.join(', ');
}

export function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'forwarded': {
      const { iface, src, dst, srcPort, dstPort } = verdict;
      return `forwarded by ${iface}: ${formatIp(src)}:${srcPort} -> ${formatIp(dst)}:${dstPort}`;
    }
    case 'rejected':
      return `rejected (${verdict.how})`;
    default:
      return verdict.kind;
  }
}
