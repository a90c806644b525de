import { DEFAULT_VRF, type RouteLeak } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { IosBgpTable, IosConfig, IosVrf } from './config.js';

/** The distance of routes that BGP takes from another VRF of the device: as if a neighbour had sent them. */
const DISTANCE = 20;

/**
 * What the tables of the device lend to one by route targets: what BGP takes up from each whose export is an
 * import here. An interface that says so lends the networks of its own table.
 *
 * Sources: Cisco, "MPLS Layer 3 VPNs Configuration Guide" (route targets), and "Configure Route Leaking between
 * Global and VRF Routing Tables" (document 47807).
 */
export function leaksOf(config: IosConfig, name: string): RouteLeak[] {
  const received = [...config.interfaces.values()].flatMap((iface): RouteLeak[] =>
    iface.receivedBy
      .filter(({ vrf }) => vrf === name)
      .map(({ origin }) => ({
        from: iface.vrf ?? DEFAULT_VRF,
        connected: true,
        statics: 'none',
        distance: 0,
        undecidable: `${origin.label}: it is not followed`,
        origin,
      })),
  );
  return [...received, ...leaksByTarget(config, name)];
}

function leaksByTarget(config: IosConfig, name: string): RouteLeak[] {
  const own = config.vrfs.get(name);
  if (own === undefined || own.importTargets.size === 0) return [];
  return [...config.vrfs].flatMap(([from, other]): RouteLeak[] => {
    const table = config.bgpTables.get(from);
    if (from === name || table === undefined) return [];
    const [target] = [...own.importTargets].find(([value]) => other.exportTargets.has(value)) ?? [];
    // An export map may mark routes with any target.
    if (target === undefined && other.exportMap === undefined) return [];
    const origin = own.importTargets.get(target ?? '') ?? own.origin;
    const undecidable = doubtOf(config, name, own, other, table);
    const taken: RouteLeak = {
      from,
      connected: table.connected !== undefined,
      statics: table.statics === undefined ? 'none' : table.takesDefault ? 'all' : 'but-default',
      distance: DISTANCE,
      ...(undecidable === undefined ? {} : { undecidable }),
      origin,
    };
    const picked: RouteLeak | undefined = table.picks && {
      from,
      connected: !taken.connected,
      statics: taken.statics === 'all' ? 'none' : 'all',
      distance: DISTANCE,
      undecidable: notComputed(table.picks),
      origin,
    };
    return [taken, picked].filter(
      (leak) => leak !== undefined && (leak.connected || leak.statics !== 'none'),
    ) as RouteLeak[];
  });
}

/** Why it is not sure that all these routes are taken. */
function doubtOf(config: IosConfig, name: string, own: IosVrf, other: IosVrf, table: IosBgpTable): string | undefined {
  const line = own.importMap ?? other.exportMap ?? table.doubt;
  if (line !== undefined) return notComputed(line);
  if (!own.hasDistinguisher || !other.hasDistinguisher)
    return 'a VRF without a route distinguisher takes no part in BGP';
  return config.bgpTables.has(name) ? undefined : `BGP has no address family for VRF ${name}`;
}

function notComputed({ label }: Origin): string {
  return `${label}: which routes it picks is not computed`;
}
