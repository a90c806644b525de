import type { ServiceTerm } from '../../model/header-match.js';
import { Protocol } from '../../net/protocols.js';

const TCP = Protocol.tcp;
const UDP = Protocol.udp;

/**
 * What `match protocol` means by the system's own port map, for the names of which that is certain.
 * "Port to Application Mapping", Cisco IOS Security Configuration Guide.
 */
const PORTS: ReadonlyMap<string, readonly (readonly [protocol: number, port: number])[]> = new Map([
  ['dns', [[TCP, 53] as const, [UDP, 53] as const]],
  ['ftp', [[TCP, 21] as const]],
  ['http', [[TCP, 80] as const]],
  ['https', [[TCP, 443] as const]],
  ['imap', [[TCP, 143] as const]],
  ['ntp', [[UDP, 123] as const]],
  ['pop3', [[TCP, 110] as const]],
  ['smtp', [[TCP, 25] as const]],
  ['snmp', [[UDP, 161] as const]],
  ['ssh', [[TCP, 22] as const]],
  ['syslog', [[UDP, 514] as const]],
  ['telnet', [[TCP, 23] as const]],
  ['tftp', [[UDP, 69] as const]],
]);

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', Protocol.icmp],
  ['tcp', TCP],
  ['udp', UDP],
]);

/**
 * The services that `match protocol NAME` holds for; undefined where that is not certain.
 * @param mapped applications whose ports the configuration changes
 */
export function servicesOf(name: string, mapped: ReadonlySet<string>): readonly ServiceTerm[] | undefined {
  const word = name.toLowerCase();
  const protocol = PROTOCOLS.get(word);
  if (protocol !== undefined) return [{ protocol }];
  if (mapped.has(word)) return undefined;
  return PORTS.get(word)?.map(([one, port]) => ({ protocol: one, dstPorts: [{ first: port, last: port }] }));
}
