import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/**
 * What `advisory-lens` runs: it starts the program from the machine code that the build has kept.
 *
 * Half of the time of a short run went into compiling it. The engine takes the kept code only where
 * its own version and settings are those of the build, and else compiles as it always does; here it is
 * only seen to that the code was made of this very program.
 */

const PROGRAM = join(__dirname, 'cli.main.js');
/** As many hexadecimal digits end the program, and begin the code that was made of it. */
const ID_LENGTH = 64;

function keptCode(source: string): Buffer | undefined {
  try {
    const kept = readFileSync(join(__dirname, 'cli.main.cache'));
    const id = source.slice(-ID_LENGTH);
    return kept.toString('latin1', 0, ID_LENGTH) === id ? kept.subarray(ID_LENGTH) : undefined;
  } catch {
    return undefined;
  }
}

type Program = (
  exports: unknown,
  require: NodeJS.Require,
  module: NodeModule,
  filename: string,
  dirname: string,
) => void;

// A bundle that holds nothing but ASCII reads faster so.
const source = readFileSync(PROGRAM, 'latin1');
const cachedData = keptCode(source);
const script = new Script(source, { filename: PROGRAM, ...(cachedData === undefined ? {} : { cachedData }) });
const program = script.runInThisContext() as Program;
program(module.exports, require, module, PROGRAM, __dirname);
