import { ANY_ADDRESS, ANY_SERVICE, type HeaderMatch, type PortRange } from '../../model/header-match.js';
import type { Test } from '../../model/policy.js';
import { maskOf } from '../../net/prefix.js';
import { protocolNumber } from '../../net/protocols.js';
import { isIpv6, readDestination } from './prefixes.js';

/** What the words of one rule of `ip rule` say. Source: ip-rule(8). */
export interface RuleWords {
  readonly priority?: number;
  readonly tests: readonly Test[];
  readonly negated: boolean;
  readonly action:
    | { readonly kind: 'table'; readonly table: string; readonly suppressLength?: number }
    | { readonly kind: 'discard' | 'nothing' }
    | { readonly kind: 'unknown'; readonly words: string };
  readonly undecidable?: string;
}

export type ReadRule = RuleWords | 'ipv6' | 'unknown';

/** Words with one word behind them that say nothing about which packets a rule is for. */
const IRRELEVANT = new Set(['proto', 'protocol', 'realms', 'realm', 'flowid']);

/** Reads the words from `from` on: those behind `ip rule add`, or behind the number of a line that `ip rule` printed. */
export function readRuleWords(words: readonly string[], from: number): ReadRule {
  const tests: Test[] = [];
  const service: { protocol?: number; srcPorts?: PortRange[]; dstPorts?: PortRange[] } = {};
  let priority: number | undefined;
  let negated = false;
  let action: RuleWords['action'] | undefined;
  let suppressLength: number | undefined;
  let undecidable: string | undefined;
  for (let at = from; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (word === 'not') negated = true;
    else if (word === 'blackhole' || word === 'unreachable' || word === 'prohibit') action = { kind: 'discard' };
    else if (word === 'nop') action = { kind: 'nothing' };
    else if (word === 'l3mdev') action = { kind: 'table', table: '[l3mdev-table]' };
    else if (word === '[detached]') undecidable ??= 'its interface was not there';
    else if (word === 'type' || word === 'unicast') continue;
    else if (next === undefined) return 'unknown';
    else {
      at += 1;
      if (word === 'from' || word === 'to') {
        if (isIpv6(next)) return 'ipv6';
        const address = readDestination(next);
        if (address === undefined) return 'unknown';
        if (address.length > 0) tests.push(addressTest(word === 'from' ? 'src' : 'dst', address.ip, address.length));
      } else if (word === 'iif' || word === 'dev') tests.push({ kind: 'in', names: [next], negated: false });
      // What is forwarded is bound to no interface on its way out: for it such a rule never holds.
      else if (word === 'oif') tests.push({ kind: 'any', alternatives: [], negated: false });
      else if (word === 'fwmark') {
        const mark = markTest(next);
        if (mark === undefined) return 'unknown';
        tests.push(mark);
      } else if (word === 'ipproto') {
        const protocol = protocolNumber(next);
        if (protocol === undefined) return 'unknown';
        service.protocol = protocol;
      } else if (word === 'sport' || word === 'dport') {
        const range = portRange(next);
        if (range === undefined) return 'unknown';
        service[word === 'sport' ? 'srcPorts' : 'dstPorts'] = [range];
      } else if (isShort(word, 'lookup', 'table')) action = { kind: 'table', table: next };
      else if (isShort(word, 'preference', 'priority', 'order')) {
        if (!/^\d{1,10}$/.test(next)) return 'unknown';
        priority = Number(next);
      } else if (word === 'suppress_prefixlength' || word === 'sup_pl') {
        if (!/^\d{1,2}$/.test(next)) return 'unknown';
        suppressLength = Number(next);
      } else if (word === 'goto') action = { kind: 'unknown', words: `goto ${next} is not followed` };
      else if (word === 'suppress_ifgroup') action = { kind: 'unknown', words: `suppress_ifgroup ${next}` };
      else if (/^(?:tos|dsfield|uidrange|tun_id)$/.test(word)) undecidable ??= `${word} ${next}`;
      else if (!IRRELEVANT.has(word)) return 'unknown';
    }
  }
  if (service.protocol !== undefined || service.srcPorts !== undefined || service.dstPorts !== undefined) {
    tests.push(serviceTest(service));
  }
  // `ip rule add from 10.1.0.0/16` without a table means the main one.
  action ??= { kind: 'table', table: 'main' };
  if (action.kind === 'table' && suppressLength !== undefined) action = { ...action, suppressLength };
  return {
    ...(priority === undefined ? {} : { priority }),
    tests,
    negated,
    action,
    ...(undecidable === undefined ? {} : { undecidable }),
  };
}

/** Whether a word is one of `words` or its first letters, as iproute2 takes them. */
function isShort(word: string, ...words: readonly string[]): boolean {
  return word.length >= 2 && words.some((one) => one.startsWith(word));
}

export function addressTest(field: 'src' | 'dst', ip: number, length: number): Test {
  const term = [{ kind: 'wildcard' as const, value: ip, wildcard: ~maskOf(length) >>> 0 }];
  return headerTest({
    src: field === 'src' ? term : ANY_ADDRESS,
    dst: field === 'dst' ? term : ANY_ADDRESS,
    services: ANY_SERVICE,
  });
}

/** Without a protocol, ports are those of every protocol that has some. */
export function serviceTest({
  protocol,
  ...ports
}: {
  protocol?: number;
  srcPorts?: readonly PortRange[];
  dstPorts?: readonly PortRange[];
}): Test {
  const hasPorts = ports.srcPorts !== undefined || ports.dstPorts !== undefined;
  const protocols = protocol !== undefined ? [protocol] : hasPorts ? [6, 17, 132] : [];
  const services = protocols.map((one) => ({ protocol: one, ...ports }));
  return headerTest({ src: ANY_ADDRESS, dst: ANY_ADDRESS, services });
}

function headerTest(match: HeaderMatch): Test {
  return { kind: 'header', matches: [match], original: false, negated: false };
}

/** `0x1`, `10`, `0x1/0xff`. */
export function markTest(written: string): Test | undefined {
  const [value, mask] = written.split('/', 2).map(readNumber);
  if (value === undefined || (written.includes('/') && mask === undefined)) return undefined;
  // Of a mark of 0 without a mask the kernel asks nothing.
  const bits = mask ?? (value === 0 ? 0 : 0xffffffff);
  const wanted = (value & bits) >>> 0;
  return { kind: 'mark', mask: bits, ranges: [{ first: wanted, last: wanted }], negated: false };
}

function readNumber(text: string): number | undefined {
  const value = /^0x[\da-f]{1,8}$/i.test(text)
    ? Number.parseInt(text, 16)
    : /^\d{1,10}$/.test(text)
      ? Number(text)
      : undefined;
  return value !== undefined && value <= 0xffffffff ? value : undefined;
}

/** `80`, `1024-65535`. */
export function portRange(written: string): PortRange | undefined {
  const [first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written)?.slice(1) ?? [];
  if (first === undefined) return undefined;
  const range = { first: Number(first), last: Number(last ?? first) };
  return range.last <= 0xffff && range.first <= range.last ? range : undefined;
}
