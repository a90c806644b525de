import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CLOSED, OPEN, site } from './support/configs.js';
import { folderWith, run } from './support/run.js';

const IMAGE = Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + (index >> 3)) % 256);

describe('files: named', () => {
  it('nothing there', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED });
    const { code, err } = run(folder, ['check', 'core1.cfg', 'core2.cfg']);
    assert.equal(code, 2);
    assert.match(err, /No such file or folder: core2\.cfg/);
  });

  it('a glob that matches', (context) => {
    const folder = folderWith(context, { 'a/core1.cfg': OPEN, 'a/deep/core2.cfg': OPEN, 'a/notes.txt': 'hello\n' });
    assert.match(run(folder, ['check', 'a/*.cfg']).out, /1 configuration judged/);
    assert.match(run(folder, ['check', 'a/**/*.cfg']).out, /2 configurations judged/);
  });

  it('a file whose name looks like a glob', (context) => {
    const folder = folderWith(context, { 'core[1].cfg': OPEN });
    assert.match(run(folder, ['check', 'core[1].cfg']).out, /--> core\[1\]\.cfg:10:/);
  });

  it('a glob that matches nothing', (context) => {
    const { code, err } = run(folderWith(context, { 'core1.cfg': CLOSED }), ['check', '*.conf']);
    assert.equal(code, 2);
    assert.match(err, /No file matches \*\.conf/);
  });

  for (const [what, content, said] of [
    ['a text that is no configuration', '# Notes\n', /README: not analysed: no configuration/],
    ['a binary file', IMAGE, /README: not analysed: a binary file/],
    ['an empty file', '', /README: not analysed: no configuration/],
  ] as const) {
    it(`${what} is 2, and the others are judged`, (context) => {
      const folder = folderWith(context, { 'core1.cfg': CLOSED, README: content });
      const { code, out, err } = run(folder, ['check', 'core1.cfg', 'README']);
      assert.equal(code, 2);
      assert.match(err, said);
      assert.match(out, /1 configuration judged.*1 file not analysed/);
    });
  }

  it('a file over 100 MB is not read', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED, 'big.cfg': OPEN });
    truncateSync(join(folder, 'big.cfg'), 100 * 1024 * 1024 + 1);
    const { code, err } = run(folder, ['check', 'big.cfg', 'core1.cfg']);
    assert.equal(code, 2);
    assert.match(err, /big\.cfg: not analysed: larger than 100 MB/);
  });

  it('a pipe does not hang', { skip: process.platform === 'win32' }, (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED });
    execFileSync('mkfifo', [join(folder, 'pipe.cfg')]);
    const { code, err } = run(folder, ['check', 'pipe.cfg']);
    assert.equal(code, 2);
    assert.match(err, /pipe\.cfg: not analysed: not a regular file/);
  });

  it('a link to itself', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED });
    symlinkSync('self.cfg', join(folder, 'self.cfg'));
    const { code, err } = run(folder, ['check', 'self.cfg']);
    assert.equal(code, 2);
    assert.match(err, /self\.cfg: not analysed: a loop of symbolic links/);
  });

  it('a few NULs leave a configuration one', (context) => {
    const folder = folderWith(context, { 'core1.cfg': `${OPEN}\0` });
    assert.equal(run(folder, ['check', 'core1.cfg']).code, 1);
  });

  it('UTF-16 is read, and places are counted in characters', (context) => {
    const folder = folderWith(context, { 'core1.cfg': Buffer.from(`\ufeff${OPEN}`, 'utf16le') });
    assert.match(run(folder, ['check']).out, /--> core1\.cfg:10:2\n/);
  });
});

describe('files: in a folder', () => {
  it('what is no configuration is passed over in silence', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED, 'README.md': '# Notes\n', 'notes.json': '{}' });
    const { code, out, err } = run(folder, ['check']);
    assert.deepEqual([code, err], [0, '']);
    assert.doesNotMatch(out, /not analysed/);
  });

  it('images are counted, and change no exit code', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED, 'a.png': IMAGE, 'b.png': IMAGE });
    const { code, out, err } = run(folder, ['check']);
    assert.equal(code, 0);
    assert.match(err, /2 binary files not analysed: a\.png, \.\.\./);
    assert.match(out, /2 binary files passed over/);
  });

  it('a folder without any configuration is not clean', (context) => {
    for (const files of [{}, { 'README.md': '# Notes\n' }, { 'a.png': IMAGE }]) {
      const { code, out, err } = run(folderWith(context, files), ['check']);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /No configuration that this program knows in \./);
    }
  });

  it('a file that may hide a configuration is not clean', (context) => {
    const folder = folderWith(context, { 'core1.cfg': CLOSED, 'big.cfg': '' });
    truncateSync(join(folder, 'big.cfg'), 200 * 1024 * 1024);
    const { code, out, err } = run(folder, ['check']);
    assert.equal(code, 2);
    assert.match(err, /big\.cfg: not analysed: larger than 100 MB/);
    assert.match(out, /1 file not analysed/);
    const report = JSON.parse(run(folder, ['check', '--format', 'json']).out) as { notAnalysed?: unknown };
    assert.deepEqual(report.notAnalysed, [{ path: 'big.cfg', reason: 'larger than 100 MB' }]);
  });

  it('findings weigh more than files that may hide one', (context) => {
    const folder = folderWith(context, { 'core1.cfg': OPEN });
    symlinkSync('gone.cfg', join(folder, 'dangling.cfg'));
    const { code, err } = run(folder, ['check']);
    assert.equal(code, 1);
    assert.match(err, /dangling\.cfg: not analysed: a symbolic link to nothing/);
  });

  it('links that lead round in a circle are named, and each file is judged once', (context) => {
    const folder = folderWith(context, { 'a/core1.cfg': OPEN, 'b/notes.txt': 'hello\n' });
    symlinkSync('..', join(folder, 'a', 'up'));
    symlinkSync('../a', join(folder, 'b', 'across'));
    symlinkSync('core1.cfg', join(folder, 'a', 'alias.cfg'));
    const { code, out, err } = run(folder, ['check']);
    assert.equal(code, 1);
    assert.match(err, /a\/up: not analysed: a symbolic link to a folder that holds it/);
    assert.match(out, /1 configuration judged/);
    assert.match(out, /--> a\/core1\.cfg:10:/);
  });

  it('a link to elsewhere is followed', (context) => {
    const elsewhere = folderWith(context, { 'core1.cfg': OPEN });
    const folder = folderWith(context, { 'notes.txt': 'hello\n' });
    symlinkSync(elsewhere, join(folder, 'configs'));
    assert.match(run(folder, ['check']).out, /--> configs\/core1\.cfg:10:/);
  });

  it('folders of tools are left out', (context) => {
    const folder = folderWith(context, {
      'core1.cfg': CLOSED,
      '.git/core2.cfg': OPEN,
      'node_modules/x/core3.cfg': OPEN,
      '.cache/core4.cfg': OPEN,
    });
    assert.match(run(folder, ['check']).out, /1 configuration judged/);
    assert.equal(run(folder, ['check', '.cache/core4.cfg']).code, 1, 'unless named');
  });

  it('names with control characters do not reach the terminal', { skip: process.platform === 'win32' }, (context) => {
    const folder = folderWith(context, { 'core\u001b[31m1.cfg': OPEN, 'b\nad.cfg': '' });
    symlinkSync('gone', join(folder, 'x\u001b]0;x\u0007'));
    const { out, err } = run(folder, ['check']);
    assert.ok(!`${out}${err}`.includes('\u001b'));
    assert.match(out, /core␛\[31m1\.cfg:10:2/);
    assert.match(err, /x␛\]0;x␇: not analysed/);
  });
});

describe('files: the site file', () => {
  it('is looked for upwards, also above the working directory', (context) => {
    const folder = folderWith(context, {
      'advisory-lens.json': site({ configs: ['net/**/*.cfg'] }),
      'net/ward/core1.cfg': OPEN,
    });
    const { code, out } = run(join(folder, 'net', 'ward'), ['check', '--format', 'json']);
    assert.equal(code, 1);
    const report = JSON.parse(out) as {
      segments: { name: string }[];
      findings: { file: string; related: { file: string }[] }[];
    };
    assert.deepEqual(
      report.segments.map(({ name }) => name),
      ['patient-monitors'],
    );
    const files = report.findings.flatMap(({ file, related }) => [file, ...related.map((place) => place.file)]);
    assert.deepEqual([...new Set(files)], ['core1.cfg']);
  });
});
