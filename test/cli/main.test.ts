import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OPEN } from './support/configs.js';
import { CLI, cleanEnvironment, folderWith, run } from './support/run.js';

describe('the program', () => {
  it('a bug is one line and 3; the stack is for those who ask', (context) => {
    // Without the package's description beside it, the bundle cannot tell its version.
    const folder = folderWith(context, { 'dist/cli.js': readFileSync(CLI) });
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
