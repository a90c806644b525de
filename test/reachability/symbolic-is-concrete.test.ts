/**
 * The symbolic engine and the concrete evaluator share no code, so each is the other's test: a packet
 * is in `must` iff every fate it may have gets through, and in `may` iff one of them does.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { type HeaderSpace, HeaderSpaceManager } from '../../server/src/core/headerspace/header-space.js';
import { evaluate } from '../../server/src/core/reachability/evaluate.js';
import { askAll, headerOf } from './asking.js';
import { networks, packets, SOURCE_NETWORK, TARGET } from './random-network.js';

const NETWORKS = 1000;
const PACKETS_EACH = 10;

describe('the symbolic engine', () => {
  it('agrees with the concrete evaluator, packet by packet', () => {
    let compared = 0;
    const seen = { through: 0, stopped: 0, doubtful: 0 };
    fc.assert(
      fc.property(
        networks,
        fc.array(packets, { minLength: PACKETS_EACH, maxLength: PACKETS_EACH }),
        (random, flows) => {
          const { network, node, ingress } = random;
          const manager = new HeaderSpaceManager();
          const answer = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
          for (const flow of flows) {
            compared += 1;
            const header = headerOf(flow);
            const holds = (set: HeaderSpace) => manager.contains(set, header);
            const fates = evaluate(network, node, ingress, flow).map((fate) => fate.disposition);
            const arrives = (words: readonly string[]) => fates.filter((fate) => words.includes(fate)).length;
            const through = arrives(['leaves', 'delivered']);
            const told = `${JSON.stringify(flow)}: ${fates.join(', ')}`;
            assert.equal(holds(answer.must), through === fates.length, `must: ${told}`);
            assert.equal(holds(answer.leaves.may), arrives(['leaves']) > 0, `may leave: ${told}`);
            assert.equal(holds(answer.delivered.may), arrives(['delivered']) > 0, `may be delivered: ${told}`);
            assert.equal(holds(answer.leaves.must), arrives(['leaves']) === fates.length, `must leave: ${told}`);
            if (through === 0) seen.stopped += 1;
            else if (through === fates.length) seen.through += 1;
            else seen.doubtful += 1;
          }
        },
      ),
      { numRuns: NETWORKS },
    );
    assert.equal(compared, NETWORKS * PACKETS_EACH);
    // Packets of all sorts came by; a generator that makes only one sort proves nothing.
    for (const [sort, count] of Object.entries(seen)) assert.ok(count > compared / 50, `${sort}: ${count}`);
  });
});
