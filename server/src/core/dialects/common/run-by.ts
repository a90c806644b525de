/**
 * Commands that run the one behind them, and which of their options have a word behind them.
 * Source: sudo(8), env(1), nice(1).
 */
export const OPTIONS_WITH_WORD: Readonly<Record<string, RegExp>> = {
  sudo: /^-(?:[ugpChrtTUDR]|-(?:user|group|prompt|chdir|host|role|type))$/,
  env: /^-(?:[uCS]|-(?:unset|chdir|split-string))$/,
  nice: /^-(?:n|-adjustment)$/,
};

/** Words behind which a command stands that is run in any case. */
const PREFIXES = new Set(['sudo', 'exec', 'command', 'nice', 'time', 'builtin', 'env', '!']);

/**
 * Where the program's name stands: behind `sudo` and its like.
 * @param wordAt the word at a place; empty behind the last
 */
export function programAt(wordAt: (at: number) => string, count: number, from: number): number {
  let at = from;
  while (at < count && PREFIXES.has(wordAt(at))) {
    const prefix = wordAt(at);
    const withWord = OPTIONS_WITH_WORD[prefix];
    at += 1;
    // `command -v iptables` only asks where it is.
    if (prefix === 'command' || prefix === '!') continue;
    while (wordAt(at).startsWith('-') || /^[A-Za-z_]\w*=/.test(wordAt(at))) {
      at += withWord?.test(wordAt(at)) === true ? 2 : 1;
    }
  }
  return at;
}
