import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { contentAt } from '../../server/src/cli/files/decode.js';
import { folderWith } from './support/run.js';

const LARGE = '! a line that says nothing\n'.repeat(20_000);

describe('the text of a large file', () => {
  for (const [what, text] of [
    ['ASCII', LARGE],
    ['other letters in its last line', `${LARGE}! Intensivstation Süd\n`],
  ] as const) {
    for (const [how, missing] of [
      ['as large as it was', 0],
      ['grown by a letter since', 1],
      ['grown by much since', 100_000],
      ['cut since', -100_000],
    ] as const) {
      it(`is all of it: ${what}, ${how}`, (context) => {
        const path = join(folderWith(context, { 'core1.cfg': text }), 'core1.cfg');
        assert.deepEqual(contentAt(path, statSync(path).size - missing), { text });
      });
    }
  }
});
