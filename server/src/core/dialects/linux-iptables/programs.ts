import { HARMLESS } from '../common/harmless.js';
import { programAt as placeOfProgram } from '../common/run-by.js';
import { commandOf } from './commands.js';
import type { Standing } from './ruleset.js';
import type { SimpleCommand } from './shell-words.js';
import { isUntold } from './values.js';
import type { LineWords } from './words.js';

/** A text that follows a command line: where it ends, and what becomes of it. */
export interface HereText {
  readonly end: string;
  readonly use: 'restore' | 'restore-noflush' | 'ipset' | 'nothing';
  /** Variables in it stand for their values. */
  readonly expands: boolean;
  readonly standing: Standing;
}

/** Where the program's name stands: behind `sudo` and its like. */
export function programAt(words: LineWords, from: number): number {
  return placeOfProgram((at) => words.text(at), words.count, from);
}

/** What a program is to us; `other` is a relation of iptables for other packets, or only shows something. */
export function programOf(words: LineWords, at: number): 'iptables' | 'ipset' | 'restore' | 'other' | undefined {
  const word = words.text(at);
  if (isUntold(word)) return programOfVariable(words, at);
  const name = word.slice(word.lastIndexOf('/') + 1);
  // A service of that name is none of its commands.
  if (/\/init\.d\//.test(word)) return undefined;
  if (/^ip(?:4|v4)?tables(?:-legacy|-nft|\.legacy)?$/.test(name)) return 'iptables';
  if (/^ip(?:4|v4)?tables(?:-legacy|-nft)?-restore$/.test(name)) return 'restore';
  if (name === 'ipset') return 'ipset';
  return /^ip[46]?tables/.test(name) ? 'other' : undefined;
}

/** A change whose rules or members no word of the script says. */
export interface IndirectChange {
  readonly what: 'rules' | 'sets';
  readonly words: string;
}

/** `iptables-restore < file`, `... | ipset restore`, `... | xargs iptables ...`, `sh -c "iptables ..."`. */
export function indirectChange(words: LineWords, at: number): IndirectChange | undefined {
  const program = programOf(words, at);
  const rest: string[] = [];
  for (let next = at + 1; next < words.count; next += 1) rest.push(words.text(next));
  if (program === 'restore') {
    const onlyLooks = rest.some((word) => /^(?:-[thV]|--(?:test|help|version))$/.test(word));
    return onlyLooks ? undefined : { what: 'rules', words: 'rules are restored that do not stand in the script' };
  }
  if (program === 'ipset') {
    const restores = rest.some((word) => /^(?:restore|-R|--restore)$/.test(word));
    return restores ? { what: 'sets', words: 'sets are restored that do not stand in the script' } : undefined;
  }
  const path = words.text(at);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const runs =
    /^(?:xargs|parallel)$/.test(name) ||
    (/^(?:(?:ba|da|k|z)?sh|su)$/.test(name) && rest.some((word) => /^-\w*c$/.test(word)));
  if (!runs) return undefined;
  const all = rest.join(' ');
  if (/(?:^|[\s/;&|])ip(?:4|v4)?tables(?:-legacy|-nft)?(?:-restore)?(?:\s|$)/.test(all))
    return { what: 'rules', words: `rules are made by way of ${name}` };
  return /(?:^|[\s/;&|])ipset(?:\s|$)/.test(all)
    ? { what: 'sets', words: `sets are made by way of ${name}` }
    : undefined;
}

/**
 * Where a command of iptables begins behind a word that is not known: `$exe -A FORWARD ...`,
 * `run iptables -A FORWARD ...`, `ipt -A FORWARD ...`. Undefined where it looks like none.
 */
export function wrappedAt(words: LineWords, at: number): number | undefined {
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

export function hereText(
  command: SimpleCommand,
  from: number,
  known: HereText | undefined,
  standing: Standing,
): HereText {
  const use = useOf(command.words, from);
  return {
    end: command.hereEnd ?? '',
    use: use === 'nothing' && known !== undefined ? known.use : use,
    expands: command.hereExpands,
    standing,
  };
}

export function useOf(words: LineWords, from: number): HereText['use'] {
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
