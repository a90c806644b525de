import type { Ip } from '../net/ip.js';
import { maskOf, type Prefix } from '../net/prefix.js';

/** Things by prefix, to be found by the addresses that the prefix holds: at most 33 look-ups each. */
export class RouteIndex<T extends { readonly prefix: Prefix }> {
  readonly #byLength: (Map<Ip, T[]> | undefined)[] = new Array(33).fill(undefined);

  constructor(items: Iterable<T> = []) {
    for (const item of items) this.add(item);
  }

  add(item: T): void {
    const { ip, length } = item.prefix;
    let bucket = this.#byLength[length];
    if (bucket === undefined) {
      bucket = new Map();
      this.#byLength[length] = bucket;
    }
    const items = bucket.get(ip);
    if (items === undefined) bucket.set(ip, [item]);
    else items.push(item);
  }

  /** The items whose prefix holds `ip`, longest prefix first, and in the order of adding within one prefix. */
  *containing(ip: Ip): Generator<T> {
    for (let length = 32; length >= 0; length -= 1) {
      const items = this.#byLength[length]?.get((ip & maskOf(length)) >>> 0);
      if (items !== undefined) yield* items;
    }
  }
}
