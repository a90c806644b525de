import type { Random } from '../support/random.js';

/** The long forms of options, as people write them by hand. */
const LONG: Readonly<Record<string, readonly string[]>> = {
  '-s': ['--source', '--src'],
  '-d': ['--destination', '--dst'],
  '-p': ['--protocol', '--proto'],
  '-i': ['--in-interface'],
  '-o': ['--out-interface'],
  '-j': ['--jump'],
  '-g': ['--goto'],
  '-m': ['--match'],
  '--dport': ['--destination-port'],
  '--sport': ['--source-port'],
  '--dports': ['--destination-ports'],
  '--sports': ['--source-ports'],
};

/** The same rule, some options of it written otherwise. What stands in quotes stays. */
export function respelt(random: Random, text: string): string {
  if (!random.chance(30)) return text;
  return text
    .split(/("[^"]*")/)
    .map((part) =>
      part.startsWith('"')
        ? part
        : part
            .split(' ')
            .map((word) => one(random, word))
            .join(' '),
    )
    .join('');
}

function one(random: Random, word: string): string {
  const forms = LONG[word];
  return forms !== undefined && random.chance(50) ? random.pick(forms) : word;
}
