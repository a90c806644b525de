import type { Value } from './values.js';

/** A definition that holds more values is not followed: each may hold another twice, and that one a third twice. */
const MOST_VALUES = 1_000_000;
const WEIGHTS = new WeakMap<Value, number>();

/** How many values a value holds, those of definitions in it included. */
function weightOf(value: Value): number {
  const known = WEIGHTS.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  const add = (part: Value) => {
    weight += weightOf(part);
  };
  switch (value.kind) {
    case 'set':
      for (const { key, data } of value.elements) {
        add(key);
        if (data !== undefined && data.kind !== 'verdict') add(data);
      }
      break;
    case 'list':
      value.items.forEach(add);
      break;
    case 'concatenation':
      value.parts.forEach(add);
      break;
    case 'range':
      add(value.from);
      add(value.to);
      break;
    case 'prefix':
      add(value.base);
      break;
    case 'masked':
      add(value.value);
      add(value.mask);
      break;
    case 'binary':
      add(value.left);
      add(value.right);
      break;
  }
  WEIGHTS.set(value, weight);
  return weight;
}

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
    const isSmall = weightOf(value) <= MOST_VALUES;
    this.#values.set(name, isSmall ? value : { kind: 'untold', words: `$${name} holds too many values` });
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
