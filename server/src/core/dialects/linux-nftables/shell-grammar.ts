import { variableWith } from '../common/shell-script.js';

/** What a shell opens and closes again. */
export type Block = 'if' | 'loop' | 'case' | 'function' | 'group';

export const WORDS: Readonly<Record<Exclude<Block, 'group'>, string>> = {
  if: 'it stands under a condition of the script',
  loop: 'it stands in a loop of the script',
  case: 'it stands under a condition of the script',
  function: 'it stands in a function of the script',
};
export const OPENERS: Readonly<Record<string, Block>> = {
  if: 'if',
  for: 'loop',
  while: 'loop',
  until: 'loop',
  select: 'loop',
  case: 'case',
  '{': 'group',
};
export const CLOSERS: Readonly<Record<string, readonly Block[]>> = {
  fi: ['if'],
  done: ['loop'],
  esac: ['case'],
  '}': ['function', 'group'],
};
/** Words that may stand before a command. */
export const BEFORE = new Set([
  'then',
  'do',
  'else',
  'sudo',
  'env',
  'nice',
  '!',
  'exec',
  'command',
  'export',
  'readonly',
  'local',
  'declare',
]);
/** The program nft, or a variable that says it. */
export const NFT = new RegExp(String.raw`^(?:\S*/)?nft$|^${variableWith('nft')}$`, 'i');
/** Programs that run others, with what they are told. */
export const RUNNERS = /^(?:\S*\/)?(?:xargs|parallel|(?:ba|da|k|z)?sh|su)$/;
export const OUT_OF_CONDITION = 'it stands behind a condition of the script';
