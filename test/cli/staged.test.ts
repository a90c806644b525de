import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { CLOSED, CLOSED_EDGE, CORE_BEHIND_EDGE, OPEN, site } from './support/configs.js';
import { cleanEnvironment, folderWith, run, write } from './support/run.js';

function git(folder: string, ...args: string[]): void {
  const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example', GIT_COMMITTER_NAME: 'A' };
  execFileSync('git', args, {
    cwd: folder,
    env: cleanEnvironment({ ...identity, GIT_COMMITTER_EMAIL: 'a@example', GIT_CONFIG_GLOBAL: '/dev/null' }),
    stdio: 'pipe',
  });
}

/** A repository with these files staged. */
function repositoryWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = folderWith(context, files);
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  return folder;
}

describe('check --staged', () => {
  it('judges what is staged, not what lies in the working tree', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': OPEN });
    write(folder, { 'core1.cfg': CLOSED });
    assert.equal(run(folder, ['check', '--staged']).code, 1);
    assert.equal(run(folder, ['check']).code, 0);
    git(folder, 'add', '.');
    write(folder, { 'core1.cfg': OPEN, 'core2.cfg': OPEN });
    assert.equal(run(folder, ['check', '--staged']).code, 0, 'untracked files are not seen');
    rmSync(join(folder, 'core1.cfg'));
    assert.equal(run(folder, ['check', '--staged']).code, 0, 'a file that is only gone from the disk is staged');
  });

  it('judges by the staged site file', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': OPEN, 'advisory-lens.json': site() });
    write(folder, { 'advisory-lens.json': '{ "segmets": [] }' });
    const { code, out } = run(folder, ['check', '--staged']);
    assert.equal(code, 1);
    assert.match(out, /patient-monitors/);
  });

  it('judges the whole set, whichever file was changed', (context) => {
    const folder = repositoryWith(context, {
      'advisory-lens.json': site(),
      'net/core1.cfg': CORE_BEHIND_EDGE,
      'edge1.cfg': CLOSED_EDGE,
      'README.md': '# Notes\n',
    });
    for (const paths of [[], ['net/core1.cfg'], ['edge1.cfg'], ['README.md'], ['advisory-lens.json', 'gone.cfg']]) {
      const { code, out, err } = run(folder, ['check', '--staged', ...paths]);
      assert.deepEqual([code, err], [0, ''], paths.join());
      assert.match(out, /2 configurations judged.*1 blocked/);
    }
    git(folder, 'rm', '--cached', '--quiet', 'edge1.cfg');
    const { code, out } = run(folder, ['check', '--staged', 'edge1.cfg', 'README.md']);
    assert.equal(code, 1, 'without the edge, the core is open');
    assert.match(out, /--> net\/core1\.cfg:10:/);
  });

  it('works from a folder below, and shows paths from there', (context) => {
    const folder = repositoryWith(context, { 'advisory-lens.json': site(), 'net/core1.cfg': OPEN });
    const { code, out } = run(join(folder, 'net'), ['check', '--staged']);
    assert.equal(code, 1);
    assert.match(out, /--> core1\.cfg:10:/);
  });

  it('works with the index that git gives a hook', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': CLOSED });
    git(folder, 'commit', '--quiet', '-m', 'closed');
    write(folder, { 'core1.cfg': OPEN });
    // As `git commit --all` does: a temporary index beside the real one.
    const env = { GIT_INDEX_FILE: join(folder, '.git', 'next-index'), GIT_DIR: join(folder, '.git') };
    execFileSync('git', ['read-tree', 'HEAD'], { cwd: folder, env: cleanEnvironment(env) });
    execFileSync('git', ['add', 'core1.cfg'], { cwd: folder, env: cleanEnvironment(env) });
    assert.equal(run(folder, ['check', '--staged'], { env }).code, 1);
    assert.equal(run(folder, ['check', '--staged']).code, 0);
  });

  it('works in a linked working tree', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': OPEN });
    git(folder, 'commit', '--quiet', '-m', 'open');
    const linked = join(folderWith(context, {}), 'linked');
    git(folder, 'worktree', 'add', '--quiet', linked);
    assert.equal(run(linked, ['check', '--staged']).code, 1);
  });

  it('takes any name', { skip: process.platform === 'win32' }, (context) => {
    const name = 'größe und "x"\n.cfg';
    const folder = repositoryWith(context, { [name]: OPEN, 'a b/c d.cfg': CLOSED.replace('core1', 'core2') });
    const { code, out } = run(folder, ['check', '--staged', '--format', 'json']);
    assert.equal(code, 1);
    const { files } = JSON.parse(out) as { files: { path: string }[] };
    assert.deepEqual(
      files.map(({ path }) => path),
      ['a b/c d.cfg', name],
    );
  });

  it('judges a file with NUL bytes', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': `${OPEN}\0\0` });
    assert.equal(run(folder, ['check', '--staged']).code, 1);
  });

  it('passes over symbolic links and submodules', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': CLOSED, 'sub/core2.cfg': OPEN });
    git(join(folder, 'sub'), 'init', '--quiet');
    git(join(folder, 'sub'), 'add', '--all');
    git(join(folder, 'sub'), 'commit', '--quiet', '-m', 'x');
    git(folder, 'rm', '--cached', '-r', '--quiet', 'sub');
    git(folder, 'add', 'sub');
    symlinkSync('core1.cfg', join(folder, 'alias.cfg'));
    git(folder, 'add', 'alias.cfg');
    const { code, out, err } = run(folder, ['check', '--staged']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /1 configuration judged/);
  });

  it('a file that is not merged yet is not clean', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': CLOSED, 'core2.cfg': CLOSED });
    git(folder, 'commit', '--quiet', '-m', 'base');
    git(folder, 'checkout', '--quiet', '-b', 'other');
    write(folder, { 'core2.cfg': OPEN });
    git(folder, 'commit', '--quiet', '--all', '-m', 'other');
    git(folder, 'checkout', '--quiet', '-');
    write(folder, { 'core2.cfg': CLOSED_EDGE });
    git(folder, 'commit', '--quiet', '--all', '-m', 'mine');
    assert.throws(() => git(folder, 'merge', 'other'));
    const { code, err } = run(folder, ['check', '--staged']);
    assert.equal(code, 2);
    assert.match(err, /core2\.cfg: not analysed: not merged yet/);
  });

  it('runs no program that a repository names', { skip: process.platform === 'win32' }, (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': OPEN });
    const program = (path: string) => {
      const named = join(folder, '.git', 'watcher');
      write(folder, { '.git/watcher': `#!/bin/sh\ntouch '${path}'\n` });
      chmodSync(named, 0o755);
      return named;
    };
    const mark = join(folder, '.git', 'was-run');
    git(folder, 'config', 'core.fsmonitor', program(mark));
    assert.equal(run(folder, ['check', '--staged']).code, 1);
    assert.equal(existsSync(mark), false);
  });

  it('uses no bare repository that lies among the files', (context) => {
    const folder = repositoryWith(context, { 'core1.cfg': OPEN });
    git(folder, 'init', '--quiet', '--bare', 'inner');
    const { code, err } = run(join(folder, 'inner'), ['check', '--staged']);
    assert.equal(code, 2);
    assert.match(err, /bare repository/);
  });

  it('says where there is nothing to judge', (context) => {
    const folder = repositoryWith(context, { 'README.md': '# Notes\n' });
    const { code, err } = run(folder, ['check', '--staged']);
    assert.equal(code, 2);
    assert.match(err, /No configuration that this program knows among the staged files/);
  });

  it('says where there is no repository', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    const { code, out, err } = run(folder, ['check', '--staged'], {
      env: { GIT_CEILING_DIRECTORIES: join(folder, '..') },
    });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^advisory-lens: --staged works inside a git repository, and this is none\.\n$/);
  });

  it('says where there is no git', (context) => {
    const { code, err } = run(folderWith(context, {}), ['check', '--staged'], { env: { PATH: '/nowhere' } });
    assert.equal(code, 2);
    assert.match(err, /git is not installed/);
  });
});
