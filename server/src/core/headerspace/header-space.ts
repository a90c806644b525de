import { Diagram, EMPTY, FULL, INTERSECT, type Mark, type NodeId, SUBTRACT, UNION } from './diagram.js';
import {
  type Box,
  FIELDS,
  type FieldName,
  type Header,
  type Interval,
  LEVELS,
  type Level,
  levelOf,
  MAXIMA,
  maximumOf,
  normalized,
} from './fields.js';

export type { Mark } from './diagram.js';
export type { Box, FieldName, Header, Interval } from './fields.js';
export { FIELDS, MAXIMA } from './fields.js';
export { type Chunk, firstMatch, type MatchRule, type Outcome } from './first-match.js';

/** A set of packet headers, as a canonical handle: two sets of one manager are equal iff their handles are `===`. */
export type HeaderSpace = number & { readonly __brand: 'HeaderSpace' };

/**
 * Owns the sets. Handles of one manager mean nothing to another.
 *
 * It holds every set it made until `release`, or until it is itself dropped.
 */
export class HeaderSpaceManager {
  /**
   * One is always there: the engine forgets the shape of objects when none is left, and with it all code that it
   * has made fast for them. Between two questions, or two edits, there is none.
   */
  static readonly kept = new HeaderSpaceManager();

  /** ∅ */
  readonly empty = EMPTY as HeaderSpace;
  /** All headers. */
  readonly full = FULL as HeaderSpace;
  /** The nodes that the handles number. Only for the files of this folder. */
  readonly diagram = new Diagram();

  /** The product of the box's fields. */
  fromBox(box: Box): HeaderSpace {
    let node: NodeId = FULL;
    for (let level = LEVELS - 1; level >= 0; level -= 1) {
      const intervals = box[FIELDS[level] as FieldName];
      if (intervals === undefined) continue;
      node = this.diagram.select(level, normalized(intervals, 0, maximumOf(level)), node);
    }
    return node as HeaderSpace;
  }

  /** The union of the boxes. */
  fromBoxes(boxes: readonly Box[]): HeaderSpace {
    return boxes.reduce((all, box) => this.union(all, this.fromBox(box)), this.empty);
  }

  /** Only this header. */
  fromHeader(header: Header): HeaderSpace {
    const box: { [Field in FieldName]?: Interval[] } = {};
    for (const field of FIELDS) box[field] = [[header[field], header[field]]];
    return this.fromBox(box);
  }

  /** a ∪ b */
  union(a: HeaderSpace, b: HeaderSpace): HeaderSpace {
    return this.diagram.combine(UNION, a, b) as HeaderSpace;
  }

  /** a ∩ b */
  intersect(a: HeaderSpace, b: HeaderSpace): HeaderSpace {
    return this.diagram.combine(INTERSECT, a, b) as HeaderSpace;
  }

  /** a ∖ b */
  subtract(a: HeaderSpace, b: HeaderSpace): HeaderSpace {
    return this.diagram.combine(SUBTRACT, a, b) as HeaderSpace;
  }

  /** All headers that are not in a. */
  complement(a: HeaderSpace): HeaderSpace {
    return this.subtract(this.full, a);
  }

  /** a ⊆ b */
  isSubset(a: HeaderSpace, b: HeaderSpace): boolean {
    return !this.diagram.isNonempty(SUBTRACT, a, b);
  }

  /** a ∩ b ≠ ∅ */
  overlaps(a: HeaderSpace, b: HeaderSpace): boolean {
    return this.diagram.isNonempty(INTERSECT, a, b);
  }

  /**
   * Existential projection: the headers that are in a after some change of the given fields. What a
   * rewriting of these fields to unknown values may make of a.
   */
  forget(a: HeaderSpace, fields: readonly FieldName[]): HeaderSpace {
    const forgotten = new Set<Level>(fields.map(levelOf));
    const results = new Map<NodeId, NodeId>();
    const { diagram } = this;
    const visit = (node: NodeId): NodeId => {
      const level = diagram.levelOf(node);
      if (level === LEVELS) return node;
      const known = results.get(node);
      if (known !== undefined) return known;
      const end = diagram.endEdgeOf(node);
      let result: NodeId = EMPTY;
      if (forgotten.has(level)) {
        for (let edge = diagram.firstEdgeOf(node); edge < end && result !== FULL; edge += 1) {
          result = diagram.combine(UNION, result, visit(diagram.childOf(edge)));
        }
      } else {
        const base = diagram.open(end - diagram.firstEdgeOf(node));
        for (let edge = diagram.firstEdgeOf(node); edge < end; edge += 1) {
          diagram.put(base, diagram.upperOf(edge), visit(diagram.childOf(edge)));
        }
        result = diagram.close(base, level);
      }
      results.set(node, result);
      return result;
    };
    return visit(a) as HeaderSpace;
  }

  /** The least and the greatest value of a field in the headers of a; undefined where a is empty. */
  span(a: HeaderSpace, field: FieldName): Interval | undefined {
    const { diagram } = this;
    const wanted = levelOf(field);
    const seen = new Set<NodeId>();
    let first = MAXIMA[field];
    let last = -1;
    const visit = (node: NodeId): void => {
      if (node === EMPTY || seen.has(node)) return;
      seen.add(node);
      const level = diagram.levelOf(node);
      if (level > wanted) {
        first = 0;
        last = MAXIMA[field];
        return;
      }
      let from = 0;
      for (let edge = diagram.firstEdgeOf(node); edge < diagram.endEdgeOf(node); edge += 1) {
        const child = diagram.childOf(edge);
        const to = diagram.upperOf(edge);
        if (level < wanted) visit(child);
        else if (child !== EMPTY) {
          first = Math.min(first, from);
          last = Math.max(last, to);
        }
        from = to + 1;
      }
    };
    visit(a);
    return last === -1 ? undefined : [first, last];
  }

  /** The headers of a with `distance` added to the field; what leaves the field's range is dropped. */
  shift(a: HeaderSpace, field: FieldName, distance: number): HeaderSpace {
    if (distance === 0) return a;
    const wanted = levelOf(field);
    const maximum = maximumOf(wanted);
    if (Math.abs(distance) > maximum) return this.empty;
    const results = new Map<NodeId, NodeId>();
    const { diagram } = this;
    const visit = (node: NodeId): NodeId => {
      const level = diagram.levelOf(node);
      if (node === EMPTY) return EMPTY;
      if (level > wanted) {
        // Every value is there before, so all but those at one end are there after.
        const values = normalized([[distance, maximum + distance]], 0, maximum);
        return diagram.select(wanted, values, node);
      }
      const known = results.get(node);
      if (known !== undefined) return known;
      const end = diagram.endEdgeOf(node);
      const base = diagram.open(end - diagram.firstEdgeOf(node) + 2);
      if (level === wanted && distance > 0) diagram.put(base, Math.min(distance - 1, maximum), EMPTY);
      for (let edge = diagram.firstEdgeOf(node); edge < end; edge += 1) {
        const upper = diagram.upperOf(edge);
        if (level < wanted) diagram.put(base, upper, visit(diagram.childOf(edge)));
        else if (
          upper + distance >= 0 &&
          (edge === diagram.firstEdgeOf(node) || diagram.upperOf(edge - 1) + distance < maximum)
        )
          diagram.put(base, Math.min(upper + distance, maximum), diagram.childOf(edge));
      }
      if (level === wanted && distance < 0) diagram.put(base, maximum, EMPTY);
      const result = diagram.close(base, level);
      results.set(node, result);
      return result;
    };
    return visit(a) as HeaderSpace;
  }

  /** header ∈ a */
  contains(a: HeaderSpace, header: Header): boolean {
    let node: NodeId = a;
    for (let level = this.diagram.levelOf(node); level < LEVELS; level = this.diagram.levelOf(node)) {
      node = this.diagram.childOf(this.diagram.edgeFor(node, header[FIELDS[level] as FieldName]));
    }
    return node === FULL;
  }

  /**
   * A member of a, or undefined where a = ∅. Each preference in turn narrows the choice if that
   * leaves something; of what is left, the header with the lowest values is taken, field by field.
   */
  pick(a: HeaderSpace, preferences: readonly Box[] = []): Header | undefined {
    if (a === EMPTY) return undefined;
    let choice = a;
    for (const preference of preferences) {
      const narrowed = this.intersect(choice, this.fromBox(preference));
      if (narrowed !== EMPTY) choice = narrowed;
    }
    const { diagram } = this;
    const header = { dst: 0, src: 0, protocol: 0, srcPort: 0, dstPort: 0, icmp: 0, tcpFlags: 0, state: 0 };
    let node: NodeId = choice;
    for (let level = diagram.levelOf(node); level < LEVELS; level = diagram.levelOf(node)) {
      // A reduced node has two different children, so at most its first edge leads to nothing.
      const edge = diagram.firstEdgeOf(node);
      const skip = diagram.childOf(edge) === EMPTY;
      header[FIELDS[level] as FieldName] = skip ? diagram.upperOf(edge) + 1 : 0;
      node = diagram.childOf(skip ? edge + 1 : edge);
    }
    return header;
  }

  /**
   * Disjoint boxes whose union is a, for printing; only the first ones if there are more than
   * `limit`. Values of a field that lead to the same rest are one list.
   */
  boxes(a: HeaderSpace, limit: number): Box[] {
    const found: Box[] = [];
    const visit = (node: NodeId, above: Box): void => {
      if (node === EMPTY || found.length >= limit) return;
      const level = this.diagram.levelOf(node);
      if (level === LEVELS) {
        found.push(above);
        return;
      }
      for (const [child, intervals] of this.#intervalsByChild(node)) {
        visit(child, { ...above, [FIELDS[level] as FieldName]: intervals });
      }
    };
    visit(a, {});
    return found;
  }

  #intervalsByChild(node: NodeId): Map<NodeId, Interval[]> {
    const byChild = new Map<NodeId, Interval[]>();
    let first = 0;
    for (let edge = this.diagram.firstEdgeOf(node); edge < this.diagram.endEdgeOf(node); edge += 1) {
      const last = this.diagram.upperOf(edge);
      const child = this.diagram.childOf(edge);
      const intervals = byChild.get(child);
      if (intervals === undefined) byChild.set(child, [[first, last]]);
      else intervals.push([first, last]);
      first = last + 1;
    }
    return byChild;
  }

  /** The number of nodes held, a measure of memory and of work done. */
  get nodeCount(): number {
    return this.diagram.nodeCount;
  }

  /** The present moment, for `release`. */
  mark(): Mark {
    return this.diagram.mark();
  }

  /** Drops all sets made since the mark. Their handles, and marks set since, must not be used again. */
  release(mark: Mark): void {
    this.diagram.release(mark);
  }
}
