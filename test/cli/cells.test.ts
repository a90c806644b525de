import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cellsOf, visible, widthOfText } from '../../server/src/cli/formats/pretty/cells.js';

const shown = (line: string): string =>
  cellsOf(line)
    .map(({ text }) => text)
    .join('');

/** Control characters, and those that change the direction of text. */
function isObeyed(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

describe('cells', () => {
  it('tabs reach the next stop', () => {
    assert.equal(shown('\ta\tb'), '    a   b');
    assert.deepEqual(
      cellsOf('\tx').map(({ width, offset }) => [width, offset]),
      [
        [4, 0],
        [1, 1],
      ],
    );
  });

  it('control characters are pictures of themselves', () => {
    assert.equal(shown('a\u001b[31mb\u0007\u0000\u007f'), 'a␛[31mb␇␀␡');
    assert.equal(shown('\u009b2J'), '<U+009B>2J');
  });

  it('marks that turn or hide text are named', () => {
    assert.equal(shown('permit\u202eyned'), 'permit<U+202E>yned');
    assert.equal(shown('a\u200bb\ufeff'), 'a<U+200B>b<U+FEFF>');
  });

  it('wide characters take two columns, combining ones none', () => {
    assert.equal(widthOfText('病院 A'), 6);
    assert.equal(widthOfText('e\u0301'), 1);
    assert.equal(widthOfText('🏥'), 2);
  });

  it('offsets count UTF-16 units', () => {
    assert.deepEqual(
      cellsOf('🏥x').map(({ offset }) => offset),
      [0, 2],
    );
  });

  it('a lone surrogate is replaced', () => {
    assert.equal(visible('a\ud800b'), 'a\ufffdb');
  });

  it('nothing that a terminal obeys comes through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const character of shown(text) + visible(text)) assert.ok(!isObeyed(character.codePointAt(0) as number));
      }),
    );
  });
});
