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
  /** Why the policies of the files may not be what counts, in words. */
  readonly policyDoubt?: string;
  /** Files of other tools that say each a part of one interface, rather than one file after another. */
  readonly isFolder: boolean;
}

/** Which files the site file makes one device. */
export interface NamedDevice {
  readonly name: string;
  readonly files: readonly string[];
}

/** What sort of file a reading is of. */
export interface Kinds {
  /** Of a device that is all such files of a folder. */
  readonly isFolder: (reading: Reading) => boolean;
  /** A script that makes rules, rather than a record of them. */
  readonly isScript: (reading: Reading) => boolean;
}

/**
 * Which readings are one device: those that the site file says; of what is left, all of one folder whose
 * dialect spreads a device over several files; else each by itself.
 * @param readings by path, sorted
 * @param rootName what the folder is called that paths without a folder are in, where that is known
 */
export function devicesOf(
  readings: ReadonlyMap<string, Reading>,
  named: readonly NamedDevice[],
  siteFolder: string,
  kinds: Kinds,
  rootName?: string,
): DeviceFiles[] {
  const { isFolder } = kinds;
  const left = new Map(readings);
  const devices: DeviceFiles[] = [];
  for (const { name, files } of named) {
    const [first, ...others] = [...left.keys()]
      .filter((path) => matchesGlobs(path, siteFolder, files))
      .map((path) => left.get(path) as Reading);
    if (first === undefined) continue;
    for (const reading of [first, ...others]) left.delete(reading.file.path);
    const all = [first, ...others] as const;
    devices.push({ name, readings: all, beside: besideOf(all), isFolder: all.some(isFolder) });
  }
  const folders = new Map<string, Reading[]>();
  for (const [path, reading] of left) {
    if (!isFolder(reading)) {
      devices.push({ readings: [reading], beside: [], isFolder: false });
      continue;
    }
    const folder = folderOf(path);
    const readingsThere = folders.get(folder);
    if (readingsThere === undefined) folders.set(folder, [reading]);
    else readingsThere.push(reading);
  }
  for (const [folder, all] of folders) {
    devices.push(...devicesOfFolder(folder === '' ? rootName : nameOf(folder), all, kinds));
  }
  return devices;
}

/**
 * One device of a folder, and one more for each file that says what another there has said already: a backup, or a
 * dump of another time. Of a script and another file that say the same, either may count.
 */
function devicesOfFolder(folder: string | undefined, readings: readonly Reading[], { isScript }: Kinds): DeviceFiles[] {
  const claimedBy = new Map<string, Reading>();
  const together: Reading[] = [];
  const beside: Reading[] = [];
  const apart: DeviceFiles[] = [];
  const name = folder === undefined ? {} : { name: folder };
  let policyDoubt: string | undefined;
  /** The reading that claims the same; without one, it is claimed now. */
  const claim = (reading: Reading): Reading | undefined => {
    if (isIncluded(reading, readings)) return undefined;
    const claims = reading.claims ?? [];
    const rival = claims.map((one) => claimedBy.get(one)).find((one) => one !== undefined);
    if (rival === undefined) for (const one of claims) claimedBy.set(one, reading);
    else if (isScript(reading) || isScript(rival)) policyDoubt ??= doubtOver(reading);
    return rival;
  };
  for (const reading of readings) {
    const rival = claim(reading);
    if (rival === undefined) {
      together.push(reading);
      continue;
    }
    const doubt = isScript(reading) || isScript(rival) ? { policyDoubt: doubtOver(rival) } : {};
    apart.push({ ...name, readings: [reading], beside: [], isFolder: true, ...doubt });
  }
  // Of a file that is apart for its rules, the routes may still be this device's.
  for (const one of besideOf(readings)) {
    if (!isIncluded(one, readings) && claim(one) === undefined) beside.push(one);
  }
  const [first, ...others] = together;
  if (first === undefined) return apart;
  const doubt = policyDoubt === undefined ? {} : { policyDoubt };
  return [{ ...name, readings: [first, ...others], beside, isFolder: true, ...doubt }, ...apart];
}

function doubtOver({ file }: Reading): string {
  return `${file.path} has rules, too, and which of the files counts is not told`;
}

function besideOf(readings: readonly Reading[]): Reading[] {
  return readings.flatMap((reading) => reading.beside ?? []);
}

/** Whether another file has taken in all that the reading's file says. */
function isIncluded({ file }: Reading, readings: readonly Reading[]): boolean {
  return readings.some((other) => other.file.path !== file.path && other.includes?.includes(file.path));
}

interface KnownNode {
  readonly files: DeviceFiles;
  readonly node: Node;
}

/** Nodes that were built before, by the readings they were built from: an unchanged file keeps its node. */
export class NodeCache {
  readonly #nodes = new WeakMap<Reading, KnownNode>();

  /** The nodes of the devices, each with a name of its own. */
  nodesOf(devices: readonly DeviceFiles[]): Node[] {
    const names = new Set<string>();
    return devices.map((files) => {
      const [first] = files.readings;
      const unique = uniqueName(files.name ?? first.device.name, first.file.path, names);
      const known = this.#nodes.get(first);
      if (known !== undefined && known.node.device.name === unique && sameFiles(known.files, files)) return known.node;
      const node = buildNode(named(deviceOf(files), unique));
      this.#nodes.set(first, { files, node });
      return node;
    });
  }
}

function deviceOf({ readings, beside, policyDoubt, isFolder }: DeviceFiles): Device {
  const devices = readings.map((reading) => (isIncluded(reading, readings) ? silent(reading.device) : reading.device));
  const device = [...devices, ...beside.map((one) => one.device)].reduce(isFolder ? join : override);
  const doubt = policyDoubt ?? device.policyDoubt;
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

/** Whether they make the same device, but for its name. */
function sameFiles(a: DeviceFiles, b: DeviceFiles): boolean {
  return (
    a.policyDoubt === b.policyDoubt &&
    a.isFolder === b.isFolder &&
    sameReadings(a.readings, b.readings) &&
    sameReadings(a.beside, b.beside)
  );
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
