import { type Fib, type FibEntry, routesFor } from '../../dataplane/fib.js';
import type { Interval } from '../../headerspace/header-space.js';
import type { Ip } from '../../net/ip.js';
import { firstIp, lastIp } from '../../net/prefix.js';

/** Destinations that the same routes decide for. */
export interface RouteClass {
  readonly intervals: readonly Interval[];
  readonly routes: readonly FibEntry[];
  readonly certain: boolean;
}

interface GrowingClass extends RouteClass {
  readonly intervals: Interval[];
}

const known = new WeakMap<Fib, { readonly interval: Interval; readonly classes: readonly RouteClass[] }>();

/** The destinations of an interval, in classes that the same routes decide for. Those of the last interval are kept. */
export function routeClasses(fib: Fib, interval: Interval): readonly RouteClass[] {
  const before = known.get(fib);
  if (before?.interval[0] === interval[0] && before.interval[1] === interval[1]) return before.classes;
  const classes = classesOf(fib, interval);
  known.set(fib, { interval, classes });
  return classes;
}

function classesOf(fib: Fib, [first, last]: Interval): RouteClass[] {
  const cuts = new Set<Ip>([first]);
  for (const { prefix } of fib.entries) {
    if (firstIp(prefix) > last || lastIp(prefix) < first) continue;
    if (firstIp(prefix) > first) cuts.add(firstIp(prefix));
    if (lastIp(prefix) < last) cuts.add(lastIp(prefix) + 1);
  }
  const starts = [...cuts].sort((a, b) => a - b);
  const classes: GrowingClass[] = [];
  const byFirst = new Map<FibEntry | undefined, GrowingClass[]>();
  for (const [at, start] of starts.entries()) {
    const interval: Interval = [start, (starts[at + 1] ?? last + 1) - 1];
    const { routes, certain } = routesFor(fib, start);
    const alike = byFirst.get(routes[0]) ?? [];
    const same = alike.find(
      (one) =>
        one.certain === certain &&
        one.routes.length === routes.length &&
        one.routes.every((route, index) => route === routes[index]),
    );
    if (same !== undefined) {
      same.intervals.push(interval);
      continue;
    }
    const one = { intervals: [interval], routes, certain };
    classes.push(one);
    alike.push(one);
    byFirst.set(routes[0], alike);
  }
  return classes;
}
