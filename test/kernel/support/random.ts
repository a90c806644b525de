/** A seeded source of choices: the same seed gives the same rulesets and packets everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    for (let round = 0; round < 4; round += 1) this.next();
  }

  /** 0 to 2^32 - 1 (mulberry32, by Tommy Ettinger). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** `first` to `last`, both included. */
  between(first: number, last: number): number {
    return first + (this.next() % (last - first + 1));
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.between(1, 100) <= percent;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.between(0, options.length - 1)] as T;
  }

  /** `least` to `most` different ones, in the order given. */
  some<T>(options: readonly T[], least: number, most: number): T[] {
    const wanted = Math.min(options.length, this.between(least, most));
    const chosen = new Set<number>();
    while (chosen.size < wanted) chosen.add(this.between(0, options.length - 1));
    return options.filter((_, index) => chosen.has(index));
  }

  list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: this.between(least, most) }, make);
  }
}
