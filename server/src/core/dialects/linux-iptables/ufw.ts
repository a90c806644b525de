import { SourceFile } from '../../text/source-file.js';
import type { Statements } from '../../text/statements.js';
import { splitStatements } from '../common/line-statements.js';
import type { Surroundings } from '../dialect.js';
import { FileReader } from './read.js';
import type { Loader } from './reader.js';
import type { ChainState } from './ruleset.js';

/** The files of rules that ufw restores, in the order in which it does. */
const ROLES = ['before', 'after', 'user'] as const;
type Role = (typeof ROLES)[number];

/** Which file tells for all of them where several are there. */
const FIRST: readonly Role[] = ['before', 'user', 'after'];

/** The rule files of ufw that belong together. */
export interface Ufw {
  readonly files: ReadonlyMap<Role, SourceFile>;
  /** The file at hand tells for all of them. */
  readonly isFirst: boolean;
  readonly file: SourceFile;
  /** `DEFAULT_FORWARD_POLICY` of /etc/default/ufw; undefined: that file is not there. */
  readonly policy: string | undefined;
  /** False where ufw.conf says that it is switched off. */
  readonly enabled: boolean;
}

/** What a file is to ufw: told by the chains that it declares, and that it leaves the built-in ones alone. */
export function roleOf(text: string): Role | undefined {
  if (!text.includes('ufw') || /^(?::(?:INPUT|FORWARD|OUTPUT) |-A FORWARD -j ufw)/m.test(text)) return undefined;
  if (/^:ufw-user-(?:input|output|forward) /m.test(text)) return 'user';
  if (/^:ufw-before-(?:input|output|forward) /m.test(text)) return 'before';
  return /^:ufw-after-(?:input|output|forward) /m.test(text) ? 'after' : undefined;
}

/** The rule files of ufw that the file is one of; undefined where it is none. */
export function ufwOf(file: SourceFile, around: Surroundings | undefined): Ufw | undefined {
  const role = roleOf(file.text);
  if (role === undefined) return undefined;
  const files = new Map<Role, SourceFile>([[role, file]]);
  for (const beside of around?.find('*') ?? []) {
    const other = roleOf(beside.text);
    if (other === undefined || files.has(other)) continue;
    // `before.rules` goes with `user.rules`, and a copy of the one with no other.
    if (setOf(beside.path, other) === setOf(file.path, role)) files.set(other, beside);
  }
  const first = FIRST.find((one) => files.has(one));
  const settings = (around?.find('/etc/default/ufw') ?? []).map(({ text }) =>
    /^[ \t]*DEFAULT_FORWARD_POLICY[ \t]*=[ \t]*["']?(\w+)/m.exec(text)?.[1]?.toUpperCase(),
  );
  const enabled = (around?.find('ufw.conf') ?? []).every(
    ({ text }) => !/^[ \t]*ENABLED[ \t]*=[ \t]*["']?no\b/im.test(text),
  );
  return { files, isFirst: first === role, file, policy: settings.find((found) => found !== undefined), enabled };
}

function setOf(path: string, role: Role): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(role, '*');
}

/**
 * Reads ufw's files as `ufw-init` loads them: what it makes itself, before.rules, after.rules,
 * user.rules, each added to what is there, the jumps to the user's chains, and the policies. Gives the
 * paths of the other files. Source: ufw 0.36, /lib/ufw/ufw-init-functions.
 */
export function loadUfw(loader: Loader, ufw: Ufw, statements: Statements): string[] {
  if (!ufw.isFirst) {
    // Read for its own lines alone; the first file tells what they do together.
    readMade(loader, ufw, chainsOfUfw());
    readFile(loader, ufw.file, statements);
    return [];
  }
  const { policy } = ufw;
  readMade(loader, ufw, `${chainsOfUfw()}${wiringOf(policy)}`);
  const others: string[] = [];
  for (const role of ROLES) {
    const file = ufw.files.get(role);
    if (file === undefined) {
      const chain = loader.ruleset.tables.get('filter')?.chains.get(`ufw-${role}-forward`);
      if (chain !== undefined) chain.doubt = `${role}.rules of ufw is not among the files`;
      continue;
    }
    if (file !== ufw.file) others.push(file.path);
    readFile(loader, file, file === ufw.file ? statements : splitStatements(file));
  }
  const directions = ['input', 'output', 'forward'];
  readMade(loader, ufw, directions.map((way) => `-A ufw-before-${way} -j ufw-user-${way}\n`).join(''));
  readMade(loader, ufw, `:FORWARD ${policy === 'ACCEPT' ? 'ACCEPT' : 'DROP'} [0:0]\n`);
  const table = loader.ruleset.tables.get('filter');
  if (policy === undefined) {
    const words = 'DEFAULT_FORWARD_POLICY stands in /etc/default/ufw, which is not among the files';
    for (const name of ['FORWARD', 'ufw-skip-to-policy-forward']) doubtEnd(table?.chains.get(name), words);
  }
  return others;
}

function doubtEnd(chain: ChainState | undefined, words: string): void {
  if (chain === undefined) return;
  if (chain.builtIn) chain.endDoubt = words;
  else chain.doubt = words;
}

function readFile(loader: Loader, file: SourceFile, statements: Statements): void {
  loader.open(file, statements);
  new FileReader(loader, file, statements, true).read();
  if (loader.file.path !== file.path) loader.open(file, statements);
}

/** Reads what ufw adds to its tables itself. It is told at the first line of the first file. */
function readMade(loader: Loader, { file }: Ufw, lines: string): void {
  const before = { file: loader.file, statements: loader.statements };
  const newline = file.text.indexOf('\n');
  loader.madeAt = { file: file.path, start: 0, end: newline === -1 ? file.text.length : newline };
  const made = new SourceFile(file.path, `*filter\n${lines}COMMIT\n`);
  const statements = splitStatements(made);
  loader.open(made, statements);
  new FileReader(loader, made, statements, true).read();
  const table = loader.ruleset.tables.get('filter');
  if (table?.commit?.file === file.path) table.commit = undefined;
  loader.madeAt = undefined;
  loader.open(before.file, before.statements);
}

function chainsOfUfw(): string {
  const parts = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track', 'skip-to-policy', 'user'];
  const names = [...parts, 'user-logging'].flatMap((part) =>
    ['input', 'output', 'forward'].map((way) => `${part}-${way}`),
  );
  names.push('logging-deny', 'logging-allow', 'user-limit', 'user-limit-accept');
  return names.map((name) => `:ufw-${name} - [0:0]\n`).join('');
}

/** The jumps from the built-in chains. Those of INPUT and OUTPUT matter to nothing that is forwarded. */
function wiringOf(policy: string | undefined): string {
  const parts = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'];
  let lines = parts.map((part) => `-A FORWARD -j ufw-${part}-forward\n`).join('');
  if (policy === 'REJECT') lines += '-A ufw-reject-forward -j REJECT\n';
  if (policy === 'ACCEPT') {
    for (const protocol of ['tcp', 'udp']) {
      lines += `-A ufw-track-forward -p ${protocol} -m conntrack --ctstate NEW -j ACCEPT\n`;
    }
  }
  return `${lines}-A ufw-skip-to-policy-forward -j ${policy === 'ACCEPT' || policy === 'REJECT' ? policy : 'DROP'}\n`;
}
