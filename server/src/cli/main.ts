import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, parseCommand } from './arguments.js';
import type { Environment } from './environment.js';
import { visible } from './formats/pretty/cells.js';
import { helpText } from './help.js';
import { OutputClosed, terminalOf, writeError, writeOut } from './output.js';
import { ExitCode, Problem } from './problem.js';
import { createProgress, SILENT } from './progress.js';

async function run(command: Command): Promise<ExitCode> {
  switch (command.kind) {
    case 'help':
      await writeOut(helpText(command.topic));
      return ExitCode.clean;
    case 'version':
      await writeOut(`advisory-lens ${version()}\n`);
      return ExitCode.clean;
    case 'lsp':
      // The server reads its way of talking from the arguments, and has this one.
      if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
      await import('../node/main.js');
      return ExitCode.clean;
    case 'check': {
      const { check } = await import('./check.js');
      return check(command, await environment());
    }
    case 'trace': {
      const { trace } = await import('./trace.js');
      return trace(command, await environment());
    }
  }
}

async function environment(): Promise<Environment> {
  const { Workspace } = await import('../core/workspace.js');
  const progress = terminalOf('stderr').isTerminal
    ? createProgress(
        () => performance.now(),
        (text) => process.stderr.write(text),
      )
    : SILENT;
  const cwd = workingDirectory();
  return { cwd, createWorkspace: () => new Workspace(basename(cwd)), progress };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw new Problem('The working directory is gone.');
  }
}

/** The bundle stands in `dist/`, beside the package's own description. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}

/** One clear line for what a user can mend, and one for a bug; the stack only for those who ask. */
function report(error: unknown): ExitCode | undefined {
  if (error instanceof OutputClosed) return undefined;
  if (error instanceof Problem) {
    writeError(`advisory-lens: ${error.message.split('\n').map(visible).join('\n')}`);
    return ExitCode.unusable;
  }
  const message = error instanceof Error ? error.message : String(error);
  writeError(
    `advisory-lens: internal error: ${visible(message.split('\n')[0] ?? '')} (ADVISORY_LENS_DEBUG=1 shows the stack)`,
  );
  if (process.env.ADVISORY_LENS_DEBUG === '1' && error instanceof Error) writeError(error.stack ?? '');
  return ExitCode.internal;
}

async function main(): Promise<void> {
  try {
    process.exitCode = await run(parseCommand(process.argv.slice(2)));
  } catch (error) {
    process.exitCode = report(error) ?? process.exitCode ?? ExitCode.clean;
  }
}

void main();
