import type { Passed } from './cells.js';
import { Diagram, EMPTY, type Mark, type NodeId, UNION } from './diagram.js';

/** A union of neighbouring cells' diagrams. */
interface Piece {
  readonly passed: Passed;
  readonly cells: number;
  /** The edges of the diagram of all that passes. */
  readonly edges: number;
  /** The moment before the first of its cells was folded. */
  readonly start: Mark;
}

/** Pieces of fewer edges than this are united at any cost, so that usual answers are one chunk. */
const SMALL_EDGES = 1 << 14;
/** A larger union is worth its cost while it has no more than this times the edges of its parts. */
const WORTH_GROWTH = 1.25;
/** When the arena holds this many edges, with all that was made on the way, what is there is given. */
const MOST_HELD_EDGES = 1 << 20;

/**
 * Unites the disjoint diagrams of cells into as few as is cheap, and gives these.
 *
 * Cells come in the order of a depth-first split, so like sizes are united as in a merge sort: each
 * diagram goes through few unions, and neighbours are united first. Where a union is much larger
 * than its parts (they were split by a field that the diagram asks for late), going on would cost
 * the square of the answer: the piece is given as it is.
 */
export class Pieces {
  /** See `HeaderSpaceManager.kept`. */
  static readonly kept = new Pieces(new Diagram(), () => {});

  readonly #diagram: Diagram;
  readonly #give: (passed: Passed) => void;
  /** From large to small; each was begun after the one before it, as the arena needs. */
  #pieces: Piece[] = [];
  /** Before whatever was made after the last piece. */
  #start: Mark;
  readonly #firstStart: Mark;
  #given = 0;

  constructor(diagram: Diagram, give: (passed: Passed) => void) {
    this.#diagram = diagram;
    this.#give = give;
    this.#start = diagram.mark();
    this.#firstStart = this.#start;
  }

  /** Takes what passes of further cells. May release what was made since the last call. */
  add(passed: Passed): void {
    let piece: Piece = { passed, cells: 1, edges: this.#diagram.sizeOf(passed.all), start: this.#start };
    let isWorth = true;
    for (let last = this.#pieces.at(-1); isWorth && last !== undefined; last = this.#pieces.at(-1)) {
      if (last.cells > piece.cells) break;
      this.#pieces.pop();
      const together = last.edges + piece.edges;
      piece = this.#united(last, piece);
      isWorth = isWorthwhile(piece, together);
    }
    this.#pieces.push(piece);
    if (!isWorth) this.#giveLast();
    if (this.#diagram.edgeCount - this.#firstStart.edges > MOST_HELD_EDGES) {
      while (this.#pieces.length > 0) this.#giveLast();
    }
    this.#start = this.#diagram.mark();
  }

  /**
   * Gives what is left; something is given in any case. What is given here last is not released.
   * Returns false where nothing was left to give, since all was given and released before.
   */
  finish(): boolean {
    for (let piece = this.#pieces.pop(); piece !== undefined; piece = this.#pieces.pop()) {
      const last = this.#pieces.pop();
      if (last === undefined) {
        this.#give(piece.passed);
        return true;
      }
      const together = last.edges + piece.edges;
      const united = this.#united(last, piece);
      this.#pieces.push(united);
      if (!isWorthwhile(united, together) && this.#pieces.length > 1) this.#giveLast();
    }
    if (this.#given > 0) return false;
    this.#give({ all: EMPTY, parts: new Map() });
    return true;
  }

  #united(one: Piece, other: Piece): Piece {
    const all = this.#diagram.combine(UNION, one.passed.all, other.passed.all);
    const edges = this.#diagram.sizeOf(all);
    const parts = this.#unitedParts(one.passed.parts, other.passed.parts);
    return { passed: { all, parts }, cells: one.cells + other.cells, edges, start: one.start };
  }

  /** Puts the parts of the smaller map into the larger one. */
  #unitedParts(one: Map<number, NodeId>, other: Map<number, NodeId>): Map<number, NodeId> {
    const [from, into] = one.size < other.size ? [one, other] : [other, one];
    for (const [rule, part] of from) into.set(rule, this.#diagram.combine(UNION, into.get(rule) ?? EMPTY, part));
    return into;
  }

  #giveLast(): void {
    const piece = this.#pieces.pop();
    if (piece === undefined) return;
    this.#give(piece.passed);
    this.#given += 1;
    this.#diagram.release(piece.start);
  }
}

/** Whether to go on uniting after a union of parts that had `together` edges. */
function isWorthwhile(united: Piece, together: number): boolean {
  return united.edges <= SMALL_EDGES || united.edges <= WORTH_GROWTH * together;
}
