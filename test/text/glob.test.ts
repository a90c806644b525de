import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileGlob, isGlob, splitGlob } from '../../server/src/core/text/glob.js';

const CASES: readonly (readonly [glob: string, matches: readonly string[], others: readonly string[]])[] = [
  ['core1.cfg', ['core1.cfg'], ['core1xcfg', 'a/core1.cfg', 'core1.cfg.bak']],
  ['*.cfg', ['a.cfg', '.cfg', '.hidden.cfg'], ['a/b.cfg', 'a.cfg2']],
  ['a?c', ['abc', 'a\u{1f600}c'], ['ac', 'a/c', 'abbc']],
  ['**', ['a', 'a/b/c', '.x/y'], []],
  ['configs/**', ['configs/a', 'configs/a/b'], ['configs2/a', 'x/configs/a']],
  ['**/*.cfg', ['a.cfg', 'x/a.cfg', 'x/y/a.cfg'], ['a.txt', 'a.cfg/b']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'x/a/b']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['[ab]1', ['a1', 'b1'], ['c1', '[ab]1']],
  ['[!a-c]1', ['d1'], ['a1', 'c1', '/1']],
  ['[^]]x', ['ax'], [']x']],
  ['[]]x', [']x'], ['ax']],
  ['core{1,2}.cfg', ['core1.cfg', 'core2.cfg'], ['core3.cfg', 'core{1,2}.cfg']],
  ['{a,b/{c,d*}}/e', ['a/e', 'b/c/e', 'b/dd/e'], ['b/e', 'b/cd/e']],
  ['{**/x,y}', ['x', 'a/x', 'y'], ['a/y']],
  ['r{9..11}', ['r9', 'r10', 'r11'], ['r1', 'r12']],
  ['{one}', ['{one}'], ['one']],
  ['a{b', ['a{b'], ['ab']],
  ['a[b', ['a[b'], ['ab']],
  ['site (old)/*', ['site (old)/a'], ['site old/a']],
  ['a\\*b', ['a*b'], ['axb']],
  ['', [''], ['a']],
];

describe('a glob', () => {
  for (const [glob, matches, others] of CASES) {
    it(`"${glob}"`, () => {
      const isMatch = compileGlob(glob);
      for (const path of matches) assert.ok(isMatch(path), `matches ${path}`);
      for (const path of others) assert.ok(!isMatch(path), `does not match ${path}`);
    });
  }

  it('matches what a regular expression does', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '/', '**', '{a,b}', '[ab]');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), fc.stringMatching(/^[ab/]{0,8}$/), (pieces, path) => {
        // Neighbouring stars and slashes make names of which the expression below knows nothing.
        const glob = pieces.join('').replace(/\*{2,}/g, '*');
        const source = glob
          .replace(/\{a,b\}/g, '[ab]')
          .replace(/\?/g, '[^/]')
          .replace(/\*/g, '[^/]*');
        assert.equal(compileGlob(glob)(path), new RegExp(`^${source}$`).test(path), glob);
      }),
    );
  });

  // Each of these takes a backtracking matcher longer than anybody waits, or makes it throw.
  for (const [glob, path] of [
    ['*a'.repeat(40), `${'a'.repeat(250)}b`],
    [`${'**/a/'.repeat(30)}b`, `${'a/'.repeat(1000)}c`],
    ['{a,{a,'.repeat(150), 'a'.repeat(200)],
    ['{*a,*a}'.repeat(40), `${'a'.repeat(250)}b`],
    ['?'.repeat(100_000), 'a'.repeat(250)],
    [`${'{'.repeat(30_000)}a,${'}'.repeat(30_000)}`, 'b'],
    ['{a,'.repeat(20_000) + '}'.repeat(20_000), 'b'],
    ['[['.repeat(20_000), 'b'],
  ] as const) {
    it(`made to cost time, answers: ${glob.slice(0, 12)}...`, () => {
      assert.equal(compileGlob(glob)(path), false);
      assert.equal(typeof isGlob(glob), 'boolean');
      assert.equal(typeof splitGlob(glob).rest, 'string');
    });
  }

  it('is told from a path', () => {
    for (const glob of ['*', 'a?', '[ab]', '{a,b}', '**/x', 'r{1..3}']) assert.ok(isGlob(glob), glob);
    for (const path of ['a', 'a/b.cfg', '(x)', 'a[', '{a}', '!x', '']) assert.ok(!isGlob(path), path);
  });

  it('begins with a folder', () => {
    assert.deepEqual(splitGlob('a/b/*.cfg'), { folder: 'a/b', rest: '*.cfg' });
    assert.deepEqual(splitGlob('a/b*/c'), { folder: 'a', rest: 'b*/c' });
    assert.deepEqual(splitGlob('*.cfg'), { folder: '', rest: '*.cfg' });
    assert.deepEqual(splitGlob('/*.cfg'), { folder: '/', rest: '*.cfg' });
    assert.deepEqual(splitGlob('a/b.cfg'), { folder: 'a/b.cfg', rest: '' });
    assert.deepEqual(splitGlob('{a,b}/c'), { folder: '', rest: '{a,b}/c' });
  });
});
