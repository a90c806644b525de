/** What a function of a script does where it is called. */
export interface FunctionEffects {
  /** It changes filters or routes. */
  changes: boolean;
  /** Variables that it sets. */
  readonly sets: Set<string>;
  /** It reads in what may set any variable. */
  forgets: boolean;
}

/** What is known of a function from its body. */
export interface ShellFunction extends FunctionEffects {
  /** Names that it calls, of which some may be functions. */
  readonly calls: Set<string>;
}

/** The functions of a script: their lines are read where they stand, and carried out where they are called. */
export class ShellFunctions {
  readonly #known = new Map<string, ShellFunction>();

  /** The function of that name, which the script may make anew. */
  define(name: string): ShellFunction {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = { changes: false, sets: new Set(), forgets: false, calls: new Set() };
      this.#known.set(name, known);
    }
    return known;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** What a call of the function does, and of those that it calls; undefined: it is none of the script's. */
  effectsOf(name: string): FunctionEffects | undefined {
    if (!this.has(name)) return undefined;
    const all: FunctionEffects = { changes: false, sets: new Set(), forgets: false };
    const seen = new Set([name]);
    for (const one of seen) {
      const known = this.#known.get(one);
      if (known === undefined) continue;
      all.changes ||= known.changes;
      all.forgets ||= known.forgets;
      for (const variable of known.sets) all.sets.add(variable);
      for (const called of known.calls) seen.add(called);
    }
    return all;
  }
}
