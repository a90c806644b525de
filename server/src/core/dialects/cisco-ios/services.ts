import type { IcmpTerm, PortRange, ServiceTerm } from '../../model/header-match.js';
import { Protocol } from '../../net/protocols.js';
import { keywordOf, type Words } from '../common/words.js';
import { ICMP_MESSAGES, ICMP_NAMES, PROTOCOL_NAMES, PROTOCOLS } from './header-names.js';
import { portOf, TCP_PORTS, UDP_PORTS } from './port-names.js';

const NO_NAMES: ReadonlyMap<string, number> = new Map();

/** The names of ports that belong to a protocol. */
export function portNames(protocol: number | undefined): ReadonlyMap<string, number> {
  if (protocol === Protocol.tcp) return TCP_PORTS;
  return protocol === Protocol.udp ? UDP_PORTS : NO_NAMES;
}

const OPERATORS = ['eq', 'gt', 'lt', 'neq', 'range'] as const;
type Operator = (typeof OPERATORS)[number];

/** `'unread'`: a test begins here and its ports were not understood. */
export type PortTest = readonly PortRange[] | 'unread' | undefined;

/** Takes `eq www 443`, `range 1 9`, ... if a test of ports follows; undefined where none does. */
export function takePortTest(words: Words, names: ReadonlyMap<string, number>): PortTest {
  const at = words.stop;
  const operator = words.next() ? keywordOf(words.word(), OPERATORS) : undefined;
  // One letter could be an option that follows as well.
  if (operator === undefined || words.stop - words.start < 2) {
    words.rewind(at);
    return undefined;
  }
  const first = takePort(words, names);
  if (first === undefined) return 'unread';
  if (operator === 'range') {
    const last = takePort(words, names);
    return last === undefined ? 'unread' : [{ first: Math.min(first, last), last: Math.max(first, last) }];
  }
  const ports = [first];
  if (operator === 'eq' || operator === 'neq') {
    for (let next = takeFurtherPort(words, names); next !== undefined; next = takeFurtherPort(words, names))
      ports.push(next);
  }
  return rangesOf(operator, ports);
}

/** The ports that a test with this operator passes. */
function rangesOf(operator: Operator, ports: readonly number[]): PortRange[] {
  const [port = 0] = ports;
  switch (operator) {
    case 'gt':
      return port === 65535 ? [] : [{ first: port + 1, last: 65535 }];
    case 'lt':
      return port === 0 ? [] : [{ first: 0, last: port - 1 }];
    case 'neq':
      return othersThan(ports);
    default:
      return ports.map((each) => ({ first: each, last: each }));
  }
}

function othersThan(ports: readonly number[]): PortRange[] {
  const ranges: PortRange[] = [];
  let from = 0;
  for (const port of [...ports].sort((a, b) => a - b)) {
    if (port > from) ranges.push({ first: from, last: port - 1 });
    from = Math.max(from, port + 1);
  }
  if (from <= 65535) ranges.push({ first: from, last: 65535 });
  return ranges;
}

function takePort(words: Words, names: ReadonlyMap<string, number>): number | undefined {
  if (!words.next()) return undefined;
  const number = words.number();
  if (number !== undefined) return number <= 65535 ? number : undefined;
  return portOf(words.word(), names);
}

/** A second port must be written whole: `eq www log` is one port and an option, though `log` begins `login`. */
function takeFurtherPort(words: Words, names: ReadonlyMap<string, number>): number | undefined {
  const at = words.stop;
  if (words.next()) {
    const number = words.number();
    if (number !== undefined && number <= 65535) return number;
    const named = names.get(words.word().toLowerCase());
    if (named !== undefined) return named;
  }
  words.rewind(at);
  return undefined;
}

/**
 * Takes the ICMP message that may follow: a name, or a type and perhaps a code. `'unread'`: what
 * follows is a number that is no type. Undefined: no message follows.
 */
export function takeIcmp(words: Words): IcmpTerm | 'unread' | undefined {
  const type = words.takeNumber();
  if (type !== undefined) {
    const code = words.takeNumber();
    if (type > 255 || (code !== undefined && code > 255)) return 'unread';
    return code === undefined ? { type } : { type, code };
  }
  const at = words.stop;
  const name = words.next() ? keywordOf(words.word(), ICMP_NAMES) : undefined;
  // The options of any entry win over an abbreviated message: `log`, `time-range`.
  const isOption = words.is('log') || words.is('log-input') || words.is('time-range', 5);
  if (name === undefined || isOption) {
    words.rewind(at);
    return undefined;
  }
  return ICMP_MESSAGES[name];
}

/**
 * Takes the protocol of an entry or of a service: its number, or undefined for any.
 * `'unread'`: it is none.
 */
export function takeProtocol(words: Words): number | undefined | 'unread' {
  if (!words.next()) return 'unread';
  const number = words.number();
  if (number !== undefined) return number <= 255 ? number : 'unread';
  const name = keywordOf(words.word(), PROTOCOL_NAMES);
  return name === undefined ? 'unread' : PROTOCOLS[name];
}

/** Reads a member of a service group to the end of its line; undefined where it is not understood. */
export function readService(words: Words): readonly ServiceTerm[] | undefined {
  const protocols = takeServiceProtocols(words);
  if (protocols === undefined) return undefined;
  const [protocol] = protocols;
  if (protocol === Protocol.icmp) {
    const icmp = takeIcmp(words);
    if (icmp === 'unread' || !words.done) return undefined;
    return [icmp === undefined ? { protocol } : { protocol, icmp: [icmp] }];
  }
  if (protocol !== Protocol.tcp && protocol !== Protocol.udp) {
    return words.done ? [protocol === undefined ? {} : { protocol }] : undefined;
  }
  // With both protocols only names that mean one port in each are names at all.
  const names = portNames(protocol);
  const srcPorts = words.accept('source', 1) ? takeServicePorts(words, names) : undefined;
  const dstPorts = words.done ? undefined : takeServicePorts(words, names);
  if (srcPorts === 'unread' || dstPorts === 'unread' || !words.done) return undefined;
  return protocols.map((each) => ({
    ...(each === undefined ? {} : { protocol: each }),
    ...(srcPorts === undefined ? {} : { srcPorts }),
    ...(dstPorts === undefined ? {} : { dstPorts }),
  }));
}

function takeServiceProtocols(words: Words): readonly (number | undefined)[] | undefined {
  if (words.accept('tcp-udp', 4)) return [Protocol.tcp, Protocol.udp];
  const protocol = takeProtocol(words);
  return protocol === 'unread' ? undefined : [protocol];
}

/** A port alone means `eq`. */
function takeServicePorts(words: Words, names: ReadonlyMap<string, number>): PortTest {
  const test = takePortTest(words, names);
  if (test !== undefined) return test;
  const port = takePort(words, names);
  return port === undefined ? 'unread' : [{ first: port, last: port }];
}
