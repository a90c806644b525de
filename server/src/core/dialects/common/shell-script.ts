/** The first line of a script of a shell. */
export const SHELL_SHEBANG = /^(?:\ufeff)?#!\s*\/\S*(?:\/env\s+)?\S*sh\b/;
/** What a script is made of; a text about its commands is not. */
const SHELL_LINE =
  /^[ \t]*(?:#|$|[\w.]+=|(?:if|then|else|elif|fi|for|do|done|while|case|esac|function|exit|echo|export|set|exec|sudo|modprobe|sysctl|return)\b|\$\{?\w+|\/?\S*ip\w*\b|\[|\{|\}|[\w-]+\(\)|;;|\S+\)|EOF)/;
const LEAST_SHARE = 0.7;

/** For patterns: a variable whose name says what program it holds, as `$IPT` and `${NFT_CMD}` do. */
export function variableWith(name: string): string {
  return String.raw`\$\{?\w{0,40}${name}\w{0,40}\}?`;
}

/** Whether a text that has commands in it is a shell script. */
export function isShellScript(text: string): boolean {
  return SHELL_SHEBANG.test(text) || shellShare(text) >= LEAST_SHARE;
}

/** The share of lines that a script may have. */
function shellShare(text: string): number {
  let shell = 0;
  let all = 0;
  let goesOn = false;
  for (const line of text.split('\n', 2000)) {
    const content = line.trim();
    if (content === '') continue;
    all += 1;
    if (goesOn || SHELL_LINE.test(line.slice(0, 300))) shell += 1;
    goesOn = content.endsWith('\\');
  }
  return all === 0 ? 0 : shell / all;
}
