import { buildNode, type Node } from '../dataplane/network.js';
import type { Device } from '../model/device.js';
import type { Test } from '../model/policy.js';
import type { Reading } from '../model/reading.js';
import { join, override } from './join-devices.js';
import { folderOf, matchesGlobs, nameOf } from './site-paths.js';

/** Readings that are one device. */
export interface DeviceFiles {
  /** Given by the site file or a folder; absent: the device's own name. */
  readonly name?: string;
  readonly readings: readonly [Reading, ...Reading[]];
  /** What other dialects read of the files of the folder. */
  readonly beside: readonly Reading[];
  /** Files whose rules are left out, since another one says them, too. */
  readonly leftOut: readonly string[];
  /** Files of other tools that say each a part of one interface, rather than one file after another. */
  readonly isFolder: boolean;
}

/** Which files the site file makes one device. */
export interface NamedDevice {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Which readings are one device: those that the site file says; of what is left, all of one folder whose
 * dialect spreads a device over several files; else each by itself.
 * @param readings by path, sorted
 * @param isFolder whether the dialect of a reading is one of those
 * @param rootName what the folder is called that paths without a folder are in, where that is known
 */
export function devicesOf(
  readings: ReadonlyMap<string, Reading>,
  named: readonly NamedDevice[],
  siteFolder: string,
  isFolder: (reading: Reading) => boolean,
  rootName?: string,
): DeviceFiles[] {
  const left = new Map(readings);
  const devices: DeviceFiles[] = [];
  for (const { name, files } of named) {
    const [first, ...others] = [...left.keys()]
      .filter((path) => matchesGlobs(path, siteFolder, files))
      .map((path) => left.get(path) as Reading);
    if (first === undefined) continue;
    for (const reading of [first, ...others]) left.delete(reading.file.path);
    const all = [first, ...others] as const;
    devices.push({ name, readings: all, beside: besideOf(all), leftOut: [], isFolder: all.some(isFolder) });
  }
  const folders = new Map<string, Reading[]>();
  for (const [path, reading] of left) {
    if (!isFolder(reading)) {
      devices.push({ readings: [reading], beside: [], leftOut: [], isFolder: false });
      continue;
    }
    const folder = folderOf(path);
    const readingsThere = folders.get(folder);
    if (readingsThere === undefined) folders.set(folder, [reading]);
    else readingsThere.push(reading);
  }
  for (const [folder, all] of folders) devices.push(...devicesOfFolder(folder === '' ? rootName : nameOf(folder), all));
  return devices;
}

/** One device of a folder, and one more for each file that says what another there has said already. */
function devicesOfFolder(folder: string | undefined, readings: readonly Reading[]): DeviceFiles[] {
  const claimed = new Set<string>();
  const together: Reading[] = [];
  const apart: Reading[] = [];
  for (const reading of readings) {
    const claims = reading.claims ?? [];
    if (claims.some((claim) => claimed.has(claim)) && !isIncluded(reading, readings)) {
      apart.push(reading);
      continue;
    }
    if (!isIncluded(reading, readings)) for (const claim of claims) claimed.add(claim);
    together.push(reading);
  }
  const name = folder === undefined ? {} : { name: folder };
  const [first, ...others] = together;
  const beside: Reading[] = [];
  const leftOut: string[] = [];
  // Of a file that is apart for its rules, the routes may still be this device's.
  for (const one of besideOf(readings)) {
    if (isIncluded(one, readings)) continue;
    if (one.claims?.some((claim) => claimed.has(claim)) === true) {
      leftOut.push(one.file.path);
      continue;
    }
    for (const claim of one.claims ?? []) claimed.add(claim);
    beside.push(one);
  }
  return [
    ...(first === undefined
      ? []
      : [{ ...name, readings: [first, ...others] as const, beside, leftOut, isFolder: true }]),
    ...apart.map((reading): DeviceFiles => ({ ...name, readings: [reading], beside: [], leftOut: [], isFolder: true })),
  ];
}

function besideOf(readings: readonly Reading[]): Reading[] {
  return readings.flatMap((reading) => reading.beside ?? []);
}

/** Whether another file has taken in all that the reading's file says. */
function isIncluded({ file }: Reading, readings: readonly Reading[]): boolean {
  return readings.some((other) => other.file.path !== file.path && other.includes?.includes(file.path));
}

/** Nodes that were built before, by the readings they were built from: an unchanged file keeps its node. */
export class NodeCache {
  readonly #nodes = new WeakMap<Reading, { readonly key: readonly Reading[]; readonly node: Node }>();

  /** The nodes of the devices, each with a name of its own. */
  nodesOf(devices: readonly DeviceFiles[]): Node[] {
    const names = new Set<string>();
    return devices.map((files) => {
      const { name, readings, beside } = files;
      const [first] = readings;
      const key = [...readings, ...beside];
      const unique = uniqueName(name ?? first.device.name, first.file.path, names);
      const known = this.#nodes.get(first);
      if (known !== undefined && known.node.device.name === unique && sameReadings(known.key, key)) return known.node;
      const node = buildNode(named(deviceOf(files), unique));
      this.#nodes.set(first, { key, node });
      return node;
    });
  }
}

function deviceOf({ readings, beside, leftOut, isFolder }: DeviceFiles): Device {
  const devices = readings.map((reading) => (isIncluded(reading, readings) ? silent(reading.device) : reading.device));
  const device = [...devices, ...beside.map((one) => one.device)].reduce(isFolder ? join : override);
  const [file] = leftOut;
  const doubt =
    file === undefined ? device.policyDoubt : `${file} has rules, too, and which of the files counts is not told`;
  return doubt === undefined ? device : withPoliciesInDoubt(device, doubt);
}

/** Each policy may be asked, or not. */
function withPoliciesInDoubt(device: Device, words: string): Device {
  const doubt: Test = { kind: 'undecidable', words };
  const policies = device.policies?.map((policy) => ({ ...policy, when: [...(policy.when ?? []), doubt] }));
  return policies === undefined ? device : { ...device, policies };
}

/** A device of the same file that says nothing. */
function silent(device: Device): Device {
  const { policies: _, chains: __, routingRules: ___, defaultGateway: ____, switched: _____, ...rest } = device;
  return {
    ...rest,
    interfaces: [],
    vrfs: [],
    acls: new Map(),
    vlans: [],
    routes: true,
    definitions: [],
    references: [],
    unread: [],
  };
}

function sameReadings(a: readonly Reading[], b: readonly Reading[]): boolean {
  return a.length === b.length && a.every((reading, at) => reading === b[at]);
}

/** Two files may give the same host name (a backup beside its original): the later one is told by its path. */
function uniqueName(name: string, path: string, taken: Set<string>): string {
  const unique = taken.has(name.toLowerCase()) ? `${name} (${path})` : name;
  taken.add(unique.toLowerCase());
  return unique;
}

function named(device: Device, name: string): Device {
  return device.name === name ? device : { ...device, name };
}
