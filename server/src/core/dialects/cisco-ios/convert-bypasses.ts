import { AceTable } from '../../model/ace-table.js';
import type { Acl } from '../../model/acl.js';
import type { HeaderMatch } from '../../model/header-match.js';
import { MATCH_ANY } from '../../model/header-match.js';
import type { SourceFile } from '../../text/source-file.js';
import type { IosBypass, IosConfig, IosCryptoMap, IosInterface } from './config.js';

/**
 * Ways past the lists of an interface, each as a list before them that permits what may go that way, and leaves
 * the rest to them.
 *
 * - What a crypto map takes is not asked before it is encrypted, nor after it was decrypted (Cisco, "Crypto Access
 *   Check on Clear-Text Packets"; before 12.3(8)T it was).
 * - What leaves with a label, or comes with one, is no IP packet to a list (Cisco, "MPLS: Layer 3 VPNs").
 * - Who has proved who he is gets entries of his own before those of the list (Cisco, "Configuring Authentication
 *   Proxy").
 */
export function bypassName({ id }: IosInterface, { origin }: IosBypass, direction: 'in' | 'out'): string {
  return `${origin.label} on ${id.name}, ${direction}`;
}

export function bypassesOf(
  { labelsByProcess }: IosConfig,
  { bypasses, vrf }: IosInterface,
  direction: 'in' | 'out',
): readonly IosBypass[] {
  const all: IosBypass[] =
    labelsByProcess === undefined || vrf !== undefined
      ? bypasses
      : [...bypasses, { direction: 'both', origin: labelsByProcess }];
  return all.filter((one) => one.direction === direction || one.direction === 'both');
}

/** The lists of all interfaces, by name. `settled` loses the lists that others are made of. */
export function bypassLists(
  config: IosConfig,
  file: SourceFile,
  acls: ReadonlyMap<string, Acl>,
  settled: Set<string>,
): [string, Acl][] {
  const lists: [string, Acl][] = [];
  for (const iface of config.interfaces.values()) {
    for (const direction of ['in', 'out'] as const) {
      if (iface.accessGroups[direction] === undefined) continue;
      for (const bypass of bypassesOf(config, iface, direction)) {
        const name = bypassName(iface, bypass, direction);
        const entries = new AceTable(file);
        const { start, end } = bypass.origin;
        for (const match of matchesOf(config, acls, bypass, settled)) {
          const undecidable = 'what goes that way is not asked';
          const turned = direction === 'in' && bypass.cryptoMap !== undefined ? turnedRound(match) : match;
          entries.push({ action: 'permit', match: turned, undecidable, start, end });
        }
        lists.push([name, { name, kind: 'extended', origin: bypass.origin, entries, end }]);
      }
    }
  }
  return lists;
}

/** More entries than these are taken for everything. */
const MOST_ENTRIES = 500;

/** What may go past the lists, as it goes out. */
function matchesOf(
  config: IosConfig,
  acls: ReadonlyMap<string, Acl>,
  { cryptoMap }: IosBypass,
  settled: Set<string>,
): readonly HeaderMatch[] {
  const map = cryptoMap === undefined ? undefined : config.cryptoMaps.get(cryptoMap);
  if (map === undefined) return [MATCH_ANY];
  const matches: HeaderMatch[] = [];
  for (const { list } of entriesOf(config, map)) {
    const entries = list === undefined ? undefined : acls.get(list)?.entries;
    if (list === undefined || entries === undefined || entries.count > MOST_ENTRIES) return [MATCH_ANY];
    settled.delete(list);
    for (let index = 0; index < entries.count; index += 1)
      if (entries.actionAt(index) !== 'deny') matches.push(entries.matchAt(index));
  }
  return matches;
}

function entriesOf({ dynamicCryptoMaps }: IosConfig, map: ReadonlyMap<number, IosCryptoMap>): IosCryptoMap[] {
  return [...map.values()].flatMap((entry) => {
    const dynamic = entry.dynamic === undefined ? undefined : dynamicCryptoMaps.get(entry.dynamic);
    return dynamic === undefined ? [entry] : [...dynamic.values()];
  });
}

/** As the answers are. */
function turnedRound({ src, dst, services, ...rest }: HeaderMatch): HeaderMatch {
  return {
    ...rest,
    src: dst,
    dst: src,
    services: services.map(({ srcPorts, dstPorts, ...service }) => ({
      ...service,
      ...(dstPorts === undefined ? {} : { srcPorts: dstPorts }),
      ...(srcPorts === undefined ? {} : { dstPorts: srcPorts }),
    })),
  };
}
