/**
 * Commands that run the one behind them, and which of their options have a word behind them.
 * Source: sudo(8), env(1), nice(1).
 */
export const OPTIONS_WITH_WORD: Readonly<Record<string, RegExp>> = {
  sudo: /^-(?:[ugpChrtTUDR]|-(?:user|group|prompt|chdir|host|role|type))$/,
  env: /^-(?:[uCS]|-(?:unset|chdir|split-string))$/,
  nice: /^-(?:n|-adjustment)$/,
};
