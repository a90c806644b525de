/**
 * Policies, translations and choices of tables, in the symbolic engine and in the concrete evaluator:
 * each is the other's test. Where something cannot be told, what surely passes may be told too
 * narrowly by the symbolic one, and what may pass never.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { type HeaderSpace, HeaderSpaceManager } from '../../server/src/core/headerspace/header-space.js';
import type { Fate } from '../../server/src/core/reachability/disposition.js';
import { evaluate } from '../../server/src/core/reachability/evaluate.js';
import { CUT_SHORT_WORDS } from '../../server/src/core/reachability/words.js';
import { askAll, headerOf } from './asking.js';
import { packets, SOURCE_NETWORK, TARGET } from './random-network.js';
import { policyNetworks } from './random-policies.js';

/** Another one is tried with ADVISORY_LENS_SEED; a failure prints it. */
const SEED = Number(process.env.ADVISORY_LENS_SEED ?? 7);
const NETWORKS = 2000;
const PACKETS_EACH = 10;

/** Whether a device has chosen an address or a port for the packet on its way. */
function isOfChoice({ blurred, hops }: Fate): boolean {
  const chosen = hops.some(({ step, action }) => step === 'translate' && !action.includes(' translated to '));
  return chosen || Object.keys(blurred).length > 0;
}

describe('policies', () => {
  for (const doubts of [false, true]) {
    it(`${doubts ? 'with' : 'without'} doubts: symbolic agrees with concrete, packet by packet`, () => {
      const runs = doubts ? NETWORKS / 4 : NETWORKS;
      const seen = { through: 0, stopped: 0, translated: 0 };
      fc.assert(
        fc.property(
          policyNetworks(doubts),
          fc.array(packets, { minLength: PACKETS_EACH, maxLength: PACKETS_EACH }),
          ({ network, node, ingress }, flows) => {
            const manager = new HeaderSpaceManager();
            const answer = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
            // Doubts multiply; where one of the two gives up, its answer is right and not the other's.
            if (answer.cutShort || answer.approximate) return;
            for (const flow of flows) {
              const header = headerOf(flow);
              const holds = (set: HeaderSpace) => manager.contains(set, header);
              const fates = evaluate(network, node, ingress, flow);
              if (fates.some((fate) => fate.assumptions.some((one) => one.words === CUT_SHORT_WORDS))) continue;
              const words = fates.map((fate) => fate.disposition);
              const arrives = (wanted: readonly string[]) => words.filter((word) => wanted.includes(word)).length;
              const through = arrives(['leaves', 'delivered']);
              const told = `${JSON.stringify(flow)}: ${words.join(', ')}`;
              for (const outcome of ['leaves', 'delivered'] as const) {
                const may = holds(answer[outcome].may);
                const does = arrives([outcome]) > 0;
                // Which of the addresses a device has chosen is told apart by the concrete one alone, behind each
                // choice: what may pass may then be told too widely.
                if (fates.some(isOfChoice)) assert.ok(may || !does, `may, ${outcome}: ${told}`);
                else assert.equal(may, does, `may, ${outcome}: ${told}`);
              }
              const surely = through === fates.length;
              // A known connection may have been marked before, and a device that chooses an address may choose any:
              // doubts of their own, and rules may part what they have in common again.
              const isSettled = fates.length === 1 && fates.every(({ blurred }) => Object.keys(blurred).length === 0);
              if (!doubts && flow.state === 'new' && isSettled)
                assert.equal(holds(answer.must), surely, `must: ${told}`);
              else assert.ok(!holds(answer.must) || surely, `must: ${told}`);
              if (through === 0) seen.stopped += 1;
              else seen.through += 1;
              if (fates.some((fate) => fate.flow.dst !== flow.dst || fate.flow.src !== flow.src)) seen.translated += 1;
            }
          },
        ),
        { numRuns: runs, endOnFailure: true, seed: SEED },
      );
      for (const [sort, count] of Object.entries(seen)) assert.ok(count > runs / 10, `${sort}: ${count}`);
    });
  }

  it('are asked anew where the sets that were made of them were dropped', () => {
    let boxes = 0;
    for (const { network, node, ingress } of fc.sample(policyNetworks(false), { numRuns: 50, seed: SEED })) {
      const manager = new HeaderSpaceManager();
      const said = () => {
        const { leaves, delivered } = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
        return [leaves, delivered].flatMap(({ must, may }) => [manager.boxes(must, 1000), manager.boxes(may, 1000)]);
      };
      const mark = manager.mark();
      const before = said();
      manager.release(mark);
      // Other sets have the numbers of those now.
      for (let port = 0; port < 1000; port += 1) manager.fromBox({ dstPort: [[port, port]] });
      assert.deepEqual(said(), before);
      boxes += before.flat().length;
    }
    assert.ok(boxes > 0);
  });
});
