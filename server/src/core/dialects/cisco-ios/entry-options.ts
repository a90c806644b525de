import type { IcmpTerm, TcpFlagTest } from '../../model/header-match.js';
import { Protocol, TcpFlag } from '../../net/protocols.js';
import { keywordOf, type Words } from '../common/words.js';
import { takeIcmp } from './services.js';

/** What stands behind the destination of an extended entry. */
export interface EntryOptions {
  readonly icmp: IcmpTerm | undefined;
  readonly tcpFlags: TcpFlagTest | undefined;
  readonly fragments: boolean;
  /** The first part that cannot be decided, in the line's words. */
  readonly undecidable: string | undefined;
  /** Whether something was not understood. */
  readonly unread: boolean;
}

const FLAGS = ['ack', 'fin', 'psh', 'rst', 'syn', 'urg'] as const;
const COMMON_OPTIONS = [
  'dscp',
  'fragments',
  'log',
  'log-input',
  'option',
  'precedence',
  'reflect',
  'smartlog',
  'time-range',
  'tos',
  'ttl',
] as const;
const TCP_OPTIONS = [...COMMON_OPTIONS, 'established', 'match-all', 'match-any', ...FLAGS] as const;

/** Takes all that is left of an entry's line. */
export function takeEntryOptions(
  words: Words,
  protocol: number | undefined,
  scope: { refer(kind: 'time-range', words: Words): void },
): EntryOptions {
  const isTcp = protocol === Protocol.tcp;
  let icmp: IcmpTerm | undefined;
  let tcpFlags: TcpFlagTest | undefined;
  let fragments = false;
  let undecidable: string | undefined;
  let unread = false;
  if (protocol === Protocol.icmp) {
    const message = takeIcmp(words);
    if (message === 'unread') unread = true;
    else icmp = message;
  }
  if (protocol === IGMP && takeIgmpType(words)) undecidable = 'the type of igmp';
  while (words.next()) {
    const start = words.start;
    const option = keywordOf(words.word(), isTcp ? TCP_OPTIONS : COMMON_OPTIONS);
    switch (option) {
      case 'log':
      case 'log-input':
      case 'smartlog':
        takeCookie(words, isTcp);
        break;
      case 'fragments':
        fragments = true;
        break;
      case 'reflect':
        // What it lets out it passes as any permit does; the answers are the matter of `evaluate`.
        words.take();
        if (words.accept('timeout', 3)) words.takeNumber();
        break;
      case 'established':
        tcpFlags = { kind: 'any', set: TcpFlag.ack | TcpFlag.rst, clear: 0 };
        break;
      case 'match-all':
      case 'match-any':
        tcpFlags = takeFlags(words, option === 'match-all' ? 'all' : 'any');
        unread ||= tcpFlags === undefined;
        break;
      case 'ack':
      case 'fin':
      case 'psh':
      case 'rst':
      case 'syn':
      case 'urg':
        // Bare flags match a packet that has any one of them ("ACL TCP Flags Filtering", Security
        // Configuration Guide: Access Control Lists).
        tcpFlags = { kind: 'any', set: (tcpFlags?.set ?? 0) | TcpFlag[option], clear: tcpFlags?.clear ?? 0 };
        break;
      case 'time-range':
        if (words.next()) scope.refer('time-range', words);
        undecidable ??= textFrom(words, start);
        break;
      case 'dscp':
      case 'precedence':
      case 'tos':
      case 'option':
        words.take();
        undecidable ??= textFrom(words, start);
        break;
      case 'ttl':
        if (words.take()?.toLowerCase().startsWith('r')) words.takeNumber();
        while (words.takeNumber() !== undefined);
        undecidable ??= textFrom(words, start);
        break;
      default:
        unread = true;
        undecidable ??= words.word();
    }
  }
  if (unread) undecidable ??= 'a part that was not understood';
  return { icmp, tcpFlags, fragments, undecidable, unread };
}

const IGMP = 2;
const IGMP_TYPES = [
  'dvmrp',
  'host-query',
  'host-report',
  'pim',
  'trace',
  'v2-leave',
  'v2-report',
  'v3-report',
] as const;

function takeIgmpType(words: Words): boolean {
  if (words.takeNumber() !== undefined) return true;
  const at = words.stop;
  if (words.next() && !words.is('log') && keywordOf(words.word(), IGMP_TYPES) !== undefined) return true;
  words.rewind(at);
  return false;
}

/** The word that a log entry may carry to be recognised by. */
function takeCookie(words: Words, isTcp: boolean): void {
  const at = words.stop;
  if (words.next() && keywordOf(words.word(), isTcp ? TCP_OPTIONS : COMMON_OPTIONS) !== undefined) words.rewind(at);
}

/** `+ack -syn ...`; undefined where a flag is none. */
function takeFlags(words: Words, kind: 'all' | 'any'): TcpFlagTest | undefined {
  let set = 0;
  let clear = 0;
  let at = words.stop;
  while (words.next()) {
    const written = words.word();
    const sign = written.charAt(0);
    if (sign !== '+' && sign !== '-') break;
    const flag = keywordOf(written.slice(1), FLAGS);
    if (flag === undefined) return undefined;
    if (sign === '+') set |= TcpFlag[flag];
    else clear |= TcpFlag[flag];
    at = words.stop;
  }
  words.rewind(at);
  return set === 0 && clear === 0 ? undefined : { kind, set, clear };
}

/** The line's own words from `start` to the current one. */
function textFrom(words: Words, start: number): string {
  return words.text.slice(start, words.stop).replace(/\s+/g, ' ').trim();
}
