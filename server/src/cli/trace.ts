import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { WorkspaceError } from '../core/workspace.js';
import type { TraceCommand } from './arguments.js';
import type { Environment } from './environment.js';
import { diskTree } from './files/disk-tree.js';
import { safeJson } from './formats/json.js';
import { visible } from './formats/pretty/cells.js';
import { counted } from './formats/pretty/words.js';
import { type LoadedSet, loadSets } from './load.js';
import { renamedHops } from './merge-reports.js';
import { notAnalysedLines, requireConfigurations } from './not-analysed.js';
import { writeError, writeOut } from './output.js';
import { readPacket } from './packet-line.js';
import { ExitCode, errorCode, Problem } from './problem.js';

/** Characters gathered before they are written. */
const BATCH = 1 << 16;
/** Bad lines named one by one; the rest are counted. */
const MAX_NAMED = 20;

/**
 * Sends the packets of a file, or of the standard input, through the configurations: one line out
 * for each line in, in order.
 * @throws {Problem} where none can be sent
 */
export async function trace(command: TraceCommand, environment: Environment): Promise<ExitCode> {
  const { paths, site, packets } = command;
  const loaded = loadSets({ ...environment, paths, site, tree: diskTree, wholeSets: false });
  environment.progress.end();
  for (const line of notAnalysedLines(loaded.notAnalysed)) writeError(`advisory-lens: ${line}`);
  requireConfigurations(loaded, paths, false);
  const set = onlyOne(loaded.sets);
  const source = packets === '-' ? 'standard input' : visible(packets);
  let lineNumber = 0;
  let bad = 0;
  let output = '';
  const answer = (line: string): void => {
    lineNumber += 1;
    if (line.trim() === '') return;
    const answered = answerTo(line, command.from, set);
    output += `${answered.output}\n`;
    if (answered.error === undefined) return;
    bad += 1;
    if (bad <= MAX_NAMED) writeError(`${source}:${lineNumber}: ${visible(answered.error)}`);
  };

  let rest = '';
  for await (const chunk of chunksOf(packets, environment.cwd)) {
    // Only what is new is searched: a line may be as long as the file.
    const [first = '', ...lines] = chunk.split('\n');
    rest += first;
    if (lines.length > 0) {
      lines.unshift(rest);
      rest = lines.pop() ?? '';
    }
    for (const line of lines) {
      answer(line);
      if (output.length < BATCH) continue;
      await writeOut(output);
      output = '';
    }
    // Whoever sends one packet and waits gets its answer.
    await writeOut(output);
    output = '';
  }
  answer(rest);
  await writeOut(output);

  if (bad > MAX_NAMED) writeError(`advisory-lens: ${bad - MAX_NAMED} further lines were not traced either.`);
  if (bad > 0) writeError(`advisory-lens: ${counted(bad, 'line')} of ${source} could not be traced.`);
  const incomplete = loaded.notAnalysed.some(({ weight }) => weight !== 'harmless');
  return bad > 0 || incomplete ? ExitCode.unusable : ExitCode.clean;
}

function onlyOne(sets: readonly LoadedSet[]): LoadedSet {
  const [first, second] = sets;
  if (first !== undefined && second === undefined) return first;
  const sites = sets.map(({ site }) => site ?? 'files without a site file').join(', ');
  throw new Problem(`The paths belong to ${sets.length} networks (${sites}). Name the files of one, or its --site.`);
}

interface Answer {
  readonly output: string;
  readonly error?: string;
}

function answerTo(line: string, from: string, set: LoadedSet): Answer {
  try {
    const found = set.workspace.trace(from, readPacket(line));
    return { output: safeJson({ ...found, trace: renamedHops(found.trace, set.displayOf) }) };
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof WorkspaceError)) throw error;
    return { output: safeJson({ error: error.message }), error: error.message };
  }
}

/** @throws {Problem} where the packets cannot be read */
async function* chunksOf(packets: string, cwd: string): AsyncGenerator<string> {
  const stream = packets === '-' ? process.stdin : createReadStream(resolve(cwd, packets));
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) yield chunk as string;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new Problem(`The packets in ${packets} cannot be read (${code}).`);
  }
}
