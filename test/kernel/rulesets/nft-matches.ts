import { formatIp, maskOf, TCP } from '../support/packet.js';
import type { World } from '../support/reference.js';
import type { Aim } from './aim.js';
import { hasConnection, MARK_MASKS, MARKS, type Part } from './iptables-matches.js';
import { CONCATENATIONS, FIELDS, type Field, MARK, NAMES, type Span } from './nft-fields.js';

/** What the rules of a table may name, gathered while they are made. */
export class Names {
  readonly prelude: string[] = [];
  readonly epilogue: string[] = [];
  readonly defines: string[] = [];
  readonly table: string;
  #count = 0;

  constructor(table: string) {
    this.table = table;
  }

  next(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }
}

/** One element of a set: a span of each of the set's fields. */
type Element = readonly Span[];

/** Some elements of which no two hold for one packet. */
export function disjoint(aim: Aim, fields: readonly Field[], least: number, most: number): Element[] {
  const elements: Element[] = [];
  for (let tries = aim.random.between(least, most); tries > 0; tries -= 1) {
    const element = fields.map((field) => field.span(aim));
    const clashes = elements.some((other) => other.every((span, at) => overlaps(span, element[at] as Span)));
    if (!clashes) elements.push(element);
  }
  return elements;
}

function overlaps(a: Span, b: Span): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function textOf(element: Element): string {
  return element.map((span) => span.text).join(' . ');
}

/** The element that holds for the packet; undefined where the packet lacks a field. */
export function find<T>(
  world: World,
  fields: readonly Field[],
  pairs: readonly (readonly [Element, T])[],
): T | undefined | 'absent' {
  const values = fields.map((field) => field.read(world));
  if (values.includes(undefined)) return 'absent';
  const found = pairs.find(([element]) =>
    element.every((span, at) => span.first <= (values[at] as number) && (values[at] as number) <= span.last),
  );
  return found?.[1];
}

/** The key of a set or map, with the guard that its fields need. */
export function keyOf(fields: readonly Field[]): string {
  const guards = fields.flatMap((field) => field.guard ?? []);
  return [...guards, fields.map((field) => field.text).join(' . ')].join(' ');
}

export function randomKey(aim: Aim): readonly Field[] {
  return aim.random.chance(30) ? aim.random.pick(CONCATENATIONS) : [randomField(aim)];
}

function randomField(aim: Aim): Field {
  for (;;) {
    const field = aim.random.pick(FIELDS);
    if (aim.asksKinds || field.type !== 'fib_addrtype') return field;
  }
}

/** A random expression. `''` as text: none. */
export function randomMatch(aim: Aim, names: Names): Part {
  const { random } = aim;
  switch (random.between(1, 20)) {
    case 1:
      return flags(aim);
    case 2:
      return maskedMark(aim);
    case 3:
      return maskedAddress(aim);
    case 4:
      return wildcard(aim);
    case 5:
      return states(aim);
    case 6:
      return translated(aim, names);
    case 7:
    case 8:
    case 9:
      return inSet(aim, names, random.pick(CONCATENATIONS));
    case 10:
    case 11:
    case 12:
    case 13:
      return inSet(aim, names, [randomField(aim)]);
    default:
      return compare(aim, names, randomField(aim));
  }
}

function compare(aim: Aim, names: Names, field: Field): Part {
  const { random } = aim;
  const span = field.span(aim);
  const key = keyOf([field]);
  const on = (holds: (value: number) => boolean) => (world: World) => {
    const value = field.read(world);
    return value !== undefined && holds(value);
  };
  if (field.ordered && span.first === span.last && random.chance(20)) {
    const [operator, holds] = random.pick([
      ['<', (value: number) => value < span.first],
      ['<=', (value: number) => value <= span.first],
      ['>', (value: number) => value > span.first],
      ['>=', (value: number) => value >= span.first],
    ] as const);
    // nft refuses what can never hold.
    const never = (operator === '<' && span.first === 0) || (operator === '>' && span.first >= 255);
    if (!never) return { text: `${key} ${operator} ${span.text}`, holds: on(holds) };
  }
  const within = on((value) => value >= span.first && value <= span.last);
  const outside = on((value) => value < span.first || value > span.last);
  const text = random.chance(10) ? defined(names, span.text) : span.text;
  if (random.chance(20)) return { text: `${key} != ${text}`, holds: outside };
  return { text: `${key} ${random.chance(15) ? '== ' : ''}${text}`, holds: within };
}

function defined(names: Names, text: string): string {
  const name = `${names.table.replaceAll(' ', '_')}_${names.next('word')}`;
  names.defines.push(`define ${name} = ${text}`);
  return `$${name}`;
}

function inSet(aim: Aim, names: Names, fields: readonly Field[]): Part {
  const { random } = aim;
  const negated = random.chance(20);
  const holds = (pairs: readonly (readonly [Element, true])[]) => (world: World) => {
    const found = find(world, fields, pairs);
    return found !== 'absent' && (found === true) !== negated;
  };
  const operator = negated ? '!= ' : '';
  const elements = disjoint(aim, fields, 1, 6);
  const pairs = elements.map((element) => [element, true as const] as const);
  if (random.chance(50) || fields.some((field) => field.type === 'fib_addrtype')) {
    const list = `{ ${elements.map(textOf).join(', ')} }`;
    const text = random.chance(10) ? defined(names, list) : list;
    return { text: `${keyOf(fields)} ${operator}${text}`, holds: holds(pairs) };
  }
  // A set that is left empty is one that a program fills, as the product has it: test/fixtures has these.
  const name = setOf(aim, names, fields, elements);
  return { text: `${keyOf(fields)} ${operator}@${name}`, holds: holds(pairs) };
}

/** Writes a named set, some elements of it perhaps behind the tables, and gives its name. */
function setOf(aim: Aim, names: Names, fields: readonly Field[], elements: readonly Element[]): string {
  const name = names.next('set');
  const type = fields.map((field) => field.type).join(' . ');
  const ranges = elements.some((element) => element.some((span) => span.first !== span.last));
  const later = aim.random.chance(25) ? elements.slice(Math.floor(elements.length / 2)) : [];
  const now = elements.slice(0, elements.length - later.length);
  const list = (some: readonly Element[]) => `{ ${some.map(textOf).join(', ')} }`;
  names.prelude.push(
    `  set ${name} {`,
    `    type ${type}`,
    ...(ranges ? ['    flags interval'] : []),
    ...(now.length === 0 ? [] : [`    elements = ${list(now)}`]),
    '  }',
  );
  if (later.length > 0) names.epilogue.push(`add element ${names.table} ${name} ${list(later)}`);
  return name;
}

const FLAGS = [
  [0x01, 'fin'],
  [0x02, 'syn'],
  [0x04, 'rst'],
  [0x08, 'psh'],
  [0x10, 'ack'],
  [0x20, 'urg'],
] as const;

function flags(aim: Aim): Part {
  const { random } = aim;
  const mask = random.some(FLAGS, 1, 5);
  const set = random.some(mask, 1, mask.length);
  const bits = (some: readonly (readonly [number, string])[]) => some.reduce((sum, [bit]) => sum | bit, 0);
  const words = (some: readonly (readonly [number, string])[], by: string) => some.map(([, word]) => word).join(by);
  const group = mask.length === 1 ? words(mask, '') : `(${words(mask, ' | ')})`;
  const value = words(set, ' | ');
  const on = (text: string, holds: (flags: number) => boolean): Part => ({
    text: `tcp flags ${text}`,
    holds: ({ packet }) => packet.protocol === TCP && holds(packet.tcpFlags),
  });
  switch (random.between(1, 8)) {
    case 1:
      return on(words(set, ','), (byte) => (byte & bits(set)) !== 0);
    case 2:
      return on(`& ${group} == ${value}`, (byte) => (byte & bits(mask)) === bits(set));
    case 3:
      return on(`& ${group} != ${value}`, (byte) => (byte & bits(mask)) !== bits(set));
    case 4:
      return on(`& ${group} != 0`, (byte) => (byte & bits(mask)) !== 0);
    case 5:
      if (mask.length === 1) return flags(aim);
      return on(`${words(set, ',')} / ${words(mask, ',')}`, (byte) => (byte & bits(mask)) === bits(set));
    case 6:
      return on(`== ${words(set.slice(0, 1), '')}`, (byte) => byte === bits(set.slice(0, 1)));
    // Without a mask, `!=` compares the whole byte.
    case 7:
      return on(`!= ${words(set.slice(0, 1), '')}`, (byte) => byte !== bits(set.slice(0, 1)));
    default:
      return on(`! ${words(set, ',')}`, (byte) => (byte & bits(set)) === 0);
  }
}

function maskedMark(aim: Aim): Part {
  const { random } = aim;
  const mask = random.pick(MARK_MASKS.slice(2));
  const value = (random.pick(MARKS) & mask) >>> 0;
  const of = random.chance(75) ? MARK : (FIELDS.find(({ text }) => text === 'ct mark') as Field);
  const negated = random.chance(25);
  const and = random.pick(['&', 'and']);
  return {
    text: `${of.text} ${and} 0x${mask.toString(16)} ${negated ? '!=' : '=='} 0x${value.toString(16)}`,
    holds(world) {
      const mark = of.read(world);
      return mark !== undefined && ((mark & mask) >>> 0 === value) !== negated;
    },
  };
}

function maskedAddress(aim: Aim): Part {
  const { random } = aim;
  const mask = random.pick([0xff00ff00, 0xff0000ff, 0xffffff00, 0x000000ff, 0xfffffffe, maskOf(22)]);
  const wanted = (aim.address() & mask) >>> 0;
  const field = random.pick(['src', 'dst'] as const);
  const negated = random.chance(25);
  return {
    text: `ip ${field === 'src' ? 'saddr' : 'daddr'} & ${formatIp(mask)} ${negated ? '!=' : '=='} ${formatIp(wanted)}`,
    holds: (world) => ((world[field] & mask) >>> 0 === wanted) !== negated,
  };
}

function wildcard(aim: Aim): Part {
  const { random } = aim;
  const side = random.pick(['in', 'out'] as const);
  if (random.chance(40)) {
    const name = NAMES[random.between(1, 4)] as string;
    const negated = random.chance(25);
    return {
      text: `${side === 'in' ? 'iif' : 'oif'} ${negated ? '!= ' : ''}"${name}"`,
      holds: (world) => (world[side] === name) !== negated,
    };
  }
  const prefix = random.pick(['eth', 'eth0.', 'w', 'la', 'lan', 'nosuch']);
  const negated = random.chance(25);
  return {
    text: `${side === 'in' ? 'iifname' : 'oifname'} ${negated ? '!= ' : ''}"${prefix}*"`,
    holds: (world) => (world[side] ?? '').startsWith(prefix) !== negated,
  };
}

/** Lists of states without braces: one of them; behind `!=` nothing is one of several at once, so it always holds. */
function states(aim: Aim): Part {
  const { random } = aim;
  const words = random.some(['established', 'related', 'new', 'invalid', 'untracked'], 1, 3);
  const is = (world: World) => words.includes(world.tracked === 'none' ? 'invalid' : world.tracked);
  if (random.chance(25)) {
    return { text: `ct state != ${words.join(',')}`, holds: (world) => words.length > 1 || !is(world) };
  }
  return { text: `ct state ${words.join(',')}`, holds: is };
}

function translated(aim: Aim, names: Names): Part {
  const { random } = aim;
  if (random.chance(30)) return { text: 'ct direction original', holds: hasConnection };
  if (random.chance(30) && names.table.startsWith('inet')) return { text: 'meta nfproto ipv4', holds: () => true };
  const words = random.some(['dnat', 'snat'], 1, 2);
  return {
    text: `ct status ${words.join(',')}`,
    holds: (world) =>
      hasConnection(world) &&
      ((words.includes('dnat') && world.dstTranslated) || (words.includes('snat') && world.srcTranslated)),
  };
}
