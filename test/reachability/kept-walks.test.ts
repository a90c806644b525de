/**
 * A question that is asked again of devices that changed goes only through these anew. It must find what
 * it finds where nothing was kept.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { buildNetwork, buildNode, type Network, type Node } from '../../server/src/core/dataplane/network.js';
import type { Interface } from '../../server/src/core/model/device.js';
import { firstIp, lastIp } from '../../server/src/core/net/prefix.js';
import { type Query, type Reach, reach } from '../../server/src/core/reachability/reach.js';
import { KeptWalks } from '../../server/src/core/reachability/symbolic/kept-walks.js';
import { networks, SOURCE_NETWORK, TARGET } from './random-network.js';
import { policyNetworks } from './random-policies.js';

const RUNS = 300;
const SRC = [firstIp(SOURCE_NETWORK), lastIp(SOURCE_NETWORK)] as const;
const DST = [firstIp(TARGET), lastIp(TARGET)] as const;

interface Random {
  readonly network: Network;
  readonly ingress: Interface;
}

/** Counts the walks that were not walked. */
class CountingWalks extends KeptWalks {
  kept = 0;

  override enter(...[walk, iface, bounds, enter]: Parameters<KeptWalks['enter']>): ReturnType<KeptWalks['enter']> {
    let walked = false;
    const through = super.enter(walk, iface, bounds, (own) => {
      walked = true;
      return enter(own);
    });
    if (!walked) this.kept += 1;
    return through;
  }
}

/** The network with the lists, policies and routes of one device as another network's device of that name has them. */
function edited(network: Network, name: string, other: Network): Network {
  const from = other.nodes.find((node) => node.device.name === name);
  const nodes = network.nodes.map((node) => {
    if (node.device.name !== name || from === undefined) return node;
    const { acls, chains, policies, routingRules, vrfs } = from.device;
    const { chains: _, policies: __, routingRules: ___, ...rest } = node.device;
    return buildNode({
      ...rest,
      acls,
      vrfs,
      ...(chains && { chains }),
      ...(policies && { policies }),
      ...(routingRules && { routingRules }),
    });
  });
  const named = ({ node, iface }: { readonly node: Node; readonly iface: Interface }) =>
    `${node.device.name}:${iface.name}`;
  return buildNetwork(nodes, {
    links: network.links.map(([a, b]) => [named(a), named(b)]),
    inline: network.inline.map(({ node, between: [near, far], sides: [towards, away] }) => ({
      device: node.device.name,
      between: far === undefined ? [named(near)] : [named(near), named(far)],
      interfaces: [towards.name, away.name],
    })),
  });
}

function ask(kept: KeptWalks, network: Network, ingress: Interface, isKept: boolean) {
  const { manager } = kept;
  const headers = manager.fromBox({ src: [SRC], dst: [DST] });
  const node = network.nodes.find(({ device }) => device.interfaces.includes(ingress)) as Node;
  const clip = { src: SRC, dst: DST };
  const touched = new Set<Node>();
  const query: Query = { network, node, ingress, headers, clip, touched, ...(isKept && { kept }) };
  const found: Reach[] = [];
  if (isKept) kept.start(new Set(network.nodes), headers, []);
  const outlives = reach(manager, query, (one) => found.push(one));
  const isExact = outlives && found.length === 1 && found.every((one) => !one.approximate && !one.cutShort);
  const mayBeAskedAgain = isKept && kept.finish(isExact);
  return { mayBeAskedAgain, answer: { found, touched: new Set([...touched].map(({ device }) => device.name)) } };
}

describe('a question that is asked again', () => {
  const sorts: readonly [string, fc.Arbitrary<Random>][] = [
    ['lists, routes and wires', networks],
    ['policies', policyNetworks(false)],
    ['policies with doubts', policyNetworks(true)],
  ];
  for (const [sort, random] of sorts) {
    it(`finds what it finds anew: ${sort}`, () => {
      // Doubts multiply, and where an answer is cut short nothing is kept: a few networks will do.
      const runs = sort === 'policies with doubts' ? RUNS / 10 : RUNS;
      let kept = 0;
      const edit = fc.tuple(fc.constantFrom('near', 'near', 'far', 'wire', 'nothing'), random);
      fc.assert(
        fc.property(random, fc.array(edit, { minLength: 1, maxLength: 4 }), ({ network: first, ingress }, edits) => {
          let network = first;
          let walks = new CountingWalks();
          for (const [name, { network: other }] of [['nothing', { network: first }] as const, ...edits]) {
            network = edited(network, name, other);
            const { answer, mayBeAskedAgain } = ask(walks, network, ingress, true);
            assert.deepEqual(answer, ask(walks, network, ingress, false).answer);
            kept += walks.kept;
            if (!mayBeAskedAgain) walks = new CountingWalks();
            walks.kept = 0;
          }
        }),
        { numRuns: runs },
      );
      assert.ok(kept > runs / 100 || runs < RUNS, `${kept} walks were kept`);
    });
  }
});
