/** Entries of one filter that are named; the rest is counted. */
const MOST_NAMED = 16;

/** An entry that passes a part, and what it passes, in words. */
export interface NamedEntry {
  readonly acl: string;
  readonly index: number;
  readonly words: string;
}

/** The entries of one filter that pass a part: the first ones in the order of evaluation, and how many there are. */
export class NamedEntries {
  /** The order of every entry that was added. */
  readonly #orders = new Set<number>();
  /** Sorted by order. */
  readonly #named: { readonly order: number; readonly entry: NamedEntry }[] = [];

  has(order: number): boolean {
    return this.#orders.has(order);
  }

  /** Adds an entry. `describe` is called only if it is among the first ones so far: words take time. */
  add(order: number, describe: () => NamedEntry): void {
    this.#orders.add(order);
    const last = this.#named[MOST_NAMED - 1];
    if (last !== undefined && last.order < order) return;
    const at = this.#named.findIndex((one) => one.order > order);
    this.#named.splice(at === -1 ? this.#named.length : at, 0, { order, entry: describe() });
    this.#named.length = Math.min(this.#named.length, MOST_NAMED);
  }

  /** In the order of evaluation. */
  get named(): readonly NamedEntry[] {
    return this.#named.map(({ entry }) => entry);
  }

  /** How many there are beside the named ones. */
  get further(): number {
    return this.#orders.size - this.#named.length;
  }
}
