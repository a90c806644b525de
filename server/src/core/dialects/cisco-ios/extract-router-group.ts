import { StatementState } from '../../text/statements.js';
import type { IosInterface, IosRouterGroup } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/**
 * Reads the addresses that routers share: `standby [N] ip A [secondary]`, `vrrp N ip A [secondary]`,
 * `glbp N ip A [secondary]`, and the header `vrrp N address-family ipv4`. Their other lines say which
 * router answers, which is taken for open. A group without an address learns it from the others.
 *
 * Source: Cisco, "First Hop Redundancy Protocols Command Reference" (the group of `standby` is 0 where
 * none is written; a primary address given again replaces the first).
 */
export function readRouterGroup(protocol: 'standby' | 'vrrp' | 'glbp') {
  return (reader: Reader, iface: IosInterface, negated: boolean): LineResult => {
    const { words } = reader;
    const number = words.takeNumber();
    if (number === undefined && protocol !== 'standby') return NOT_MINE;
    const key = `${protocol} ${number ?? 0}`;
    if (negated && words.done) {
      iface.routerGroups.delete(key);
      return StatementState.modelled;
    }
    if (words.accept('address-family', 1)) {
      if (!words.accept('ipv4')) return NOT_MINE;
      if (negated) iface.routerGroups.delete(key);
      else iface.openRouterGroup = groupOf(iface, key);
      return StatementState.modelled;
    }
    if (words.accept('shutdown', 2) && words.done) {
      groupOf(iface, key).shutdown = !negated;
      return StatementState.modelled;
    }
    return words.accept('ip') ? readAddress(reader, groupOf(iface, key), negated) : NOT_MINE;
  };
}

/**
 * Reads a line of a VRRPv3 group. As on a device, the group stays open until a line that is none of its
 * own: a `shutdown` in it does not shut the interface down.
 */
export function readRouterGroupLine(reader: Reader): LineResult {
  const groups = reader.ifaces.flatMap(({ openRouterGroup }) => openRouterGroup ?? []);
  if (groups.length === 0) return NOT_MINE;
  const negated = reader.begin();
  const { words } = reader;
  if (words.accept('address', 1)) {
    const from = words.stop;
    let result: LineResult = NOT_MINE;
    for (const group of groups) {
      words.rewind(from);
      result = readAddress(reader, group, negated);
    }
    return result;
  }
  if (words.accept('shutdown', 2) && words.done) {
    for (const group of groups) group.shutdown = !negated;
    return StatementState.modelled;
  }
  if (OTHER_LINES.some((word) => words.accept(word, 3))) return StatementState.ignored;
  for (const iface of reader.ifaces) iface.openRouterGroup = undefined;
  return NOT_MINE;
}

const OTHER_LINES = ['description', 'match-address', 'preempt', 'priority', 'timers', 'track', 'vrrpv2', 'vrrs'];

function groupOf({ routerGroups }: IosInterface, key: string): IosRouterGroup {
  const known = routerGroups.get(key);
  if (known !== undefined) return known;
  const group = { primary: undefined, secondaries: [], shutdown: false };
  routerGroups.set(key, group);
  return group;
}

/** `A`, `A primary`, `A secondary`; without an address, it is learned. */
function readAddress(reader: Reader, group: IosRouterGroup, negated: boolean): LineResult {
  const { words } = reader;
  if (words.done) {
    group.primary = undefined;
    if (negated) group.secondaries = [];
    return negated ? StatementState.modelled : StatementState.ignored;
  }
  const ip = words.takeIp();
  const secondary = words.accept('secondary', 1);
  if (ip === undefined || !(secondary || words.accept('primary', 1) || words.done)) return NOT_MINE;
  if (secondary) group.secondaries = group.secondaries.filter((other) => other.ip !== ip);
  else group.primary = undefined;
  if (negated) return StatementState.modelled;
  const address = { ip, origin: reader.lineOrigin() };
  if (secondary) group.secondaries = [...group.secondaries, address];
  else group.primary = address;
  return StatementState.modelled;
}
