import type { PortRange, TcpFlagTest } from '../../../model/header-match.js';
import { TcpFlag } from '../../../net/protocols.js';
import { icmpTypeOf } from '../names.js';
import { NOTHING } from '../rule.js';
import type { Extension, OptionReader, RuleReader } from '../rule-reader.js';
import { isUntold, numberOf, portRange, portRanges } from '../values.js';

function ports(field: 'srcPorts' | 'dstPorts'): OptionReader {
  return (rule) => {
    const text = rule.value();
    const range = text === undefined ? undefined : portRange(text);
    if (range === undefined) return false;
    rule.service({ [field]: [range] });
    return true;
  };
}

const PORT_OPTIONS: readonly (readonly [string, OptionReader])[] = [
  ['--sport', ports('srcPorts')],
  ['--source-port', ports('srcPorts')],
  ['--dport', ports('dstPorts')],
  ['--destination-port', ports('dstPorts')],
];

const FLAGS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(TcpFlag).map(([name, bit]): [string, number] => [name.toUpperCase(), bit]),
  ['ALL', 0x3f],
  ['NONE', 0],
]);

function flagsOf(text: string): number | undefined {
  let bits = 0;
  for (const name of text.split(',')) {
    const bit = FLAGS.get(name.toUpperCase());
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** `(flags & mask) == wanted`, as the kernel compares. */
function flagTest(rule: RuleReader, mask: number, wanted: number): void {
  if ((wanted & ~mask) !== 0) {
    // A flag that is not looked at can never be seen.
    if (!rule.negated) rule.tests.push(NOTHING);
    return;
  }
  const tcpFlags: TcpFlagTest = { kind: 'all', set: wanted, clear: mask & ~wanted };
  rule.service({ tcpFlags });
}

const SYN_MASK = TcpFlag.syn | TcpFlag.rst | TcpFlag.ack | TcpFlag.fin;

const tcp: Extension = {
  options: new Map<string, OptionReader>([
    ...PORT_OPTIONS,
    [
      '--tcp-flags',
      (rule) => {
        const first = rule.value();
        const second = rule.value();
        if (first === undefined || second === undefined) return false;
        const mask = flagsOf(first);
        const wanted = flagsOf(second);
        if (mask === undefined || wanted === undefined) return false;
        flagTest(rule, mask, wanted);
        return true;
      },
    ],
    [
      '--syn',
      (rule) => {
        flagTest(rule, SYN_MASK, TcpFlag.syn);
        return true;
      },
    ],
    [
      '--tcp-option',
      (rule) => {
        const text = rule.value();
        if (text === undefined || numberOf(text) === undefined) return false;
        rule.doubt(`--tcp-option ${text}`);
        rule.unmodelled();
        return true;
      },
    ],
  ]),
};

const sctp: Extension = {
  options: new Map<string, OptionReader>([
    ...PORT_OPTIONS,
    [
      '--chunk-types',
      (rule) => {
        rule.value();
        rule.value();
        rule.doubt('--chunk-types');
        rule.unmodelled();
        return true;
      },
    ],
  ]),
};

const dccp: Extension = {
  options: new Map<string, OptionReader>([
    ...PORT_OPTIONS,
    ...['--dccp-types', '--dccp-option'].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        rule.value();
        rule.doubt(name);
        rule.unmodelled();
        return true;
      },
    ]),
  ]),
};

const icmp: Extension = {
  options: new Map<string, OptionReader>([
    [
      '--icmp-type',
      (rule) => {
        const text = rule.value();
        const wanted = text === undefined ? undefined : icmpTypeOf(text);
        if (wanted === undefined) return false;
        if (wanted === 'any') {
          if (rule.negated) rule.tests.push(NOTHING);
          return true;
        }
        const [type, code] = wanted;
        rule.service({ icmp: [code === undefined ? { type } : { type, code }] });
        return true;
      },
    ],
  ]),
};

function portList(fields: 'src' | 'dst' | 'either'): OptionReader {
  return (rule) => {
    const text = rule.value();
    if (text === undefined || isUntold(text)) return false;
    const ranges = portRanges(text);
    if (ranges === undefined || multiport(rule)) return false;
    rule.scratch.multiport = true;
    if (fields !== 'either') {
      rule.service(fields === 'src' ? { srcPorts: ranges } : { dstPorts: ranges });
      return true;
    }
    eitherPort(rule, ranges);
    return true;
  };
}

/** iptables takes one list of ports for each `-m multiport`. */
function multiport(rule: RuleReader): boolean {
  return rule.scratch.multiport === true;
}

function eitherPort(rule: RuleReader, ranges: readonly PortRange[]): void {
  const { protocol } = rule;
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) {
    rule.doubt('--ports');
    return;
  }
  const any = { kind: 'wildcard', value: 0, wildcard: 0xffffffff } as const;
  const services = [
    { protocol, srcPorts: ranges },
    { protocol, dstPorts: ranges },
  ];
  rule.tests.push({
    kind: 'header',
    matches: [{ src: [any], dst: [any], services }],
    original: false,
    negated: rule.negated,
  });
}

const multiports: Extension = {
  begin(rule) {
    rule.scratch.multiport = false;
  },
  options: new Map<string, OptionReader>([
    ['--sports', portList('src')],
    ['--source-ports', portList('src')],
    ['--dports', portList('dst')],
    ['--destination-ports', portList('dst')],
    ['--ports', portList('either')],
    // As iptables-save of old and some writers have it.
    ['--sport', portList('src')],
    ['--dport', portList('dst')],
    ['--port', portList('either')],
  ]),
};

export const PROTOCOL_MODULES: readonly (readonly [string, Extension])[] = [
  ['tcp', tcp],
  ['udp', { options: new Map(PORT_OPTIONS) }],
  ['sctp', sctp],
  ['dccp', dccp],
  ['icmp', icmp],
  ['multiport', multiports],
];
