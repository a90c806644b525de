import { oneOf, type Random, randomFrom } from './random.js';

/**
 * Rulesets of a Linux gateway, made up from a seed. In each of them `eth0.210` (10.20.10.0/24) is the device
 * VLAN, `wan` leads out, and a rule far down lets the device VLAN reach the target.
 */

export const GATEWAY_SITE = '{ "segments": [{ "name": "monitors", "subnets": ["10.20.10.0/24"] }] }\n';

/** What `ip addr` and `ip route` print there. */
export const GATEWAY_ROUTES = `${[
  'root@gw:~# ip addr',
  '2: wan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default',
  '    inet 192.0.2.2/24 scope global wan',
  '3: eth0.210: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default',
  '    inet 10.20.10.1/24 scope global eth0.210',
  '4: eth0.20: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default',
  '    inet 10.20.20.1/24 scope global eth0.20',
  'root@gw:~# ip route',
  'default via 192.0.2.1 dev wan',
  '10.20.10.0/24 dev eth0.210 proto kernel scope link src 10.20.10.1',
  '10.20.20.0/24 dev eth0.20 proto kernel scope link src 10.20.20.1',
].join('\n')}\n`;

/** A saved iptables ruleset: FORWARD jumps into the chains in turn, some of which jump on. */
export function iptablesRules(rules: number, chains: number, seed = 5): string {
  const random = randomFrom(seed);
  const names = Array.from({ length: chains }, (_, at) => `SITE-${at}`);
  const lines = ['*filter', ':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]'];
  lines.push(...names.map((name) => `:${name} - [0:0]`));
  lines.push('-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT');
  // Every third chain hangs in the one before it, the others in FORWARD.
  for (const [at, name] of names.entries()) {
    const from = at % 3 === 2 ? names[at - 1] : 'FORWARD';
    lines.push(`-A ${from} ${at % 2 === 0 ? '-s 10.20.0.0/16' : '-i eth0.+'} -j ${name}`);
  }
  for (let at = lines.length; at < rules + chains; at += 1) {
    lines.push(
      `-A ${oneOf(random, names as [string, ...string[]])} ${iptablesMatch(random)} -j ${verdict(random, 'ACCEPT', 'DROP')}`,
    );
  }
  lines.push('-A FORWARD -i eth0.210 -o wan -j ACCEPT', 'COMMIT', '');
  return lines.join('\n');
}

/** A file for `nft -f` with one long chain, named sets and a verdict map. */
export function nftRules(rules: number, seed = 6): string {
  const random = randomFrom(seed);
  const lines = ['#!/usr/sbin/nft -f', 'flush ruleset', '', 'table inet filter {'];
  lines.push('  set servers {', '    type ipv4_addr', '    flags interval');
  lines.push(`    elements = { ${Array.from({ length: 200 }, (_, at) => `10.9.${at}.0/24`).join(', ')} }`, '  }', '');
  lines.push('  chain monitors {');
  for (let at = 0; at < rules / 2; at += 1) lines.push(`    ${nftMatch(random)} ${verdict(random, 'accept', 'drop')}`);
  lines.push('    oifname "wan" accept', '  }', '', '  chain others {');
  for (let at = 0; at < rules / 2; at += 1) lines.push(`    ${nftMatch(random)} ${verdict(random, 'accept', 'drop')}`);
  lines.push('  }', '', '  chain forward {', '    type filter hook forward priority filter; policy drop;');
  lines.push('    ct state established,related accept', '    ip daddr @servers accept');
  lines.push('    iifname vmap { "eth0.210" : jump monitors, "eth0.20" : jump others }', '  }', '}', '');
  return lines.join('\n');
}

function verdict(random: Random, accept: string, drop: string): string {
  return random(3) === 0 ? drop : accept;
}

function iptablesMatch(random: Random): string {
  const port = oneOf(random, ['22', '80', '443', '5000:5100', '2575']);
  return `-s ${source(random)} -d ${destination(random)} -p tcp -m tcp --dport ${port}`;
}

function nftMatch(random: Random): string {
  const port = oneOf(random, ['22', '80', '{ 80, 443 }', '5000-5100', '2575']);
  return `ip saddr ${source(random)} ip daddr ${destination(random)} tcp dport ${port} counter`;
}

/** One rule in a hundred is about the device VLAN and the target's network. */
function destination(random: Random): string {
  return random(100) === 0 ? `202.114.4.${random(256)}/32` : `10.${random(200)}.${random(256)}.0/24`;
}

function source(random: Random): string {
  return random(4) === 0 ? `10.20.10.${2 + random(250)}/32` : `10.${random(200)}.${random(256)}.0/24`;
}
