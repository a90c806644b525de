import { parseIp } from '../core/net/ip.js';
import { protocolNumber, TcpFlag } from '../core/net/protocols.js';
import type { PacketInput } from '../core/report.js';
import { Problem } from './problem.js';

type Check = (value: unknown) => string | undefined;

const number =
  (last: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= last
      ? undefined
      : `a whole number from 0 to ${last}`;
const address: Check = (value) =>
  typeof value === 'string' && parseIp(value) !== undefined ? undefined : 'an IPv4 address such as "10.20.10.5"';

/** For each key, what a value must be where it is not. */
const CHECKS: Readonly<Record<keyof PacketInput, Check>> = {
  protocol: (value) =>
    typeof value === 'string' && protocolNumber(value) !== undefined
      ? undefined
      : 'a protocol such as "tcp", "udp", "icmp", or its number in quotes',
  source: address,
  sourcePort: number(65535),
  destination: address,
  destinationPort: number(65535),
  icmpType: number(255),
  icmpCode: number(255),
  tcpFlags: (value) =>
    Array.isArray(value) && value.every((flag) => typeof flag === 'string' && Object.hasOwn(TcpFlag, flag))
      ? undefined
      : `a list of flags out of ${Object.keys(TcpFlag).join(', ')}`,
  state: (value) => (value === 'new' || value === 'established' ? undefined : '"new" or "established"'),
};
const REQUIRED: readonly (keyof PacketInput)[] = ['protocol', 'source', 'destination'];

/**
 * Reads one line of `trace`'s input. A key that is null is absent.
 * @throws {Problem} where the line is no packet, in words
 */
export function readPacket(line: string): PacketInput {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Problem('This is no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('This is no JSON object.');
  const packet: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (!Object.hasOwn(CHECKS, key)) {
      throw new Problem(`A packet has no "${key}". It may have: ${Object.keys(CHECKS).join(', ')}.`);
    }
    if (member === null) continue;
    const wanted = CHECKS[key as keyof PacketInput](member);
    if (wanted !== undefined) throw new Problem(`"${key}" must be ${wanted}.`);
    packet[key] = member;
  }
  for (const key of REQUIRED) if (packet[key] === undefined) throw new Problem(`The packet has no "${key}".`);
  return packet as unknown as PacketInput;
}
