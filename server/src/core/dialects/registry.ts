import type { SourceFile } from '../text/source-file.js';
import { StatementState, type Statements } from '../text/statements.js';
import { ciscoIos } from './cisco-ios/index.js';
import { type Dialect, HIGHEST_SCORE, type Reading, type Surroundings } from './dialect.js';
import { linuxIptables } from './linux-iptables/index.js';
import { linuxNftables } from './linux-nftables/index.js';
import { linuxRoutes } from './linux-routes/index.js';

/** Every dialect, in the order in which ties between their scores are settled. */
export const DIALECTS: readonly Dialect[] = [ciscoIos, linuxIptables, linuxNftables, linuxRoutes];

export function dialectById(id: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.id === id);
}

/** Whether a file is read as part of a device that is a folder. */
export function isReadInFolder(file: SourceFile): boolean {
  return detectDialect(file)?.deviceIs === 'folder';
}

const OTHER_TOOLS_MARKS: readonly { readonly pattern: RegExp; readonly ids: Readonly<Record<string, string>> }[] = [
  {
    pattern: /^!RANCID-CONTENT-TYPE:\s*(\S+)/m,
    ids: { cisco: 'cisco-ios', 'cisco-ios': 'cisco-ios', 'cisco-xe': 'cisco-ios', 'cisco-cat': 'cisco-ios' },
  },
  {
    pattern: /^[!#]\s*BATFISH-FORMAT:\s*(\S+)/m,
    ids: { cisco_ios: 'cisco-ios', ios: 'cisco-ios', cisco: 'cisco-ios' },
  },
  { pattern: /^(?:\ufeff)?#![^\n]*\b(nft)\b/, ids: { nft: 'linux-nftables' } },
];
const OWN_MARK = /^[ \t]*(?:!|#|\/\/|;|<!--)[ \t]*advisory-lens:[ \t]*dialect=([\w-]+)/m;
/** Marks stand in the first lines of a file; further down they are text. */
const MARKS_WITHIN = 8192;

/**
 * The dialect of a file, or undefined where it is no configuration that is known here.
 *
 * A mark of another tool beats the score, a comment of our own beats that, and `wanted` (the site
 * file, or over it the editor's choice) beats both. A mark that names a dialect not known here makes
 * the answer undefined: the file is what it says it is, and nothing else.
 */
export function detectDialect(file: SourceFile, wanted?: string): Dialect | undefined {
  if (wanted !== undefined) return dialectById(wanted);
  const head = file.text.slice(0, MARKS_WITHIN);
  const own = OWN_MARK.exec(head);
  if (own !== null) return dialectById(own[1] as string);
  for (const { pattern, ids } of OTHER_TOOLS_MARKS) {
    const mark = pattern.exec(head);
    if (mark !== null) return dialectById(ids[(mark[1] as string).toLowerCase()] ?? '');
  }
  let best: Dialect | undefined;
  let bestScore = 0;
  for (const dialect of DIALECTS) {
    const { score } = dialect.detect(file);
    if (score > bestScore) {
      best = dialect;
      bestScore = score;
    }
    // No later one can score higher.
    if (bestScore >= HIGHEST_SCORE) break;
  }
  return best;
}

/** Reads a file with what still holds of a reading of its text before an edit; without one, anew. */
export function readAgain(
  dialect: Dialect,
  before: Reading | undefined,
  file: SourceFile,
  name: string,
  around?: Surroundings,
): Reading {
  const isSame = before?.device.dialect === dialect.id;
  const reading = (isSame ? dialect.reread?.(before, file, name) : undefined) ?? dialect.read(file, name, around);
  return dialect.isCalledIn?.(file) === true ? withBeside(dialect, reading, name, around) : reading;
}

/** A reading of a script, with what other dialects read of it. */
function withBeside(dialect: Dialect, reading: Reading, name: string, around: Surroundings | undefined): Reading {
  const { file } = reading;
  const others = DIALECTS.filter((one) => one !== dialect && one.isCalledIn?.(file) === true).map((one) =>
    one.read(file, name, around),
  );
  if (others.length === 0) return reading;
  return {
    ...reading,
    statements: others.reduce((all, { statements }) => withModelled(all, statements), reading.statements),
    beside: others,
  };
}

/** What is nothing to one dialect, or known to be another's, may be in the model of that. */
function withModelled(statements: Statements, others: Statements): Statements {
  if (others.count !== statements.count) return statements;
  const { ignored, unmodelled, modelled } = StatementState;
  const states = statements.states.map((state, at) =>
    (state === ignored || state === unmodelled) && others.states[at] === modelled ? modelled : state,
  );
  return { ...statements, states };
}
