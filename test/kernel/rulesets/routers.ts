import { formatIp, ip, networkOf, type Packet, TCP, UDP } from '../support/packet.js';
import type { Random } from '../support/random.js';

/** A router without a firewall, but with many tables: in the words of its own commands. */
export interface RandomRouter {
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly commands: readonly string[];
  /** The source port of a UDP packet decides its mark, by this file of iptables. */
  readonly marks: string;
  readonly packets: readonly Packet[];
  /**
   * The dumps stand in one file. Only then routes of the type `throw` are made: what they mean hangs on the
   * rules that look their table up.
   */
  readonly isOneFile: boolean;
}

export const MARKS = [0, 1, 2, 0x10, 0x11, 0xff];
const FIRST_PORT = 1000;
const NAMES = ['eth0', 'eth0.210', 'lan', 'wan', 'tun7'];
const TABLES = ['main', '100', '101', '250'];

/** A random router, and packets aimed at the edges of its routes and rules. */
export function randomRouter(random: Random, count: number): RandomRouter {
  const names = random.some(NAMES, 2, 5);
  const aims: number[] = [];
  const aimAt = (network: number, length: number): void => {
    aims.push(network, (network + 2 ** (32 - length) - 1) >>> 0);
  };
  const interfaces = names.map((name, at) => {
    const addresses = random.list(1, 2, () => {
      const length = random.pick([24, 24, 28, 30]);
      const network = networkOf(ip(`10.${at}.${random.between(0, 3)}.${random.between(0, 255)}`), length);
      aimAt(network, length);
      return `${formatIp(network + random.between(1, 2))}/${length}`;
    });
    return { name, addresses: [...new Set(addresses)] };
  });
  const prefix = (): string => {
    const length = random.pick([0, 8, 12, 16, 20, 24, 25, 30, 31, 32]);
    const base = random.pick([ip('202.114.4.0'), ip('202.114.4.119'), ip('172.16.5.9'), ip('10.1.2.3'), ...aims]);
    const network = networkOf(base, length);
    aimAt(network, length);
    return length === 0 ? 'default' : `${formatIp(network)}/${length}`;
  };
  const isOneFile = random.chance(50);
  const routes = random.list(2, 14, () => randomRoute(random, interfaces, prefix(), isOneFile));
  const rules = random.list(0, 5, () => randomRule(random, names, prefix));
  const ports = MARKS.map(
    (mark, at) => `-A PREROUTING -p udp -m udp --sport ${FIRST_PORT + at} -j MARK --set-mark ${mark}`,
  );
  return {
    interfaces,
    // A device without any route of its own is taken to have a default route that its files do not tell.
    commands: [`route add 172.31.0.0/16 dev ${names[0]}`, ...new Set(routes), ...new Set(rules)],
    isOneFile,
    marks: ['*mangle', ':PREROUTING ACCEPT [0:0]', ...ports, 'COMMIT', ''].join('\n'),
    packets: Array.from({ length: count }, () => randomPacket(random, interfaces, aims)),
  };
}

interface Interfaces extends ReadonlyArray<{ readonly name: string; readonly addresses: readonly string[] }> {}

function randomRoute(random: Random, interfaces: Interfaces, prefix: string, throws: boolean): string {
  const table = random.chance(50) ? 'main' : random.pick(TABLES);
  const metric = random.chance(40) ? ` metric ${random.pick([10, 20, 100])}` : '';
  const kind = random.between(1, 100);
  // `append`: a route of the same prefix and metric does not stand in the way, it just never counts.
  if (kind <= 20) {
    const kinds = ['blackhole', 'unreachable', 'prohibit', ...(throws ? ['throw'] : [])];
    return `route append ${random.pick(kinds)} ${prefix} table ${table}${metric}`;
  }
  const { name, addresses } = random.pick(interfaces);
  if (kind <= 35) return `route append ${prefix} dev ${name} table ${table}${metric}`;
  const [address, length] = (random.pick(addresses) as string).split('/') as [string, string];
  const gateway = (networkOf(ip(address), Number(length)) + 2 ** (32 - Number(length)) - 2) >>> 0;
  const via = gateway === ip(address) ? gateway - 1 : gateway;
  // A gateway that is the router itself is none to the kernel: it means the interface's own network.
  const isOwn = interfaces.some((one) => one.addresses.some((other) => other.startsWith(`${formatIp(via)}/`)));
  if (isOwn) return `route append ${prefix} dev ${name} table ${table}${metric}`;
  return `route append ${prefix} via ${formatIp(via)} dev ${name} table ${table}${metric}`;
}

function randomRule(random: Random, names: readonly string[], prefix: () => string): string {
  const words = ['rule add', `priority ${random.pick([100, 200, 300, 400, 32000, 32766])}`];
  if (random.chance(10)) words.push('not');
  const options = [
    () => `from ${prefix().replace('default', 'all')}`,
    () => `to ${prefix().replace('default', 'all')}`,
    () => `iif ${random.pick(names)}`,
    () => `fwmark ${random.pick(MARKS.slice(1))}${random.chance(40) ? '/0xf' : ''}`,
  ];
  for (const option of random.some(options, 1, 2)) words.push(option());
  const choice = random.between(1, 100);
  if (choice <= 15) words.push(random.pick(['blackhole', 'unreachable', 'prohibit']));
  else {
    words.push(`lookup ${random.pick(TABLES)}`);
    if (choice <= 30) words.push(`suppress_prefixlength ${random.pick([0, 8, 16])}`);
  }
  return words.join(' ');
}

function randomPacket(random: Random, interfaces: Interfaces, aims: readonly number[]): Packet {
  const own = new Set(interfaces.flatMap(({ addresses }) => addresses.map((one) => ip(one.split('/')[0] as string))));
  const edges = new Set(
    interfaces.flatMap(({ addresses }) =>
      addresses.flatMap((one) => {
        const [address, length] = one.split('/') as [string, string];
        const network = networkOf(ip(address), Number(length));
        return [network, network + 2 ** (32 - Number(length)) - 1];
      }),
    ),
  );
  const near = (): number => (random.pick(aims) + random.pick([-1, 0, 0, 1])) >>> 0;
  const host = (sends: boolean): number => {
    for (;;) {
      const address = random.chance(70) ? near() : (ip('202.114.0.0') | (random.next() & 0xffff)) >>> 0;
      const top = address >>> 24;
      // Networks' own and broadcast addresses, and what is no host's, the kernel treats before any route.
      if (top === 0 || top === 127 || top >= 224 || edges.has(address)) continue;
      if (!(sends && own.has(address))) return address;
    }
  };
  return {
    iface: random.between(0, interfaces.length - 1),
    src: host(true),
    dst: host(false),
    protocol: random.chance(70) ? UDP : TCP,
    srcPort: FIRST_PORT + random.between(0, MARKS.length - 1),
    dstPort: 80,
    icmpType: 0,
    icmpCode: 0,
    tcpFlags: 2,
    established: false,
  };
}

/** The mark that the file `marks` gives a packet. */
export function markOf(packet: Packet): number {
  return packet.protocol === UDP ? (MARKS[packet.srcPort - FIRST_PORT] ?? 0) : 0;
}
