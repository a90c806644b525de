import type { Test } from '../../model/policy.js';
import type { IosConfig } from './config.js';
import { interfaceName } from './interface-names.js';
import type { IosRouteMap, IosRouteMapEntry } from './route-map-config.js';

/** The entries in the order in which they are asked. */
export function entriesOf({ entries }: IosRouteMap): IosRouteMapEntry[] {
  return [...entries.values()].sort((a, b) => a.sequence - b.sequence);
}

/** The list permits the packet. What IOS makes of one that is not there differs from feature to feature. */
export function listTest(acl: string): Test {
  return { kind: 'list', acl, negated: false, empty: 'undecidable' };
}

/**
 * What must hold for an entry to match: each kind of its matches, and one of the lists of its kind.
 * `match interface` is the way out, which only translation knows.
 */
export function matchTests(config: IosConfig, entry: IosRouteMapEntry, knowsWayOut: boolean): Test[] {
  const tests: Test[] = [];
  const { lists, interfaces, doubts } = entry;
  const [first, ...others] = lists ?? [];
  if (first !== undefined) {
    const alternatives = [first, ...others].map((acl) => [listTest(acl)]);
    tests.push(others.length === 0 ? listTest(first) : { kind: 'any', alternatives, negated: false });
  }
  if (interfaces !== undefined) {
    const names = interfaces.map((written) => writtenName(config, written));
    tests.push(
      knowsWayOut
        ? { kind: 'out', names, negated: false }
        : { kind: 'undecidable', words: `match interface ${names.join(' ')}` },
    );
  }
  for (const { label } of doubts.values()) tests.push({ kind: 'undecidable', words: label });
  return tests;
}

/** What holds where a route map permits: its first entry that matches is a permit. */
export function permitTests(config: IosConfig, name: string): Test[] {
  const map = config.routeMaps.get(name);
  if (map === undefined) return [{ kind: 'undecidable', words: `route-map ${name} is not defined` }];
  const denied: Test[][] = [];
  const alternatives: Test[][] = [];
  for (const entry of entriesOf(map)) {
    const tests = matchTests(config, entry, true);
    if (entry.continues !== undefined) tests.push({ kind: 'undecidable', words: entry.continues.label });
    if (!entry.permits) denied.push(tests);
    else if (denied.length === 0) alternatives.push(tests);
    else alternatives.push([...tests, { kind: 'any', alternatives: [...denied], negated: true }]);
  }
  const [only, ...others] = alternatives;
  return only !== undefined && others.length === 0 ? only : [{ kind: 'any', alternatives, negated: false }];
}

/** As the interface's own block names it, where the file has one. */
export function writtenName(config: IosConfig, written: string): string {
  const { name, key } = interfaceName(written);
  return config.interfaces.get(key)?.id.name ?? name;
}
