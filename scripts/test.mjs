/**
 * Runs tests: `node scripts/test.mjs [--e2e | --kernel | --routing] [--update] [--screenshots] [PART...]`.
 *
 * Without `--e2e`, `--kernel` and `--routing` all that need nothing but Node, with one of them those under
 * test/e2e, test/kernel or test/routing alone. A PART is a piece of a path under test/ (`grammar`, `meta/layers`). `--update` has the
 * tests that keep expected output write it anew; `--screenshots` has the end-to-end tests take the README's
 * pictures. The kernel's tests make `--rulesets N` random rulesets of each sort, from `--seed N` on: a
 * failure of ruleset N is made again by `--seed N --rulesets 1`. So do those of routing with `--sets N`.
 * Node 20's own `--test` knows no globs, which is why the files are found here.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const SWITCHES = ['--e2e', '--kernel', '--routing', '--update', '--screenshots'];
const NUMBERS = {
  '--rulesets': 'ADVISORY_LENS_KERNEL_RULESETS',
  '--sets': 'ADVISORY_LENS_ROUTING_SETS',
  '--seed': 'ADVISORY_LENS_SEED',
};

const env = { ...process.env };
const switches = new Set();
const parts = [];
let isSoak = false;
const args = process.argv.slice(2);
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (Object.hasOwn(NUMBERS, arg)) {
    const value = args.shift() ?? '';
    if (!/^\d{1,9}$/.test(value)) fail(`${arg} needs a number.`);
    env[NUMBERS[arg]] = value;
    if (arg !== '--seed') isSoak = true;
  } else if (!arg.startsWith('--')) parts.push(arg);
  else if (SWITCHES.includes(arg)) switches.add(arg);
  else fail(`There is no switch ${arg}.`);
}

const APART = { '--e2e': 'test/e2e/', '--kernel': 'test/kernel/', '--routing': 'test/routing/' };
const wanted = Object.keys(APART).filter((name) => switches.has(name));
if (wanted.length > 1) fail(`${wanted.join(' and ')} do not go together.`);
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => Object.entries(APART).every(([name, folder]) => path.startsWith(folder) === (name === wanted[0])))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .sort();
if (files.length === 0) fail(`No test file has ${parts.join(' or ')} in its path.`);

// One seed for all files of a run, so that one number makes a failure again.
if (switches.has('--kernel') || switches.has('--routing'))
  env[NUMBERS['--seed']] ??= String(Math.floor(Math.random() * 1e9));
if (switches.has('--update')) env.ADVISORY_LENS_UPDATE = '1';
if (switches.has('--screenshots')) env.ADVISORY_LENS_SCREENSHOTS = '1';
// One editor at a time: two of them are slow enough on a small machine to look broken.
const concurrency = switches.has('--e2e') ? ['--test-concurrency=1'] : [];
// A file that never ends is stopped and told by its name, where Node can do so: from 20.11 on. A soak takes its time.
const TEN_MINUTES_MS = 600_000;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const knowsTimeout = major > 20 || (major === 20 && minor >= 11);
const timeout = knowsTimeout && !isSoak ? [`--test-timeout=${TEN_MINUTES_MS}`] : [];
const run = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', ...concurrency, ...timeout, ...files],
  { stdio: 'inherit', env },
);
process.exit(run.status ?? 1);

/** @param {string} reason */
function fail(reason) {
  console.error(reason);
  process.exit(2);
}
