import { lengthOfMask } from '../../net/prefix.js';
import { StatementState } from '../../text/statements.js';
import { keywordOf } from '../common/words.js';
import type { IosInterface } from './config.js';
import { readInterfaceVrf } from './interface-vrf.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/**
 * The `ip` commands of an interface, as far as an abbreviation must be told from others. Those that
 * are not read here are known lines.
 */
const COMMANDS = [
  'access-group',
  'accounting',
  'address',
  'admission',
  'directed-broadcast',
  'inspect',
  'nat',
  'ospf',
  'policy',
  'router',
  'unnumbered',
  'verify',
  'vrf',
] as const;

/** Reads an interface line that begins with `ip`; the words stand behind it. */
export function readInterfaceIp(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.next()) return NOT_MINE;
  const length = words.stop - words.start;
  const command = length < 2 ? undefined : keywordOf(words.word().slice(0, 20), COMMANDS);
  switch (command) {
    case 'access-group':
      return readAccessGroup(reader, iface, negated);
    case 'address':
      return readAddress(reader, iface, negated);
    case 'directed-broadcast':
      iface.directedBroadcast = !negated;
      return StatementState.modelled;
    case 'nat':
      return readNat(reader, iface, negated);
    case 'ospf':
      return readOspf(reader, iface, negated);
    case 'policy':
      return readPolicy(reader, iface, negated);
    case 'router':
      return readRouter(reader, iface, negated);
    case 'unnumbered':
      return readUnnumbered(reader, iface, negated);
    case 'verify':
      return readVerify(reader, iface, negated);
    case 'vrf':
      return readInterfaceVrf(reader, iface, negated);
    default:
      return NOT_MINE;
  }
}

function readAddress(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (words.done) {
    if (!negated) return StatementState.unknown;
    iface.primary = undefined;
    iface.secondaries = [];
    iface.learned = undefined;
    return StatementState.modelled;
  }
  const ip = words.takeIp();
  if (ip === undefined) return readLearnedAddress(reader, iface, negated);
  const mask = words.takeIp();
  if (mask === undefined || lengthOfMask(mask) === undefined) return StatementState.unknown;
  const secondary = words.accept('secondary', 1);
  if (!secondary && !words.done) return StatementState.unknown;
  if (negated) {
    if (secondary) iface.secondaries = iface.secondaries.filter((address) => address.ip !== ip);
    else if (iface.primary?.ip === ip) iface.primary = undefined;
    return StatementState.modelled;
  }
  const address = { ip, mask, origin: reader.lineOrigin() };
  if (secondary) {
    const known = iface.secondaries.findIndex((other) => other.ip === ip);
    if (known !== -1) iface.secondaries.splice(known, 1);
    iface.secondaries.push(address);
  } else {
    iface.primary = address;
    iface.learned = undefined;
    iface.unnumbered = undefined;
  }
  return StatementState.modelled;
}

function readLearnedAddress(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const word = keywordOf(reader.words.take() ?? '', ['dhcp', 'negotiated', 'pool'] as const);
  if (word === undefined) return StatementState.unknown;
  iface.learned = negated ? undefined : { word, origin: reader.lineOrigin() };
  if (!negated) {
    iface.primary = undefined;
    iface.secondaries = [];
    iface.unnumbered = undefined;
  }
  return StatementState.modelled;
}

function readUnnumbered(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (negated) {
    iface.unnumbered = undefined;
    return StatementState.modelled;
  }
  const lender = words.rest();
  if (lender === '') return StatementState.unknown;
  iface.unnumbered = { lender, origin: reader.lineOrigin() };
  iface.primary = undefined;
  iface.secondaries = [];
  iface.learned = undefined;
  return StatementState.modelled;
}

/**
 * `ip access-group X in`, and `ip access-group common C [X] in`, which chains two lists ("IPv4 ACL
 * Chaining Support", Security Configuration Guide: Access Control Lists, IOS XE). A second one for a
 * direction replaces the first.
 */
function readAccessGroup(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  const names: string[] = [];
  const spans: { readonly start: number; readonly stop: number }[] = [];
  const take = (): void => {
    names.push(words.word());
    spans.push({ start: words.start, stop: words.stop });
  };
  if (words.accept('common')) {
    // A list may be called `common`: then a direction follows at once, and ends the line.
    const at = words.stop;
    const direction = words.next() ? keywordOf(words.word(), ['in', 'out'] as const) : undefined;
    const isName = direction !== undefined && words.done;
    words.rewind(at);
    if (isName) {
      names.push('common');
      spans.push({ start: at - 'common'.length, stop: at });
    } else {
      if (words.next()) take();
      const next = words.stop;
      const last = words.next() && !words.done;
      words.rewind(next);
      if (last && words.next()) take();
    }
  } else if (words.next()) {
    take();
  }
  const written = words.take();
  const direction = written === undefined ? undefined : keywordOf(written, ['in', 'out'] as const);
  if (names.length === 0) return StatementState.unknown;
  if (direction === undefined) {
    if (negated) {
      iface.accessGroups.in = undefined;
      iface.accessGroups.out = undefined;
      return StatementState.modelled;
    }
    // Old releases take a missing direction for `out`; new ones refuse the line.
    iface.features.push({
      effect: 'may-drop',
      direction: 'both',
      words: `${reader.line()}: no direction`,
      origin: reader.lineOrigin(),
    });
    return StatementState.unmodelled;
  }
  iface.accessGroups[direction] = negated ? undefined : { names, origin: reader.lineOrigin() };
  if (!negated) {
    for (const { start, stop } of spans) {
      words.rewind(start);
      words.next();
      if (words.stop === stop) reader.refer('acl', 'filter');
    }
  }
  // The list of a layer-2 port filters the frames that the port switches, and is not on the way that
  // is modelled, which begins at the VLAN's interface.
  return iface.switchport === true ? StatementState.unmodelled : StatementState.modelled;
}

function readNat(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  const side = keywordOf(words.take() ?? '', ['inside', 'outside', 'enable'] as const);
  // Longer lines are the global statements.
  if (side === undefined || !words.done) return NOT_MINE;
  iface.nat[side] = negated ? undefined : reader.lineOrigin();
  return StatementState.modelled;
}

function readPolicy(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.accept('route-map', 3)) return NOT_MINE;
  if (negated) {
    iface.policyRouteMap = undefined;
    return StatementState.modelled;
  }
  if (!words.next()) return StatementState.unknown;
  reader.refer('route-map', 'filter');
  iface.policyRouteMap = { name: words.word(), origin: reader.lineOrigin() };
  return StatementState.modelled;
}

/** `ip verify unicast source reachable-via rx|any ...` and the older `ip verify unicast reverse-path [ACL]`. */
function readVerify(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.accept('unicast', 1)) return NOT_MINE;
  if (negated) {
    iface.reversePath = undefined;
    return StatementState.modelled;
  }
  let mode: 'strict' | 'loose' = 'strict';
  if (words.accept('source', 1)) {
    if (!words.accept('reachable-via', 1)) return NOT_MINE;
    const via = keywordOf(words.take() ?? '', ['any', 'rx'] as const);
    if (via === undefined) return StatementState.unknown;
    mode = via === 'any' ? 'loose' : 'strict';
  } else if (!words.accept('reverse-path', 3)) {
    return NOT_MINE;
  }
  const origin = reader.lineOrigin();
  iface.reversePath = { mode, origin };
  while (words.next()) {
    // A list lets packets through that fail the check, so the check may drop, and need not.
    if (words.is('allow-default', 7) || words.is('allow-self-ping', 7) || words.is('l2-src')) continue;
    reader.refer('acl', 'filter');
    iface.reversePath = undefined;
    iface.features.push({
      effect: 'may-drop',
      direction: 'in',
      words: `${reader.line()}: its list is not modelled`,
      origin,
    });
  }
  return StatementState.modelled;
}

/** `ip ospf 1 area 0` starts the process if nothing else does. */
function readOspf(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  const id = words.takeNumber();
  if (id === undefined || !words.accept('area', 1)) return NOT_MINE;
  return setProcess(reader, iface, `OSPF ${id}`, negated);
}

function readRouter(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.accept('isis', 4)) return NOT_MINE;
  const tag = words.take();
  return setProcess(reader, iface, tag === undefined ? 'IS-IS' : `IS-IS ${tag}`, negated);
}

function setProcess(reader: Reader, iface: IosInterface, name: string, negated: boolean): LineResult {
  const at = iface.processes.findIndex((process) => process.name === name);
  if (at !== -1) iface.processes.splice(at, 1);
  if (!negated) iface.processes.push({ name, origin: reader.lineOrigin() });
  return StatementState.modelled;
}
