import { type Ip, parseIp } from '../../net/ip.js';
import { classfulLength, type HostAddress, hasHostBits, isIpv6, readDestination, readLength } from './prefixes.js';

/** What the words of one route say. Source: ip-route(8), and what `ip route` prints. */
export interface RouteWords {
  readonly type: RouteType;
  readonly destination: HostAddress;
  readonly table?: string;
  readonly metric: number;
  readonly nextHops: readonly { readonly via?: Ip; readonly iface?: string; readonly dead: boolean }[];
  readonly proto?: string;
  readonly scope?: string;
  readonly src?: string;
  /** Why it cannot be told whether it serves a packet, in words. */
  readonly undecidable?: string;
}

export type RouteType = 'unicast' | 'discard' | 'throw' | 'local' | 'broadcast';

/** `ipv6`: the line is about IPv6 alone. `unknown`: it was not understood. */
export type ReadRoute = RouteWords | 'ipv6' | 'unknown';

const TYPES: Readonly<Record<string, RouteType | 'ipv6'>> = {
  unicast: 'unicast',
  blackhole: 'discard',
  unreachable: 'discard',
  prohibit: 'discard',
  throw: 'throw',
  local: 'local',
  broadcast: 'broadcast',
  multicast: 'broadcast',
  anycast: 'local',
};

/** Words with one word behind them that say nothing about where a packet goes. */
const IRRELEVANT = new Set(
  `proto protocol mtu advmss rtt rttvar reordering window cwnd initcwnd initrwnd ssthresh realm realms rto_min hoplimit
  quickack congctl pref expires features fastopen_no_cookie weight ttl-propagate error users used age metrics`.split(
    /\s+/,
  ),
);
/** Words that stand alone. */
const FLAGS = new Set(
  'onlink pervasive offload offload_failed trap rt_trap rt_offload notify cache unresolved'.split(' '),
);

/** Reads the words from `from` on: those behind `ip route add`, or a line that `ip route` printed. */
export function readRouteWords(words: readonly string[], from: number): ReadRoute {
  let at = from;
  let type: RouteType = 'unicast';
  const typed = TYPES[words[at] ?? ''];
  if (typed !== undefined && typed !== 'ipv6') {
    type = typed;
    at += 1;
  }
  if (words[at] === 'to') at += 1;
  const written = words[at] ?? '';
  if (isIpv6(written)) return 'ipv6';
  const destination = readDestination(written);
  if (destination === undefined) return 'unknown';
  let table: string | undefined;
  let metric = 0;
  let proto: string | undefined;
  let scope: string | undefined;
  let src: string | undefined;
  let undecidable = hasHostBits(destination) ? `${written} has bits outside of its mask` : undefined;
  let hop: { via?: Ip; iface?: string; dead: boolean } = { dead: false };
  const hops = [hop];
  for (at += 1; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (FLAGS.has(word)) continue;
    if (word === 'dead') hop.dead = true;
    else if (word === 'linkdown') continue;
    else if (word === 'nexthop') {
      hop = { dead: false };
      hops.push(hop);
    } else if (next === undefined) return 'unknown';
    else {
      at += 1;
      if (word === 'via') {
        const hasFamily = next === 'inet' || next === 'inet6';
        if (hasFamily) at += 1;
        const address = words[at] ?? '';
        const via = parseIp(address);
        if (via !== undefined) hop.via = via;
        else if (!isIpv6(address)) return 'unknown';
      } else if (word === 'dev' || word === 'oif') hop.iface = next;
      else if (word === 'table' || word === 'vrf') table = word === 'vrf' ? `vrf ${next}` : next;
      else if (word === 'metric' || word === 'priority' || word === 'preference') {
        if (!/^\d{1,10}$/.test(next)) return 'unknown';
        metric = Number(next);
      } else if (word === 'scope') scope = next;
      else if (word === 'src') src = next;
      else if (word === 'tos' || word === 'dsfield') undecidable ??= `${word} ${next}`;
      else if (word === 'nhid')
        undecidable ??= nextHopless(words) ? `nhid ${next}: its next hop is not shown` : undefined;
      else if (word === 'encap') {
        undecidable ??= `encap ${next}: what it is wrapped in is not followed`;
        at = endOfEncap(words, at);
      } else if (IRRELEVANT.has(word)) {
        if (word === 'proto') proto = next;
        // `mtu lock 1400`
        else if (next === 'lock') at += 1;
      } else return 'unknown';
    }
  }
  // `default proto static` and then its next hops, each on a line of its own.
  const nextHops = hops.length > 1 ? hops.slice(1) : hops;
  return {
    type,
    destination,
    metric,
    nextHops,
    ...(table === undefined ? {} : { table }),
    ...(proto === undefined ? {} : { proto }),
    ...(scope === undefined ? {} : { scope }),
    ...(src === undefined ? {} : { src }),
    ...(undecidable === undefined ? {} : { undecidable }),
  };
}

function nextHopless(words: readonly string[]): boolean {
  return !words.includes('via') && !words.includes('dev');
}

/** The arguments of an encapsulation end where the route's own words go on. */
function endOfEncap(words: readonly string[], at: number): number {
  let end = at;
  while (
    end + 1 < words.length &&
    !/^(?:via|dev|table|metric|proto|scope|nexthop|weight)$/.test(words[end + 1] as string)
  )
    end += 1;
  return end;
}

/** Reads what stands behind `route add` of net-tools. Source: route(8). */
export function readLegacyRoute(words: readonly string[], from: number): ReadRoute {
  let at = from;
  let isHost: boolean | undefined;
  for (; words[at]?.startsWith('-') === true; at += 1) {
    const word = words[at];
    if (word === '-net') isHost = false;
    else if (word === '-host') isHost = true;
    else if (word === '-A' || word === '--inet6' || word === '-6') return 'ipv6';
    else return 'unknown';
  }
  const written = words[at] ?? '';
  if (isIpv6(written)) return 'ipv6';
  const target = readDestination(written);
  if (target === undefined) return 'unknown';
  let length = written.includes('/') || target.length === 0 ? target.length : undefined;
  let metric = 0;
  let type: RouteType = 'unicast';
  let via: Ip | undefined;
  let iface: string | undefined;
  for (at += 1; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (word === 'reject') type = 'discard';
    else if (word === 'mod' || word === 'dyn' || word === 'reinstate') continue;
    else if (next === undefined) iface = word;
    else {
      at += 1;
      if (word === 'gw') {
        via = parseIp(next);
        if (via === undefined) return 'unknown';
      } else if (word === 'netmask') length = readLength(next);
      else if (word === 'metric') {
        if (!/^\d{1,10}$/.test(next)) return 'unknown';
        metric = Number(next);
      } else if (word === 'dev') iface = next;
      else if (word !== 'mss' && word !== 'window' && word !== 'irtt') return 'unknown';
    }
  }
  const classful = (target.ip & (0xffffffff >>> classfulLength(target.ip))) === 0 ? classfulLength(target.ip) : 32;
  const destination: HostAddress = { ip: target.ip, length: isHost === true ? 32 : (length ?? classful) };
  return {
    type,
    destination,
    metric,
    nextHops: [{ ...(via === undefined ? {} : { via }), ...(iface === undefined ? {} : { iface }), dead: false }],
    ...(hasHostBits(destination) ? { undecidable: `${written} has bits outside of its mask` } : {}),
  };
}
