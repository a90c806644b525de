import type { DefinitionKind } from '../../model/device.js';
import type { Reader } from './reader.js';

/** A place where commands that are not read further name something. The name is the pattern's group `name`. */
interface Place {
  readonly kind: DefinitionKind;
  readonly pattern: RegExp;
}

const ACL_PLACES: readonly RegExp[] = [
  /^(?:ipv6 )?access-class\s+(?<name>\S+)\s+(?:in|out)/i,
  /^snmp-server\s+community\s+\S+(?:\s+view\s+\S+)?(?:\s+r[ow])?\s+(?<name>\S+)$/i,
  /^snmp-server\s+(?:group|user)\s.*\saccess\s+(?<name>[^\s]+)$/i,
  /^snmp-server\s+(?:file-transfer|tftp-server-list)\s+(?:access-group\s+)?(?<name>\S+)/i,
  /^match\s+(?:not\s+)?access-group\s+(?:name\s+)?(?<name>\S+)/i,
  /^match\s+address\s+(?!prefix-list)(?<name>\S+)/i,
  /^match\s+ip\s+(?:next-hop|route-source)\s+(?!prefix-list)(?<name>\S+)/i,
  /^distribute-list\s+(?!prefix|gateway|route-map)(?<name>\S+)\s+(?:in|out)/i,
  /^neighbor\s+\S+\s+distribute-list\s+(?<name>\S+)/i,
  /^ip\s+http\s+access-class\s+(?:ipv4\s+)?(?<name>\S+)/i,
  /^ntp\s+access-group\s+\S+\s+(?<name>\S+)/i,
  /^ip\s+(?:igmp|pim|multicast|mroute-cache|dhcp|tftp|ftp|scp|ssh|admission|urlfilter)\s(?:.*\s)?(?:access-group|access-list|access-class|list|group-list|rp-address\s+\S+|accept-register list)\s+(?<name>\S+)/i,
  /^tftp-server\s+\S+\s+(?:alias\s+\S+\s+)?(?<name>\d+)$/i,
  /^(?:ip\s+)?radius.*\saccess-list\s+(?<name>\S+)/i,
  /^(?:mac\s+)?(?:offset-list|summary-metric)\s+(?<name>\S+)\s+(?:in|out)/i,
  /^rate-limit\s+(?:input|output)\s+access-group\s+(?<name>\d+)/i,
];

const OTHER_PLACES: readonly Place[] = [
  { kind: 'route-map', pattern: /\sroute-map\s+(?<name>[^\s]+)/i },
  { kind: 'interface', pattern: /\s(?:source-interface|update-source|trap-source)\s+(?<name>[a-z][\w/.:-]*\d)/i },
  { kind: 'interface', pattern: /^(?:no\s+)?passive-interface\s+(?<name>[a-z][\w/.:-]*\d)/i },
];

/** A word that every one of these places has: most lines have none. */
const MARKS = /access|community|list|group|address|next-hop|route-|rp-|source|interface|tftp-server|summary-metric/i;

/** Notes what the line at hand names. It decides nothing about forwarded packets, or is not modelled. */
export function noteReferences(reader: Reader): void {
  const line = reader.text.slice(reader.at, Math.min(reader.end, reader.at + 400));
  if (!MARKS.test(line) || /^no\s/i.test(line)) return;
  for (const pattern of ACL_PLACES) {
    if (note(reader, 'acl', line, pattern)) return;
  }
  for (const { kind, pattern } of OTHER_PLACES) note(reader, kind, line, pattern);
}

function note(reader: Reader, kind: DefinitionKind, line: string, pattern: RegExp): boolean {
  const found = pattern.exec(line);
  const name = found?.groups?.name;
  if (found === null || name === undefined) return false;
  const start = reader.at + found.index + found[0].lastIndexOf(name);
  reader.config.references.push({
    kind,
    name,
    use: 'other',
    origin: { file: reader.file.path, start, end: start + name.length, label: name },
  });
  return true;
}
