import type { Crossing, Node } from '../../dataplane/network.js';
import type { Interface, Uncertainty } from '../../model/device.js';
import { prefixContains } from '../../net/prefix.js';
import type { Assumption, Fate, Hop } from '../disposition.js';
import { reversePathWords, switchWords } from '../words.js';
import { askFilter, type ListAnswer } from './lists.js';
import { entering, withField } from './packet.js';
import { askPolicies } from './policies.js';
import { assume, end, step, type Told, type Walk } from './walk.js';

/** Past what a device asks on the way in and on the way out; where it sends the packet is not asked here. */

/** Past the checks of the interface and what runs before the routing decision. */
export function comeIn(
  walk: Walk,
  node: Node,
  iface: Interface,
  goesOn: boolean,
  then: (walk: Walk) => Fate[],
): Fate[] {
  const device = node.device.name;
  const { flow, blurred } = walk.packet;
  const entered = step(walk, { device, step: 'enter', name: iface.name, action: 'enters', origin: iface.origin });
  if (!iface.up || !goesOn) return [end(entered, { device, disposition: 'denied-in', iface })];
  const rewrite = rewriteOf(iface, 'in');
  const { rewrite: _, ...rest } = entered;
  const onward: Walk = {
    ...rest,
    packet: entering(flow, blurred),
    ingress: iface,
    ...(rewrite === undefined ? {} : { rewrite }),
  };
  return ends(cross(onward, node, iface, 'in'), node, 'denied-in', iface, (crossed) =>
    ends(askPolicies(crossed, node, 'prerouting', 'none'), node, 'denied-policy', iface, then),
  );
}

/** Goes on with what was permitted; what was not has its end here. */
function ends(
  answers: readonly Told[],
  node: Node,
  disposition: 'denied-in' | 'denied-out' | 'denied-policy',
  iface: Interface | undefined,
  then: (walk: Walk) => Fate[],
): Fate[] {
  const here = { device: node.device.name, disposition, ...(iface === undefined ? {} : { iface }) };
  return answers.flatMap(({ permits, walk }) => (permits ? then(walk) : [end(walk, here)]));
}

export function accepted(walk: Walk, node: Node, iface: Interface): Fate {
  const device = node.device.name;
  const hop: Hop = { device, step: 'accept', name: iface.name, action: 'takes it for itself' };
  return end(step(walk, hop), { device, disposition: 'accepted', iface });
}

/** Past what lies on a wire. */
export function passWire(walk: Walk, crossings: readonly Crossing[], then: (walk: Walk) => Fate[]): Fate[] {
  const [crossing, ...others] = crossings;
  if (crossing === undefined) return then(walk);
  if (crossing.kind === 'switch') return passSwitch(walk, crossing, (past) => passWire(past, others, then));
  const { node, ingress, egress } = crossing;
  return comeIn(walk, node, ingress, egress.up, (passed) =>
    passed.packet.toSelf
      ? [accepted(passed, node, ingress)]
      : goOut(passed, node, egress, (out) => passWire(out, others, then)),
  );
}

/** Past a switch that the packet may cross, and need not: it goes on either way, and may be stopped where it crosses. */
function passSwitch(walk: Walk, crossing: Crossing & { kind: 'switch' }, then: (walk: Walk) => Fate[]): Fate[] {
  const { node, iface, hooks } = crossing;
  const { device } = node;
  const { flow, blurred } = walk.packet;
  const met: Walk = { ...walk, packet: entering(flow, blurred), ingress: iface };
  const hop: Hop = { device: device.name, step: 'enter', name: iface.name, action: 'enters', origin: iface.origin };
  let answers: Told[] = [{ permits: true, walk: step(met, hop) }];
  for (const hook of hooks) {
    const egress = hook === 'postrouting' ? iface : 'none';
    answers = answers.flatMap((one) => (one.permits ? askPolicies(one.walk, node, hook, egress) : [one]));
  }
  const denied = answers.filter(({ permits }) => !permits);
  if (denied.length === 0) return then(walk);
  const doubt: Assumption = { words: switchWords(device, iface), origin: iface.origin };
  return [
    ...then(assume(walk, doubt)),
    ...denied.map((one) => end(assume(one.walk, doubt), { device: device.name, disposition: 'denied-policy', iface })),
  ];
}

/** Through the device's policies, then out of an interface and past its filters. */
export function goOut(walk: Walk, node: Node, egress: Interface | undefined, then: (walk: Walk) => Fate[]): Fate[] {
  const out = egress ?? 'unknown';
  return ends(askPolicies(walk, node, 'forward', out), node, 'denied-policy', egress, (forwarded) =>
    ends(askPolicies(forwarded, node, 'postrouting', out), node, 'denied-policy', egress, (passed) =>
      egress === undefined ? then(passed) : leave(passed, node, egress, then),
    ),
  );
}

/** Out of an interface, past its filters; from here on addresses may have been rewritten. */
function leave(before: Walk, node: Node, egress: Interface, then: (walk: Walk) => Fate[]): Fate[] {
  const rewriting = before.rewrite === undefined ? undefined : rewriteOf(egress, 'out');
  const fields = rewriting?.fields ?? [];
  const walk: Walk =
    rewriting === undefined || fields.length === 0
      ? before
      : {
          ...before,
          packet: fields.reduce((packet, field) => withField(packet, field, ANYTHING[field]), before.packet),
          blurredBy: rewriting,
          redirected: before.redirected || fields.includes('dst'),
        };
  return ends(cross(walk, node, egress, 'out'), node, 'denied-out', egress, then);
}

const ANYTHING = {
  src: { first: 0, last: 0xffffffff },
  dst: { first: 0, last: 0xffffffff },
  srcPort: { first: 0, last: 65_535 },
  dstPort: { first: 0, last: 65_535 },
};

/** Every answer that an interface's checks in one direction may give. */
function cross(walk: Walk, node: Node, iface: Interface, direction: 'in' | 'out'): Told[] {
  let answers: Told[] = [{ permits: true, walk }];
  const ask = (question: (walk: Walk) => ListAnswer[]): void => {
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
    if (filter.direction === direction) ask((at) => askFilter(at.packet, node, iface, filter, at.blurredBy));
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

function reversePath(walk: Walk, node: Node, iface: Interface): ListAnswer[] {
  const check = iface.reversePath;
  if (check === undefined || isOnLink(iface, walk)) {
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

function rewriteOf(iface: Interface, direction: 'in' | 'out'): Uncertainty | undefined {
  return iface.uncertainties.find(
    (uncertainty) =>
      uncertainty.effect === 'may-rewrite' && (uncertainty.direction === direction || uncertainty.direction === 'both'),
  );
}

/** Whatever source the packet may have, it is of a host on the interface's link. */
function isOnLink(iface: Interface, { packet }: Walk): boolean {
  const { first, last } = packet.blurred.src ?? { first: packet.flow.src, last: packet.flow.src };
  return iface.addresses.some(({ prefix }) => prefixContains(prefix, first) && prefixContains(prefix, last));
}
