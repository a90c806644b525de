import { DEFAULT_VRF, type Interface, type InterfaceKind } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';

/**
 * An interface of a Linux device of which nothing is said but its name. The kernel lets every name be
 * anything; what is taken from it is the custom of the tools that make interfaces: `eth0.210` and
 * `vlan210` carry VLAN 210.
 */
export function namedInterface(name: string, origin: Origin): Interface {
  const vlan = vlanOfName(name);
  return {
    name,
    aliases: [],
    kind: kindOfName(name),
    ...(vlan === undefined ? {} : { vlan }),
    vrf: DEFAULT_VRF,
    up: true,
    switchport: false,
    addresses: [],
    virtualAddresses: [],
    filters: [],
    uncertainties: [],
    origin,
  };
}

/** Source: interfaces(5) of Debian's vlan package, "INTERFACE OPTIONS". */
function vlanOfName(name: string): number | undefined {
  const digits = /(?:\.|^vlan)(\d{1,4})$/.exec(name)?.[1];
  const vlan = digits === undefined ? undefined : Number(digits);
  return vlan !== undefined && vlan >= 1 && vlan <= 4094 ? vlan : undefined;
}

function kindOfName(name: string): InterfaceKind {
  if (name === 'lo') return 'loopback';
  if (name.includes('.') || /^vlan\d+$/.test(name)) return 'subinterface';
  if (/^(?:tun|tap|wg|gre|ipsec|vti|ppp)\d*$/.test(name)) return 'tunnel';
  if (/^bond\d+$/.test(name)) return 'port-channel';
  if (/^(?:br|docker|virbr|dummy|veth|ifb)/.test(name)) return 'other';
  return 'physical';
}
