import { LEVELS, type Level, maximumOf } from './fields.js';

/** A node of a diagram: 0 and 1 are the terminals, numbers from 2 up are inner nodes. */
export type NodeId = number;

export const EMPTY: NodeId = 0;
export const FULL: NodeId = 1;
const FIRST_INNER = 2;

export type Operation = typeof UNION | typeof INTERSECT | typeof SUBTRACT;
export const UNION = 1;
export const INTERSECT = 2;
export const SUBTRACT = 3;
/** Added to an operation in the cache, where the answer is whether its result is nonempty. */
const NONEMPTY = 4;
const OPERATION_BITS = 3;

const UNSETTLED = -1;
const LARGEST_CACHE = 1 << 18;
const LARGEST_GENERATION = 1 << 28;

/** A moment in the life of a diagram's arena. */
export interface Mark {
  readonly nodes: number;
  readonly edges: number;
}

/**
 * Ordered, reduced, hash-consed interval decision diagrams.
 *
 * An inner node asks for the value of one field, its level. Its edges partition the field's range:
 * each has the last value it stands for and the node that decides the rest.
 *
 * - Ordered: levels rise along every path.
 * - Reduced: neighbouring edges lead to different nodes, and a node has at least two edges.
 * - Hash-consed: no two nodes are the same. With the other two, equal functions are one number.
 *
 * A set of headers is a node: a header is in it iff its values lead to `FULL`.
 */
export class Diagram {
  /** Nodes are made and dropped as on a stack, so that a mark is two numbers. */
  #nodes = FIRST_INNER;
  #edges = 0;
  /** Edges made since the beginning, those dropped since included. */
  #edgesMade = 0;
  #level = new Uint8Array(1024);
  /** The edges of node n are those from `#firstEdge[n]` up to, not including, `#firstEdge[n + 1]`. */
  #firstEdge = new Uint32Array(1024 + 1);
  #upper = new Uint32Array(4096);
  #child = new Int32Array(4096);

  /** The unique table: a chain a bucket. The newest node heads its chain, so dropping from the end unlinks. */
  #hash = new Int32Array(1024);
  #nextInBucket = new Int32Array(1024);
  #bucket = new Int32Array(1024);

  /** Edges of the nodes that are being built, the innermost on top. */
  #pendingUpper = new Uint32Array(1024);
  #pendingChild = new Int32Array(1024);
  #pending = 0;

  /** Results of operations; a newer one overwrites an older one in its place. */
  #cacheLeft = new Int32Array(1024);
  #cacheRight = new Int32Array(1024);
  #cacheResult = new Int32Array(1024);
  /** Operation and generation. Every release starts a generation, since numbers are given again after it. */
  #cacheStamp = new Int32Array(1024);
  #generation = 0;

  /** By node, the last count that saw it. */
  #seen = new Int32Array(0);
  #seeing = 0;

  get nodeCount(): number {
    return this.#nodes;
  }

  get edgeCount(): number {
    return this.#edges;
  }

  /** A measure of the work done so far, which a release does not take back. */
  get edgesMade(): number {
    return this.#edgesMade;
  }

  /** How often nodes were dropped: what was made before may be gone where it is another than it was. */
  get releases(): number {
    return this.#generation;
  }

  levelOf(node: NodeId): Level {
    return node < FIRST_INNER ? LEVELS : (this.#level[node] as number);
  }

  firstEdgeOf(node: NodeId): number {
    return this.#firstEdge[node] as number;
  }

  endEdgeOf(node: NodeId): number {
    return this.#firstEdge[node + 1] as number;
  }

  upperOf(edge: number): number {
    return this.#upper[edge] as number;
  }

  childOf(edge: number): NodeId {
    return this.#child[edge] as number;
  }

  /** The edge of `node`, an inner one, for a value of its field. */
  edgeFor(node: NodeId, value: number): number {
    let low = this.#firstEdge[node] as number;
    let high = (this.#firstEdge[node + 1] as number) - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#upper[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Starts a node of at most `edges` edges. Between here and `close` other nodes may be built and closed. */
  open(edges: number): number {
    const needed = this.#pending + edges;
    if (needed > this.#pendingUpper.length) {
      const capacity = Math.max(needed, this.#pendingUpper.length * 2);
      this.#pendingUpper = grown(this.#pendingUpper, new Uint32Array(capacity));
      this.#pendingChild = grown(this.#pendingChild, new Int32Array(capacity));
    }
    return this.#pending;
  }

  /** Adds the edge that ends at `upper` to the node opened at `base`. */
  put(base: number, upper: number, child: NodeId): void {
    const top = this.#pending;
    if (top > base && this.#pendingChild[top - 1] === child) {
      this.#pendingUpper[top - 1] = upper;
      return;
    }
    this.#pendingUpper[top] = upper;
    this.#pendingChild[top] = child;
    this.#pending = top + 1;
  }

  /** Finishes the node opened at `base`; the last edge put must have ended at the level's maximum. */
  close(base: number, level: Level): NodeId {
    const count = this.#pending - base;
    this.#pending = base;
    if (count === 1) return this.#pendingChild[base] as number;
    let hash = level;
    for (let at = base; at < base + count; at += 1) {
      hash = Math.imul(hash ^ (this.#pendingUpper[at] as number), 0x9e3779b1);
      hash = Math.imul(hash ^ (hash >>> 15) ^ (this.#pendingChild[at] as number), 0x85ebca6b);
    }
    hash ^= hash >>> 13;
    let node = this.#bucket[hash & (this.#bucket.length - 1)] as number;
    while (node !== 0) {
      if (this.#hash[node] === hash && this.#isPending(node, base, count, level)) return node;
      node = this.#nextInBucket[node] as number;
    }
    return this.#append(base, count, level, hash);
  }

  #isPending(node: NodeId, base: number, count: number, level: Level): boolean {
    const first = this.#firstEdge[node] as number;
    if (this.#level[node] !== level || (this.#firstEdge[node + 1] as number) - first !== count) return false;
    for (let at = 0; at < count; at += 1) {
      if (this.#upper[first + at] !== this.#pendingUpper[base + at]) return false;
      if (this.#child[first + at] !== this.#pendingChild[base + at]) return false;
    }
    return true;
  }

  #append(base: number, count: number, level: Level, hash: number): NodeId {
    if (this.#nodes === this.#level.length) this.#growNodes();
    if (this.#edges + count > this.#upper.length) this.#growEdges(this.#edges + count);
    for (let at = 0; at < count; at += 1) {
      this.#upper[this.#edges + at] = this.#pendingUpper[base + at] as number;
      this.#child[this.#edges + at] = this.#pendingChild[base + at] as number;
    }
    const node = this.#nodes;
    this.#level[node] = level;
    this.#firstEdge[node] = this.#edges;
    this.#edges += count;
    this.#edgesMade += count;
    this.#firstEdge[node + 1] = this.#edges;
    this.#nodes = node + 1;
    this.#hash[node] = hash;
    this.#link(node);
    return node;
  }

  #link(node: NodeId): void {
    const bucket = (this.#hash[node] as number) & (this.#bucket.length - 1);
    this.#nextInBucket[node] = this.#bucket[bucket] as number;
    this.#bucket[bucket] = node;
  }

  /** The node at `level` that leads to `inside` for the values in the sorted, disjoint intervals, else to `EMPTY`. */
  select(level: Level, intervals: readonly (readonly [number, number])[], inside: NodeId): NodeId {
    const base = this.open(intervals.length * 2 + 1);
    const maximum = maximumOf(level);
    let next = 0;
    for (const [first, last] of intervals) {
      if (first > next) this.put(base, first - 1, EMPTY);
      this.put(base, last, inside);
      next = last + 1;
    }
    if (next <= maximum) this.put(base, maximum, EMPTY);
    return this.close(base, level);
  }

  /** As `select`, for the values from `first` to `last` alone. */
  selectRange(level: Level, first: number, last: number, inside: NodeId): NodeId {
    const maximum = maximumOf(level);
    if (first === 0 && last === maximum) return inside;
    const base = this.open(3);
    if (first > 0) this.put(base, first - 1, EMPTY);
    this.put(base, last, inside);
    if (last < maximum) this.put(base, maximum, EMPTY);
    return this.close(base, level);
  }

  /** a ∪ b, a ∩ b or a ∖ b. */
  combine(operation: Operation, a: NodeId, b: NodeId): NodeId {
    const settled = settle(operation, a, b);
    if (settled !== UNSETTLED) return settled;
    const stamp = (this.#generation << OPERATION_BITS) | operation;
    const key = hashOf(operation, a, b);
    const slot = key & (this.#cacheStamp.length - 1);
    if (this.#cacheStamp[slot] === stamp && this.#cacheLeft[slot] === a && this.#cacheRight[slot] === b) {
      return this.#cacheResult[slot] as number;
    }
    const levelA = this.levelOf(a);
    const levelB = this.levelOf(b);
    const level = Math.min(levelA, levelB);
    // An operand that does not ask for this field is one edge to itself.
    let edgeA = levelA === level ? (this.#firstEdge[a] as number) : -1;
    let edgeB = levelB === level ? (this.#firstEdge[b] as number) : -1;
    const maximum = maximumOf(level);
    const edgesA = edgeA < 0 ? 1 : (this.#firstEdge[a + 1] as number) - edgeA;
    const edgesB = edgeB < 0 ? 1 : (this.#firstEdge[b + 1] as number) - edgeB;
    const base = this.open(edgesA + edgesB);
    for (;;) {
      const upperA = edgeA < 0 ? maximum : (this.#upper[edgeA] as number);
      const upperB = edgeB < 0 ? maximum : (this.#upper[edgeB] as number);
      const childA = edgeA < 0 ? a : (this.#child[edgeA] as number);
      const childB = edgeB < 0 ? b : (this.#child[edgeB] as number);
      const upper = Math.min(upperA, upperB);
      this.put(base, upper, this.combine(operation, childA, childB));
      if (upper === maximum) break;
      if (upperA === upper) edgeA += 1;
      if (upperB === upper) edgeB += 1;
    }
    const result = this.close(base, level);
    this.#remember(key, stamp, a, b, result);
    return result;
  }

  /** Whether the operation has a nonempty result, found without building it. */
  isNonempty(operation: Operation, a: NodeId, b: NodeId): boolean {
    const settled = settle(operation, a, b);
    if (settled !== UNSETTLED) return settled !== EMPTY;
    const stamp = (this.#generation << OPERATION_BITS) | (operation + NONEMPTY);
    const key = hashOf(operation + NONEMPTY, a, b);
    const slot = key & (this.#cacheStamp.length - 1);
    if (this.#cacheStamp[slot] === stamp && this.#cacheLeft[slot] === a && this.#cacheRight[slot] === b) {
      return this.#cacheResult[slot] === 1;
    }
    const levelA = this.levelOf(a);
    const levelB = this.levelOf(b);
    const level = Math.min(levelA, levelB);
    let edgeA = levelA === level ? (this.#firstEdge[a] as number) : -1;
    let edgeB = levelB === level ? (this.#firstEdge[b] as number) : -1;
    const maximum = maximumOf(level);
    let found = false;
    for (;;) {
      const upperA = edgeA < 0 ? maximum : (this.#upper[edgeA] as number);
      const upperB = edgeB < 0 ? maximum : (this.#upper[edgeB] as number);
      const childA = edgeA < 0 ? a : (this.#child[edgeA] as number);
      const childB = edgeB < 0 ? b : (this.#child[edgeB] as number);
      found = this.isNonempty(operation, childA, childB);
      const upper = Math.min(upperA, upperB);
      if (found || upper === maximum) break;
      if (upperA === upper) edgeA += 1;
      if (upperB === upper) edgeB += 1;
    }
    this.#remember(key, stamp, a, b, found ? 1 : 0);
    return found;
  }

  /** The number of edges below a node, each counted once. */
  sizeOf(node: NodeId): number {
    if (this.#seen.length < this.#nodes) this.#seen = new Int32Array(this.#level.length);
    this.#seeing += 1;
    return this.#sizeOf(node);
  }

  #sizeOf(node: NodeId): number {
    if (node < FIRST_INNER || this.#seen[node] === this.#seeing) return 0;
    this.#seen[node] = this.#seeing;
    const first = this.#firstEdge[node] as number;
    const end = this.#firstEdge[node + 1] as number;
    let size = end - first;
    for (let edge = first; edge < end; edge += 1) size += this.#sizeOf(this.#child[edge] as number);
    return size;
  }

  mark(): Mark {
    return { nodes: this.#nodes, edges: this.#edges };
  }

  /** Drops every node made since the mark. Numbers of nodes made before it stay valid. */
  release(mark: Mark): void {
    for (let node = this.#nodes - 1; node >= mark.nodes; node -= 1) {
      this.#bucket[(this.#hash[node] as number) & (this.#bucket.length - 1)] = this.#nextInBucket[node] as number;
    }
    this.#nodes = mark.nodes;
    this.#edges = mark.edges;
    this.#generation += 1;
    if (this.#generation === LARGEST_GENERATION) {
      this.#generation = 0;
      this.#cacheStamp.fill(0);
    }
  }

  #remember(key: number, stamp: number, a: NodeId, b: NodeId, result: number): void {
    // The cache may have grown since the look-up, so the slot is computed again.
    const slot = key & (this.#cacheStamp.length - 1);
    this.#cacheStamp[slot] = stamp;
    this.#cacheLeft[slot] = a;
    this.#cacheRight[slot] = b;
    this.#cacheResult[slot] = result;
  }

  #growNodes(): void {
    const capacity = this.#level.length * 2;
    this.#level = grown(this.#level, new Uint8Array(capacity));
    this.#firstEdge = grown(this.#firstEdge, new Uint32Array(capacity + 1));
    this.#hash = grown(this.#hash, new Int32Array(capacity));
    this.#nextInBucket = new Int32Array(capacity);
    this.#bucket = new Int32Array(capacity);
    // In the order of their making, so that the newest heads its chain again.
    for (let node = FIRST_INNER; node < this.#nodes; node += 1) this.#link(node);
    if (capacity <= LARGEST_CACHE) {
      this.#cacheLeft = new Int32Array(capacity);
      this.#cacheRight = new Int32Array(capacity);
      this.#cacheResult = new Int32Array(capacity);
      this.#cacheStamp = new Int32Array(capacity);
    }
  }

  #growEdges(needed: number): void {
    const capacity = Math.max(needed, this.#upper.length * 2);
    this.#upper = grown(this.#upper, new Uint32Array(capacity));
    this.#child = grown(this.#child, new Int32Array(capacity));
  }
}

/** The result where a terminal or equality decides it, else `UNSETTLED`. */
function settle(operation: Operation, a: NodeId, b: NodeId): NodeId {
  if (operation === UNION) {
    if (a === FULL || b === FULL) return FULL;
    if (a === EMPTY || a === b) return b;
    return b === EMPTY ? a : UNSETTLED;
  }
  if (a === EMPTY) return EMPTY;
  if (operation === INTERSECT) {
    if (b === EMPTY) return EMPTY;
    if (b === FULL || a === b) return a;
    return a === FULL ? b : UNSETTLED;
  }
  if (b === EMPTY) return a;
  return b === FULL || a === b ? EMPTY : UNSETTLED;
}

function hashOf(operation: number, a: NodeId, b: NodeId): number {
  const hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(operation, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
