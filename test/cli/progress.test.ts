import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProgress } from '../../server/src/cli/progress.js';

function recorded(): { at: (nowMs: number) => void; progress: ReturnType<typeof createProgress>; written: string[] } {
  let now = 0;
  const written: string[] = [];
  const progress = createProgress(
    () => now,
    (text) => written.push(text),
  );
  return { at: (nowMs) => (now = nowMs), progress, written };
}

describe('progress', () => {
  it('a short run shows nothing, and wipes nothing', () => {
    const { at, progress, written } = recorded();
    progress.step('reading', 0, 10);
    at(499);
    progress.step('reading', 9, 10);
    progress.end();
    assert.deepEqual(written, []);
  });

  it('a long run shows how far it is, and leaves a clean line', () => {
    const { at, progress, written } = recorded();
    at(500);
    progress.step('reading', 5, 10);
    progress.end();
    assert.deepEqual(written, ['\r\u001b[2K[############------------]  50 % reading ...', '\r\u001b[2K']);
  });

  it('does not draw for every file', () => {
    const { at, progress, written } = recorded();
    for (let file = 0; file < 1000; file += 1) {
      at(600 + file);
      progress.step('reading', file, 1000);
    }
    assert.ok(written.length > 5 && written.length < 20);
  });

  it('shows at once what is done next', () => {
    const { at, progress, written } = recorded();
    at(600);
    progress.step('reading', 3, 4);
    progress.step('judging', 0, 1);
    assert.deepEqual(written.slice(1), ['\r\u001b[2Kjudging ...']);
  });
});
