import type { PolicyAction, Range } from '../../model/policy.js';
import { lengthOfMask, prefixOf } from '../../net/prefix.js';
import { type RuleAction, TRACKED } from './rule.js';
import type { Extension, OptionReader, RuleReader } from './rule-reader.js';
import { addressOf, addressTerm, isUntold, markOf, numberOf, portOf } from './values.js';

const NO_OPTIONS: ReadonlyMap<string, OptionReader> = new Map();

/** A target that decides, with options that do not matter. `tables`: iptables refuses it elsewhere. */
function deciding(action: RuleAction, tables?: readonly string[], not?: string): Extension {
  return {
    begin(rule) {
      const isRefused = (tables !== undefined && !tables.includes(rule.table)) || rule.table === not;
      rule.action = isRefused ? refused(rule) : action;
      if (isRefused) rule.misread();
    },
    options: new Map<string, OptionReader>([['--reject-with', (rule) => rule.value() !== undefined]]),
  };
}

function refused(rule: RuleReader): PolicyAction {
  return { kind: 'unknown', words: `${rule.target} cannot stand in table ${rule.table}` };
}

/** The packet may be stopped, sent elsewhere, or pass; why, in words. */
function undecided(words: string): Extension {
  return {
    begin(rule) {
      rule.action = { kind: 'unknown', words };
      rule.beginDoubt();
    },
    options: NO_OPTIONS,
  };
}

/** Nothing that matters to the packet's fate: its options are passed over. */
const NO_EFFECT: Extension = {
  begin(rule) {
    rule.action = undefined;
  },
  options: new Map<string, OptionReader>(
    ['--log-prefix', '--nflog-prefix', '--ulog-prefix', '--log-level', '--nflog-group', '--helper', '--type'].map(
      (name) => [name, (rule) => rule.value() !== undefined],
    ),
  ),
};

/** mark = (mark & ~mask) ^ value. Source: libxt_MARK of iptables, and what iptables-save prints of each. */
function markOptions(target: 'mark' | 'connection-mark'): (readonly [string, OptionReader])[] {
  const set = (rule: RuleReader, mask: number, value: number): boolean => {
    rule.action = { kind: 'set-mark', target, mask: mask >>> 0, value: value >>> 0 };
    return true;
  };
  const whole =
    (read: (rule: RuleReader, value: number, mask: number) => boolean): OptionReader =>
    (rule) => {
      const text = rule.value();
      const mark = text === undefined ? undefined : markOf(text);
      return mark === undefined ? unreadMark(rule) : read(rule, mark.value, mark.mask);
    };
  const number =
    (read: (rule: RuleReader, value: number) => boolean): OptionReader =>
    (rule) => {
      const text = rule.value();
      const value = text === undefined ? undefined : numberOf(text);
      return value === undefined ? unreadMark(rule) : read(rule, value);
    };
  return [
    ['--set-xmark', whole((rule, value, mask) => set(rule, mask, value))],
    ['--set-mark', whole((rule, value, mask) => set(rule, value | mask, value))],
    ['--and-mark', number((rule, value) => set(rule, ~value, 0))],
    ['--or-mark', number((rule, value) => set(rule, value, value))],
    ['--xor-mark', number((rule, value) => set(rule, 0, value))],
  ];
}

function unreadMark(rule: RuleReader): boolean {
  rule.action = { kind: 'unknown', words: 'the mark that is set cannot be told' };
  return false;
}

const MARK: Extension = {
  begin(rule) {
    rule.action = { kind: 'unknown', words: 'MARK without a mark' };
  },
  options: new Map(markOptions('mark')),
};

interface MarkCopy {
  to?: 'mark' | 'connection-mark';
  nfmask: number;
  ctmask: number;
}

function copyOf(rule: RuleReader): MarkCopy {
  rule.scratch.markCopy ??= { nfmask: 0xffffffff, ctmask: 0xffffffff } satisfies MarkCopy;
  return rule.scratch.markCopy as MarkCopy;
}

function maskOption(write: (copy: MarkCopy, mask: number) => void): OptionReader {
  return (rule) => {
    const text = rule.value();
    const mask = text === undefined ? undefined : numberOf(text);
    if (mask === undefined) return unreadMark(rule);
    write(copyOf(rule), mask);
    return true;
  };
}

const CONNMARK: Extension = {
  begin(rule) {
    rule.action = { kind: 'unknown', words: 'CONNMARK without a mark' };
  },
  options: new Map<string, OptionReader>([
    ...markOptions('connection-mark'),
    [
      '--save-mark',
      (rule) => {
        copyOf(rule).to = 'connection-mark';
        return true;
      },
    ],
    [
      '--restore-mark',
      (rule) => {
        copyOf(rule).to = 'mark';
        return true;
      },
    ],
    [
      '--mask',
      maskOption((copy, mask) => {
        copy.nfmask = mask;
        copy.ctmask = mask;
      }),
    ],
    [
      '--nfmask',
      maskOption((copy, mask) => {
        copy.nfmask = mask;
      }),
    ],
    [
      '--ctmask',
      maskOption((copy, mask) => {
        copy.ctmask = mask;
      }),
    ],
  ]),
  finish(rule) {
    const copy = rule.scratch.markCopy as MarkCopy | undefined;
    if (copy?.to !== undefined) {
      rule.action =
        copy.nfmask === copy.ctmask
          ? { kind: 'copy-mark', to: copy.to, mask: copy.nfmask }
          : { kind: 'unknown', words: 'a mark is copied with two masks' };
    }
    // A packet without a connection has no mark of one. Source: connmark_tg() of the Linux kernel.
    if (rule.table === 'raw') rule.action = undefined;
    else rule.tests.push(TRACKED);
  },
};

const NOTRACK: Extension = {
  begin(rule) {
    rule.action = rule.table === 'raw' ? { kind: 'untrack' } : refused(rule);
  },
  options: NO_OPTIONS,
};

const CT: Extension = {
  begin(rule) {
    rule.action = undefined;
  },
  options: new Map<string, OptionReader>([
    [
      '--notrack',
      (rule) => {
        rule.action = rule.table === 'raw' ? { kind: 'untrack' } : refused(rule);
        return true;
      },
    ],
    ...['--helper', '--ctevents', '--expevents', '--zone', '--zone-orig', '--zone-reply', '--timeout'].map(
      (name): [string, OptionReader] => [name, (rule) => rule.value() !== undefined],
    ),
  ]),
};

/** `a[-b][:p[-q][/base]]`, either half alone. */
function readTranslation(rule: RuleReader, field: 'src' | 'dst', text: string): PolicyAction | undefined {
  const colon = text.lastIndexOf(':');
  const addresses = colon === -1 ? text : text.slice(0, colon);
  const ports = colon === -1 ? undefined : readPorts(text.slice(colon + 1));
  if (colon !== -1 && (ports === undefined || !hasOnePortedProtocol(rule))) return undefined;
  const rest = ports === undefined ? {} : { ports };
  if (addresses === '') return ports === undefined ? undefined : { kind: 'translate', field, ...rest };
  const dash = addresses.indexOf('-');
  const first = addressOf(dash === -1 ? addresses : addresses.slice(0, dash));
  const last = dash === -1 ? first : addressOf(addresses.slice(dash + 1));
  if (first === undefined || last === undefined || first > last) return undefined;
  return { kind: 'translate', field, address: { kind: 'range', first, last }, ...rest };
}

/** `p`, `p-q`, `p-q/base`. */
function readPorts(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const range = slash === -1 ? text : text.slice(0, slash);
  // A service's name may have a dash in it.
  const named = portOf(range);
  if (named !== undefined) return { first: named, last: named };
  const dash = range.indexOf('-');
  const first = portOf(dash === -1 ? range : range.slice(0, dash));
  const last = dash === -1 ? first : portOf(range.slice(dash + 1));
  return first === undefined || last === undefined || first > last ? undefined : { first, last };
}

/** Ports are translated only in a rule for one protocol that has them; iptables refuses others. */
function hasOnePortedProtocol(rule: RuleReader): boolean {
  return rule.protocol === 6 || rule.protocol === 17 || rule.protocol === 132 || rule.protocol === 33;
}

function translating(field: 'src' | 'dst', option: string): Extension {
  const to: OptionReader = (rule) => {
    const text = rule.value();
    if (rule.scratch.translated === true) {
      rule.action = untoldTranslation(field, 'several translations');
      return true;
    }
    rule.scratch.translated = true;
    rule.scratch.translation = text;
    return text !== undefined && !isUntold(text);
  };
  return {
    begin(rule) {
      rule.action = untoldTranslation(field, `${rule.target} without an address`);
    },
    options: new Map<string, OptionReader>([[option, to], ['--to', to], ...FLAGS]),
    // The protocol may stand behind the target.
    finish(rule) {
      const text = rule.scratch.translation as string | undefined;
      if (text === undefined || isUntold(text)) return;
      const action = readTranslation(rule, field, text);
      if (action !== undefined) rule.action = action;
      else {
        rule.action = untoldTranslation(field, `${rule.target} ${option} ${text}`);
        rule.misread();
      }
      if (rule.table !== 'nat') {
        rule.action = refused(rule);
        rule.misread();
      }
    },
  };
}

function untoldTranslation(field: 'src' | 'dst', words: string): PolicyAction {
  return { kind: 'translate', field, address: { kind: 'unknown', words } };
}

const FLAGS: readonly (readonly [string, OptionReader])[] = ['--random', '--random-fully', '--persistent'].map(
  (name) => [name, () => true],
);

/** To an address of an interface: of the one behind (MASQUERADE) or of the one before (REDIRECT). */
function toInterface(field: 'src' | 'dst'): Extension {
  const ports: OptionReader = (rule) => {
    const text = rule.value();
    const range = text === undefined ? undefined : readPorts(text);
    rule.scratch.toPorts = range;
    return range !== undefined;
  };
  return {
    begin(rule) {
      rule.action = { kind: 'translate', field, address: { kind: 'interface' } };
    },
    options: new Map<string, OptionReader>([['--to-ports', ports], ['--to-port', ports], ['--to', ports], ...FLAGS]),
    finish(rule) {
      const range = rule.scratch.toPorts as Range | undefined;
      if (rule.table !== 'nat') {
        rule.action = refused(rule);
        rule.misread();
      } else if (range !== undefined) {
        rule.action = { kind: 'translate', field, address: { kind: 'interface' }, ports: range };
        if (!hasOnePortedProtocol(rule)) {
          rule.action = untoldTranslation(field, `${rule.target} with ports and no protocol`);
          rule.misread();
        }
      }
    },
  };
}

const NETMAP: Extension = {
  begin(rule) {
    rule.action = { kind: 'unknown', words: 'NETMAP without a network' };
  },
  options: new Map<string, OptionReader>([
    [
      '--to',
      (rule) => {
        const text = rule.value();
        const term = text === undefined ? undefined : addressTerm(text);
        if (term?.kind !== 'wildcard') return false;
        const length = lengthOfMask(~term.wildcard >>> 0);
        if (length === undefined) {
          rule.action = { kind: 'unknown', words: 'NETMAP with a mask that is no prefix' };
          rule.unmodelled();
          return true;
        }
        rule.action = { kind: 'netmap', prefix: prefixOf(term.value, length) };
        return true;
      },
    ],
  ]),
};

/** Members that a rule adds are known to nobody but the device. */
const SET: Extension = {
  begin(rule) {
    rule.action = undefined;
  },
  options: new Map<string, OptionReader>([
    ...['--add-set', '--del-set', '--map-set'].map((name): [string, OptionReader] => [
      name,
      (rule) => {
        const set = rule.value();
        rule.value();
        if (set === undefined) return false;
        if (rule.changedSets.length === 0) rule.changedSets = [];
        rule.changedSets.push(set);
        // It takes marks and priorities from the set's members.
        if (name === '--map-set') rule.action = { kind: 'unknown', words: 'a mark is taken from a set' };
        return true;
      },
    ]),
    ['--timeout', (rule) => rule.value() !== undefined],
    ...['--exist', '--map-mark', '--map-prio', '--map-queue'].map((name): [string, OptionReader] => [name, () => true]),
  ]),
};

/** OpenWrt's: what is established may go past the chains from here on, as with a flow table of nftables. */
const FLOWOFFLOAD: Extension = {
  begin(rule) {
    rule.action = { kind: 'unknown', words: 'later packets may pass by (FLOWOFFLOAD)' };
    rule.tests.push({ kind: 'state', states: ['established'], negated: false });
  },
  options: new Map([['--hw', () => true]]),
};

/** Targets by name; any other name is a chain's, or of a module that is not known here. */
export const TARGETS: ReadonlyMap<string, Extension> = new Map<string, Extension>([
  // The nat table is "not intended for filtering": iptables refuses the verdict there.
  ['DROP', deciding({ kind: 'drop' }, undefined, 'nat')],
  ['ACCEPT', deciding({ kind: 'accept' })],
  ['REJECT', deciding({ kind: 'drop' }, ['filter'])],
  ['RETURN', deciding({ kind: 'return' })],
  ...['LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TRACE', 'CLASSIFY', 'TCPMSS', 'DSCP', 'TOS', 'TTL', 'ECN', 'SECMARK'].map(
    (name): [string, Extension] => [name, NO_EFFECT],
  ),
  ...'CONNSECMARK CHECKSUM LED RATEEST IDLETIMER TCPOPTSTRIP IPV4OPTSSTRIP ACCOUNT NETFLOW'
    .split(' ')
    .map((name): [string, Extension] => [name, NO_EFFECT]),
  ['MARK', MARK],
  ['CONNMARK', CONNMARK],
  ['NOTRACK', NOTRACK],
  ['CT', CT],
  ['DNAT', translating('dst', '--to-destination')],
  ['SNAT', translating('src', '--to-source')],
  ['SAME', undecided('SAME chooses an address')],
  ['MASQUERADE', toInterface('src')],
  ['REDIRECT', toInterface('dst')],
  ['NETMAP', NETMAP],
  ['SET', SET],
  ['QUEUE', undecided('a program decides (QUEUE)')],
  ['NFQUEUE', undecided('a program decides (NFQUEUE)')],
  ['TPROXY', undecided('a program on the device may take it (TPROXY)')],
  // Its copies leave the device for another gateway.
  ['TEE', undecided('copies are sent to another gateway (TEE)')],
  ['SYNPROXY', undecided('the device answers first (SYNPROXY)')],
  ['HMARK', undecided('the mark that is set cannot be told (HMARK)')],
  ['CLUSTERIP', undecided('CLUSTERIP')],
  ['TARPIT', undecided('TARPIT')],
  ['DELUDE', undecided('DELUDE')],
  ['CHAOS', undecided('CHAOS')],
  ['STEAL', undecided('STEAL')],
  ['MIRROR', undecided('MIRROR')],
  ['ROUTE', undecided('ROUTE')],
  ['IMQ', undecided('IMQ')],
  ['FLOWOFFLOAD', FLOWOFFLOAD],
  // Of OpenWrt's builds and DD-WRT: addresses and ports as connections before it had them.
  ['FULLCONENAT', undecided('FULLCONENAT')],
  ['TRIGGER', undecided('ports that are opened by other connections (TRIGGER)')],
  ['DNPT', undecided('DNPT')],
  ['SNPT', undecided('SNPT')],
]);
