import { type Device, findInterface } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import { secretSpans } from '../text/redact.js';

export interface VlanAt {
  readonly vlan: number;
  /** The description of its interface, or the name that the list of VLANs gives it. */
  readonly name?: string;
}

/**
 * The VLAN that a place is about: the one of the interface around it, the one whose number stands there,
 * or the only one of the block around it.
 */
export function vlanAt(device: Device, file: string, offset: number): VlanAt | undefined {
  const here = (origin: Origin) => origin.file === file && origin.start <= offset && offset <= origin.end;
  const around = device.definitions.find(({ kind, block }) => kind === 'interface' && here(block));
  const iface = around && findInterface(device, around.name);
  const vlan = iface === undefined ? definedVlan(device, here) : iface.vlan;
  if (vlan === undefined) return undefined;
  const name = iface?.description ?? device.vlans.find(({ id }) => id === vlan)?.name;
  // The name goes into the site file, where half a description helps nobody.
  return name === undefined || secretSpans(name).length > 0 ? { vlan } : { vlan, name };
}

function definedVlan(device: Device, here: (origin: Origin) => boolean): number | undefined {
  const around = device.definitions.filter(({ kind, block }) => kind === 'vlan' && here(block));
  const named = around.filter(({ origin }) => here(origin));
  const found = new Set((named.length > 0 ? named : around).map(({ name }) => Number(name)));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
