import { DEFAULT_VRF } from '../../model/device.js';
import { formatPrefix, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { DialectWriter, Reading } from '../dialect.js';
import { formatOf } from './formats.js';
import { nullRouteOfNetplan } from './write-netplan.js';

export const writer: DialectWriter = { nullRoute };

/** Routes to nowhere, in the idiom of the file's format. What a device printed is no configuration to edit. */
function nullRoute(
  reading: Reading,
  vrf: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const { format } = formatOf(reading.file);
  const table = tableWord(vrf);
  if (table === undefined) return undefined;
  if (format === 'frr') return nullRouteOfFrr(reading, vrf, destinations, remark);
  if (format === 'script') return nullRouteOfScript(reading, table, destinations, remark);
  if (format === 'ifupdown') return nullRouteOfInterfaces(reading, table, destinations, remark);
  if (format === 'networkd') return nullRouteOfNetwork(reading, vrf, destinations, remark);
  if (format !== 'netplan' || !(vrf === DEFAULT_VRF || vrf.startsWith('table '))) return undefined;
  return nullRouteOfNetplan(reading.file, vrf === DEFAULT_VRF ? undefined : vrf.slice(6), destinations, remark);
}

/** The words of `ip route` for a table; undefined for a name that is none of ours. */
function tableWord(vrf: string): string | undefined {
  if (vrf === DEFAULT_VRF) return '';
  if (vrf.startsWith('table ')) return ` ${vrf}`;
  return ` vrf ${vrf}`;
}

function nullRouteOfFrr(
  { file, device }: Reading,
  vrf: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  if (vrf.startsWith('table ')) return undefined;
  const suffix = vrf === DEFAULT_VRF ? '' : ` vrf ${vrf}`;
  const lines = [`! ${remark}`, ...destinations.map((one) => `ip route ${formatPrefix(one)} blackhole${suffix}`)];
  let last = -1;
  for (const { staticRoutes } of device.vrfs) {
    for (const { origin } of staticRoutes) {
      // A route with an indentation stands in a block, where another table is meant.
      const isPlain = origin.file === file.path && file.text.charAt(origin.start - 1) !== ' ';
      if (isPlain) last = Math.max(last, origin.end);
    }
  }
  if (last !== -1) return [insertBelow(file, last, lines)];
  // Before the blocks, where FRR writes its routes too.
  const block = /^(?:interface|router|vrf|line vty|route-map|end)\b/m.exec(file.text);
  return block === null
    ? [append(file, lines)]
    : [{ file: file.path, start: block.index, end: block.index, newText: [...lines, '!', ''].join(file.lineEnd) }];
}

function nullRouteOfScript(
  { file, device }: Reading,
  table: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] {
  const lines = [`# ${remark}`, ...destinations.map((one) => `ip route add blackhole ${formatPrefix(one)}${table}`)];
  let last = -1;
  for (const { staticRoutes } of device.vrfs) {
    for (const { origin, undecidable } of staticRoutes) {
      if (origin.file === file.path && undecidable === undefined && indentAt(file, origin.start) === '') {
        last = Math.max(last, origin.end);
      }
    }
  }
  return [last === -1 ? append(file, lines) : insertBelow(file, last, lines)];
}

/** Below the last stanza that routes, or has an address, and that comes up by itself. */
function nullRouteOfInterfaces(
  { file, device }: Reading,
  table: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const sure = device.interfaces.filter(({ uncertainties, kind }) => uncertainties.length === 0 && kind !== 'loopback');
  const blocks = device.definitions.filter(
    ({ kind, name, block }) =>
      kind === 'interface' && block.file === file.path && sure.some((iface) => iface.name === name),
  );
  const routes = device.vrfs
    .flatMap(({ staticRoutes }) => staticRoutes)
    .filter(({ undecidable }) => undecidable === undefined);
  const routing = blocks.filter(({ block }) =>
    routes.some(({ origin }) => origin.file === block.file && origin.start > block.start && origin.start < block.end),
  );
  const addressed = blocks.filter(({ name }) =>
    device.interfaces.some((iface) => iface.name === name && iface.addresses.length > 0),
  );
  const place = routing.at(-1) ?? addressed.at(-1) ?? blocks.at(-1);
  if (place === undefined) return undefined;
  const { block } = place;
  const indent = /\n([ \t]+)\S/.exec(file.text.slice(block.start, block.end))?.[1] ?? '    ';
  const lines = [
    `${indent}# ${remark}`,
    ...destinations.map((one) => `${indent}up ip route add blackhole ${formatPrefix(one)}${table}`),
  ];
  return [insertBelow(file, block.end, lines)];
}

function nullRouteOfNetwork(
  { file, device }: Reading,
  vrf: string,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const table = vrf.startsWith('table ') ? vrf.slice(6) : undefined;
  if (table === undefined && vrf !== DEFAULT_VRF) return undefined;
  if (!device.definitions.some(({ block }) => block.file === file.path) || !/^\[Network\]/m.test(file.text))
    return undefined;
  const lines = destinations.flatMap((one) => [
    '',
    `# ${remark}`,
    '[Route]',
    `Destination=${formatPrefix(one)}`,
    'Type=blackhole',
    ...(table === undefined ? [] : [`Table=${table}`]),
  ]);
  return [append(file, lines)];
}

function insertBelow(file: SourceFile, offset: number, lines: readonly string[]): TextEdit {
  const newline = file.text.indexOf('\n', offset);
  const end = newline === -1 ? file.text.length : newline;
  const at = end > offset && file.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return { file: file.path, start: at, end: at, newText: lines.map((line) => file.lineEnd + line).join('') };
}

function append(file: SourceFile, lines: readonly string[]): TextEdit {
  const { length } = file.text;
  const opening = file.text === '' || file.text.endsWith('\n') ? '' : file.lineEnd;
  return {
    file: file.path,
    start: length,
    end: length,
    newText: opening + lines.map((line) => line + file.lineEnd).join(''),
  };
}

function indentAt(file: SourceFile, offset: number): string {
  const start = file.text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(file.text.slice(start, offset))?.[0] ?? '';
}
