import { DEFAULT_VRF, type Definition, type Device } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import { namedInterface } from './linux-interfaces.js';

type Own = Pick<Device, 'name' | 'dialect' | 'files' | 'policies' | 'chains' | 'definitions' | 'references' | 'unread'>;

/**
 * A Linux device of which a ruleset is read, and nothing else. Of its interfaces only the names are known, by
 * where the rules first name them.
 */
export function rulesetDevice(own: Own, ifaces: ReadonlyMap<string, Origin>): Device {
  const named = [...ifaces].map(([name, origin]): Definition => ({ kind: 'interface', name, origin, block: origin }));
  return {
    ...own,
    interfaces: [...ifaces].map(([name, origin]) => namedInterface(name, origin)),
    vrfs: [{ name: DEFAULT_VRF, staticRoutes: [], dynamicProtocols: [], defaultNetworks: [], uncertainties: [] }],
    acls: new Map(),
    vlans: [],
    routes: true,
    refusesMartians: true,
    definitions: [...named, ...own.definitions].sort((a, b) => a.origin.start - b.origin.start),
  };
}
