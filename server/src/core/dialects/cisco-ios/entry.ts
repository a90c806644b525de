import type { AceAction } from '../../model/acl.js';
import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_SERVICE,
  type HeaderMatch,
  MATCH_ANY,
  type PortRange,
  type ServiceTerm,
} from '../../model/header-match.js';
import { Protocol } from '../../net/protocols.js';
import { keywordOf, type Words } from '../common/words.js';
import type { IosAccessListKind } from './config.js';
import { type EntryOptions, takeEntryOptions } from './entry-options.js';
import { portNames, takePortTest, takeProtocol } from './services.js';

/** What a line of a list says. */
export type EntryReading =
  | {
      readonly kind: 'entry';
      readonly action: AceAction;
      readonly match: HeaderMatch;
      /** Why it is not certain whether it matches what is in `match`. */
      readonly undecidable: string | undefined;
      /** It matches only later fragments of packets, and so decides nothing about whole ones. */
      readonly fragmentsOnly: boolean;
      /** A part of the line was not understood. */
      readonly partly: boolean;
    }
  | { readonly kind: 'remark' }
  | { readonly kind: 'unread' };

/** What entries take from elsewhere in the file, and whom they tell about it. */
export interface EntryScope {
  /** The addresses of a network group; undefined where it is not defined or not known whole. */
  addresses(name: string): readonly AddressTerm[] | undefined;
  /** The services of a service group; undefined where it is not defined or not known whole. */
  services(name: string): readonly ServiceTerm[] | undefined;
  /** The current word names a group, or a time range. */
  refer(kind: 'object-group' | 'time-range', words: Words): void;
}

const ACTIONS = ['permit', 'deny', 'remark', 'evaluate', 'dynamic'] as const;

/** Reads a line of a list from behind its sequence number. */
export function readEntry(words: Words, kind: IosAccessListKind, scope: EntryScope): EntryReading {
  const written = words.take();
  const action = written === undefined ? undefined : keywordOf(written, ACTIONS);
  switch (action) {
    case 'remark':
      return { kind: 'remark' };
    case 'permit':
    case 'deny':
      return kind === 'standard' ? readStandard(words, action) : readExtended(words, action, scope);
    case 'evaluate':
      // It passes the answers to what a `reflect` entry let out, and so nothing that is new.
      return entry('permit', { ...MATCH_ANY, state: 'established' }, `evaluate ${words.rest()}`);
    case 'dynamic':
      return readDynamic(words, scope);
    default:
      return { kind: 'unread' };
  }
}

function entry(action: AceAction, match: HeaderMatch, undecidable?: string): EntryReading {
  return { kind: 'entry', action, match, undecidable, fragmentsOnly: false, partly: false };
}

/** `dynamic NAME [timeout N] permit ...`: the entry is there only for users who have logged in. */
function readDynamic(words: Words, scope: EntryScope): EntryReading {
  const name = words.take();
  if (words.accept('timeout', 1)) words.takeNumber();
  const action = keywordOf(words.take() ?? '', ['permit', 'deny'] as const);
  if (name === undefined || action === undefined) return { kind: 'unread' };
  const reading = readExtended(words, action, scope);
  return reading.kind === 'entry' ? { ...reading, undecidable: reading.undecidable ?? `dynamic ${name}` } : reading;
}

function readStandard(words: Words, action: AceAction): EntryReading {
  let src: readonly AddressTerm[];
  if (words.accept('any', 1)) {
    src = ANY_ADDRESS;
  } else {
    const isHost = words.accept('host', 1);
    const value = words.takeIp();
    if (value === undefined) return { ...entryOf(action, 'the name of a host'), partly: true };
    const wildcard = isHost ? 0 : (words.takeIp() ?? 0);
    src = [{ kind: 'wildcard', value, wildcard }];
  }
  const match = { ...MATCH_ANY, src };
  if (words.accept('log', 3) || words.accept('smartlog')) words.take();
  if (words.done) return entry(action, match);
  return { kind: 'entry', action, match, undecidable: words.rest(), fragmentsOnly: false, partly: true };
}

function entryOf(action: AceAction, undecidable: string): Extract<EntryReading, { kind: 'entry' }> {
  return { kind: 'entry', action, match: MATCH_ANY, undecidable, fragmentsOnly: false, partly: false };
}

function readExtended(words: Words, action: AceAction, scope: EntryScope): EntryReading {
  const service = takeEntryService(words, scope);
  if (service === undefined) return { kind: 'unread' };
  const names = portNames(service.protocol);
  const ported =
    service.protocol === Protocol.tcp || service.protocol === Protocol.udp || service.protocol === Protocol.sctp;
  const src = takeAddress(words, scope);
  const srcPorts = ported ? takePortTest(words, names) : undefined;
  const dst = src === undefined || srcPorts === 'unread' ? undefined : takeAddress(words, scope);
  // Without both addresses nothing else can be sure.
  if (src === undefined || dst === undefined) return { kind: 'unread' };
  const dstPorts = ported ? takePortTest(words, names) : undefined;
  const options = takeEntryOptions(words, service.protocol, scope);
  const unsure = service.doubt ?? src.doubt ?? dst.doubt;
  const partly = dstPorts === 'unread' || options.unread;
  const terms =
    service.protocol === undefined || service.isGroup
      ? service.terms
      : [withOptions(service.protocol, ranges(srcPorts), ranges(dstPorts), options)];
  return {
    kind: 'entry',
    action,
    match: { src: src.terms, dst: dst.terms, services: terms },
    undecidable: unsure ?? (dstPorts === 'unread' ? 'its ports' : options.undecidable),
    fragmentsOnly: options.fragments,
    partly,
  };
}

function ranges(test: readonly PortRange[] | 'unread' | undefined): readonly PortRange[] | undefined {
  return test === 'unread' ? undefined : test;
}

function withOptions(
  protocol: number,
  srcPorts: readonly PortRange[] | undefined,
  dstPorts: readonly PortRange[] | undefined,
  options: EntryOptions,
): ServiceTerm {
  return {
    protocol,
    ...(srcPorts === undefined ? {} : { srcPorts }),
    ...(dstPorts === undefined ? {} : { dstPorts }),
    ...(options.icmp === undefined ? {} : { icmp: [options.icmp] }),
    ...(options.tcpFlags === undefined ? {} : { tcpFlags: options.tcpFlags }),
  };
}

interface EntryService {
  /** Undefined where any protocol, or a group of services, is meant. */
  readonly protocol: number | undefined;
  readonly isGroup: boolean;
  readonly terms: readonly ServiceTerm[];
  readonly doubt: string | undefined;
}

function takeEntryService(words: Words, scope: EntryScope): EntryService | undefined {
  if (words.accept('object-group', 2)) {
    if (!words.next()) return undefined;
    scope.refer('object-group', words);
    const name = words.word();
    const terms = scope.services(name);
    const doubt = terms === undefined ? `object-group ${name}` : undefined;
    return { protocol: undefined, isGroup: true, terms: terms ?? ANY_SERVICE, doubt };
  }
  const protocol = takeProtocol(words);
  if (protocol === 'unread') return undefined;
  // IOS has 0 for any protocol inside, and IANA for hop-by-hop options.
  if (protocol === 0) return { protocol: undefined, isGroup: false, terms: ANY_SERVICE, doubt: 'protocol 0' };
  return { protocol, isGroup: false, terms: ANY_SERVICE, doubt: undefined };
}

interface EntryAddress {
  readonly terms: readonly AddressTerm[];
  readonly doubt: string | undefined;
}

/** Things that stand in an address's place, and whose addresses are known only to the device. */
const ADDRESS_NAMES = ['fqdn-group', 'geo-group', 'security-group'] as const;

function takeAddress(words: Words, scope: EntryScope): EntryAddress | undefined {
  const value = words.takeIp();
  if (value !== undefined) {
    const wildcard = words.takeIp();
    if (wildcard === undefined) return undefined;
    return { terms: [{ kind: 'wildcard', value, wildcard }], doubt: undefined };
  }
  if (words.accept('any', 1)) return { terms: ANY_ADDRESS, doubt: undefined };
  if (words.accept('host', 1)) {
    const host = words.takeIp();
    if (host !== undefined) return { terms: [{ kind: 'wildcard', value: host, wildcard: 0 }], doubt: undefined };
    // A device looks a name up when the line is entered.
    const name = words.take();
    return name === undefined ? undefined : { terms: ANY_ADDRESS, doubt: `host ${name}` };
  }
  if (words.accept('object-group', 1)) {
    if (!words.next()) return undefined;
    scope.refer('object-group', words);
    const name = words.word();
    const terms = scope.addresses(name);
    return { terms: terms ?? ANY_ADDRESS, doubt: terms === undefined ? `object-group ${name}` : undefined };
  }
  for (const kind of ADDRESS_NAMES) {
    if (!words.accept(kind)) continue;
    if (kind === 'security-group' && !words.accept('name')) words.accept('tag');
    return { terms: ANY_ADDRESS, doubt: `${kind} ${words.take() ?? ''}` };
  }
  return undefined;
}
