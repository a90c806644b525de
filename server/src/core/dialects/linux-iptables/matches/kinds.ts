import type { AddressKind, Test } from '../../../model/policy.js';
import { NOTHING, type SetField, undecidable } from '../rule.js';
import type { Extension, OptionReader, RuleReader } from '../rule-reader.js';
import { addressRange, isUntold } from '../values.js';

function range(field: 'src' | 'dst'): OptionReader {
  return (rule) => {
    const text = rule.value();
    const terms = text === undefined ? undefined : addressRange(text);
    if (terms === undefined) return false;
    rule.address(field, terms);
    return true;
  };
}

const iprange: Extension = {
  options: new Map<string, OptionReader>([
    ['--src-range', range('src')],
    ['--dst-range', range('dst')],
  ]),
};

/** What one `-m addrtype` asks. */
interface KindsAsked {
  readonly tests: {
    readonly field: 'src' | 'dst';
    readonly kinds: readonly AddressKind[];
    readonly negated: boolean;
  }[];
  /** Only the addresses of one interface count as the device's own. */
  limited: boolean;
}

/**
 * The kernel asks its own addresses' table alone, which has no routes: every other kind is never the
 * answer. Source: inet_addr_type_dev_table() of the Linux kernel.
 */
const KINDS: ReadonlyMap<string, AddressKind | undefined> = new Map([
  ['UNICAST', 'unicast'],
  ['LOCAL', 'local'],
  ['BROADCAST', 'broadcast'],
  ['MULTICAST', 'multicast'],
  ...['UNSPEC', 'ANYCAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT', 'THROW', 'NAT', 'XRESOLVE'].map(
    (name): [string, undefined] => [name, undefined],
  ),
]);

function kinds(field: 'src' | 'dst'): OptionReader {
  return (rule) => {
    const text = rule.value();
    if (text === undefined) return false;
    const wanted: AddressKind[] = [];
    for (const name of text.toUpperCase().split(',')) {
      if (!KINDS.has(name)) return false;
      const kind = KINDS.get(name);
      if (kind !== undefined) wanted.push(kind);
    }
    kindsAsked(rule).tests.push({ field, kinds: wanted, negated: rule.negated });
    return true;
  };
}

function kindsAsked(rule: RuleReader): KindsAsked {
  rule.scratch.kinds ??= { tests: [], limited: false } satisfies KindsAsked;
  return rule.scratch.kinds as KindsAsked;
}

const limited: OptionReader = (rule) => {
  kindsAsked(rule).limited = true;
  return true;
};

function finishKinds(rule: RuleReader): void {
  const asked = rule.scratch.kinds as KindsAsked | undefined;
  rule.scratch.kinds = undefined;
  for (const { field, kinds: wanted, negated } of asked?.tests ?? []) {
    if (wanted.length === 0) {
      if (!negated) rule.tests.push(NOTHING);
    } else if (asked?.limited === true) {
      rule.unmodelled();
      rule.tests.push(limitedTest(field, wanted, negated));
    } else rule.tests.push({ kind: 'address-kind', field, kinds: wanted, negated });
  }
}

/** Whether an address of the device's own counts depends on which interface has it. */
function limitedTest(field: 'src' | 'dst', wanted: readonly AddressKind[], negated: boolean): Test {
  const ofKinds = (kinds: readonly AddressKind[]): Test => ({ kind: 'address-kind', field, kinds, negated: false });
  const surely = wanted.filter((kind) => kind === 'unicast' || kind === 'multicast');
  const doubt = [ofKinds(['local', 'broadcast']), undecidable('the addresses of one interface alone')];
  return { kind: 'any', alternatives: [...(surely.length === 0 ? [] : [[ofKinds(surely)]]), doubt], negated };
}

const addrtype: Extension = {
  begin: finishKinds,
  finish: finishKinds,
  options: new Map<string, OptionReader>([
    ['--src-type', kinds('src')],
    ['--dst-type', kinds('dst')],
    ['--limit-iface-in', limited],
    ['--limit-iface-out', limited],
  ]),
};

const set: Extension = {
  options: new Map<string, OptionReader>([
    ['--match-set', matchSet],
    ['--set', matchSet],
    ...[
      '--return-nomatch',
      '--packets-eq',
      '--packets-lt',
      '--packets-gt',
      '--bytes-eq',
      '--bytes-lt',
      '--bytes-gt',
    ].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        if (name !== '--return-nomatch') rule.value();
        const last = rule.tests.map((test) => test.kind).lastIndexOf('set');
        const test = rule.tests[last];
        if (test?.kind === 'set') rule.tests[last] = { ...test, doubtful: true };
        else rule.doubt(name);
        rule.unmodelled();
        return true;
      },
    ]),
    ...['--update-counters', '--update-subcounters'].map((name): [string, OptionReader] => [name, () => true]),
  ]),
};

function matchSet(rule: RuleReader): boolean {
  const name = rule.value();
  if (name === undefined || isUntold(name)) {
    rule.value();
    return false;
  }
  const named = rule.named();
  const fields = rule.value()?.split(',') ?? [];
  if (fields.length === 0 || !fields.every((field) => field === 'src' || field === 'dst')) return false;
  if (rule.sets.length === 0) rule.sets = [];
  rule.sets.push(named);
  rule.tests.push({ kind: 'set', name, fields: fields as SetField[], doubtful: false, negated: rule.negated });
  return true;
}

/** The kernel forwards only what was sent to its own link address: other kinds of packet are never forwarded. */
const pkttype: Extension = {
  options: new Map<string, OptionReader>([
    [
      '--pkt-type',
      (rule) => {
        const text = rule.value()?.toLowerCase();
        if (text !== 'unicast' && text !== 'broadcast' && text !== 'multicast' && text !== 'host') return false;
        const holds = (text === 'unicast' || text === 'host') !== rule.negated;
        if (!holds) rule.tests.push(NOTHING);
        return true;
      },
    ],
  ]),
};

/** A packet that is routed is not bridged; through which port of a bridge it came, no file tells. */
const physdev: Extension = {
  options: new Map<string, OptionReader>([
    [
      '--physdev-is-bridged',
      (rule) => {
        if (!rule.negated) rule.tests.push(NOTHING);
        return true;
      },
    ],
    ...['--physdev-in', '--physdev-out'].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        const text = rule.value();
        if (text === undefined) return false;
        rule.doubt(`${name} ${text}`);
        rule.unmodelled();
        return true;
      },
    ]),
    ...['--physdev-is-in', '--physdev-is-out'].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        rule.doubt(name);
        rule.unmodelled();
        return true;
      },
    ]),
  ]),
};

/** `--set` alone only takes note of the packet, and always holds; the other questions depend on what was noted. */
const recent: Extension = {
  options: new Map<string, OptionReader>([
    [
      '--set',
      (rule) => {
        if (rule.negated) rule.tests.push(NOTHING);
        return true;
      },
    ],
    ...['--name', '--mask'].map((name): [string, OptionReader] => [name, (rule) => rule.value() !== undefined]),
    ...['--rsource', '--rdest'].map((name): [string, OptionReader] => [name, () => true]),
    ...['--rcheck', '--update', '--remove'].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        rule.doubt(`recent ${name}`);
        rule.unmodelled();
        return true;
      },
    ]),
    ...['--seconds', '--hitcount'].map((name): [string, OptionReader] => [name, (rule) => rule.value() !== undefined]),
    ...['--rttl', '--reap'].map((name): [string, OptionReader] => [name, () => true]),
  ]),
};

const comment: Extension = {
  options: new Map<string, OptionReader>([['--comment', (rule) => rule.value() !== undefined]]),
};

export const KIND_MODULES: readonly (readonly [string, Extension])[] = [
  ['iprange', iprange],
  ['addrtype', addrtype],
  ['set', set],
  ['pkttype', pkttype],
  ['physdev', physdev],
  ['recent', recent],
  ['comment', comment],
];
