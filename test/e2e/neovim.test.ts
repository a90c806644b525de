/** The language server with a second real client, which shares no code with VS Code's. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Finding, Fix } from '../../server/src/core/report.js';
import { CLI, check, copyOf, firstFixable, fixedText } from './support/expected.js';

interface Seen {
  readonly before: readonly { code: string; message: string; severity: number; related: readonly string[] }[];
  readonly titles: readonly string[];
  /** Messages that stand in the file once the fix is in. */
  readonly after: readonly string[];
  readonly failure?: string;
}

const ERROR_SEVERITY = 1;

describe('neovim', () => {
  let folder: string;
  let finding: Finding;
  let fix: Fix;
  let wanted: string;
  let seen: Seen;

  before(() => {
    folder = copyOf('examples/hospital');
    ({ finding, fix } = firstFixable(check(folder)));
    wanted = fixedText(folder, finding.file, fix.edits);
    const result = join(folder, '.seen.json');
    const run = spawnSync('nvim', ['--headless', '--clean', '-c', 'luafile test/e2e/neovim/scenario.lua'], {
      encoding: 'utf8',
      timeout: 90_000,
      env: {
        ...process.env,
        SERVER: JSON.stringify([process.execPath, CLI, 'lsp', '--stdio']),
        FOLDER: folder,
        FILE: join(folder, finding.file),
        LINE: String(finding.line),
        TITLE: fix.title,
        RESULT: result,
      },
    });
    assert.equal(run.status, 0, run.stderr);
    seen = JSON.parse(readFileSync(result, 'utf8'));
  });

  after(() => rmSync(dirname(folder), { recursive: true, force: true }));

  it('gets the finding on its line, with every hop', () => {
    const found = seen.before.find(({ code, severity }) => code === finding.rule && severity === ERROR_SEVERITY);
    assert.ok(found !== undefined, `${seen.failure ?? ''} ${JSON.stringify(seen.before)}`);
    assert.ok(found.message.includes(finding.message), found.message);
    assert.equal(found.related.length, finding.related.length);
  });

  it('gets the fix, and applies it', () => {
    assert.equal(seen.failure, undefined);
    assert.ok(seen.titles.includes(fix.title), seen.titles.join(' | '));
    assert.deepEqual(readFileSync(join(folder, finding.file), 'utf8').split('\n'), wanted.split('\n'));
  });

  it('sees the finding gone', () => {
    assert.ok(!seen.after.some((message) => message.includes(finding.message)), seen.after.join(' | '));
  });
});
