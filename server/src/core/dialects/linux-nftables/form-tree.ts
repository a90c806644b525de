import { grown, type Holes, isHole, isStatementEnd, SORTS, Sort } from './holes.js';

const NONE = -1;

/**
 * Forms by how they begin. A node is a run of characters that all forms below it have in common, or a hole;
 * no two nodes beside each other begin alike. Where a hole may be, it is looked for before characters are:
 * so a line has the form here that it has by itself.
 */
export class FormTree {
  /** The forms, one behind the other, and where each begins. */
  #pool = new Uint8Array(4096);
  #poolEnd = 0;
  #formStarts = new Uint32Array(64);
  #formCount = 0;
  #nodes = 1;
  /** Of nodes: their first character, all of them in the pool, what is below and beside them, and the form that ends there. */
  #firsts = new Uint8Array(256);
  #starts = new Uint32Array(256);
  #ends = new Uint32Array(256);
  #below = new Int32Array(256).fill(NONE);
  #beside = new Int32Array(256).fill(NONE);
  #forms = new Int32Array(256).fill(NONE);
  /** Where the statement ends that was found last. */
  end = 0;

  get count(): number {
    return this.#formCount;
  }

  codesOf(form: number): Uint8Array {
    const end = form + 1 < this.#formCount ? (this.#formStarts[form + 1] as number) : this.#poolEnd;
    return this.#pool.subarray(this.#formStarts[form], end);
  }

  /** The form of the statement at `from`, what stands in its holes being read into `holes`; -1 where it is not known. */
  find(codes: Uint8Array, from: number, textEnd: number, holes: Holes): number {
    const pool = this.#pool;
    const firsts = this.#firsts;
    let at = from;
    let node = 0;
    for (;;) {
      const form = this.#forms[node] as number;
      if (form !== NONE) {
        let end = at;
        while (SORTS[codes[end] as number] === Sort.blank) end += 1;
        if (isStatementEnd(codes, end, textEnd)) {
          this.end = at;
          return form;
        }
      }
      const code = codes[at] as number;
      let next = NONE;
      for (let child = this.#below[node] as number; child !== NONE; child = this.#beside[child] as number) {
        const first = firsts[child] as number;
        if (first === code) next = child;
        else if (isHole(first)) {
          const end = holes.read(first, codes, at);
          if (end > at) {
            at = end;
            next = child;
            break;
          }
        }
      }
      if (next === NONE) return NONE;
      node = next;
      if (isHole(firsts[node] as number)) continue;
      at += 1;
      const end = this.#ends[node] as number;
      for (let place = (this.#starts[node] as number) + 1; place < end; place += 1) {
        if (pool[place] !== codes[at]) return NONE;
        at += 1;
      }
    }
  }

  /** Adds a form, unless it is known. */
  add(form: Uint8Array): void {
    const start = this.#poolEnd;
    let node = 0;
    let at = 0;
    while (at < form.length) {
      const child = this.#childOf(node, form[at] as number);
      if (child === NONE) break;
      const length = (this.#ends[child] as number) - (this.#starts[child] as number);
      let same = 0;
      while (same < length && form[at + same] === this.#pool[(this.#starts[child] as number) + same]) same += 1;
      if (same < length) this.#split(child, same);
      node = child;
      at += same;
    }
    if (at === form.length && this.#forms[node] !== NONE) return;
    if (start + form.length > this.#pool.length)
      this.#pool = grown(this.#pool, new Uint8Array(2 * (start + form.length)));
    this.#pool.set(form, start);
    this.#poolEnd = start + form.length;
    while (at < form.length) {
      let end = at + 1;
      if (!isHole(form[at] as number)) while (end < form.length && !isHole(form[end] as number)) end += 1;
      node = this.#addNode(node, start + at, start + end);
      at = end;
    }
    if (this.#formCount === this.#formStarts.length) {
      this.#formStarts = grown(this.#formStarts, new Uint32Array(2 * this.#formCount));
    }
    this.#formStarts[this.#formCount] = start;
    this.#forms[node] = this.#formCount;
    this.#formCount += 1;
  }

  #childOf(node: number, code: number): number {
    let child = this.#below[node] as number;
    while (child !== NONE && this.#firsts[child] !== code) child = this.#beside[child] as number;
    return child;
  }

  #addNode(above: number, start: number, end: number): number {
    const node = this.#nodes;
    if (node === this.#starts.length) {
      const size = 2 * node;
      this.#firsts = grown(this.#firsts, new Uint8Array(size));
      this.#starts = grown(this.#starts, new Uint32Array(size));
      this.#ends = grown(this.#ends, new Uint32Array(size));
      this.#below = grown(this.#below, new Int32Array(size).fill(NONE));
      this.#beside = grown(this.#beside, new Int32Array(size).fill(NONE));
      this.#forms = grown(this.#forms, new Int32Array(size).fill(NONE));
    }
    this.#nodes += 1;
    this.#firsts[node] = this.#pool[start] as number;
    this.#starts[node] = start;
    this.#ends[node] = end;
    this.#beside[node] = this.#below[above] as number;
    this.#below[above] = node;
    return node;
  }

  /** Puts what is behind the first characters of a node into one below it. */
  #split(node: number, length: number): void {
    const [below, form] = [this.#below[node] as number, this.#forms[node] as number];
    const middle = (this.#starts[node] as number) + length;
    this.#below[node] = NONE;
    const rest = this.#addNode(node, middle, this.#ends[node] as number);
    this.#below[rest] = below;
    this.#forms[rest] = form;
    this.#ends[node] = middle;
    this.#forms[node] = NONE;
  }
}
