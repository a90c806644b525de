import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { OPEN } from './support/configs.js';
import { CLI, cleanEnvironment, folderWith, run } from './support/run.js';

/** Says of each script that is made from kept code whether the engine took that. */
const WATCHES_SCRIPTS = `
  const vm = require('node:vm');
  const { basename } = require('node:path');
  vm.Script = class extends vm.Script {
    constructor(source, options) {
      super(source, options);
      if (options?.cachedData === undefined) return;
      console.error(basename(options.filename) + ': ' + (this.cachedDataRejected ? 'rejected' : 'taken'));
    }
  };
`;

describe('the program', () => {
  it('a bug is one line and 3; the stack is for those who ask', (context) => {
    // Without the package's description beside it, the program cannot tell its version.
    const program = join(dirname(CLI), 'cli.main.js');
    const folder = folderWith(context, {
      'dist/cli.js': readFileSync(CLI),
      'dist/cli.main.js': readFileSync(program),
    });
    const start = (env: Record<string, string>) =>
      spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), '--version'], {
        env: cleanEnvironment(env),
        encoding: 'utf8',
      });
    const quiet = start({});
    assert.equal(quiet.status, 3);
    assert.equal(quiet.stdout, '');
    assert.match(quiet.stderr, /^advisory-lens: internal error: .+\(ADVISORY_LENS_DEBUG=1 shows the stack\)\n$/);
    const loud = start({ ADVISORY_LENS_DEBUG: '1' });
    assert.equal(loud.status, 3);
    assert.match(loud.stderr, /\n {4}at /);
  });

  it('runs from the code that the build has kept, and without it', (context) => {
    const dist = dirname(CLI);
    const program = readFileSync(join(dist, 'cli.main.js'), 'latin1');
    const kept = readFileSync(join(dist, 'cli.main.cache'));
    assert.equal(kept.toString('latin1', 0, 64), program.slice(-64));
    const watch = folderWith(context, { 'watch.cjs': WATCHES_SCRIPTS });
    const watched = spawnSync(process.execPath, ['--require', join(watch, 'watch.cjs'), CLI, '--version'], {
      encoding: 'utf8',
    });
    assert.equal(watched.stderr, 'cli.main.js: taken\n');

    // Code of another program is not run, however alike the two are.
    const folder = folderWith(context, {
      'package.json': '{ "version": "1.2.3" }',
      'dist/cli.js': readFileSync(CLI),
      'dist/cli.main.js': `${program.slice(0, -64)}${'0'.repeat(64)}`,
      'dist/cli.main.cache': kept,
    });
    const { stdout } = spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), '--version'], { encoding: 'utf8' });
    assert.equal(stdout, 'advisory-lens 1.2.3\n');
  });

  it('a working directory that is gone is said so', { skip: process.platform === 'win32' }, (context) => {
    const folder = folderWith(context, {});
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" check';
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, CLI], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /The working directory is gone/);
  });

  it('closed streams do no harm', { skip: process.platform === 'win32' }, (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const script = 'exec "$0" "$1" check core1.cfg <&- >&- 2>&-';
    assert.equal(spawnSync('sh', ['-c', script, process.execPath, CLI], { cwd: folder }).status, 1);
  });

  it('reads nothing from the standard input that it was not asked to', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    assert.equal(run(folder, ['check'], { input: 'hostname x\n' }).code, 1);
  });

  it('lsp is the language server', async (context) => {
    const server = spawn(process.execPath, [CLI, 'lsp', '--stdio'], { cwd: folderWith(context, {}) });
    context.after(() => server.kill());
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    let answer = '';
    server.stdout.setEncoding('utf8');
    while (!answer.includes('"capabilities"')) answer += String((await once(server.stdout, 'data'))[0]);
    assert.match(answer, /^Content-Length: \d+\r\n/);
  });
});
