import { type Fib, type FibEntry, routeName } from '../dataplane/fib.js';
import type { Network, Node } from '../dataplane/network.js';
import { HeaderSpaceManager, type Interval } from '../headerspace/header-space.js';
import type { Acl } from '../model/acl.js';
import type { AppliedFilter, Interface } from '../model/device.js';
import { firstIp, lastIp, type Prefix, prefixCovers } from '../net/prefix.js';
import { NO_CLIP } from '../reachability/boxes.js';
import { type Bounds, listsOf, passFilterWhole } from '../reachability/filter.js';

/**
 * Whether a network does with every packet what it did before, but for fewer packets to the
 * destinations: every filter passes the same, less these; every other part of the devices is alike.
 */
export function changesOnly(before: Network, after: Network, destinations: readonly Prefix[]): boolean {
  if (before.nodes.length !== after.nodes.length) return false;
  return before.nodes.every((node, at) => {
    const now = after.nodes[at];
    return now !== undefined && (now === node || sameNode(node, now, destinations));
  });
}

function sameNode(a: Node, b: Node, destinations: readonly Prefix[]): boolean {
  return (
    a.device.name === b.device.name &&
    a.device.routes === b.device.routes &&
    a.device.interfaces.length === b.device.interfaces.length &&
    a.device.interfaces.every((iface, at) => sameInterface(iface, b.device.interfaces[at])) &&
    sameFilters(a, b, destinations) &&
    [...a.fibs].every(([vrf, fib]) => sameRoutes(fib, b.fibs.get(vrf), destinations))
  );
}

/** The interfaces without their filters, which are compared by what they pass. */
function sameInterface(a: Interface, b: Interface | undefined): boolean {
  const essence = (iface: Interface) => JSON.stringify({ ...iface, filters: [] }, withoutOrigins);
  return b !== undefined && essence(a) === essence(b);
}

/** Lines move; what they say is compared. */
function withoutOrigins(key: string, value: unknown): unknown {
  return key === 'origin' ? undefined : value;
}

/** Every list by itself, whoever uses it, and every filter of every interface. */
function sameFilters(a: Node, b: Node, destinations: readonly Prefix[]): boolean {
  for (const [name, acl] of a.device.acls) {
    const now = b.device.acls.get(name);
    if (now === undefined || !passesLess([acl], [now], destinations)) return false;
  }
  return a.device.interfaces.every((iface, at) => {
    const now = b.device.interfaces[at];
    return (['in', 'out'] as const).every((direction) => {
      const lists = (node: Node, one: Interface | undefined) =>
        (one?.filters ?? [])
          .filter((filter: AppliedFilter) => filter.direction === direction)
          .map((filter) => listsOf(node.device, filter))
          .filter((list) => list.length > 0);
      const was = lists(a, iface);
      const is = lists(b, now);
      // Filters that were there are compared one by one; a filter that is new is compared with none.
      return was.length <= is.length && is.every((list, index) => passesLess(was[index] ?? [], list, destinations));
    });
  });
}

/** Whether the lists pass what they passed before, less packets to the destinations. No lists pass everything. */
function passesLess(before: readonly Acl[], after: readonly Acl[], destinations: readonly Prefix[]): boolean {
  if (before.length === after.length && before.every((acl, at) => onlyDeniesMore(acl, after[at], destinations))) {
    return true;
  }
  const manager = new HeaderSpaceManager();
  const everything: Bounds = { must: manager.full, may: manager.full };
  const pass = (lists: readonly Acl[]) =>
    lists.length === 0 ? { ...everything, approximate: false } : passFilterWhole(manager, lists, everything, NO_CLIP);
  const was = pass(before);
  const is = pass(after);
  if (was.approximate || is.approximate) return false;
  const spared = manager.fromBox({ dst: destinations.map((one): Interval => [firstIp(one), lastIp(one)]) });
  return (['must', 'may'] as const).every(
    (bound) =>
      manager.isSubset(is[bound], was[bound]) && manager.isSubset(manager.subtract(was[bound], is[bound]), spared),
  );
}

/**
 * The short way to the same answer: the lists are alike but for denies that were put in and match
 * only the destinations. It needs no sets, which makes the proof cheap for a list of any length.
 */
function onlyDeniesMore(before: Acl, after: Acl | undefined, destinations: readonly Prefix[]): boolean {
  if (after === undefined || before.entries === after.entries) return after !== undefined;
  const was = before.entries;
  const is = after.entries;
  if (was.count === 0 || is.count < was.count) return was.count === is.count;
  let first = 0;
  while (first < was.count && was.saysTheSame(first, is, first)) first += 1;
  const added = is.count - was.count;
  for (let at = first; at < was.count; at += 1) {
    if (!was.saysTheSame(at, is, at + added)) return false;
  }
  const denies = new Set(destinations.flatMap((one) => is.withDestinationInside('deny', firstIp(one), lastIp(one))));
  for (let at = first; at < first + added; at += 1) if (!denies.has(at)) return false;
  return true;
}

/** The same routes, and perhaps routes of the destinations to nowhere. */
function sameRoutes(before: Fib, after: Fib | undefined, destinations: readonly Prefix[]): boolean {
  if (after === undefined) return false;
  const key = (entry: FibEntry) =>
    `${entry.distance} ${routeName(entry)} ${entry.uncertain ?? ''} ${entry.assumption ?? ''}`;
  const was = before.entries.map(key);
  const left = new Set(was);
  const added = after.entries.filter((entry) => !left.has(key(entry)));
  const kept = after.entries.length - added.length;
  return (
    kept === was.length &&
    added.every(
      (entry) =>
        entry.action.kind === 'discard' && destinations.some((destination) => prefixCovers(destination, entry.prefix)),
    )
  );
}
