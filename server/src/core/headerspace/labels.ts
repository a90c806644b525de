import { type Diagram, EMPTY, FULL, indexOfLabel, type NodeId } from './diagram.js';
import { LEVELS, maximumOf } from './fields.js';

/** The set of headers that have a label. */
export function unlabelled(diagram: Diagram, labelled: NodeId): NodeId {
  const results = new Map<NodeId, NodeId>();
  const visit = (node: NodeId): NodeId => {
    if (node === EMPTY) return EMPTY;
    if (node < 0) return FULL;
    const known = results.get(node);
    if (known !== undefined) return known;
    const first = diagram.firstEdgeOf(node);
    const end = diagram.endEdgeOf(node);
    const base = diagram.open(end - first);
    for (let edge = first; edge < end; edge += 1) {
      diagram.put(base, diagram.upperOf(edge), visit(diagram.childOf(edge)));
    }
    const result = diagram.close(base, diagram.levelOf(node));
    results.set(node, result);
    return result;
  };
  return visit(labelled);
}

/** For each label's index, in rising order, the set of headers that have it. */
export function partsOf(diagram: Diagram, labelled: NodeId): Map<number, NodeId> {
  const results = new Map<NodeId, Map<NodeId, NodeId>>();
  const visit = (node: NodeId): Map<NodeId, NodeId> => {
    const known = results.get(node);
    if (known !== undefined) return known;
    const parts = diagram.levelOf(node) === LEVELS ? partsOfTerminal(node) : partsOfInner(diagram, node, visit);
    results.set(node, parts);
    return parts;
  };
  const byLabel = [...visit(labelled)].map(([label, part]): [number, NodeId] => [indexOfLabel(label), part]);
  return new Map(byLabel.sort(([one], [other]) => one - other));
}

function partsOfTerminal(node: NodeId): Map<NodeId, NodeId> {
  return node === EMPTY ? new Map() : new Map([[node, FULL]]);
}

/** A stretch of a field's values and the part of the rest that one label has there. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly part: NodeId;
}

/** Costs as much as the parts are large: each label looks only at the edges below which it stands. */
function partsOfInner(
  diagram: Diagram,
  node: NodeId,
  visit: (node: NodeId) => Map<NodeId, NodeId>,
): Map<NodeId, NodeId> {
  const level = diagram.levelOf(node);
  const stretches = new Map<NodeId, Stretch[]>();
  let first = 0;
  for (let edge = diagram.firstEdgeOf(node); edge < diagram.endEdgeOf(node); edge += 1) {
    const last = diagram.upperOf(edge);
    for (const [label, part] of visit(diagram.childOf(edge))) {
      const list = stretches.get(label);
      if (list === undefined) stretches.set(label, [{ first, last, part }]);
      else list.push({ first, last, part });
    }
    first = last + 1;
  }
  const maximum = maximumOf(level);
  const parts = new Map<NodeId, NodeId>();
  for (const [label, list] of stretches) {
    const base = diagram.open(list.length * 2 + 1);
    let next = 0;
    for (const stretch of list) {
      if (stretch.first > next) diagram.put(base, stretch.first - 1, EMPTY);
      diagram.put(base, stretch.last, stretch.part);
      next = stretch.last + 1;
    }
    if (next <= maximum) diagram.put(base, maximum, EMPTY);
    parts.set(label, diagram.close(base, level));
  }
  return parts;
}
