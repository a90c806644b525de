/** What a device has chosen for a packet, as both engines hold it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildNetwork, buildNode } from '../../server/src/core/dataplane/network.js';
import { HeaderSpaceManager } from '../../server/src/core/headerspace/header-space.js';
import { DEFAULT_VRF, type Device, type Interface } from '../../server/src/core/model/device.js';
import type { Chain, Policy, PolicyAction, Test } from '../../server/src/core/model/policy.js';
import { prefixOf } from '../../server/src/core/net/prefix.js';
import { evaluate } from '../../server/src/core/reachability/evaluate.js';
import type { Flow } from '../../server/src/core/reachability/flow.js';
import { askAll, headerOf } from './asking.js';
import { iface, ip, origin, SOURCE_NETWORK, TARGET } from './random-network.js';

type Rule = readonly [tests: readonly Test[], action: PolicyAction];

const FLOW: Flow = {
  src: ip('10.0.0.7'),
  dst: ip('202.114.4.9'),
  // What speaks of a connection is related to it.
  protocol: 1,
  srcPort: 0,
  dstPort: 0,
  icmpType: 3,
  icmpCode: 1,
  tcpFlags: 0,
  state: 'established',
};

function device(interfaces: readonly Interface[], policies: readonly (readonly [Policy['hook'], Rule])[]): Device {
  const chains = policies.map(
    ([, [tests, action]], at): Chain => ({
      key: `c${at}`,
      name: `c${at}`,
      rules: [{ tests, action, origin: origin('rule') }],
      origin: origin('chain'),
    }),
  );
  return {
    name: 'near',
    dialect: 'none',
    files: ['random.cfg'],
    interfaces,
    vrfs: [{ name: DEFAULT_VRF, staticRoutes: [], dynamicProtocols: [], defaultNetworks: [], uncertainties: [] }],
    acls: new Map(),
    vlans: [],
    policies: policies.map(([hook, [, action]], at) => ({
      name: `p${at}`,
      hook,
      priority: at,
      purpose: action.kind === 'translate' ? 'other' : 'filter',
      beforeTracking: false,
      chain: `c${at}`,
      end: { action: 'accept', origin: origin('end') },
    })),
    chains: new Map(chains.map((chain) => [chain.key, chain])),
    routes: true,
    definitions: [],
    references: [],
    unread: [],
  };
}

/** How a packet may end, by the concrete evaluator and by the symbolic engine. */
function ends(one: Device): { readonly concrete: readonly string[]; readonly symbolic: readonly string[] } {
  const node = buildNode(one);
  const network = buildNetwork([node]);
  const ingress = one.interfaces[0] as Interface;
  const manager = new HeaderSpaceManager();
  const answer = askAll(manager, network, node, ingress, SOURCE_NETWORK, TARGET);
  const fates = new Set(evaluate(network, node, ingress, FLOW).map(({ disposition }) => disposition as string));
  const outcomes = ['leaves', 'delivered'] as const;
  return {
    concrete: outcomes.filter((outcome) => fates.has(outcome)),
    symbolic: outcomes.filter((outcome) => manager.contains(answer[outcome].may, headerOf(FLOW))),
  };
}

const both = (...words: readonly string[]) => ({ concrete: words, symbolic: words });

describe('a choice that a device makes', () => {
  const interfaces = [iface('in', '10.0.0.1'), iface('lan', '202.114.4.1')];
  const range = { kind: 'range' as const, first: ip('202.114.4.118'), last: ip('202.114.4.121') };
  const chosen: Rule = [[], { kind: 'translate', field: 'dst', address: range }];

  it('is delivered where routes were chosen by it', () => {
    assert.deepEqual(ends(device(interfaces, [['prerouting', chosen]])), both('delivered'));
  });

  it('may be another one where it is made again behind the routes, though it is among the same', () => {
    const again = device(interfaces, [
      ['prerouting', chosen],
      ['postrouting', chosen],
    ]);
    assert.deepEqual(ends(again), both('leaves'));
    // Of some packets alone, which have nothing else that tells them from the others.
    const related: Test = { kind: 'state', states: ['related'], negated: false };
    const relatedAgain = device(interfaces, [
      ['prerouting', chosen],
      ['postrouting', [[related], chosen[1]]],
    ]);
    assert.deepEqual(ends(relatedAgain), both('leaves'));
  });

  it('makes no translation of another field that changes nothing', () => {
    const own = { kind: 'prefix' as const, prefix: prefixOf(ip('10.0.0.0'), 24) };
    const translated: Test = { kind: 'translated', field: 'src', negated: true };
    const unchanged = device(interfaces, [
      ['prerouting', chosen],
      ['postrouting', [[], { kind: 'translate', field: 'src', address: own }]],
      ['postrouting', [[translated], { kind: 'drop' }]],
    ]);
    assert.deepEqual(ends(unchanged), both());
  });
});
