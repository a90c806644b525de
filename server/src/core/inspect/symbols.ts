import type { Definition, DefinitionKind } from '../model/device.js';
import type { Reading } from '../model/reading.js';
import type { FileSymbol } from '../report.js';
import type { Places } from '../review/places.js';
import { redact } from '../text/redact.js';

const DETAILS: Readonly<Record<DefinitionKind, string>> = {
  acl: 'access list',
  'object-group': 'object group',
  interface: 'interface',
  vlan: 'VLAN',
  vrf: 'VRF',
  'route-map': 'route map',
  'time-range': 'time range',
  chain: 'chain',
  set: 'set',
};

/** The outline of a file: everything that it defines, in file order. */
export function symbolsOf(reading: Reading, places: Places): FileSymbol[] {
  const file = reading.file.path;
  return reading.device.definitions
    .filter((definition) => definition.origin.file === file)
    .sort((a, b) => a.block.start - b.block.start)
    .map((definition) => ({
      name: definition.name,
      detail: detailOf(reading, definition),
      kind: definition.kind,
      range: places.exact(file, definition.block),
      nameRange: places.exact(file, definition.origin),
    }));
}

function detailOf(reading: Reading, { kind, name }: Definition): string {
  if (kind === 'vlan') {
    const vlan = reading.device.vlans.find(({ id }) => String(id) === name);
    return vlan?.name === undefined ? DETAILS.vlan : `${DETAILS.vlan} ${redact(vlan.name)}`;
  }
  if (kind !== 'acl') return DETAILS[kind];
  const acl = reading.device.acls.get(name);
  return acl === undefined ? DETAILS.acl : `${acl.kind} access list`;
}
