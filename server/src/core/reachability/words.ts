import type { Device, Interface } from '../model/device.js';

/** Assumptions that both evaluators make, in the words of the report. */

export function switchesOnlyWords(device: Device): string {
  return `${device.name} does not route: a filter on its interface may not see what it only switches`;
}

export function reversePathWords(device: Device, iface: Interface): string {
  return `the reverse-path check of ${iface.name} on ${device.name} is not followed for sources that are not on its link`;
}
