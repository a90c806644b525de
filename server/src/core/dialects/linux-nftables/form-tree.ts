import { grown, type Holes, isHole, isStatementEnd, SORTS, Sort } from './holes.js';

/** Of a node: its first character, all of them in the pool, what is below and beside it, and the form that ends there. */
const FIRST = 0;
const START = 1;
const END = 2;
const BELOW = 3;
const BESIDE = 4;
const FORM = 5;
const SIZE = 6;
/** No node, as the root is below and beside none; no form. */
const NONE = 0;

/**
 * Forms by how they begin. A node is a run of characters that all forms below it have in common, or a hole;
 * no two nodes beside each other begin alike. Where a hole may be, it stands, and is looked for, before characters
 * are: so a line has the form here that it has by itself.
 */
export class FormTree {
  /** The forms, one behind the other, and where each begins. */
  #pool = new Uint8Array(4096);
  #poolWords = new DataView(this.#pool.buffer);
  #poolEnd = 0;
  readonly #formStarts: number[] = [];
  /** The nodes, `SIZE` numbers each; forms are counted from one on. */
  #nodes = new Int32Array(256 * SIZE);
  #nodesEnd = SIZE;
  /** Where the statement ends that was found last. */
  end = 0;

  get count(): number {
    return this.#formStarts.length;
  }

  codesOf(form: number): Uint8Array {
    return this.#pool.subarray(this.#formStarts[form], this.#formStarts[form + 1] ?? this.#poolEnd);
  }

  /**
   * The form of the statement at `from`, what stands in its holes being read into `holes`; -1 where it is not known.
   * @param words the same as `codes`, to be read four at a time
   */
  find(codes: Uint8Array, words: DataView, from: number, textEnd: number, holes: Holes): number {
    const pool = this.#pool;
    const poolWords = this.#poolWords;
    const nodes = this.#nodes;
    let at = from;
    let node = 0;
    for (;;) {
      const form = nodes[node + FORM] as number;
      if (form !== NONE) {
        let end = at;
        while (SORTS[codes[end] as number] === Sort.blank) end += 1;
        if (isStatementEnd(codes, end, textEnd)) {
          this.end = at;
          return form - 1;
        }
      }
      node = nodes[node + BELOW] as number;
      const start = at;
      for (; node !== NONE; node = nodes[node + BESIDE] as number) {
        const first = nodes[node + FIRST] as number;
        if (!isHole(first)) break;
        at = holes.read(first, codes, start);
        if (at > start) break;
      }
      if (at > start) continue;
      const code = codes[at] as number;
      while (node !== NONE && nodes[node + FIRST] !== code) node = nodes[node + BESIDE] as number;
      if (node === NONE) return -1;
      at += 1;
      const end = nodes[node + END] as number;
      let place = (nodes[node + START] as number) + 1;
      for (; place + 4 <= end; place += 4, at += 4) {
        if (poolWords.getInt32(place) !== words.getInt32(at)) return -1;
      }
      for (; place < end; place += 1, at += 1) {
        if (pool[place] !== codes[at]) return -1;
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
      const from = this.#nodes[child + START] as number;
      const length = (this.#nodes[child + END] as number) - from;
      let same = 0;
      while (same < length && form[at + same] === this.#pool[from + same]) same += 1;
      if (same < length) this.#split(child, from + same);
      node = child;
      at += same;
    }
    if (at === form.length && this.#nodes[node + FORM] !== NONE) return;
    this.#poolEnd = start + form.length;
    if (this.#poolEnd > this.#pool.length) {
      this.#pool = grown(this.#pool, new Uint8Array(2 * this.#poolEnd));
      this.#poolWords = new DataView(this.#pool.buffer);
    }
    this.#pool.set(form, start);
    while (at < form.length) {
      let end = at + 1;
      if (!isHole(form[at] as number)) while (end < form.length && !isHole(form[end] as number)) end += 1;
      node = this.#addNode(node, start + at, start + end);
      at = end;
    }
    this.#formStarts.push(start);
    this.#nodes[node + FORM] = this.#formStarts.length;
  }

  #childOf(node: number, code: number): number {
    let child = this.#nodes[node + BELOW] as number;
    while (child !== NONE && this.#nodes[child + FIRST] !== code) child = this.#nodes[child + BESIDE] as number;
    return child;
  }

  #addNode(above: number, start: number, end: number): number {
    const node = this.#nodesEnd;
    this.#nodesEnd += SIZE;
    if (this.#nodesEnd > this.#nodes.length) this.#nodes = grown(this.#nodes, new Int32Array(2 * this.#nodesEnd));
    this.#nodes[node + FIRST] = this.#pool[start] as number;
    this.#nodes[node + START] = start;
    this.#nodes[node + END] = end;
    // Holes stand before what is none.
    let before = NONE;
    let after = this.#nodes[above + BELOW] as number;
    while (!isHole(this.#pool[start] as number) && after !== NONE && isHole(this.#nodes[after + FIRST] as number)) {
      before = after;
      after = this.#nodes[after + BESIDE] as number;
    }
    this.#nodes[node + BESIDE] = after;
    if (before === NONE) this.#nodes[above + BELOW] = node;
    else this.#nodes[before + BESIDE] = node;
    return node;
  }

  /** Puts what of a node is from a place in the pool on into one below it. */
  #split(node: number, place: number): void {
    const below = this.#nodes[node + BELOW] as number;
    this.#nodes[node + BELOW] = NONE;
    const rest = this.#addNode(node, place, this.#nodes[node + END] as number);
    this.#nodes[rest + BELOW] = below;
    this.#nodes[rest + FORM] = this.#nodes[node + FORM] as number;
    this.#nodes[node + END] = place;
    this.#nodes[node + FORM] = NONE;
  }
}
