/** Says how far a long run has come. */
export interface Progress {
  /** `done` of `total` steps of `what` are done. What is one step has no bar. */
  step(what: string, done: number, total: number): void;
  /** Wipes the bar away. */
  end(): void;
}

const SHOW_AFTER_MS = 500;
const REDRAW_AFTER_MS = 80;
const BAR_WIDTH = 24;
const WIPE = '\r\u001b[2K';

/** A bar on a terminal, drawn only in runs that take over half a second. `nowMs` is since any fixed time. */
export function createProgress(nowMs: () => number, write: (text: string) => void): Progress {
  const started = nowMs();
  let drawnAt: number | undefined;
  let drawn = '';
  return {
    step(what, done, total) {
      const now = nowMs();
      if (now - started < SHOW_AFTER_MS) return;
      if (what === drawn && drawnAt !== undefined && now - drawnAt < REDRAW_AFTER_MS) return;
      drawnAt = now;
      drawn = what;
      write(`${WIPE}${total > 1 ? barOf(done / total) : ''}${what} ...`);
    },
    end() {
      if (drawnAt !== undefined) write(WIPE);
      drawnAt = undefined;
    },
  };
}

function barOf(share: number): string {
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % `;
}

export const SILENT: Progress = { step() {}, end() {} };
