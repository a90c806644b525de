import type { Origin } from '../../model/origin.js';
import type { Surroundings } from '../dialect.js';

/** A script of the site's own that a command runs, or reads in as if its lines stood there. */
export interface CalledScript {
  /** As written; empty where no word tells it. */
  readonly path: string;
  readonly isReadIn: boolean;
}

export const UNSEEN = 'the file is not among the reviewed ones';

const SHELLS = /^(?:ba|da|a|k|z)?sh$/;
const INTERPRETERS = /^(?:perl|python[\d.]*|ruby|expect|php|lua|tclsh|node|make)$/;
/** Where the programs and services of a distribution are. Source: Filesystem Hierarchy Standard 3.0, 3 and 4. */
const OF_THE_SYSTEM =
  /^(?:\/usr)?\/(?:s?bin|lib\w*|libexec|share)\/(?!.*\.\.\/)|^\/etc\/(?:rc\.d\/)?init\.d\/(?!.*\.\.\/)|^\/(?:dev|proc|sys)\//;
/** Names of scripts that a site writes, wherever they are. */
const OF_THE_SITE = /\.(?:ba|k|z)?sh$|(?:^|[-_.])(?:fw|fire-?wall)(?:$|[-_.])(?!cmd)/i;
/** Files that a script reads in for their variables alone. */
const SETTINGS = /^\/etc\/(?:(?:default|sysconfig|conf\.d)\/|rc\.conf|os-release|environment|openwrt_release)/;
/** Functions and variables of the system that have nothing to do with filters or routes. */
const HELPERS =
  /^(?:\/usr)?\/(?:lib\/(?:lsb\/\S+|functions\S*|os-release|network\/\S+)$|share\/(?:debconf|bash-completion|lsb))|^\/etc\/(?:(?:rc\.d\/)?init\.d\/functions|rc\.(?:subr|status|common)|profile|bash_completion)$/;
/** A program that a variable holds: `$X`, `"${DIR:-/etc/fw}"`; those that the caller gives (`$1`, `$@`) are its own. */
const VARIABLE = /^["']?\$\{?([A-Za-z_]\w{0,60})(?::?[-=+?][^}]{0,200})?\}?["']?$/;

/**
 * The script that a command calls; undefined where it is a program, or one of the distribution's. What the site's
 * own script does with filters and routes is in no line of the file that calls it.
 * @param words the program and what stands behind it, as far as it is known
 * @param harmless programs that have nothing to do with filters or routes
 */
export function calledScript(
  words: readonly string[],
  harmless: ReadonlySet<string> = NONE,
  depth = 0,
): CalledScript | undefined {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const within = (inner: readonly string[]) => (depth > 3 ? undefined : calledScript(inner, harmless, depth + 1));
  if (program === '.' || program === 'source') {
    const path = rest[0] ?? '';
    return HELPERS.test(path) ? undefined : { path, isReadIn: true };
  }
  if (/^(?:\$\(|`)/.test(program)) return UNTOLD;
  const text = textIn(name, rest);
  if (text !== undefined) {
    // What a command prints, or nobody tells, may be any command.
    const isTold = text !== '' && !(name === 'eval' && /\$\(|`/.test(text));
    return isTold ? firstOf(commandsIn(text), within) : UNTOLD;
  }
  if (name === 'run-parts') return { path: rest.at(-1) ?? '', isReadIn: false };
  if (stopsFirewall(program, rest)) return UNTOLD;
  if (SHELLS.test(name)) {
    // A shell alone carries out what it is fed.
    return { path: rest.find((word) => !/^[-+]/.test(word)) ?? '', isReadIn: false };
  }
  if (INTERPRETERS.test(name)) {
    const path = rest.some((word) => /^-\w*[ceE]$/.test(word)) ? undefined : rest.find((word) => !word.startsWith('-'));
    return path === undefined ? undefined : { path, isReadIn: false };
  }
  const wrapped = wrappedIn(name, rest);
  if (wrapped !== undefined) return within(wrapped);
  if (harmless.has(name) || /^(?:ip6?tables|nft|ipset|ebtables|arptables)/.test(name)) return undefined;
  // Headings of captures, options and assignments are no programs.
  if (/^[-<>]|:$|^[A-Za-z_]\w*=/.test(program)) return undefined;
  const variable = VARIABLE.exec(program)?.[1];
  if (variable !== undefined) {
    const parts = [variable, ...variable.split('_')].map((part) => part.toLowerCase());
    return parts.some((part) => harmless.has(part) || WELL_KNOWN.has(part)) ? undefined : UNTOLD;
  }
  const isScript = OF_THE_SITE.test(name) || (program.includes('/') && !OF_THE_SYSTEM.test(program));
  return isScript ? { path: program, isReadIn: false } : undefined;
}

const NONE: ReadonlySet<string> = new Set();
const UNTOLD: CalledScript = { path: '', isReadIn: false };

/** The text of commands that a command carries out: of `eval`, `trap`, `alias`, `sh -c`, `su -c`. */
function textIn(name: string, words: readonly string[]): string | undefined {
  if (name === 'eval') return words.join(' ');
  if (name === 'trap') return words[0] ?? ':';
  if (name === 'alias') return words.join(' ').replace(/^[^=]*=/, '') || ':';
  const at = words.findIndex((word) => /^-\w*c$/.test(word));
  return at !== -1 && (SHELLS.test(name) || /^(?:su|runuser)$/.test(name)) ? words.slice(at + 1).join(' ') : undefined;
}

/** Programs that scripts keep in variables of their names. */
const WELL_KNOWN = new Set(
  `ip ipt iptables ip6tables ip6t ipset nft tc ifconfig route modprobe lsmod rmmod depmod insmod sysctl echo printf logger log
  grep egrep awk gawk sed cat cut tr head tail sort uniq wc id uname date rm mkdir touch cp mv ls expr sleep true false
  test ping host dig arp ethtool brctl vconfig sudo nice ebtables arptables which hostname ps kill chmod chown
  debug verbose dry dryrun`.split(/\s+/),
);

/** `service iptables stop`, `systemctl disable nftables`, `/etc/init.d/iptables stop`, `ufw disable`. */
function stopsFirewall(program: string, words: readonly string[]): boolean {
  const all = [program, ...words].join(' ').slice(0, 300);
  return (
    /^(?:\S*\/)?(?:service|systemctl|rc-service|ufw|shorewall|netfilter-persistent)\s|^\/etc\/(?:rc\.d\/)?init\.d\//.test(
      all,
    ) &&
    /\b(?:ip6?tables|nftables|firewalld?|ufw|shorewall|netfilter-persistent|ferm)\b/.test(all) &&
    /\s(?:stop|disable|mask|kill|flush|clear)(?:\s|$)/.test(all)
  );
}

/** The command that a program runs which is told it in its words: `nohup`, `timeout 5`, `xargs`, `find ... -exec`. */
function wrappedIn(name: string, words: readonly string[]): readonly string[] | undefined {
  const plain = (from: number): number => {
    let at = from;
    while (at < words.length && /^(?:-|\d+\w?$|\{\}$)/.test(words[at] as string)) at += 1;
    return at;
  };
  switch (name) {
    case 'nohup':
    case 'setsid':
    case 'ionice':
    case 'doas':
    case 'stdbuf':
    case 'busybox':
    case 'coproc':
    case 'chronic':
    case 'watch':
    case 'daemon':
    case 'strace':
    case 'chrt':
    case 'unshare':
    case 'systemd-run':
    case 'timeout':
    case 'xargs':
    case 'parallel':
      return words.slice(plain(0));
    case 'flock':
      // What is locked stands before it: a file, or the number of one that is open.
      return words.slice(words.findIndex((word) => !word.startsWith('-')) + 1);
    case 'find':
    case 'start-stop-daemon': {
      const at = words.findIndex((word) => /^(?:-exec|-execdir|--exec|-x|--startas|-a)$/.test(word));
      return at === -1 ? [] : words.slice(at + 1);
    }
    default:
      return undefined;
  }
}

/** The commands of a text, roughly: their words without quotes. */
export function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .slice(0, 2000)
    .split(/[;&|\n]+/)
    .map((command) =>
      command
        .trim()
        .split(/\s+/)
        .map((word) => word.replace(/^["']+|["']+$/g, ''))
        .filter((word) => word !== ''),
    );
}

/** The commands whose output stands in a line: `$(...)`, `` `...` ``. */
export function substitutedIn(line: string): readonly (readonly string[])[] {
  if (!/[$<>]\(|`/.test(line)) return [];
  const found = line.slice(0, 4000).matchAll(/[$<>]\(([^()`]{1,300})\)|`([^`]{1,300})`/g);
  return [...found].flatMap(([, dollar, back]) => commandsIn(dollar ?? back ?? ''));
}

/** Whether a line takes the output of a script of the site's own. */
export function takesOutput(line: string, harmless: ReadonlySet<string>): boolean {
  return substitutedIn(line).some((words) => calledScript(words, harmless) !== undefined);
}

function firstOf<T, R>(all: readonly T[], of: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = of(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Programs that carry out what they are handed, or change routes or the networks of a device. */
const NOT_PLAIN = new Set(
  `. source eval trap exec service systemctl rc-service xargs find alias ifup ifdown ip route ifconfig brctl vconfig tc nmcli
  docker sysctl netfilter-persistent iptables-persistent dpkg-reconfigure fail2ban-client`.split(/\s+/),
);
/** The kernel's settings, which a plain `echo` changes. */
const KERNEL = /\/proc\/sys\/net|\bsysctl\b/;

/**
 * Whether a script is one of the reviewed files, so that what it does is told by its own reading, or nothing: beside
 * the file that calls it, which is where the files of one device are.
 * @param harmless programs that have nothing to do with filters or routes
 */
export function isReviewed(
  { path }: CalledScript,
  caller: string,
  around: Surroundings | undefined,
  harmless: ReadonlySet<string> = NONE,
): boolean {
  if (path === '' || around === undefined) return false;
  const folder = caller.slice(0, caller.lastIndexOf('/') + 1);
  const found = around.find(path).filter((one) => one.path.slice(0, one.path.lastIndexOf('/') + 1) === folder);
  return (
    found.length > 0 &&
    found.every(
      (one) =>
        one.path !== caller && !OTHER_LANGUAGE.test(one.text) && (around.isRead(one) || isHarmless(one.text, harmless)),
    )
  );
}

const OTHER_LANGUAGE = /^#!\s*\S*?(?:\/env\s+)?(?:perl|python|ruby|node|php|lua|tclsh|expect)/;

/** Whether every command of a script is one of those that have nothing to do with filters or routes. */
function isHarmless(text: string, harmless: ReadonlySet<string>): boolean {
  if (text.length > 20_000 || !/^#!.*sh\b/.test(text)) return false;
  return text.split('\n').every((line) => {
    if (/^\s*(?:#|$)/.test(line)) return true;
    if (line.length > 1000 || KERNEL.test(line) || substitutedIn(line).some(([program]) => !isPlain(program, harmless)))
      return false;
    return commandsIn(line.replace(/\s#.*$/, '')).every(([program]) => isPlain(program, harmless));
  });
}

function isPlain(program: string | undefined, harmless: ReadonlySet<string>): boolean {
  if (program === undefined) return true;
  const name = OF_THE_SYSTEM.test(program) ? program.slice(program.lastIndexOf('/') + 1) : program;
  return (harmless.has(name) && !NOT_PLAIN.has(name)) || /^[A-Za-z_]\w*=[^$`]*$/.test(program);
}

/** Whether a script that is read in says nothing but variables. */
export function isSettings({ path, isReadIn }: CalledScript): boolean {
  return isReadIn && SETTINGS.test(path);
}

/** A place, told by the script or program that is called there: what stands behind it may be secret. */
export function labelled(origin: Origin, called: string): Origin {
  return { ...origin, label: /^[\w./${}+-]{1,200}$/.test(called) ? called : 'a script' };
}
