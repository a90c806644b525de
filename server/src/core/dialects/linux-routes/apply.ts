import type { Origin } from '../../model/origin.js';
import { StatementState } from '../../text/statements.js';
import {
  addRoutes,
  doubtRoutes,
  interfaceOf,
  type LinuxConfig,
  type LinuxRoute,
  LOCAL_TABLE,
  MAIN_TABLE,
  removeRoutes,
  tableName,
  twinsOf,
} from './config.js';
import { networkOf } from './prefixes.js';
import type { ReadRoute, RouteWords } from './route-words.js';
import type { ReadRule } from './rule-words.js';

/** Where a route or a rule was said, and under which condition. */
export interface Saying {
  readonly config: LinuxConfig;
  readonly origin: Origin;
  /** Why it cannot be told whether the line takes effect, in words. */
  readonly undecidable?: string;
}

/** The name of the table that a route's words mean. */
export function tableOfRoute(config: LinuxConfig, { table }: RouteWords): string {
  if (table === undefined) return MAIN_TABLE;
  if (!table.startsWith('vrf ')) return tableName(config, table);
  const device = table.slice(4);
  return config.vrfTables.get(device) ?? `vrf ${device}`;
}

/** The routes of the model that a line says: one for each of its next hops. */
export function routesOf({ config, origin, undecidable }: Saying, words: RouteWords): LinuxRoute[] {
  const table = tableOfRoute(config, words);
  const { type, destination, metric } = words;
  if (type === 'broadcast') return [];
  const shared = { table, prefix: networkOf(destination), metric, shares: false, origin };
  const why = words.undecidable ?? undecidable;
  if (type !== 'unicast') {
    // What a table takes for the device's own is not forwarded; by a proxy it may still get out.
    const doubt = type === 'local' ? (why ?? 'a route of the type local hands the packet to a program') : why;
    return [
      { ...shared, type: type === 'local' ? 'discard' : type, ...(doubt === undefined ? {} : { undecidable: doubt }) },
    ];
  }
  return words.nextHops.map(({ via, iface, dead }): LinuxRoute => {
    const doubt = why ?? (dead ? 'it was dead when this was saved' : undefined);
    return {
      ...shared,
      type,
      ...(via === undefined ? {} : { nextHop: via }),
      ...(iface === undefined ? {} : { iface }),
      ...(doubt === undefined ? {} : { undecidable: doubt }),
    };
  });
}

/** A line that adds a route. */
export function applyRoute(saying: Saying, read: ReadRoute, replaces = false): StatementState {
  const { config, origin } = saying;
  if (read === 'ipv6') return StatementState.ignored;
  if (
    read === 'unknown' ||
    (read.type === 'unicast' && !read.nextHops.some(hasWay) && read.undecidable === undefined)
  ) {
    doubtRoutes(config, MAIN_TABLE, origin);
    return StatementState.unmodelled;
  }
  const routes = routesOf(saying, read);
  const [first] = routes;
  if (first === undefined || first.table === LOCAL_TABLE) return StatementState.ignored;
  if (replaces && saying.undecidable === undefined && twinsOf(config, first).length > 0) {
    removeRoutes(
      config,
      ({ table, prefix, metric }) =>
        table === first.table && samePrefix(prefix, first.prefix) && metric === first.metric,
    );
  }
  for (const { iface } of routes) if (iface !== undefined) interfaceOf(config, iface, origin);
  addRoutes(config, routes);
  return StatementState.modelled;
}

function hasWay({ via, iface }: { via?: unknown; iface?: unknown }): boolean {
  return via !== undefined || iface !== undefined;
}

export function samePrefix(a: LinuxRoute['prefix'], b: LinuxRoute['prefix']): boolean {
  return a.ip === b.ip && a.length === b.length;
}

/** A line that adds a rule, or shows one. `numbered`: its number as printed. */
export function applyRule(saying: Saying, read: ReadRule, numbered?: number): StatementState {
  const { config, origin, undecidable } = saying;
  if (read === 'ipv6') return StatementState.ignored;
  if (read === 'unknown') {
    config.unread.push(origin);
    config.rules.push({
      priority: numbered ?? freePriority(config),
      tests: [],
      negated: false,
      action: { kind: 'unknown', words: `"${origin.label}" is not understood` },
      origin,
    });
    return StatementState.unmodelled;
  }
  const { tests, negated, action } = read;
  const priority = numbered ?? read.priority ?? freePriority(config);
  if (action.kind === 'nothing') return StatementState.modelled;
  if (action.kind === 'table' && tableName(config, action.table) === LOCAL_TABLE) return StatementState.modelled;
  const why = read.undecidable ?? undecidable;
  config.rules.push({
    priority,
    tests,
    negated,
    action:
      action.kind === 'table'
        ? {
            ...action,
            table: tableName(config, action.table),
          }
        : (action as { kind: 'discard' } | { kind: 'unknown'; words: string }),
    ...(why === undefined ? {} : { undecidable: why }),
    origin,
  });
  return StatementState.modelled;
}

/**
 * The number that the kernel gives to a rule without one: one less than that of the first rule
 * behind the rule for the table `local`. Source: fib_default_rule_pref in net/core/fib_rules.c.
 */
function freePriority({ rules, vrfTables }: LinuxConfig): number {
  const least = rules.reduce((low, { priority }) => Math.min(low, priority), vrfTables.size > 0 ? VRF_PRIORITY : 32766);
  return Math.max(0, least - 1);
}

/** Of the rule for all VRFs. Source: Documentation/networking/vrf.rst of the kernel. */
export const VRF_PRIORITY = 1000;
