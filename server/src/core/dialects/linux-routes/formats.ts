import type { SourceFile } from '../../text/source-file.js';
import { isShellScript, variableWith } from '../common/shell-script.js';

/** The formats in which a Linux device is told its addresses, links, routes and rules. */
export type Format = 'recording' | 'script' | 'ifupdown' | 'netplan' | 'networkd' | 'frr' | 'sysctl';

/** More lines than this are sampled, the head of the file and then evenly over it. */
const MOST_LINES = 1500;
const MOST_OF_A_LINE = 200;
const HIGHEST_SCORE = 100;
/** The least share of the lines that say something which are of the format. */
const LEAST_SHARE = 0.3;

const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;

interface Sort {
  /** Lines of the format, by weight; a line counts for the first that it fits. */
  readonly lines: readonly (readonly [RegExp, number])[];
  /** Lines that a file of the format may have as well, of which nothing follows. */
  readonly neutral: RegExp;
  /** Lines that no file of the format has. */
  readonly never: RegExp;
  readonly least: number;
}

const MARKUP = /^(?:```|<[a-z!?]|#include|import |from \S+ import|def \w|const |class \w|\{|\/\*)/i;

const SORTS: Readonly<Record<Format, Sort>> = {
  recording: {
    lines: [
      [
        new RegExp(
          `^(?:default|(?:(?:unicast|local|broadcast) )?${ADDRESS}(?:/\\d{1,2})?) (?:via|dev|nhid|proto|scope|table)\\s`,
        ),
        3,
      ],
      [/^(?:blackhole|unreachable|prohibit|throw) (?:default|\d{1,3}(?:\.\d{1,3}){0,3}(?:\/\d+)?)(?: |$)/, 3],
      [/^\d+:\s+(?:not )?from \S+ .*(?:lookup|goto|blackhole|unreachable|prohibit|nop)/, 3],
      [/^\d+: \S+: <[A-Z\d_,-]*> mtu \d/, 3],
      [/^\S+\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\s+(?:\d+\.\d+\.\d+\.\d+\/|[\da-f:]{11,}\s)/, 3],
      [/^\s+(?:inet \d|link\/\w+ |nexthop (?:via|dev) |valid_lft )/, 1],
      [/^\S*[#$] ?(?:sudo )?ip(?: -\w+)* (?:r|ro|route|ru|rule|a|addr|address|l|link)\b/, 2],
    ],
    neutral: /^\s+\S|^\S+[#$]|^[\da-f:]+:[\da-f:]*(?:\/\d+)? (?:dev|via)|^\S+\s+(?:UP|DOWN|UNKNOWN)\s*$/,
    never: /^(?:iface |auto |\[(?:Match|Network|NetDev)\]|network:|#!\/)|^-A \w/,
    least: 3,
  },
  script: {
    lines: [
      [
        /^\s*(?:sudo |then |do )?(?:\/\S*\/|-\/\S*\/)?ip (?:-4 |-f inet )?(?:r|ro|route|ru|rule|a|addr|address|l|link)\s+(?:a|add|app|append|rep|replace|ch|change|d|del|delete|set|flush)\s/,
        3,
      ],
      [
        new RegExp(
          String.raw`^\s*(?:sudo )?${variableWith('IP')} (?:route|rule|addr|address|link)\s+(?:add|append|replace|del|set|flush)\s`,
        ),
        3,
      ],
      [/^\s*(?:sudo )?(?:\/\S*\/)?route (?:add|del) (?:-net|-host|default|\d)/, 3],
      [/^\s*(?:sudo )?(?:\/\S*\/)?(?:vconfig add \S+ \d|ifconfig \S+ \d+\.\d+\.\d+\.\d+|brctl addif )/, 3],
      [/^(?:route|rule|addr|address|link) (?:add|replace|set) \S/, 2],
      [/^\s*(?:sysctl -w |echo [01] ?> ?\/proc\/sys\/net\/ipv4\/)/, 2],
    ],
    neutral:
      /^\s*(?:[A-Za-z_]\w*=|if |then|else|elif |fi|for |do|done|while |case |esac|;;|echo |exit|export |set |sleep |modprobe |local |return|function |\w+ ?\(\)|[{}]|\[|\$|`|\/|ip |ip6?tables|nft |ipset |tc |sysctl|ethtool|ifup|ifdown|logger|\S+\))/,
    never: new RegExp(
      `${MARKUP.source}|^(?:iface \\S|network:|\\[Match\\]|- )|^(?:end|hostname .*|interface \\S+)$`,
      'i',
    ),
    least: 3,
  },
  ifupdown: {
    lines: [
      [/^\s*iface \S+ inet6? \w+/, 5],
      [/^\s*iface \S+\s*$/, 2],
      [/^\s*(?:auto|allow-hotplug|allow-auto) \S/, 2],
      [/^\s*(?:source|source-directory) \/etc\/network\//, 5],
      [/^\s+(?:address|netmask|gateway|network|broadcast) \d/, 1],
      [/^\s+(?:up|post-up|pre-up|down|pre-down|post-down) \S/, 1],
    ],
    neutral: /^\s+\S|^(?:mapping|no-auto-down|source|address|netmask|gateway|up|post-up|bridge)/,
    never: new RegExp(`${MARKUP.source}|^(?:- )`, 'i'),
    least: 5,
  },
  netplan: {
    lines: [
      [/^network:\s*(?:#.*|\{.*)?$/, 3],
      [/^\s+(?:ethernets|vlans|bridges|bonds|vrfs|tunnels|dummy-devices|wifis):/, 3],
      [/^\s+(?:version: 2|renderer: \w+)/, 2],
      [
        /^\s+-?\s*(?:dhcp4|addresses|gateway4|routes|routing-policy|to|via|id|link|match|set-name|nameservers|interfaces):/,
        1,
      ],
    ],
    neutral: /^\s+\S/,
    never: /^(?!network:)[\w"'-][\w "'-]*:|^(?:iface |\[|interface )|^\s+(?:config:|version: 1)\s*$/,
    least: 5,
  },
  networkd: {
    lines: [
      [/^\[(?:Match|Network|NetDev|RoutingPolicyRule)\]\s*$/, 3],
      [/^\[(?:Address|Route|VLAN|VRF|Link|DHCPv4|DHCP|Bridge|Bond)\]\s*$/, 1],
      [/^(?:Address|Gateway|Destination|DHCP|VLAN|IPForward|IPv4Forwarding|Kind|MACAddress|Table)\s*=/, 1],
    ],
    neutral: /^(?:[A-Z]\w*\s*=|\[\w+\])/,
    never:
      /^\[(?:Unit|Service|Install|connection|ipv4|Interface|Peer|Container|Timer|Socket|Time|Resolve|Login)\]|^[a-z_.-]+ ?=/,
    least: 4,
  },
  frr: {
    lines: [
      [/^frr (?:version|defaults) /, 20],
      [/^service integrated-vtysh-config/, 20],
      [/^ ?ip route \d+\.\d+\.\d+\.\d+\/\d+ (?:\d+\.\d+\.\d+\.\d+|blackhole|reject|Null0|[a-z][\w.-]*)/i, 3],
      [/^interface (?:lo|eth\d|en[ops]\w|swp\d|br\d|bond\d|vlan\.?\d|dummy\d|wg\d|tun\d|veth)\S*(?: vrf \S+)?$/, 3],
      [/^ ip address \d+\.\d+\.\d+\.\d+\/\d+$/, 1],
      [
        /^(?:zebra|router (?:bgp|ospf6?|rip|isis)|line vty|log (?:syslog|file)|exit-vrf|(?:no )?ip forwarding|(?:no )?ipv6 forwarding)/,
        1,
      ],
    ],
    neutral:
      /^\s+\S|^(?:!|exit|end|hostname|password|vrf |route-map|ip |access-list|bfd|key|enable|debug|username|no |agentx|domainname|banner)/,
    never:
      /^(?:interface (?:Ethernet|GigabitEthernet|FastEthernet|TenGig|Vlan|Management|Port-?[Cc]hannel|mgmt|port)|vrf context|feature |switchport|boot system|version \d|iface |config |set |spanning-tree|vlan \d|aaa |no aaa|transceiver|management |daemon |snmp-server|\[|service (?:timestamps|password|routing))/,
    least: 6,
  },
  sysctl: {
    lines: [
      [/^\s*-?net[./]ipv4[./](?:ip_forward|conf[./]\S+[./](?:forwarding|rp_filter))\s*=/, 4],
      [/^\s*-?(?:net|kernel|vm|fs|dev)[./][\w./*-]+\s*=\s*\S/, 1],
    ],
    neutral: /^$/,
    never: /^(?:iface |\[|network:|- |#!\/)/,
    least: 4,
  },
};

const FORMATS = Object.keys(SORTS) as Format[];

/** How well a text fits each format; the best one, and its score. */
export function formatOf(file: SourceFile): { readonly format: Format; readonly score: number } {
  const lines = sampledLines(file.text);
  const isShell = /^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(lines[0] ?? '');
  let best: Format = byName(file.path) ?? 'recording';
  let bestScore = 0;
  for (const format of FORMATS) {
    const score = scoreOf(format, lines, isShell, file.path);
    if (score > bestScore) {
      best = format;
      bestScore = score;
    }
  }
  return { format: best, score: bestScore };
}

/** A command that sets addresses, links, routes or rules, wherever in its line it stands. */
const OWN_COMMAND = new RegExp(
  [
    String.raw`(?:\bip|${variableWith('IP')})["']?[ \t]+(?:-\S+[ \t]+(?:inet[ \t]+)?)*(?:r|ro|rou|rout|route|ru|rul|rule|a|ad|addr|address|l|li|link)[ \t]+(?:a|ad|add|app|append|prepend|rep|replace|ch|change|d|de|del|delete|s|set|f|flush|restore)\b`,
    String.raw`\broute[ \t]+(?:-n[ \t]+)?(?:add|del)[ \t]`,
    String.raw`\bifconfig[ \t]+\S+[ \t]+\d+\.\d+\.\d+\.\d+|\b(?:vconfig[ \t]+add|brctl[ \t]+addif)[ \t]`,
  ].join('|'),
);

/** Whether the file is a script that sets addresses or routes, however little of it does. */
export function isCalledIn({ text }: SourceFile): boolean {
  const isOne = (line: string): boolean => OWN_COMMAND.test(line) && !/^\s*#/.test(line);
  return OWN_COMMAND.test(text) && text.split('\n').some(isOne) && isShellScript(text);
}

function scoreOf(format: Format, lines: readonly string[], isShell: boolean, path: string): number {
  const { lines: sorts, neutral, never, least } = SORTS[format];
  if (isShell !== (format === 'script') && isShell) return 0;
  let score = 0;
  let own = 0;
  let other = 0;
  let foreign = 0;
  for (const line of lines) {
    const first = line.trimStart().charAt(0);
    const isComment = first === '#' || (first === '!' && format === 'frr') || (first === ';' && format !== 'script');
    if (line === '' || (isComment && !(format === 'recording' && sorts.some(([pattern]) => pattern.test(line)))))
      continue;
    const weight = sorts.find(([pattern]) => pattern.test(line))?.[1];
    if (weight !== undefined) {
      score += weight;
      own += 1;
    } else if (never.test(line)) foreign += 1;
    else if (!neutral.test(line)) other += 1;
  }
  if (score < least || own === 0) return 0;
  if (foreign > 0 && (foreign > 2 || foreign * 4 > own)) return 0;
  const share = own / (own + other);
  if (share < (isShell ? LEAST_SHARE / 6 : LEAST_SHARE)) return 0;
  // The name settles what the lines leave open, and nothing else.
  return Math.min(HIGHEST_SCORE, score) + (byName(path) === format ? 1 : 0);
}

/** The format that a file's name is the custom of. */
function byName(path: string): Format | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:network|netdev|link)$/.test(name) || name === 'networkd.conf') return 'networkd';
  if (/^(?:frr|zebra|staticd|bgpd|ospfd|vtysh)\.conf/.test(name)) return 'frr';
  if (/sysctl/.test(path)) return 'sysctl';
  if (/\.ya?ml$/.test(name)) return 'netplan';
  if (/^interfaces(?:$|\.)/.test(name) || /interfaces\.d\//.test(path)) return 'ifupdown';
  return /\.sh$/.test(name) ? 'script' : undefined;
}

function sampledLines(text: string): string[] {
  const lines: string[] = [];
  const average = text.length / MOST_LINES;
  for (let at = 0; lines.length < MOST_LINES && at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const from = at === 0 && text.charCodeAt(0) === 0xfeff ? 1 : at;
    lines.push(text.slice(from, Math.min(end, from + MOST_OF_A_LINE)).trimEnd());
    at = end + 1;
    const next = Math.floor(average * lines.length);
    if (lines.length > MOST_LINES / 4 && next > at) {
      const boundary = text.indexOf('\n', next);
      at = boundary === -1 ? text.length : boundary + 1;
    }
  }
  return lines;
}
