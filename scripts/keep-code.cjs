/**
 * Runs the program once and keeps the machine code that the engine made of it: `node keep-code.cjs
 * PROGRAM CACHE ARGUMENT...`. The arguments are the program's. See server/src/cli/launcher.ts.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** The hash of the program that the build has written behind it. */
const ID_LENGTH = 64;

const [, , program, cache, ...args] = process.argv;
process.argv = [process.execPath, program, ...args];
const source = readFileSync(program, 'latin1');
const script = new Script(source, { filename: program });
// What was compiled while it ran is kept, too, and is most of what a run needs.
process.on('exit', () => {
  const id = Buffer.from(source.slice(-ID_LENGTH), 'latin1');
  writeFileSync(cache, Buffer.concat([id, script.createCachedData()]));
});
const main = { exports: {} };
script.runInThisContext()(main.exports, createRequire(program), main, program, dirname(program));
