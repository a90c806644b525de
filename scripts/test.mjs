/**
 * Runs tests: `node scripts/test.mjs [--e2e] [--update] [--screenshots] [PART...]`.
 *
 * Without `--e2e` all that need nothing but Node, with it those under test/e2e alone. A PART is a
 * piece of a path under test/ (`grammar`, `meta/layers`). `--update` has the tests that keep
 * expected output write it anew; `--screenshots` has the end-to-end tests take the README's pictures.
 * Node 20's own `--test` knows no globs, which is why the files are found here.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const args = process.argv.slice(2);
const switches = new Set(args.filter((arg) => arg.startsWith('--')));
const parts = args.filter((arg) => !arg.startsWith('--'));
const unknown = [...switches].filter((name) => !['--e2e', '--update', '--screenshots'].includes(name));
if (unknown.length > 0) fail(`There is no switch ${unknown.join(', ')}.`);

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && path.startsWith('test/e2e/') === switches.has('--e2e'))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .sort();
if (files.length === 0) fail(`No test file has ${parts.join(' or ')} in its path.`);

const env = { ...process.env };
if (switches.has('--update')) env.ADVISORY_LENS_UPDATE = '1';
if (switches.has('--screenshots')) env.ADVISORY_LENS_SCREENSHOTS = '1';
// One editor at a time: two of them are slow enough on a small machine to look broken.
const concurrency = switches.has('--e2e') ? ['--test-concurrency=1'] : [];
const run = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', ...concurrency, ...files],
  { stdio: 'inherit', env },
);
process.exit(run.status ?? 1);

/** @param {string} reason */
function fail(reason) {
  console.error(reason);
  process.exit(2);
}
