import type { AdvisoryFlow } from '../advisories/advisory.js';
import { findNode } from '../dataplane/network.js';
import type { Dialect, Reading } from '../dialects/dialect.js';
import { dialectById } from '../dialects/registry.js';
import { type Device, findInterface } from '../model/device.js';
import type { HeaderMatch } from '../model/header-match.js';
import { formatPrefix } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Remedy } from '../rules/rule.js';
import type { TextEdit } from '../text/edit.js';

/** A remedy put into words and edits, not yet proved. */
export interface Proposal {
  readonly id: Remedy['kind'];
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** What an entry matched that was not meant to, and that may pass again. */
  readonly released?: HeaderMatch;
  /** What is delivered inside is not to be stopped: it closes only what leaves. */
  readonly keepsDelivered?: true;
}

/** What a proposal is made for. */
export interface Purpose {
  readonly advisory: string;
  readonly flow: AdvisoryFlow;
}

/** The file that a remedy edits, as read, and the dialect that says how. */
export interface Workplace {
  readonly reading: Reading;
  readonly dialect: Dialect;
}

/** Where an entry of a list, or a rule of a chain, stands. */
export function placeOfEntry(review: Review, device: string, list: string, index: number): Workplace | undefined {
  const known = findNode(review.network, device)?.device;
  const chain = known?.chains?.get(list);
  const file = known?.acls.get(list)?.origin.file ?? chain?.rules.at(index)?.origin.file ?? chain?.origin.file;
  if (file === undefined) return undefined;
  const own = placeOfFile(review, file, ({ chains, acls }) => chains?.has(list) === true || acls.has(list));
  if (chain === undefined || own?.reading.device.chains?.has(list) === true) return own;
  // The file says no chain by itself: another has taken it in.
  const [path] =
    [...review.readings].find(([, one]) => one.includes?.includes(file) && one.device.chains?.has(list)) ?? [];
  return path === undefined ? own : placeOfFile(review, path, ({ chains }) => chains?.has(list) === true);
}

/** Every file of a device. */
export function placesOfDevice(review: Review, device: string): Workplace[] {
  const files = findNode(review.network, device)?.device.files ?? [];
  return files.flatMap((file) => workplacesOf(review, file));
}

/** Where an interface of a device stands. */
export function placeOfInterface(review: Review, device: string, iface: string): Workplace | undefined {
  const node = findNode(review.network, device);
  const file = node === undefined ? undefined : findInterface(node.device, iface)?.origin.file;
  return file === undefined ? undefined : placeOfFile(review, file, (one) => findInterface(one, iface) !== undefined);
}

/** Where the routes of a device stand: beside its last static route, else in its first file. */
export function placeOfRoutes(review: Review, device: string): Workplace | undefined {
  const node = findNode(review.network, device);
  const last = node?.device.vrfs.flatMap((vrf) => vrf.staticRoutes).at(-1);
  const file = last?.origin.file ?? node?.device.files[0];
  return file === undefined
    ? undefined
    : placeOfFile(review, file, ({ vrfs }) => vrfs.some(({ staticRoutes }) => staticRoutes.length > 0));
}

/** The file as the dialect has it that reads in it what is wanted; else as its own has it. */
function placeOfFile(review: Review, file: string, isWanted: (device: Device) => boolean): Workplace | undefined {
  const places = workplacesOf(review, file);
  return places.find(({ reading }) => isWanted(reading.device)) ?? places[0];
}

function workplacesOf(review: Review, file: string): Workplace[] {
  const own = review.readings.get(file);
  const readings = own === undefined ? [] : [own, ...(own.beside ?? [])];
  return readings.flatMap((reading) => {
    const dialect = dialectById(reading.device.dialect);
    return dialect === undefined ? [] : { reading, dialect };
  });
}

export function destinationsOf(flow: AdvisoryFlow): string {
  return flow.destinations.map(formatPrefix).join(', ');
}
