import { type Fib, type FibEntry, type NextHop, routeName, routesFor, waysOut } from '../dataplane/fib.js';
import { type Network, type Node, neighboursAt } from '../dataplane/network.js';
import type { AceTable } from '../model/ace-table.js';
import type { AppliedFilter, Interface, RewrittenField, Uncertainty } from '../model/device.js';
import { formatIp } from '../net/ip.js';
import { prefixContains } from '../net/prefix.js';
import { type Assumption, type Fate, type FilterEntry, type Hop, passes } from './disposition.js';
import type { Flow } from './flow.js';
import { matches, matchesApartFrom } from './match.js';
import { CUT_SHORT_WORDS, MOST_STEPS, reversePathWords, switchesOnlyWords } from './words.js';

/**
 * The concrete evaluator: follows one packet, line by line, and says every fate it may have.
 *
 * It is the twin of the symbolic engine and shares none of its code: the symbolic answer is right
 * when both agree. It is meant to be read. Where something undecidable decides, it goes both ways.
 */
export function evaluate(network: Network, node: Node, ingress: Interface, flow: Flow): Fate[] {
  const fates = enter(
    { network, flow, hops: [], assumptions: [], visited: [], steps: { left: MOST_STEPS } },
    node,
    ingress,
  );
  // What passes comes first: the answer for somebody who must know whether it may.
  const passing = fates.filter((fate) => passes(fate.disposition));
  return [...passing, ...fates.filter((fate) => !passes(fate.disposition))];
}

/** A packet on its way. */
interface Walk {
  readonly network: Network;
  readonly flow: Flow;
  readonly hops: readonly Hop[];
  readonly assumptions: readonly Assumption[];
  readonly visited: readonly Interface[];
  /** What may still be followed; counted over all branches. */
  readonly steps: { left: number };
  /** Set when the packet came in where addresses are rewritten on the way out. */
  readonly rewrite?: Uncertainty;
  /** What may have been rewritten on the way here, and by what. */
  readonly rewritten?: { readonly fields: readonly RewrittenField[]; readonly by: Assumption };
}

/** One way a filter may answer. */
interface Answer {
  readonly permits: boolean;
  readonly hop?: Hop;
  readonly assumption?: Assumption;
}

function enter(walk: Walk, node: Node, iface: Interface): Fate[] {
  const device = node.device;
  const here = { device: device.name, iface };
  const entered = step(walk, {
    device: device.name,
    step: 'enter',
    name: iface.name,
    action: 'enters',
    origin: iface.origin,
  });
  if (walk.visited.includes(iface)) return [{ ...here, disposition: 'loop', ...pathOf(entered) }];
  if (!iface.up) return [{ ...here, disposition: 'denied-in', ...pathOf(entered) }];
  const rewrite = rewriteOf(iface, 'in');
  const onward: Walk = {
    ...entered,
    visited: [...entered.visited, iface],
    ...(rewrite === undefined ? {} : { rewrite }),
  };
  return cross(onward, node, iface, 'in').flatMap(({ permits, walk: crossed }) =>
    permits ? forward(crossed, node, iface) : [{ ...here, disposition: 'denied-in' as const, ...pathOf(crossed) }],
  );
}

function forward(walk: Walk, node: Node, ingress: Interface): Fate[] {
  const fib = node.fibs.get(ingress.vrf) as Fib;
  const { routes, certain } = routesFor(fib, walk.flow.dst);
  const reroute = ingress.uncertainties.find((uncertainty) => uncertainty.effect === 'may-reroute');
  const fates: Fate[] = [];
  if (reroute !== undefined && routes[0]?.action.kind !== 'receive') {
    const rerouted = step(assume(walk, reroute), {
      device: node.device.name,
      step: 'route',
      name: ingress.name,
      action: 'may be routed otherwise',
      origin: reroute.origin,
    });
    for (const disposition of ['leaves', 'null-routed'] as const) {
      fates.push({ device: node.device.name, disposition, ...pathOf(rerouted) });
    }
  }
  for (const route of routes) fates.push(...follow(walk, node, ingress, route));
  if (!certain) {
    const lost = step(walk, { device: node.device.name, step: 'route', name: fib.vrf, action: 'has no route' });
    fates.push({ device: node.device.name, disposition: 'no-route', ...pathOf(lost) });
  }
  return fates;
}

/** Takes a step, if there is one left. */
function mayStep({ steps }: Walk): boolean {
  if (steps.left >= 0) steps.left -= 1;
  return steps.left >= 0;
}

/** Where the steps are spent, the packet may leave, and need not. */
function cutShort(walk: Walk, node: Node): Fate[] {
  const path = pathOf(assume(walk, { words: CUT_SHORT_WORDS }));
  const device = node.device.name;
  return [
    { device, disposition: 'leaves', ...path },
    { device, disposition: 'no-route', ...path },
  ];
}

function follow(walk: Walk, node: Node, ingress: Interface, route: FibEntry): Fate[] {
  if (!mayStep(walk)) return cutShort(walk, node);
  const device = node.device.name;
  const words = route.uncertain ?? route.assumption;
  const [line] = route.origins;
  const assumption = words === undefined ? undefined : { words, ...(line === undefined ? {} : { origin: line }) };
  const routed = step(assumption === undefined ? walk : assume(walk, assumption), {
    device,
    step: 'route',
    name: routeName(route),
    action: route.action.kind === 'discard' ? 'routed nowhere' : 'routed',
    ...(line === undefined ? {} : { origin: line }),
  });
  switch (route.action.kind) {
    case 'receive':
      return [{ device, disposition: 'accepted', iface: route.action.iface, ...pathOf(routed) }];
    case 'discard':
      return [{ device, disposition: 'null-routed', ...pathOf(routed) }];
    case 'connected': {
      const { iface } = route.action;
      return leave(routed, node, iface, (out) => [
        {
          device,
          disposition: 'delivered',
          iface,
          ...pathOf(
            step(out, { device, step: 'deliver', name: iface.name, action: 'delivered', origin: iface.origin }),
          ),
        },
      ]);
    }
    case 'either':
      return waysOut(route.action, ingress).flatMap((hop) => send(routed, node, hop));
    case 'forward':
      return allHappen(route.action.nextHops.map((hop) => send(routed, node, hop)));
  }
}

/**
 * Equal-cost paths all happen, so a packet gets through if it does on one of them: it fails only
 * where every path may fail, and then as the first path has it.
 */
function allHappen(paths: readonly (readonly Fate[])[]): Fate[] {
  const passing = paths.flat().filter((fate) => passes(fate.disposition));
  const failing = paths.map((fates) => fates.filter((fate) => !passes(fate.disposition)));
  return failing.every((fates) => fates.length > 0) ? [...passing, ...(failing[0] ?? [])] : passing;
}

/** Out of an interface to a next hop: on into the neighbour that owns it, or away. */
function send(walk: Walk, node: Node, hop: NextHop): Fate[] {
  if (!mayStep(walk)) return cutShort(walk, node);
  const device = node.device.name;
  const { iface, gateway } = hop;
  const away = (out: Walk): Fate[] => [
    {
      device,
      disposition: 'leaves',
      ...(iface === undefined ? {} : { iface }),
      ...(gateway === undefined ? {} : { nextHop: gateway }),
      ...pathOf(
        step(out, {
          device,
          step: 'leave',
          name: iface?.name ?? 'an interface that is not named',
          action: gateway === undefined ? 'leaves' : `leaves to ${formatIp(gateway)}`,
          ...(iface === undefined ? {} : { origin: iface.origin }),
        }),
      ),
    },
  ];
  if (iface === undefined) return away(walk);
  return leave(walk, node, iface, (out) => {
    if (out.rewritten?.fields.includes('dst') === true) return redirected(out, away);
    const neighbours = gateway === undefined ? [] : neighboursAt(out.network, node, iface, gateway);
    return neighbours.length === 0 ? away(out) : neighbours.flatMap((place) => enter(out, place.node, place.iface));
  });
}

/** With another destination, the packet may end elsewhere. */
function redirected(walk: Walk, away: (walk: Walk) => Fate[]): Fate[] {
  const left = away(walk.rewritten === undefined ? walk : assume(walk, walk.rewritten.by));
  return [...left, ...left.map((fate) => ({ ...fate, disposition: 'no-route' as const }))];
}

/** Out of an interface, past its filters; from here on addresses may have been rewritten. */
function leave(before: Walk, node: Node, egress: Interface, then: (walk: Walk) => Fate[]): Fate[] {
  const rewriting = before.rewrite === undefined ? undefined : rewriteOf(egress, 'out');
  const fields = [...(before.rewritten?.fields ?? []), ...(rewriting?.fields ?? [])];
  const by = rewriting ?? before.rewritten?.by;
  const walk: Walk = by === undefined ? before : { ...before, rewritten: { fields, by } };
  return cross(walk, node, egress, 'out').flatMap(({ permits, walk: crossed }) =>
    permits
      ? then(crossed)
      : [{ device: node.device.name, disposition: 'denied-out' as const, iface: egress, ...pathOf(crossed) }],
  );
}

/** Every answer that an interface's checks in one direction may give. */
function cross(walk: Walk, node: Node, iface: Interface, direction: 'in' | 'out'): { permits: boolean; walk: Walk }[] {
  let answers: { permits: boolean; walk: Walk }[] = [{ permits: true, walk }];
  const ask = (question: (walk: Walk) => Answer[]): void => {
    answers = answers.flatMap((answer) =>
      answer.permits
        ? question(answer.walk).map(({ permits, hop, assumption }) => {
            const told = assumption === undefined ? answer.walk : assume(answer.walk, assumption);
            return { permits, walk: hop === undefined ? told : step(told, hop) };
          })
        : [answer],
    );
  };
  if (direction === 'in') ask((at) => reversePath(at, node, iface));
  for (const filter of iface.filters) {
    if (filter.direction === direction) ask((at) => applyFilter(at, node, iface, filter));
  }
  for (const uncertainty of iface.uncertainties) {
    if (uncertainty.effect !== 'may-drop') continue;
    if (uncertainty.direction !== 'both' && uncertainty.direction !== direction) continue;
    const { words, origin } = uncertainty;
    const hop: Hop = {
      device: node.device.name,
      step: direction === 'in' ? 'filter-in' : 'filter-out',
      name: iface.name,
      action: 'may be dropped',
      origin,
    };
    ask(() => [
      { permits: true, assumption: { words, origin } },
      { permits: false, hop },
    ]);
  }
  return answers;
}

function reversePath(walk: Walk, node: Node, iface: Interface): Answer[] {
  const check = iface.reversePath;
  if (check === undefined || iface.addresses.some(({ prefix }) => prefixContains(prefix, walk.flow.src))) {
    return [{ permits: true }];
  }
  const hop: Hop = {
    device: node.device.name,
    step: 'filter-in',
    name: iface.name,
    action: 'may fail the reverse-path check',
    origin: check.origin,
  };
  return [
    { permits: true, assumption: { words: reversePathWords(node.device, iface), origin: check.origin } },
    { permits: false, hop },
  ];
}

/** What an applied filter answers. On a device that does not route, it sees only what is addressed to it. */
function applyFilter(walk: Walk, node: Node, iface: Interface, filter: AppliedFilter): Answer[] {
  const answers = applyLists(walk, node, iface, filter);
  if (node.device.routes || answers.every((answer) => answer.permits)) return answers;
  return [...answers, { permits: true, assumption: { words: switchesOnlyWords(node.device) } }];
}

/**
 * First match wins. An entry that may or may not match answers, and so do those behind it, up to
 * the first that surely matches. A list that is not defined, or is empty, permits.
 */
function applyLists(walk: Walk, node: Node, iface: Interface, filter: AppliedFilter): Answer[] {
  const { device } = node;
  const rewriting = walk.rewritten;
  const answers: Answer[] = [];
  const lists = filter.names
    .map((name) => device.acls.get(name))
    .filter((acl) => acl !== undefined && acl.entries.count > 0);
  const base = {
    device: device.name,
    step: filter.direction === 'in' ? ('filter-in' as const) : ('filter-out' as const),
  };
  if (lists.length === 0) {
    const defined = filter.names.some((name) => device.acls.has(name));
    const action = defined ? 'permitted: the list is empty' : 'permitted: the list is not defined';
    return [{ permits: true, hop: { ...base, name: filter.names.join(' '), action, origin: filter.origin } }];
  }
  for (const [at, acl] of lists.entries()) {
    if (acl === undefined) continue;
    const { entries } = acl;
    // Where nothing was rewritten, the entries whose addresses do not hold are passed over.
    const next = (from: number): number =>
      rewriting === undefined ? entries.nextHolding(from, walk.flow.src, walk.flow.dst) : from;
    for (let index = next(0); index < entries.count; index = next(index + 1)) {
      const last = at === lists.length - 1;
      if (entries.isImplicit(index) && !last) continue;
      const touched = holds(entries, index, walk.flow, rewriting?.fields);
      if (touched === 'no') continue;
      const { origin, action, undecidable, implicit } = entries.aceAt(index);
      const entry: FilterEntry = {
        device: device.name,
        iface: iface.name,
        direction: filter.direction,
        acl: acl.name,
        index,
      };
      const hop = (permits: boolean): Hop => ({
        ...base,
        name: acl.name,
        action: `${permits ? 'permitted' : 'denied'} by ${implicit ? 'the implicit deny' : `"${origin.label}"`}`,
        origin,
        entry,
      });
      const doubt = undecidable ?? (action === 'unknown' ? `"${origin.label}" was not understood` : undefined);
      const assumption = doubt ?? (touched === 'maybe' ? rewriting?.by.words : undefined);
      const told = assumption === undefined ? {} : { assumption: { words: `${acl.name}: ${assumption}`, origin } };
      if (action !== 'deny') answers.push({ permits: true, hop: hop(true), ...told });
      if (action !== 'permit') answers.push({ permits: false, hop: hop(false), ...told });
      if (touched === 'yes' && doubt === undefined) return answers;
    }
  }
  return answers;
}

/** Whether an entry holds for the packet as the filter sees it: with its fields perhaps rewritten, it may. */
function holds(
  entries: AceTable,
  index: number,
  flow: Flow,
  rewritten: readonly RewrittenField[] | undefined,
): 'yes' | 'no' | 'maybe' {
  const match = entries.matchAt(index);
  if (rewritten !== undefined) return matchesApartFrom(match, flow, rewritten);
  return matches(match, flow) ? 'yes' : 'no';
}

function rewriteOf(iface: Interface, direction: 'in' | 'out'): Uncertainty | undefined {
  return iface.uncertainties.find(
    (uncertainty) =>
      uncertainty.effect === 'may-rewrite' && (uncertainty.direction === direction || uncertainty.direction === 'both'),
  );
}

function step(walk: Walk, hop: Hop): Walk {
  return { ...walk, hops: [...walk.hops, hop] };
}

function assume(walk: Walk, { words, origin }: Assumption): Walk {
  if (walk.assumptions.some((one) => one.words === words)) return walk;
  return { ...walk, assumptions: [...walk.assumptions, origin === undefined ? { words } : { words, origin }] };
}

function pathOf(walk: Walk): { readonly hops: readonly Hop[]; readonly assumptions: readonly Assumption[] } {
  return { hops: walk.hops, assumptions: walk.assumptions };
}
