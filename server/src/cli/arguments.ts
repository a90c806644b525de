import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Topic } from './help.js';
import { errorCode, Problem } from './problem.js';

export type Format = 'pretty' | 'json';
export type FailOn = 'error' | 'warning' | 'never';

export interface CheckCommand {
  readonly kind: 'check';
  readonly paths: readonly string[];
  readonly site: string | undefined;
  readonly format: Format;
  readonly failOn: FailOn;
  readonly staged: boolean;
}

export interface TraceCommand {
  readonly kind: 'trace';
  readonly paths: readonly string[];
  readonly site: string | undefined;
  readonly from: string;
  /** A path, or `-` for the standard input. */
  readonly packets: string;
}

export type Command =
  | CheckCommand
  | TraceCommand
  | { readonly kind: 'lsp' }
  | { readonly kind: 'help'; readonly topic: Topic }
  | { readonly kind: 'version' };

type Options = NonNullable<ParseArgsConfig['options']>;

const HELP: Options = { help: { type: 'boolean', short: 'h' } };
const OPTIONS = {
  check: {
    ...HELP,
    site: { type: 'string' },
    format: { type: 'string' },
    'fail-on': { type: 'string' },
    staged: { type: 'boolean' },
  },
  trace: { ...HELP, site: { type: 'string' }, from: { type: 'string' }, packets: { type: 'string' } },
  // Editors' client libraries add the id of their process to every server that they start.
  lsp: { ...HELP, stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } },
} satisfies Record<string, Options>;
type CommandName = keyof typeof OPTIONS;
const COMMANDS = Object.keys(OPTIONS) as CommandName[];

/**
 * What the arguments (without Node's own two) ask for.
 * @throws {Problem} where they ask for nothing that exists, in words that say what does
 */
export function parseCommand(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === undefined)
    throw new Problem(`No command. There are: ${COMMANDS.join(', ')}. Try "advisory-lens --help".`);
  if (first === '-h' || first === '--help') return { kind: 'help', topic: 'general' };
  if (first === '-V' || first === '--version') return { kind: 'version' };
  if (first === 'help') return helpOn(rest[0]);
  if (!isCommand(first)) throw unknownCommand(first);
  const { values, positionals } = read(first, rest);
  if (values.help === true) return { kind: 'help', topic: first };
  switch (first) {
    case 'check':
      return {
        kind: 'check',
        paths: pathsOf(positionals),
        site: text(values.site),
        format: choice('--format', text(values.format), ['pretty', 'json']),
        failOn: choice('--fail-on', text(values['fail-on']), ['error', 'warning', 'never']),
        staged: values.staged === true,
      };
    case 'trace':
      return {
        kind: 'trace',
        paths: pathsOf(positionals),
        site: text(values.site),
        from: required('--from', text(values.from), 'where the packets enter, SEGMENT or DEVICE:INTERFACE'),
        packets: required('--packets', text(values.packets), 'a file of JSON Lines, or - for the standard input'),
      };
    case 'lsp':
      if (positionals.length > 0) throw new Problem(`lsp takes no path, and got "${positionals[0]}".`);
      return { kind: 'lsp' };
  }
}

function isCommand(word: string): word is CommandName {
  return (COMMANDS as readonly string[]).includes(word);
}

function helpOn(word: string | undefined): Command {
  if (word === undefined) return { kind: 'help', topic: 'general' };
  if (isCommand(word)) return { kind: 'help', topic: word };
  throw unknownCommand(word);
}

function unknownCommand(word: string): Problem {
  const looksLikePath = /[./\\*]/.test(word);
  const hint = word.startsWith('-')
    ? 'A command comes first: '
    : looksLikePath
      ? `To check it: advisory-lens check ${word}. The commands are: `
      : 'There are: ';
  return new Problem(`No such command: ${word}. ${hint}${COMMANDS.join(', ')}.`);
}

interface Read {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function read(command: CommandName, argv: string[]): Read {
  const options: Options = OPTIONS[command];
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Problem(usageMessage(command, options, error));
  }
}

/** Node's messages on wrong options talk to programmers; these name what the command takes. */
function usageMessage(command: CommandName, options: Options, error: unknown): string {
  if (!(error instanceof Error) || errorCode(error)?.startsWith('ERR_PARSE_ARGS_') !== true) throw error;
  const option = /'(--?[^\s'=,]+)/.exec(error.message)?.[1] ?? '';
  const help = `Try "advisory-lens ${command} --help".`;
  if (errorCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = Object.keys(options)
      .filter((name) => name !== 'clientProcessId')
      .map((name) => `--${name}`);
    return `${command} has no option ${option}. It takes: ${known.join(', ')}. ${help}`;
  }
  const takesValue = options[option.slice(2)]?.type === 'string';
  return `${option} ${takesValue ? 'needs a value' : 'takes no value'}. ${help}`;
}

function text(value: Read['values'][string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The first choice is the default. */
function choice<T extends string>(option: string, value: string | undefined, choices: readonly [T, ...T[]]): T {
  if (value === undefined) return choices[0];
  const chosen = choices.find((candidate) => candidate === value);
  if (chosen === undefined) throw new Problem(`${option} takes ${listed(choices)}, not "${value}".`);
  return chosen;
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function required(option: string, value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Problem(`trace needs ${option}: ${what}.`);
  return value;
}

function pathsOf(positionals: readonly string[]): readonly string[] {
  if (positionals.includes('')) throw new Problem('A path is empty.');
  return positionals.length === 0 ? ['.'] : positionals;
}
