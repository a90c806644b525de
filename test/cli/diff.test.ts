import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hunksOf } from '../../server/src/cli/formats/pretty/diff.js';
import type { ReportEdit } from '../../server/src/core/report.js';
import { applyEdits } from '../../server/src/core/text/edit.js';
import { SourceFile } from '../../server/src/core/text/source-file.js';

/** An edit that replaces the lines from `first` up to and without `next`. */
function lines(first: number, next: number, newText: string): ReportEdit {
  return { file: 'f', startLine: first, startColumn: 1, endLine: next, endColumn: 1, newText };
}

function diff(text: string, ...edits: ReportEdit[]): string[] {
  const file = new SourceFile('f', text);
  const hunks = hunksOf(edits, (path) => (path === 'f' ? file : undefined));
  return hunks.flatMap((hunk) => [
    '@',
    ...hunk.lines.map(({ sign, number, text }) => `${sign}${number ?? ''} ${text}`),
  ]);
}

const FIVE = 'one\ntwo\nthree\nfour\nfive\n';

describe('diff', () => {
  it('an insertion stands between its neighbours', () => {
    assert.deepEqual(diff(FIVE, lines(3, 3, 'new\n')), ['@', ' 2 two', '+ new', ' 3 three']);
  });

  it('an insertion before the first line, and behind the last', () => {
    assert.deepEqual(diff(FIVE, lines(1, 1, 'new\n')), ['@', '+ new', ' 1 one']);
    assert.deepEqual(diff(FIVE, lines(6, 6, 'new\n')), ['@', ' 5 five', '+ new']);
    assert.deepEqual(diff('one', { ...lines(1, 1, '\nnew'), startColumn: 4, endColumn: 4 }), ['@', ' 1 one', '+ new']);
  });

  it('a removal, and a change inside a line', () => {
    assert.deepEqual(diff(FIVE, lines(2, 3, '')), ['@', ' 1 one', '-2 two', ' 3 three']);
    const change = { ...lines(2, 2, 'W'), startColumn: 2, endColumn: 3 };
    assert.deepEqual(diff(FIVE, change), ['@', ' 1 one', '-2 two', '+ tWo', ' 3 three']);
  });

  it('edits far apart make two hunks, near ones one', () => {
    const text = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join('');
    const far = diff(text, lines(15, 16, ''), lines(3, 3, '15\n'));
    assert.deepEqual(far, ['@', ' 2 2', '+ 15', ' 3 3', '@', ' 14 14', '-15 15', ' 16 16']);
    assert.equal(diff(text, lines(3, 3, 'a\n'), lines(5, 5, 'b\n')).filter((line) => line === '@').length, 1);
  });

  it('many edits beside each other are one hunk, of all before and all after', () => {
    // As many as there are arguments that a function may not take.
    const count = 200_000;
    const text = Array.from({ length: count }, (_, index) => `${index} permit\n`).join('');
    const edits = Array.from({ length: count }, (_, index) => ({ ...lines(index + 1, index + 1, '7'), endColumn: 2 }));
    const [hunk, ...others] = hunksOf(edits, () => new SourceFile('f', text));
    assert.deepEqual(others, []);
    assert.equal(hunk?.lines.length, 2 * count);
    assert.deepEqual(hunk?.lines[count - 1], { sign: '-', number: count, text: `${count - 1} permit` });
    assert.deepEqual(hunk?.lines.at(-1), { sign: '+', number: undefined, text: '799999 permit' });
  });

  it('line ends of CR LF are not shown', () => {
    assert.deepEqual(diff('one\r\ntwo\r\n', lines(2, 2, 'new\r\n')), ['@', ' 1 one', '+ new', ' 2 two']);
  });

  it('its added and kept lines are the text after the edit', () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    const place = fc.tuple(fc.nat(8), fc.nat(3), fc.array(line, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), place, (before, [at, count, added]) => {
        const text = before.map((one) => `${one}\n`).join('');
        const first = Math.min(at, before.length) + 1;
        const next = Math.min(first + count, before.length + 1);
        const edit = lines(first, next, added.map((one) => `${one}\n`).join(''));
        const file = new SourceFile('f', text);
        const [hunk] = hunksOf([edit], () => file);
        const shown = hunk?.lines ?? [];
        const after = applyEdits(text, [
          {
            file: 'f',
            start: file.offsetAt({ line: first, column: 1 }),
            end: file.offsetAt({ line: next, column: 1 }),
            newText: edit.newText,
          },
        ]);
        const kept = shown.flatMap(({ sign, text }) => (sign === '-' ? [] : [`${text}\n`])).join('');
        const gone = shown.flatMap(({ sign, text }) => (sign === '+' ? [] : [`${text}\n`])).join('');
        assert.ok(after.includes(kept) && text.includes(gone));
        // Outside the hunk nothing differs.
        assert.equal(text.length - gone.length, after.length - kept.length);
        for (const { sign, number, text } of shown)
          if (sign !== '+') assert.equal(text, before[(number as number) - 1]);
      }),
    );
  });
});
