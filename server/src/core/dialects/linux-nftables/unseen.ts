import { calledScript, commandsIn, substitutedIn } from '../common/called-script.js';
import { HARMLESS } from '../common/harmless.js';
import { programAt } from '../common/run-by.js';
import { ShellFunctions } from '../common/shell-functions.js';
import { NFT } from './shell-grammar.js';

const CHANGES = /\bnft["']?\s+(?:-\S+\s+)*["']?(?:add|insert|create|replace|delete|destroy|flush|reset|-f)\b/;
/** Words before a command that the reading of commands knows, too. */
const KNOWN_BEFORE = /^(?:if|then|else|elif|while|until|do|\{|!)$/;
/** Programs that only show or keep what they are told. */
const SPEAKERS = /^(?:echo|printf|logger|log\w*|grep|egrep|sed|awk|cat|tee|wall|mail)$/;
/** Of a longer script nobody looks at the rest: it is in doubt. */
const MOST_LINES = 200_000;
/** Where a command begins; what stands behind is for it. */
const LONGEST_BEGINNING = 2000;

/**
 * Why a script may change the ruleset by what is not read of it, in words: functions that are called, commands that
 * other programs are told, scripts that no word names. Undefined where nothing does. The commands of nft that stand
 * plainly, and scripts that are called by their names, are read as they stand.
 */
export function unseenIn(text: string): string | undefined {
  const raw = rawLines(text);
  const lines = plainLines(raw);
  if (lines.length > MOST_LINES) return 'a script of so many lines';
  const functions = new ShellFunctions();
  let body: { name: string; depth: number } | undefined;
  for (const line of raw) {
    const trapped = /\btrap\s+(["'])(.{1,300}?)\1/.exec(line)?.[2];
    if (trapped !== undefined && commandsIn(trapped).some((words) => calledScript(words, HARMLESS) !== undefined))
      return 'a script that is called in the end';
    if (
      substitutedIn(line).some((words) => calledScript(words, HARMLESS) !== undefined || CHANGES.test(words.join(' ')))
    )
      return 'what a command of the script prints, is made by a change';
  }
  for (const line of lines) {
    for (const command of line.split(/[;&|]+/)) {
      const made = /^\s*(?:function\s+([\w-]+)\s*(?:\(\s*\))?|([\w-]+)\s*\(\s*\))/.exec(command);
      const rest = made === null ? command : command.slice(made[0].length);
      if (made !== null && body === undefined) {
        const name = (made[1] ?? made[2]) as string;
        functions.define(name);
        body = { name, depth: 0 };
      }
      const why = unseenOf(rest, functions, body?.name);
      if (why !== undefined) return why;
      if (body === undefined) continue;
      body.depth += count(rest, '{') - count(rest, '}') + count(rest, '(') - count(rest, ')');
      if (body.depth <= 0 && /[{})]/.test(rest)) body = undefined;
    }
  }
  return undefined;
}

function unseenOf(command: string, functions: ShellFunctions, inside: string | undefined): string | undefined {
  const { words, isPlain: isAlone } = behindBlocks(command.slice(0, LONGEST_BEGINNING).trim().split(/\s+/));
  const isPlain = isAlone && !/</.test(command) && !words[0]?.includes('\\');
  const program = words[0]?.replace(/\\/g, '') ?? '';
  if (program === '') return command.length > LONGEST_BEGINNING ? 'a command of that length' : undefined;
  if (program.startsWith('#')) return undefined;
  const body = inside === undefined ? undefined : functions.define(inside);
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (NFT.test(program)) {
    if (body !== undefined) body.changes = true;
    return isAlone ? undefined : 'a command of nft behind what stands before it';
  }
  if (functions.has(program)) {
    if (body !== undefined) body.calls.add(program);
    const effects = functions.effectsOf(program);
    const acts = effects !== undefined && (effects.changes || effects.forgets || effects.sets.size > 0);
    return body === undefined && acts ? `the function ${program} of the script` : undefined;
  }
  body?.calls.add(program);
  if (program === 'trap' && functions.effectsOf(words[1] ?? '')?.changes === true)
    return `the function ${words[1] ?? ''} of the script`;
  const assigned = /^([A-Za-z_]\w*)=/.exec(program)?.[1];
  if (assigned !== undefined) body?.sets.add(assigned);
  const script = calledScript([program, ...words.slice(1)], HARMLESS);
  if (script !== undefined) {
    if (body !== undefined) {
      body.changes = true;
      body.forgets ||= script.isReadIn;
    }
    return isPlain && script.path !== '' ? undefined : 'a script whose name is not told';
  }
  return !SPEAKERS.test(name) && assigned === undefined && CHANGES.test(words.slice(1).join(' '))
    ? `what ${/^[\w.-]{1,40}$/.test(name) ? name : 'a command'} is told`
    : undefined;
}

/** A command behind what may stand before it; `isPlain`: nothing does that the reading of commands does not know. */
function behindBlocks(words: readonly string[]): { readonly words: readonly string[]; readonly isPlain: boolean } {
  let rest = words;
  let isPlain = true;
  for (;;) {
    const [word = ''] = rest;
    if (KNOWN_BEFORE.test(word)) rest = rest.slice(1);
    else if (word === 'case' && rest.includes('in')) {
      isPlain = false;
      rest = rest.slice(rest.indexOf('in') + 1);
    } else if (/^\($|^\d*(?:>>?|<)&?\S+$|^[^\s()]*\)$/.test(word) && rest.length > 1) {
      isPlain = false;
      rest = rest.slice(1);
    } else if (word.startsWith('(') && !word.startsWith('((')) {
      isPlain = false;
      rest = [word.slice(1), ...rest.slice(1)];
    } else if (/^[A-Za-z_]\w*=/.test(word) && rest.length > 1 && !/^[A-Za-z_]\w*=\(/.test(word)) {
      isPlain = false;
      rest = rest.slice(1);
    } else {
      const at = programAt((place) => rest[place] ?? '', rest.length, 0);
      if (at === 0) return { words: rest, isPlain };
      if (/^(?:time|builtin)$/.test(word)) isPlain = false;
      rest = rest.slice(at);
    }
  }
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** The lines of a script without comments and texts that follow commands. */
function rawLines(text: string): string[] {
  const kept: string[] = [];
  let end: string | undefined;
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    kept.push(line);
    end = /(?:^|[^<$(\d])<<-?\s*["']?([A-Za-z_]\w*)["']?/.exec(line)?.[1];
  }
  return kept;
}

/** Those, and what stands in quotes with blanks in it is gone, too. */
function plainLines(raw: readonly string[]): string[] {
  const quoted = /'([^']*)'|"((?:\\.|[^"\\])*)"/g;
  return raw
    .join('\n')
    .replace(quoted, (_, single: string | undefined, double: string | undefined) => {
      const inner = single ?? double ?? '';
      return /^[^\s;&|(){}<>]+$/.test(inner) ? inner : double !== undefined && /\$\(|`/.test(inner) ? '"$()"' : '""';
    })
    .split('\n');
}
