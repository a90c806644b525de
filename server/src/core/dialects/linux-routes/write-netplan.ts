import { formatPrefix, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import { readYaml, type YamlEntry, type YamlMap } from './yaml.js';

/** Where routes are written: below a line, so far in. */
interface Place {
  readonly at: number;
  readonly indent: string;
  /** The key `routes` has yet to be written, at this indentation. */
  readonly keyIndent?: string;
}

/** Routes to nowhere among those of an interface, or as its first. */
export function nullRouteOfNetplan(
  file: SourceFile,
  table: string | undefined,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const devices = devicesOf(file);
  const place =
    last(devices.map((device) => endOfRoutes(file, device))) ??
    last(devices.map((device) => endOfDevice(file, device)));
  if (place === undefined) return undefined;
  const { at, indent, keyIndent } = place;
  const lines = [
    ...(keyIndent === undefined ? [] : [`${keyIndent}routes:`]),
    `${indent}# ${remark}`,
    ...destinations.flatMap((one) => [
      `${indent}- to: ${formatPrefix(one)}`,
      `${indent}  type: blackhole`,
      ...(table === undefined ? [] : [`${indent}  table: ${table}`]),
    ]),
  ];
  return [{ file: file.path, start: at, end: at, newText: lines.map((line) => file.lineEnd + line).join('') }];
}

function last(places: readonly (Place | undefined)[]): Place | undefined {
  return places.filter((place) => place !== undefined).at(-1);
}

/** The interfaces that are always there: those of hardware, and VLANs and bridges over it. */
function devicesOf(file: SourceFile): YamlMap[] {
  const root = readYaml(file);
  const network = root.kind === 'map' ? root.entries.find(({ key }) => key === 'network')?.value : undefined;
  if (network?.kind !== 'map') return [];
  return network.entries
    .filter(({ key }) => /^(?:ethernets|vlans|bridges|bonds)$/.test(key))
    .flatMap(({ value }) => (value.kind === 'map' ? value.entries : []))
    .flatMap(({ value }) => (value.kind === 'map' ? [value] : []));
}

function endOfRoutes(file: SourceFile, { entries }: YamlMap): Place | undefined {
  const list = entries.find(({ key }) => key === 'routes')?.value;
  const item = list?.kind === 'list' ? list.items.at(-1) : undefined;
  if (list === undefined || item === undefined || file.text.charAt(list.start) === '[') return undefined;
  return { at: lineEnd(file, list.end), indent: indentOf(file, list.start) };
}

function endOfDevice(file: SourceFile, { entries }: YamlMap): Place | undefined {
  const isAddressed = entries.some(({ key }) => key === 'addresses' || key === 'gateway4');
  const end = entries.at(-1);
  if (!isAddressed || end === undefined || entries.some(({ key }) => key === 'routes') || !startsLine(file, end)) {
    return undefined;
  }
  const keyIndent = indentOf(file, end.start);
  return { at: lineEnd(file, Math.max(end.end, end.value.end)), indent: `${keyIndent}  `, keyIndent };
}

function startsLine(file: SourceFile, { start }: YamlEntry): boolean {
  return indentOf(file, start).length === file.positionAt(start).column - 1;
}

function indentOf(file: SourceFile, offset: number): string {
  const start = file.text.lastIndexOf('\n', offset - 1) + 1;
  return /^ */.exec(file.text.slice(start, offset))?.[0] ?? '';
}

function lineEnd(file: SourceFile, offset: number): number {
  const newline = file.text.indexOf('\n', offset);
  const end = newline === -1 ? file.text.length : newline;
  return end > offset && file.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}
