import { fstatSync, writeSync } from 'node:fs';
import { errorCode } from './problem.js';

/** The reader of the standard output is gone (`| head`): there is nobody left to write for. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

const OUT = 1;
const ERR = 2;

/**
 * Writes to the standard output, whole and at once.
 *
 * `process.stdout` costs some milliseconds to set up, which is why it is used only where the pipe
 * is full and does not block.
 * @throws {OutputClosed}
 */
export async function writeOut(text: string): Promise<void> {
  const rest = writeNow(OUT, Buffer.from(text));
  if (rest.length > 0) await writeLater(rest);
}

/** Writes a line of our own to the standard error. Nobody listening there is no reason to stop. */
export function writeError(line: string): void {
  try {
    writeNow(ERR, Buffer.from(`${line}\n`));
  } catch {
    // A closed standard error has no reader to tell.
  }
}

/** Writes what the file takes at once, and returns the rest. */
function writeNow(descriptor: number, bytes: Buffer): Buffer {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return rest;
      if (errorCode(error) === 'EPIPE') throw new OutputClosed();
      throw error;
    }
  }
  return rest;
}

function writeLater(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(errorCode(error) === 'EPIPE' ? new OutputClosed() : error);
    process.stdout.once('error', onError);
    process.stdout.write(bytes, (error) => {
      process.stdout.off('error', onError);
      if (error) onError(error);
      else resolve();
    });
  });
}

export interface Terminal {
  readonly isTerminal: boolean;
  /** In columns; undefined where it is not a terminal. */
  readonly width: number | undefined;
}

/** Whether a standard stream is a terminal, found without setting the stream up where it is none. */
export function terminalOf(stream: 'stdout' | 'stderr'): Terminal {
  try {
    if (!fstatSync(stream === 'stdout' ? OUT : ERR).isCharacterDevice()) return { isTerminal: false, width: undefined };
  } catch {
    return { isTerminal: false, width: undefined };
  }
  const { isTTY, columns } = process[stream];
  return { isTerminal: isTTY === true, width: isTTY === true && columns > 0 ? columns : undefined };
}

/** As no-color.org and Node itself have it: FORCE_COLOR beats NO_COLOR, which beats the terminal. */
export function wantsColour(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((environment.NO_COLOR ?? '') !== '') return false;
  return isTerminal && environment.TERM !== 'dumb';
}
