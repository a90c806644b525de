import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { madePages } from '../../scripts/docs.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every page that people read: the root's and those of docs. */
function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const inDocs = docs.filter((path) => path.endsWith('.md')).map((path) => join('docs', path));
  return [...readdirSync(ROOT).filter((name) => name.endsWith('.md')), ...inDocs];
}

test('pages that are made from the code are as `npm run docs` writes them', async (t) => {
  for (const [path, text] of madePages()) {
    await t.test(path, () => assert.equal(readFileSync(join(ROOT, path), 'utf8'), text, 'stale: run `npm run docs`'));
  }
});

test('links between pages lead somewhere', () => {
  const broken: string[] = [];
  for (const page of pages()) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target) || target.startsWith('#')) continue;
      const path = normalize(join(dirname(page), target.split('#')[0] as string));
      if (!existsSync(join(ROOT, path))) broken.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('ARCHITECTURE.md is short, and the paths that it names exist', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  assert.ok(text.split('\n').length < 200);
  const paths = [...text.matchAll(/`([\w.-]+(?:\/[\w.<>*-]+)*\/?)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => path.includes('/') || /\.(?:ts|md|json|mjs)$/.test(path));
  assert.ok(paths.length > 20, 'the code map names its paths in backticks');
  const missing = paths.filter((path) => !existsSync(join(ROOT, path)));
  assert.deepEqual(missing, []);
});

test('the README holds the two commands, word for word', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  assert.ok(text.includes('\nnpm ci && npx advisory-lens check examples/hospital\n'));
  assert.ok(text.includes('\nnpm ci && npm test\n'));
});
