import { lastFrom } from '../../text/search.js';
import { variableWith } from '../common/shell-script.js';
import type { Cursor } from './cursor.js';
import { ShellText } from './shell-text.js';

/** A command of nft that changes the ruleset, as scripts write it. */
const COMMAND = new RegExp(
  String.raw`^[^#\n]{0,200}?(?:\bnft|${variableWith('nft')})["']?[ \t]+(?:-[a-eg-z][a-z]*[ \t]+)*(?:["'])?(?:add|insert|create|replace|delete|destroy|flush|-f)\b`,
  'im',
);
const SHEBANG = /^(?:\ufeff)?#![^\n]*\/(?:env[ \t]+)?(?:-S[ \t]+)?(\w*)/;

/** Whether a text is a script of a shell that calls nft, and not a file for nft itself. */
export function isShell(text: string): boolean {
  const interpreter = SHEBANG.exec(text)?.[1];
  if (interpreter === 'nft') return false;
  // The search for a command takes its time on a long listing.
  const command = /nft/i.test(text) ? COMMAND.exec(text) : null;
  if (command === null) return false;
  if (interpreter?.endsWith('sh') === true) return true;
  const table = /^[ \t]*(?:add[ \t]+)?table[ \t]+(?:\w+[ \t]+)?[\w-]+[ \t]*\{/m.exec(text);
  return table === null || (command.index < table.index && /<</.test(text.slice(command.index, table.index)));
}

/** Why the lines of a span may not be carried out. */
export interface Doubt {
  readonly start: number;
  readonly end: number;
  readonly words: string;
}

/** What of a script is for nft, with every character where it was: all else is blank. */
export function asNft(text: string): { readonly text: string; readonly doubts: readonly Doubt[] } {
  return new ShellText(text).read();
}

/** Why the command at hand may not be carried out; undefined: it is. */
export function commandDoubt(cursor: Cursor): string | undefined {
  const { doubts } = cursor;
  if (doubts.length === 0) return undefined;
  const { start } = cursor;
  const doubt = doubts[lastFrom(doubts.length, (index) => (doubts[index] as Doubt).start, start)];
  return doubt !== undefined && doubt.start <= start && start < doubt.end ? doubt.words : undefined;
}
