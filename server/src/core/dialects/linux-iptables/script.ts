import { StatementState } from '../../text/statements.js';
import { commandOf, runCommand } from './commands.js';
import type { Loader } from './reader.js';
import type { Standing } from './ruleset.js';
import { type Joint, ShellLine, type SimpleCommand, Variables } from './shell-words.js';
import { isUntold, UNTOLD } from './values.js';
import type { LineWords } from './words.js';

/** A text that follows a command line: where it ends, and what becomes of it. */
export interface HereText {
  readonly end: string;
  readonly use: 'restore' | 'restore-noflush' | 'ipset' | 'nothing';
  /** Variables in it stand for their values. */
  readonly expands: boolean;
  readonly standing: Standing;
}

type Block = 'if' | 'loop' | 'case' | 'function' | 'group';

const CONDITIONS: Readonly<Record<Exclude<Block, 'group'>, string>> = {
  if: 'it stands under a condition of the script',
  loop: 'it stands in a loop of the script',
  case: 'it stands under a condition of the script',
  function: 'it stands in a function of the script',
};

/** Commands after which others may follow on the same line, carried out in any case. */
const PREFIXES = new Set(['sudo', 'exec', 'command', 'nice', 'time', 'builtin', 'env', '-n', '-E', '!']);

/** Commands that do not touch the filters, as far as a script of this sort has them. */
const HARMLESS = new Set(
  `echo printf modprobe insmod rmmod depmod sysctl logger sleep true false : test [ [[ exit return set unset shift export
  readonly local declare typeset read cat touch chmod chown mkdir rm cp mv ln ls grep egrep sed awk cut head tail tr sort
  uniq wc date id whoami uname hostname which type command trap wait kill killall ulimit umask cd pwd ifconfig ip route tc
  arp ethtool brctl vconfig service systemctl rc-service update-rc.d chkconfig netfilter-persistent iptables-save
  ip6tables-save ip6tables ip6tables-restore ebtables arptables iptables-persistent apt apt-get yum dnf dpkg-reconfigure
  log_daemon_msg log_end_msg log_action_msg log_begin_msg success failure action clear let alias shopt basename dirname
  nmcli docker fail2ban-client conntrack source . eval break continue tee xargs find ping host dig nslookup getent
  curl wget function then fi done esac do else { } ( )`.split(/\s+/),
);

/** Files that a script reads for its variables alone. */
const SETTINGS_FILE =
  /^(?:\/lib\/lsb\/|\/etc\/(?:rc\.d\/)?init\.d\/functions|\/etc\/rc\.(?:conf|subr|status)|\/etc\/sysconfig\/|\/etc\/default\/|\/etc\/conf\.d\/|\/etc\/profile|\/usr\/share\/)/;

/** The lines of a shell script, one after another: its variables, its blocks, and the commands of iptables in it. */
export class Script {
  readonly #loader: Loader;
  readonly #variables = new Variables();
  readonly #blocks: Block[] = [];
  /** Why what follows may not be carried out at all. */
  #mayHaveEnded: string | undefined;
  hasEnded = false;

  constructor(loader: Loader) {
    this.#loader = loader;
  }

  /** Puts the values of variables into a text that a command is given. */
  expand(text: string): string {
    return text.replace(
      /\\([$`\\])|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)|\([^)]{0,200}\)|\{[^}]{0,200}\}|\d)|`[^`]{0,200}`/g,
      (whole, escaped, braced, plain) => {
        if (escaped !== undefined) return escaped as string;
        const name = (braced ?? plain) as string | undefined;
        return name === undefined ? (whole === '' ? '' : UNTOLD) : this.#variables.get(name);
      },
    );
  }

  /** Reads the command line from `start` to `end`. */
  read(
    row: number,
    start: number,
    end: number,
  ): { readonly state: StatementState; readonly here: HereText | undefined } {
    this.#lineStart = start;
    const line = new ShellLine(this.#loader.file.text, start, end, this.#variables);
    let state: StatementState = StatementState.ignored;
    let here: HereText | undefined;
    let before: { readonly joint: Joint; readonly words: LineWords } | undefined;
    for (let command = line.next(); command !== undefined; command = line.next()) {
      const joined = this.#conditionOf(before);
      const from = this.#keywords(command);
      this.#assign(command, joined);
      const standing = this.#standing(joined);
      if (command.hereEnd !== undefined) here = hereText(command, from, here, standing);
      else if (here !== undefined && before?.joint === '|' && here.use === 'nothing') {
        // `cat <<EOF | iptables-restore`
        here = { ...here, use: useOf(command.words, from) };
      }
      if (from < command.words.count) {
        state = worse(state, this.#run(command, from, row, start, end, standing));
      }
      this.#brackets(command);
      if (command.words.count > 0 || command.joint !== ';') before = { joint: command.joint, words: command.words };
    }
    return { state, here };
  }

  #standing(joined: string | undefined): Standing {
    const innermost = this.#innermost();
    const inFunction = this.#blocks.includes('function');
    const condition = inFunction
      ? CONDITIONS.function
      : innermost === undefined
        ? (joined ?? this.#mayHaveEnded)
        : CONDITIONS[innermost];
    return {
      ...(condition === undefined ? {} : { condition }),
      ...(inFunction ? { elsewhere: true } : {}),
      ...(innermost !== undefined && !inFunction ? { block: this.#outermost } : {}),
    };
  }

  #innermost(): Exclude<Block, 'group'> | undefined {
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const block = this.#blocks[at];
      if (block !== undefined && block !== 'group') return block;
    }
    return undefined;
  }

  /** Why the command behind `&&` or `||` may not be carried out. Commands of iptables are taken to succeed. */
  #conditionOf(before: { readonly joint: Joint; readonly words: LineWords } | undefined): string | undefined {
    if (before === undefined || (before.joint !== '&&' && before.joint !== '||')) return undefined;
    const from = programAt(before.words, 0);
    const command = programOf(before.words, from) === 'iptables' ? commandOf(before.words, from + 1) : undefined;
    if (before.joint === '&&' && command !== undefined && command !== '-C' && command !== '-L') return undefined;
    // `-C rule || -A rule`: it is there in the end.
    if (before.joint === '||' && command === '-C') return undefined;
    return 'it depends on the command before it';
  }

  /** Opens and closes blocks; the place of the first word behind the keywords. */
  #keywords({ words, joint }: SimpleCommand): number {
    let at = 0;
    for (; at < words.count; at += 1) {
      switch (words.text(at)) {
        case 'if':
          this.#open('if');
          continue;
        case 'while':
        case 'until':
          this.#open('loop');
          continue;
        case 'for':
        case 'select':
          this.#open('loop');
          this.#variables.forget(words.text(at + 1));
          return words.count;
        case 'case':
          this.#open('case');
          // Its first pattern may stand on the same line.
          return words.count;
        case 'then':
        case 'else':
        case 'elif':
        case 'do':
        case '!':
          continue;
        case 'fi':
        case 'done':
        case 'esac':
          this.#blocks.pop();
          continue;
        case '{':
          this.#open('group');
          continue;
        case '}':
          this.#blocks.pop();
          continue;
        case 'function':
          this.#open('function');
          this.#expectsBody = true;
          return words.count;
        default:
      }
      break;
    }
    // `name()`: what follows is its body. A pattern of a `case` ends in a bracket, too.
    if (joint === ')' && this.#blocks.at(-1) === 'case') return words.count;
    return at;
  }

  #expectsBody = false;
  #mayBeFunction = false;
  /** Where the line at hand begins, and the one that opened the outermost block. */
  #lineStart = 0;
  #outermost = 0;

  #open(block: Block): void {
    if (block === 'group' && this.#expectsBody) {
      this.#expectsBody = false;
      return;
    }
    if (this.#blocks.length === 0) this.#outermost = this.#lineStart;
    // No script nests so deep; what does is under conditions anyway.
    if (this.#blocks.length < 1000) this.#blocks.push(block);
  }

  #brackets({ words, joint }: SimpleCommand): void {
    if (joint === '(') {
      if (words.count > 0) this.#mayBeFunction = true;
      else this.#open('group');
    } else if (joint === ')') {
      if (this.#mayBeFunction) {
        this.#mayBeFunction = false;
        if (!this.#expectsBody) {
          this.#open('function');
          this.#expectsBody = true;
        }
      } else if (this.#blocks.at(-1) === 'group') this.#blocks.pop();
    } else this.#mayBeFunction = false;
  }

  #assign({ words, assignments }: SimpleCommand, joined: string | undefined): void {
    // `NAME=value command` sets it for the command alone.
    if (words.count > 0 && !/^(?:export|readonly|local|declare|typeset)$/.test(words.text(0))) return;
    const isSure = this.#standing(joined).condition === undefined;
    for (const { name, value } of assignments) this.#variables.set(name, value, isSure);
    for (let at = 1; at < words.count; at += 1) {
      const assigned = /^([A-Za-z_]\w*)=(.*)$/s.exec(words.text(at));
      if (assigned !== null) this.#variables.set(assigned[1] as string, assigned[2] as string, isSure);
    }
  }

  #run(
    { words, joint }: SimpleCommand,
    first: number,
    row: number,
    start: number,
    end: number,
    standing: Standing,
  ): StatementState {
    const at = programAt(words, first);
    const program = programOf(words, at);
    const from = at + 1;
    if (program === 'iptables') {
      const command = `${this.#loader.file.text.slice(words.start(0), words.stop(at))}`;
      this.#loader.command = command;
      return runCommand(this.#loader, words, from, { row, start: words.start(0), end, standing, command });
    }
    if (program === 'ipset') {
      const understood = this.#loader.sets.run(words, from, this.#loader.origin(start, end), standing.condition);
      return understood ? StatementState.modelled : StatementState.unknown;
    }
    const maybe = program === undefined ? wrappedAt(words, at) : undefined;
    if (maybe !== undefined) {
      // A variable or a function of the script's own stands before it, which may do anything with it.
      const condition = standing.condition ?? 'what calls it is not known';
      const place = { row, start: words.start(0), end, standing: { ...standing, condition } };
      const state = runCommand(this.#loader, words, maybe, place);
      return worse(state, StatementState.unmodelled);
    }
    const name = words.text(at);
    if (name === 'exit') this.#exit(words.text(from), start, standing);
    else if (name === 'read')
      for (let next = from; next < words.count; next += 1) this.#variables.forget(words.text(next));
    else if (name === '.' || name === 'source') return this.#source(words.text(from), start, end);
    else if (name === 'eval') return this.#doubtAll('a command that is put together (eval)', start, end);
    const isKnown = program !== undefined || HARMLESS.has(name.slice(name.lastIndexOf('/') + 1));
    // `name()`: the beginning of a function.
    return isKnown || name.startsWith('-') || (joint === '(' && words.count === 1)
      ? StatementState.ignored
      : StatementState.unknown;
  }

  /** A failure leaves a script that did not do its work, which is no device's state. */
  #exit(code: string, start: number, standing: Standing): void {
    if (standing.condition === undefined) {
      this.hasEnded = true;
      this.#loader.scriptEnd = start;
    } else if (code === '' || code === '0') this.#mayHaveEnded ??= 'the script may have ended before it';
  }

  #source(path: string, start: number, end: number): StatementState {
    if (SETTINGS_FILE.test(path)) return StatementState.ignored;
    return this.#doubtAll('another script is read in here', start, end);
  }

  /** Who knows what it does to the chains that are there by now. */
  #doubtAll(words: string, start: number, end: number): StatementState {
    const origin = this.#loader.origin(start, end);
    for (const chain of this.#loader.ruleset.table('filter', origin).chains.values()) chain.doubt ??= words;
    return StatementState.unmodelled;
  }
}

/** Where the program's name stands: behind `sudo` and its like. */
function programAt(words: LineWords, from: number): number {
  let at = from;
  while (at < words.count && PREFIXES.has(words.text(at))) at += 1;
  return at;
}

/** What a program is to us; `other` is a relation of iptables for other packets, or only shows something. */
function programOf(words: LineWords, at: number): 'iptables' | 'ipset' | 'restore' | 'other' | undefined {
  const word = words.text(at);
  if (isUntold(word)) return programOfVariable(words, at);
  const name = word.slice(word.lastIndexOf('/') + 1);
  if (/^ip(?:4|v4)?tables(?:-legacy|-nft|\.legacy)?$/.test(name)) return 'iptables';
  if (/^ip(?:4|v4)?tables(?:-legacy|-nft)?-restore$/.test(name)) return 'restore';
  if (name === 'ipset') return 'ipset';
  return /^ip[46]?tables/.test(name) ? 'other' : undefined;
}

/**
 * Where a command of iptables begins behind a word that is not known: `$exe -A FORWARD ...`,
 * `run iptables -A FORWARD ...`, `ipt -A FORWARD ...`. Undefined where it looks like none.
 */
function wrappedAt(words: LineWords, at: number): number | undefined {
  const name = words.text(at);
  if (name === '' || name.startsWith('-') || HARMLESS.has(name.slice(name.lastIndexOf('/') + 1))) return undefined;
  if (isUntold(name) && /6/.test(words.source(at))) return undefined;
  const from = programOf(words, at + 1) === 'iptables' ? at + 2 : at + 1;
  const command = commandOf(words, from);
  if (command === undefined || !['-A', '-I', '-P', '-R', '-D', '-F'].includes(command)) return undefined;
  if (from === at + 2) return from;
  for (let next = from; next < words.count; next += 1) {
    const word = words.text(next);
    if (word === '-j' || word === '--jump' || word === '-g' || (command === '-P' && /^(?:ACCEPT|DROP)$/.test(word)))
      return from;
    if (command === '-F' && (next === from + 1 || words.count === from + 1) && isUntold(name)) return from;
  }
  return undefined;
}

/** `$IPT -A ...`, where another file says what `$IPT` is. */
function programOfVariable(words: LineWords, at: number): 'iptables' | 'other' | undefined {
  const name = words.source(at);
  if (!/^["']?\$\{?\w+\}?["']?$/.test(name) || commandOf(words, at + 1) === undefined) return undefined;
  if (/6/.test(name)) return 'other';
  return /ip|fw|filter|tables/i.test(name) ? 'iptables' : undefined;
}

function hereText(command: SimpleCommand, from: number, known: HereText | undefined, standing: Standing): HereText {
  const use = useOf(command.words, from);
  return {
    end: command.hereEnd ?? '',
    use: use === 'nothing' && known !== undefined ? known.use : use,
    expands: command.hereExpands,
    standing,
  };
}

function useOf(words: LineWords, from: number): HereText['use'] {
  const at = programAt(words, from);
  const program = programOf(words, at);
  if (program === 'restore') {
    for (let next = at + 1; next < words.count; next += 1) {
      if (words.text(next) === '-n' || words.text(next) === '--noflush') return 'restore-noflush';
    }
    return 'restore';
  }
  return program === 'ipset' ? 'ipset' : 'nothing';
}

const ORDER: readonly StatementState[] = [
  StatementState.ignored,
  StatementState.modelled,
  StatementState.unmodelled,
  StatementState.unknown,
];

export function worse(a: StatementState, b: StatementState): StatementState {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
