import type { InterfaceKind } from '../../model/device.js';

/**
 * Types of interfaces, long and short, the commonest first: where an abbreviation fits more than one
 * (`f0/1`), a device takes the one that it has, and that is nearly always the commonest.
 */
const TYPES: readonly (readonly [string, string])[] = [
  ['GigabitEthernet', 'Gi'],
  ['FastEthernet', 'Fa'],
  ['TenGigabitEthernet', 'Te'],
  ['Ethernet', 'Et'],
  ['Vlan', 'Vl'],
  ['Loopback', 'Lo'],
  ['Tunnel', 'Tu'],
  ['Port-channel', 'Po'],
  ['Serial', 'Se'],
  ['TwoGigabitEthernet', 'Tw'],
  ['TwentyFiveGigE', 'Twe'],
  ['TwentyFiveGigabitEthernet', 'Twe'],
  ['FortyGigabitEthernet', 'Fo'],
  ['FiveGigabitEthernet', 'Fi'],
  ['FiftyGigE', 'Fif'],
  ['HundredGigE', 'Hu'],
  ['HundredGigabitEthernet', 'Hu'],
  ['TwoHundredGigE', 'TH'],
  ['FourHundredGigE', 'F'],
  ['AppGigabitEthernet', 'Ap'],
  ['Null', 'Nu'],
  ['BDI', 'BD'],
  ['BVI', 'BV'],
  ['Dialer', 'Di'],
  ['Multilink', 'Mu'],
  ['Virtual-Template', 'Vt'],
  ['Virtual-Access', 'Vi'],
  ['Virtual-PPP', 'Vp'],
  ['VirtualPortGroup', 'VP'],
  ['POS', 'PO'],
  ['ATM', 'AT'],
  ['BRI', 'BR'],
  ['Async', 'As'],
  ['Cellular', 'Ce'],
  ['CEM', 'CEM'],
  ['Dot11Radio', 'Do'],
  ['Embedded-Service-Engine', 'Em'],
  ['Group-Async', 'Gr'],
  ['IDSL', 'ID'],
  ['LISP', 'LI'],
  ['MFR', 'MFR'],
  ['NVI', 'NV'],
  ['nve', 'nve'],
  ['pseudowire', 'ps'],
  ['Service-Engine', 'Sv'],
  ['TokenRing', 'To'],
  ['Fddi', 'Fd'],
  ['Hssi', 'Hs'],
  ['vasileft', 'vl'],
  ['vasiright', 'vr'],
  ['Wlan-GigabitEthernet', 'Wl'],
  ['wlan-ap', 'wl'],
];

export interface InterfaceName {
  /** As written, without blanks between type and number: `GigabitEthernet0/1`, `g0/1`. */
  readonly name: string;
  /** The long form without regard to case: what two spellings of one interface have in common. */
  readonly key: string;
  readonly aliases: readonly string[];
  readonly kind: InterfaceKind;
  /** The number of an SVI. */
  readonly vlan?: number;
}

/** Splits `GigabitEthernet0/1.210` into its letters and its number; undefined where it has not both. */
function split(name: string): { readonly type: string; readonly number: string } | undefined {
  let at = name.length;
  while (at > 0 && isNumbering(name.charCodeAt(at - 1))) at -= 1;
  return at === 0 || at === name.length ? undefined : { type: name.slice(0, at), number: name.slice(at) };
}

/** Digits, and what stands between them: `/`, `.` and `:`. */
function isNumbering(code: number): boolean {
  return code >= 46 && code <= 58;
}

interface InterfaceType {
  readonly long: string;
  readonly short: string;
  /** Both in small letters. */
  readonly wholeWord: string;
  readonly shortWord: string;
}

const INTERFACE_TYPES: readonly InterfaceType[] = TYPES.map(([long, short]) => ({
  long,
  short,
  wholeWord: long.toLowerCase(),
  shortWord: short.toLowerCase(),
}));

function typeOf(word: string): InterfaceType | undefined {
  const wanted = word.toLowerCase();
  return (
    INTERFACE_TYPES.find(({ wholeWord }) => wholeWord === wanted) ??
    INTERFACE_TYPES.find(({ shortWord }) => shortWord === wanted) ??
    INTERFACE_TYPES.find(({ wholeWord }) => wholeWord.startsWith(wanted))
  );
}

/** Whether `word` is the type of an interface, or its first letters, without a number. */
export function isInterfaceType(word: string): boolean {
  return /^[a-z][a-z0-9-]*$/i.test(word) && !/\d$/.test(word) && typeOf(word) !== undefined;
}

/** Reads a name with its number (`Gi0/1`, `Vlan210`); a type not known here is kept as written. */
export function interfaceName(written: string): InterfaceName {
  const name = written.replace(/[\s\u00a0]+/g, '');
  const parts = split(name);
  const type = parts === undefined ? undefined : typeOf(parts.type);
  if (parts === undefined || type === undefined) {
    return { name, key: name.toLowerCase(), aliases: [], kind: 'other' };
  }
  const long = `${type.long}${parts.number}`;
  const short = `${type.short}${parts.number}`;
  const vlan = type.long === 'Vlan' && /^\d+$/.test(parts.number) ? Number(parts.number) : undefined;
  return {
    name,
    key: long.toLowerCase(),
    aliases: [...new Set([long, short])].filter((alias) => alias !== name),
    kind: kindOf(type.long, parts.number),
    ...(vlan === undefined ? {} : { vlan }),
  };
}

function kindOf(type: string, number: string): InterfaceKind {
  if (number.includes('.')) return 'subinterface';
  switch (type) {
    case 'Vlan':
    case 'BDI':
    case 'BVI':
      return 'svi';
    case 'Loopback':
      return 'loopback';
    case 'Tunnel':
      return 'tunnel';
    case 'Port-channel':
      return 'port-channel';
    case 'Dialer':
    case 'LISP':
    case 'Null':
    case 'NVI':
    case 'Virtual-Template':
    case 'Virtual-Access':
    case 'Virtual-PPP':
    case 'VirtualPortGroup':
    case 'nve':
    case 'pseudowire':
      return 'other';
    default:
      return 'physical';
  }
}

/** The interface that a subinterface is part of, by key; undefined for any other. */
export function parentKey(key: string): string | undefined {
  const dot = key.lastIndexOf('.');
  return dot === -1 ? undefined : key.slice(0, dot);
}
