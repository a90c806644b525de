import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { HeaderMatch } from '../../server/src/core/model/header-match.js';
import type { Test } from '../../server/src/core/model/policy.js';
import { hullOf, hullsOf } from '../../server/src/core/model/rule-hulls.js';
import { entering } from '../../server/src/core/reachability/concrete/packet.js';
import { testsHold } from '../../server/src/core/reachability/concrete/tests.js';
import { packets } from './random-network.js';
import { policyNetworks } from './random-policies.js';

const ANY = [{ kind: 'wildcard', value: 0, wildcard: 0xffffffff }] as const;

function header(match: Partial<HeaderMatch>, more: { original?: boolean; negated?: boolean } = {}): Test {
  return {
    kind: 'header',
    matches: [{ src: ANY, dst: ANY, services: [{}], ...match }],
    original: false,
    negated: false,
    ...more,
  };
}

const from = (first: number, last: number): Test => header({ src: [{ kind: 'range', first, last }] });

describe('the hull of a rule', () => {
  test('holds every packet that the rule may hold for', () => {
    let inside = 0;
    fc.assert(
      fc.property(policyNetworks(true), packets, ({ node, ingress }, flow) => {
        const packet = entering(flow, {});
        const asking = { node, ingress, egress: 'unknown', beforeTracking: false } as const;
        for (const { rules } of node.device.chains?.values() ?? []) {
          const hulls = hullsOf(rules);
          for (const [at, { tests }] of [...rules].entries()) {
            if (testsHold(tests, packet, asking) === 'no') continue;
            inside += 1;
            assert.ok((hulls.srcFirst[at] as number) <= flow.src && flow.src <= (hulls.srcLast[at] as number));
            assert.ok((hulls.dstFirst[at] as number) <= flow.dst && flow.dst <= (hulls.dstLast[at] as number));
          }
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(inside > 0, 'some rule holds');
  });

  test('is no wider than what the tests say of addresses', () => {
    const whole = { srcFirst: 0, srcLast: 0xffffffff, dstFirst: 0, dstLast: 0xffffffff };
    assert.deepEqual(hullOf([from(5, 9)]), { ...whole, srcFirst: 5, srcLast: 9 });
    assert.deepEqual(hullOf([from(5, 9), from(7, 20)]), { ...whole, srcFirst: 7, srcLast: 9 });
    const either: Test = { kind: 'any', alternatives: [[from(5, 9)], [from(20, 30)]], negated: false };
    assert.deepEqual(hullOf([either]), { ...whole, srcFirst: 5, srcLast: 30 });
    const scattered = header({ dst: [{ kind: 'wildcard', value: 0x0a000100, wildcard: 0x0000ff00 }] });
    assert.deepEqual(hullOf([scattered]), { ...whole, dstFirst: 0x0a000000, dstLast: 0x0a00ff00 });
  });

  test('is everything for what is asked the other way round, or of an earlier header', () => {
    const whole = { srcFirst: 0, srcLast: 0xffffffff, dstFirst: 0, dstLast: 0xffffffff };
    const some = { src: [{ kind: 'range', first: 5, last: 9 }] } as const;
    assert.deepEqual(hullOf([header(some, { negated: true })]), whole);
    assert.deepEqual(hullOf([header(some, { original: true })]), whole);
    assert.deepEqual(hullOf([{ kind: 'any', alternatives: [[header(some)]], negated: true }]), whole);
    assert.deepEqual(hullOf([{ kind: 'any', alternatives: [[header(some)], []], negated: false }]), whole);
  });

  test('is empty for what holds for nothing', () => {
    for (const tests of [
      [from(5, 9), from(10, 20)],
      [header({ dst: [] })],
      [{ kind: 'any', alternatives: [], negated: false } as const],
    ]) {
      const hull = hullOf(tests);
      assert.ok(hull.srcFirst > hull.srcLast && hull.dstFirst > hull.dstLast);
    }
  });
});
