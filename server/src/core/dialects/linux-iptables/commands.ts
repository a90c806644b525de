import { StatementState } from '../../text/statements.js';
import type { CommandPlace, Loader } from './reader.js';
import type { Named } from './rule.js';
import { type ChainState, rulesOf, type TableState } from './ruleset.js';
import { isUntold, UNTOLD } from './values.js';
import { LineWords } from './words.js';

/** Commands of iptables by their long and short names. */
const COMMANDS: ReadonlyMap<string, string> = new Map(
  [
    ['-A', '--append'],
    ['-I', '--insert'],
    ['-D', '--delete'],
    ['-R', '--replace'],
    ['-C', '--check'],
    ['-N', '--new-chain', '--new'],
    ['-X', '--delete-chain'],
    ['-P', '--policy'],
    ['-F', '--flush'],
    ['-Z', '--zero'],
    ['-L', '--list'],
    ['-S', '--list-rules'],
    ['-E', '--rename-chain'],
    ['-V', '--version'],
    ['-h', '--help'],
  ].flatMap((names) => names.map((name): [string, string] => [name, names[0] as string])),
);

/** `-nvL`: what is shown, and how. */
const SHOWS = /^-[nvx]*[LS][nvx]*$/;

/** Commands that only show or count, or ask whether a rule is there. */
const HARMLESS = new Set(['-C', '-Z', '-L', '-S', '-V', '-h']);

/** A command taken apart: what it does, to which table, and the words that are left. */
interface Parts {
  readonly command: string;
  readonly table: string | undefined;
  readonly rest: LineWords;
}

/** Which command the words from `from` on are; undefined where they are none. */
export function commandOf(words: LineWords, from: number): string | undefined {
  return takeApart(words, from)?.command;
}

/** Carries out one command of iptables, whose words begin at `from`. */
export function runCommand(loader: Loader, words: LineWords, from: number, place: CommandPlace): StatementState {
  // Nearly every line of every file.
  if (words.text(from) === '-A' && place.table !== undefined && from + 1 < words.count) {
    const chain = named(words, from + 1);
    if (!isUntold(chain.name)) return loader.addRule(place.table, chain, words, from + 2, place);
  }
  const parts = takeApart(words, from);
  if (parts === undefined) return StatementState.unknown;
  const { command, rest } = parts;
  if (HARMLESS.has(command)) return StatementState.ignored;
  const origin = loader.origin(place.start, place.end);
  if (parts.table !== undefined && isUntold(parts.table)) {
    // It may be any of them.
    for (const name of ['raw', 'mangle', 'nat', 'filter'])
      loader.ruleset.table(name, origin).doubt ??= 'a table is named by what this file does not set';
    return StatementState.unmodelled;
  }
  const table =
    parts.table === undefined
      ? (place.table ?? loader.ruleset.table('filter', origin))
      : loader.ruleset.table(parts.table, origin);
  if (rest.count > 0 && isUntold(rest.text(0))) {
    table.doubt ??= 'a chain is named by what this file does not set';
    return StatementState.unmodelled;
  }
  return carryOut(loader, table, command, rest, place);
}

function carryOut(
  loader: Loader,
  table: TableState,
  command: string,
  rest: LineWords,
  place: CommandPlace,
): StatementState {
  const { ruleset } = loader;
  const { standing } = place;
  const first = rest.count > 0 ? named(rest, 0) : undefined;
  if (command === '-F' || command === '-X') {
    const chains = first === undefined ? [...table.chains.values()] : [table.chains.get(first.name)];
    for (const chain of chains) if (chain !== undefined) empty(loader, table, chain, command, place);
    return StatementState.modelled;
  }
  if (first === undefined) return StatementState.unknown;
  switch (command) {
    case '-A':
      return loader.addRule(table, first, rest, 1, place);
    case '-I': {
      const position = positionOf(rest.text(1));
      const known = rest.count > 1 ? position : undefined;
      if (rest.text(1) === UNTOLD) {
        // Where it is put, or what it asks, cannot be told.
        loader.chainOf(table, first).doubt ??= 'a rule is put in a place that this file does not set';
      }
      return loader.addRule(table, first, rest, known === undefined ? 1 : 2, place, known ?? 1);
    }
    case '-R': {
      const position = positionOf(rest.text(1));
      const chain = loader.chainOf(table, first);
      if (position === undefined || !ruleset.remove(chain, position, standing)) return doubt(chain);
      return loader.addRule(table, first, rest, 2, place, position);
    }
    case '-D': {
      const chain = loader.chainOf(table, first);
      const which = rest.count === 2 ? (positionOf(rest.text(1)) ?? rest.key(1)) : rest.key(1);
      if (ruleset.remove(chain, which, standing)) return StatementState.modelled;
      // With nothing in the chain there is nothing to delete: scripts clear away what an earlier run left.
      return rulesOf(chain).length === 0 && chain.doubt === undefined ? StatementState.ignored : doubt(chain);
    }
    case '-N':
      loader.declareChain(table, first, place);
      return StatementState.modelled;
    case '-P':
      return setPolicy(loader, table, first, rest.text(1), place);
    case '-E':
      table.doubt ??= 'a chain is renamed';
      return StatementState.unmodelled;
    default:
      return StatementState.unknown;
  }
}

function empty(loader: Loader, table: TableState, chain: ChainState, command: string, place: CommandPlace): void {
  // Only an empty chain can be deleted, and nothing can jump to one that is not there.
  if (command === '-F') loader.ruleset.flush(chain, place.standing);
  else if (!chain.builtIn && place.standing.condition === undefined) {
    if (rulesOf(chain).length === 0) table.chains.delete(chain.name);
  }
}

function doubt(chain: ChainState): StatementState {
  chain.doubt ??= 'a rule is deleted or replaced that is not in this file';
  return StatementState.unmodelled;
}

/** `-P chain policy`, and `:chain policy` of a restore file. */
export function setPolicy(
  loader: Loader,
  table: TableState,
  name: Named,
  policy: string,
  place: CommandPlace,
): StatementState {
  const chain = loader.chainOf(table, name);
  loader.refer('chain', `${table.name} ${name.name}`, name, table.name);
  chain.origin = loader.origin(place.start, place.end);
  chain.nameOrigin ??= { file: loader.file.path, start: name.start, end: name.stop, label: name.name };
  const action = policy === 'ACCEPT' ? 'accept' : policy === 'DROP' ? 'drop' : undefined;
  if (!chain.builtIn || action === undefined || (table.name === 'nat' && action === 'drop')) {
    // iptables refuses it, or a program decides, or the file does not say.
    chain.endDoubt = 'the policy cannot be told';
    chain.used = true;
    return isUntold(policy) ? StatementState.unmodelled : StatementState.unknown;
  }
  loader.ruleset.setEnd(chain, { action, origin: chain.origin }, place.standing);
  return StatementState.modelled;
}

/** Takes the words of a command apart, whatever their order. */
function takeApart(words: LineWords, from: number): Parts | undefined {
  let command: string | undefined;
  let commandAt = -1;
  let table: string | undefined;
  const kept: number[] = [];
  for (let at = from; at < words.count; at += 1) {
    const word = words.text(at);
    if (word === '-t' || word === '--table') {
      table = words.text(at + 1);
      at += 1;
    } else if (word.startsWith('--table=')) table = word.slice(8);
    else if (/^-t[a-z]+$/.test(word)) table = word.slice(2);
    else if (command === undefined && (word === '-w' || word === '--wait' || word === '-W')) {
      if (/^\d+$/.test(words.text(at + 1))) at += 1;
    } else if (command === undefined && (COMMANDS.has(word) || SHOWS.test(word))) {
      command = COMMANDS.get(word) ?? '-L';
      commandAt = kept.length;
    } else kept.push(at);
  }
  if (command === undefined) return undefined;
  // What stands before the command belongs to the rule, behind the chain's name: `-p tcp -A FORWARD`.
  const before = kept.slice(0, commandAt);
  const after = kept.slice(commandAt);
  const order = command === '-I' && positionOf(words.text(after[1] ?? -1)) !== undefined ? 2 : 1;
  const rest = new LineWords().reset(words.whole);
  for (const at of [...after.slice(0, order), ...before, ...after.slice(order)]) {
    rest.push(words.text(at), words.start(at), words.stop(at));
  }
  return { command, table, rest };
}

function positionOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export function named(words: LineWords, at: number): Named {
  return { name: words.text(at), start: words.start(at), stop: words.stop(at) };
}
