import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_SERVICE,
  type HeaderMatch,
  type IcmpTerm,
  type PortRange,
  type ServiceTerm,
  type TcpFlagTest,
} from '../../model/header-match.js';
import type { Test } from '../../model/policy.js';
import { Protocol } from '../../net/protocols.js';

/** What a rule asks of the fields that its protocol brings. */
export interface ServicePart {
  readonly srcPorts?: readonly PortRange[];
  readonly dstPorts?: readonly PortRange[];
  readonly icmp?: readonly IcmpTerm[];
  readonly tcpFlags?: TcpFlagTest;
}

/** What all parts together are. */
export interface HeaderTests {
  /** All that is not negated and asked once, in one test. */
  readonly first: Test | undefined;
  /** What is negated, or asked again. */
  readonly others: readonly Test[];
  /** What cannot be told of the header, in words. */
  readonly doubts: readonly string[];
  /** iptables refuses it. */
  readonly isRefused: boolean;
}

const PORTED: ReadonlySet<number> = new Set([Protocol.tcp, Protocol.udp, Protocol.sctp]);

/** Collects what the options of a rule ask of a packet's header, into as few tests as say it. */
export class HeaderParts {
  #src: readonly AddressTerm[] | undefined;
  #dst: readonly AddressTerm[] | undefined;
  #service: ServicePart | undefined;
  #others: { readonly part: ServicePart; readonly negated: boolean }[] | undefined;

  service(part: ServicePart, negated: boolean): void {
    if (negated || (this.#service !== undefined && clash(this.#service, part))) {
      this.#others ??= [];
      this.#others.push({ part, negated });
    } else this.#service = this.#service === undefined ? part : { ...this.#service, ...part };
  }

  /** The test for what cannot be joined with the others; undefined: it is kept for later. */
  address(field: 'src' | 'dst', terms: readonly AddressTerm[], negated: boolean): Test | undefined {
    const before = field === 'src' ? this.#src : this.#dst;
    if (!negated && before === undefined) {
      if (field === 'src') this.#src = terms;
      else this.#dst = terms;
      return undefined;
    }
    const match: HeaderMatch = {
      src: field === 'src' ? terms : ANY_ADDRESS,
      dst: field === 'dst' ? terms : ANY_ADDRESS,
      services: ANY_SERVICE,
    };
    return { kind: 'header', matches: [match], original: false, negated };
  }

  /** @param isNegated whether the rule is for all protocols but this one */
  finish(protocol: number | undefined, isNegated: boolean): HeaderTests {
    const others: Test[] = [];
    const doubts: string[] = [];
    if (protocol !== undefined && isNegated) others.push(serviceTest({ protocol }, true));
    const plain = isNegated ? undefined : protocol;
    const isRefused = plain === undefined && (this.#service !== undefined || this.#others !== undefined);
    if (isRefused) doubts.push('ports without a protocol');
    let service: ServiceTerm = {};
    if (plain !== undefined) {
      for (const { part, negated } of this.#others ?? []) {
        if (canHold(plain, part)) others.push(serviceTest({ protocol: plain, ...part }, negated));
        else doubts.push('its ports');
      }
      service = { protocol: plain };
      if (this.#service !== undefined) {
        if (canHold(plain, this.#service)) service = { protocol: plain, ...this.#service };
        else doubts.push('its ports');
      }
    } else if (this.#src === undefined && this.#dst === undefined) {
      return { first: undefined, others, doubts, isRefused };
    }
    const match: HeaderMatch = { src: this.#src ?? ANY_ADDRESS, dst: this.#dst ?? ANY_ADDRESS, services: [service] };
    return { first: { kind: 'header', matches: [match], original: false, negated: false }, others, doubts, isRefused };
  }
}

/** DCCP and UDP-Lite have ports that a packet here does not carry. */
function canHold(protocol: number, part: ServicePart): boolean {
  return (part.srcPorts === undefined && part.dstPorts === undefined) || PORTED.has(protocol);
}

/** Whether both parts ask about the same field. */
function clash(one: ServicePart, other: ServicePart): boolean {
  return (
    (one.srcPorts !== undefined && other.srcPorts !== undefined) ||
    (one.dstPorts !== undefined && other.dstPorts !== undefined) ||
    (one.icmp !== undefined && other.icmp !== undefined) ||
    (one.tcpFlags !== undefined && other.tcpFlags !== undefined)
  );
}

function serviceTest(service: ServiceTerm, negated: boolean): Test {
  const match: HeaderMatch = { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: [service] };
  return { kind: 'header', matches: [match], original: false, negated };
}
