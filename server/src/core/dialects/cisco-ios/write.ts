import type { Acl } from '../../model/acl.js';
import { DEFAULT_VRF, type Device, findInterface, type Interface } from '../../model/device.js';
import { formatIp } from '../../net/ip.js';
import { maskOf, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { DialectWriter, Reading } from '../dialect.js';
import { numberedKind } from './extract-acl.js';
import { indentation, lineContentEnd, lineStart } from './file-lines.js';
import { denyBefore } from './write-classes.js';
import { correctMask, moveBefore, writeDeny } from './write-entries.js';

export const writer: DialectWriter = { denyBefore, applyFilter, nullRoute, moveBefore, correctMask };

function applyFilter(
  { file, device }: Reading,
  ifaceName: string,
  destinations: readonly Prefix[],
  remark: string,
  way: 'in' | 'out' = 'in',
): TextEdit[] | undefined {
  const iface = findInterface(device, ifaceName);
  if (iface === undefined || iface.origin.file !== file.path) return undefined;
  const applied = iface.filters.find(({ direction }) => direction === way);
  if (applied !== undefined) {
    const [name, ...others] = applied.names;
    if (name === undefined || others.length > 0) return undefined;
    const acl = device.acls.get(name);
    // It permits all as it is: there is nothing behind its name.
    return acl === undefined || acl.entries.count === 0
      ? defineList(file, device, iface, name, destinations, remark)
      : undefined;
  }
  const name = freeListName(device, iface, way);
  const list = defineList(file, device, iface, name, destinations, remark);
  if (list === undefined) return undefined;
  const below = lineBelowAddress(file, iface);
  return [
    {
      file: file.path,
      start: below.at,
      end: below.at,
      newText: `${file.lineEnd}${below.indent}ip access-group ${name} ${way}`,
    },
    ...list,
  ];
}

/** Behind the interface's last address, where a device prints it too; else behind its first line. */
function lineBelowAddress(file: SourceFile, iface: Interface): { readonly at: number; readonly indent: string } {
  const header = iface.origin;
  const place = iface.addresses.at(-1)?.origin ?? iface.learnsAddress?.origin ?? header;
  const indent = place === header ? ' ' : indentation(file, place.start);
  return { at: lineContentEnd(file, place.end), indent };
}

function freeListName(device: Device, iface: Interface, way: 'in' | 'out'): string {
  const base = `ADVISORY-LENS-${iface.name.toUpperCase().replace(/[^A-Z0-9]+/g, '-')}-${way.toUpperCase()}`;
  const taken = new Set([...device.acls.keys(), ...device.references.map(({ name }) => name)]);
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  return name;
}

/** Writes a list that denies the destinations and permits the rest, under a name that has no entries yet. */
function defineList(
  file: SourceFile,
  device: Device,
  iface: Interface,
  name: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const isNumber = /^\d+$/.test(name);
  if (isNumber && numberedKind(Number(name)) !== 'extended') return undefined;
  const known = device.acls.get(name);
  if (known !== undefined && known.kind !== 'extended') return undefined;
  const body = [
    `remark ${remark}`,
    ...destinations.map((destination) => writeDeny(destination, !isNumber)),
    'permit ip any any',
  ];
  const end = file.lineEnd;
  if (isNumber) {
    const at = known?.end ?? endOfLists(file, device) ?? endOfBlock(file, device, iface);
    const lines = body.map((line) => `access-list ${name} ${line}`);
    return [insertLines(file, at, lines, known === undefined && endOfLists(file, device) === undefined)];
  }
  if (known !== undefined) {
    const indent =
      known.end > lineContentEnd(file, known.origin.end) ? indentation(file, lastLineStart(file, known)) : ' ';
    const newText = body.map((line) => `${end}${indent}${line}`).join('');
    return [{ file: file.path, start: known.end, end: known.end, newText }];
  }
  const lists = endOfLists(file, device);
  const lines = [`ip access-list extended ${name}`, ...body.map((line) => ` ${line}`)];
  return [insertLines(file, lists ?? endOfBlock(file, device, iface), lines, lists === undefined)];
}

/** Where the text of a list's last line begins. */
function lastLineStart(file: SourceFile, acl: Acl): number {
  const start = lineStart(file, acl.end);
  return start + (/^[ \t]*/.exec(file.text.slice(start, acl.end))?.[0].length ?? 0);
}

function insertLines(file: SourceFile, at: number, lines: readonly string[], apart: boolean): TextEdit {
  const all = apart ? ['!', ...lines] : lines;
  return { file: file.path, start: at, end: at, newText: all.map((line) => file.lineEnd + line).join('') };
}

/** The end of the last list of the file; undefined where it has none. */
function endOfLists(file: SourceFile, device: Device): number | undefined {
  let last: number | undefined;
  for (const acl of device.acls.values()) {
    if (acl.origin.file === file.path && acl.end > (last ?? -1)) last = acl.end;
  }
  return last === undefined ? undefined : lineContentEnd(file, last);
}

/** The end of the interface's block. */
function endOfBlock(file: SourceFile, device: Device, iface: Interface): number {
  let end = iface.origin.end;
  for (const { kind, name, block } of device.definitions) {
    if (kind === 'interface' && name === iface.name && block.file === file.path) end = Math.max(end, block.end);
  }
  return lineContentEnd(file, end);
}

function nullRoute(
  { file, device }: Reading,
  vrfName: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  if (!device.routes) return undefined;
  const vrf = vrfName === DEFAULT_VRF ? '' : `vrf ${vrfName} `;
  const lines = destinations.map(
    ({ ip, length }) => `ip route ${vrf}${formatIp(ip)} ${formatIp(maskOf(length))} Null0 name ${remark}`,
  );
  let last = -1;
  for (const { staticRoutes } of device.vrfs) {
    for (const { origin } of staticRoutes) if (origin.file === file.path) last = Math.max(last, origin.end);
  }
  if (last !== -1) return [insertLines(file, lineContentEnd(file, last), lines, false)];
  const end = endCommand(file);
  if (end !== undefined) {
    const newText = lines.map((line) => line + file.lineEnd).join('');
    return [{ file: file.path, start: end, end, newText }];
  }
  const { length } = file.text;
  const opening = file.text === '' || file.text.endsWith('\n') ? '' : file.lineEnd;
  return [
    {
      file: file.path,
      start: length,
      end: length,
      newText: opening + lines.map((line) => line + file.lineEnd).join(''),
    },
  ];
}

/** Where the line `end` begins that ends the configuration. */
function endCommand(file: SourceFile): number | undefined {
  const tail = Math.max(0, file.text.length - 4096);
  const found = /(?:^|\n)([ \t]*end[ \t\r]*)(?:\n[\s\S]*)?$/.exec(file.text.slice(tail));
  return found === null ? undefined : tail + found.index + (found[0].startsWith('\n') ? 1 : 0);
}
