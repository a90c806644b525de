import type { AddressKinds } from '../../dataplane/address-kinds.js';
import { addressesOfKinds, addressKindsOf } from '../../dataplane/address-kinds.js';
import type { Box, HeaderSpaceManager, Interval } from '../../headerspace/header-space.js';
import type { Device, Interface } from '../../model/device.js';
import type { AddressTerm, HeaderMatch } from '../../model/header-match.js';
import type { Test, TrackedState } from '../../model/policy.js';
import { Protocol } from '../../net/protocols.js';
import { ICMP_ERRORS, isValidTcp, OPENING_ICMP, opensTcp } from '../../net/tracking.js';
import { type Bounds, inside, outside } from './bounds.js';
import { boxesOf, type Clip } from './boxes.js';
import { passFilterWhole } from './filter.js';
import { clipAfter, type Rewriting, sentAs, sentBounds } from './rewriting.js';
import type { Lot, Tags } from './tags.js';

/** Where on its way through a device a lot is asked about. */
export interface Asked {
  readonly manager: HeaderSpaceManager;
  readonly device: Device;
  /** All headers asked about are in it, as they were sent. */
  readonly clip: Clip;
  readonly ingress: Interface;
  /** `unknown`: out of an interface that no file names; `none`: it is not yet decided. */
  readonly egress: Interface | 'unknown' | 'none';
  /** The device does not yet know of connections. */
  readonly beforeTracking: boolean;
}

/** What of the lot all tests surely, and possibly, hold for. */
export function holdFor(asked: Asked, tests: readonly Test[], { bounds, tags }: Lot): Bounds {
  let now: Bounds = { must: bounds.may, may: bounds.may };
  for (const test of tests) {
    now = narrowed(asked, test, now, tags);
    if (now.may === asked.manager.empty) break;
  }
  return now;
}

/** `within` without what the test does not hold for. */
function narrowed(asked: Asked, test: Test, within: Bounds, tags: Tags): Bounds {
  const { manager } = asked;
  const nothing: Bounds = { must: manager.empty, may: manager.empty };
  const doubtful: Bounds = { must: manager.empty, may: within.may };
  const settled = (holds: boolean | undefined): Bounds => (holds === undefined ? doubtful : holds ? within : nothing);
  switch (test.kind) {
    case 'in':
      return settled(isNamed(asked.ingress, test.names) !== test.negated);
    case 'out': {
      if (asked.egress === 'unknown') return doubtful;
      return settled((asked.egress !== 'none' && isNamed(asked.egress, test.names)) !== test.negated);
    }
    case 'mark':
      return settled(inRanges(tags.mark, test));
    case 'connection-mark':
      return settled(inRanges(tags.connectionMark, test));
    case 'translated':
      return settled(tags.translated[test.field] !== test.negated);
    case 'undecidable':
      return doubtful;
    case 'state':
      return part(manager, within, stateSet(asked, test.states, tags), test.negated);
    case 'header': {
      const rewriting = test.original ? tags.entered : tags.rewriting;
      const set = matchSet(asked, test.matches, rewriting);
      return set === undefined ? doubtful : part(manager, within, set, test.negated);
    }
    case 'address-kind': {
      const kinds = addressKindsOf(asked.device);
      // Which of the addresses are its own is asked only where others are treated otherwise.
      const doubt = !kinds.complete && test.kinds.includes('local') !== test.kinds.includes('unicast');
      if (doubt || test.kinds.includes('other')) return doubtful;
      const set = manager.fromBox({ [test.field]: kindIntervals(kinds, test.kinds) });
      return part(manager, within, sentBounds(manager, set, tags.rewriting), test.negated);
    }
    case 'list': {
      if (test.empty !== undefined && isEmpty(asked.device, test.acl)) {
        return settled(test.empty === 'undecidable' ? undefined : !test.negated);
      }
      return part(manager, within, listSet(asked, test.acl, tags.rewriting), test.negated);
    }
    case 'any': {
      const lot: Lot = { bounds: { must: within.may, may: within.may }, tags };
      const set = test.alternatives
        .map((tests) => holdFor(asked, tests, lot))
        .reduce((a, b) => ({ must: manager.union(a.must, b.must), may: manager.union(a.may, b.may) }), nothing);
      return part(manager, within, set, test.negated);
    }
  }
}

/** What of `within` is in the set, or is not. */
function part(manager: HeaderSpaceManager, within: Bounds, set: Bounds, negated: boolean): Bounds {
  return negated ? outside(manager, within, set) : inside(manager, within, set);
}

function isNamed(iface: Interface, names: readonly string[]): boolean {
  return names.some((name) => {
    if (!name.endsWith('*')) return iface.name === name || iface.aliases.includes(name);
    const start = name.slice(0, -1);
    return iface.name.startsWith(start) || iface.aliases.some((alias) => alias.startsWith(start));
  });
}

function inRanges(mark: number | undefined, test: Test & { kind: 'mark' | 'connection-mark' }): boolean | undefined {
  if (mark === undefined) return undefined;
  const value = (mark & test.mask) >>> 0;
  return test.ranges.some(({ first, last }) => first <= value && value <= last) !== test.negated;
}

/** The headers that one of the matches holds for; undefined where they are too many to write down. */
function matchSet(asked: Asked, matches: readonly HeaderMatch[], rewriting: Rewriting): Bounds | undefined {
  const { manager } = asked;
  const clip = clipAfter(asked.clip, rewriting);
  const touching = matches.filter((match) => mayTouch(match.dst, clip.dst) && mayTouch(match.src, clip.src));
  if (touching.length === 0) return { must: manager.empty, may: manager.empty };
  const known = knownSets(manager);
  const key = `${clip.src} ${clip.dst} ${JSON.stringify(rewriting)}`;
  const before = known.byMatches.get(matches)?.get(key);
  if (before !== undefined) return before;
  let set = manager.empty;
  for (const match of touching) {
    const boxes = boxesOf(match, clip);
    if (boxes === undefined) return undefined;
    set = manager.union(set, manager.fromBoxes(boxes));
  }
  const bounds = sentBounds(manager, set, rewriting);
  if (known.count < MOST_KNOWN_SETS) {
    known.count += 1;
    const byKey = known.byMatches.get(matches) ?? new Map<string, Bounds>();
    known.byMatches.set(matches, byKey.set(key, bounds));
  }
  return bounds;
}

/** Sets of what tests match, which the same packets, parted by marks and translations, ask for again and again. */
interface KnownSets {
  /** Of the manager, as they were made: sets that were dropped since may be among them. */
  readonly releases: number;
  readonly byMatches: WeakMap<readonly HeaderMatch[], Map<string, Bounds>>;
  count: number;
}

/** A long list is asked once; keeping all its sets would only cost. */
const MOST_KNOWN_SETS = 10_000;

const knownByManager = new WeakMap<HeaderSpaceManager, KnownSets>();

function knownSets(manager: HeaderSpaceManager): KnownSets {
  const { releases } = manager.diagram;
  const known = knownByManager.get(manager);
  if (known !== undefined && known.releases === releases) return known;
  const made: KnownSets = { releases, byMatches: new WeakMap(), count: 0 };
  knownByManager.set(manager, made);
  return made;
}

/** A quick look, for the many rules that are about other addresses. */
function mayTouch(terms: readonly AddressTerm[], [first, last]: Interval): boolean {
  return terms.some((term) => {
    if (term.kind === 'range') return term.first <= last && term.last >= first;
    const low = (term.value & ~term.wildcard) >>> 0;
    return low <= last && (low | term.wildcard) >>> 0 >= first;
  });
}

const FLAG_VALUES = Array.from({ length: 64 }, (_, flags) => flags);

function stateSet(asked: Asked, states: readonly TrackedState[], tags: Tags): Bounds {
  const { manager } = asked;
  const whole = (holds: boolean): Bounds => {
    const set = holds ? manager.full : manager.empty;
    return { must: set, may: set };
  };
  if (!tags.tracked) return whole(states.includes('untracked'));
  if (asked.beforeTracking) return whole(states.includes('invalid'));
  const set = manager.fromBoxes(states.flatMap((state) => stateBoxes(state)));
  return { must: set, may: set };
}

function stateBoxes(state: TrackedState): Box[] {
  const tcp: Interval = [Protocol.tcp, Protocol.tcp];
  const icmp: Interval = [Protocol.icmp, Protocol.icmp];
  const others = complementOf([tcp, icmp], 255);
  const flags = (holds: (value: number) => boolean): Interval[] =>
    FLAG_VALUES.filter(holds).map((value) => [value, value]);
  const types = (list: readonly number[]): Interval[] => list.map((type) => [type * 256, type * 256 + 255]);
  const isNew: readonly Interval[] = [[0, 0]];
  const isKnown: readonly Interval[] = [[1, 1]];
  switch (state) {
    case 'new':
      return [
        { state: isNew, protocol: others },
        { state: isNew, protocol: [tcp], tcpFlags: flags(opensTcp) },
        { state: isNew, protocol: [icmp], icmp: types(OPENING_ICMP) },
      ];
    case 'established':
      return [
        { state: isKnown, protocol: others },
        { state: isKnown, protocol: [tcp], tcpFlags: flags(isValidTcp) },
        { state: isKnown, protocol: [icmp], icmp: complementOf(types(ICMP_ERRORS), 65_535) },
      ];
    case 'related':
      return [{ state: isKnown, protocol: [icmp], icmp: types(ICMP_ERRORS) }];
    case 'invalid':
      return [
        { state: isNew, protocol: [tcp], tcpFlags: flags((value) => !opensTcp(value)) },
        { state: isKnown, protocol: [tcp], tcpFlags: flags((value) => !isValidTcp(value)) },
        { state: isNew, protocol: [icmp], icmp: complementOf(types(OPENING_ICMP), 65_535) },
      ];
    case 'untracked':
      return [];
  }
}

/** What sorted, disjoint intervals leave of the values up to `maximum`. */
function complementOf(intervals: readonly Interval[], maximum: number): Interval[] {
  const left: Interval[] = [];
  let next = 0;
  for (const [first, last] of [...intervals].sort((a, b) => a[0] - b[0])) {
    if (first > next) left.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= maximum) left.push([next, maximum]);
  return left;
}

function kindIntervals(kinds: AddressKinds, wanted: (Test & { kind: 'address-kind' })['kinds']): Interval[] {
  return addressesOfKinds(kinds, wanted).map(({ first, last }): Interval => [first, last]);
}

function isEmpty({ acls }: Device, name: string): boolean {
  return (acls.get(name)?.entries.count ?? 0) === 0;
}

/** What a list permits, asked as a condition: one that is not defined permits nothing. */
function listSet(asked: Asked, name: string, rewriting: Rewriting): Bounds {
  const { manager, device } = asked;
  const acl = device.acls.get(name);
  if (acl === undefined || acl.entries.count === 0) return { must: manager.empty, may: manager.empty };
  const clip = clipAfter(asked.clip, rewriting);
  const here = manager.fromBox({ src: [clip.src], dst: [clip.dst] });
  const passed = passFilterWhole(manager, [acl], { must: here, may: here }, clip);
  return {
    must: sentAs(manager, passed.must, rewriting, 'all'),
    may: sentAs(manager, passed.may, rewriting, 'some'),
  };
}
