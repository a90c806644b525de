import { type Device, findInterface } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import { secretSpans } from '../text/redact.js';

export interface VlanAt {
  readonly vlan: number;
  /** The description of its interface, or the name that the list of VLANs gives it. */
  readonly name?: string;
}

/** The VLAN that a place is about: the one of the interface around it, or the only one that its line lists. */
export function vlanAt(device: Device, file: string, offset: number): VlanAt | undefined {
  const here = (origin: Origin) => origin.file === file && origin.start <= offset && offset <= origin.end;
  const around = device.definitions.find(({ kind, block }) => kind === 'interface' && here(block));
  const iface = around && findInterface(device, around.name);
  const listed = device.vlans.filter((one) => (iface === undefined ? here(one.origin) : one.id === iface.vlan));
  const vlan = iface?.vlan ?? (listed.length === 1 ? listed[0]?.id : undefined);
  if (vlan === undefined) return undefined;
  const name = iface?.description ?? listed[0]?.name;
  // The name goes into the site file, where half a description helps nobody.
  return name === undefined || secretSpans(name).length > 0 ? { vlan } : { vlan, name };
}
