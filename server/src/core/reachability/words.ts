import type { Takers } from '../dataplane/network.js';
import type { Device, Interface } from '../model/device.js';
import { formatIp, type Ip } from '../net/ip.js';

/** Assumptions that both evaluators make, in the words of the report. */

export function switchesOnlyWords(device: Device): string {
  return `${device.name} does not route: a filter on its interface may not see what it only switches`;
}

export function reversePathWords(device: Device, iface: Interface): string {
  return `the reverse-path check of ${iface.name} on ${device.name} is not followed for sources that are not on its link`;
}

/** Why what is sent to a next hop that a reviewed device takes may leave all the same. */
export function mayLeaveWords({ places }: Takers, iface: Interface | undefined, gateway: Ip | undefined): string {
  const takers = places.map(({ node }) => node.device.name).join(' or ');
  return gateway === undefined
    ? `what goes out of ${iface?.name ?? 'an interface'} without a next hop is taken by ${takers} at the other end of the link, or by another device there`
    : `${formatIp(gateway)} is a shared address that only ${takers} of the reviewed devices has; a router that is not reviewed may answer for it`;
}

/** Of a switch on the way whose lists or maps stop a packet, if it comes there. */
export function switchWords(device: Device, iface: Interface): string {
  return `${device.name} may stop it as it switches ${iface.name}, but whether the packet crosses ${device.name} is in no file`;
}

/** Of packets that Linux forwards as its settings and programs have it. */
export const MARTIAN_WORDS =
  'it is from a loopback address, to a multicast one, or may be: whether such packets are forwarded is in no file';

/** Of a table that a rule looks routes up in. */
export function noTableWords(device: Device, table: string): string {
  return `the routes of ${table} on ${device.name} are in no file`;
}

/**
 * Routes and next hops that one question follows, over all its branches. Uncertain routes, equal-cost
 * paths and sites that share addresses multiply from device to device; what is not followed any more
 * may get through, and need not.
 */
export const MOST_STEPS = 20_000;

/** Routing rules that pass the choice on, one behind the other, before the rest counts as possible. */
export const MOST_PASSED_ON = 50;

export const CUT_SHORT_WORDS = 'there are too many paths to follow; what was not followed counts as possible';

/** The name of an interface's filter among all filters and policies of its device. */
export function filterKey(iface: string, direction: 'in' | 'out'): string {
  return `${iface} ${direction}`;
}
