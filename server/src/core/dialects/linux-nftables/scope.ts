import type { Value } from './values.js';

/** What names stand for: of the whole ruleset, or within one table or chain. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #values = new Map<string, Value>();
  readonly #missing: Set<string>;

  constructor(outer?: Scope) {
    this.#outer = outer;
    this.#missing = outer?.missing ?? new Set();
  }

  /** Names that were asked for and that no file here defines. */
  get missing(): Set<string> {
    return this.#missing;
  }

  define(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  undefine(name: string): void {
    this.#values.delete(name);
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#outer?.has(name) === true;
  }

  /** What a name stands for at this place; a later definition changes nothing of it. */
  lookup(name: string): Value {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    if (this.#outer !== undefined) return this.#outer.lookup(name);
    this.#missing.add(name);
    return { kind: 'untold', words: `$${name} is not defined in these files` };
  }
}
