/** Where FRR and IOS mean different things by the same routes: FRR is asked, and what each of them does is foretold. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ip } from '../kernel/support/packet.js';
import { type Frr, startFrr, whyNoFrr } from './judge.js';
import { frrLines, frrText, iosText, NAMES, type RandomRoute, type RouteSet } from './sets.js';
import { foretold, NO_ROUTE, waysOfFrr } from './tables.js';

const route = (text: string, length: number, way: Omit<RandomRoute, 'prefix'>): RandomRoute => ({
  prefix: { ip: ip(text), length },
  ...way,
});

const INTERFACES = [
  { name: 'Vlan10', up: true, addresses: [{ ip: ip('10.0.0.1'), length: 24 }] },
  { name: 'Vlan20', up: true, addresses: [{ ip: ip('10.0.1.1'), length: 24 }] },
];

const CASES: readonly {
  readonly name: string;
  readonly overDefault: boolean;
  readonly routes: readonly RandomRoute[];
  readonly asked: string;
  readonly frr: string;
  readonly ios: readonly string[];
}[] = [
  {
    // Cisco, "Specify a Next Hop IP Address for Static Routes" (document 118263) has a route stay while another
    // one leads to its next hop; whether the default route may be that one, other engines deny. FRR
    // documentation, "Zebra", `ip nht resolve-via-default`.
    name: 'only IOS may reach a next hop over the default route',
    overDefault: false,
    routes: [
      route('0.0.0.0', 0, { nextHop: ip('10.0.0.2') }),
      route('202.114.4.0', 24, { nextHop: ip('198.51.100.1') }),
    ],
    asked: '202.114.4.0/24',
    frr: NO_ROUTE,
    ios: ['Vlan10 10.0.0.2', NO_ROUTE],
  },
  {
    name: 'FRR does so where a line says it',
    overDefault: true,
    routes: [
      route('0.0.0.0', 0, { nextHop: ip('10.0.0.2') }),
      route('202.114.4.0', 24, { nextHop: ip('198.51.100.1') }),
    ],
    asked: '202.114.4.0/24',
    frr: 'Vlan10 10.0.0.2',
    ios: ['Vlan10 10.0.0.2', NO_ROUTE],
  },
  {
    // Cisco, IP Routing: Protocol-Independent Command Reference, `ip route`: with an interface, the next hop
    // is not looked up. FRRouting, zebra/zebra_nhg.c, nexthop_active: the interface must lead to it.
    name: 'only IOS takes a next hop behind an interface that does not lead there',
    overDefault: false,
    routes: [route('202.114.4.0', 24, { nextHop: ip('10.0.0.2'), iface: 'Vlan20' })],
    asked: '202.114.4.0/24',
    frr: NO_ROUTE,
    ios: ['Vlan20 10.0.0.2'],
  },
  {
    // A wider link leads to the next hop, and once installed the route would hide it. FRR never installs it;
    // IOS may, and withdraws it when it finds out ("Recursive Static Routes" in the configuration guide).
    name: 'a route that holds its own next hop',
    overDefault: false,
    routes: [route('10.0.0.0', 25, { nextHop: ip('10.0.0.9') })],
    asked: '10.0.0.0/25',
    frr: NO_ROUTE,
    ios: ['Vlan10 10.0.0.9', NO_ROUTE],
  },
];

describe('FRR and IOS', { skip: whyNoFrr() ?? false }, () => {
  let frr: Frr;
  before(() => {
    frr = startFrr(NAMES);
  });
  after(() => frr.close());

  for (const { name, overDefault, routes, asked, frr: expected, ios } of CASES) {
    it(name, async () => {
      const set: RouteSet = { interfaces: INTERFACES, routes, overDefault, isCommon: false };
      const [table] = await frr.load(frrLines(set));
      assert.equal(waysOfFrr(table ?? {}).get(asked) ?? NO_ROUTE, expected, 'FRR');
      const ours = foretold('linux-routes', 'gw/frr.conf', frrText(set)).get(asked) ?? [NO_ROUTE];
      assert.deepEqual(ours, [expected], 'our table of FRR');
      assert.deepEqual(foretold('cisco-ios', 'gw.cfg', iosText(set)).get(asked), ios, 'our table of IOS');
    });
  }
});
