import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Box,
  FIELDS,
  type FieldName,
  type Header,
  type HeaderSpace,
  HeaderSpaceManager,
  MAXIMA,
} from '../../server/src/core/headerspace/header-space.js';
import { arbitraryBox, arbitraryHeader, boxContains } from './naive.js';

/** A union of a few boxes: small enough to be checked header by header, wide enough to hold every shape of node. */
const arbitraryBoxes = fc.array(arbitraryBox, { maxLength: 4 });
const arbitraryHeaders = fc.array(arbitraryHeader, { minLength: 40, maxLength: 40 });

function unionOf(manager: HeaderSpaceManager, boxes: readonly Box[]): HeaderSpace {
  return boxes.reduce((all, box) => manager.union(all, manager.fromBox(box)), manager.empty);
}

function unionContains(boxes: readonly Box[], header: Header): boolean {
  return boxes.some((box) => boxContains(box, header));
}

const zero: Header = { dst: 0, src: 0, protocol: 0, srcPort: 0, dstPort: 0, icmp: 0, tcpFlags: 0, state: 0 };
const highest: Header = MAXIMA;

describe('a box', () => {
  it('holds a header iff each of its fields does', () => {
    fc.assert(
      fc.property(arbitraryBox, arbitraryHeaders, (box, headers) => {
        const manager = new HeaderSpaceManager();
        const set = manager.fromBox(box);
        for (const header of headers) assert.equal(manager.contains(set, header), boxContains(box, header));
      }),
    );
  });

  it('without fields is everything, and with an empty list is nothing', () => {
    const manager = new HeaderSpaceManager();
    assert.equal(manager.fromBox({}), manager.full);
    for (const field of FIELDS) {
      assert.equal(manager.fromBox({ [field]: [] }), manager.empty, field);
      assert.equal(manager.fromBox({ [field]: [[0, MAXIMA[field]]] }), manager.full, field);
    }
  });

  it('takes intervals in any order, overlapping, touching, turned round or beyond the maximum', () => {
    const manager = new HeaderSpaceManager();
    const plain = manager.fromBox({ dstPort: [[10, 40]] });
    const tangled: Box = {
      dstPort: [
        [31, 40],
        [15, 25],
        [9, 3],
        [10, 20],
        [26, 30],
      ],
    };
    assert.equal(manager.fromBox(tangled), plain);
    assert.equal(manager.fromBox({ protocol: [[200, 1000]] }), manager.fromBox({ protocol: [[200, 255]] }));
  });

  it('reaches the ends of every field', () => {
    const manager = new HeaderSpaceManager();
    for (const field of FIELDS) {
      const maximum = MAXIMA[field];
      const lowest = manager.fromBox({ [field]: [[0, 0]] });
      const top = manager.fromBox({ [field]: [[maximum, maximum]] });
      assert.equal(manager.contains(lowest, zero), true, field);
      assert.equal(manager.contains(lowest, highest), false, field);
      assert.equal(manager.contains(top, highest), true, field);
      assert.equal(manager.contains(top, zero), false, field);
    }
  });
});

describe('operations', () => {
  it('are those of sets, header by header', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryBoxes, arbitraryHeaders, (boxesA, boxesB, headers) => {
        const manager = new HeaderSpaceManager();
        const a = unionOf(manager, boxesA);
        const b = unionOf(manager, boxesB);
        const union = manager.union(a, b);
        const intersection = manager.intersect(a, b);
        const difference = manager.subtract(a, b);
        const complement = manager.complement(a);
        for (const header of headers) {
          const inA = unionContains(boxesA, header);
          const inB = unionContains(boxesB, header);
          assert.equal(manager.contains(a, header), inA);
          assert.equal(manager.contains(union, header), inA || inB);
          assert.equal(manager.contains(intersection, header), inA && inB);
          assert.equal(manager.contains(difference, header), inA && !inB);
          assert.equal(manager.contains(complement, header), !inA);
        }
      }),
    );
  });

  it('obey the laws of sets as equal handles', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryBoxes, arbitraryBoxes, (boxesA, boxesB, boxesC) => {
        const m = new HeaderSpaceManager();
        const [a, b, c] = [unionOf(m, boxesA), unionOf(m, boxesB), unionOf(m, boxesC)];
        assert.equal(m.union(a, b), m.union(b, a));
        assert.equal(m.intersect(a, b), m.intersect(b, a));
        assert.equal(m.union(m.union(a, b), c), m.union(a, m.union(b, c)));
        assert.equal(m.intersect(m.intersect(a, b), c), m.intersect(a, m.intersect(b, c)));
        assert.equal(m.intersect(a, m.union(b, c)), m.union(m.intersect(a, b), m.intersect(a, c)));
        assert.equal(m.union(a, m.intersect(b, c)), m.intersect(m.union(a, b), m.union(a, c)));
        assert.equal(m.complement(m.union(a, b)), m.intersect(m.complement(a), m.complement(b)));
        assert.equal(m.complement(m.complement(a)), a);
        assert.equal(m.subtract(a, b), m.intersect(a, m.complement(b)));
        assert.equal(m.union(a, m.intersect(a, b)), a);
        assert.equal(m.union(a, m.complement(a)), m.full);
        assert.equal(m.intersect(a, m.complement(a)), m.empty);
        assert.equal(m.union(m.subtract(a, b), m.intersect(a, b)), a);
      }),
    );
  });

  it('tell subsets and overlaps as the built sets do', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryBoxes, (boxesA, boxesB) => {
        const manager = new HeaderSpaceManager();
        const a = unionOf(manager, boxesA);
        const b = unionOf(manager, boxesB);
        assert.equal(manager.isSubset(a, b), manager.union(a, b) === b);
        assert.equal(manager.overlaps(a, b), manager.intersect(a, b) !== manager.empty);
        assert.equal(manager.isSubset(manager.intersect(a, b), a), true);
        assert.equal(manager.overlaps(manager.subtract(a, b), b), false);
      }),
    );
  });

  it('give the same handle for the same set, however it was built', () => {
    fc.assert(
      fc.property(arbitraryBoxes, fc.nat(), (boxes, seed) => {
        const manager = new HeaderSpaceManager();
        const forwards = unionOf(manager, boxes);
        const rotated = [...boxes.slice(seed % (boxes.length + 1)), ...boxes.slice(0, seed % (boxes.length + 1))];
        assert.equal(unionOf(manager, rotated.reverse()), forwards);
        // Again in halves of one field, which must grow together.
        const halves = boxes.flatMap((box) => [
          manager.intersect(manager.fromBox(box), manager.fromBox({ src: [[0, 99]] })),
          manager.intersect(manager.fromBox(box), manager.fromBox({ src: [[100, MAXIMA.src]] })),
        ]);
        assert.equal(
          halves.reduce((all, half) => manager.union(all, half), manager.empty),
          forwards,
        );
      }),
    );
  });
});

describe('forget', () => {
  const arbitraryFields = fc.subarray([...FIELDS]);

  it('frees the fields and keeps the rest', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryFields, arbitraryHeader, (boxes, fields, header) => {
        const manager = new HeaderSpaceManager();
        const set = unionOf(manager, boxes);
        const projected = manager.forget(set, fields);
        // A header is in the projection iff some header that agrees on the other fields is in the set.
        const agreeing = Object.fromEntries(
          FIELDS.filter((field) => !fields.includes(field)).map((field) => [field, [[header[field], header[field]]]]),
        ) as Box;
        assert.equal(
          manager.contains(projected, header),
          manager.overlaps(set, manager.fromBox(agreeing)),
          `fields ${fields.join()}`,
        );
      }),
    );
  });

  it('of one field of a box is the box without that field', () => {
    fc.assert(
      fc.property(arbitraryBox, fc.constantFrom<FieldName>(...FIELDS), (box, field) => {
        const manager = new HeaderSpaceManager();
        const { [field]: _, ...rest } = box;
        assert.equal(manager.forget(manager.fromBox(box), [field]), manager.fromBox(rest));
      }),
    );
  });
});

describe('pick', () => {
  it('gives a member, the same one each time, and none of nothing', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryBoxes, (boxes, preferences) => {
        const manager = new HeaderSpaceManager();
        const set = unionOf(manager, boxes);
        const header = manager.pick(set, preferences);
        assert.equal(header === undefined, set === manager.empty);
        if (header === undefined) return;
        assert.equal(manager.contains(set, header), true);
        assert.deepEqual(manager.pick(set, preferences), header);
        const first = preferences[0];
        if (first !== undefined && manager.overlaps(set, manager.fromBox(first))) {
          assert.equal(boxContains(first, header), true);
        }
      }),
    );
  });

  it('skips a preference that leaves nothing and keeps those that do not', () => {
    const manager = new HeaderSpaceManager();
    const set = manager.fromBox({ protocol: [[6, 6]], dstPort: [[100, 200]] });
    const header = manager.pick(set, [{ protocol: [[17, 17]] }, { dstPort: [[150, 300]] }, { dstPort: [[0, 120]] }]);
    assert.deepEqual(header, { ...zero, protocol: 6, dstPort: 150 });
  });
});

describe('boxes', () => {
  it('are disjoint and unite to the set', () => {
    fc.assert(
      fc.property(arbitraryBoxes, (boxes) => {
        const manager = new HeaderSpaceManager();
        const set = unionOf(manager, boxes);
        let united = manager.empty;
        for (const box of manager.boxes(set, Number.POSITIVE_INFINITY)) {
          const one = manager.fromBox(box);
          assert.notEqual(one, manager.empty);
          assert.equal(manager.overlaps(united, one), false);
          united = manager.union(united, one);
        }
        assert.equal(united, set);
      }),
    );
  });

  it('are at most the limit', () => {
    const manager = new HeaderSpaceManager();
    const set = manager.union(
      manager.fromBox({ protocol: [[6, 6]], dst: [[1, 1]] }),
      manager.fromBox({ protocol: [[17, 17]], dst: [[2, 2]] }),
    );
    assert.equal(manager.boxes(set, 1).length, 1);
    assert.equal(manager.boxes(set, 2).length, 2);
    assert.deepEqual(manager.boxes(manager.empty, 5), []);
    assert.deepEqual(manager.boxes(manager.full, 5), [{}]);
  });

  it('list together the values that lead to the same rest', () => {
    const manager = new HeaderSpaceManager();
    const box: Box = {
      protocol: [[6, 6]],
      dstPort: [
        [22, 22],
        [80, 81],
      ],
    };
    assert.deepEqual(manager.boxes(manager.fromBox(box), 5), [box]);
  });
});

describe('release', () => {
  it('drops what was made since the mark and keeps older handles valid and canonical', () => {
    fc.assert(
      fc.property(arbitraryBoxes, arbitraryBoxes, arbitraryHeaders, (older, newer, headers) => {
        const manager = new HeaderSpaceManager();
        const kept = unionOf(manager, older);
        const count = manager.nodeCount;
        const mark = manager.mark();
        const first = unionOf(manager, newer);
        const joined = manager.union(kept, first);
        const sampled = headers.map((header) => manager.contains(joined, header));
        manager.release(mark);
        assert.equal(manager.nodeCount, count);
        assert.equal(unionOf(manager, older), kept);
        // Numbers are given again: another set first, then the same one, must not meet stale results.
        manager.complement(unionOf(manager, [...newer].reverse()));
        const again = manager.union(kept, unionOf(manager, newer));
        for (const [at, header] of headers.entries()) {
          assert.equal(manager.contains(kept, header), unionContains(older, header));
          assert.equal(manager.contains(again, header), sampled[at]);
        }
      }),
    );
  });

  it('survives the growth of the tables', () => {
    const manager = new HeaderSpaceManager();
    const set = (first: number, count: number): HeaderSpace => {
      let all = manager.empty;
      for (let at = first; at < first + count; at += 1) {
        all = manager.union(all, manager.fromBox({ dst: [[at * 4, at * 4 + 1]], srcPort: [[at, at + 1]] }));
      }
      return all;
    };
    const kept = set(0, 50);
    const mark = manager.mark();
    const before = manager.nodeCount;
    set(1000, 1000);
    assert.ok(manager.nodeCount > before + 1000);
    manager.release(mark);
    assert.equal(set(0, 50), kept);
  });
});
