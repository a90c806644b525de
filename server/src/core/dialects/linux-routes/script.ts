import { StatementState } from '../../text/statements.js';
import {
  type CalledScript,
  calledScript,
  isReviewed,
  isSettings,
  labelled,
  takesOutput,
} from '../common/called-script.js';
import { type ShellFunction, ShellFunctions } from '../common/shell-functions.js';
import type { Surroundings } from '../dialect.js';
import { applyCommand, type Deletions, withoutPrefix } from './commands.js';
import {
  doubtAfterCall,
  doubtAllRoutes,
  doubtPolicies,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  MAIN_TABLE,
} from './config.js';
import { isFirewall, mayOpen } from './firewall-calls.js';
import { applySetting } from './forwarding.js';
import type { Lines } from './lines.js';
import { type ShellCommand, splitCommands } from './shell-words.js';

/** Firewalls that no file of this project's dialects is of. */
const OTHER_FIREWALLS = /^(?:ufw|shorewall|firewall-cmd)$/;
const OPENERS = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{']);
const CLOSERS = new Set(['fi', 'done', 'esac', '}']);
/** Commands that have nothing to do with where packets go. */
const HARMLESS = new Set(
  `echo printf exit return set unset true false : sleep cd mkdir rm cp mv touch cat grep egrep sed awk cut head tail tr sort
  wc test [ [[ modprobe insmod logger logrotate chmod chown source . trap shift wait kill killall service systemctl date
  hostname export local readonly declare let read expr eval logname which type ethtool tc arp arping ping iw iwconfig
  wpa_supplicant ulimit umask break continue then else elif fi do done esac in } { function tee mount sync start stop
  restart ipvsadm conntrack dig host nslookup ifup ifdown mii-tool rfkill update-rc.d chkconfig`.split(/\s+/),
);
/** Programs that run others on another device, or in another network. */
const ELSEWHERE = /^(?:ssh|docker|podman|kubectl|lxc|lxc-attach|incus|nsenter|vtysh|vagrant)$/;

/** Lines of a shell that set addresses, links, routes and rules. Nothing is run: what depends is not certain. */
export function readScript(lines: Lines, config: LinuxConfig, around?: Surroundings): void {
  const variables = new Map<string, string>();
  const deletions: Deletions = [];
  /** What is open, each in the words of its line. */
  const open: string[] = [];
  const functions = new ShellFunctions();
  let hereDocument: { readonly end: string; readonly isIp: boolean } | undefined;
  for (let row = 0; row < lines.count; ) {
    const first = row;
    let text = lines.text(row);
    if (lines.isTooLong(row))
      doubtRoutes(config, MAIN_TABLE, { ...lines.origin(row), label: 'a line too long to read' });
    row += 1;
    if (hereDocument !== undefined) {
      if (text.trim() === hereDocument.end) hereDocument = undefined;
      else if (hereDocument.isIp) doubtRoutes(config, MAIN_TABLE, lines.origin(first));
      lines.mark(first, StatementState.ignored);
      continue;
    }
    // A backslash at the end joins a line with the next.
    while (text.endsWith('\\') && row < lines.count && row - first < 50) {
      text = `${text.slice(0, -1)} ${lines.text(row).trim()}`;
      row += 1;
    }
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    let state: StatementState | undefined;
    let previous: ShellCommand | undefined;
    for (const command of splitCommands(text, variables)) {
      const walk = { lines, config, around, variables, deletions, open, functions, row: first, previous };
      const became = readCommand(walk, command);
      if (state === undefined || rank(became) > rank(state)) state = became;
      if (command.hereDocument !== undefined) {
        hereDocument = { end: command.hereDocument, isIp: /(?:^|\/)ip$/.test(command.words[0] ?? '') };
      }
      previous = command;
    }
    if (takesOutput(text, HARMLESS)) {
      doubtAfterCall(config, labelled(lines.origin(first), ''), `a script that ${lines.file.path} calls`);
      state = StatementState.unmodelled;
    }
    const depth = Math.min(open.length, 255);
    for (let each = first; each < row; each += 1) lines.mark(each, state ?? StatementState.ignored, depth);
  }
  for (const settle of deletions) settle();
  lines.finish('#');
}

/** A line of several commands is as bad as its worst. */
function rank(state: StatementState): number {
  return [0, 2, 1, 4, 3][state] as number;
}

interface Walk {
  readonly lines: Lines;
  readonly config: LinuxConfig;
  readonly around: Surroundings | undefined;
  readonly variables: Map<string, string>;
  readonly deletions: Deletions;
  readonly open: string[];
  /** Functions that the script makes: what is in them stands there, each time in doubt. */
  readonly functions: ShellFunctions;
  readonly row: number;
  readonly previous: ShellCommand | undefined;
}

function readCommand(walk: Walk, command: ShellCommand): StatementState {
  const words = followBlocks(walk, command);
  const assigned = assign(walk, words);
  if (assigned === words.length) return StatementState.ignored;
  const state = runCommand(walk, command, words, assigned);
  const body = functionAt(walk);
  if (body !== undefined) {
    const name = withoutPrefix(words.slice(assigned))[0];
    if (name !== undefined) body.calls.add(name);
    if (state !== StatementState.ignored && state !== StatementState.unknown) body.changes = true;
  }
  return state;
}

/** The function whose body is open. */
function functionAt({ open, functions }: Walk): ShellFunction | undefined {
  const name = open.find((one) => one.endsWith('()'));
  return name === undefined ? undefined : functions.define(name.slice(0, -2));
}

/** What the function did in its body, it does here. */
function callFunction({ functions, variables, config, lines, row }: Walk, name: string): StatementState {
  const effects = functions.effectsOf(name);
  if (effects?.forgets === true) variables.clear();
  for (const variable of effects?.sets ?? []) variables.delete(variable);
  if (effects?.changes !== true) return StatementState.ignored;
  doubtAllRoutes(config, labelled(lines.origin(row), name), 'the function changes routes or rules');
  return StatementState.unmodelled;
}

function runCommand(walk: Walk, command: ShellCommand, words: readonly string[], assigned: number): StatementState {
  const { lines, config, open, row } = walk;
  const rest = withoutPrefix(words.slice(assigned));
  const origin = lines.origin(row, undefined);
  const condition = conditionOf(walk, command);
  const saying = {
    config,
    origin,
    deletions: walk.deletions,
    ...(condition === undefined ? {} : { undecidable: condition }),
  };
  const [program = ''] = rest;
  const name = program.slice(program.lastIndexOf('/') + 1);
  // The words of `ip -batch`: those of `ip`, without it.
  const isBatch =
    /^(?:address|addr|link|rule)$/.test(name) && /^(?:add|del|delete|replace|change|set|flush)$/.test(rest[1] ?? '');
  const state = applyCommand(saying, isBatch ? ['ip', ...rest] : rest);
  const readsFile =
    name === 'ip' && command.hereDocument === undefined && rest.some((word) => /^-b(?:atch)?$/.test(word));
  if (readsFile || (state === undefined && tellsIp(name, rest))) {
    doubtAllRoutes(config, labelled(lines.origin(row), name), 'what it changes is not told here');
    return StatementState.unmodelled;
  }
  if (state !== undefined) return state;
  if (walk.functions.has(name) && functionAt(walk) === undefined) return callFunction(walk, name);
  if (OTHER_FIREWALLS.test(name) && mayOpen(rest)) {
    doubtPolicies(config, `"${name}" in ${lines.file.path}`);
    return StatementState.unmodelled;
  }
  const script = isFirewall(name) ? undefined : calledScript(rest, HARMLESS);
  if (script !== undefined) return call(walk, script);
  if (name === 'echo' && command.into !== undefined) return readEcho(walk, rest, command.into, condition !== undefined);
  if (name === 'dhclient' || name === 'udhcpc' || name === 'dhcpcd') return readDhcp(walk, name, rest);
  // What they stop is not taken as stopped.
  if (isFirewall(name)) return StatementState.unmodelled;
  const isBlock = open.length > 0 && /\)$|^\*$/.test(text(command));
  return HARMLESS.has(name) || command.words.includes('()') || isBlock || walk.functions.has(name)
    ? StatementState.ignored
    : StatementState.unknown;
}

/** What another script does to routes and rules is not told here, unless it is one of the reviewed files. */
function call(walk: Walk, script: CalledScript): StatementState {
  const { lines, config, around, variables, row } = walk;
  if (script.isReadIn) {
    variables.clear();
    const body = functionAt(walk);
    if (body !== undefined) body.forgets = true;
  }
  // Another one does no more.
  if (config.isInDoubt && config.policyDoubt !== undefined) return StatementState.unmodelled;
  if (isSettings(script) || isReviewed(script, lines.file.path, around, HARMLESS)) return StatementState.ignored;
  const origin = labelled(lines.origin(row), script.path);
  doubtAfterCall(config, origin, `"${origin.label}"`);
  return StatementState.unmodelled;
}

/** Whether a command is for another program that calls `ip` to change routes or rules: `xargs`, `sh -c`, `timeout`. */
function tellsIp(name: string, words: readonly string[]): boolean {
  if (HARMLESS.has(name) || ELSEWHERE.test(name)) return false;
  return /(?:^|[\s/;&|])ip\s+(?:-\S+\s+)*(?:r|ro|rou|rout|route|ru|rul|rule)\s+(?:a|add|append|change|del|delete|flush|prepend|replace|restore)\b/.test(
    words.slice(1).join(' ').slice(0, 2000),
  );
}

function text({ words }: ShellCommand): string {
  return words.join(' ');
}

/** Opens and closes blocks, and gives the words behind what does so. */
function followBlocks({ open, functions }: Walk, command: ShellCommand): readonly string[] {
  let { words } = command;
  while (words.length > 0) {
    const word = words[0] as string;
    if (CLOSERS.has(word)) {
      open.pop();
      return [];
    }
    if (word === 'then' || word === 'do' || word === 'else') words = words.slice(1);
    else if (word === 'elif') return words.slice(1);
    else if (OPENERS.has(word)) {
      open.push(word === '{' ? text(command) : `${word} ${words.slice(1).join(' ')}`.slice(0, 60));
      return word === 'for' || word === 'case' || word === 'select' ? [] : words.slice(1);
    } else if (words[1] === '()' || word === 'function') {
      functions.define(word === 'function' ? (words[1] ?? '') : word);
      const brace = words.indexOf('{');
      if (brace === -1) return [];
      open.push(`${word === 'function' ? (words[1] ?? '') : word}()`);
      return words.slice(brace + 1);
    } else break;
  }
  return words;
}

/** Takes assignments; returns how many words they are. */
function assign(walk: Walk, words: readonly string[]): number {
  const { variables, open } = walk;
  let at = /^(?:export|local|readonly|declare)$/.test(words[0] ?? '') ? 1 : 0;
  const from = at;
  for (; at < words.length; at += 1) {
    const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[at] as string);
    if (found === null) break;
    const [, name = '', value = ''] = found;
    // Two values, of which one is under a condition: it cannot be told which.
    const isSure = (open.length === 0 || !variables.has(name) || variables.get(name) === value) && !/[$`]/.test(value);
    if (isSure) variables.set(name, value);
    else variables.delete(name);
    functionAt(walk)?.sets.add(name);
  }
  return at === from ? 0 : at;
}

/** Why a command may not be run, in words. */
function conditionOf({ open, previous }: Walk, { after }: ShellCommand): string | undefined {
  const [outermost] = open;
  if (outermost !== undefined) return `it stands inside of "${outermost}"`;
  if (after === '||') return 'it is run only where the command before it fails';
  const before = previous?.words[0]?.replace(/^.*\//, '') ?? '';
  const isCondition =
    after === '&&' && !/^(?:ip|route|ifconfig|vconfig|brctl|sysctl|modprobe|echo|sleep|sudo)$/.test(before);
  return isCondition ? 'it is run only where the command before it does not fail' : undefined;
}

/** `echo 1 > /proc/sys/net/ipv4/ip_forward` */
function readEcho(
  { lines, config, row }: Walk,
  words: readonly string[],
  into: string,
  isConditional: boolean,
): StatementState {
  const key = /^\/proc\/sys\/(net\/.*)$/.exec(into)?.[1];
  const value = words.at(-1) ?? '';
  if (key === undefined) return StatementState.ignored;
  if (isConditional && value === '0') return StatementState.unmodelled;
  return applySetting(config, key, value, lines.origin(row)) ?? StatementState.ignored;
}

function readDhcp({ lines, config, row }: Walk, name: string, words: readonly string[]): StatementState {
  const iface = words.slice(1).find((word) => /^[a-z]\w*\d[\w.]*$/.test(word));
  const origin = lines.origin(row);
  if (iface === undefined) return StatementState.unmodelled;
  interfaceOf(config, iface, origin).learnsAddress = { word: name, mayLearnDefaultRoute: true, origin };
  return StatementState.modelled;
}
