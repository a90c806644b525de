/**
 * The lines of one list, in file order: for each its statement's row, and the offsets where the
 * entry begins (behind `access-list 101`) and where the line's text ends. Columns, because a list
 * may have a million lines.
 */
export class EntryLines {
  #rows: Uint32Array = new Uint32Array(16);
  #bodies: Uint32Array = new Uint32Array(16);
  #ends: Uint32Array = new Uint32Array(16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(row: number, body: number, end: number): void {
    if (this.#count === this.#rows.length) {
      this.#rows = doubled(this.#rows);
      this.#bodies = doubled(this.#bodies);
      this.#ends = doubled(this.#ends);
    }
    this.#rows[this.#count] = row;
    this.#bodies[this.#count] = body;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  rowAt(index: number): number {
    return this.#rows[index] as number;
  }

  bodyAt(index: number): number {
    return this.#bodies[index] as number;
  }

  endAt(index: number): number {
    return this.#ends[index] as number;
  }
}

function doubled(from: Uint32Array): Uint32Array {
  const to = new Uint32Array(from.length * 2);
  to.set(from);
  return to;
}
