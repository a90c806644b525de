/** Calls of firewalls, whose rules other files say. */

const FIREWALLS = /^(?:ip6?tables(?:-\w+)*|nft|ipset|ebtables|arptables|ufw|firewall-cmd|shorewall)$/;

export function isFirewall(program: string): boolean {
  return FIREWALLS.test(nameOf(program));
}

/** Programs that run what their words say. */
const SHELLS = /^(?:(?:ba|da|k|z)?sh|su|xargs|timeout|nohup|flock|logger|start-stop-daemon)$/;
const CALLS = /(?:^|[\s/;&|])(?:iptables|nft|ipset|ufw|firewall-cmd|shorewall)\b/;

/** What only shows something, loads the files that are there, or stops more, by program. */
const HARMLESS: Readonly<Record<string, RegExp>> = {
  'iptables-restore': /^/,
  'iptables-save': /^/,
  'iptables-apply': /^/,
  ipset: /^(?:list|save|test|-[LSTVn]|--(?:list|save|test|version))$/,
  ufw: /^(?:status|enable|reload|version|show|deny|reject|logging|app)$/,
  shorewall: /^(?:status|show|version|check|dump)$/,
};
const NFT_CHANGES = /\b(?:add|insert|create|replace|delete|destroy|flush|reset)\b/;
const LOOKS_ONLY = /^--(?:state|list|get|query|info|version|reload)/;

/**
 * Whether a call of a firewall may let through what the rules of other files stop. What loads a whole ruleset is
 * taken to load these files; a rule that only stops lets nothing through, nor does a translation behind all filters.
 * @param words the program and what stands behind it
 */
export function mayOpen([program = '', ...words]: readonly string[]): boolean {
  const name = nameOf(program);
  if (SHELLS.test(name)) return CALLS.test(words.join(' ').slice(0, 2000));
  // Bridged packets, ARP and IPv6 are outside the question.
  if (!isFirewall(name) || /^(?:ip6tables|ebtables|arptables)/.test(name)) return false;
  if (name === 'nft') return NFT_CHANGES.test(words.join(' '));
  if (name === 'firewall-cmd') return !words.some((word) => LOOKS_ONLY.test(word));
  const plain = name.replace(/-(?:nft|legacy)(?=-|$)/, '');
  if (plain === 'iptables') return ruleMayOpen(words);
  const harmless = HARMLESS[plain];
  return harmless === undefined || !harmless.test(words.find((word) => word !== '--force') ?? '');
}

const LOOKS = /^(?:-[LSCZVhN]|--(?:list|list-rules|check|zero|version|help|new-chain))$/;
const ADDS = /^(?:-[AI]|--(?:append|insert))$/;
const CHANGES = /^-[DRFPXE]|^--(?:delete|replace|flush|policy|rename-chain)/;
const JUMPS = /^-[jg](?:$|\w)|^--(?:jump|goto)(?:$|=)/;
const STOPS = /^(?:DROP|REJECT|LOG|NFLOG)$/;
/** Chains of the table `nat` that translate behind all filters of what is forwarded. */
const BEHIND = /^(?:POSTROUTING|OUTPUT|INPUT)$/;

function ruleMayOpen(words: readonly string[]): boolean {
  if (words.some((word) => CHANGES.test(word))) return true;
  const adds = words.findIndex((word) => ADDS.test(word));
  if (adds === -1) return !words.some((word) => LOOKS.test(word));
  const isNat = words.some((word, at) => /^(?:-t|--table)$/.test(word) && words[at + 1] === 'nat');
  if (isNat && BEHIND.test(words[adds + 1] ?? '')) return false;
  const jumps = words.flatMap((word, at) => (JUMPS.test(word) ? [words[at + 1] ?? ''] : []));
  return jumps.length === 0 || !jumps.every((target) => STOPS.test(target));
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
