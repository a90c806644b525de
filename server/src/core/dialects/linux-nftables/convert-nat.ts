import type { PolicyAction, Range, TranslatedAddress } from '../../model/policy.js';
import { prefixOf } from '../../net/prefix.js';
import { keyed, mapElements } from './convert-rule.js';
import type { Branch } from './place-rule.js';
import { type FindSet, rangeOf, wordsOf } from './ranges.js';
import type { Statement } from './rule.js';
import { dependencies, undecidable } from './tests.js';
import type { Value } from './values.js';

type Nat = Extract<Statement, { kind: 'nat' }>;

/** To what a rule translates: one thing, or one of several by the key of a map. */
export function translationOf(nat: Nat, findSet: FindSet): { readonly branches: readonly Branch[] } {
  const { address, ports, type } = nat;
  const field = type === 'dnat' || type === 'redirect' ? 'dst' : 'src';
  const range = ports === undefined ? undefined : portsOf(ports);
  const to = (where: TranslatedAddress | undefined, own = range): PolicyAction => ({
    kind: 'translate',
    field,
    ...(where === undefined ? {} : { address: where }),
    ...(own === undefined || own === 'unknown' ? {} : { ports: own }),
  });
  if (range === 'unknown') return { branches: [{ held: [], action: notTold(nat) }] };
  if (address === undefined) {
    const where = type === 'masquerade' || type === 'redirect' ? ({ kind: 'interface' } as const) : undefined;
    return { branches: [{ held: [], action: to(where) }] };
  }
  switch (address.kind) {
    case 'value':
      return { branches: [{ held: [], action: to(addressOf(address.value, nat.isPrefix)) }] };
    case 'map': {
      const needed = address.key.flatMap(({ field: one }) => dependencies(one));
      const { elements, doubt } = mapElements(address.map, findSet);
      const branches = keyed(address.key, elements, findSet).map(({ held, data }): Branch => {
        if (held === 'never' || data === undefined || data.kind === 'verdict')
          return { held: 'never', action: to(undefined) };
        const [where, port] = data.kind === 'concatenation' ? data.parts : [data, undefined];
        const own = port === undefined ? range : portsOf(port);
        const action =
          own === 'unknown' || where === undefined ? notTold(nat) : to(addressOf(where, nat.isPrefix), own);
        return { held: [...needed, ...held], action };
      });
      if (address.key.some(({ field: one }) => one.what === 'undecidable')) {
        // One of them is taken, which one cannot be told: the choice itself always comes out.
        return { branches: [{ held: needed, action: to({ kind: 'unknown', words: 'one of several addresses' }) }] };
      }
      if (doubt !== undefined) branches.push({ held: [...needed, undecidable(doubt)], action: notTold(nat) });
      return { branches };
    }
    default:
      return { branches: [{ held: [], action: notTold(nat) }] };
  }
}

function notTold({ type }: Nat): PolicyAction {
  return { kind: 'unknown', words: `what the ${type} translates to was not understood` };
}

function addressOf(value: Value, isPrefix: boolean): TranslatedAddress {
  const range = rangeOf(value, 'address');
  if (range === undefined || range === 'ipv6') return { kind: 'unknown', words: wordsOf(value) };
  if (isPrefix && value.kind === 'prefix') return { kind: 'prefix', prefix: prefixOf(range.first, value.length) };
  return { kind: 'range', first: range.first, last: range.last };
}

function portsOf(value: Value): Range | 'unknown' {
  const range = rangeOf(value, 'port');
  return range === undefined || range === 'ipv6' ? 'unknown' : range;
}
