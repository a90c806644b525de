import type { Runtime } from './runtime.js';

/** Gathers what has changed until it is time to tell the client. */
export class Changes {
  readonly #runtime: Runtime;
  readonly #edited = new Set<string>();
  #isTellingSoon = false;
  #tell: () => void = () => {};

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  onTell(tell: () => void): void {
    this.#tell = tell;
  }

  /** Something that verdicts depend on; `edited` is the open document that it was, if it was one. */
  add(edited?: string): void {
    if (edited !== undefined) this.#edited.add(edited);
    if (this.#isTellingSoon) return;
    this.#isTellingSoon = true;
    // Not at once: the client's own request for diagnostics, and further edits, may wait behind this one.
    this.#runtime.defer(() => {
      this.#isTellingSoon = false;
      this.#tell();
    }, 0);
  }

  /** Takes those of the edited documents that pass the test; the others are kept for another time. */
  takeEdited(test: (path: string) => boolean): ReadonlySet<string> {
    const taken = [...this.#edited].filter(test);
    for (const path of taken) this.#edited.delete(path);
    return new Set(taken);
  }
}
