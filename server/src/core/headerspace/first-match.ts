import { foldCells } from './cells.js';
import { type Diagram, EMPTY, type NodeId } from './diagram.js';
import { type Box, LEVELS, type Level, maximumOf } from './fields.js';
import type { HeaderSpace, HeaderSpaceManager } from './header-space.js';
import { Pieces } from './pieces.js';
import { type Cell, rowsOf, wholeCell } from './rule-rows.js';

/** One rule of an ordered list. It matches the union of its boxes; a header that no rule matches is denied. */
export interface MatchRule {
  readonly permits: boolean;
  readonly boxes: readonly Box[];
}

export interface Outcome {
  /** False if it stopped because of the budget: what the chunks hold does pass, and of the rest nothing is known. */
  readonly isExact: boolean;
  /** Whether the sets of the last chunk outlive its visit. */
  readonly lastIsKept: boolean;
}

/** What a list passes of a part of the headers asked about. */
export interface Chunk {
  readonly passed: HeaderSpace;
  /**
   * By rule index, in rising order: what that permitting rule passes. Nonempty and disjoint; their
   * union is `passed`.
   */
  readonly parts: ReadonlyMap<number, HeaderSpace>;
}

/**
 * Folds an ordered list, first match wins, over `within`.
 *
 * Calls `visit` with chunks whose `passed` are disjoint and together are what the list passes of
 * `within`: with exactly one, unless the answer is too large to be held at once. The sets of a chunk,
 * and those that the visitor makes from them, are dropped after the visit if there may be a further
 * chunk; those of the last chunk are kept where the outcome says so.
 *
 * The headers are split into cells until the first rule of a cell covers it, which makes all later
 * ones dead there, or few rules are left. Such a cell is folded rule by rule.
 *
 * Work is counted in rows looked at and edges made, some ten million a second, so that the same
 * question stops because of `mostWork` at the same place everywhere.
 *
 * An exception of the visitor passes through and leaves the manager usable.
 */
export function firstMatch(
  manager: HeaderSpaceManager,
  rules: readonly MatchRule[],
  within: HeaderSpace,
  visit: (chunk: Chunk) => void,
  mostWork = Number.POSITIVE_INFINITY,
): Outcome {
  const { diagram } = manager;
  const cell = hullOf(diagram, within);
  const pieces = new Pieces(diagram, (passed) => {
    visit({ passed: passed.all as HeaderSpace, parts: inOrder(passed.parts) as Map<number, HeaderSpace> });
  });
  const rows = rowsOf(rules, cell);
  const isExact = foldCells(diagram, rows, cell, within, (passed) => pieces.add(passed), mostWork);
  return { isExact, lastIsKept: pieces.finish() };
}

function inOrder(parts: ReadonlyMap<number, NodeId>): Map<number, NodeId> {
  const ordered = new Map<number, NodeId>();
  const rules = Int32Array.from(parts.keys()).sort();
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at] as number;
    ordered.set(rule, parts.get(rule) as NodeId);
  }
  return ordered;
}

/** The smallest cell around a set that is not empty; for the empty set, a cell without values. */
function hullOf(diagram: Diagram, set: NodeId): Cell {
  const hull = wholeCell();
  if (set === EMPTY) {
    hull.first.fill(1);
    hull.last.fill(0);
    return hull;
  }
  const lowest = hull.last.slice();
  const highest = new Float64Array(LEVELS);
  const seen = new Set<NodeId>();
  const isSkipped = new Uint8Array(LEVELS);
  const visit = (node: NodeId, from: Level): void => {
    const level = diagram.levelOf(node);
    for (let skipped = from; skipped < level; skipped += 1) isSkipped[skipped] = 1;
    if (level === LEVELS || seen.has(node)) return;
    seen.add(node);
    let first = 0;
    for (let edge = diagram.firstEdgeOf(node); edge < diagram.endEdgeOf(node); edge += 1) {
      const last = diagram.upperOf(edge);
      const child = diagram.childOf(edge);
      if (child !== EMPTY) {
        if (first < (lowest[level] as number)) lowest[level] = first;
        if (last > (highest[level] as number)) highest[level] = last;
        visit(child, level + 1);
      }
      first = last + 1;
    }
  };
  visit(set, 0);
  for (let level = 0; level < LEVELS; level += 1) {
    hull.first[level] = isSkipped[level] === 1 ? 0 : (lowest[level] as number);
    hull.last[level] = isSkipped[level] === 1 ? maximumOf(level) : (highest[level] as number);
  }
  return hull;
}
