import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
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

/**
 * How much code a function runs before the engine makes faster code of it, in the engine's own measure.
 * It is made for programs that run long: of a run of a fifth of a second it took a third. A few times as
 * much makes the short runs shorter, and no long one longer, however large its files.
 */
declare const INTERRUPT_BUDGET: string;
/** The last engine that is known to have it. Others would complain. */
const LAST_V8 = 13;

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

// The kept code was made so, too: the engine takes it from no other settings than its own.
if (Number.parseInt(process.versions.v8, 10) <= LAST_V8) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
// A bundle that holds nothing but ASCII reads faster so.
const source = readFileSync(PROGRAM, 'latin1');
const cachedData = keptCode(source);
const script = new Script(source, { filename: PROGRAM, ...(cachedData === undefined ? {} : { cachedData }) });
const program = script.runInThisContext() as Program;
program(module.exports, require, module, PROGRAM, __dirname);
