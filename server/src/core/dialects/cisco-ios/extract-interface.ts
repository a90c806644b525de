import { StatementState } from '../../text/statements.js';
import { keywordOf } from '../common/words.js';
import { emptyInterface, type IosInterface } from './config.js';
import { readInterfaceIp } from './extract-interface-ip.js';
import { notePort } from './extract-layer2.js';
import { readServicePolicy } from './extract-policies.js';
import { readRouterGroup, readRouterGroupLine } from './extract-router-group.js';
import { type InterfaceName, interfaceName, isInterfaceType } from './interface-names.js';
import { readInterfaceVrf } from './interface-vrf.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** Reads `interface X`, `interface range ...`, `default interface X` and `no interface X`. */
export function readInterfaceHeader(reader: Reader, mode: 'plain' | 'no' | 'default'): LineResult {
  const { words, config } = reader;
  if (!words.accept('interface', 3)) return NOT_MINE;
  const isRange = words.accept('range', 2);
  const start = skipToWord(reader);
  const ids = isRange ? rangeNames(rangeText(reader)) : singleName(words.rest());
  if (ids.length === 0) {
    // Whatever they are, the lines that follow are not of the interface before.
    if (isRange) reader.enter('interface');
    return StatementState.unknown;
  }
  if (mode !== 'plain') {
    reader.leave();
    for (const id of ids) {
      config.interfaces.delete(id.key);
      if (mode === 'default') config.interfaces.set(id.key, emptyInterface(id, reader.lineOrigin()));
    }
    return StatementState.modelled;
  }
  reader.enter('interface');
  reader.ifaces = ids.map((id) => {
    const known = config.interfaces.get(id.key);
    const iface = known ?? emptyInterface(id, reader.lineOrigin());
    config.interfaces.set(id.key, iface);
    iface.openRouterGroup = undefined;
    reader.define('interface', iface.id.name, start, reader.end);
    return iface;
  });
  return StatementState.modelled;
}

/** What `interface range` names, also by `macro NAME`. */
function rangeText({ words, config }: Reader): string {
  const at = words.stop;
  const macro = words.accept('macro', 3) ? words.take() : undefined;
  if (macro === undefined) words.rewind(at);
  return macro === undefined ? words.rest() : (config.interfaceRanges.get(macro) ?? '');
}

/** Reads `define interface-range NAME RANGE`, a global command. */
export function readRangeDefinition(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.accept('define', 4) || !words.accept('interface-range', 3)) return NOT_MINE;
  const name = words.take();
  if (name === undefined) return StatementState.unknown;
  if (negated) config.interfaceRanges.delete(name);
  else config.interfaceRanges.set(name, words.rest());
  return StatementState.modelled;
}

function skipToWord(reader: Reader): number {
  const { words } = reader;
  if (words.next()) words.back();
  return words.start;
}

/** `GigabitEthernet0/1`, `GigabitEthernet 0/1`, `Serial0/0/0 point-to-point`. */
function singleName(written: string): readonly InterfaceName[] {
  const parts = written.split(/\s+/, 3);
  const first = parts[0] ?? '';
  if (first === '') return [];
  const second = parts[1] ?? '';
  const separate = /^\d/.test(second) && isInterfaceType(first);
  return [interfaceName(separate ? first + second : first)];
}

/** The most interfaces that one `interface range` may name, as a guard against a slip of the pen. */
const LARGEST_RANGE = 4096;

/** `Gi0/1 - 4, Gi0/7 , Vlan210 - 212`: the last number of a name counts up. */
function rangeNames(written: string): readonly InterfaceName[] {
  const names: InterfaceName[] = [];
  for (const part of written.split(',')) {
    const range = /^\s*([a-z][a-z0-9-]*?)\s*([\d/.:]*?)(\d+)\s*(?:-\s*(?:[a-z-]*\s*[\d/.:]*?)(\d+))?\s*$/i.exec(
      part.slice(0, 200),
    );
    if (range === null) return [];
    const [, type, fixed, firstText, lastText] = range;
    const first = Number(firstText);
    const last = lastText === undefined ? first : Number(lastText);
    if (last < first || last - first + names.length >= LARGEST_RANGE) return [];
    for (let number = first; number <= last; number += 1) names.push(interfaceName(`${type}${fixed}${number}`));
  }
  return names;
}

/** Interface commands that begin with another word than `ip`. */
const COMMANDS = [
  'autostate',
  'bridge-group',
  'channel-group',
  'description',
  'encapsulation',
  'glbp',
  'ip',
  'ppp',
  'private-vlan',
  'rate-limit',
  'service-policy',
  'shutdown',
  'standby',
  'switchport',
  'tunnel',
  'vrf',
  'vrrp',
  'zone-member',
] as const;

/** Reads a line of an interface block. */
export function readInterfaceLine(reader: Reader): LineResult {
  const ofGroup = readRouterGroupLine(reader);
  if (ofGroup !== NOT_MINE || reader.nested) return ofGroup;
  const negated = reader.begin();
  const { words } = reader;
  if (!words.next()) return NOT_MINE;
  // `sh` is `shutdown` here, and `s` could be one of a dozen commands.
  const command = words.stop - words.start < 2 ? undefined : keywordOf(words.word().slice(0, 20), COMMANDS);
  if (command === undefined) return NOT_MINE;
  let result: LineResult = NOT_MINE;
  const from = words.stop;
  for (const iface of reader.ifaces) {
    words.rewind(from);
    result = command === 'ip' ? readInterfaceIp(reader, iface, negated) : READERS[command](reader, iface, negated);
    if (result === NOT_MINE) return NOT_MINE;
  }
  return result;
}

type InterfaceCommandReader = (reader: Reader, iface: IosInterface, negated: boolean) => LineResult;

const READERS: Readonly<Record<Exclude<(typeof COMMANDS)[number], 'ip'>, InterfaceCommandReader>> = {
  autostate(reader, iface, negated) {
    if (!reader.words.done) return NOT_MINE;
    iface.autostate = !negated;
    return StatementState.modelled;
  },

  'channel-group'(reader, iface, negated) {
    const channel = reader.words.takeNumber();
    if (!negated && channel === undefined) return NOT_MINE;
    iface.channel = negated ? undefined : channel;
    return StatementState.modelled;
  },

  description(reader, iface, negated) {
    iface.description = negated ? undefined : reader.words.rest();
    return StatementState.modelled;
  },

  shutdown(reader, iface, negated) {
    if (!reader.words.done) return NOT_MINE;
    iface.shutdown = !negated;
    return StatementState.modelled;
  },

  vrf(reader, iface, negated) {
    return readInterfaceVrf(reader, iface, negated);
  },

  encapsulation(reader, iface, negated) {
    const { words } = reader;
    if (!words.accept('dot1q', 3) && !words.accept('isl', 3)) return NOT_MINE;
    if (negated) {
      iface.dot1q = undefined;
      return StatementState.modelled;
    }
    const tag = words.takeNumber();
    if (tag === undefined) return StatementState.unknown;
    // Packets with a second tag are not those of the VLAN that the outer tag names.
    iface.dot1q = words.accept('second-dot1q', 2) ? undefined : tag;
    return StatementState.modelled;
  },

  switchport(reader, iface, negated) {
    const { words } = reader;
    if (words.done) {
      iface.switchport = !negated;
      return StatementState.modelled;
    }
    iface.switchport ??= true;
    const from = words.stop;
    if (!negated && words.accept('access', 2) && words.accept('vlan', 1) && words.next()) reader.refer('vlan');
    words.rewind(from);
    notePort(reader, iface.port, negated);
    return StatementState.ignored;
  },

  'service-policy': readServicePolicy,
  glbp: readRouterGroup('glbp'),
  standby: readRouterGroup('standby'),
  vrrp: readRouterGroup('vrrp'),

  tunnel(reader, iface, negated) {
    if (!reader.words.accept('source', 2)) return NOT_MINE;
    const source = reader.words.rest();
    iface.tunnelSource = negated || source === '' ? undefined : source;
    return StatementState.modelled;
  },

  'private-vlan'(reader, { id }, negated) {
    if (!reader.words.accept('mapping', 3)) return NOT_MINE;
    if (!negated && id.vlan !== undefined) reader.config.layer2.privateVlans.add(id.vlan);
    return StatementState.unmodelled;
  },

  'rate-limit'(reader, iface, negated) {
    const { words } = reader;
    const direction = words.accept('input', 2) ? 'in' : words.accept('output', 1) ? 'out' : undefined;
    let drops = false;
    while (words.next()) drops ||= words.is('conform-action', 5) && words.accept('drop');
    if (negated || direction === undefined || !drops) return NOT_MINE;
    const origin = reader.lineOrigin();
    iface.features.push({ effect: 'may-drop', direction, words: `${origin.label}: not modelled`, origin });
    return StatementState.unmodelled;
  },

  'zone-member'(reader, iface, negated) {
    const { words } = reader;
    if (!words.accept('security', 3)) return NOT_MINE;
    if (negated) iface.zone = undefined;
    else if (words.next()) iface.zone = { name: words.word(), origin: reader.lineOrigin() };
    return StatementState.modelled;
  },

  'bridge-group'(reader, iface, negated) {
    if (reader.words.takeNumber() === undefined) return NOT_MINE;
    if (reader.words.done) iface.bridgeGroup = negated ? undefined : reader.lineOrigin();
    return StatementState.unmodelled;
  },

  ppp(reader, iface, negated) {
    const { words } = reader;
    if (!words.accept('ipcp', 3) || !words.accept('route', 2) || !words.accept('default', 3)) return NOT_MINE;
    iface.pppDefaultRoute = !negated;
    return StatementState.modelled;
  },
};
