import { type Fib, type FibEntry, routeName } from '../dataplane/fib.js';
import type { Network, Node } from '../dataplane/network.js';
import { HeaderSpaceManager, type Interval } from '../headerspace/header-space.js';
import type { AceTable } from '../model/ace-table.js';
import type { Acl } from '../model/acl.js';
import type { AppliedFilter, Interface } from '../model/device.js';
import type { HeaderMatch } from '../model/header-match.js';
import { firstIp, lastIp, type Prefix, prefixCovers } from '../net/prefix.js';
import type { Bounds } from '../reachability/symbolic/bounds.js';
import { boxesOf, NO_CLIP } from '../reachability/symbolic/boxes.js';
import { listsOf, passFilterWhole } from '../reachability/symbolic/filter.js';
import { sameButPlaces } from './same-but-places.js';
import { samePolicies } from './same-policies.js';

/** What a fix may change. */
export interface Scope {
  /** Packets to them may be stopped. */
  readonly destinations: readonly Prefix[];
  /** What an entry matched that was not meant to; it may pass again. Only correcting a mask releases anything. */
  readonly released?: HeaderMatch;
}

/**
 * Whether a network does with every packet what it did before, but for what the scope allows: every
 * filter passes the same, less packets to the destinations; every other part of the devices is alike.
 */
export function changesOnly(before: Network, after: Network, scope: Scope): boolean {
  if (before.nodes.length !== after.nodes.length) return false;
  return before.nodes.every((node, at) => {
    const now = after.nodes[at];
    return now !== undefined && (now === node || sameNode(node, now, scope));
  });
}

function sameNode(a: Node, b: Node, scope: Scope): boolean {
  return (
    a.device.name === b.device.name &&
    a.device.routes === b.device.routes &&
    a.device.interfaces.length === b.device.interfaces.length &&
    a.device.interfaces.every((iface, at) => sameInterface(iface, b.device.interfaces[at])) &&
    sameFilters(a, b, scope) &&
    samePolicies(a.device, b.device, scope.destinations) &&
    [...a.fibs].every(([vrf, fib]) => sameRoutes(fib, b.fibs.get(vrf), scope.destinations))
  );
}

/** The interfaces without their filters, which are compared by what they pass. */
function sameInterface(a: Interface, b: Interface | undefined): boolean {
  return b !== undefined && sameButPlaces({ ...a, filters: [] }, { ...b, filters: [] });
}

/** Every list by itself, whoever uses it, and every filter of every interface. */
function sameFilters(a: Node, b: Node, scope: Scope): boolean {
  const counterparts = new Map<Acl, Acl>();
  for (const [name, acl] of a.device.acls) {
    const now = b.device.acls.get(name);
    if (now === undefined || !passesLess([acl], [now], scope)) return false;
    counterparts.set(acl, now);
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
      return (
        was.length <= is.length &&
        is.every((list, index) => {
          const [one, ...others] = was[index] ?? [];
          // A filter of one list has been compared above.
          const isKnown = one !== undefined && others.length + list.length === 1 && counterparts.get(one) === list[0];
          return isKnown || passesLess(was[index] ?? [], list, scope);
        })
      );
    });
  });
}

/** Whether the lists pass what they passed before, less packets to the destinations. No lists pass everything. */
function passesLess(before: readonly Acl[], after: readonly Acl[], scope: Scope): boolean {
  const { destinations, released } = scope;
  const alike = (acl: Acl, at: number) =>
    onlyDeniesMore(acl, after[at], destinations) ||
    (released !== undefined && onlyMaskCorrected(acl, after[at], scope));
  if (before.length === after.length && before.every(alike)) return true;
  const manager = new HeaderSpaceManager();
  const everything: Bounds = { must: manager.full, may: manager.full };
  const pass = (lists: readonly Acl[]) =>
    lists.length === 0 ? { ...everything, approximate: false } : passFilterWhole(manager, lists, everything, NO_CLIP);
  const was = pass(before);
  const is = pass(after);
  if (was.approximate || is.approximate) return false;
  const spared = manager.fromBox({ dst: destinations.map((one): Interval => [firstIp(one), lastIp(one)]) });
  const mayPass = manager.fromBoxes(released === undefined ? [] : (boxesOf(released, NO_CLIP) ?? []));
  return (['must', 'may'] as const).every(
    (bound) =>
      manager.isSubset(manager.subtract(is[bound], was[bound]), mayPass) &&
      manager.isSubset(manager.subtract(was[bound], is[bound]), spared),
  );
}

/**
 * The short way to the same answer: the lists are alike but for denies that match only destinations,
 * and were put in or moved up. It needs no sets, which makes the proof cheap for a list of any length.
 */
function onlyDeniesMore(before: Acl, after: Acl | undefined, destinations: readonly Prefix[]): boolean {
  if (after === undefined) return false;
  if (before.entries.hasRowsOf(after.entries)) return true;
  const was = before.entries;
  const is = after.entries;
  if (was.count === 0) return is.count === 0;
  const put: number[] = [];
  let from = 0;
  let to = 0;
  while (from < was.count || to < is.count) {
    const alike = was.alikeFrom(from, is, to);
    if (alike > 0) {
      from += alike;
      to += alike;
    } else if (from < was.count && to < is.count && was.saysTheSame(from, is, to)) {
      from += 1;
      to += 1;
    } else if (to < is.count && deniesOnly(is, to, destinations)) {
      put.push(to);
      to += 1;
    } else if (from < was.count && put.some((index) => was.saysTheSame(from, is, index))) {
      // It stands further up now, where it stops at least what it stopped here.
      from += 1;
    } else {
      return false;
    }
  }
  return true;
}

function deniesOnly(entries: AceTable, index: number, destinations: readonly Prefix[]): boolean {
  return (
    entries.actionAt(index) === 'deny' &&
    destinations.some((one) => entries.isDestinationInside(index, firstIp(one), lastIp(one)))
  );
}

/**
 * The same for a corrected mask: the lists are alike but for one deny, which matched what is released
 * and now matches only destinations. A mask in a wildcard's place matches millions of separate
 * addresses, too many to be held as a set.
 */
function onlyMaskCorrected(before: Acl, after: Acl | undefined, { destinations, released }: Scope): boolean {
  if (after === undefined || before.entries.count !== after.entries.count) return false;
  const was = before.entries;
  const is = after.entries;
  let changed: number | undefined;
  for (let at = 0; at < was.count; at += 1) {
    if (was.saysTheSame(at, is, at)) continue;
    if (changed !== undefined) return false;
    changed = at;
  }
  if (changed === undefined) return true;
  const corrected = changed;
  return (
    was.actionAt(corrected) === 'deny' &&
    JSON.stringify(was.matchAt(corrected)) === JSON.stringify(released) &&
    deniesOnly(is, corrected, destinations)
  );
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
