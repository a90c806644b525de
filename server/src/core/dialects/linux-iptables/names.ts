import { PROTOCOLS, SERVICES } from '../common/service-names.js';

/** iptables' own names of protocols, which come before those of the system. */
const OWN_PROTOCOLS = new Map([
  ['icmpv6', 58],
  ['ipv6-mh', 135],
  ['mh', 135],
]);

/** Type and code; a type alone is any code of it. Source: `iptables -p icmp -h`. */
const ICMP_TYPES = new Map<string, readonly [type: number, code?: number]>([
  ['echo-reply', [0]],
  ['pong', [0]],
  ['destination-unreachable', [3]],
  ['network-unreachable', [3, 0]],
  ['host-unreachable', [3, 1]],
  ['protocol-unreachable', [3, 2]],
  ['port-unreachable', [3, 3]],
  ['fragmentation-needed', [3, 4]],
  ['source-route-failed', [3, 5]],
  ['network-unknown', [3, 6]],
  ['host-unknown', [3, 7]],
  ['network-prohibited', [3, 9]],
  ['host-prohibited', [3, 10]],
  ['tos-network-unreachable', [3, 11]],
  ['tos-host-unreachable', [3, 12]],
  ['communication-prohibited', [3, 13]],
  ['host-precedence-violation', [3, 14]],
  ['precedence-cutoff', [3, 15]],
  ['source-quench', [4]],
  ['redirect', [5]],
  ['network-redirect', [5, 0]],
  ['host-redirect', [5, 1]],
  ['tos-network-redirect', [5, 2]],
  ['tos-host-redirect', [5, 3]],
  ['echo-request', [8]],
  ['ping', [8]],
  ['router-advertisement', [9]],
  ['router-solicitation', [10]],
  ['time-exceeded', [11]],
  ['ttl-exceeded', [11]],
  ['ttl-zero-during-transit', [11, 0]],
  ['ttl-zero-during-reassembly', [11, 1]],
  ['parameter-problem', [12]],
  ['ip-header-bad', [12, 0]],
  ['required-option-missing', [12, 1]],
  ['timestamp-request', [13]],
  ['timestamp-reply', [14]],
  ['address-mask-request', [17]],
  ['address-mask-reply', [18]],
]);

/** The number of a protocol by name or number; 0 is every protocol (`all`, `ip`). Undefined where it is none. */
export function protocolOf(text: string): number | undefined {
  const small = text.toLowerCase();
  if (small === 'all' || small === 'ip') return 0;
  const named = OWN_PROTOCOLS.get(small) ?? PROTOCOLS.get(small);
  if (named !== undefined) return named;
  const value = /^\d{1,3}$/.test(small) ? Number(small) : Number.NaN;
  return value <= 255 ? value : undefined;
}

export function serviceOf(name: string): number | undefined {
  return SERVICES.get(name);
}

/** `any`: every message; undefined: not known. */
export function icmpTypeOf(text: string): 'any' | readonly [type: number, code?: number] | undefined {
  const small = text.toLowerCase();
  if (small === 'any') return 'any';
  const known = ICMP_TYPES.get(small);
  if (known !== undefined) return known;
  // getopt's cousin: iptables takes the beginning of a name where only one name begins so.
  const numbers = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(small);
  if (numbers !== null) {
    const type = Number(numbers[1]);
    const code = numbers[2] === undefined ? undefined : Number(numbers[2]);
    if (type > 255 || (code !== undefined && code > 255)) return undefined;
    // Type 255 is how the kernel writes "any".
    if (type === 255) return 'any';
    return code === undefined ? [type] : [type, code];
  }
  const fitting = small.length < 2 ? [] : [...ICMP_TYPES].filter(([name]) => name.startsWith(small));
  const values = new Set(fitting.map(([, value]) => value.join('/')));
  return values.size === 1 ? fitting[0]?.[1] : undefined;
}
