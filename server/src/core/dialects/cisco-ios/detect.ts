import type { SourceFile } from '../../text/source-file.js';
import { type Evidence, HIGHEST_SCORE } from '../dialect.js';
import { bannerDelimiter } from './free-text.js';

/** More lines than this are sampled, evenly over the file. */
const MOST_LINES = 1500;
/** No more of a line is looked at. */
const MOST_OF_A_LINE = 160;
/** What a file needs to be taken for IOS at all: one line that only IOS has. */
const LEAST_SCORE = 3;
/** The least share of unindented lines that begin as IOS commands do: text about IOS has fewer. */
const LEAST_SHARE = 0.4;
/**
 * A file of nothing but lines of IOS, none of which looks like another's, with this score: no other dialect
 * need be asked. Its sorts count a few lines each, so this takes several sorts.
 */
const SURE_SCORE = 15;
const SURE_SHARE = 0.95;

/** So many lines of one sort count; a hundred of them are no better evidence. */
const MOST_OF_A_SORT = 8;
/** A line of this weight or more is no line of IOS, and with so many of them the file is none. */
const FOREIGN_WEIGHT = 10;
const MOST_FOREIGN_LINES = 2;

/** Lines of IOS, some of which others have too, by weight. A line counts for the first that it fits. */
const FOR: readonly (readonly [RegExp, number])[] = [
  [/^ip access-list (?:standard|extended) \S/i, 3],
  [/^acc\S* (?:1?\d{1,2}|1[3-9]\d\d|2[0-6]\d\d) (?:permit|deny|remark|perm) /i, 3],
  [/^ip access-group (?:common )?\S+ (?:\S+ )?(?:in|out)$/i, 3],
  [/^ip address \d+\.\d+\.\d+\.\d+ 255\.\d+\.\d+\.\d+/i, 3],
  [/^ip route (?:vrf \S+ )?\d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+ \S/i, 3],
  [/^ip nat (?:inside|outside)(?: source .*)?$/i, 3],
  [/^(?:ip vrf|vrf) forwarding \S/i, 3],
  [/^vrf definition \S/i, 3],
  [/^encapsulation dot1q \d/i, 3],
  [/^object-group (?:network|service) \S/i, 2],
  [/^vlan (?:access-map \S+ \d|filter \S+ vlan-list \S)/i, 2],
  [/^boot-(?:start|end)-marker$/i, 5],
  [/^Current configuration : \d+ bytes/, 5],
  [/^Building configuration/, 1],
  [/^version 1\d\.\d/i, 3],
  [/^service (?:timestamps|password-encryption|tcp-keepalives)/i, 2],
  [/^line (?:con|vty|aux) \d/i, 2],
  [/^int\S*\s+(?:gi|fa|te|vl|lo|po|se|et|tu|range|g|f)[a-z-]* ?\d/i, 1],
  [/^int\S*\s+range \S/i, 1],
  [/^(?:\d+ )?(?:permit|deny) +(?:ip|tcp|udp|icmp) (?:any|host|\d+\.\d+\.\d+\.\d+ \d)/i, 1],
  [/^(?:\d+ )?(?:permit|deny) +\d+\.\d+\.\d+\.\d+(?: \d+\.\d+\.\d+\.\d+)?$/i, 1],
  [/^router (?:ospf|eigrp|bgp|rip|isis)/i, 1],
  [/^switchport(?: |$)/i, 1],
  [/^no ip (?:address|http|domain)/i, 1],
  [/^ip (?:cef|classless|subnet-zero|forward-protocol|domain[- ]name|helper-address)/i, 1],
  [/^spanning-tree (?:mode|extend|portfast)/i, 1],
];

/** Lines that only look-alikes have. A header settles it; of others a few may be a slip. */
const HEADER = 1000;
const AGAINST: readonly (readonly [RegExp, number])[] = [
  // NX-OS
  [/^!\s?Command: show |^!Time: |^! Cisco Nexus/, HEADER],
  [/^version \S+ Bios:|^vdc \S+ id \d/i, HEADER],
  [/^(?:feature(?:-set)?|vrf context|vpc domain|copp profile|install feature-set) \S/i, 10],
  // IOS-XR
  [/^!! IOS XR|^!! Last configuration/, HEADER],
  [/^ipv4 (?:address|access-list|access-group) /i, 10],
  [
    /^(?:route-policy|prefix-set|community-set|router static|end-policy|end-set|taskgroup|interface MgmtEth|RP\/\d)/i,
    10,
  ],
  // ASA, PIX, FWSM
  [/^(?:: Saved|ASA Version|PIX Version|FWSM Version)/, HEADER],
  [/^(?:nameif |security-level \d|same-security-traffic |access-group \S+ (?:in|out) interface )/i, 10],
  [/^access-list \S+ (?:line \d+ )?(?:extended|standard|remark|ethertype|webtype) /i, 4],
  [
    /^(?:object network|object service|route (?:outside|inside) |threat-detection |names$|global \(|nat \(|static \()/i,
    10,
  ],
  // EOS
  [/^!\s*device: .*EOS-|^! boot system flash:.*EOS/, HEADER],
  [
    /^(?:vrf instance|transceiver qsfp|service routing protocols|management (?:api|ssh|console)|daemon |no aaa root)/i,
    10,
  ],
  // Prefix lengths where IOS has masks: EOS, NX-OS, Dell, ArubaOS-CX, FRR
  [/^ip address \d+\.\d+\.\d+\.\d+\/\d/i, 10],
  [/^ip route (?:vrf \S+ )?\d+\.\d+\.\d+\.\d+\/\d/i, 10],
  [/^(?:seq )?(?:\d+ )?(?:permit|deny) +\S+ (?:any |host \S+ )?\d+\.\d+\.\d+\.\d+\/\d/i, 5],
  [/^ip access-list (?!standard|extended|ext|sta|role-based|resequence|log|persistent|helper|fqdn|match)\S+$/i, 10],
  // Dell
  [/^! Version (?:9|10)\.|^! Last configuration change .*by default/, 20],
  [/^(?:seq \d+ (?:permit|deny)|interface ethernet\d+\/\d+\/\d+|boot system stack-unit|stack-unit )/i, 5],
  // HPE and Aruba
  [/^(?:Running configuration:|; (?:J[A-Z]?\d{3}|hpStack|Ver)|!Version ArubaOS)/, HEADER],
  [/^(?:(?:un)?tagged \S|password manager|module \d+ type|vsx$|snmp-server community "\w+")/i, 5],
  [
    /^(?:netservice|netdestination6?|ap-group|wlan (?:virtual-ap|ssid-profile)|user-role|aaa profile|vlan-name) \S/i,
    10,
  ],
  // Brocade, Ruckus
  [/^(?:ver \d|vlan \d+ (?:name \S+ )?by port|tagged ethe |stack unit \d)/i, 10],
  // Huawei, H3C
  [/^(?:sysname |undo |acl (?:number|name) |return$|rule \d+ (?:permit|deny))/i, 10],
  // FRR, Quagga
  [/^(?:frr (?:version|defaults)|zebra|log syslog|hostname \S+ *#|access-list \S+ seq \d)/i, 20],
  // Small business switches
  [/^(?:config-file-header|ssd-control|v\d+\.\d+\.\d+\.\d+ \/ )/i, HEADER],
  // Junos, FortiOS, VyOS, RouterOS
  [
    /^(?:set (?:system|interfaces|firewall|security|policy-options|deviceconfig|network|rulebase) |config (?:system|firewall|router)|edit |next$|\/ip )/i,
    10,
  ],
  [/^[\w-]+ \{$|^\}/, 5],
  // Text, markup and programs
  [/^(?:["'].*["']|[\w-]+): [|>]-?$/, HEADER],
  [
    /^(?:```|"""|'''|<\w|<\?xml|<!|\{|\[|#include|#!\/|import |from \S+ import|def \w|const |let |function |package |export )/,
    5,
  ],
  [/^(?:- |\* |#{1,6} |\d+\. )\S/, 2],
  [/^["']?[\w-]+["']?:(?: \S|$)/, 2],
];

/** One test instead of dozens tells the lines that are of no interest, and the sort of the others: its group is there. */
const ANY_FOR = anyOf(FOR, '()');
const ANY_AGAINST = anyOf(AGAINST, '');

function anyOf(patterns: readonly (readonly [RegExp, number])[], mark: '()' | ''): RegExp {
  return new RegExp(patterns.map(([pattern]) => `(?:${pattern.source})${mark}`).join('|'), 'i');
}

/** The first of `FOR` that a line fits; -1 where it fits none. */
function sortOf(text: string): number {
  const found = ANY_FOR.exec(text);
  if (found === null) return -1;
  const sort = found.indexOf('', 1) - 1;
  const [pattern] = FOR[sort] as (typeof FOR)[number];
  // A few are told by their capitals, which the one test does not look at.
  return pattern.ignoreCase ? sort : FOR.findIndex(([one]) => one.test(text));
}

/** First words of lines of IOS, at any depth: an unindented line that begins otherwise is something else. */
const FIRST_WORDS = new Set(
  `aaa access-class access-list access-session acc action address address-family address-list aggregate-address alias
  archive area arp authentication auto auto-cost autonomic bandwidth banner bba-group bfd bgp boot boot-end-marker
  boot-start-marker bridge bridge-domain buffers building ca-bundle call-home card ccm-manager cdp certificate
  channel-group cisp class class-map clear clns clock cns config-register control-plane controller crypto cts current
  default default-information default-router deny description destination device-sensor device-tracking diagnostic
  dial-peer dialer-list distribute-list do domain domain-name dot1x duplex dynamic enable encapsulation end energywise
  epm errdisable ethernet evaluate event exception exec-timeout exit exit-address-family fabric facility-alarm fallback
  fax file flow frame-relay gateway global group group-object gw-accounting hidekeys history host hostname http hw-module
  identity import int interface ip ipc ipv6 isdn ivr ixi key kron l2 l2vpn lacp last ldap license line lldp load-interval
  location log logging login mac mac-address-table macro mailto map-class mask match media-type memory memory-size menu
  method mgcp micro mls mode monitor mpls mtu multilink mvr name neighbor negotiation netconf netconf-yang network
  network-clock network-policy nmsp no ntp object-group option parameter-map parser passive-interface password permit
  platform policy-map port-channel power ppp prefix priority privilege process profile proxy pseudowire-class qos queue
  quit radius radius-server range rd redistribute redundancy remark resource rewrite rmon route route-map route-target
  router router-id rtr rx sccp scheduler sdm security sequence server service service-policy session set shutdown single
  snmp snmp-server sntp source spanning-tree speed standby static stcapp stopbits subscriber summary switch switchport
  system table-map tacacs tacacs-server task telephony-service template terminal tftp-server time-range timers
  track transceiver transport trunk tunnel udld upgrade username using version vlan voice voice-card voice-port vpdn vrf
  vrrp vstack vtp webvpn wireless wlan xconnect zone zone-member zone-pair`
    .trim()
    .split(/\s+/),
);

/** What one line says by itself. */
interface LineEvidence {
  /** Without the blanks around it; empty where there is nothing else. */
  readonly text: string;
  /** What the look-alikes that have such lines weigh, and how many of them weigh enough to tell. */
  readonly against: number;
  readonly foreign: number;
  readonly isComment: boolean;
  /** Its index in `FOR`; -1 where it is of no such sort. */
  readonly sort: number;
  readonly isCommand: boolean;
  readonly isIndented: boolean;
  /** The delimiter of the banner that it opens and does not end. */
  readonly opens: string | undefined;
}

/**
 * Lines that were looked at before: with each letter that is typed all of a file is looked at again,
 * and the lines of ports and lists are alike.
 */
const seen = new Map<string, LineEvidence>();
const MOST_SEEN = 4096;

function evidenceOf(line: string): LineEvidence {
  const known = seen.get(line);
  if (known !== undefined) return known;
  if (seen.size >= MOST_SEEN) seen.clear();
  const evidence = lookAt(line);
  // A piece of a text keeps the whole of it in memory; what is put together anew does not.
  seen.set(` ${line}`.slice(1), evidence);
  return evidence;
}

function lookAt(line: string): LineEvidence {
  const trimmed = line.trim();
  const text = ` ${/\s\s|[^\S ]/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed}`.slice(1);
  const matching = ANY_AGAINST.test(text) ? AGAINST.filter(([pattern]) => pattern.test(text)) : [];
  return {
    text,
    against: matching.reduce((sum, [, weight]) => sum + weight, 0),
    foreign: matching.filter(([, weight]) => weight >= FOREIGN_WEIGHT).length,
    isComment: text.startsWith('!'),
    sort: sortOf(text),
    isCommand: beginsAsCommand(text),
    isIndented: /^\s/.test(line),
    opens: openBanner(text),
  };
}

/** How much the lines of a file look like IOS, and not like its look-alikes, text or programs. */
export function detect(file: SourceFile): Evidence {
  const counts = new Uint8Array(FOR.length);
  let score = 0;
  let against = 0;
  let foreign = 0;
  let commands = 0;
  let others = 0;
  let bannerEnd: string | undefined;
  for (const line of sampledLines(file.text)) {
    const evidence = evidenceOf(line);
    if (evidence.text === '') continue;
    if (bannerEnd !== undefined) {
      if (evidence.text.includes(bannerEnd)) bannerEnd = undefined;
      continue;
    }
    against += evidence.against;
    foreign += evidence.foreign;
    if (evidence.isComment) continue;
    const { sort } = evidence;
    if (sort !== -1 && (counts[sort] as number) < MOST_OF_A_SORT) {
      counts[sort] = (counts[sort] as number) + 1;
      score += (FOR[sort] as (typeof FOR)[number])[1];
    }
    if (evidence.isCommand) commands += 1;
    else if (!evidence.isIndented) others += 1;
    bannerEnd = evidence.opens;
  }
  score -= against;
  const share = commands === 0 ? 0 : commands / (commands + others);
  const isLike = score >= LEAST_SCORE && foreign <= MOST_FOREIGN_LINES && share >= LEAST_SHARE;
  if (!isLike) return { score: 0 };
  const isSure = score >= SURE_SCORE && against === 0 && share >= SURE_SHARE;
  return { score: isSure ? HIGHEST_SCORE : Math.min(score, HIGHEST_SCORE) };
}

function beginsAsCommand(text: string): boolean {
  const word = /^[a-z][a-z0-9-]*/i.exec(text)?.[0].toLowerCase();
  // Sequence numbers, addresses and key material have no first word.
  if (word === undefined) return /^(?:\d+ (?:permit|deny|remark)|\d+\.\d+\.\d+\.\d+ |[0-9A-F]{8} )/i.test(text);
  return FIRST_WORDS.has(word) || /^(?:[0-9A-F]{8} |[\w.-]{1,64}(?:\(config[\w-]*\))?[#>])/i.test(text);
}

/** The delimiter that will end the banner which this line opens and does not end. */
function openBanner(text: string): string | undefined {
  const at = bannerDelimiter(text);
  if (at === undefined) return undefined;
  const delimiter = text.startsWith('^C', at) ? '^C' : text.charAt(at);
  return text.includes(delimiter, at + delimiter.length) ? undefined : delimiter;
}

/** Lines of a text, without a byte order mark and no longer than matters: all of them, or those of a sample. */
function* sampledLines(text: string): Generator<string> {
  const average = text.length / MOST_LINES;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let count = 0; count < MOST_LINES && at < text.length; count += 1) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(at, Math.min(end, at + MOST_OF_A_LINE));
    at = end + 1;
    // Behind the head of a long file, one line stands for its neighbours.
    const next = Math.floor(average * count);
    if (count > MOST_LINES / 4 && next > at) {
      const boundary = text.indexOf('\n', next);
      at = boundary === -1 ? text.length : boundary + 1;
    }
  }
}
