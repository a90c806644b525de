/** One command of a line of a shell script. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** What stands before it: it may not be run behind `&&` and `||`. */
  readonly after: '' | '&&' | '||' | '|';
  /** The file that its output goes into. */
  readonly into?: string;
  /** The line that ends the text which follows it: `<<EOF`. */
  readonly hereDocument?: string;
}

/** More commands on one line than this are not looked at. */
const MOST_COMMANDS = 200;

/**
 * Splits a line into its commands, with quotes taken off and variables put in. A variable that is not
 * known stays as it is written, with its `$`. Source: POSIX, "Shell Command Language", 2.2 to 2.6.
 */
export function splitCommands(line: string, variables: ReadonlyMap<string, string>): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let after: ShellCommand['after'] = '';
  let into: string | undefined;
  let hereDocument: string | undefined;
  const close = (next: ShellCommand['after']): void => {
    if (words.length > 0) {
      commands.push({
        words,
        after,
        ...(into === undefined ? {} : { into }),
        ...(hereDocument === undefined ? {} : { hereDocument }),
      });
    }
    words = [];
    into = undefined;
    hereDocument = undefined;
    after = next;
  };
  const { length } = line;
  let at = 0;
  while (at < length && commands.length < MOST_COMMANDS) {
    const sign = line.charAt(at);
    if (sign <= ' ') at += 1;
    else if (sign === '#') break;
    else if (sign === ';') {
      close('');
      at += 1;
    } else if (sign === '&' || sign === '|') {
      const twice = line.charAt(at + 1) === sign;
      close(twice ? (sign === '&' ? '&&' : '||') : sign === '|' ? '|' : '');
      at += twice ? 2 : 1;
    } else if (sign === '(' && (line.startsWith('((', at) || /^[A-Za-z_]\w*\+?=$/.test(words.at(-1) ?? ''))) {
      // `(( ... ))` and a list of words: nothing in them is run.
      const isList = !line.startsWith('((', at);
      const stop = line.indexOf(isList ? ')' : '))', at);
      if (isList) words[words.length - 1] += '$()';
      else words.push(':');
      at = stop === -1 ? length : stop + (isList ? 1 : 2);
    } else if (sign === '(' || sign === ')') {
      // A function's name and its parentheses are one word, as is a group's bracket.
      if (line.startsWith('()', at) && words.length > 0) {
        words.push('()');
        at += 2;
      } else {
        close('');
        at += 1;
      }
    } else {
      const redirect = /^(?:\d?(>>?|<<<|<<-?|<)(&\d)?|&>)\s*/.exec(line.slice(at, at + 40));
      if (redirect !== null) {
        at += redirect[0].length;
        if (redirect[2] !== undefined) continue;
        const target = readWord(line, at, variables);
        at = target.end;
        if (redirect[1]?.startsWith('<<') === true && redirect[1] !== '<<<') hereDocument = target.word;
        else if (redirect[1]?.startsWith('>') === true && !redirect[0].startsWith('2')) into = target.word;
        if (target.end >= length && target.word === '') break;
        continue;
      }
      const { word, end, isQuoted } = readWord(line, at, variables);
      at = Math.max(end, at + 1);
      // Signs inside of `[[ ... ]]` end no command.
      if (word === '[[' && !isQuoted) {
        const stop = line.slice(at, at + 1000).indexOf(' ]]');
        if (stop !== -1) at += stop + 3;
      }
      // The value of a variable may be several words.
      if (isQuoted || !/\s/.test(word)) {
        if (word !== '' || isQuoted) words.push(word);
      } else words.push(...word.split(/\s+/).filter((one) => one !== ''));
    }
  }
  close('');
  return commands;
}

const ENDS_WORD = new Set([' ', '\t', ';', '&', '|', '(', ')', '<', '>', '\r', '\n']);

function readWord(
  line: string,
  from: number,
  variables: ReadonlyMap<string, string>,
): { readonly word: string; readonly end: number; readonly isQuoted: boolean } {
  let word = '';
  let at = from;
  let isQuoted = false;
  let quote = '';
  while (at < line.length) {
    const sign = line.charAt(at);
    if (quote === "'") {
      if (sign === "'") quote = '';
      else word += sign;
      at += 1;
    } else if (quote === '' && ENDS_WORD.has(sign)) break;
    else if (sign === quote) {
      quote = '';
      at += 1;
    } else if (quote === '' && (sign === '"' || sign === "'")) {
      quote = sign;
      isQuoted = true;
      at += 1;
    } else if (sign === '\\') {
      word += line.charAt(at + 1);
      at += 2;
    } else if (sign === '$') {
      const { text, end } = readVariable(line, at, variables);
      word += text;
      at = end;
    } else if (sign === '`') {
      const end = line.indexOf('`', at + 1);
      word += '`';
      at = end === -1 ? line.length : end + 1;
    } else {
      word += sign;
      at += 1;
    }
  }
  return { word, end: at, isQuoted };
}

function readVariable(
  line: string,
  at: number,
  variables: ReadonlyMap<string, string>,
): { readonly text: string; readonly end: number } {
  if (line.charAt(at + 1) === '(') {
    let depth = 0;
    for (let end = at + 1; end < line.length; end += 1) {
      const sign = line.charAt(end);
      if (sign === '(') depth += 1;
      else if (sign === ')') {
        depth -= 1;
        if (depth === 0) return { text: '$()', end: end + 1 };
      }
    }
    return { text: '$()', end: line.length };
  }
  const braced = line.charAt(at + 1) === '{';
  const from = braced ? at + 2 : at + 1;
  const name = /^\w{1,64}/.exec(line.slice(from, from + 64))?.[0] ?? '';
  const stop = from + name.length;
  if (!braced) return { text: variables.get(name) ?? `$${name}`, end: Math.max(stop, at + 1) };
  const close = line.indexOf('}', stop);
  const end = close === -1 ? line.length : close + 1;
  const isPlain = close === stop;
  const value = variables.get(name);
  if (value === undefined || !(isPlain || /^:?-/.test(line.slice(stop, stop + 2)))) return { text: `$${name}`, end };
  return { text: value, end };
}
