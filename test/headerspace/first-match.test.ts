import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Box,
  FIELDS,
  firstMatch,
  type Header,
  type HeaderSpace,
  HeaderSpaceManager,
  type Interval,
  MAXIMA,
  type MatchRule,
} from '../../server/src/core/headerspace/header-space.js';
import { arbitraryBox, arbitraryHeader, arbitraryRule, boxContains, firstMatching, valuesBeside } from './naive.js';

interface Checked {
  chunks: number;
  passedHeaders: number;
}

/**
 * Runs the fold and holds every chunk against the naive evaluation of the headers. Each header that
 * passes must be in one chunk, and there in the part of the rule that decides it; no other header may
 * be in any.
 */
function check(rules: readonly MatchRule[], within: readonly Box[], headers: readonly Header[]): Checked {
  const manager = new HeaderSpaceManager();
  const scope = within.reduce((all, box) => manager.union(all, manager.fromBox(box)), manager.empty);
  const expected = headers.map((header) => {
    if (!within.some((box) => boxContains(box, header))) return undefined;
    const rule = firstMatching(rules, header);
    return rule !== undefined && rules[rule]?.permits === true ? rule : undefined;
  });
  const seen = headers.map(() => 0);
  let chunks = 0;
  firstMatch(manager, rules, scope, ({ passed, parts }) => {
    chunks += 1;
    assert.equal(manager.isSubset(passed, scope), true);
    let united: HeaderSpace = manager.empty;
    for (const [rule, part] of parts) {
      assert.equal(rules[rule]?.permits, true);
      assert.notEqual(part, manager.empty);
      assert.equal(manager.overlaps(united, part), false);
      united = manager.union(united, part);
    }
    assert.equal(united, passed);
    for (const [at, header] of headers.entries()) {
      if (!manager.contains(passed, header)) continue;
      seen[at] = (seen[at] as number) + 1;
      const part = parts.get(expected[at] ?? -1);
      assert.ok(
        part !== undefined && manager.contains(part, header),
        `rule ${expected[at]}: ${JSON.stringify(header)}`,
      );
    }
  });
  for (const [at, header] of headers.entries()) {
    assert.equal(seen[at], expected[at] === undefined ? 0 : 1, JSON.stringify(header));
  }
  return { chunks, passedHeaders: seen.filter((count) => count > 0).length };
}

const SRC = 0x0a140a00;
const DST = 0xca720400;
const QUERY: Box = { src: [[SRC, SRC + 255]], dst: [[DST, DST + 255]], state: [[0, 0]] };

const arbitraryOffsets = (count: number): fc.Arbitrary<Interval> =>
  fc
    .tuple(fc.nat(count - 1), fc.nat(count - 1))
    .map(([one, other]): Interval => [Math.min(one, other), Math.max(one, other)]);

/** A rule as access lists have them: sub-ranges of the query, a protocol, ports. */
const arbitraryEntry: fc.Arbitrary<MatchRule> = fc
  .record({
    permits: fc.boolean(),
    src: arbitraryOffsets(256),
    dst: arbitraryOffsets(256),
    protocol: fc.constantFrom(undefined, 6, 6, 6, 17),
    ports: fc.oneof(arbitraryOffsets(65536), arbitraryOffsets(64)),
  })
  .map(({ permits, src, dst, protocol, ports }) => ({
    permits,
    boxes: [
      {
        src: [[SRC + src[0], SRC + src[1]]],
        dst: [[DST + dst[0], DST + dst[1]]],
        ...(protocol === undefined ? {} : { protocol: [[protocol, protocol]], dstPort: [ports] }),
      },
    ],
  }));

/** Headers at and beside the bounds of the rules, chosen by the numbers. */
function headersBeside(rules: readonly MatchRule[], choices: readonly number[]): Header[] {
  const boxes = [...rules.flatMap((rule) => rule.boxes), QUERY];
  const values = FIELDS.map((field) => valuesBeside(boxes, field));
  const headers: Header[] = [];
  for (let at = 0; at + FIELDS.length <= choices.length; at += FIELDS.length) {
    const picked = FIELDS.map((field, level) => {
      const own = values[level] as number[];
      return [field, own[(choices[at + level] as number) % own.length] as number];
    });
    headers.push(Object.fromEntries(picked) as Header);
  }
  return headers;
}

const arbitraryChoices = fc.array(fc.nat(1 << 20), { minLength: 8 * 60, maxLength: 8 * 60 });

describe('firstMatch', () => {
  it('passes what the first matching rule permits, on rules of every shape', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryRule, { maxLength: 8 }),
        fc.array(arbitraryBox, { maxLength: 2 }),
        fc.array(arbitraryHeader, { minLength: 60, maxLength: 60 }),
        (rules, within, headers) => {
          check(rules, within, headers);
        },
      ),
    );
  });

  it('passes what the first matching rule permits, on lists that must be split', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.array(arbitraryEntry, { minLength: 20, maxLength: 120 }), arbitraryChoices, (rules, choices) => {
        passed += check(rules, [QUERY], headersBeside(rules, choices)).passedHeaders;
      }),
      { numRuns: 50 },
    );
    assert.ok(passed > 50, 'the headers are aimed well enough for some to pass');
  });

  it('works within a set that is no box', () => {
    const corners: Box[] = [
      { src: [[SRC, SRC + 15]], dst: [[DST, DST + 15]] },
      { src: [[SRC + 100, SRC + 199]], dst: [[DST + 100, DST + 199]], dstPort: [[0, 1023]] },
    ];
    fc.assert(
      fc.property(fc.array(arbitraryEntry, { minLength: 20, maxLength: 60 }), arbitraryChoices, (rules, choices) => {
        check(rules, corners, headersBeside(rules, choices));
      }),
      { numRuns: 30 },
    );
  });

  it('handles scattered addresses, as non-contiguous wildcards give', () => {
    const stride = (first: number, step: number): Interval[] =>
      Array.from({ length: 256 }, (_, at): Interval => [first + at * step, first + at * step]);
    const arbitraryScattered = fc
      .record({ permits: fc.boolean(), src: fc.nat(255), dst: fc.nat(255), step: fc.constantFrom(256, 512) })
      .map(
        ({ permits, src, dst, step }): MatchRule => ({
          permits,
          boxes: [{ src: stride(0x0a000000 + src, step), dst: stride(0xca000000 + dst, step) }],
        }),
      );
    fc.assert(
      fc.property(fc.array(arbitraryScattered, { maxLength: 30 }), arbitraryChoices, (rules, choices) => {
        check(rules, [{}], headersBeside(rules, choices));
      }),
      { numRuns: 20 },
    );
  });

  it('splits between the intervals of a list', () => {
    const arbitraryList = (first: number, count: number): fc.Arbitrary<Interval[]> =>
      fc.array(
        arbitraryOffsets(count).map(([from, to]): Interval => [first + from, first + Math.min(to, from + count / 16)]),
        { minLength: 1, maxLength: 5 },
      );
    const arbitraryListed = fc
      .tuple(fc.boolean(), arbitraryList(SRC, 256), arbitraryList(DST, 256), arbitraryList(0, 65536))
      .map(([permits, src, dst, dstPort]): MatchRule => ({ permits, boxes: [{ src, dst, dstPort }] }));
    fc.assert(
      fc.property(fc.array(arbitraryListed, { minLength: 30, maxLength: 80 }), arbitraryChoices, (rules, choices) => {
        check(rules, [QUERY], headersBeside(rules, choices));
      }),
      { numRuns: 30 },
    );
  });

  it('gives a part to each rule that passes something, in order', () => {
    const manager = new HeaderSpaceManager();
    const rules: MatchRule[] = [
      { permits: false, boxes: [{ dst: [[5, 5]] }] },
      { permits: true, boxes: [{ dst: [[5, 6]] }, { dst: [[8, 8]] }] },
      { permits: true, boxes: [{ dst: [[6, 6]] }] },
      { permits: true, boxes: [{ dst: [[0, 9]] }] },
    ];
    firstMatch(manager, rules, manager.full, ({ passed, parts }) => {
      const dst = (...intervals: Interval[]): HeaderSpace => manager.fromBox({ dst: intervals });
      assert.deepEqual(
        [...parts],
        [
          [1, dst([6, 6], [8, 8])],
          [3, dst([0, 4], [7, 7], [9, 9])],
        ],
      );
      assert.equal(passed, dst([0, 4], [6, 9]));
    });
  });

  it('visits once with nothing where nothing passes', () => {
    const manager = new HeaderSpaceManager();
    const permitAny: MatchRule = { permits: true, boxes: [{}] };
    const denyAny: MatchRule = { permits: false, boxes: [{}] };
    const cases: [MatchRule[], HeaderSpace][] = [
      [[], manager.full],
      [[permitAny], manager.empty],
      [[denyAny, permitAny], manager.full],
      [[{ permits: true, boxes: [] }], manager.full],
      [[{ permits: true, boxes: [{ dst: [] }] }], manager.full],
    ];
    for (const [rules, within] of cases) {
      let visits = 0;
      firstMatch(manager, rules, within, ({ passed, parts }) => {
        visits += 1;
        assert.equal(passed, manager.empty);
        assert.equal(parts.size, 0);
      });
      assert.equal(visits, 1);
    }
  });

  it('leaves the sets of a single chunk in place', () => {
    const manager = new HeaderSpaceManager();
    const kept: HeaderSpace[] = [];
    firstMatch(manager, [{ permits: true, boxes: [{ dst: [[7, 9]] }] }], manager.full, ({ passed }) => {
      kept.push(passed);
    });
    assert.deepEqual(kept, [manager.fromBox({ dst: [[7, 9]] })]);
  });

  it('gives an answer that is too large for one chunk in several, within which the visitor may work', () => {
    // Hosts and single ports in no order: as one diagram nearly every header is its own path.
    let state = 1;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const range = (first: number, count: number): Interval => {
      const [one, other] = [next(count), next(count)];
      return [first + Math.min(one, other), first + Math.max(one, other)];
    };
    const rules = Array.from(
      { length: 1500 },
      (): MatchRule => ({
        permits: next(2) === 0,
        boxes: [
          { src: [range(SRC, 256)], dst: [range(DST, 256)], srcPort: [range(0, 65536)], dstPort: [range(0, 65536)] },
        ],
      }),
    );
    const choices = Array.from({ length: 8 * 100 }, () => next(1 << 20));
    const { chunks, passedHeaders } = check(rules, [QUERY], headersBeside(rules, choices));
    assert.ok(chunks > 1);
    assert.ok(passedHeaders > 0);
  });

  it('stops where the work gets too much, says so, and gives nothing wrong', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEntry, { minLength: 40, maxLength: 80 }), fc.nat(20_000), (rules, mostWork) => {
        const manager = new HeaderSpaceManager();
        const within = manager.fromBox(QUERY);
        let whole: HeaderSpace = manager.empty;
        const outcome = firstMatch(manager, rules, within, ({ passed }) => {
          whole = passed;
        });
        assert.deepEqual(outcome, { isExact: true, lastIsKept: true });
        let some: HeaderSpace = manager.empty;
        const { isExact } = firstMatch(manager, rules, within, ({ passed }) => (some = passed), mostWork);
        assert.equal(manager.isSubset(some, whole), true);
        if (isExact) assert.equal(some, whole);
        if (mostWork < rules.length) assert.equal(isExact, false);
      }),
    );
  });

  it('splits at the very ends of the fields', () => {
    const ends = (maximum: number): Interval[] => [
      [0, 0],
      [0, 1],
      [1, maximum],
      [0, maximum - 1],
      [maximum, maximum],
    ];
    const rules: MatchRule[] = [];
    for (const [at, src] of ends(MAXIMA.src).entries()) {
      for (const dst of ends(MAXIMA.dst)) rules.push({ permits: at % 2 === 0, boxes: [{ src: [src], dst: [dst] }] });
    }
    const bounds = [0, 1, 2, MAXIMA.src - 1, MAXIMA.src];
    const headers = bounds.flatMap((src) =>
      bounds.map((dst): Header => ({ dst, src, protocol: 0, srcPort: 0, dstPort: 0, icmp: 0, tcpFlags: 0, state: 0 })),
    );
    check(rules, [{}], headers);
  });
});
