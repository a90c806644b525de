import { ANY_ADDRESS, ANY_SERVICE } from '../../model/header-match.js';
import type { Test } from '../../model/policy.js';
import { maskOf, type Prefix, prefixCovers } from '../../net/prefix.js';
import { type LinuxConfig, type LinuxRoute, MAIN_TABLE } from './config.js';

/** By table: what tells the destinations that it does not throw back, for the rules that look it up. */
export type ThrownBack = ReadonlyMap<string, readonly Test[]>;

/** No table that people made throws more back. */
const MOST_THROWN = 50;

/**
 * A route of the type `throw` ends the look-up in its table without a route, unless a longer prefix of
 * the table decides: for such destinations a rule that looks the table up does not hold.
 *
 * Left out are the tables of which that cannot be told: those that no rule of this file looks up, and
 * those that hold a route which may be absent.
 */
export function thrownBack(config: LinuxConfig): ThrownBack {
  const thrown = new Map<string, readonly Test[]>();
  const tables = new Set(config.routes.filter(({ type }) => type === 'throw').map(({ table }) => table));
  if (tables.size === 0) return thrown;
  const lookedUp = new Set(config.rules.map(({ action }) => (action.kind === 'table' ? action.table : '')));
  for (const table of tables) {
    const isAsked = table === MAIN_TABLE ? config.claims.has(`routes ${MAIN_TABLE}`) : lookedUp.has(table);
    const routes = config.routes.filter((route) => route.table === table);
    if (isAsked && routes.every((route) => isThere(config, route))) {
      const tests = testsOf(config, table, routes);
      if (tests !== undefined) thrown.set(table, tests);
    }
  }
  return thrown;
}

function isThere(config: LinuxConfig, { undecidable, iface }: LinuxRoute): boolean {
  const out = iface === undefined ? undefined : config.interfaces.get(iface);
  return undecidable === undefined && out?.up !== false && out?.mayBeDown === undefined;
}

function testsOf(config: LinuxConfig, table: string, routes: readonly LinuxRoute[]): Test[] | undefined {
  const others = routes.filter(({ type }) => type !== 'throw');
  // Of the routes to one destination the least metric decides.
  const metrics = new Map<string, number>();
  for (const { prefix, metric } of others) {
    const key = `${prefix.ip}/${prefix.length}`;
    metrics.set(key, Math.min(metric, metrics.get(key) ?? metric));
  }
  const prefixes = others.map(({ prefix }) => prefix);
  // The device's own links are in the main table too, and come before what is added with their metric.
  for (const { up, addresses } of table === MAIN_TABLE ? config.interfaces.values() : []) {
    for (const { prefix } of up ? addresses : []) {
      prefixes.push(prefix);
      metrics.set(`${prefix.ip}/${prefix.length}`, 0);
    }
  }
  const thrown = routes.filter(
    ({ type, prefix, metric }) =>
      type === 'throw' && metric < (metrics.get(`${prefix.ip}/${prefix.length}`) ?? Number.POSITIVE_INFINITY),
  );
  if (thrown.length > MOST_THROWN) return undefined;
  return thrown.map(({ prefix }) => {
    const inside = prefixes.filter((other) => other.length > prefix.length && prefixCovers(prefix, other));
    const tests: Test[] = [destinationTest([prefix], false)];
    if (inside.length > 0) tests.push(destinationTest(inside, true));
    return { kind: 'any', alternatives: [tests], negated: true };
  });
}

function destinationTest(prefixes: readonly Prefix[], negated: boolean): Test {
  const dst = prefixes.map(({ ip, length }) => ({
    kind: 'wildcard' as const,
    value: ip,
    wildcard: ~maskOf(length) >>> 0,
  }));
  return { kind: 'header', matches: [{ src: ANY_ADDRESS, dst, services: ANY_SERVICE }], original: false, negated };
}
