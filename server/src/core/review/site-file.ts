import type { Wiring } from '../dataplane/network.js';
import type { Prefix } from '../net/prefix.js';
import { LEVELS, type Level } from '../report.js';
import { MAX_GLOB_LENGTH } from '../text/glob.js';
import type { Span } from '../text/span.js';
import { JsonFile, type JsonProblem, type JsonValue } from './json-file.js';
import { readPrefixes } from './read-prefix.js';

/** One item of a segment, and where the site file names it. */
export interface SegmentItem<T> {
  readonly value: T;
  /** As written. */
  readonly text: string;
  readonly span: Span;
}

export interface VlanRange {
  readonly first: number;
  readonly last: number;
}

/** A segment as the site file describes it. */
export interface SegmentSpec {
  readonly name: string;
  readonly vlans: readonly SegmentItem<VlanRange>[];
  readonly subnets: readonly SegmentItem<Prefix>[];
  readonly interfaces: readonly SegmentItem<string>[];
  readonly zones: readonly SegmentItem<string>[];
}

export interface DeviceSpec {
  readonly name: string;
  /** Globs of its files. */
  readonly files: readonly string[];
  readonly dialect?: string;
}

/** A device on a wire, between two interfaces or before one. */
export interface InlineSpec {
  readonly device: SegmentItem<string>;
  readonly between: readonly [SegmentItem<string>, SegmentItem<string>?];
  /** Its own interfaces: towards the first of `between`, and away from it. */
  readonly interfaces: readonly [SegmentItem<string>, SegmentItem<string>];
}

/** What `advisory-lens.json` says. */
export interface Site {
  readonly file: string;
  readonly segments: readonly SegmentSpec[];
  /** Globs of the configurations; absent: all files. */
  readonly configs?: readonly string[];
  readonly devices: readonly DeviceSpec[];
  /** Names such as `builtin:ICSMA-25-030-01`, and globs of advisory files; absent: the default ones. */
  readonly advisories?: readonly SegmentItem<string>[];
  /** Hosts of the destinations that the site runs itself, and knows of. */
  readonly internalTargets: readonly { readonly hosts: readonly Prefix[]; readonly reason?: string }[];
  /** Interfaces that are joined, each as `DEVICE:INTERFACE`. */
  readonly links: readonly (readonly [SegmentItem<string>, SegmentItem<string>])[];
  readonly inline: readonly InlineSpec[];
  /** Devices whose filters are where the site blocks. */
  readonly enforceAt: readonly SegmentItem<string>[];
  readonly rules: ReadonlyMap<string, Level | 'off'>;
}

const KEYS = [
  '$schema',
  'segments',
  'configs',
  'devices',
  'links',
  'inline',
  'enforceAt',
  'advisories',
  'internalTargets',
  'rules',
];
const SEGMENT_KEYS = ['name', 'vlans', 'subnets', 'interfaces', 'zones'];

/**
 * Reads a site file. With any problem there is no site: nothing of its set is judged until it is
 * mended, because a segment that was silently left out would look blocked.
 */
export function readSite(
  file: string,
  text: string,
  known: { readonly rules: readonly string[]; readonly dialects: readonly string[] },
): { site?: Site; problems: readonly JsonProblem[] } {
  const json = new JsonFile(file, text);
  const root = json.root;
  const members = root === undefined ? undefined : json.object(root, KEYS);
  if (root === undefined || members === undefined || json.problems.length > 0) return { problems: json.problems };
  if (!members.has('segments')) {
    json.problem(
      root,
      'The site file needs "segments": the device VLANs, such as [{"name": "monitors", "vlans": [210]}].',
    );
  }
  const segments = readSegments(json, members.get('segments'));
  const site: Site = {
    file,
    segments,
    ...(members.has('configs') ? { configs: globs(json, members.get('configs')).map(({ text: glob }) => glob) } : {}),
    devices: readDevices(json, members.get('devices'), known.dialects),
    ...(members.has('advisories') ? { advisories: globs(json, members.get('advisories')) } : {}),
    internalTargets: readInternalTargets(json, members.get('internalTargets')),
    links: readLinks(json, members.get('links')),
    inline: readInline(json, members.get('inline')),
    enforceAt: items(json, members.get('enforceAt')),
    rules: readRules(json, members.get('rules'), known.rules),
  };
  return json.problems.length > 0 ? { problems: json.problems } : { site, problems: [] };
}

function readSegments(json: JsonFile, list: JsonValue | undefined): SegmentSpec[] {
  const names = new Set<string>();
  return (json.array(list) ?? []).flatMap((value) => {
    const members = json.object(value, SEGMENT_KEYS);
    if (members === undefined) return [];
    const name = json.string(members.get('name'));
    if (!members.has('name')) json.problem(value, 'The segment needs a "name".');
    if (name !== undefined && names.has(name))
      json.problem(members.get('name') ?? value, `Two segments are named "${name}".`);
    if (name === undefined) return [];
    names.add(name);
    if (!SEGMENT_KEYS.slice(1).some((key) => members.has(key))) {
      json.problem(value, `The segment "${name}" holds nothing. Give it vlans, subnets, interfaces or zones.`);
    }
    const subnets = readPrefixes(json, members.get('subnets')).map(({ prefix, value: place }) =>
      item(place, prefix, String(place.node.value)),
    );
    return [
      {
        name,
        vlans: readVlans(json, members.get('vlans')),
        subnets,
        interfaces: items(json, members.get('interfaces')),
        zones: items(json, members.get('zones')),
      },
    ];
  });
}

function readVlans(json: JsonFile, list: JsonValue | undefined): SegmentItem<VlanRange>[] {
  return (json.array(list) ?? []).flatMap((value) => {
    const text = String(value.node.value);
    const range = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(text);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (range !== null && first >= 1 && first <= last && last <= 4094) return [item(value, { first, last }, text)];
    json.problem(value, 'A VLAN is a number from 1 to 4094, or a range such as "300-309".');
    return [];
  });
}

function readDevices(json: JsonFile, value: JsonValue | undefined, dialects: readonly string[]): DeviceSpec[] {
  if (value === undefined) return [];
  return [...(json.record(value) ?? [])].flatMap(([name, spec]) => {
    const members = json.object(spec, ['files', 'dialect']);
    if (members === undefined) return [];
    const dialect = json.string(members.get('dialect'));
    if (dialect !== undefined && !dialects.includes(dialect)) {
      json.problem(members.get('dialect') ?? spec, `"${dialect}" is no dialect. Known are: ${dialects.join(', ')}.`);
    }
    const files = globs(json, members.get('files')).map(({ text }) => text);
    if (files.length === 0) json.problem(spec, `The device "${name}" needs "files": a list of globs.`);
    return [{ name, files, ...(dialect === undefined ? {} : { dialect }) }];
  });
}

function readInternalTargets(json: JsonFile, list: JsonValue | undefined): Site['internalTargets'] {
  return (json.array(list) ?? []).flatMap((value) => {
    const members = json.object(value, ['hosts', 'reason']);
    if (members === undefined) return [];
    const hosts = readPrefixes(json, members.get('hosts')).map(({ prefix }) => prefix);
    const reason = json.string(members.get('reason'));
    return [{ hosts, ...(reason === undefined ? {} : { reason }) }];
  });
}

function readLinks(json: JsonFile, list: JsonValue | undefined): Site['links'] {
  return (json.array(list) ?? []).flatMap((value) => {
    const [a, b, ...others] = ends(json, value);
    if (a !== undefined && b !== undefined && others.length === 0) return [[a, b] as const];
    json.problem(value, 'A link joins two interfaces: ["core1:Gi0/0", "edge:inside"].');
    return [];
  });
}

function readInline(json: JsonFile, list: JsonValue | undefined): InlineSpec[] {
  return (json.array(list) ?? []).flatMap((value): InlineSpec[] => {
    const members = json.object(value, ['device', 'between', 'interfaces']);
    if (members === undefined) return [];
    const name = members.get('device');
    const device = json.string(name);
    const [near, far, ...beyond] = ends(json, members.get('between'));
    const [towards, away, ...further] = items(json, members.get('interfaces'));
    if (name === undefined || device === undefined) json.problem(value, 'What stands inline needs a "device".');
    if (near === undefined || beyond.length > 0) {
      json.problem(
        members.get('between') ?? value,
        'It stands "between" two interfaces, ["core1:Gi0/0", "edge:inside"], or before one.',
      );
    }
    if (towards === undefined || away === undefined || further.length > 0) {
      json.problem(
        members.get('interfaces') ?? value,
        'It has two "interfaces": the one towards the first of "between", and the one away from it.',
      );
    }
    if (name === undefined || device === undefined || near === undefined) return [];
    if (towards === undefined || away === undefined) return [];
    return [
      {
        device: item(name, device, device),
        between: far === undefined ? [near] : [near, far],
        interfaces: [towards, away],
      },
    ];
  });
}

/** Names of interfaces with their devices. */
function ends(json: JsonFile, list: JsonValue | undefined): SegmentItem<string>[] {
  const found = items(json, list);
  for (const { text, span } of found) {
    if (/^[^:]+:./.test(text)) continue;
    json.problems.push({ file: json.file, ...span, message: 'An interface is written DEVICE:INTERFACE here.' });
  }
  return found;
}

function readRules(json: JsonFile, value: JsonValue | undefined, known: readonly string[]): Map<string, Level | 'off'> {
  const rules = new Map<string, Level | 'off'>();
  const members = value === undefined ? undefined : json.object(value, known);
  for (const [rule, setting] of members ?? []) {
    const level = json.string(setting);
    if (level === 'off' || LEVELS.includes(level as Level)) rules.set(rule, level as Level | 'off');
    else if (level !== undefined) json.problem(setting, `A level is one of ${LEVELS.join(', ')}, off.`);
  }
  return rules;
}

function globs(json: JsonFile, list: JsonValue | undefined): SegmentItem<string>[] {
  const found = items(json, list);
  for (const { text, span } of found) {
    if (text.length <= MAX_GLOB_LENGTH) continue;
    json.problems.push({ file: json.file, ...span, message: `A glob has at most ${MAX_GLOB_LENGTH} characters.` });
  }
  return found;
}

function items(json: JsonFile, list: JsonValue | undefined): SegmentItem<string>[] {
  return json.strings(list).map(({ text, value }) => item(value, text, text));
}

function item<T>({ node }: JsonValue, value: T, text: string): SegmentItem<T> {
  return { value, text, span: { start: node.offset, end: node.offset + node.length } };
}

/** What the site says of wires, by names. */
export function wiringOf(site: Site | undefined): Wiring {
  return {
    links: (site?.links ?? []).map(([a, b]) => [a.value, b.value]),
    inline: (site?.inline ?? []).map(({ device, between: [near, far], interfaces: [towards, away] }) => ({
      device: device.value,
      between: far === undefined ? [near.value] : [near.value, far.value],
      interfaces: [towards.value, away.value],
    })),
  };
}
