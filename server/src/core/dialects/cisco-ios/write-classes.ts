import { MAX_IP } from '../../net/ip.js';
import { firstIp, lastIp, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { Reading } from '../dialect.js';
import { denyBefore as denyInList } from './write-entries.js';

/**
 * Denies destinations in a list, before one of its entries; or in the list that a class of a zone pair's
 * policy asks for. A new class would not do: a device puts it behind those that are there.
 */
export function denyBefore(
  reading: Reading,
  name: string,
  beforeIndex: number,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const { device } = reading;
  const rule = device.acls.has(name) ? undefined : device.chains?.get(name)?.rules.at(beforeIndex);
  if (rule === undefined) return denyInList(reading, name, beforeIndex, destinations, remark);
  if (rule.action.kind !== 'accept') return undefined;
  for (const test of rule.tests) {
    if (test.kind !== 'list' || test.negated) continue;
    const index = firstPermit(reading, test.acl, destinations);
    const edits = index === undefined ? undefined : denyInList(reading, test.acl, index, destinations, remark);
    if (edits !== undefined) return edits;
  }
  return undefined;
}

/** The first entry that lets through packets to the destinations. */
function firstPermit({ device }: Reading, list: string, destinations: readonly Prefix[]): number | undefined {
  const entries = device.acls.get(list)?.entries;
  if (entries === undefined || destinations.length === 0) return undefined;
  const first = Math.min(...destinations.map(firstIp));
  const last = Math.max(...destinations.map(lastIp));
  return [...entries.touching(0, MAX_IP, first, last)].find((index) => entries.actionAt(index) !== 'deny');
}
