import type { PolicyAction, Test } from '../../model/policy.js';
import { keyed, mapElements } from './convert-rule.js';
import type { Branch } from './place-rule.js';
import { type FindSet, fold } from './ranges.js';
import type { Statement, Term } from './rule.js';
import { anyOf, dependencies, type Held, undecidable } from './tests.js';

const ALL = 0xffffffff;

type SetMark = Extract<Statement, { kind: 'set-mark' }>;

/** What setting a mark does: actions one after the other, or one of several by the key of a map. */
export type MarkChange = { readonly tests: readonly Test[] } & (
  | { readonly actions: readonly PolicyAction[]; readonly branches?: undefined }
  | { readonly branches: readonly Branch[]; readonly keys: Held }
);

export function markActions({ target, source }: SetMark, findSet: FindSet): MarkChange {
  switch (source.kind) {
    case 'value': {
      const value = fold(source.value, 'mark');
      if (typeof value !== 'number') return { tests: [], actions: [unknown(target)] };
      return { tests: [], actions: [{ kind: 'set-mark', target, mask: ALL, value }] };
    }
    case 'term':
      return { tests: dependencies(source.term.field), actions: reckoned(target, source.term) };
    case 'map': {
      const tests = source.key.flatMap(({ field }) => dependencies(field));
      const { elements, doubt } = mapElements(source.map, findSet);
      const branches = keyed(source.key, elements, findSet).map(({ held, data }): Branch => {
        const value = data === undefined || data.kind === 'verdict' ? undefined : fold(data, 'mark');
        const action: PolicyAction =
          typeof value === 'number' ? { kind: 'set-mark', target, mask: ALL, value } : unknown(target);
        return { held, action };
      });
      if (doubt !== undefined) branches.push({ held: [undecidable(doubt)], action: unknown(target) });
      return { tests, branches, keys: anyOf(branches.map(({ held }) => held)) };
    }
    default:
      return { tests: [], actions: [unknown(target)] };
  }
}

function unknown(target: SetMark['target']): PolicyAction {
  return { kind: 'unknown', words: `the ${target === 'mark' ? 'mark' : 'connection mark'} that is set is not known` };
}

/** `meta mark and 0xff or 0x100`: (mark & keep) ^ flip. */
function reckoned(target: SetMark['target'], { field, operations }: Term): PolicyAction[] {
  let keep = ALL;
  let flip = 0;
  for (const { op, value } of operations) {
    const bits = fold(value, 'mark');
    if (typeof bits !== 'number') return [unknown(target)];
    switch (op) {
      case '&':
        keep = (keep & bits) >>> 0;
        flip = (flip & bits) >>> 0;
        break;
      case '|':
        keep = (keep & ~bits) >>> 0;
        flip = (flip | bits) >>> 0;
        break;
      case '^':
        flip = (flip ^ bits) >>> 0;
        break;
      default:
        return [unknown(target)];
    }
  }
  if (field.what === target) return [{ kind: 'set-mark', target, mask: ~keep >>> 0, value: flip }];
  if (field.what !== 'mark' && field.what !== 'connection-mark') return [unknown(target)];
  const actions: PolicyAction[] = [];
  if (keep !== ALL) actions.push({ kind: 'set-mark', target, mask: ALL, value: 0 });
  if (keep !== 0) actions.push({ kind: 'copy-mark', to: target, mask: keep });
  if (flip !== 0) actions.push({ kind: 'set-mark', target, mask: 0, value: flip });
  return actions;
}
