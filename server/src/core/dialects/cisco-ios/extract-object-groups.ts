import { type Ip, parseIp } from '../../net/ip.js';
import { lengthOfMask, maskOf } from '../../net/prefix.js';
import { StatementState } from '../../text/statements.js';
import { keywordOf } from '../common/words.js';
import type { IosNetworkMember, IosServiceMember } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import { readService } from './services.js';

/**
 * Reads `object-group network|service NAME`; the words stand behind `object-group`. Groups of other
 * kinds (IPv6, `fqdn`, security groups) stay undefined here, and what uses them undecidable.
 */
export function readGroupHeader(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const kind = keywordOf(words.take() ?? '', ['network', 'service', 'v4-network', 'v4-service', 'v6-network'] as const);
  if (kind === undefined || kind === 'v6-network') return NOT_MINE;
  if (!words.next()) return StatementState.unknown;
  const name = words.word();
  const { start, stop } = words;
  const isNetwork = kind === 'network' || kind === 'v4-network';
  if (negated) {
    reader.leave();
    if (isNetwork) config.networkGroups.delete(name);
    else config.serviceGroups.delete(name);
    return StatementState.modelled;
  }
  if (!words.done) return StatementState.unknown;
  reader.enter('object-group');
  if (isNetwork) {
    reader.networkGroup = config.networkGroups.get(name) ?? { members: new Map() };
    config.networkGroups.set(name, reader.networkGroup);
  } else {
    reader.serviceGroup = config.serviceGroups.get(name) ?? { members: new Map() };
    config.serviceGroups.set(name, reader.serviceGroup);
  }
  reader.define('object-group', name, start, stop);
  return StatementState.modelled;
}

/** Reads a member of the open group. */
export function readGroupLine(reader: Reader): LineResult {
  const { networkGroup, serviceGroup, words } = reader;
  const negated = reader.begin();
  if (words.accept('description', 3)) return StatementState.modelled;
  if (networkGroup === undefined && serviceGroup === undefined) return NOT_MINE;
  const at = words.stop;
  const text = words.rest().toLowerCase().replace(/\s+/g, ' ');
  const isOwn = words.next() && (/^\d/.test(words.word()) || keywordOf(words.word(), MEMBER_WORDS) !== undefined);
  words.rewind(at);
  if (networkGroup !== undefined) {
    const member = readNetworkMember(reader);
    if (member !== undefined) return changeMembers(networkGroup.members, text, member, negated);
  } else if (serviceGroup !== undefined) {
    const member = readServiceMember(reader);
    if (member !== undefined) return changeMembers(serviceGroup.members, text, member, negated);
  }
  if (!isOwn) return NOT_MINE;
  spoilGroup(reader);
  return StatementState.unknown;
}

/** First words that only members have; `ip route` is a global command. */
const MEMBER_WORDS = ['any', 'group-object', 'host', 'icmp', 'range', 'tcp', 'tcp-udp', 'udp'] as const;

/** What a member line that was not understood does to its group: nothing is sure about it any more. */
export function spoilGroup(reader: Reader): void {
  reader.networkGroup?.members.set(reader.line(), { kind: 'unread' });
  reader.serviceGroup?.members.set(reader.line(), { kind: 'unread' });
  reader.noteUnread();
}

function changeMembers<T>(members: Map<string, T>, text: string, member: T, negated: boolean): LineResult {
  if (negated) members.delete(text);
  else members.set(text, member);
  return StatementState.modelled;
}

/**
 * `host A`, `A M` (a network mask, not a wildcard), `range A B`, `any`, `group-object G`; undefined
 * for anything else.
 */
function readNetworkMember(reader: Reader): IosNetworkMember | undefined {
  const { words } = reader;
  if (words.accept('group-object', 2)) return groupMember(reader);
  if (words.accept('any', 1) && words.done) {
    return { kind: 'address', term: { kind: 'wildcard', value: 0, wildcard: 0xffffffff } };
  }
  if (words.accept('host', 1)) {
    const ip = words.takeIp();
    return ip === undefined || !words.done
      ? undefined
      : { kind: 'address', term: { kind: 'wildcard', value: ip, wildcard: 0 } };
  }
  if (words.accept('range', 1)) {
    const first = words.takeIp();
    const last = words.takeIp();
    if (first === undefined || last === undefined || !words.done) return undefined;
    const term = { kind: 'range', first: Math.min(first, last), last: Math.max(first, last) } as const;
    return { kind: 'address', term };
  }
  return readNetwork(reader);
}

/** `A M`, `A /24`, `A/24`, and `A` alone, which is a host. */
function readNetwork(reader: Reader): IosNetworkMember | undefined {
  const { words } = reader;
  const [, address = '', attached] = /^([^/]*)(?:\/(\d{1,2}))?$/.exec(words.take() ?? '') ?? [];
  const ip = parseIp(address);
  if (ip === undefined) return undefined;
  let mask = attached === undefined ? maskOf(32) : maskOfLength(attached);
  if (attached === undefined && !words.done) {
    const apart = words.take() ?? '';
    mask = apart.startsWith('/') ? maskOfLength(apart.slice(1)) : parseIp(apart);
  }
  if (mask === undefined || lengthOfMask(mask) === undefined || !words.done) return undefined;
  return { kind: 'address', term: { kind: 'wildcard', value: (ip & mask) >>> 0, wildcard: ~mask >>> 0 } };
}

function maskOfLength(digits: string): Ip | undefined {
  return /^\d{1,2}$/.test(digits) && Number(digits) <= 32 ? maskOf(Number(digits)) : undefined;
}

function readServiceMember(reader: Reader): IosServiceMember | undefined {
  const { words } = reader;
  if (words.accept('group-object', 2)) return groupMember(reader);
  const terms = readService(words);
  if (terms === undefined) return undefined;
  return { kind: 'service', terms };
}

function groupMember(reader: Reader): { readonly kind: 'group'; readonly name: string } | undefined {
  if (!reader.words.next()) return undefined;
  reader.refer('object-group', 'filter');
  return { kind: 'group', name: reader.words.word() };
}
