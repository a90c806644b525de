import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ruleText } from '../../scripts/docs.js';
import { LEVELS } from '../../server/src/core/report.js';
import { RULES } from '../../server/src/core/rules/index.js';
import { allFiles, readFixtures } from '../fixtures/support/suites.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = join(ROOT, 'server/src/core/rules');
const PAGES = join(ROOT, 'docs/rules');
/** What is in the folder of the rules and is no rule. */
const NO_RULES = new Set(['index.ts', 'rule.ts']);
const HEADINGS = ['What it says', 'Why it matters', 'Example (fires)', 'Example (quiet)', 'How to fix', 'Options'];

const ids = RULES.map(({ id }) => id);
const fixtures = readFixtures(join(ROOT, 'test/fixtures'));
const marks = fixtures.flatMap((fixture) =>
  allFiles(fixture).flatMap((file) => file.marks.map((mark) => ({ fixture: fixture.name, mark }))),
);

test('the list of rules is the design’s', () => {
  assert.deepEqual([...ids].sort(), [
    'block-mask',
    'block-shadowed',
    'block-unapplied',
    'path-differs',
    'segment-unmatched',
    'target-in-use',
    'target-inbound',
    'target-partly-blocked',
    'target-possibly-reachable',
    'target-reachable',
    'undefined-filter',
    'unmodelled-statement',
  ]);
});

for (const { id, level } of RULES) {
  test(`the rule ${id}`, async (t) => {
    await t.test('stands in a file of its name', () => assert.ok(existsSync(join(SOURCES, `${id}.ts`))));
    await t.test('has a level', () => assert.ok(LEVELS.includes(level)));
    await t.test('has a doc comment with the headings of a page', () => assert.ok(ruleText(id).intro.length > 0));
    await t.test('has a page with the headings', () => {
      const page = readFileSync(join(PAGES, `${id}.md`), 'utf8');
      const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      assert.deepEqual(headings, HEADINGS);
    });
    await t.test('has a firing fixture', () => {
      const fires = marks.filter(({ fixture, mark }) => fixture === `rules/${id}/fires.cfg` && mark.rule === id);
      assert.ok(fires.length > 0);
      for (const { mark } of fires) assert.equal(mark.level, level);
    });
    await t.test('has a quiet fixture', () => {
      assert.ok(fixtures.some((fixture) => fixture.name === `rules/${id}/quiet.cfg`));
      assert.ok(!marks.some(({ fixture, mark }) => fixture === `rules/${id}/quiet.cfg` && mark.rule === id));
    });
  });
}

test('every file of the folder is a rule of the list, or known not to be one', () => {
  for (const entry of readdirSync(SOURCES, { withFileTypes: true })) {
    if (entry.isDirectory() || NO_RULES.has(entry.name)) continue;
    const source = readFileSync(join(SOURCES, entry.name), 'utf8');
    const isRule = /:\s*Rule\b/.test(source);
    assert.equal(ids.includes(entry.name.replace(/\.ts$/, '')), isRule, entry.name);
  }
});

test('marks speak of rules that exist', () => {
  for (const { fixture, mark } of marks) assert.ok(ids.includes(mark.rule), `${fixture}: ${mark.source}`);
});
