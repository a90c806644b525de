import { StatementState } from '../../text/statements.js';
import type { Saying } from './apply.js';
import { interfaceOf, type LinuxConfig, type LinuxInterface, tableName } from './config.js';

/** What `ip link add`, `ip link set` and `ip link del` do. Source: ip-link(8). */
export function applyLink(saying: Saying, words: readonly string[]): StatementState {
  const [verb = ''] = words;
  if (verb !== '' && 'add'.startsWith(verb)) return addLink(saying, words);
  if (verb !== '' && 'set'.startsWith(verb)) return setLink(saying, words);
  if (verb.length >= 3 && 'delete'.startsWith(verb)) {
    const name = nameIn(words, 1);
    const iface = name === undefined ? undefined : saying.config.interfaces.get(name);
    if (iface !== undefined && saying.undecidable === undefined) saying.config.interfaces.delete(iface.name);
    return StatementState.modelled;
  }
  return StatementState.ignored;
}

const NAME_WORDS = new Set(['dev', 'name']);

function nameIn(words: readonly string[], from: number): string | undefined {
  return NAME_WORDS.has(words[from] ?? '') ? words[from + 1] : words[from];
}

function addLink({ config, origin }: Saying, words: readonly string[]): StatementState {
  const typeAt = words.indexOf('type');
  const before = typeAt === -1 ? words : words.slice(0, typeAt);
  let name: string | undefined;
  for (let at = 1; at < before.length; at += 1) {
    const word = before[at] as string;
    if (word === 'link' || /^(?:address|broadcast|mtu|txqueuelen|index|numtxqueues|numrxqueues|netns)$/.test(word)) {
      if (word === 'link' && before[at + 1] !== undefined) interfaceOf(config, before[at + 1] as string, origin);
      at += 1;
    } else if (NAME_WORDS.has(word)) {
      name = before[at + 1];
      at += 1;
    } else if (name === undefined && !/^(?:up|down)$/.test(word)) name = word;
  }
  if (name === undefined) return StatementState.ignored;
  const iface = interfaceOf(config, name, origin);
  const type = typeAt === -1 ? '' : (words[typeAt + 1] ?? '');
  applyType(config, iface, type, words.slice(typeAt + 2));
  return StatementState.modelled;
}

/** What the kind of a link, and the words behind it, say of it. */
export function applyType(config: LinuxConfig, iface: LinuxInterface, type: string, words: readonly string[]): void {
  const valueNamed = (name: string): string | undefined => {
    const at = words.indexOf(name);
    return at === -1 ? undefined : words[at + 1];
  };
  if (type === 'vlan') {
    const id = valueNamed('id');
    iface.kind = 'subinterface';
    if (id !== undefined && /^\d{1,4}$/.test(id)) iface.vlan = Number(id);
  } else if (type === 'vrf') {
    const table = valueNamed('table');
    iface.kind = 'other';
    if (table !== undefined) config.vrfTables.set(iface.name, tableName(config, table));
  } else if (type === 'bond' || type === 'team') iface.kind = 'port-channel';
  else if (type === 'bridge' || type === 'veth' || type === 'ifb' || type === 'macvlan' || type === 'ipvlan')
    iface.kind = 'other';
  // The kernel forwards out of a dummy like out of any other; nothing is behind it.
  else if (type === 'dummy') iface.kind = 'other';
  else if (/^(?:gre|gretap|ipip|sit|vti|xfrm|wireguard|vxlan|geneve|ppp|tun)$/.test(type)) iface.kind = 'tunnel';
}

const SET_WORDS_WITH_VALUE = new Set(
  'mtu address addr txqueuelen txqlen broadcast brd peer alias vf netns link-netnsid group promisc multicast arp'.split(
    ' ',
  ),
);

function setLink({ config, origin, undecidable }: Saying, words: readonly string[]): StatementState {
  const name = nameIn(words, 1);
  if (name === undefined) return StatementState.ignored;
  let iface = interfaceOf(config, name, origin);
  let state: StatementState = StatementState.ignored;
  for (let at = NAME_WORDS.has(words[1] ?? '') ? 3 : 2; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (word === 'up' || word === 'down') {
      if (undecidable === undefined) iface.up = word === 'up';
      else if (word === 'down') iface.mayBeDown = `"${origin.label}" ${undecidable}`;
      state = StatementState.modelled;
    } else if ((word === 'master' || word === 'vrf') && next !== undefined) {
      iface.master = next;
      state = StatementState.modelled;
      at += 1;
    } else if (word === 'nomaster') {
      delete iface.master;
      state = StatementState.modelled;
    } else if (word === 'name' && next !== undefined) {
      config.interfaces.delete(iface.name);
      iface = { ...iface, name: next };
      config.interfaces.set(next, iface);
      state = StatementState.modelled;
      at += 1;
    } else if (word === 'type') {
      applyType(config, iface, next ?? '', words.slice(at + 2));
      return StatementState.modelled;
    } else if (SET_WORDS_WITH_VALUE.has(word)) at += 1;
  }
  return state;
}
