import type { Device, Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { Hook, Policy, Rules } from '../model/policy.js';

/** The policies of a hook in the order in which they run, and which of them are about one interface. */
interface HookPolicies {
  readonly all: readonly Policy[];
  /** Positions of those that are about all interfaces, or about more than names can tell. */
  readonly wide: readonly number[];
  /** Positions of those that are about interfaces of these names alone. */
  readonly byName: ReadonlyMap<string, readonly number[]>;
}

const ordered = new WeakMap<Device, Map<Hook, HookPolicies>>();

/**
 * The policies of a hook in the order in which they run. Those that are plainly about other interfaces
 * than the one that a packet has come in by, or is about to go out by, are left out: a switch has some for
 * each of its VLANs.
 */
export function policiesAt(
  device: Device,
  hook: Hook,
  ingress: Interface,
  egress: Interface | 'unknown' | 'none',
): readonly Policy[] {
  const { all, wide, byName } = hookPolicies(device, hook);
  const iface = hook === 'prerouting' ? ingress : egress;
  if (byName.size === 0 || iface === 'unknown') return all;
  const named = iface === 'none' ? [] : [iface.name, ...iface.aliases].flatMap((name) => byName.get(name) ?? []);
  return [...new Set([...wide, ...named])].sort((a, b) => a - b).map((at) => all[at] as Policy);
}

function hookPolicies(device: Device, hook: Hook): HookPolicies {
  const hooks = keptIn(ordered, device, () => new Map());
  let known = hooks.get(hook);
  if (known === undefined) {
    known = orderPolicies(device, hook);
    hooks.set(hook, known);
  }
  return known;
}

function orderPolicies(device: Device, hook: Hook): HookPolicies {
  const all = (device.policies ?? []).filter((policy) => policy.hook === hook).sort((a, b) => a.priority - b.priority);
  const wide: number[] = [];
  const byName = new Map<string, number[]>();
  for (const [at, policy] of all.entries()) {
    const names = namesOf(policy);
    if (names === undefined) wide.push(at);
    for (const name of names ?? []) {
      const there = byName.get(name);
      if (there === undefined) byName.set(name, [at]);
      else there.push(at);
    }
  }
  return { all, wide, byName };
}

/** The names of the interfaces that a policy is about; undefined: it may be about others, too. */
function namesOf({ hook, when }: Policy): readonly string[] | undefined {
  const side = hook === 'prerouting' ? 'in' : 'out';
  for (const test of when ?? []) {
    if (test.kind === side && !test.negated && !test.names.some((name) => name.endsWith('*'))) return test.names;
  }
  return undefined;
}

const known = new WeakMap<Policy, ReadonlyMap<string, Uint32Array>>();

/**
 * Numbers the rules of a policy in the order in which a packet may meet them first, by chain and by
 * position in it; the place behind a chain's last rule has a number too.
 */
export function chainOrder(device: Device, policy: Policy): ReadonlyMap<string, Uint32Array> {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const order = new Map<string, Uint32Array>();
  const calls: { readonly rules: Rules; readonly numbers: Uint32Array; readonly leadsOn: boolean; at: number }[] = [];
  const enter = (key: string): void => {
    const chain = order.has(key) ? undefined : device.chains?.get(key);
    if (chain === undefined) return;
    const { rules } = chain;
    const numbers = new Uint32Array(rules.length + 1);
    order.set(key, numbers);
    const leadsOn = rules.acts === undefined || rules.acts.has('jump') || rules.acts.has('goto');
    calls.push({ rules, numbers, leadsOn, at: 0 });
  };
  enter(policy.chain);
  let next = 0;
  while (calls.length > 0) {
    const call = calls[calls.length - 1] as (typeof calls)[number];
    call.numbers[call.at] = next;
    next += 1;
    const action = call.leadsOn ? call.rules.at(call.at)?.action : undefined;
    call.at += 1;
    if (call.at === call.numbers.length) calls.pop();
    if (action?.kind === 'jump' || action?.kind === 'goto') enter(action.chain);
  }
  known.set(policy, order);
  return order;
}
