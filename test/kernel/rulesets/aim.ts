import { hasPorts, ICMP, ip, networkOf, type Packet, SCTP, TCP, UDP } from '../support/packet.js';
import type { Random } from '../support/random.js';
import { isOrdinary, isOwn, ROUTER } from '../support/router.js';

const NETWORKS = [
  [ip('10.20.10.0'), 24],
  [ip('10.20.11.0'), 24],
  [ip('192.168.7.0'), 24],
  [ip('172.16.0.0'), 16],
  [ip('202.114.4.0'), 24],
  [ip('202.114.4.0'), 24],
  [ip('202.114.4.0'), 22],
  [ip('198.51.100.0'), 24],
  [ip('10.0.0.0'), 8],
] as const;
const PORTS = [1, 22, 53, 80, 443, 515, 1023, 1024, 2049, 8080, 40000, 65535];
const PROTOCOLS = [TCP, TCP, TCP, TCP, UDP, UDP, ICMP, SCTP, 47, 50, 89];
const FLAGS = [0x02, 0x10, 0x12, 0x04, 0x14, 0x18, 0x11, 0x01, 0x00, 0x29, 0x22, 0x03, 0x08, 0x20, 0x3f];
const ICMP_TYPES = [0, 3, 5, 8, 11, 13, 15, 17, 9, 40];

/**
 * Chooses the constants of rules, remembers them, and aims packets at them: a rule is most likely read
 * wrong at the edges of what it says.
 */
export class Aim {
  readonly random: Random;
  /**
   * Whether rules ask for an address's kind, or else for interfaces that are not there: what a file names
   * alone might have addresses that no file tells, and then no kind could be told.
   */
  readonly asksKinds: boolean;
  readonly #addresses: number[] = [];
  readonly #ports: number[] = [];
  readonly #protocols: number[] = [];
  readonly #types: number[] = [];

  constructor(random: Random) {
    this.random = random;
    this.asksKinds = random.chance(50);
  }

  address(): number {
    const [network, length] = this.random.pick(NETWORKS);
    const address = this.random.chance(40) ? this.#near(this.#addresses, network) : network;
    const host = this.random.chance(60) ? this.random.between(0, 20) : this.random.next();
    return this.#aimAt((networkOf(address, length) | (host & ~(0xffffffff << (32 - length)))) >>> 0);
  }

  prefix(): { readonly network: number; readonly length: number } {
    const length = this.random.pick([0, 8, 16, 22, 24, 24, 25, 26, 28, 29, 30, 31, 32, 32]);
    const network = networkOf(this.address(), length);
    this.#aimAt(network);
    this.#aimAt((network + 2 ** (32 - length) - 1) >>> 0);
    return { network, length };
  }

  /** Two addresses in order. */
  span(): readonly [number, number] {
    const first = this.address();
    return [first, this.#aimAt(Math.min(0xffffffff, first + this.random.pick([0, 1, 5, 100, 2000])))];
  }

  port(): number {
    const port = this.random.chance(80) ? this.random.pick(PORTS) : this.random.between(0, 65535);
    this.#ports.push(port);
    return port;
  }

  portSpan(): readonly [number, number] {
    const first = this.port();
    const last = Math.min(65535, first + this.random.pick([0, 1, 10, 1000, 65535]));
    this.#ports.push(last);
    return [first, last];
  }

  protocol(): number {
    const protocol = this.random.pick(PROTOCOLS);
    this.#protocols.push(protocol);
    return protocol;
  }

  icmpType(): number {
    const type = this.random.pick(ICMP_TYPES);
    this.#types.push(type);
    return type;
  }

  packet(): Packet {
    const { random } = this;
    const protocol = random.chance(60) ? random.pick(PROTOCOLS) : this.#near(this.#protocols, TCP) & 255;
    const ports = hasPorts(protocol);
    const icmp = protocol === ICMP;
    const established = random.chance(25) && protocol !== 1;
    const flags = established ? random.pick([0x10, 0x18]) : random.chance(60) ? 0x02 : random.pick(FLAGS);
    const pinged = icmp && random.chance(25);
    const src = this.#host(true);
    let dst = this.#host(false);
    // A host that speaks to itself: which way a connection goes could not be told.
    while (dst === src) dst = this.#host(false);
    return {
      iface: random.chance(70) ? 0 : random.between(0, ROUTER.interfaces.length - 1),
      src,
      dst,
      protocol,
      srcPort: ports ? this.#aimedPort(40000) : 0,
      dstPort: ports ? this.#aimedPort(80) : 0,
      icmpType: icmp ? (pinged || random.chance(40) ? 8 : this.#near(this.#types, 8) & 255) : 0,
      icmpCode: icmp && random.chance(30) ? random.between(0, 3) : 0,
      tcpFlags: protocol === TCP ? flags : 0,
      established: established || pinged,
    };
  }

  #host(sends: boolean): number {
    for (;;) {
      const [network, length] = this.random.pick(NETWORKS);
      const host = this.random.next() & ~(0xffffffff << (32 - length));
      const address = this.random.chance(75)
        ? this.#near(this.#addresses, network)
        : (networkOf(network, length) | host) >>> 0;
      if (isOrdinary(ROUTER, address) && !(sends && isOwn(ROUTER, address))) return address;
    }
  }

  #aimedPort(fallback: number): number {
    if (this.random.chance(25)) return this.random.chance(50) ? fallback : this.random.between(1, 65535);
    return Math.min(65535, Math.max(1, this.#near(this.#ports, fallback)));
  }

  /** One of the constants so far, or the number before or after it. */
  #near(constants: readonly number[], fallback: number): number {
    if (constants.length === 0) return fallback;
    return (this.random.pick(constants) + this.random.pick([-1, 0, 0, 0, 1])) >>> 0;
  }

  #aimAt(address: number): number {
    this.#addresses.push(address);
    return address;
  }
}
