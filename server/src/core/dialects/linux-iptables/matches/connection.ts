import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_SERVICE,
  type HeaderMatch,
  type IcmpTerm,
  type PortRange,
  type ServiceTerm,
} from '../../../model/header-match.js';
import type { Test, TrackedState } from '../../../model/policy.js';
import { Protocol } from '../../../net/protocols.js';
import { protocolOf } from '../names.js';
import { NOTHING, TRACKED, undecidable } from '../rule.js';
import type { Extension, OptionReader, RuleReader } from '../rule-reader.js';
import { addressTerms, markOf, portRange } from '../values.js';

/** What one `-m conntrack` asks. */
interface ConnectionAsked {
  readonly states:
    | {
        readonly states: readonly TrackedState[];
        readonly translated: readonly ('src' | 'dst')[];
        readonly negated: boolean;
      }
    | undefined;
  readonly others: Test[];
}

const STATES: ReadonlyMap<string, TrackedState> = new Map([
  ['NEW', 'new'],
  ['ESTABLISHED', 'established'],
  ['RELATED', 'related'],
  ['INVALID', 'invalid'],
  ['UNTRACKED', 'untracked'],
]);

function asked(rule: RuleReader): ConnectionAsked {
  return rule.scratch.connection as ConnectionAsked;
}

const states: OptionReader = (rule) => {
  const text = rule.value();
  if (text === undefined || asked(rule).states !== undefined) return false;
  const wanted: TrackedState[] = [];
  const translated: ('src' | 'dst')[] = [];
  for (const part of text.split(',')) {
    const name = part.toUpperCase();
    const state = STATES.get(name);
    if (state !== undefined) wanted.push(state);
    else if (name === 'SNAT') translated.push('src');
    else if (name === 'DNAT') translated.push('dst');
    else return false;
  }
  rule.scratch.connection = { ...asked(rule), states: { states: wanted, translated, negated: rule.negated } };
  return true;
};

function header(match: Partial<HeaderMatch>, negated: boolean): Test {
  const whole: HeaderMatch = { src: ANY_ADDRESS, dst: ANY_ADDRESS, services: ANY_SERVICE, ...match };
  return { kind: 'header', matches: [whole], original: true, negated };
}

function originalAddress(field: 'src' | 'dst'): OptionReader {
  return (rule) => {
    const text = rule.value();
    const terms: readonly AddressTerm[] | undefined = text === undefined ? undefined : addressTerms(text);
    if (terms === undefined) return false;
    asked(rule).others.push(header({ [field]: terms }, rule.negated));
    return true;
  };
}

function originalPort(field: 'srcPorts' | 'dstPorts'): OptionReader {
  return (rule) => {
    const text = rule.value();
    const range = text === undefined ? undefined : portRange(text);
    if (range === undefined) return false;
    const ported = [Protocol.tcp, Protocol.udp, Protocol.sctp];
    const services: ServiceTerm[] = ported.map((number) => ({ protocol: number, [field]: [range] }));
    const untold = field === 'dstPorts' ? KEYED_PROTOCOLS : [...KEYED_PROTOCOLS, Protocol.icmp];
    // The kernel compares the same 16 bits of every connection: of an ICMP one they are type and code.
    if (field === 'dstPorts') services.push({ protocol: Protocol.icmp, icmp: messagesOf(range) });
    const told = [...ported, Protocol.icmp, ...KEYED_PROTOCOLS].map((number) => ({ protocol: number }));
    const alternatives: Test[][] = [
      [header({ services }, false)],
      [
        header({ services: untold.map((number) => ({ protocol: number })) }, false),
        undecidable('the ports of another protocol'),
      ],
    ];
    // What has no ports has 0 there. Source: nf_ct_get_tuple() of the Linux kernel.
    if (range.first === 0) alternatives.push([header({ services: told }, true)]);
    asked(rule).others.push({ kind: 'any', alternatives, negated: rule.negated });
    return true;
  };
}

/** GRE, DCCP and UDP-Lite: they have something there that a packet here does not carry. */
const KEYED_PROTOCOLS: readonly number[] = [47, 33, 136];

/** The messages whose type and code, read as one number, lie in the range. */
function messagesOf({ first, last }: PortRange): IcmpTerm[] {
  const terms: IcmpTerm[] = [];
  for (let type = first >> 8; type <= last >> 8; type += 1) {
    const low = Math.max(first, type << 8);
    const high = Math.min(last, (type << 8) + 255);
    if (high - low === 255) terms.push({ type });
    else for (let both = low; both <= high; both += 1) terms.push({ type, code: both & 255 });
  }
  return terms;
}

function doubtful(name: string): OptionReader {
  return (rule) => {
    const text = rule.value();
    if (text === undefined) return false;
    asked(rule).others.push(undecidable(`${name} ${text}`));
    rule.unmodelled();
    return true;
  };
}

/**
 * A first packet's connection has no status yet, and one that has seen answers is established. Whether
 * it is assured or was expected depends on what went before.
 */
const status: OptionReader = (rule) => {
  const text = rule.value();
  if (text === undefined) return false;
  const alternatives: Test[][] = [];
  for (const name of text.toUpperCase().split(',')) {
    const established: Test = { kind: 'state', states: ['established', 'related'], negated: false };
    const answered: Test = { kind: 'state', states: ['established'], negated: false };
    if (name === 'SEEN_REPLY') alternatives.push([answered]);
    else if (name === 'CONFIRMED') alternatives.push([answered]);
    else if (name === 'ASSURED' || name === 'EXPECTED')
      alternatives.push([established, undecidable(`--ctstatus ${name}`)]);
    else if (name !== 'NONE') return false;
  }
  asked(rule).others.push({ kind: 'any', alternatives, negated: rule.negated });
  return true;
};

/** A packet that is asked about goes the way of the one that began its connection. */
const direction: OptionReader = (rule) => {
  const text = rule.value()?.toUpperCase();
  if (text !== 'ORIGINAL' && text !== 'REPLY') return false;
  if ((text === 'ORIGINAL') === rule.negated) asked(rule).others.push(NOTHING);
  else asked(rule).others.push(TRACKED);
  return true;
};

const protocol: OptionReader = (rule) => {
  const text = rule.value();
  const number = text === undefined ? undefined : protocolOf(text);
  if (number === undefined) return false;
  asked(rule).others.push(header({ services: [{ protocol: number }] }, rule.negated));
  return true;
};

/**
 * A packet without a connection holds where its state is one that is asked for, whatever else is asked;
 * where none is, it does not hold, not even negated. Source: conntrack_mt() of the Linux kernel.
 */
function finish(rule: RuleReader): void {
  const { states: wanted, others } = asked(rule);
  const isRaw = rule.table === 'raw';
  if (wanted === undefined) {
    if (isRaw) rule.tests.push(NOTHING);
    else if (others.length > 0) for (const test of [TRACKED, ...others]) rule.tests.push(test);
    return;
  }
  if (isRaw) {
    rawState(rule, wanted);
    return;
  }
  rule.tests.push(stateTest(wanted));
  if (others.length === 0) return;
  const holdsUntracked = (['invalid', 'untracked'] as const).some(
    (state) => wanted.states.includes(state) !== wanted.negated,
  );
  if (!holdsUntracked) for (const test of others) rule.tests.push(test);
  else
    rule.tests.push({ kind: 'any', alternatives: [[{ ...TRACKED, negated: false } as Test], others], negated: false });
}

type Wanted = NonNullable<ConnectionAsked['states']>;

function stateTest({ states: wanted, translated, negated }: Wanted): Test {
  if (translated.length === 0) return { kind: 'state', states: wanted, negated };
  const alternatives: Test[][] = translated.map((field) => [TRACKED, { kind: 'translated', field, negated: false }]);
  if (wanted.length > 0) alternatives.push([{ kind: 'state', states: wanted, negated: false }]);
  return { kind: 'any', alternatives, negated };
}

/** Before connections are tracked every packet is invalid, unless a rule has said that it is not to be tracked. */
function rawState(rule: RuleReader, { states: wanted, negated }: Wanted): void {
  const invalid = wanted.includes('invalid') !== negated;
  const untracked = wanted.includes('untracked') !== negated;
  if (invalid && untracked) return;
  if (!invalid && !untracked) rule.tests.push(NOTHING);
  else rule.tests.push({ kind: 'state', states: ['untracked'], negated: invalid });
}

const conntrack: Extension = {
  begin(rule) {
    // One that was begun before has its say first.
    if (rule.scratch.connection !== undefined) finish(rule);
    rule.scratch.connection = { states: undefined, others: [] } satisfies ConnectionAsked;
    rule.scratch.connectionFinished = false;
  },
  finish(rule) {
    if (rule.scratch.connectionFinished === true) return;
    rule.scratch.connectionFinished = true;
    finish(rule);
  },
  options: new Map<string, OptionReader>([
    ['--ctstate', states],
    ['--state', states],
    ['--ctorigsrc', originalAddress('src')],
    ['--ctorigdst', originalAddress('dst')],
    ['--ctorigsrcport', originalPort('srcPorts')],
    ['--ctorigdstport', originalPort('dstPorts')],
    ['--ctproto', protocol],
    ['--ctstatus', status],
    ['--ctdir', direction],
    ['--ctreplsrc', doubtful('--ctreplsrc')],
    ['--ctrepldst', doubtful('--ctrepldst')],
    ['--ctreplsrcport', doubtful('--ctreplsrcport')],
    ['--ctrepldstport', doubtful('--ctrepldstport')],
    ['--ctexpire', doubtful('--ctexpire')],
  ]),
};

/** `(mark & mask) == value`. */
function markTest(rule: RuleReader, kind: 'mark' | 'connection-mark'): boolean {
  const text = rule.value();
  const mark = text === undefined ? undefined : markOf(text);
  if (mark === undefined) return false;
  const { value, mask } = mark;
  if (kind === 'connection-mark') {
    // Without a connection it does not hold, not even negated. Source: connmark_mt() of the Linux kernel.
    rule.tests.push(rule.table === 'raw' ? NOTHING : TRACKED);
  }
  rule.tests.push({ kind, mask, ranges: [{ first: value, last: value }], negated: rule.negated });
  return true;
}

export const CONNECTION_MODULES: readonly (readonly [string, Extension])[] = [
  ['conntrack', conntrack],
  ['state', conntrack],
  ['mark', { options: new Map([['--mark', (rule: RuleReader) => markTest(rule, 'mark')]]) }],
  ['connmark', { options: new Map([['--mark', (rule: RuleReader) => markTest(rule, 'connection-mark')]]) }],
];
