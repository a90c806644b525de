/**
 * Runs the tests that need nothing but Node: `npm test -- [--update] [PART...]`.
 *
 * A PART is a piece of a path under test/ (`grammar`, `meta/layers`); without one, everything under
 * test/ runs but test/e2e. `--update` has the tests that keep expected output write it anew.
 * Node 20's own `--test` knows no globs, which is why the files are found here.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const args = process.argv.slice(2);
const update = args.includes('--update');
const parts = args.filter((arg) => arg !== '--update');

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/e2e/'))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`No test file under test/ has ${parts.join(' or ')} in its path.`);
  process.exit(2);
}

const run = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: update ? { ...process.env, ADVISORY_LENS_UPDATE: '1' } : process.env,
});
process.exit(run.status ?? 1);
