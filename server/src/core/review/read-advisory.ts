import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { PortRange } from '../model/header-match.js';
import { prefixCovers } from '../net/prefix.js';
import { hasPorts, protocolNumber } from '../net/protocols.js';
import { JsonFile, type JsonProblem, type JsonValue } from './json-file.js';
import { readPrefixes } from './read-prefix.js';

/** Reads an advisory file. It holds one advisory, as schemas/advisory.schema.json says. */
export function readAdvisory(file: string, text: string): { advisory?: Advisory; problems: readonly JsonProblem[] } {
  const json = new JsonFile(file, text);
  const root = json.root;
  const members = root === undefined ? undefined : json.object(root, ['$schema', 'id', 'title', 'flows']);
  if (root === undefined || members === undefined) return { problems: json.problems };
  const id = json.string(members.get('id'));
  if (!members.has('id')) json.problem(root, 'The advisory needs an "id", such as "ICSMA-25-030-01".');
  const title = json.string(members.get('title')) ?? id;
  const flows = (json.array(members.get('flows')) ?? []).flatMap((value) => readFlow(json, value) ?? []);
  if (flows.length === 0) json.problem(root, 'The advisory needs "flows": a list of what must not be possible.');
  const names = flows.map((flow) => flow.name);
  if (new Set(names).size < names.length) json.problem(members.get('flows') ?? root, 'Two flows have the same name.');
  if (json.problems.length > 0 || id === undefined) return { problems: json.problems };
  return { advisory: { id, title: title ?? id, flows }, problems: [] };
}

function readFlow(json: JsonFile, value: JsonValue): AdvisoryFlow | undefined {
  const members = json.object(value, [
    'name',
    'direction',
    'destinations',
    'sources',
    'hosts',
    'protocol',
    'ports',
    'description',
  ]);
  if (members === undefined) return undefined;
  const name = json.string(members.get('name'));
  if (name === undefined) return json.problem(value, 'The flow needs a "name".');
  const direction = json.string(members.get('direction')) ?? 'to-destinations';
  if (direction !== 'to-destinations' && direction !== 'to-segment') {
    json.problem(members.get('direction') ?? value, 'The direction must be "to-destinations" or "to-segment".');
  }
  const isInbound = direction === 'to-segment';
  const [key, other] = isInbound ? ['sources', 'destinations'] : ['destinations', 'sources'];
  const misplaced = members.get(other);
  if (misplaced !== undefined) json.problem(misplaced, `A flow "${direction}" has "${key}" and no "${other}".`);
  const addresses = readPrefixes(json, members.get(key)).map(({ prefix }) => prefix);
  if (addresses.length === 0 && !isInbound) {
    json.problem(value, 'The flow needs "destinations", such as ["202.114.4.0/24"].');
  }
  const hosts = readPrefixes(json, members.get('hosts')).map(({ prefix, value: place }) => {
    if (prefix.length !== 32) json.problem(place, 'A host is one address.');
    if (!addresses.some((outer) => prefixCovers(outer, prefix)))
      json.problem(place, `The host is in no ${isInbound ? 'source' : 'destination'}.`);
    return prefix;
  });
  const protocolText = json.string(members.get('protocol'));
  const protocol = protocolText === undefined ? undefined : protocolNumber(protocolText);
  if (protocolText !== undefined && protocol === undefined) {
    json.problem(
      members.get('protocol') ?? value,
      `"${protocolText}" is no protocol. Write "tcp", "udp", or a number.`,
    );
  }
  const ports = members.has('ports') ? readPorts(json, members.get('ports')) : undefined;
  if (ports !== undefined && (protocol === undefined || !hasPorts(protocol))) {
    json.problem(members.get('ports') ?? value, 'Ports need a "protocol" that has ports.');
  }
  return {
    name,
    direction: isInbound ? 'to-segment' : 'to-destinations',
    destinations: isInbound ? [] : addresses,
    ...(isInbound ? { sources: addresses } : {}),
    hosts,
    ...(protocol === undefined ? {} : { protocol }),
    ...(ports === undefined ? {} : { dstPorts: ports }),
  };
}

function readPorts(json: JsonFile, list: JsonValue | undefined): PortRange[] {
  return (json.array(list) ?? []).flatMap((item) => {
    const { value } = item.node;
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value));
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (range !== null && first <= last && last <= 65535) return [{ first, last }];
    json.problem(item, 'A port is a number, or a range such as "515-520".');
    return [];
  });
}
